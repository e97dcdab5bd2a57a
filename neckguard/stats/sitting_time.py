"""Sitting time by day and hour, and how long it went on without a break.

Each span is cut at the full hours of the clock that was local when it began. So a change of the zone or of
summer time makes a day of 23 or 25 hours, and all days and all hours add up to the time that really passed.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from neckguard.stats.figures import Day, Period, Run, Sitting, local

SpanTuple = tuple[str, str, float, float | None, int]
"""kind, reason, start, end (None: it goes on), offset."""

BREAK = 240.0
"""An absence this long is a break: 80 % of five minutes. A shorter one is no sitting, and no break either."""
LONG = 60
"""Minutes, as they are told: who is up within half a minute of the hour has not sat for longer."""

_HOUR, _DAY = 3600, 86400
_EPOCH = date(1970, 1, 1).toordinal()
_THURSDAY = 3  # the weekday of 1970-01-01, Monday being 0


_Part = tuple[float, float, int]  # start, end, offset
_Joined = tuple[float, float, int, float, int]  # sitting, start and its offset, end and its offset


def measure(spans: Iterable[SpanTuple], period: Period) -> Sitting:
    """What the spans of presence come to; they are in the order of their starts."""
    parts = list(_present(spans, period))
    runs = list(_runs(parts))
    return _summary(_hours(parts), runs, period)


def day_start(day: date) -> float:
    """When the day begins on a clock that runs with UTC: what local instants, offset added, compare with."""
    return float(_number(day) * _DAY)


def bounds(period: Period) -> tuple[float, float]:
    """When the period begins and ends, as `day_start` tells it."""
    return day_start(period.first), day_start(period.last + timedelta(days=1)) if period.over else math.inf


def _present(spans: Iterable[SpanTuple], period: Period) -> Iterator[_Part]:
    """The parts of presence that are in the period."""
    (first, last), lived = bounds(period), period.lived
    for kind, _reason, start, end, offset in spans:
        if kind == "present":
            begin = max(start, first - offset)
            stop = min(lived if end is None else end, last - offset)
            if stop > begin:
                yield begin, stop, offset


def _hours(parts: Iterable[_Part]) -> dict[int, float]:
    """The seconds in each local hour, numbered from 1970."""
    hours: defaultdict[int, float] = defaultdict(float)
    for start, end, offset in parts:
        begin, stop = start + offset, end + offset
        hour = int(begin // _HOUR)
        edge = (hour + 1) * _HOUR
        while stop > edge:
            hours[hour] += edge - begin
            begin = edge
            hour, edge = hour + 1, edge + _HOUR
        hours[hour] += stop - begin
    return hours


def _runs(parts: Iterable[_Part]) -> Iterator[_Joined]:
    """What no break separates, joined."""
    sitting, first, first_offset, last, last_offset = 0.0, 0.0, 0, -math.inf, 0
    for start, end, offset in parts:
        if start - last >= BREAK:
            if sitting:
                yield sitting, first, first_offset, last, last_offset
            sitting, first, first_offset = 0.0, start, offset
        sitting += end - start
        last, last_offset = end, offset
    if sitting:
        yield sitting, first, first_offset, last, last_offset


def _longest(runs: Iterable[_Joined]) -> dict[int, Run]:
    """The longest run of each local day, numbered from 1970; of equal ones the first."""
    found: dict[int, _Joined] = {}
    for run in runs:
        day = int((run[1] + run[2]) // _DAY)
        if day not in found or run[0] > found[day][0]:
            found[day] = run
    return {
        day: Run(local(start, offset), local(end, end_offset), sitting)
        for day, (sitting, start, offset, end, end_offset) in found.items()
    }


def _long(runs: Iterable[_Joined]) -> Counter[int]:
    """How many runs over an hour began on each local day, numbered from 1970."""
    return Counter(
        int((start + offset) // _DAY) for sitting, start, offset, _, _ in runs if round(sitting / 60) > LONG
    )


def _summary(hours: dict[int, float], runs: list[_Joined], period: Period) -> Sitting:
    longest, long = _longest(runs), _long(runs)
    by_day: defaultdict[int, float] = defaultdict(float)
    heat = [[0.0] * 24 for _ in range(7)]
    for number, seconds in hours.items():
        day, hour = divmod(number, 24)
        by_day[day] += seconds
        heat[(day + _THURSDAY) % 7][hour] += seconds
    first = _number(period.first)
    # Who flew west may have sat on a date that has yet to come here.
    last = max(_number(period.last), *by_day, first)
    return Sitting(
        total=math.fsum(by_day.values()),
        longest=max(longest.values(), key=lambda run: run.sitting, default=None),
        days=tuple(
            Day(date.fromordinal(_EPOCH + day), by_day.get(day, 0.0), longest.get(day), long[day])
            for day in range(first, last + 1)
        ),
        heat=tuple(tuple(row) for row in heat),
    )


def _number(day: date) -> int:
    """The days since 1970-01-01."""
    return day.toordinal() - _EPOCH
