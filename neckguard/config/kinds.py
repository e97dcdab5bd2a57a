"""The types settings are made of. Nothing is coerced: a number is a number, a switch is true or false.

A validator's message is the whole sentence a person reads: the value, and what is allowed.
"""

import math
import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import core_schema

from neckguard.config.defaults import BY_NAME
from neckguard.config.words import did_you_mean, listed, show
from neckguard.core import EXAMPLES, format_span, parse_span
from neckguard.texts import LONGEST_MESSAGE, LONGEST_TITLE
from neckguard.value import value

NEVER = math.inf  # `reset_after = "never"`

# What `parse_span` reads, largest unit first; editors check with it while one types.
PATTERN = r"^([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,8}(\.[0-9]{1,3})?s)?$"
_LONG_UNIT = re.compile(r"\s+|(?<=[dhms])[a-z]+", re.ASCII)
_DECIMAL = re.compile(r"([0-9]{1,6})[.,]([0-9]{1,3})([dhms])", re.ASCII)  # "1.5h"
_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_BARE_NUMBER = re.compile(r"\s*([0-9]{1,6})\s*", re.ASCII)


@value
class Span:
    """Marks a setting (`Annotated[float, Span(…)]`) as a span of `least` to `most` seconds, both included."""

    least: float
    most: float
    never: bool = False  # the word "never" is allowed too

    def read(self, value: object) -> float:
        """Seconds; `NEVER` for "never".

        Raises:
            ValueError: it is no such span; the message says what is allowed.
        """
        if self.never and value == "never":
            return NEVER
        try:
            seconds = read_span(value)
        except ValueError as error:
            raise ValueError(f'{error}, or "never"' if self.never else str(error)) from None
        if not self.least <= seconds <= self.most:
            size = "short" if seconds < self.least else "long"
            raise ValueError(f"{show(value)} is too {size}; allowed: {self.allowed}")
        return seconds

    @property
    def allowed(self) -> str:
        """The range in words."""
        span = f'"{format_span(self.least)}" to "{format_span(self.most)}"'
        return f'{span} or "never"' if self.never else span

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: Any) -> dict[str, Any]:
        pattern = f"{PATTERN}|^never$" if self.never else PATTERN
        return {"type": "string", "pattern": pattern, "minLength": 2}


def read_span(value: object) -> float:
    """Seconds in a span as the settings file spells it.

    Raises:
        ValueError: it is none; the message says what to write.
    """
    if isinstance(value, str):
        try:
            return parse_span(value)
        except ValueError:
            raise ValueError(_hint(value)) from None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf:
        raise ValueError(_lacks_unit(show(value), f"{value:.6g}"))
    raise ValueError(f"{show(value)} is not a span of time; write {EXAMPLES}")


def _hint(text: str) -> str:
    bare = _BARE_NUMBER.fullmatch(text)
    if bare:
        return _lacks_unit(show(text), bare[1])
    tidy = _LONG_UNIT.sub("", text.lower())
    decimal = _DECIMAL.fullmatch(tidy)
    if decimal:
        tidy = format_span(float(f"{decimal[1]}.{decimal[2]}") * _SECONDS[decimal[3]])
    try:
        parse_span(tidy)
    except ValueError:
        return f"{show(text)} is not a span of time; write {EXAMPLES}"
    return f'{show(text)} is not a span of time; did you mean "{tidy}"?'


def _lacks_unit(shown: str, amount: str) -> str:
    example = amount if _BARE_NUMBER.fullmatch(amount) else "20"
    return f'{shown} has no unit; write "{example}m" for minutes or "{example}s" for seconds'


SECOND, MINUTE, HOUR, DAY = 1.0, 60.0, 3600.0, 86400.0

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_A_DAY = f"({'|'.join(WEEKDAYS)})"
DAYS_PATTERN = f"^{_A_DAY}(-{_A_DAY})?$"
LANGUAGE_PATTERN = "^([a-z]{2,3}(_[A-Z]{2})?)?$"
TIME_PATTERN = r"^([01][0-9]|2[0-3]|\*):[0-5][0-9]$"

_TIME = re.compile(TIME_PATTERN, re.ASCII)
_LANGUAGE = re.compile(LANGUAGE_PATTERN, re.ASCII)
_LOOSE_HOURLY = re.compile(r"\*?\s*[:.]\s*([0-5]?[0-9])", re.ASCII)
_LOOSE_TIME = re.compile(r"([0-9]{1,2})(?:[:.h]([0-5][0-9]))?\s*(?:([ap])\.?m\.?)?", re.ASCII)
_NOON = 12


@value
class Choice:
    """Marks a setting as one of several words; `refused` explains tempting ones that are not allowed."""

    words: tuple[str, ...]
    refused: tuple[tuple[str, str], ...] = ()

    def read(self, value: object) -> str:
        """The word itself.

        Raises:
            ValueError: it is none of them.
        """
        if not isinstance(value, str):
            raise ValueError(f"{show(value)} is not allowed (allowed: {listed(self.words)})")  # noqa: TRY004 - for pydantic
        if value in self.words:
            return value
        reason = "".join(f"; {why}" for word, why in self.refused if word == value)
        hint = reason or did_you_mean(value, self.words)
        raise ValueError(f"{show(value)} is not allowed{hint} (allowed: {listed(self.words)})")

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: Any) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.words)}


@value
class Spelling:
    """Marks a string whose spelling `check` verifies; `pattern` says the same to editors."""

    check: Callable[[str], object]
    pattern: str

    def _read(self, value: str) -> str:
        self.check(value)
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._read, handler(source))

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: Any) -> dict[str, Any]:
        return {"type": "string", "pattern": self.pattern}


