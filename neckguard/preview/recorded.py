"""What the history knows of some days: which there are, and what of its spans lies in them."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from neckguard.stats.figures import local
from neckguard.stats.sitting import Span, day_start

Lasted = tuple[str, str, float, float, int]
"""kind, reason, start, end, offset: a span that is over, or is cut where it must be."""


def recorded_days(spans: Iterable[Span], lived: float) -> list[date]:
    """The local days on which somebody was at the screen, oldest first.

    What still goes on is counted up to `lived`.
    """
    found: set[date] = set()
    for kind, _reason, start, end, offset in spans:
        stop = lived if end is None else end
        if kind == "present" and stop > start:
            day, last = local(start, offset).date(), local(stop, offset).date()
            if day_start(last) == stop + offset:
                last -= timedelta(days=1)  # it ended at midnight
            while day <= last:
                found.add(day)
                day += timedelta(days=1)
    return sorted(found)


def within(spans: Iterable[Span], first: date, last: date, lived: float) -> Iterator[Lasted]:
    """What of the spans lies in these days, each by its own clock."""
    since, until = day_start(first), day_start(last + timedelta(days=1))
    for kind, reason, start, end, offset in spans:
        begin = max(start, since - offset)
        stop = min(lived if end is None else end, until - offset)
        if stop > begin:
            yield kind, reason, begin, stop, offset
