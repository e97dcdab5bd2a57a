"""The sections of the report about sitting and prompts: a picture each, and its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import mean

from neckguard import paths
from neckguard.report import charts, words
from neckguard.report.document import picture
from neckguard.report.html import Head, Markup, Row, key, nothing, section, table, tag
from neckguard.report.subject import Subject
from neckguard.stats.figures import OUTCOMES, Day, Dose, Run, Tally

# How each outcome looks and what it is called, in the order of the picture.
_LOOKS = {
    "done": ("done", "done"),
    "natural_break": ("natural", "natural break"),
    "snoozed": ("snoozed", "snoozed"),
    "dismissed": ("skipped", "closed"),
    "skipped": ("skipped", "skipped"),
    "ignored": ("ignored", "ignored"),
    "covered": ("other", "covered"),
    "withdrawn": ("other", "withdrawn"),
    "undelivered": ("other", "undelivered"),
}
# Closing the prompt of a break means later, as a snooze does; of all others it means not this time.
_BREAK_LOOKS = {**_LOOKS, "dismissed": ("snoozed", "closed for later")}
_SIDES = {**words.SIDES, "": "no side"}
_HONEST = (
    "How the prompts of each reminder ended. Shown is not taken: only done and a natural break are (away for "
    "long enough without being asked). Covered: a longer prompt stood for it."
)
_FIGURE = 72  # pixels, of a movement


# ---- sitting -----------------------------------------------------------------------------------------------


def sitting_by_day(subject: Subject) -> Markup:
    """How long they sat each day; where a bar is several days, their mean."""
    title, about = "Sitting per day", "The time at the screen."
    heads = [Head("Day"), Head("Sitting")]
    several = subject.axis.unit != "day"
    if several:
        about = (
            f"The time at the screen on a day: for each {subject.axis.unit} the mean of the days with any."
        )
        heads = [Head(subject.axis.unit.capitalize()), Head("Sitting"), Head("Days with any"), Head("Mean")]
    rows = []
    for bucket, days in subject.by_bucket():
        sat = [day.sitting for day in days if day.sitting]
        rest = (len(sat), words.hours(mean(sat) if sat else 0.0)) if several else ()
        rows.append((bucket.name, words.hours(sum(sat)), *rest))
    picture = charts.columns("sitting", title, about, subject.axis, sitting_columns(subject))
    return section(title, about, picture, table(title, heads, rows))


def sitting_columns(subject: Subject) -> list[charts.Column]:
    """The time at the screen on a day; where a bar is several days, their mean."""
    found = []
    for bucket, days in subject.by_bucket():
        sat = [day.sitting for day in days if day.sitting]
        typical = mean(sat) if sat else 0.0
        found.append(charts.Column(bucket, typical, f"{bucket.name}: {words.hours(typical)}"))
    return found


def longest_sittings(subject: Subject) -> Markup:
    """The longest sitting of each day."""
    unit = subject.axis.unit
    title = "Longest sitting without a break"
    about = (
        f"The longest that began in each {unit}. Away for 4 minutes is a break; shorter ones are neither"
        " breaks nor counted as sitting."
    )
    values, rows = [], []
    for bucket, days in subject.by_bucket():
        run = _longest_of(days)
        said = words.hours(run.sitting if run else 0)
        values.append(charts.Column(bucket, run.sitting if run else 0, f"{bucket.name}: {said}"))
        rows.append((bucket.name, said, _began(run, unit)))
    picture = charts.columns("longest", title, about, subject.axis, values)
    heads = (Head(unit.capitalize()), Head("Longest"), Head("It began", words=True))
    return section(title, about, picture, table(title, heads, rows))


def sitting_by_hour(subject: Subject) -> Markup:
    """At which hours of which days of the week they sit."""
    title = "When you sit"
    about = "The minutes of each hour at the screen: the mean over all Mondays, all Tuesdays, and so on."
    heat = _minutes(subject)
    heads = (Head("Day"), *(Head(f"{hour:02}") for hour in range(24)))
    rows: list[Row] = [(day, *map(round, row)) for day, row in zip(charts.WEEKDAYS, heat, strict=True)]
    return section(
        title,
        about,
        (charts.heat_map("heat", title, about, heat), key(charts.SHADES.items())),
        table("Minutes at the screen, by weekday and hour", heads, rows),
    )


def _longest_of(days: Iterable[Day]) -> Run | None:
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


# ---- prompts -----------------------------------------------------------------------------------------------


def outcomes(subject: Subject) -> Markup:
    """How the prompts of each reminder ended."""
    title = "What became of the prompts"
    tallies = subject.figures.tallies
    bars = [charts.Bar(each.reminder, _ends(each)) for each in tallies]
    heads = (Head("Reminder"), Head("shown"), *(Head(_LOOKS[how][1]) for how in OUTCOMES))
    return _counts("outcomes", title, _HONEST, bars, table(title, heads, map(_tally_row, tallies)))


def stretches(subject: Subject) -> Markup:
    """Which stretches were done, by area and side."""
    title = "Stretches done"
    about = "By area, and by side where the movement has one."
    doses = subject.figures.doses
    bars = [charts.Bar(area(dose), _sides(dose), words.sides(dose.sides)) for dose in doses]
    heads = (Head("Area"), Head("done"), *(Head(name) for name in _SIDES.values()))
    counts = _counts("stretches", title, about, bars, table(title, heads, map(_dose_row, doses)))
    return Markup(counts + _movements(subject))


def _movements(subject: Subject) -> Markup:
    """What the stretches looked like, for whoever does not know them by name."""
    shown = [
        tag("li", picture(paths.picture(each.id), _FIGURE), tag("span", f"{each.name}: {each.done:,}"))
        for each in subject.figures.movements
    ]
    return tag("ul", *shown, class_="movements") if shown else Markup("")


def area(dose: Dose) -> str:
    """The area in words."""
    return dose.area.replace("-", " ")


def _ends(tally: Tally) -> tuple[charts.Part, ...]:
    looks = _BREAK_LOOKS if tally.kind == "break" else _LOOKS
    return tuple((*look, tally.counts[how]) for how, look in looks.items())


def _tally_row(tally: Tally) -> Row:
    return tally.reminder, tally.shown, *(tally.counts[how] for how in OUTCOMES)


def _dose_row(dose: Dose) -> Row:
    return area(dose), dose.done, *(count for _, _, count in _sides(dose))


def _sides(dose: Dose) -> tuple[charts.Part, ...]:
    sideless = dose.done - sum(dose.sides.values())
    counts = {**dose.sides, "": sideless}
    return tuple((side or "whole", name, counts.get(side, 0)) for side, name in _SIDES.items())


def _counts(name: str, title: str, about: str, bars: Sequence[charts.Bar], numbers: Markup) -> Markup:
    if not bars:
        return nothing(title)
    used: dict[str, list[str]] = {}
    for class_, word, count in (part for bar in bars for part in bar.parts):
        if count and word not in used.setdefault(class_, []):
            used[class_].append(word)
    colours = ((class_, " or ".join(names)) for class_, names in used.items())
    return section(title, about, (key(colours), charts.bars(name, title, about, bars)), numbers)
