"""What the history knows of some days: which there are, and what of its spans lies in them."""

import math
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from neckguard.stats.sitting_time import SpanTuple, day_start

_DAY = 86400
_FIRST = date(1970, 1, 1)

Lasted = tuple[str, str, float, float, int]
"""kind, reason, start, end, offset: a span that is over, or is cut where it must be."""


def recorded_days(spans: Iterable[SpanTuple], lived: float) -> list[date]:
    """The local days on which somebody was at the screen, oldest first.

    What still goes on is counted up to `lived`.
    """
    found: set[int] = set()  # days since 1970: ten years have many spans
    for kind, _reason, start, end, offset in spans:
        stop = lived if end is None else end
        if kind == "present" and stop > start:
            found.update(range(int((start + offset) // _DAY), math.ceil((stop + offset) / _DAY)))
    return [_FIRST + timedelta(days=number) for number in sorted(found)]


def within(spans: Iterable[SpanTuple], first: date, last: date, lived: float) -> Iterator[Lasted]:
    """What of the spans lies in these days, each by its own clock."""
    since, until = day_start(first), day_start(last + timedelta(days=1))
    for kind, reason, start, end, offset in spans:
        begin = max(start, since - offset)
        stop = min(lived if end is None else end, until - offset)
        if stop > begin:
            yield kind, reason, begin, stop, offset
