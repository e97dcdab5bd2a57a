"""The summary of the report: one page for whoever looks after the person.

Figures only; what they mean is not said.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean, median

from neckguard.report import words
from neckguard.report.html import Content, Markup, tag
from neckguard.report.sections import area, flare_table, pain_about, pain_chart
from neckguard.report.subject import Subject
from neckguard.stats.figures import CheckIn, Dose

_CHART = 170.0  # pixels
_MOST_FLARES = 6  # so that it stays one page


def summary(subject: Subject) -> Markup:
    """The facts, the pain over time, the flare-ups."""
    facts = tag("dl", (_fact(*each) for each in _facts(subject)))
    return tag("section", tag("h2", "Summary"), facts, _pain(subject), class_="first")


def _fact(name: str, value: Content, more: str = "") -> Markup:
    return tag("div", tag("dt", name), tag("dd", value, tag("small", more) if more else ""))


def _facts(subject: Subject) -> Iterator[tuple[str, Content, str]]:
    yield "Period", *_period(subject)
    yield "Sitting per day", *_per_day(subject)
    yield "Longest sitting", *_longest(subject)
    yield "Breaks taken", *_breaks(subject)
    yield "Stretches done", *_stretches(subject)
    yield "Check-ins", *_checkins(subject)
    yield "Flare-ups", *_flares(subject)


def _period(subject: Subject) -> tuple[str, str]:
    axis, asked = subject.axis, subject.asked
    value = f"{words.period(axis.first, axis.last)} ({words.number(axis.days, 'day')})"
    if axis == asked:
        return value, ""
    return value, f"The first of the {words.number(asked.days, 'day')} on record is {words.day(axis.first)}."


def _per_day(subject: Subject) -> tuple[str, str]:
    sat = [day.sitting for day in subject.figures.sitting.days if day.sitting]
    if not sat:
        return "none on record", ""
    value = f"median {words.hours(median(sat))}, mean {words.hours(mean(sat))}"
    return value, f"At the screen, over the {words.number(len(sat), 'day')} with any."


def _longest(subject: Subject) -> tuple[str, str]:
    run = subject.figures.sitting.longest
    if run is None:
        return "none on record", ""
    each = [day.longest.sitting for day in subject.figures.sitting.days if day.longest]
    typical = words.hours(median(each))
    more = f"Without a break of 4 minutes. The longest of each day has a median of {typical}."
    return f"{words.hours(run.sitting)}, from {words.moment(run.start)}", more


def _breaks(subject: Subject) -> tuple[str, str]:
    counts = subject.figures.counts("break")
    prompted, natural = counts["done"], counts["natural_break"]
    more = f"{prompted:,} when prompted, {natural:,} natural: away for long enough without being asked."
    return f"{prompted + natural:,}", more


def _stretches(subject: Subject) -> tuple[str, str]:
    doses = subject.figures.doses
    more = "; ".join(map(_dose, doses))
    return f"{sum(dose.done for dose in doses):,}", f"{more[:1].upper()}{more[1:]}." if more else ""


def _dose(dose: Dose) -> str:
    sides = ", ".join(f"{count:,} {side}" for side, count in dose.sides.items())
    return f"{area(dose)} {dose.done:,}{f' ({sides})' if sides else ''}"


def _checkins(subject: Subject) -> tuple[str, str]:
    found = subject.figures.checkins
    if not found:
        return "none", ""
    scores = [each.score for each in found]
    value = f"{len(found):,}, lowest {min(scores)}, highest {max(scores)} of 10"
    return value, f"First {_said(found[0])}, last {_said(found[-1])}. 0: no pain, 10: the worst."


def _said(checkin: CheckIn) -> str:
    return f"{checkin.score} ({words.day(checkin.at.date())})"


def _flares(subject: Subject) -> tuple[str, str]:
    count = len(subject.figures.flares)
    more = f"The last {_MOST_FLARES} are below." if count > _MOST_FLARES else ""
    return str(count) if count else "none", more


def _pain(subject: Subject) -> Iterator[Markup]:
    checkins, flares = subject.figures.checkins, subject.figures.flares
    if checkins or flares:
        about = tag("figcaption", pain_about(subject))
        yield tag("figure", about, pain_chart(subject, "summary-pain", _CHART))
    if flares:
        yield flare_table(flares[-_MOST_FLARES:])
