"""The duration type of the settings: a string with a unit, within a range."""

import math
import re
from dataclasses import dataclass
from typing import Any

from pydantic_core import core_schema

from neckguard.config.words import show
from neckguard.core import EXAMPLES, format_span, parse_span

NEVER = math.inf  # `reset_after = "never"`

# What `parse_span` reads, largest unit first; editors check with it while one types.
PATTERN = r"^([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,8}(\.[0-9]{1,3})?s)?$"
_LONG_UNIT = re.compile(r"\s+|(?<=[dhms])[a-z]+", re.ASCII)
_DECIMAL = re.compile(r"([0-9]{1,6})[.,]([0-9]{1,3})([dhms])", re.ASCII)  # "1.5h"
_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_BARE_NUMBER = re.compile(r"\s*([0-9]{1,6})\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
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
