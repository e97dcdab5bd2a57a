"""The resident process: outside → events → engine → effects → outside."""

import os
import sys
from importlib import import_module

from neckguard.later import put_off

# asyncio imports ssl if it can: 4 MB of resident memory that a program without network never uses. None in
# the table of modules is how an import is forbidden.
sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]

# What asyncio, dataclasses, schedule and traceback import and, as we use them, never or seldom need: 1.3 MB.
_PUT_OFF = (
    "asyncio.sslproto",
    "inspect",
    "locale",
    "random",
    "sysconfig",
    "textwrap",
    "tokenize",
    "traceback",
)


def _import_zoneinfo(folder: str = "/usr/share/zoneinfo") -> None:
    """Import it, told where the zones are: else it loads sysconfig, 0.1 MB, to hear of this very folder."""
    if "PYTHONTZPATH" in os.environ or not os.path.isdir(folder):
        return  # the person says where, or it is one of the rare systems that have them elsewhere
    os.environ["PYTHONTZPATH"] = folder
    import_module("zoneinfo")
    del os.environ["PYTHONTZPATH"]  # none of our children's business


for _name in _PUT_OFF:
    put_off(_name)
_import_zoneinfo()
