"""The page of `stats` for a terminal. It tells what happened, and judges nothing."""

from __future__ import annotations

import math
import sys
from itertools import dropwhile, groupby, pairwise

from neckguard.cli.history.stats_words import (
    BESIDE,
    LONG,
    NONE,
    SIDES,
    say_date,
    say_ended,
    say_flare,
    say_group,
    say_run,
    say_sides,
    say_strength,
    say_title,
    say_total,
)
from neckguard.cli.terminal import paint, say, width
from neckguard.core import say_hours
from neckguard.stats.figures import WEEKDAYS
from neckguard.texts import BOLD, DIM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from neckguard.stats.figures import (
        Day,
        Figures,
        LoggedCheckIn,
        LoggedHurt,
        Period,
        Sitting,
        Strength,
        Week,
    )

    Row = tuple[str, float, str]  # what, how much, and that in words

_KINDS = {
    "break": "Breaks",
    "stretch": "Stretches",
    "posture": "Posture checks",
    "eyes": "Eyes",
    "note": "Notes",
}
_BLOCKS, _ASCII = "▁▂▃▄▅▆▇█", ".:-=+*%#"
_WORST = 10  # of pain
_PACKS = {"cold": "cold", "heat": "warm"}
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


def print_page(period: Period, figures: Figures, before: Figures | None) -> None:
    """Print all there is to say."""
    sitting = figures.sitting
    say(say_title(period), style=BOLD)
    if sitting.longest:
        say(f"Longest sitting without a break: {say_run(sitting.longest, period)}.", style=BOLD)
        say(f"Sitting: {say_total(sitting)}.")
    else:
        say("No sitting on record.")
    _print_beside(period, figures, before)
    if sitting.longest:
        _print_days(sitting.days)
        _print_weekdays(sitting)
        _print_hours(sitting)
    _print_prompts(figures)
    _print_doses(figures)
    _print_strength(figures.strength, period.last)
    _print_hurts(figures.hurts, period.last)
    _print_pain(figures.checkins, figures.weeks, period.last)
    _print_flares(figures, period.last)


def _print_beside(period: Period, figures: Figures, before: Figures | None) -> None:
    """The figures of the period, each with the one of the period before, where something is on record."""
    if before is None:
        if figures.sitting.longest:
            say(f"{LONG}: {figures.sitting.long}.")
        return
    days = f"{period.days} days" if period.days > 1 else "day"
    _heading(f"Beside the {days} before")
    for name, told in BESIDE.items():
        now, then = told(figures), told(before)
        if (now, then) != (NONE, NONE):
            say(f"{name}: {now}, before {then}", before="  ")


def _print_days(days: Sequence[Day]) -> None:
    known = list(dropwhile(lambda day: not day.sitting, days))
    if len(known) == 1:
        return
    name, key = next((name, key) for most, name, key in _MEASURES if len(known) <= most)
    groups = [list(group) for _, group in groupby(known, key=lambda day: key(day.date))]
    _heading("Sitting by day" if name == "day" else f"Sitting by {name}, on an average day")
    _print_sitting((say_group(group[0].date, name), group) for group in groups)


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
    told = {kind: say_ended(kind, figures.counts(kind)) for kind in _KINDS}
    if not any(told.values()):
        return
    _heading("What you did with the prompts")
    for kind, text in told.items():
        if text:
            say(text, before=f"  {_KINDS[kind]}: ")
    say("Shown is not taken: what counts is what was done, and natural breaks.", style=DIM)


def _print_strength(found: Strength | None, today: date) -> None:
    if found is not None:
        _heading("Strength, the last ten weeks")
        say(say_strength(found, today), before="  ")


def _print_doses(figures: Figures) -> None:
    doses = figures.doses
    if not doses:
        return
    _heading("Stretches done")
    _print_bars(
        [
            (dose.area.replace("-", " ").capitalize(), dose.done, f"{dose.done}{say_sides(dose)}")
            for dose in doses
        ]
    )
    if figures.sides:
        sided = ", ".join(f"{SIDES[side]} {count}" for side, count in figures.sides.items())
        say(f"In all: {sided}.", before="  ")


def _print_hurts(hurts: Sequence[LoggedHurt], today: date) -> None:
    if not hurts:
        return
    _heading("Stretches that hurt")
    for hurt in hurts:
        times = "" if hurt.times == 1 else f"{hurt.times} times, last "
        say(f"{hurt.name}: {times}on {say_date(hurt.last, today)}", before="  ")


def _print_pain(checkins: Sequence[LoggedCheckIn], weeks: Sequence[Week], today: date) -> None:
    if not checkins:
        return
    _heading("Check-ins: pain, 0 to 10")
    first, last = checkins[0], checkins[-1]
    if len(checkins) == 1:
        say(f"{last.score} on {say_date(last.at, today)}", before="  ")
        return
    scores = [each.score for each in checkins]
    print(f"  {spark(squeeze(scores, width() - 2), _WORST)}")
    say(
        f"first {first.score} on {say_date(first.at, today)},"
        f" last {last.score} on {say_date(last.at, today)},"
        f" mean {sum(scores) / len(scores):.1f} over {len(scores)} check-ins",
        before="  ",
    )
    if len(weeks) > 1:
        last_weeks = ", ".join(f"{week.mean:.1f}" for week in weeks[-_WEEKS:])
        say(f"mean by week, the latest last: {last_weeks}", before="  ")


def _print_flares(figures: Figures, today: date) -> None:
    flares = figures.flares
    if not flares and not figures.packs:
        return
    _heading("Flare-ups" if flares else "Packs on the neck")
    earlier = len(flares) - _FLARES
    if earlier > 0:
        say(f"{earlier} earlier ones, then:", before="  ")
    for flare in flares[-_FLARES:]:
        say(say_flare(flare, today), before="  ")
    if figures.packs:
        packs = ", ".join(f"{count} {_PACKS[pack]}" for pack, count in figures.packs.items())
        say(f"{'Packs: ' if flares else ''}{packs}", before="  ")


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
