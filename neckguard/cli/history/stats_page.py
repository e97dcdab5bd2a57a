"""The page of `stats` for a terminal. It tells what happened, and judges nothing."""

from __future__ import annotations

import math
import sys
from itertools import dropwhile, groupby, pairwise

from neckguard.cli.terminal import BOLD, DIM, paint, say, width
from neckguard.core import say_hours, say_span
from neckguard.stats.figures import WEEKDAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from neckguard.stats.figures import CheckIn, Day, Dose, Figures, LoggedFlareUp, Period, Run, Sitting, Week

    Row = tuple[str, float, str]  # what, how much, and that in words

_KINDS = {"break": "Breaks", "stretch": "Stretches", "posture": "Posture checks", "note": "Notes"}
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
_BLOCKS, _ASCII = "▁▂▃▄▅▆▇█", ".:-=+*%#"
_WORST = 10  # of pain
_WEEKS = _FLARES = 8  # the latest are told one by one
_NARROWEST_BAR, _WIDEST_BAR = 5, 40
# Up to how many days each measure is used, and what days of the same have in common.
_MEASURES: tuple[tuple[float, str, Callable[[date], object]], ...] = (
    (31, "day", lambda day: day),
    (26 * 7, "week", lambda day: day.isocalendar()[:2]),
    (3 * 366, "month", lambda day: (day.year, day.month)),
    (math.inf, "year", lambda day: day.year),
)


def print_nothing_kept() -> None:
    """Say that there is no history, and that this is all right."""
    say(
        "Nothing is kept yet. While neckguard runs it keeps a history, unless [history] says enabled = false."
    )


def print_page(period: Period, figures: Figures) -> None:
    """Print all there is to say."""
    sitting = figures.sitting
    say(_say_title(period), style=BOLD)
    if sitting.longest:
        say(f"Longest sitting without a break: {_say_run(sitting.longest, period)}.", style=BOLD)
        say(f"Sitting: {_say_total(sitting)}.")
        _print_days(sitting.days)
        _print_weekdays(sitting)
        _print_hours(sitting)
    else:
        say("No sitting on record.")
    _print_prompts(figures)
    _print_doses(figures.doses)
    _print_pain(figures.checkins, figures.weeks, period.last)
    _print_flares(figures.flares, period.last)


def _print_days(days: Sequence[Day]) -> None:
    known = list(dropwhile(lambda day: not day.sitting, days))
    if len(known) == 1:
        return
    name, key = next((name, key) for most, name, key in _MEASURES if len(known) <= most)
    groups = [list(group) for _, group in groupby(known, key=lambda day: key(day.date))]
    _heading("Sitting by day" if name == "day" else f"Sitting by {name}, on an average day")
    _print_sitting((_say_group(group[0].date, name), group) for group in groups)


def _print_weekdays(sitting: Sitting) -> None:
    if len(sitting.days) <= len(WEEKDAYS):
        return
    _heading("Sitting by weekday, on an average day")
    _print_sitting(
        (name.capitalize(), [day for day in sitting.days if day.date.weekday() == number])
        for number, name in enumerate(WEEKDAYS)
    )


def _print_sitting(groups: Iterable[tuple[str, list[Day]]]) -> None:
    """A bar for each: the mean of those days on which they sat."""
    rows: list[Row] = []
    for label, days in groups:
        sat = [day.sitting for day in days if day.sitting]
        mean = sum(sat) / len(sat) if sat else 0.0
        rows.append((label, mean, say_hours(mean) if sat else ""))
    _print_bars(rows)


def _print_hours(sitting: Sitting) -> None:
    _heading("Sitting by hour")
    hours = sitting.hours
    print(f"  {spark([seconds or None for seconds in hours], max(hours))}".rstrip())
    print(paint("  0     6     12    18    24", DIM))


def _print_prompts(figures: Figures) -> None:
    told = {kind: _say_ended(kind, figures.counts(kind)) for kind in _KINDS}
    if not any(told.values()):
        return
    _heading("What you did with the prompts")
    for kind, text in told.items():
        if text:
            say(text, before=f"  {_KINDS[kind]}: ")
    say("Shown is not taken: what counts is what was done, and natural breaks.", style=DIM)


def _print_doses(doses: Sequence[Dose]) -> None:
    if not doses:
        return
    _heading("Stretches done")
    _print_bars(
        [
            (dose.area.replace("-", " ").capitalize(), dose.done, f"{dose.done}{_say_sides(dose)}")
            for dose in doses
        ]
    )


def _print_pain(checkins: Sequence[CheckIn], weeks: Sequence[Week], today: date) -> None:
    if not checkins:
        return
    _heading("Check-ins: pain, 0 to 10")
    first, last = checkins[0], checkins[-1]
    if len(checkins) == 1:
        say(f"{last.score} on {_say_date(last.at, today)}", before="  ")
        return
    scores = [each.score for each in checkins]
    print(f"  {spark(squeeze(scores, width() - 2), _WORST)}")
    say(
        f"first {first.score} on {_say_date(first.at, today)},"
        f" last {last.score} on {_say_date(last.at, today)},"
        f" mean {sum(scores) / len(scores):.1f} over {len(scores)} check-ins",
        before="  ",
    )
    if len(weeks) > 1:
        last_weeks = ", ".join(f"{week.mean:.1f}" for week in weeks[-_WEEKS:])
        say(f"mean by week, the latest last: {last_weeks}", before="  ")


