"""A trace in words: for people, at 80 columns, and for programs."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from neckguard.core import say_span
from neckguard.preview.fold import fold
from neckguard.preview.trace import Entry, Trace

_COLUMNS = 80
_WHAT = 13  # columns for what happened
_APART = timedelta(minutes=5)  # after so long another paragraph begins
_YOURS = {"away", "back", "leaves", "returns", "paused", "resumed"}
_WORDS = {"leaves": "leave", "returns": "return", "reply": "says", "quiet_end": "quiet ends"}
_US = "neckguard"


class Weight(Enum):
    """How much a line stands out."""

    PLAIN = auto()
    STRONG = auto()
    FAINT = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """One line for a terminal."""

    text: str
    weight: Weight = Weight.PLAIN


def say(trace: Trace) -> Iterator[Line]:
    """All that happened, and what it comes to."""
    width = max(len(name) for name in [_US, *(entry.reminder for entry in trace.entries)])
    before, day = trace.begin, _say_day(trace.begin)
    yield Line(day, Weight.STRONG)
    for entry in fold(trace.entries):
        if _say_day(entry.at) != day:
            day = _say_day(entry.at)
            yield from (Line(""), Line(day, Weight.STRONG))
        elif not timedelta(0) <= entry.at - before < _APART:
            yield Line("")
        before = entry.at
        yield from _say_entry(entry, width)
    yield Line("")
    yield from _say_summary(trace)


def as_data(trace: Trace) -> dict[str, Any]:
    """The same as plain data: times ISO 8601 with offset, spans in seconds."""
    sitting = trace.sitting
    longest = sitting and {
        "seconds": round(sitting.seconds, 1),
        "from": _iso(sitting.begin),
        "to": _iso(sitting.end),
    }
    waits = [
        {"reason": wait.reason, "times": wait.times, "longest": round(wait.longest, 1)}
        for wait in trace.waits
    ]
    return {
        "from": _iso(trace.begin),
        "to": _iso(trace.end),
        "events": [_event(entry) for entry in trace.entries],
        "summary": {"shown": dict(trace.prompts), "longest_sitting": longest, "waits": waits},
    }


def _event(entry: Entry) -> dict[str, Any]:
    return {
        "at": _iso(entry.at),
        "what": entry.what,
        "reminder": entry.reminder or None,
        "reason": entry.reason,
        "title": entry.title,
        "lines": list(entry.lines),
    }


def _say_entry(entry: Entry, width: int) -> Iterator[Line]:
    clock = f"{entry.at:%H:%M:%S}"
    if entry.what == "scenario":
        yield Line(_cut(f"{clock}  > {entry.reason}"), Weight.FAINT)
        return
    subject = "you" if entry.what in _YOURS else entry.reminder or _US
    word = _WORDS.get(entry.what) or entry.what.replace("_", " ")
    head = f"{clock}  {subject:<{width}}  {word:<{_WHAT}}  "
    if entry.title:
        yield Line(_cut(f"{head}{entry.title}: {' '.join(entry.lines)}"), Weight.STRONG)
        return
    for line in textwrap.wrap(entry.reason, max(20, _COLUMNS - len(head))) or [""]:
        yield Line(f"{head}{line}".rstrip())
        head = " " * len(head)


def _say_summary(trace: Trace) -> Iterator[Line]:
    hours = say_span(trace.length)
    shown = ", ".join(f"{name} {count}" for name, count in trace.prompts) or "nothing"
    yield Line(f"In {hours} it showed: {shown}.", Weight.STRONG)
    if trace.sitting:
        begin, end = trace.sitting.begin, trace.sitting.end
        span = say_span(trace.sitting.seconds)
        yield Line(f"Longest at the desk without a break: {span} ({begin:%H:%M} to {end:%H:%M}).")
    for wait in trace.waits:
        times = "once" if wait.times == 1 else f"{wait.times} times, at most"
        yield Line(f"Waited {times} {say_span(wait.longest)}: {wait.reason}.")


def _say_day(when: datetime) -> str:
    return f"{when:%A} {when.day} {when:%B %Y}, {when.tzinfo}"


def _cut(text: str) -> str:
    return text if len(text) <= _COLUMNS else f"{text[: _COLUMNS - 1].rstrip()}…"


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
