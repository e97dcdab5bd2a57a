"""Questions at a terminal, asked until they are understood. The answers may also be piped in."""

from __future__ import annotations

import sys

from neckguard.cli.terminal import say
from neckguard.errors import NeckguardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

_NONE = ("none", "no", "0")
_YES_NO = {"y": True, "yes": True, "n": False, "no": False}


class UsageError(NeckguardError):
    """Something was left out that nobody can be asked for."""

    exit_code = 2


def can_ask() -> bool:
    """Whether somebody sits at both ends of this terminal."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())


def ask_until(question: str, understand: Callable[[str], T], *, again: Callable[[], None] | None = None) -> T:
    """What `understand` makes of the answer; its ValueError is said, and the answer awaited again.

    `again`: says what must stay in view then.

    Raises:
        EOFError: no answer comes any more.
    """
    say(question)
    while True:
        said = _read()
        try:
            return understand(said)
        except ValueError as error:
            say(str(error))
            if again is not None:
                again()


def or_nothing(understand: Callable[[str], T]) -> Callable[[str], T | None]:
    """What `understand` makes of an answer, where a mere Enter says nothing."""
    return lambda said: understand(said) if said else None


def numbers(said: str, most: int, *, otherwise: str = '"none"') -> tuple[int, ...]:
    """The numbers from 1 to `most` that were named, in their order; none for "none", "no" or "0".

    Raises:
        ValueError: it is something else; the message says what was asked for.
    """
    if said.lower() in _NONE:
        return ()
    choices = {str(number): number for number in range(1, most + 1)}
    words = said.replace(",", " ").split()
    if not words or not choices.keys() >= set(words):
        raise ValueError(f'Numbers from 1 to {most}, such as "2 7"; or {otherwise}.')
    return tuple(sorted({choices[word] for word in words}))


def yes_or_no(said: str, *, otherwise: str = "") -> bool:
    """Whether it is a yes.

    Raises:
        ValueError: it is neither; the message says so.
    """
    if said.lower() not in _YES_NO:
        raise ValueError(f'"yes" or "no", please{otherwise}.')
    return _YES_NO[said.lower()]


def one_of(*choices: str) -> Callable[[str], str]:
    """What understands one of these words, or how it begins."""

    def understand(said: str) -> str:
        found = [each for each in choices if said and each.startswith(said.lower())]
        if not found:
            raise ValueError(f"{', '.join(choices[:-1])} or {choices[-1]}, please.")
        return found[0]

    return understand


def _read() -> str:
    if not sys.stdin:
        raise EOFError
    if not sys.stdin.isatty():
        return input().strip()
    try:
        return input("> ").strip()
    except EOFError:
        print()  # what is said next begins on a line of its own
        raise