def _print_flares(flares: Sequence[LoggedFlareUp], today: date) -> None:
    if not flares:
        return
    _heading("Flare-ups")
    earlier = len(flares) - _FLARES
    if earlier > 0:
        say(f"{earlier} earlier ones, then:", before="  ")
    for flare in flares[-_FLARES:]:
        say(_say_flare(flare, today), before="  ")


def _heading(text: str) -> None:
    print()
    say(text, style=BOLD)


def _print_bars(rows: Sequence[Row]) -> None:
    """A line for each: what, a bar if there is room for one, how much."""
    labels = max(len(label) for label, _, _ in rows)
    texts = max(len(text) for _, _, text in rows)
    room = min(_WIDEST_BAR, width() - labels - texts - 4)
    top = max(value for _, value, _ in rows)
    for label, value, text in rows:
        if room >= _NARROWEST_BAR:
            print(f"  {label:<{labels}} {bar(value, top, room):<{room}} {text}".rstrip())
        else:
            say(f"{label}: {text}", before="  ")


# ---- pictures of letters -----------------------------------------------------------------------------------


def bar(value: float, top: float, width: int) -> str:
    """A bar of up to `width` letters, which `top` has; what is not nothing has one at least."""
    if value <= 0:
        return ""
    return _letters()[-1] * max(1, round(width * value / top))


def spark(values: Sequence[float | None], top: float) -> str:
    """One letter for each value from 0 to `top`; a space where there is none."""
    letters = _letters()
    highest = len(letters) - 1
    return "".join(" " if value is None else letters[round(value / top * highest)] for value in values)


def squeeze(values: Sequence[float], width: int) -> list[float]:
    """At most `width` values, each the mean of neighbours."""
    count = min(len(values), width)
    edges = [round(index * len(values) / count) for index in range(count + 1)] if count else [0]
    return [sum(values[start:stop]) / (stop - start) for start, stop in pairwise(edges)]


def _letters() -> str:
    """Where the encoding of standard output has no blocks, ASCII has to do."""
    try:
        _BLOCKS.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return _ASCII
    return _BLOCKS


# ---- words -------------------------------------------------------------------------------------------------


def _say_title(period: Period) -> str:
    """What the page is about."""
    if period.first == period.last:
        return f"Today, {_say_date(period.last, period.last)}"
    return f"{_say_date(period.first, period.last)} to {_say_date(period.last, period.first)}"


def _say_run(run: Run, period: Period) -> str:
    """How long it was, and when."""
    day = "" if period.first == period.last else f"{_say_date(run.start, period.last)} "
    return f"{say_span(run.sitting)}, {day}{run.start:%H:%M} to {run.end:%H:%M}"


def _say_total(sitting: Sitting) -> str:
    """The time at the screen."""
    if sitting.days_sat == 1:
        return say_hours(sitting.total)
    mean = say_hours(sitting.total / sitting.days_sat)
    return f"{say_hours(sitting.total)} on {sitting.days_sat} days, {mean} a day on average"


def _say_ended(kind: str, counts: Mapping[str, int]) -> str:
    """How the prompts of a kind ended; empty where there were none."""
    told = {how: counts[how] for how in _ENDED}
    told[_DISMISSED.get(kind, "skipped")] += counts["dismissed"]
    words = {**_ENDED, "natural_break": "natural"} if kind == "break" else _ENDED
    return ", ".join(f"{number} {words[how]}" for how, number in told.items() if number)


def _say_sides(dose: Dose) -> str:
    """How many of them were for which side."""
    sides = ", ".join(f"{number} {side}" for side, number in dose.sides.items())
    return f" ({sides})" if sides else ""


def _say_flare(flare: LoggedFlareUp, today: date) -> str:
    """When it was, and what was said about it."""
    when = f"from {_say_date(flare.start, today)}, {say_span(flare.seconds)}"
    if flare.end is None:
        when += " so far"
    severity = "" if flare.severity is None else f"{flare.severity} of 10"
    return ", ".join(part for part in (when, flare.side, severity) if part)


def _say_group(day: date, measure: str) -> str:
    """The day, or what it is the first of."""
    if measure == "year":
        return f"{day:%Y}"
    if measure == "month":
        return f"{day:%b %Y}"
    return f"{day:%a} {day.day:>2} {day:%b}"


def _say_date(day: date, beside: date) -> str:
    """The date as `Mon 2 Mar`, with its year unless that of the date `beside` it is the same."""
    return f"{day:%a} {day.day} {day:%b}" if day.year == beside.year else f"{day:%a} {day.day} {day:%b %Y}"
