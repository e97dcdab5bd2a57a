"""From the rows of the history to the figures. Rows are tuples in the order of their columns.

What the person said about their neck is told as it is: what it means is not for a program to say.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from neckguard.stats.figures import (
    OUTCOMES,
    SIDES,
    CheckIn,
    CheckInNote,
    Dose,
    Figures,
    LoggedFlareUp,
    Period,
    Tally,
    Week,
    local,
)
from neckguard.stats.sitting_time import SpanTuple, day_start, measure

OutcomeTuple = tuple[str, str, str, str, float | None, float | None, float, int, str]
"""reminder, kind, item, side, due, shown, settled, offset, how."""

EntryTuple = tuple[float, int, str, int | None, str, str]
"""at, offset, what, score, detail, note."""

_OTHER = "other"  # the area of a stretch that the catalogue does not know: one's own, or of another version


def gather(
    period: Period,
    *,
    outcomes: Iterable[OutcomeTuple],
    spans: Iterable[SpanTuple],
    entries: Iterable[EntryTuple],
    areas: Mapping[str, str],
) -> Figures:
    """The figures of the period.

    `spans` come oldest first and may begin before it, `entries` are all there are (a flare-up may have begun
    long ago), and `areas` tells the area of each stretch. Every row is judged by its own local day.
    """
    tallies, doses = _count(outcomes, period, areas)
    said = list(entries)
    checkins = tuple(_checkins(said, period))
    return Figures(
        sitting=measure(spans, period),
        tallies=tallies,
        doses=doses,
        checkins=checkins,
        notes=tuple(_notes(said, period)),
        weeks=_weeks(checkins),
        flares=_flares(said, period),
    )


def _count(
    rows: Iterable[OutcomeTuple], period: Period, areas: Mapping[str, str]
) -> tuple[tuple[Tally, ...], tuple[Dose, ...]]:
    """The tallies by reminder, and the stretches that were done by area, the most frequent first."""
    first = day_start(period.first)
    ended = Counter(
        (reminder, kind, how, item, side, shown is not None)
        for reminder, kind, item, side, _due, shown, settled, offset, how in rows
        if settled + offset >= first
    )
    counts: dict[tuple[str, str], Counter[str]] = {}
    shown_count: Counter[tuple[str, str]] = Counter()
    done: dict[str, Counter[str]] = {}
    for (reminder, kind, how, item, side, shown), number in ended.items():
        counts.setdefault((reminder, kind), Counter())[how] += number
        shown_count[reminder, kind] += number if shown else 0
        if kind == "stretch" and how == "done":
            done.setdefault(areas.get(item, _OTHER), Counter())[side] += number
    tallies = tuple(
        Tally(*key, shown_count[key], {how: counts[key][how] for how in OUTCOMES}) for key in sorted(counts)
    )
    doses = (
        Dose(area, sides.total(), {side: sides[side] for side in SIDES if sides[side]})
        for area, sides in done.items()
    )
    return tallies, tuple(sorted(doses, key=lambda dose: (-dose.done, dose.area)))


def _checkins(entries: Iterable[EntryTuple], period: Period) -> Iterator[CheckIn]:
    """Those of the period that have a score, oldest first."""
    for at, offset, what, score, _detail, _note in entries:
        if what == "checkin" and score is not None and local(at, offset).date() >= period.first:
            yield CheckIn(local(at, offset), score)


def _notes(entries: Iterable[EntryTuple], period: Period) -> Iterator[CheckInNote]:
    """What was written at the check-ins of the period, with or without a score."""
    for at, offset, what, _score, _detail, note in entries:
        if what == "checkin" and note and local(at, offset).date() >= period.first:
            yield CheckInNote(local(at, offset), note)


def _weeks(found: Iterable[CheckIn]) -> tuple[Week, ...]:
    """The mean of each week in which there was a check-in."""
    scores: dict[date, list[int]] = {}
    for each in found:
        day = each.at.date()
        scores.setdefault(day - timedelta(days=day.weekday()), []).append(each.score)
    return tuple(Week(monday, len(each), sum(each) / len(each)) for monday, each in sorted(scores.items()))


def _flares(entries: Sequence[EntryTuple], period: Period) -> tuple[LoggedFlareUp, ...]:
    """Those that had not ended when the period began, oldest first."""
    found: list[LoggedFlareUp] = []
    begun: EntryTuple | None = None
    for entry in entries:
        if entry[2] == "flare_start":
            if begun:  # its end was not kept; the next one's start is the latest it can have been
                found.append(_flare(begun, (*entry[:4], "", ""), period))
            begun = entry
        elif entry[2] == "flare_end" and begun:
            found.append(_flare(begun, entry, period))
            begun = None
    if begun:
        found.append(_flare(begun, None, period))
    return tuple(flare for flare in found if flare.end is None or flare.end.date() >= period.first)


def _flare(start: EntryTuple, end: EntryTuple | None, period: Period) -> LoggedFlareUp:
    at, offset, _what, severity, side, _note = start
    return LoggedFlareUp(
        start=local(at, offset),
        end=None if end is None else local(end[0], end[1]),
        seconds=max(0.0, (period.now if end is None else end[0]) - at),
        severity=severity,
        side=side,
        ended="" if end is None else end[4],
    )
