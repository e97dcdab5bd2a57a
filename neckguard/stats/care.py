"""What the person said about their neck. Told as it is: what it means is not for a program to say."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from neckguard.stats.figures import CheckIn, FlareUp, Note, Period, Week, local

Entry = tuple[float, int, str, int | None, str, str]
"""at, offset, what, score, detail, note."""


def checkins(entries: Iterable[Entry], period: Period) -> tuple[CheckIn, ...]:
    """Those of the period that have a score, oldest first."""
    scored = (
        CheckIn(local(at, offset), score)
        for at, offset, what, score, _detail, _note in entries
        if what == "checkin" and score is not None
    )
    return tuple(each for each in scored if each.at.date() >= period.first)


def notes(entries: Iterable[Entry], period: Period) -> tuple[Note, ...]:
    """What was written at the check-ins of the period, with or without a score."""
    written = (
        Note(local(at, offset), note)
        for at, offset, what, _score, _detail, note in entries
        if what == "checkin" and note
    )
    return tuple(each for each in written if each.at.date() >= period.first)


def weeks(found: Iterable[CheckIn]) -> tuple[Week, ...]:
    """The mean of each week in which there was a check-in."""
    scores: dict[date, list[int]] = {}
    for each in found:
        day = each.at.date()
        scores.setdefault(day - timedelta(days=day.weekday()), []).append(each.score)
    return tuple(Week(monday, len(each), sum(each) / len(each)) for monday, each in sorted(scores.items()))


def flares(entries: Sequence[Entry], period: Period) -> tuple[FlareUp, ...]:
    """Those that had not ended when the period began, oldest first."""
    found: list[FlareUp] = []
    begun: Entry | None = None
    for entry in entries:
        if entry[2] == "flare_start":
            if begun:  # its end was not kept; the next one's start is the latest it can have been
                found.append(_flare(begun, (*entry[:4], "", ""), period))
            begun = entry
        elif entry[2] == "flare_end" and begun:
            found.append(_flare(begun, entry, period))
            begun = None
    if begun:
        found.append(_flare(begun, None, period))
    return tuple(flare for flare in found if flare.end is None or flare.end.date() >= period.first)


def _flare(start: Entry, end: Entry | None, period: Period) -> FlareUp:
    at, offset, _what, severity, side, _note = start
    return FlareUp(
        start=local(at, offset),
        end=None if end is None else local(end[0], end[1]),
        seconds=max(0.0, (period.now if end is None else end[0]) - at),
        severity=severity,
        side=side,
        ended="" if end is None else end[4],
    )
