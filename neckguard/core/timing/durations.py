"""Spans of time as people write them: `45s`, `20m`, `1h30m`, `365d`."""

import re

_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_SPAN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d{1,3})?)s)?", re.ASCII)
_BARE = re.compile(r"\d+(?:\.\d{1,3})?", re.ASCII)
EXAMPLES = '"45s", "20m" or "1h30m"'


def parse_span(text: str) -> float:
    """Seconds in a span with units, largest first (`1h30m`).

    Raises:
        ValueError: the text is not such a span; the message says what is.
    """
    found = _SPAN.fullmatch(text.strip())
    if not found or not any(found.groups()):
        raise ValueError(f"{text!r} is not a span of time; write {EXAMPLES}")
    return sum(
        float(number) * unit for number, unit in zip(found.groups(), _UNITS.values(), strict=True) if number
    )


def parse_person_span(text: str) -> float:
    """Seconds in a span from the command line, where a bare number is minutes.

    Raises:
        ValueError: the text is neither; the message says what is.
    """
    if _BARE.fullmatch(text.strip()):
        return float(text) * _UNITS["m"]
    return parse_span(text)


def format_span(seconds: float) -> str:
    """The shortest exact spelling that `parse_span` reads back; milliseconds are the finest."""
    left = round(seconds, 3)
    parts = []
    for unit, size in _UNITS.items():
        count = int(left // size) if unit != "s" else left
        if count:
            parts.append(f"{count:g}{unit}" if unit != "s" else f"{round(left, 3):.15g}s")
        left -= int(left // size) * size if unit != "s" else 0
    return "".join(parts) or "0s"


def say_span(seconds: float) -> str:
    """A span for people: at most two units, rounded (`1 h 5 min`, `45 s`)."""
    hours = round(max(0.0, seconds) / 60) // 60
    return f"{round(hours / 24)} days" if hours >= 48 else say_hours(seconds)  # noqa: PLR2004 - two days


def say_hours(seconds: float) -> str:
    """The same in hours and minutes, however long: for sums of time."""
    whole = round(max(0.0, seconds))
    if whole < 60:  # noqa: PLR2004 - a minute
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        rest = whole % 60
        return f"{whole // 60} min {rest} s" if whole < 300 and rest else f"{minutes} min"  # noqa: PLR2004
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
