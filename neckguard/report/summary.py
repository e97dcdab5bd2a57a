"""The summary of the report: one page for whoever looks after the person.

Figures only; what they mean is not said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from statistics import mean, median

from neckguard.report import sections, words
from neckguard.report.document import document
from neckguard.report.html import Content, Head, Markup, nothing, table, tag
from neckguard.report.pain import flare_table, pain, pain_about, pain_chart, red_flags
from neckguard.report.sections import area
from neckguard.report.subject import Subject
from neckguard.stats.figures import CheckInNote, Dose, Figures, LoggedCheckIn
from neckguard.value import value

_CHART = 200.0  # pixels
_NONE, _NO_RECORD = "none", "none on record"
_PACKS = {"cold": "cold", "heat": "warm"}
_MOST_FLARES = 4  # so that it stays one page


def summary(subject: Subject) -> Markup:
    """The facts, the pain over time, the flare-ups."""
    return tag("section", tag("h2", "Summary"), tag("dl", _facts(subject)), _pain(subject), class_="first")


@value
class _Fact:
    """What is said of any period, and what more of this one; `rare`: left out where there is none."""

    name: str
    value: Callable[[Figures], str]
    more: Callable[[Subject], str] = lambda _subject: ""
    rare: bool = False


def _facts(subject: Subject) -> Iterator[Markup]:
    yield _row("Period", *_period(subject))
    for fact in _FACTS:
        value = fact.value(subject.figures)
        before = None if subject.before is None else fact.value(subject.before)
        if not (fact.rare and value == _NONE and before in (None, _NONE)):
            beside = "" if before is None else tag("span", f", before {before}", class_="soft")
            yield _row(fact.name, (value, beside), fact.more(subject))


def _row(name: str, value: Content, more: str) -> Markup:
    return tag("div", tag("dt", name), tag("dd", value, tag("small", more) if more else ""))


def _period(subject: Subject) -> tuple[str, str]:
    axis, asked, before = subject.axis, subject.asked, subject.before
    value = f"{words.period(axis.first, axis.last)} ({words.number(axis.days, 'day')})"
    more = []
    if axis != asked:
        more.append(
            f"The first of the {words.number(asked.days, 'day')} on record is {words.day(axis.first)}."
        )
    if before is not None:
        days = before.sitting.days
        more.append(f"Before: {words.period(days[0].date, days[-1].date)}.")
    return value, " ".join(more)


def _per_day(figures: Figures) -> str:
    sat = [day.sitting for day in figures.sitting.days if day.sitting]
    return f"mean {words.hours(mean(sat))}" if sat else _NO_RECORD


def _on_days(subject: Subject) -> str:
    sat = [day.sitting for day in subject.figures.sitting.days if day.sitting]
    if not sat:
        return ""
    days = words.number(len(sat), "day")
    return f"At the screen, over the {days} with any; the median is {words.hours(median(sat))}."


def _longest(figures: Figures) -> str:
    run = figures.sitting.longest
    return _NO_RECORD if run is None else words.hours(run.sitting)


def _typical(subject: Subject) -> str:
    run = subject.figures.sitting.longest
    if run is None:
        return ""
    each = [day.longest.sitting for day in subject.figures.sitting.days if day.longest]
    typical = f"the longest of each day has a median of {words.hours(median(each))}"
    return f"From {words.moment(run.start)}, without a break of 4 minutes; {typical}."


def _how_breaks_came(subject: Subject) -> str:
    counts = subject.figures.counts("break")
    prompted, natural = counts["done"], counts["natural_break"]
    return f"{prompted:,} when prompted, {natural:,} natural: away for long enough without being asked."


def _which_stretches(subject: Subject) -> str:
    more = "; ".join(map(_dose, subject.figures.doses))
    sides = words.sides(subject.figures.sides)
    in_all = f" In all {sides}." if sides else ""
    return f"{more[:1].upper()}{more[1:]}.{in_all}" if more else ""


def _dose(dose: Dose) -> str:
    sides = words.sides(dose.sides)
    return f"{area(dose)} {dose.done:,}{f' ({sides})' if sides else ''}"


def _which_hurt(subject: Subject) -> str:
    hurts = subject.figures.hurts
    return "; ".join(f"{hurt.name} {hurt.times:,}" for hurt in hurts) + "." if hurts else ""


def _checkins(figures: Figures) -> str:
    scores = [each.score for each in figures.checkins]
    if not scores:
        return _NONE
    return f"{len(scores):,}, mean {mean(scores):.1f} of 10"


def _first_and_last(subject: Subject) -> str:
    found = subject.figures.checkins
    if not found:
        return ""
    scores = [each.score for each in found]
    range_ = f"Lowest {min(scores)}, highest {max(scores)}"
    return f"{range_}, first {_said(found[0])}, last {_said(found[-1])}. 0: no pain, 10: the worst."


def _said(checkin: LoggedCheckIn) -> str:
    return f"{checkin.score} ({words.day(checkin.at.date())})"


def _turning(figures: Figures) -> str:
    said = figures.turnings
    return f"comfortable {sum(each.comfortable for each in said):,} of {len(said):,} times" if said else _NONE


def _last_turning(subject: Subject) -> str:
    if not (said := subject.figures.turnings):
        return ""
    how = "comfortable" if said[-1].comfortable else "not comfortable"
    return f"As far as it was said; last: {how} ({words.day(said[-1].at.date())})."


def _which_flares(subject: Subject) -> str:
    flares = subject.figures.flares
    met = Counter(flare.side for flare in flares)
    sides = words.sides({side: count for side, count in met.items() if side})
    most = f"The last {_MOST_FLARES} are below." if len(flares) > _MOST_FLARES else ""
    return " ".join(part for part in (f"Side: {sides}." if sides else "", most) if part)


def _packs(figures: Figures) -> str:
    return ", ".join(f"{count:,} {_PACKS[pack]}" for pack, count in figures.packs.items()) or _NONE


def _count(number: int) -> str:
    return f"{number:,}" if number else _NONE


_FACTS = (
    _Fact("Sitting per day", _per_day, _on_days),
    _Fact("Longest sitting", _longest, _typical),
    _Fact("Sittings over 60 min", lambda figures: f"{figures.sitting.long:,}"),
    _Fact("Breaks taken", lambda figures: f"{figures.breaks:,}", _how_breaks_came),
    _Fact("Stretches done", lambda figures: f"{figures.stretches:,}", _which_stretches),
    _Fact(
        "Stretches that hurt",
        lambda figures: _count(sum(hurt.times for hurt in figures.hurts)),
        _which_hurt,
        rare=True,
    ),
    _Fact("Check-ins", _checkins, _first_and_last),
    _Fact("Turning the head", _turning, _last_turning, rare=True),
    _Fact("Flare-ups", lambda figures: _count(len(figures.flares)), _which_flares),
    _Fact("Lost days", lambda figures: _count(figures.lost_days), rare=True),
    _Fact("Packs", _packs, rare=True),
)


def _pain(subject: Subject) -> Iterator[Markup]:
    checkins, flares = subject.figures.checkins, subject.figures.flares
    if checkins or flares:
        about = tag("figcaption", pain_about(subject))
        yield tag("figure", about, pain_chart(subject, "summary-pain", _CHART))
    if flares:
        yield flare_table(flares[-_MOST_FLARES:])
        yield red_flags(subject, flares[-_MOST_FLARES:])


def page(subject: Subject) -> str:
    """The report as HTML."""
    title = f"Neck and desk, {words.period(subject.axis.first, subject.axis.last)}"
    return document(title, tag("main", _main(subject, title)), _footer(subject))


def _main(subject: Subject, title: str) -> Iterator[Markup]:
    yield tag("header", tag("h1", title), tag("p", subject.disclaimer, class_="note"))
    if subject.empty:
        yield tag("p", "Nothing is on record for this period yet.")
        return
    yield summary(subject)
    yield sections.sitting_by_day(subject)
    yield sections.longest_sittings(subject)
    yield sections.sitting_by_hour(subject)
    yield sections.outcomes(subject)
    yield sections.stretches(subject)
    yield pain(subject)
    if subject.with_notes:
        yield _notes(subject.figures.notes)


def _notes(notes: Sequence[CheckInNote]) -> Markup:
    if not notes:
        return nothing("Notes")
    rows = ((words.moment(note.at), note.text) for note in notes)
    told = table("Notes with the check-ins", (Head("When"), Head("Note", words=True)), rows)
    return tag("section", tag("h2", "Notes"), told)


def _footer(subject: Subject) -> Markup:
    made = f"Made by neckguard {subject.version} on {words.day(subject.made)} from what it keeps here."
    return tag("footer", tag("p", made))
