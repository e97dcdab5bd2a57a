"""What became of the prompts, and which stretches were done."""

from __future__ import annotations

from collections.abc import Sequence

from neckguard.report import charts
from neckguard.report.markup import Markup
from neckguard.report.parts import Head, Row, key, nothing, section, table
from neckguard.report.subject import Subject
from neckguard.stats.figures import OUTCOMES, Dose, Tally

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
_SIDES = {"left": "left", "right": "right", "both": "both sides", "": "no side"}
_HONEST = (
    "How the prompts of each reminder ended. Shown is not taken: only done and a natural break are (away for "
    "long enough without being asked). Covered: a longer prompt stood for it."
)


def outcomes(subject: Subject) -> Markup:
    """How the prompts of each reminder ended."""
    title = "What became of the prompts"
    tallies = subject.figures.tallies
    rows = [charts.Row(each.reminder, _ends(each)) for each in tallies]
    heads = (Head("Reminder"), Head("shown"), *(Head(_LOOKS[how][1]) for how in OUTCOMES))
    return _counts("outcomes", title, _HONEST, rows, table(title, heads, map(_tally_row, tallies)))


def stretches(subject: Subject) -> Markup:
    """Which stretches were done, by area and side."""
    title = "Stretches done"
    about = "By area, and by side where the movement has one."
    doses = subject.figures.doses
    rows = [charts.Row(area(dose), _sides(dose)) for dose in doses]
    heads = (Head("Area"), Head("done"), *(Head(name) for name in _SIDES.values()))
    return _counts("stretches", title, about, rows, table(title, heads, map(_dose_row, doses)))


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


def _counts(name: str, title: str, about: str, rows: Sequence[charts.Row], numbers: Markup) -> Markup:
    if not rows:
        return nothing(title)
    used: dict[str, list[str]] = {}
    for class_, word, count in (part for row in rows for part in row.parts):
        if count and word not in used.setdefault(class_, []):
            used[class_].append(word)
    colours = ((class_, " or ".join(names)) for class_, names in used.items())
    return section(title, about, (key(colours), charts.rows(name, title, about, rows)), numbers)
