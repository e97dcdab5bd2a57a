"""Spans, dates and outcomes as `stats` says them."""

from __future__ import annotations

from neckguard.core import say_hours, say_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from neckguard.stats.figures import Dose, LoggedFlareUp, Period, Run, Sitting

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


def say_flare(flare: LoggedFlareUp, today: date) -> str:
    """When it was, and what was said about it."""
    when = f"from {say_date(flare.start, today)}, {say_span(flare.seconds)}"
    if flare.end is None:
        when += " so far"
    severity = "" if flare.severity is None else f"{flare.severity} of 10"
    return ", ".join(part for part in (when, flare.side, severity) if part)


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
