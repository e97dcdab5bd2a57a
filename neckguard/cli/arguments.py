"""The arguments of a verb: its parser, and what it makes of spans and moments."""

from __future__ import annotations

import os
import sys
from types import ModuleType

# argparse would look for translations of its words, and nobody made any: 2 ms at each start.
_gettext = ModuleType("gettext")
vars(_gettext).update(gettext=str, ngettext=lambda one, many, count: one if count == 1 else many)
_stands_in = sys.modules.setdefault("gettext", _gettext) is _gettext
import argparse  # noqa: E402 - see above

from neckguard.words import as_started, columns, fit  # noqa: E402 - see above

if _stands_in:
    del sys.modules["gettext"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn, TypeVar

    T = TypeVar("T")

_LONGEST = 60  # characters of what was said that a message repeats


def parser_of(verb: str, purpose: str) -> argparse.ArgumentParser:
    """The parser of a verb, to which its module adds the arguments."""
    parser = _Parser(
        prog=as_started(f"neckguard {verb}"),
        description=f"{purpose[:1].upper()}{purpose[1:]}.",
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    parser.set_defaults(verb=verb)
    return parser


def as_argument(understand: Callable[[str], T]) -> Callable[[str], T]:
    """What `understand` makes of a word; argparse keeps the message of its own error only."""

    def convert(text: str) -> T:
        try:
            return understand(text)
        except ValueError as error:
            # Whoever pasted a book does not want to read it again.
            told = str(error).replace(text, f"{text[:_LONGEST]}…") if len(text) > _LONGEST else str(error)
            raise argparse.ArgumentTypeError(told) from None

    return convert


@as_argument
def span(text: str) -> float:
    """A span of time, in seconds; a bare number is minutes."""
    from neckguard.control.arguments import check_span
    from neckguard.core import parse_person_span

    try:
        seconds = parse_person_span(text)
    except ValueError as error:
        hint = f"; did you mean --until {text}?" if ":" in text else ""
        raise ValueError(f"{error}{hint}") from None
    return check_span(seconds, text)


@as_argument
def until(text: str) -> str:
    """The moment a pause can end at."""
    from neckguard.core import clean_until

    return clean_until(text)


@as_argument
def reason(text: str) -> str:
    """Why there is a pause."""
    from neckguard.control.arguments import clean_reason

    return clean_reason(text)


class _Parser(argparse.ArgumentParser):
    """Speaks as the rest of the program: by the name it was started by, in lines that fit."""

    def format_help(self) -> str:
        return as_started(super().format_help())

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        super().exit(status, message and fit(as_started(message), sys.stderr))


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Knows its width beforehand: argparse would import shutil to find it, for every argument there is."""

    def __init__(self, prog: str) -> None:
        said = os.environ.get("COLUMNS", "")
        width = int(said) if said.isdecimal() else columns(sys.stdout) or 80
        super().__init__(prog, width=min(width, 100))