def read_days(text: str) -> list[int]:
    """The weekdays `mon` or `mon-fri` names, 0 for Monday; `sat-mon` goes on past Sunday.

    Raises:
        ValueError: it names none.
    """
    first, dash, last = text.partition("-")
    wrong = [word for word in (first, last if dash else first) if word not in WEEKDAYS]
    if wrong:
        hint = did_you_mean(wrong[0], WEEKDAYS)
        raise ValueError(f'{show(text)} is not a day{hint} (write "mon" to "sun", or a range like "mon-fri")')
    start = WEEKDAYS.index(first)
    count = (WEEKDAYS.index(last) - start) % 7 if dash else 0
    return [(start + step) % 7 for step in range(count + 1)]


def _check_time(text: str) -> None:
    if not _TIME.fullmatch(text):
        hourly = _LOOSE_HOURLY.fullmatch(text.strip())
        meant = f"*:{hourly[1]:0>2}" if hourly else loose_time(text)
        hint = f'; did you mean "{meant}"?' if meant else ""
        allowed = '"00:00" to "23:59", or "*:00" to "*:59" for each hour'
        raise ValueError(f"{show(text)} is not a time of day{hint} (write {allowed})")


def loose_time(text: str) -> str:
    """The time of day as it should be spelt that "9:30", "3:30pm" or "9" means; empty if it means none."""
    found = _LOOSE_TIME.fullmatch(text.strip().lower())
    if not found:
        return ""
    hour, minute, half = int(found[1]), found[2] or "00", found[3]
    if half and not 1 <= hour <= _NOON:
        return ""
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    return f"{hour:02}:{minute}" if hour < 2 * _NOON else ""


def _check_language(text: str) -> None:
    if not _LANGUAGE.fullmatch(text):
        raise ValueError(
            f'{show(text)} is not a language; write for example "de" or "pt_BR", or "" for the desktop\'s'
        )


def _check_text(text: str) -> str:
    if "\0" in text:
        raise ValueError(f"{show(text)} holds a NUL character; take it out")
    return text


def _not_empty(items: list[str]) -> list[str]:
    if not items:
        raise ValueError("[] names nothing; name at least one, or leave the key out")
    return items


def _no_repeats(items: list[str]) -> list[str]:
    repeated = sorted({item for item in items if items.count(item) > 1})
    if repeated:
        raise ValueError(f"{listed(map(show, repeated))} stands there twice; keep one")
    return items


def _is_command(items: list[str]) -> list[str]:
    if items and not items[0].strip():
        raise ValueError('the first word is the program to run; write for example ["notify-send", "Hello"]')
    return items


MOST_HOURS = 100
"""Keys of `[hours]`, and ranges under one of them."""
MOST_REMINDERS = 1000
"""Of a person's own. Ten times as many work, but take so many seconds to start."""


def _not_too_many(reminders: Any) -> Any:
    own = len(reminders.keys() - BY_NAME.keys()) if isinstance(reminders, dict) else 0
    if own > MOST_REMINDERS:
        raise ValueError(f"there are {own:,} reminders of your own; allowed: at most {MOST_REMINDERS:,}")
    return reminders


T = TypeVar("T")

Every = Annotated[float, Span(SECOND, 30 * DAY)]
Daily = Annotated[float, Span(SECOND, DAY)]
Duration = Annotated[float, Span(0, DAY)]  # 0s only for notes, see rules
Wait = Annotated[float, Span(SECOND, DAY)]
Pause = Annotated[float, Span(0, DAY)]  # a wait that may be none
ResetAfter = Annotated[float, Span(SECOND, 30 * DAY, never=True)]
Silence = Annotated[float, Span(SECOND, 365 * DAY)]
Keep = Annotated[float, Span(DAY, 36500 * DAY)]
HookTimeout = Annotated[float, Span(SECOND, 5 * MINUTE)]

KindWord = Annotated[str, Choice(("posture", "stretch", "break", "note"))]
PresenceSource = Annotated[str, Choice(("auto", "mutter", "wayland", "x11", "logind", "none"))]
Backend = Annotated[str, Choice(("auto", "dbus", "plyer", "console"))]
Urgency = Annotated[
    str,
    Choice(
        ("low", "normal"), (("critical", "reminders never break into do-not-disturb or stay until clicked"),)
    ),
]
TrayShow = Annotated[str, Choice(("auto", "never"))]
Level = Annotated[str, Choice(("debug", "info", "warning", "error"))]

Title = Annotated[str, Field(max_length=LONGEST_TITLE), AfterValidator(_check_text)]
Message = Annotated[str, Field(max_length=LONGEST_MESSAGE), AfterValidator(_check_text)]
Word = Annotated[str, Field(max_length=200), AfterValidator(_check_text)]  # such as an application's name
Words = Annotated[list[Word], Field(max_length=100)]
FilePath = Annotated[str, Field(max_length=4096), AfterValidator(_check_text)]  # PATH_MAX in limits.h
Argument = Annotated[str, Field(max_length=10_000), AfterValidator(_check_text)]
Command = Annotated[list[Argument], Field(max_length=100), AfterValidator(_is_command)]
Language = Annotated[str, Spelling(_check_language, LANGUAGE_PATTERN)]
TimeOfDay = Annotated[str, Spelling(_check_time, TIME_PATTERN)]
Times = Annotated[
    list[TimeOfDay], Field(max_length=100), AfterValidator(_not_empty), AfterValidator(_no_repeats)
]
Hours = Annotated[dict[str, Annotated[list[str], Field(max_length=MOST_HOURS)]], Field(max_length=MOST_HOURS)]
Day = Annotated[str, Spelling(read_days, DAYS_PATTERN)]
Days = Annotated[list[Day], Field(max_length=7), AfterValidator(_not_empty)]
Reminders = Annotated[dict[str, T], BeforeValidator(_not_too_many)]
