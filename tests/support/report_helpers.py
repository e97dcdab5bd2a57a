"""A few days at a desk, worked out by hand, and the page that is made of them.

Mon 2 Mar   09:00-10:00, 10:02-11:00, 11:10-12:00   60 + 58 + 50 = 168 min = 2 h 48 min
            the longest: 60 + 58 = 118 min = 1 h 58 min, from 09:00 (two minutes away are no break)
Tue 3 Mar   14:00-16:30                             150 min = 2 h 30 min, without a break
Wed 4 Mar   nothing
Thu 5 Mar   08:30-09:30                             60 min
a day       the median of 168, 150 and 60 is 150; the mean 378 / 3 = 126 min = 2 h 6 min
longest     the median of 118, 150 and 60 is 118
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

from neckguard.report.subject import Subject
from neckguard.report.summary import page
from neckguard.stats.figures import Period
from neckguard.stats.flares import EntryTuple
from neckguard.stats.gather import OutcomeTuple, gather
from neckguard.stats.sitting_time import SpanTuple

OFFSET = 3600
ZONE = timezone(timedelta(seconds=OFFSET))
STRETCHES = {
    "chin-tuck": ("Chin tuck", "neck"),
    "head-turn": ("Head turn", "neck"),
    "side-tilt": ("Side tilt", "side-neck"),
}
FIRST, LAST = date(2026, 2, 26), date(2026, 3, 5)
NOW = datetime(2026, 3, 5, 20, 0, tzinfo=ZONE)


def at(day: int, clock: str) -> float:
    """An instant in March 2026, by the person's clock."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC).timestamp() - OFFSET


def sat(day: int, start: str, end: str) -> SpanTuple:
    """They were at the screen."""
    return ("present", "", at(day, start), at(day, end), OFFSET)


def ended(reminder: str, kind: str, how: str, item: str = "", side: str = "") -> OutcomeTuple:
    """A prompt of Monday noon ended so."""
    return (reminder, kind, item, side, at(2, "12:00"), at(2, "12:00"), at(2, "12:01"), OFFSET, how)


def said(
    day: int, clock: str, what: str, score: int | None = None, *, detail: str = "", note: str = ""
) -> EntryTuple:
    """They said something about their neck."""
    return (at(day, clock), OFFSET, what, score, detail, note)


SPANS = (
    sat(2, "09:00", "10:00"),
    sat(2, "10:02", "11:00"),
    sat(2, "11:10", "12:00"),
    sat(3, "14:00", "16:30"),
    sat(5, "08:30", "09:30"),
)
OUTCOMES = (
    *[ended("break", "break", how) for how in ("done", "done", "natural_break", "dismissed", "ignored")],
    *[ended("stretch", "stretch", "done", "chin-tuck")] * 2,
    ended("stretch", "stretch", "done", "head-turn", "left"),
    ended("stretch", "stretch", "done", "side-tilt", "right"),
    ended("stretch", "stretch", "done", "mine"),
    ended("stretch", "stretch", "skipped", "chin-tuck"),
    *[ended("tea", "note", how) for how in ("done", "dismissed", "covered")],
)
ENTRIES = (
    said(2, "10:00", "flare_start", 7, detail="left"),
    said(2, "18:00", "checkin", 6, note="stiff"),
    said(4, "10:00", "flare_end", detail="by you"),
    said(5, "18:00", "checkin", 3),
)


def subject(
    *,
    first: date = FIRST,
    last: date = LAST,
    spans: Sequence[SpanTuple] = SPANS,
    outcomes: Sequence[OutcomeTuple] = OUTCOMES,
    entries: Sequence[EntryTuple] = ENTRIES,
    with_notes: bool = False,
    red_flags: Mapping[str, str] = MappingProxyType({}),
) -> Subject:
    """What the report is about."""
    now = NOW.timestamp()
    period = Period(first, last, now, now)
    figures, before = (
        gather(each, outcomes=outcomes, spans=spans, entries=entries, stretches=STRETCHES)
        for each in (period, period.before)
    )
    known = before if before.known else None
    return Subject(figures, known, NOW, "1.2.3", "Not medical advice.", with_notes, red_flags)


def made(**about: Any) -> str:
    """The page."""
    return page(subject(**about))
