"""From the rows of the history to the figures. Rows are tuples in the order of their columns.

What the person said about their neck is told as it is: what it means is not for a program to say.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from statistics import mean

from neckguard.stats.figures import (
    OUTCOMES,
    PACKS,
    SIDES,
    CheckInNote,
    Dose,
    Figures,
    LoggedCheckIn,
    LoggedHurt,
    LoggedMovement,
    LoggedTurning,
    Period,
    Strength,
    Tally,
    Week,
    local,
)
from neckguard.stats.flares import EntryTuple, flares
from neckguard.stats.sitting_time import SpanTuple, bounds, measure
from neckguard.value import value

OutcomeTuple = tuple[str, str, str, str, float | None, float | None, float, int, str]
"""reminder, kind, item, side, due, shown, settled, offset, how."""

StrengthTuple = tuple[float, int]
"""settled, offset."""

Stretches = Mapping[str, tuple[str, str]]
"""The name and the area of each, by its id."""

EYES = "eyes"
"""The reminder, and the area, that is no stretch though the history calls it one."""

_OTHER = "other"  # the area of a stretch that the catalogue does not know: one's own, or of another version


def gather(
    period: Period,
    *,
    outcomes: Iterable[OutcomeTuple],
    spans: Iterable[SpanTuple],
    entries: Iterable[EntryTuple],
    stretches: Stretches,
) -> Figures:
    """The figures of the period.

    `spans` come oldest first and may begin before it, `entries` are all there are (a flare-up may have begun
    long ago), and `stretches` are those of the catalogue. Every row is judged by its own local day.
    """
    tallies, doses, movements = _count(outcomes, period, stretches)
    told = list(entries)
    said = [entry for entry in told if _within(entry[0] + entry[1], period)]
    checkins = tuple(_checkins(said))
    return Figures(
        sitting=measure(spans, period),
        tallies=tallies,
        doses=doses,
        movements=movements,
        checkins=checkins,
        notes=tuple(_notes(said)),
        weeks=_weeks(checkins),
        flares=flares(told, period),
        hurts=_hurts(said, stretches),
        packs=_packs(said),
        turnings=tuple(_turnings(said)),
    )


def counts_as(reminder: str, kind: str, item: str, stretches: Stretches) -> tuple[str, str]:
    """The reminder and the kind that a prompt counts as: an eye rest is one, whichever brought it."""
    rests_eyes = kind == "stretch" and (reminder == EYES or _area(item, stretches) == EYES)
    return (EYES, EYES) if rests_eyes else (reminder, kind)


def area_of(reminder: str, kind: str, item: str, stretches: Stretches) -> str:
    """The area that a prompt was for a stretch of; empty: it was for none."""
    _, counted = counts_as(reminder, kind, item, stretches)
    return _area(item, stretches) if counted == "stretch" else ""


def _area(item: str, stretches: Stretches) -> str:
    return stretches.get(item, ("", _OTHER))[1]


def _within(instant: float, period: Period) -> bool:
    """Whether a local instant, offset added, is in the period."""
    first, last = bounds(period)
    return first <= instant < last


def _count(
    rows: Iterable[OutcomeTuple], period: Period, stretches: Stretches
) -> tuple[tuple[Tally, ...], tuple[Dose, ...], tuple[LoggedMovement, ...]]:
    """The tallies by reminder; the stretches that were done by area, and singly, the most frequent first."""
    first, last = bounds(period)
    ended = Counter(
        (reminder, kind, how, item, side, shown is not None)
        for reminder, kind, item, side, _due, shown, settled, offset, how in rows
        if first <= settled + offset < last
    )
    counts: dict[tuple[str, str], Counter[str]] = {}
    shown_count: Counter[tuple[str, str]] = Counter()
    done: dict[str, Counter[str]] = {}
    singly: Counter[str] = Counter()
    for (reminder, kind, how, item, side, shown), number in ended.items():
        key = counts_as(reminder, kind, item, stretches)
        counts.setdefault(key, Counter())[how] += number
        shown_count[key] += number if shown else 0
        area = area_of(reminder, kind, item, stretches) if how == "done" else ""
        if area:
            done.setdefault(area, Counter())[side] += number
            singly[item] += number
    tallies = tuple(
        Tally(*key, shown_count[key], {how: counts[key][how] for how in OUTCOMES}) for key in sorted(counts)
    )
    doses = (
        Dose(area, sides.total(), {side: sides[side] for side in SIDES if sides[side]})
        for area, sides in done.items()
    )
    movements = (
        LoggedMovement(item, stretches[item][0], number)
        for item, number in singly.items()
        if item in stretches
    )
    return (
        tallies,
        tuple(sorted(doses, key=lambda dose: (-dose.done, dose.area))),
        tuple(sorted(movements, key=lambda each: (-each.done, each.name))),
    )


def _checkins(entries: Iterable[EntryTuple]) -> Iterator[LoggedCheckIn]:
    """Those that have a score, oldest first."""
    for at, offset, what, score, _detail, _note in entries:
        if what == "checkin" and score is not None:
            yield LoggedCheckIn(local(at, offset), score)


def _notes(entries: Iterable[EntryTuple]) -> Iterator[CheckInNote]:
    """What was written at the check-ins, with or without a score."""
    for at, offset, what, _score, _detail, note in entries:
        if what == "checkin" and note:
            yield CheckInNote(local(at, offset), note)


def _weeks(found: Iterable[LoggedCheckIn]) -> tuple[Week, ...]:
    """The mean of each week in which there was a check-in."""
    scores: dict[date, list[int]] = {}
    for each in found:
        day = each.at.date()
        scores.setdefault(day - timedelta(days=day.weekday()), []).append(each.score)
    return tuple(Week(monday, len(each), sum(each) / len(each)) for monday, each in sorted(scores.items()))


def _hurts(entries: Iterable[EntryTuple], stretches: Stretches) -> tuple[LoggedHurt, ...]:
    """Which stretches hurt, by name."""
    times: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    for at, offset, what, _score, stretch, _note in entries:
        if what == "hurt":
            times[stretch] += 1
            last[stretch] = local(at, offset)
    names = {stretch: name for stretch, (name, _area) in stretches.items()}
    found = (LoggedHurt(names.get(each, each), count, last[each]) for each, count in times.items())
    return tuple(sorted(found, key=lambda hurt: (-hurt.times, hurt.name)))


def gather_strength(done: Iterable[StrengthTuple], entries: Iterable[EntryTuple]) -> Strength | None:
    """How it stands with the strength exercise that was `done`; None: it was not."""
    days = {local(at, offset).date() for at, offset in done}
    noted = [(band, count) for _at, _offset, what, count, band, _note in entries if what == "strength"]
    band, repetitions = noted[-1] if noted else ("", None)
    return Strength(len(days), max(days), band, repetitions) if days else None


def _packs(entries: Iterable[EntryTuple]) -> dict[str, int]:
    """How often which pack was put on."""
    met = Counter(detail for _at, _offset, what, _score, detail, _note in entries if what == "timer_start")
    return {pack: met[pack] for pack in PACKS if met[pack]}


def _turnings(entries: Iterable[EntryTuple]) -> Iterator[LoggedTurning]:
    """What was said of turning the head, oldest first."""
    for at, offset, what, _score, detail, _note in entries:
        _before, _turning, said = detail.rpartition("turning ")
        if what == "checkin" and said in ("yes", "no"):
            yield LoggedTurning(local(at, offset), said == "yes")


@value
class DayRow:
    """One local day, in the order of the columns. Spans in minutes; None: nobody said."""

    date: date
    sitting_minutes: float
    longest_minutes: float  # of the sittings that began on the day
    over_60: int
    prompts: int  # shown
    breaks: int  # done when a prompt asked
    natural_breaks: int
    stretches: int  # done
    postures: int  # done
    checkins: int
    pain: float | None  # the mean of the check-ins
    hurts: int
    packs: int
    flare_up: int  # 1 on the days of one


def by_day(
    period: Period,
    *,
    outcomes: Iterable[OutcomeTuple],
    spans: Iterable[SpanTuple],
    entries: Iterable[EntryTuple],
    stretches: Stretches,
) -> Iterator[DayRow]:
    """Every day of the period, oldest first; the rows are as for `gather`."""
    counts = _counts(outcomes, stretches)
    said = list(entries)
    figures = gather(period, outcomes=(), spans=spans, entries=said, stretches=stretches)
    for at, offset, what, *_ in said:
        counts[local(at, offset).date()][what] += 1
    scores: defaultdict[date, list[int]] = defaultdict(list)
    for each in figures.checkins:
        scores[each.at.date()].append(each.score)
    for day in figures.sitting.days:
        found, pain = counts[day.date], scores[day.date]
        yield DayRow(
            day.date,
            round(day.sitting / 60, 1),
            round(day.longest.sitting / 60, 1) if day.longest else 0.0,
            day.long,
            found["shown"],
            found["break done"],
            found["break natural_break"],
            found["stretch done"],
            found["posture done"],
            len(pain),
            round(mean(pain), 2) if pain else None,
            found["hurt"],
            found["timer_start"],
            int(_flaring(day.date, figures)),
        )


def _counts(outcomes: Iterable[OutcomeTuple], stretches: Stretches) -> defaultdict[date, Counter[str]]:
    """How many prompts were shown on each local day, and how those of each kind ended."""
    counts: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for reminder, kind, item, _side, _due, shown, settled, offset, how in outcomes:
        found = counts[local(settled, offset).date()]
        found["shown"] += shown is not None
        _, counted = counts_as(reminder, kind, item, stretches)
        found[f"{counted} {how}"] += 1
    return counts


def _flaring(day: date, figures: Figures) -> bool:
    return any(
        flare.start.date() <= day and (flare.end is None or day <= flare.end.date())
        for flare in figures.flares
    )
