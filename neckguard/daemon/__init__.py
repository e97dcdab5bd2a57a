"""The resident process: outside → events → engine → effects → outside."""

import sys

# asyncio imports ssl if it can: 4 MB of resident memory that a program without network never uses. None in
# the table of modules is how an import is forbidden.
sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]
