"""A row of figures for each day, for spreadsheets."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from statistics import mean

from neckguard.stats.figures import Figures, Period, local
from neckguard.stats.gather import EntryTuple, OutcomeTuple, Stretches, area_of, gather, kind_of
from neckguard.stats.sitting_time import SpanTuple


@dataclass(frozen=True, slots=True)
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
        if kind != "stretch" or area_of(reminder, kind, item, stretches):
            found[f"{kind_of(reminder, kind)} {how}"] += 1
    return counts


def _flaring(day: date, figures: Figures) -> bool:
    return any(
        flare.start.date() <= day and (flare.end is None or day <= flare.end.date())
        for flare in figures.flares
    )
