"""Sitting: by day, at a stretch, and when."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import mean

from neckguard.report import charts, words
from neckguard.report.markup import Markup
from neckguard.report.parts import Head, Row, key, section, table
from neckguard.report.subject import Subject
from neckguard.stats.figures import Day, Run

_HOURS = 24


def by_day(subject: Subject) -> Markup:
    """How long they sat each day; where a bar is several days, their mean."""
    title, about = "Sitting per day", "The time at the screen."
    heads = [Head("Day"), Head("Sitting")]
    several = subject.axis.unit != "day"
    if several:
        about = (
            f"The time at the screen on a day: for each {subject.axis.unit} the mean of the days with any."
        )
        heads = [Head(subject.axis.unit.capitalize()), Head("Sitting"), Head("Days with any"), Head("Mean")]
    values, rows = [], []
    for bucket, days in subject.by_bucket():
        sat = [day.sitting for day in days if day.sitting]
        typical = mean(sat) if sat else 0.0
        values.append(charts.Column(bucket, typical, f"{bucket.name}: {words.hours(typical)}"))
        rest = (len(sat), words.hours(typical)) if several else ()
        rows.append((bucket.name, words.hours(sum(sat)), *rest))
    picture = charts.columns("sitting", title, about, subject.axis, values)
    return section(title, about, picture, table(title, heads, rows))


def longest(subject: Subject) -> Markup:
    """The longest sitting of each day."""
    unit = subject.axis.unit
    title = "Longest sitting without a break"
    about = (
        f"The longest that began in each {unit}. Away for 4 minutes is a break; shorter ones are neither"
        " breaks nor counted as sitting."
    )
    values, rows = [], []
    for bucket, days in subject.by_bucket():
        run = longest_of(days)
        said = words.hours(run.sitting if run else 0)
        values.append(charts.Column(bucket, run.sitting if run else 0, f"{bucket.name}: {said}"))
        rows.append((bucket.name, said, _began(run, unit)))
    picture = charts.columns("longest", title, about, subject.axis, values)
    heads = (Head(unit.capitalize()), Head("Longest"), Head("It began", words=True))
    return section(title, about, picture, table(title, heads, rows))


def when(subject: Subject) -> Markup:
    """At which hours of which days of the week they sit."""
    title = "When you sit"
    about = "The minutes of each hour at the screen: the mean over all Mondays, all Tuesdays, and so on."
    heat = _minutes(subject)
    heads = (Head("Day"), *(Head(f"{hour:02}") for hour in range(_HOURS)))
    rows: list[Row] = [(day, *map(round, row)) for day, row in zip(charts.WEEKDAYS, heat, strict=True)]
    return section(
        title,
        about,
        (charts.heat_map("heat", title, about, heat), key(charts.SHADES.items())),
        table("Minutes at the screen, by weekday and hour", heads, rows),
    )


def longest_of(days: Iterable[Day]) -> Run | None:
    """The longest sitting that began on one of the days."""
    return max((day.longest for day in days if day.longest), key=lambda run: run.sitting, default=None)


def _began(run: Run | None, unit: str) -> str:
    if run is None:
        return ""
    return f"{run.start:%H:%M}" if unit == "day" else words.moment(run.start)


def _minutes(subject: Subject) -> tuple[tuple[float, ...], ...]:
    """By weekday and hour."""
    often = subject.axis.weekdays()
    return tuple(
        tuple(seconds / 60 / max(1, often[weekday]) for seconds in row)
        for weekday, row in enumerate(subject.figures.sitting.heat)
    )
