"""The rows of the history: what is kept of what happened.

Instants are seconds since 1970; `offset` is how far local time was ahead of UTC then, in seconds, so that a
day or an hour of the person's own clock can be found again wherever they were.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """How one round of a reminder ended. `due` and `shown` are None where it was not."""

    reminder: str
    kind: str
    item: str  # the id of the stretch or the posture check that was suggested; empty: none
    side: str  # left, right or both; empty where there are no sides
    due: float | None
    shown: float | None
    settled: float
    offset: int
    how: str  # an outcome


@dataclass(frozen=True, slots=True)
class SpanRow:
    """Something that lasted. `end` is None while it does."""

    kind: str  # present, away, paused, off_hours, quiet
    reason: str  # of an absence or of being quiet; never the name of an application
    start: float
    end: float | None
    offset: int  # at its start


@dataclass(frozen=True, slots=True)
class EntryRow:
    """Something the person said about their neck, or did for it."""

    at: float
    offset: int
    what: str  # checkin, flare_start, flare_end, hurt, timer_start, timer_end
    score: int | None  # pain, 0 to 10
    detail: str  # the side of a flare-up, what ended it, a stretch, a pack
    note: str  # the person's own words
