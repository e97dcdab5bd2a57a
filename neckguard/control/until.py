"""The moments a pause can end at, as the person and the protocol write them."""

import re
import time

EXAMPLES = '14:30, tomorrow, "2026-12-01 09:00" or resumed'
_TIME = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)"
_DAY = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"


def clean_until(text: str) -> str:
    """The one spelling of it: `HH:MM`, `YYYY-MM-DD HH:MM`, `tomorrow` or `resumed`.

    Raises:
        ValueError: the text is none of these; the message says what is.
    """
    words = text.strip()
    if words in ("tomorrow", "resumed"):
        return words
    found = re.fullmatch(
        rf"(?:{_DAY}[T ] *)?{_TIME}", words, re.ASCII
    )  # compiled only where a pause has an end
    if not found:
        raise ValueError(f"{text!r} is no moment to pause until; write {EXAMPLES}")
    clock = f"{int(found['hour']):02}:{found['minute']}"
    if not found["year"]:
        return clock
    if not _on_calendar(int(found["year"]), int(found["month"]), int(found["day"])):
        raise ValueError(f"{text!r} is not on the calendar; write {EXAMPLES}")
    return f"{found['year']}-{found['month']}-{found['day']} {clock}"


def _on_calendar(year: int, month: int, day: int) -> bool:
    """Whether there is such a day. Asks libc: `datetime` would cost the client more than all the rest."""
    try:
        noon = time.mktime((year, month, day, 12, 0, 0, 0, 0, -1))
        return time.localtime(noon)[:3] == (year, month, day)
    except (OverflowError, ValueError, OSError):
        return False
