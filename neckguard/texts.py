"""Text that is not ours, typed or told by other programs: how long it may be, and what of it is shown.

Whatever leaves for a person goes through `clean` where it leaves: the streams of the program (`CleanStream`),
the control socket, notifications, hooks, the report. So no title can command a terminal, turn around what
stands beside it, or break a status bar. Imports little: the client starts with this.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TextIO

LONGEST_NAME = 64  # characters
LONGEST_TITLE = 200
LONGEST_MESSAGE = 2000
LONGEST_NOTE = 2000
LONGEST_REASON = 200
NAME = rf"[a-z][a-z0-9_]{{0,{LONGEST_NAME - 1}}}"
"""Of a reminder: what the settings take, and what a verb can name."""
_LONGEST_BRIEF = 80

# Control characters but tab and newline; what embeds, overrides or isolates a direction of writing
# (Unicode Standard Annex 9) and the deprecated ones beside it; line and paragraph separators; a byte order
# mark, interlinear annotations, noncharacters and lone surrogates. The marks U+200E, U+200F and U+061C turn
# nothing but themselves, and joiners belong to emoji, Persian and the scripts of India: they stay.
_UNFIT = (
    r"[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb"
    r"\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)

# What we have to say to a terminal stands in our own text as these, which nobody types: noncharacters are set
# aside for use within a program (Unicode Standard, 23.7).
PLAIN, BOLD, DIM, RED, GREEN, WARN, ALARM, BELL = map(chr, range(0xFDD0, 0xFDD8))
_COMMANDS = {
    PLAIN: "\x1b[0m",
    BOLD: "\x1b[1m",
    DIM: "\x1b[2m",
    RED: "\x1b[31m",
    GREEN: "\x1b[32m",
    WARN: "\x1b[33m",
    ALARM: "\x1b[1;31m",
    BELL: "\a",
}
_NONE: dict[str, str] = {}


def clean(text: str, commands: Mapping[str, str] = _NONE) -> str:
    """The text as it may be shown, with its lines; our own marks become these commands, or nothing."""
    if text.replace("\n", "").isprintable():  # as nearly all text is
        return text
    return re.sub(_UNFIT, lambda found: commands.get(found[0]) or _instead(found[0]), text)


def cleaned(value: Any) -> Any:
    """The same with all the text in it clean: a JSON value, or the arguments of a call."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {cleaned(key): cleaned(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(cleaned, value))
    return value


def one_line(text: str) -> str:
    """The text as it may be shown, in one line without gaps."""
    return " ".join(clean(text).split())


def brief(text: str, most: int = _LONGEST_BRIEF) -> str:
    """What another program says, or calls itself: it may be anything, at any length."""
    return one_line(text[:most])


class CleanStream:
    """A stream that nothing gets through but clean text and, where it is a terminal's, our own commands."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._commands = _COMMANDS if stream.isatty() else _NONE

    def write(self, text: str) -> int:
        """Write what of it may be shown."""
        return self._stream.write(clean(text, self._commands))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _instead(letter: str) -> str:
    """What stands in the place of what may not be shown."""
    if letter.isspace():  # it ends a line somewhere
        return " "
    return "\ufffd" if "\ud800" <= letter <= "\udfff" else ""  # a byte of no text is seen to be missing
