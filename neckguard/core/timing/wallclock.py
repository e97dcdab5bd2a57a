"""Local wall time: instants of local times, weekly hours, `at` occurrences. Instants are POSIX seconds.

Local times that daylight saving skips or repeats resolve as the design says: in a gap the first valid
instant, in a fold the first occurrence.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from itertools import pairwise

from neckguard.core.plan import Opening
from neckguard.value import value

_NEARLY_A_YEAR = 300  # days; from there on a date needs its year
_NEAR_DAYS = 3  # most shifts are found there, in a fifth of the time
_SURELY_NEAR = 1.5 * 86400  # seconds; no opening that reaches so near begins or ends outside those days
_DAYS_AHEAD = 8  # a week and its last night
_KEPT = 11  # of what is dealt with: a date has one, and one more after a clock that was set


def at_instant(instant: float, like: datetime) -> datetime:
    """The wall time of an instant, in the zone of `like`."""
    return datetime.fromtimestamp(instant, like.tzinfo)


def instant_of(local: datetime, zone: tzinfo | None) -> float:
    """The instant of a naive local time."""
    late = local.replace(tzinfo=zone, fold=0).timestamp()
    if datetime.fromtimestamp(late, zone).replace(tzinfo=None, fold=0) == local:
        return late
    early = local.replace(tzinfo=zone, fold=1).timestamp()
    return _gap_end(early, late, zone)


def instant_after(after: float, local: datetime, zone: tzinfo | None) -> float:
    """The instant of a naive local time; where clocks go back it comes twice: one after `after`."""
    first = instant_of(local, zone)
    return first if first > after else max(first, local.replace(tzinfo=zone, fold=1).timestamp())


def _gap_end(early: float, late: float, zone: tzinfo | None) -> float:
    """The first second of the new offset; the change lies in (early, late]."""
    new_offset = datetime.fromtimestamp(late, zone).utcoffset()
    low, high = int(early), int(late)
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == new_offset:
            high = middle
        else:
            low = middle
    return float(high)


def say_when(when: datetime, now: datetime) -> str:
    """A wall time for people, as short as it is clear: `15:30`, `tomorrow 09:00`, `Tue 1 Dec 09:00`."""
    clock = f"{when:%H:%M}"
    days = (when.date() - now.date()).days
    if days == 0:
        return clock
    if days == 1:
        return f"tomorrow {clock}"
    year = "" if abs(days) < _NEARLY_A_YEAR else f" {when.year}"
    return f"{when:%a} {when.day} {when:%b}{year} {clock}"


# ---- [hours] -----------------------------------------------------------------------------------------------


@value
class Shift:
    """A time between two changes of `[hours]`: whether reminders may run, from when, until when."""

    open: bool
    since: float
    until: float  # infinite where nothing changes any more


ALWAYS = Shift(open=True, since=float("-inf"), until=float("inf"))


def shift_at(openings: tuple[Opening, ...], wall: datetime) -> Shift:
    """The shift the wall time lies in; without openings, always open."""
    if not openings:
        return ALWAYS
    near = _shift_within(openings, wall, _NEAR_DAYS)
    now = wall.timestamp()
    if now - _SURELY_NEAR < near.since and near.until < now + _SURELY_NEAR:
        return near
    return _shift_within(openings, wall, _DAYS_AHEAD)


def _shift_within(openings: tuple[Opening, ...], wall: datetime, days: int) -> Shift:
    """The shift as it looks from so many days before to so many days after."""
    now = wall.timestamp()
    spans = _merged(_open_spans(openings, wall, days))
    for start, end in spans:
        if start <= now < end:
            return Shift(open=True, since=start, until=end)
    edges = [float("-inf"), *(edge for span in spans for edge in span), float("inf")]
    since, until = next((low, high) for low, high in pairwise(edges) if low <= now < high)
    return Shift(open=False, since=since, until=until)


def first_opening(openings: tuple[Opening, ...], day: date, zone: tzinfo | None) -> float | None:
    """The instant at which the hours of a local date begin; None if it has none."""
    starts = [opening.start for opening in openings if opening.weekday == day.weekday()]
    return instant_of(_midnight(day) + timedelta(minutes=min(starts)), zone) if starts else None


def _open_spans(openings: tuple[Opening, ...], wall: datetime, days: int) -> Iterator[tuple[float, float]]:
    """Open spans from so many days ago to so many ahead, in order."""
    in_order = sorted(openings, key=lambda each: each.start)
    for ahead in range(-days, days):
        day = wall.date() + timedelta(days=ahead)
        for opening in in_order:
            if opening.weekday == day.weekday():
                start = instant_of(_midnight(day) + timedelta(minutes=opening.start), wall.tzinfo)
                end = instant_of(_midnight(day) + timedelta(minutes=opening.end), wall.tzinfo)
                yield start, end


def _merged(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:  # a gap can swallow an opening
            merged.append((start, end))
    return merged


# ---- at = ["12:30", "*:50"] --------------------------------------------------------------------------------

EACH_HOUR = "*"


@value
class Occurrence:
    """One time an `at` reminder falls due; `key` names it once and for all (local date and time)."""

    key: str
    instant: float
    hourly: bool = False  # it is one of each hour's


def occurrences_on(
    day: date, at: tuple[str, ...], days: tuple[int, ...], zone: tzinfo | None, handled: tuple[str, ...] = ()
) -> Iterator[Occurrence]:
    """What falls on a local date and is not dealt with, in order.

    An hour that daylight saving skips has no occurrence of its own; what was named by its hour has one.
    """
    if day.weekday() not in days:
        return
    for text, hourly in _times(at).items():
        key = f"{day} {text}"
        if is_dealt_with(key, handled):
            continue
        local = _midnight(day) + _since_midnight(text)
        instant = instant_of(local, zone)
        if not hourly or datetime.fromtimestamp(instant, zone).replace(tzinfo=None, fold=0) == local:
            yield Occurrence(key, instant, hourly)


@cache
def _times(at: tuple[str, ...]) -> dict[str, bool]:
    """The times of a day in order, and which of them are there because each hour has one."""
    hourly = {f"{hour:02}{time[1:]}": True for time in at if time.startswith(EACH_HOUR) for hour in range(24)}
    named = {time: False for time in at if not time.startswith(EACH_HOUR)}
    return dict(sorted((hourly | named).items()))


def deal_with(key: str, handled: tuple[str, ...]) -> tuple[str, ...]:
    """`handled` with one key more.

    Those met in a row on one date are kept as the first of them and the time of the last, so that a date with
    a time in each minute takes no more room than another: `2026-11-23 09:50 16:50`.
    """
    *others, last = handled or ("",)
    if last[:11] == key[:11] and last[-5:] < key[-5:]:
        return (*others, f"{last[:16]} {key[-5:]}")
    return (*handled[-_KEPT:], key)


def is_dealt_with(key: str, handled: tuple[str, ...]) -> bool:
    """Whether it is among them. A date alone is one of `daily`, which had no time."""
    return any(each[:16] <= key <= each[:11] + each[11:][-5:] for each in handled)


def next_occurrence(
    wall: datetime, at: tuple[str, ...], days: tuple[int, ...], handled: tuple[str, ...] = ()
) -> Occurrence | None:
    """The first occurrence after a wall time that is not dealt with; None if there is none within a week."""
    now = wall.timestamp()
    over = f"{wall:%Y-%m-%d 00:00 %H:%M}"  # spares the instants of a long morning
    for ahead in range(_DAYS_AHEAD):
        day = wall.date() + timedelta(days=ahead)
        for occurrence in occurrences_on(day, at, days, wall.tzinfo, (over, *handled)):
            if occurrence.instant > now:
                return occurrence
    return None


def midnights(wall: datetime) -> tuple[float, float]:
    """The instants at which the local date began, and the next one begins."""
    day, zone = _midnight(wall.date()), wall.tzinfo
    return instant_of(day, zone), instant_of(day + timedelta(days=1), zone)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _since_midnight(text: str) -> timedelta:
    hour, minute = text.split(":")
    return timedelta(hours=int(hour), minutes=int(minute))
