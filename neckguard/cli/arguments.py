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

from neckguard.texts import brief  # noqa: E402 - see above
from neckguard.words import as_started, columns, fit  # noqa: E402 - see above

if _stands_in:
    del sys.modules["gettext"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, NoReturn, TypeVar

    T = TypeVar("T")

ACTION = "action"
"""Where the arguments say which action of the verb was asked for."""
_LONGEST = 60  # characters of what was said that a message repeats


def parser_of(verb: str, purpose: str, add: Callable[[argparse.ArgumentParser], None]) -> Parser:
    """The parser of a verb, to which its module adds the arguments."""
    parser = Parser(
        prog=as_started(f"neckguard {verb}"),
        description=f"{purpose[:1].upper()}{purpose[1:]}.",
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    parser.set_defaults(verb=verb)
    add(parser)
    return parser


def add_actions(
    parser: argparse.ArgumentParser, actions: Iterable[tuple[str, str, str]], *, required: bool = True
) -> dict[str, argparse.ArgumentParser]:
    """Give a verb its actions, each with what it is for and an example; their parsers by name.

    Where one is required, the verb alone lists them, and is a usage error.
    """
    added = parser.add_subparsers(dest=ACTION, metavar="ACTION", required=required)
    return {
        name: added.add_parser(
            name,
            help=summary,
            description=f"{summary[:1].upper()}{summary[1:]}.",
            epilog=f"Example:\n  {example}",
            formatter_class=_Formatter,
            allow_abbrev=False,
        )
        for name, summary, example in actions
    }


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


class Parser(argparse.ArgumentParser):
    """Speaks as the rest of the program: by its name here, in lines that fit, guessing what was meant."""

    def takes(self) -> list[argparse.Action]:
        """All that it takes, in the order in which it was added."""
        return self._actions

    def parse_known_args(  # type: ignore[override]  # a namespace of another type is nobody's
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Each parser refuses what it does not know: the one above does not know the options here."""
        if not args and any(each.required and each.dest == ACTION for each in self._actions):
            self.exit(2, self.format_help())
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            from neckguard.cli.guess import did_you_mean

            guess = did_you_mean(unknown[0].partition("=")[0], self._option_string_actions)
            self.error(f"unrecognized arguments: {' '.join(unknown)}{guess}")
        return known, unknown

    def format_help(self) -> str:
        """The help, with the name it was started by."""
        return as_started(super().format_help())

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End, with a message in lines that fit."""
        super().exit(status, message and fit(as_started(message), sys.stderr))

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            from neckguard.cli.guess import did_you_mean

            said, known = brief(str(value)), [str(each) for each in action.choices]
            message = f"invalid choice: {said!r}{did_you_mean(said, known)} (choose from {', '.join(known)})"
            raise argparse.ArgumentError(action, message)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Knows its width beforehand: argparse would import shutil to find it, for every argument there is."""

    def __init__(self, prog: str) -> None:
        said = os.environ.get("COLUMNS", "")
        width = int(said) if said.isdecimal() else columns(sys.stdout) or 80
        super().__init__(prog, width=min(width, 100))
