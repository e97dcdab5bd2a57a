"""A replay beside the days as they were: as a table for a terminal, and for programs."""

from __future__ import annotations

from neckguard.cli.out import BOLD, DIM, paint, say, width
from neckguard.cli.preview.replay import say_day
from neckguard.core import say_hours, say_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from neckguard.cli.preview.replay import Comparison
    from neckguard.preview.compare import Column, Figures

    Row = tuple[str, list[str]]  # what, and what it is in each column

_HEADS = ("as it was", "your settings", "changed")
_MOMENTS = {
    "call": "in a call",
    "presenting": "while the screen was shared",
    "dnd": "in do not disturb",
    "away": "while you were away",
    "paused": "in a pause",
}
_NOTES = (
    "Presence, calls and pauses are as recorded: you leave when you left, and for no prompt; all other"
    " prompts are done after 5 s. Not recorded are typing, and calls while no prompt waited. The hours are"
    " those of the settings."
)


def print_page(found: Comparison, changes: Sequence[str]) -> None:
    """Print the comparison."""
    first, last = found.days[0], found.days[-1]
    days = say_day(first)
    if first != last:
        days = f"{len(found.days)} days, {days} to {say_day(last)}"
    say(f"Replay of {days}: {say_hours(found.sitting.total)} at the screen", style=BOLD)
    if changes:
        say(f"Changed: {', '.join(changes)}")
    print()
    columns = [column for column in (found.was, found.now, found.changed) if column]
    _print_table([("", list(_HEADS[: len(columns)])), *_rows(found, columns)])
    print()
    say(_NOTES, style=DIM)


def as_data(found: Comparison, changes: Sequence[str]) -> dict[str, Any]:
    """The same as plain data: dates ISO 8601, spans in seconds."""
    sitting = found.sitting
    by_day = {day.date: day for day in sitting.days}
    return {
        "first": str(found.days[0]),
        "last": str(found.days[-1]),
        "set": list(changes),
        "sitting": round(sitting.total, 3),
        "longest_sitting": round(sitting.longest.sitting, 3) if sitting.longest else 0.0,
        "days": [
            {
                "date": str(day),
                "sitting": round(by_day[day].sitting, 3),
                "longest_sitting": round(longest.sitting, 3) if (longest := by_day[day].longest) else 0.0,
                "as_it_was": _plain(found.was.days[day]),
                "your_settings": _plain(found.now.days[day]),
                "changed": _plain(found.changed.days[day]) if found.changed else None,
            }
            for day in found.days
        ],
        "as_it_was": _plain(found.was.total),
        "your_settings": _plain(found.now.total),
        "changed": _plain(found.changed.total) if found.changed else None,
    }


def _plain(figures: Figures) -> dict[str, Any]:
    wait = figures.longest_wait
    return {
        "prompts": dict(figures.prompts),
        "breaks": {"natural": figures.natural, "prompted": figures.prompted},
        "longest_if_taken": round(figures.longest, 3),
        "avoided": None if figures.avoided is None else dict(figures.avoided),
        "longest_wait": None if wait is None else round(wait, 3),
    }


def _rows(found: Comparison, columns: Sequence[Column]) -> Iterator[Row]:
    totals = [column.total for column in columns]
    longest = found.sitting.longest.sitting if found.sitting.longest else 0.0
    yield "Prompts shown", [str(sum(each.prompts.values())) for each in totals]
    for name in sorted({name for each in totals for name in each.prompts}):
        yield f"  {name}", [str(each.prompts.get(name, 0)) for each in totals]
    yield "Breaks after a prompt", [str(each.prompted) for each in totals]
    yield "Breaks without one", [str(each.natural) for each in totals]
    yield "Longest sitting without a break", [say_hours(longest) for _ in totals]
    yield "  if each break prompt were taken", [say_hours(each.longest) for each in totals]
    avoided = [each.avoided for each in totals]
    yield "Moments avoided", [_known(None if each is None else sum(each.values())) for each in avoided]
    for moment, words in _MOMENTS.items():
        if any(each and each[moment] for each in avoided):
            yield f"  {words}", [_known(None if each is None else each[moment]) for each in avoided]
    waits = [each.longest_wait for each in totals]
    if any(waits):
        yield "  longest wait", [_known(None if each is None else say_span(each)) for each in waits]


def _known(figure: Any) -> str:
    return "-" if figure is None else str(figure)


def _print_table(rows: Sequence[Row]) -> None:
    """In columns where they fit, else each row as a sentence."""
    (_, heads), *_ = rows
    labels = max(len(label) for label, _ in rows)
    widths = [max(len(values[number]) for _, values in rows) for number in range(len(heads))]
    if labels + sum(widths) + 2 * len(widths) <= width():
        for label, values in rows:
            cells = "".join(f"  {value:>{room}}" for value, room in zip(values, widths, strict=True))
            line = f"{label:<{labels}}{cells}"
            print(line if label else paint(line, DIM))
        return
    for label, values in rows[1:]:
        told = ", ".join(f"{head} {value}" for head, value in zip(heads, values, strict=True))
        say(f"{label.strip()}: {told}", before=label[: len(label) - len(label.lstrip())])
