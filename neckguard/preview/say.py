"""A trace in words: for people, at 80 columns, and for programs."""

import textwrap
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from neckguard.core import say_span
from neckguard.preview.trace import Trace, TraceEntry
from neckguard.value import value

_COLUMNS = 80
_WHAT = 13  # columns for what happened
_APART = timedelta(minutes=5)  # after so long another paragraph begins
_SOON = timedelta(seconds=90)  # what is shown so soon after it was due needs no line for that
_YOURS = {"away", "back", "leaves", "returns", "paused", "resumed"}
_WORDS = {"leaves": "leave", "returns": "return", "reply": "says", "quiet_end": "quiet ends"}
_US = "neckguard"
# How a break ended that was asked for, or taken; what is no end of one goes unsaid.
_BREAKS = {
    "done": "taken",
    "natural_break": "taken unasked",
    "snoozed": "snoozed",
    "skipped": "skipped",
    "dismissed": "closed for later",
    "ignored": "ignored",
}
_KEEPS = "As on a notification server that keeps what goes unanswered; for others: --server plain."


class Weight(Enum):
    """How much a line stands out."""

    PLAIN = auto()
    STRONG = auto()
    FAINT = auto()


@value
class Line:
    """One line for a terminal."""

    text: str
    weight: Weight = Weight.PLAIN


def say(trace: Trace) -> Iterator[Line]:
    """All that happened, and what it comes to."""
    width = max(len(name) for name in [_US, *(entry.reminder for entry in trace.entries)])
    before, day = trace.begin, _say_day(trace.begin)
    yield Line(day, Weight.STRONG)
    for entry in _fold(trace.entries):
        if _say_day(entry.at) != day:
            day = _say_day(entry.at)
            yield from (Line(""), Line(day, Weight.STRONG))
        elif not timedelta(0) <= entry.at - before < _APART:
            yield Line("")
        before = entry.at
        yield from _say_entry(entry, width)
    yield Line("")
    yield from _say_summary(trace)


def say_brief(trace: Trace, breaks: Collection[str]) -> Iterator[Line]:
    """A line for each break, with what was shown before it, and what all of it comes to."""
    day, back = "", (trace.begin, "")
    before: Counter[str] = Counter()
    showings = {(showing.at, showing.reminder) for showing in trace.showings}
    for entry in trace.entries:
        is_break = entry.reminder in breaks
        if entry.what == "back":
            back = entry.at, f", back {entry.reason}"
        elif entry.what == "shown" and not is_break and (entry.at, entry.reminder) in showings:
            before[entry.reminder] += 1
        elif is_break and entry.what in _BREAKS:
            if _say_day(entry.at) != day:
                day = _say_day(entry.at)
                yield Line(day, Weight.STRONG)
            after = back[1] if back[0] == entry.at else ""
            others = f"; before it {_say_counts(sorted(before.items()))}" if before else ""
            yield Line(_cut(f"{entry.at:%H:%M}  {entry.reminder}  {_BREAKS[entry.what]}{after}{others}"))
            before.clear()
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
        "server": trace.server,
        "events": [_event(entry) for entry in trace.entries],
        "summary": {"shown": dict(trace.prompts), "longest_sitting": longest, "waits": waits},
    }


def _event(entry: TraceEntry) -> dict[str, Any]:
    return {
        "at": _iso(entry.at),
        "what": entry.what,
        "reminder": entry.reminder or None,
        "reason": entry.reason,
        "title": entry.title,
        "lines": list(entry.lines),
    }


def _say_entry(entry: TraceEntry, width: int) -> Iterator[Line]:
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
    shown = _say_counts(trace.prompts) or "nothing"
    yield Line(f"In {hours} it showed: {shown}.", Weight.STRONG)
    if trace.sitting:
        begin, end = trace.sitting.begin, trace.sitting.end
        span = say_span(trace.sitting.seconds)
        yield Line(f"Longest at the desk without a break: {span} ({begin:%H:%M} to {end:%H:%M}).")
    for wait in trace.waits:
        times = "once" if wait.times == 1 else f"{wait.times} times, at most"
        yield Line(f"Waited {times} {say_span(wait.longest)}: {wait.reason}.")
    if trace.server == "keeps":
        yield from (Line(line) for line in textwrap.wrap(_KEEPS, _COLUMNS))


def _say_counts(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts)


def _say_day(when: datetime) -> str:
    return f"{when:%A} {when.day} {when:%B %Y}, {when.tzinfo}"


def _cut(text: str) -> str:
    return text if len(text) <= _COLUMNS else f"{text[: _COLUMNS - 1].rstrip()}…"


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


# ---- what goes without saying ------------------------------------------------------------------------------


def _fold(entries: Iterable[TraceEntry]) -> list[TraceEntry]:
    """The entries that tell the story, without what goes without saying beside another line."""
    folder = _Folder()
    for entry in entries:
        folder.take(entry)
    return [_joint(entry, names) for entry, names in folder.told if entry is not None]


def _joint(entry: TraceEntry, names: list[str]) -> TraceEntry:
    """The same, with what was settled by it."""
    too = f"for {' and '.join(names)} too" if names else ""
    return replace(entry, reason=", ".join(part for part in (entry.reason, too) if part))


class _Folder:
    """Goes through the trace once."""

    def __init__(self) -> None:
        self.told: list[tuple[TraceEntry | None, list[str]]] = []  # with the names of what was covered by it
        self._due: dict[str, int] = {}  # the place at which a reminder fell due, until it is shown
        self._unseen: dict[str, int] = {}  # the same, until anything is shown
        self._settled: dict[str, int] = {}  # the place at which its prompt was settled last

    def take(self, entry: TraceEntry) -> None:
        """The next entry."""
        place, name = len(self.told), entry.reminder
        self.told.append((entry, []))
        match entry.what:
            case "due":
                self._due[name] = self._unseen[name] = place
            case "shown":
                self._unseen.clear()
                for each in (name, *entry.reason.removeprefix("covers ").split(", ")):
                    self._forget_due(each, entry)
            case "taken_back" if name in self._unseen:
                self._leave_out(self._unseen.pop(name))
                self._leave_out(place)
            case "covered":
                self._join(place, entry)
            case _ if name:
                self._settled[name] = place

    def _leave_out(self, place: int) -> None:
        self.told[place] = (None, [])

    def _forget_due(self, name: str, shown: TraceEntry) -> None:
        place = self._due.pop(name, None)
        due = None if place is None else self.told[place][0]
        if place is not None and due is not None and shown.at - due.at <= _SOON:
            self._leave_out(place)

    def _join(self, place: int, covered: TraceEntry) -> None:
        """What was covered is said with what covered it."""
        settled = self._settled.get(covered.reason.removeprefix("by "))
        if settled is None:
            return
        longer, names = self.told[settled]
        if longer is not None and longer.at == covered.at:
            names.append(covered.reminder)
            self._leave_out(place)
