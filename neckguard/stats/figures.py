"""The figures of a period. Spans in seconds; every day and hour is by the person's own clock at that time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KINDS = ("posture", "stretch", "break", "note")
OUTCOMES = (
    "done",
    "natural_break",
    "snoozed",
    "skipped",
    "dismissed",
    "ignored",
    "covered",
    "withdrawn",
    "undelivered",
)
SIDES = ("left", "right", "both")


@dataclass(frozen=True, slots=True)
class Period:
    """The local days from `first` on, and what of the time since is known.

    What still goes on is counted up to `lived`, the last instant the daemon is known to have been alive.
    """

    first: date
    last: date
    now: float
    lived: float


@dataclass(frozen=True, slots=True)
class Run:
    """Sitting without a break, from `start` to `end`; short absences in between are not in `sitting`."""

    start: datetime
    end: datetime
    sitting: float


@dataclass(frozen=True, slots=True)
class Day:
    """One local day. A run belongs to the day it began on."""

    date: date
    sitting: float
    longest: Run | None


@dataclass(frozen=True, slots=True)
class Sitting:
    """The time at the screen: all of it, by day, and by weekday (Monday first) and hour."""

    total: float
    longest: Run | None
    days: tuple[Day, ...]  # every day of the period, oldest first
    heat: tuple[tuple[float, ...], ...]  # 7 weekdays of 24 hours

    @property
    def days_sat(self) -> int:
        """On how many days there was any."""
        return sum(1 for day in self.days if day.sitting)

    @property
    def weekdays(self) -> tuple[float, ...]:
        """Seven sums, Monday first."""
        return tuple(sum(hours) for hours in self.heat)

    @property
    def hours(self) -> tuple[float, ...]:
        """Twenty-four sums."""
        return tuple(sum(column) for column in zip(*self.heat, strict=True))


@dataclass(frozen=True, slots=True)
class Tally:
    """How the prompts of one reminder ended: every outcome has a count. `shown` is not taken."""

    reminder: str
    kind: str
    shown: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Dose:
    """How many stretches of one area were done; `sides` only has those that were for one side or both."""

    area: str
    done: int
    sides: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CheckIn:
    """How much the neck hurt, 0 to 10."""

    at: datetime
    score: int


@dataclass(frozen=True, slots=True)
class CheckInNote:
    """The person's own words at a check-in."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Week:
    """The check-ins of the seven days from a Monday on."""

    monday: date
    count: int
    mean: float


@dataclass(frozen=True, slots=True)
class LoggedFlareUp:
    """One flare-up; `end` is None while it goes on, and `seconds` then are those so far."""

    start: datetime
    end: datetime | None
    seconds: float
    severity: int | None  # 0 to 10
    side: str
    ended: str  # what ended it; empty: it goes on, or nobody said


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is said about a period."""

    sitting: Sitting
    tallies: tuple[Tally, ...]  # one for each reminder that had a prompt, by name
    doses: tuple[Dose, ...]  # most first
    checkins: tuple[CheckIn, ...]
    notes: tuple[CheckInNote, ...]
    weeks: tuple[Week, ...]  # those that had a check-in
    flares: tuple[LoggedFlareUp, ...]  # those that touch the period

    def counts(self, kind: str) -> dict[str, int]:
        """How the prompts of one kind ended, all its reminders together."""
        found = [tally.counts for tally in self.tallies if tally.kind == kind]
        return {how: sum(counts[how] for counts in found) for how in OUTCOMES}


def local(instant: float, offset: int) -> datetime:
    """The instant as the person's clock showed it."""
    return datetime.fromtimestamp(instant, timezone(timedelta(seconds=offset)))
