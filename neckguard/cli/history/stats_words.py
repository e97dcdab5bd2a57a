"""The words of the page of `stats`."""

from __future__ import annotations

from neckguard.core import say_hours, say_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from neckguard.stats.figures import Dose, Figures, LoggedFlareUp, Period, Run, Sitting, Strength

LONG = "Sittings over 60 min"
NONE = "none"
SIDES = {"left": "left", "right": "right", "both": "both sides"}
# What to call each outcome; those that are no end (`withdrawn`: the prompt came again) go unsaid.
_ENDED = {
    "done": "done",
    "natural_break": "replaced by a break",
    "snoozed": "snoozed",
    "skipped": "skipped",
    "ignored": "ignored",
    "covered": "covered by a longer one",
    "undelivered": "undelivered",
}
# Closing a prompt means later for a break, and not this time for all else.
_DISMISSED = {"break": "snoozed"}


def say_title(period: Period) -> str:
    """What the page is about."""
    if period.first == period.last:
        return f"Today, {say_date(period.last, period.last)}"
    return f"{say_date(period.first, period.last)} to {say_date(period.last, period.first)}"


def say_run(run: Run, period: Period) -> str:
    """How long it was, and when."""
    day = "" if period.first == period.last else f"{say_date(run.start, period.last)} "
    return f"{say_span(run.sitting)}, {day}{run.start:%H:%M} to {run.end:%H:%M}"


def say_total(sitting: Sitting) -> str:
    """The time at the screen."""
    if sitting.days_sat == 1:
        return say_hours(sitting.total)
    mean = say_hours(sitting.total / sitting.days_sat)
    return f"{say_hours(sitting.total)} on {sitting.days_sat} days, {mean} a day on average"


def say_ended(kind: str, counts: Mapping[str, int]) -> str:
    """How the prompts of a kind ended; empty where there were none."""
    told = {how: counts[how] for how in _ENDED}
    told[_DISMISSED.get(kind, "skipped")] += counts["dismissed"]
    words = {**_ENDED, "natural_break": "natural"} if kind == "break" else _ENDED
    return ", ".join(f"{number} {words[how]}" for how, number in told.items() if number)


def say_sides(dose: Dose) -> str:
    """How many of them were for which side."""
    sides = ", ".join(f"{number} {side}" for side, number in dose.sides.items())
    return f" ({sides})" if sides else ""


def say_strength(found: Strength, today: date) -> str:
    """On how many days, and what was noted last."""
    band = f"band: {found.band}" if found.band else ""
    count = "" if found.repetitions is None else f"repetitions: {found.repetitions}"
    days = f"on {found.days} {_days(found.days)}, last {say_date(found.last, today)}"
    return "; ".join(part for part in (days, band, count) if part)


def say_flare(flare: LoggedFlareUp, today: date) -> str:
    """When it was, and what was said about it."""
    when = f"from {say_date(flare.start, today)}, {say_span(flare.seconds)}"
    if flare.end is None:
        when += " so far"
    severity = "" if flare.severity is None else f"{flare.severity} of 10"
    side = SIDES.get(flare.side, flare.side)
    lost = "" if flare.lost_days is None else f"{flare.lost_days} lost {_days(flare.lost_days)}"
    flags = f"{len(flare.flags)} red flag{'s' * (len(flare.flags) > 1)}" if flare.flags else ""
    looked = f"looked at on {say_date(flare.cleared, today)}" if flare.cleared else ""
    return ", ".join(part for part in (when, side, severity, lost, flags, looked) if part)


def _days(count: int) -> str:
    return "day" if count == 1 else "days"


# ---- beside the period before ------------------------------------------------------------------------------


def _say_longest(figures: Figures) -> str:
    return say_span(figures.sitting.longest.sitting) if figures.sitting.longest else NONE


def _say_average(figures: Figures) -> str:
    return say_hours(figures.sitting.average) if figures.sitting.days_sat else NONE


def _say_pain(figures: Figures) -> str:
    return NONE if figures.pain is None else f"{figures.pain:.1f}"


def _count(number: int) -> str:
    return str(number) if number else NONE


BESIDE: dict[str, Callable[[Figures], str]] = {
    "Sitting on an average day": _say_average,
    LONG: lambda figures: _count(figures.sitting.long),
    "Longest sitting": _say_longest,
    "Breaks taken": lambda figures: _count(figures.breaks),
    "Stretches done": lambda figures: _count(figures.stretches),
    "Posture checks done": lambda figures: _count(figures.counts("posture")["done"]),
    "Pain, mean of the check-ins": _say_pain,
    "Flare-ups": lambda figures: _count(len(figures.flares)),
    "Lost days": lambda figures: _count(figures.lost_days),
}
"""What stands beside the period before, each figure in words."""


def say_group(day: date, measure: str) -> str:
    """The day, or what it is the first of."""
    if measure == "year":
        return f"{day:%Y}"
    if measure == "month":
        return f"{day:%b %Y}"
    return f"{day:%a} {day.day:>2} {day:%b}"


def say_date(day: date, beside: date) -> str:
    """The date as `Mon 2 Mar`, with its year unless that of the date `beside` it is the same."""
    return f"{day:%a} {day.day} {day:%b}" if day.year == beside.year else f"{day:%a} {day.day} {day:%b %Y}"
