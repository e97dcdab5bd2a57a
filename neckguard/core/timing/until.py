"""The moments a pause can end at, as people write them. Imports little: the client uses it."""

import re

_EXAMPLES = '14:30, tomorrow, "2026-12-01 09:00" or resumed'
_TIME = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)"
_DAY = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def clean_until(text: str) -> str:
    """The one spelling of it: `HH:MM`, `YYYY-MM-DD HH:MM`, `tomorrow` or `resumed`.

    Raises:
        ValueError: the text is none of these; the message says what is.
    """
    words = text.strip().lower()
    if words in ("tomorrow", "resumed"):
        return words
    # Compiled only where a pause has an end.
    found = re.fullmatch(rf"(?:{_DAY}[t ] *)?{_TIME}", words, re.ASCII)
    if not found:
        raise ValueError(f"{text!r} is not a time; write {_EXAMPLES}")
    clock = f"{int(found['hour']):02}:{found['minute']}"
    if not found["year"]:
        return clock
    if not _on_calendar(int(found["year"]), int(found["month"]), int(found["day"])):
        raise ValueError(f"{text!r} is not on the calendar; write {_EXAMPLES}")
    return f"{found['year']}-{found['month']}-{found['day']} {clock}"


def _on_calendar(year: int, month: int, day: int) -> bool:
    """Whether there is such a day. `datetime` would cost the client more than all the rest."""
    if not (year and 1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1]):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return leap or (month, day) != (2, 29)
