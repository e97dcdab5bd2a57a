"""How the report says days, spans and counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from neckguard.core import say_hours

SIDES = {"left": "left", "right": "right", "both": "both sides"}

_DAY = 86400


def day(when: date) -> str:
    """`3 Apr 2026`: the month is a word, because 3/4 is two different days."""
    return f"{when.day} {when:%b %Y}"


def moment(when: datetime) -> str:
    """`Fri 3 Apr 2026, 14:05`."""
    return f"{when:%a} {day(when)}, {when:%H:%M}"


def period(first: date, last: date) -> str:
    """From a day to a day, both included."""
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def hours(seconds: float) -> str:
    """Time at the desk: `6 h 5 min`, or `none`."""
    return say_hours(seconds) if seconds else "none"


def length(seconds: float) -> str:
    """How long a flare-up lasted: `19 h`, `3 days`."""
    if seconds < _DAY:
        return say_hours(seconds)
    return number(round(seconds / _DAY), "day")


def sides(counts: Mapping[str, int]) -> str:
    """`12 left, 9 right`; nothing where there are none."""
    return ", ".join(f"{counts[side]:,} {name}" for side, name in SIDES.items() if side in counts)


def number(count: int, one: str) -> str:
    """`1 day`, `2,800 days`."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"
