"""What each argument of a command may be, whichever takes it. Imports little: the client asks here too."""

from __future__ import annotations

import re

from neckguard.texts import LONGEST_NOTE, LONGEST_REASON, NAME, clean, one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LONGEST_SPAN = 366 * 86400.0  # seconds; no pause or snooze is longer
WORST_PAIN = 10  # 0 is none
MOST_LOST_DAYS = 365
MOST_REPETITIONS = 999
_MAX_BAND = 60  # characters
_MAX_UNTIL = 200
_MAX_RED_FLAGS = 32
_LONGEST_QUOTE = 80


def check(name: str, value: Any) -> Any:
    """The value as the engine takes it.

    Raises:
        ValueError: the argument of this name cannot be that; the message says what it can be.
    """
    return _CHECKS[name](value)


def check_span(seconds: Any, said: object) -> float:
    """A span a person may ask for, in seconds; they `said` it so.

    Raises:
        ValueError: it is none, or too short or too long; the message says what is allowed.
    """
    if type(seconds) not in (int, float):
        raise ValueError(f"{_quoted(said)} is not a number of seconds")
    if not 1 <= seconds <= LONGEST_SPAN:  # also turns away NaN
        raise ValueError(f"{_quoted(said)} is not between 1s and {LONGEST_SPAN / 86400:.0f}d")
    return float(seconds)


def clean_note(text: str) -> str:
    """The note in one line that may be sent.

    Raises:
        ValueError: it is too long; the message says so.
    """
    try:
        return _line(one_line(text), "note", LONGEST_NOTE)
    except ValueError as error:
        raise ValueError(f"That is too long: {error}. Once more, shorter:") from None


def clean_reason(text: str) -> str:
    """The reason of a pause in one line that may be sent.

    Raises:
        ValueError: it is too long; the message says so.
    """
    return _line(one_line(text), "reason", LONGEST_REASON)


def _until(value: Any) -> str:
    from neckguard.core import clean_until  # a moment is seldom named

    if not isinstance(value, str) or len(value) > _MAX_UNTIL:
        raise ValueError("until is a moment, such as 14:30")
    return clean_until(value)


def _at(value: Any) -> str:
    from neckguard.core import clean_past

    if not isinstance(value, str) or len(value) > _MAX_UNTIL:
        raise ValueError("at is a moment, such as 08:30")
    return clean_past(value)


def _id(value: Any, pattern: str, what: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
        raise ValueError(f"{_quoted(value)} is not {what}")
    return value


def _line(value: Any, what: str, most: int) -> str:
    if not isinstance(value, str) or clean(value) != value or not {"\n", "\t"}.isdisjoint(value):
        raise ValueError(f"a {what} is one line of text, without control characters")
    if len(value) > most:
        raise ValueError(f"a {what} has at most {most:,} characters, and this one {len(value):,}")
    return value


def _count(value: Any, what: str, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:  # True is no number of anything
        raise ValueError(f"{what} a whole number from 0 to {most}")
    return value


def _one_of(value: Any, what: str, *choices: str) -> str:
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"a {what} is one of {', '.join(choices)}")
    return value


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("a switch is true or false")  # noqa: TRY004 - one error for all misfits
    return value


def _red_flags(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > _MAX_RED_FLAGS:
        raise ValueError(f"flags are a list of at most {_MAX_RED_FLAGS} ids")
    flags = tuple(
        _id(each, "[a-z-]{1,64}", "the id of a line of the checklist, such as weakness") for each in value
    )
    if len(set(flags)) < len(flags):
        raise ValueError("each flag is named once")
    return flags


def _quoted(value: object) -> str:
    """A stranger's value, short and harmless enough to be put into a message."""
    if isinstance(value, list | dict):
        return "a list or an object"  # perhaps too deep to be printed
    spelt = ascii(value)
    return spelt if len(spelt) <= _LONGEST_QUOTE else f"{spelt[:_LONGEST_QUOTE]}…"


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "already": _switch,
    "at": _at,
    "band": lambda value: _line(value, "band", _MAX_BAND),
    "duration": lambda value: check_span(value, value),
    "elsewhere": _switch,
    "flags": _red_flags,
    "id": lambda value: _id(value, "[a-z][a-z0-9-]{0,63}", "the id of a stretch, such as chin-tuck"),
    "kind": lambda value: _one_of(value, "kind", "cold", "heat"),
    "looked": _switch,
    "lost_days": lambda value: _count(value, "lost days are", MOST_LOST_DAYS),
    "note": lambda value: _line(value, "note", LONGEST_NOTE),
    "reason": lambda value: _line(value, "reason", LONGEST_REASON),
    "reminder": lambda value: _id(value, NAME, "the name of a reminder, such as posture"),
    "repetitions": lambda value: _count(value, "repetitions are", MOST_REPETITIONS),
    "score": lambda value: _count(value, "pain is", WORST_PAIN),
    "severity": lambda value: _count(value, "severity is", WORST_PAIN),
    "side": lambda value: _one_of(value, "side", "left", "right", "both"),
    "toggle": _switch,
    "turning": _switch,
    "until": _until,
}
