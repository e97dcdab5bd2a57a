"""Spans and moments as people write them: `45s`, `20m`, `1h30m`; `14:30`, `tomorrow`."""

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


DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS_AHEAD = ("tomorrow", *DAY_NAMES)
"""Days that a pause may last until."""
_EXAMPLES = '14:30, tomorrow, monday, "2026-12-01 09:00" or resumed'
_SHORTEST_DAY = 3  # letters
_PAST_EXAMPLES = '08:30, "yesterday 22:00" or "2026-11-30 08:30"'
_TIME = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)"
_DAY = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def clean_until(text: str) -> str:
    """The one spelling of it: `HH:MM`, `YYYY-MM-DD HH:MM`, `tomorrow`, a weekday in full or `resumed`.

    Raises:
        ValueError: the text is none of these; the message says what is.
    """
    words = text.strip().lower()
    if words in ("tomorrow", "resumed"):
        return words
    short = len(words) >= _SHORTEST_DAY
    weekday = next((day for day in DAY_NAMES if short and day.startswith(words)), "")
    return weekday or _clean(words, text, _EXAMPLES)


def clean_past(text: str) -> str:
    """The one spelling of it: `HH:MM`, `yesterday HH:MM` or `YYYY-MM-DD HH:MM`.

    Raises:
        ValueError: the text is none of these; the message says what is.
    """
    first, *rest = text.lower().split(maxsplit=1) or [""]
    if first == "yesterday" and rest and not re.match(_DAY, rest[0]):
        return f"yesterday {_clean(rest[0].rstrip(), text, _PAST_EXAMPLES)}"
    return _clean(text.strip().lower(), text, _PAST_EXAMPLES)


def _clean(words: str, said: str, examples: str) -> str:
    # Compiled only where a moment is named.
    found = re.fullmatch(rf"(?:{_DAY}[t ] *)?{_TIME}", words, re.ASCII)
    if not found:
        raise ValueError(f"{said!r} is not a time; write {examples}")
    clock = f"{int(found['hour']):02}:{found['minute']}"
    if not found["year"]:
        return clock
    if not _on_calendar(int(found["year"]), int(found["month"]), int(found["day"])):
        raise ValueError(f"{said!r} is not on the calendar; write {examples}")
    return f"{found['year']}-{found['month']}-{found['day']} {clock}"


def _on_calendar(year: int, month: int, day: int) -> bool:
    """Whether there is such a day. `datetime` would cost the client more than all the rest."""
    if not (year and 1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1]):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return leap or (month, day) != (2, 29)
