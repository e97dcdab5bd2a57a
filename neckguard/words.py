"""Words for people: the program by a name they can type, and lines that fit their terminal.

Imports little: the client starts with this, and the daemon keeps it.
"""

from __future__ import annotations

import os
import re
import sys

from neckguard.paths import APP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

WIDEST = 80  # longer lines are hard to read
_NARROWEST = 20

VERBS = (
    "status why pause resume now start done snooze skip hurt stretch posture checkin flare stats report"
    " export history config reload preview doctor service bar completion run"
)
"""What follows the name of the program where a text tells how to call it."""
# Not where it has been filled in already.
_CALL = rf"(?<![\w./-])(?<!-m ){APP} (?=(?:VERB|--help|--version|{VERBS.replace(' ', '|')})\b)"


def as_started(text: str) -> str:
    """The text, in which `neckguard pause` and the like have become what can be typed here."""
    if f"{APP} " not in text or (name := program()) == APP:
        return text
    return re.sub(_CALL, lambda _: f"{name} ", text)


def program() -> str:
    """What to type to run this program: its name where that is found, else what it was started by."""
    # The latter is on the PATH of people, though not of every service [file-hierarchy(7)].
    for place in (*os.get_exec_path(), os.path.expanduser("~/.local/bin")):
        candidate = os.path.join(place, APP)
        if os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return APP
    called = sys.argv[0]
    if os.path.basename(called) == APP:
        return _typed(called)
    if called.endswith(os.path.join(APP, "__main__.py")):
        return f"{_typed(sys.orig_argv[0])} -m {APP}"
    return APP


def columns(stream: TextIO | None) -> int:
    """How wide the terminal is that the stream leads to; 0: it leads to none, or to one that does not say."""
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream and stream.isatty() else 0
    except (OSError, ValueError):  # closed, or replaced by something without a file
        return 0


def fit(text: str, stream: TextIO | None) -> str:
    """The text in lines that fit the terminal of the stream; where there is none, as it is."""
    wide = columns(stream)
    return wrap(text, min(wide, WIDEST)) if wide else text


def wrap(text: str, wide: int) -> str:
    """The text in lines of at most so many columns, each indented as the one it continues."""
    return "\n".join(_wrap_line(line, max(_NARROWEST, wide)) for line in text.split("\n"))


def _wrap_line(line: str, wide: int) -> str:
    if len(line) <= wide:
        return line
    import textwrap

    indent = line[: len(line) - len(line.lstrip())]
    # A path or an address that is too long for any line stays whole, so that it can be copied.
    return textwrap.fill(line, wide, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)


def _typed(path: str) -> str:
    """The path as a shell takes it, from the home directory if it lies there."""
    home = os.path.expanduser("~/")
    short = f"~/{path.removeprefix(home)}" if path.startswith(home) else path
    if re.fullmatch(r"[\w@%+=:,./~-]+", short):
        return short
    from shlex import quote

    return quote(path)
