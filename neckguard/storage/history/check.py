"""Whether a history is whole: `python -m neckguard.storage.history.check FILE`, a child that takes its time.

A page that went bad is found by reading it; many are read only when `stats` looks far back. Prints what is
broken, or nothing.
"""

import os
import sqlite3
import sys
from contextlib import closing, suppress
from pathlib import Path

from neckguard.storage.history.tables import is_damage

_LOWEST = 19  # of all programs this one can wait longest


def broken(path: str) -> str:
    """What is broken, in a line; empty: nothing.

    Raises:
        sqlite3.Error: that cannot be told now.
    """
    try:
        with closing(sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        said = str(error)
    return "" if said == "ok" else " ".join(said.removeprefix("*** in database main ***").split())


def main(path: str) -> int:
    """Answer on stdout; 1 if there is no answer."""
    with suppress(OSError):  # a service may not be allowed to be nice
        os.nice(_LOWEST)
    try:
        sys.stdout.write(broken(path))
    except sqlite3.Error as error:
        sys.stderr.write(f"{path}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
