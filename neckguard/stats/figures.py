"""The figures of a period. Spans in seconds; every day and hour is by the person's own clock at that time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from neckguard.value import value

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KINDS = ("posture", "stretch", "break", "eyes", "note")
"""What prompts are counted by. `eyes` stands apart: the history knows it as a stretch, which it is not."""
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
COURSE = 70 * 86400.0
"""Seconds that a course of strength takes: ten weeks [Andersen 2011]."""
SIDES = ("left", "right", "both")
PACKS = ("cold", "heat")


@value
class Period:
    """The local days from `first` on, and what of the time since is known.

    What still goes on is counted up to `lived`, the last instant the daemon is known to have been alive.
    One that is `over` ends with its last day; else who flew west may have sat on a date that has yet to come.
    """

    first: date
    last: date
    now: float
    lived: float
    over: bool = False

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """As many days, up to the one before the first."""
        length = timedelta(days=self.days)
        return replace(self, first=self.first - length, last=self.first - timedelta(days=1), over=True)


@value
class Run:
    """Sitting without a break, from `start` to `end`; short absences in between are not in `sitting`."""

    start: datetime
    end: datetime
    sitting: float


@value
class Day:
    """One local day. A run belongs to the day it began on; `long` counts those over 60 minutes."""

    date: date
    sitting: float
    longest: Run | None
    long: int = 0


@value
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
    def average(self) -> float:
        """The mean of the days on which there was any; 0 where there was none."""
        return self.total / self.days_sat if self.days_sat else 0.0

    @property
    def long(self) -> int:
        """How many runs went on for more than 60 minutes."""
        return sum(day.long for day in self.days)

    @property
    def weekdays(self) -> tuple[float, ...]:
        """Seven sums, Monday first."""
        return tuple(sum(hours) for hours in self.heat)

    @property
    def hours(self) -> tuple[float, ...]:
        """Twenty-four sums."""
        return tuple(sum(column) for column in zip(*self.heat, strict=True))


@value
class Tally:
    """How the prompts of one reminder ended: every outcome has a count. `shown` is not taken."""

    reminder: str
    kind: str
    shown: int
    counts: Mapping[str, int]


@value
class Dose:
    """How many stretches of one area were done; `sides` only has those that were for one side or both."""

    area: str
    done: int
    sides: Mapping[str, int]


@value
class LoggedMovement:
    """A stretch of the catalogue, and how often it was done."""

    id: str
    name: str
    done: int


@value
class LoggedHurt:
    """A stretch that hurt: its name, how often the person said so, and when they did last."""

    name: str
    times: int
    last: datetime


@value
class LoggedCheckIn:
    """How much the neck hurt, 0 to 10."""

    at: datetime
    score: int


@value
class LoggedTurning:
    """Whether turning the head was mostly comfortable."""

    at: datetime
    comfortable: bool


@value
class CheckInNote:
    """The person's own words at a check-in."""

    at: datetime
    text: str


@value
class Week:
    """The check-ins of the seven days from a Monday on."""

    monday: date
    count: int
    mean: float


@value
class LoggedFlareUp:
    """One flare-up; `end` is None while it goes on, and `seconds` then are those so far."""

    start: datetime
    end: datetime | None
    seconds: float
    severity: int | None  # 0 to 10
    side: str
    ended: str  # what ended it; empty: it goes on, or nobody said
    lost_days: int | None = None  # of sleep or work; None: nobody said
    flags: tuple[str, ...] = ()  # ids of the red flags that were named
    cleared: datetime | None = None  # when somebody had looked at all of them


@value
class Strength:
    """How it stands with the strength exercise, over the weeks of a course."""

    days: int  # on how many it was done
    last: date
    band: str  # that was noted last; empty: none was
    repetitions: int | None


@value
class Figures:
    """All that is said about a period."""

    sitting: Sitting
    tallies: tuple[Tally, ...]  # one for each reminder that had a prompt, by name
    doses: tuple[Dose, ...]  # most first
    movements: tuple[LoggedMovement, ...]  # most first
    checkins: tuple[LoggedCheckIn, ...]
    notes: tuple[CheckInNote, ...]
    weeks: tuple[Week, ...]  # those that had a check-in
    flares: tuple[LoggedFlareUp, ...]  # those that touch the period
    hurts: tuple[LoggedHurt, ...]  # most often first
    packs: Mapping[str, int]  # how often a cold one was put on, how often a warm one
    turnings: tuple[LoggedTurning, ...] = ()
    strength: Strength | None = None  # over the weeks of a course, whatever the period

    @property
    def known(self) -> bool:
        """Whether anything is on record."""
        return bool(self.sitting.days_sat or self.tallies or self.checkins or self.flares)

    @property
    def breaks(self) -> int:
        """How many breaks were taken, asked for or not."""
        counts = self.counts("break")
        return counts["done"] + counts["natural_break"]

    @property
    def stretches(self) -> int:
        """How many stretches were done."""
        return sum(dose.done for dose in self.doses)

    @property
    def sides(self) -> Mapping[str, int]:
        """How many stretches were for the left, the right, or both; those that had any."""
        met = Counter[str]()
        for dose in self.doses:
            met.update(dose.sides)
        return {side: met[side] for side in SIDES if met[side]}

    @property
    def pain(self) -> float | None:
        """The mean of the check-ins; None where there was none."""
        return sum(each.score for each in self.checkins) / len(self.checkins) if self.checkins else None

    @property
    def lost_days(self) -> int:
        """How many days of sleep or work the flare-ups cost, as far as it was said."""
        return sum(flare.lost_days or 0 for flare in self.flares)

    def counts(self, kind: str) -> dict[str, int]:
        """How the prompts of one kind ended, all its reminders together."""
        found = [tally.counts for tally in self.tallies if tally.kind == kind]
        return {how: sum(counts[how] for counts in found) for how in OUTCOMES}


def local(instant: float, offset: int) -> datetime:
    """The instant as the person's clock showed it."""
    return datetime.fromtimestamp(instant, timezone(timedelta(seconds=offset)))
