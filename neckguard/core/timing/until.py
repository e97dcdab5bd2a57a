"""Moments as people write them: when a pause ends, when something was. Imports little: the client uses it."""

import re

_EXAMPLES = '14:30, tomorrow, "2026-12-01 09:00" or resumed'
_PAST_EXAMPLES = '08:30, "yesterday 22:00" or "2026-11-30 08:30"'
_TIME = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)"
_DAY = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def clean_until(text: str) -> str:
    """The one spelling of it: `HH:MM`, `YYYY-MM-DD HH:MM`, `tomorrow` or `resumed`.

    Raises:
        ValueError: the text is none of these; the message says what is.
    """
    words = text.strip().lower()
    return words if words in ("tomorrow", "resumed") else _clean(words, text, _EXAMPLES)


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
