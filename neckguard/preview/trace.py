"""What a preview tells: everything that happened, in order, and what it comes to."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from neckguard.core import Card, Engine, Kind, Plan, Record
from neckguard.value import value

Instant = tuple[float, datetime]
"""An instant on the boot clock and on the wall."""


@value
class TraceEntry:
    """One thing that happened.

    `what` is that of a `Record`, or one of `scenario`, `reply`, `leaves`, `returns`, `notice`, `guide`.
    """

    at: datetime
    what: str
    reminder: str = ""
    reason: str = ""
    title: str = ""
    lines: tuple[str, ...] = ()


@value
class Showing:
    """A prompt was shown; one that was hidden meanwhile comes up once."""

    at: datetime
    reminder: str


@value
class Waited:
    """A prompt was shown after it had waited, and what for: seconds by reason."""

    at: datetime
    spent: Mapping[str, float]

    @property
    def seconds(self) -> float:
        """How long in all."""
        return sum(self.spent.values())


@value
class Wait:
    """How often prompts waited mainly for this, and the longest of these waits in seconds."""

    reason: str
    times: int
    longest: float


@value
class TimeAtDesk:
    """A time at the desk without a break, in seconds."""

    seconds: float
    begin: datetime
    end: datetime


@value
class Trace:
    """All that a preview tells."""

    begin: datetime
    end: datetime
    length: float  # seconds, whatever the wall clock did meanwhile
    entries: tuple[TraceEntry, ...]
    showings: tuple[Showing, ...]
    waited: tuple[Waited, ...]
    sitting: TimeAtDesk | None
    server: str = "plain"  # the kind of the notification server at the start

    @property
    def prompts(self) -> tuple[tuple[str, int], ...]:
        """How many prompts of each reminder were shown."""
        return tuple(sorted(Counter(showing.reminder for showing in self.showings).items()))

    @property
    def waits(self) -> tuple[Wait, ...]:
        """All waits by what they were for, the longest first."""
        found: dict[str, list[float]] = {}
        for each in self.waited:
            longest = max(each.spent, key=lambda reason: each.spent[reason])
            found.setdefault(longest, []).append(each.seconds)
        waits = (Wait(reason, len(spans), max(spans)) for reason, spans in found.items())
        return tuple(sorted(waits, key=lambda wait: (-wait.longest, wait.reason)))


class Notes:
    """What happens, taken down as it does."""

    def __init__(self) -> None:
        self.entries: list[TraceEntry] = []
        self.waits = Waits()
        self._guide = ("", "")  # the key and title of the last card of a guide
        self.showings: list[Showing] = []
        self._shown: set[tuple[str, int]] = set()  # reminder and prompt

    def record(self, record: Record, card: Card | None) -> None:
        """Something that the engine decided."""
        title, lines = (card.title, card.lines) if card and record.what == "shown" else ("", ())
        self.entries.append(TraceEntry(record.at, record.what, record.reminder, record.reason, title, lines))
        if record.what == "shown":
            if (record.reminder, record.prompt) not in self._shown:
                self._shown.add((record.reminder, record.prompt))
                self.showings.append(Showing(record.at, record.reminder))
            self.waits.end(record.reminder, record.at)

    def happened(self, at: datetime, what: str, reason: str, reminder: str = "") -> None:
        """Something that was done to it."""
        self.entries.append(TraceEntry(at, what, reminder, reason))

    def notice(self, at: datetime, card: Card) -> None:
        """It says something that is no reminder."""
        self.entries.append(TraceEntry(at, "notice", title=card.title, lines=card.lines))

    def guide(self, at: datetime, card: Card, reminder: str) -> None:
        """It guides: the first step is told, and what stands there afterwards."""
        if (card.key, card.title) != self._guide:
            self._guide = card.key, card.title
            self.entries.append(TraceEntry(at, "guide", reminder, title=card.title, lines=card.lines))


class Waits:
    """Measures what owed prompts wait for. Times on the boot clock."""

    def __init__(self) -> None:
        self._boot = 0.0
        self._obstacles: dict[str, str] = {}  # what is in the way of each that is owed
        self._spent: dict[str, dict[str, float]] = {}  # the same: seconds by obstacle
        self.found: list[Waited] = []

    def pass_time(self, boot: float) -> None:
        """It was like that until now."""
        for name, obstacle in self._obstacles.items():
            spent = self._spent.setdefault(name, {})
            spent[obstacle] = spent.get(obstacle, 0.0) + boot - self._boot
        self._boot = boot

    def look(self, engine: Engine) -> None:
        """See what is in the way from now on."""
        waiting = [course for course in engine.world.courses if course.owed and not course.visible]
        self._obstacles = {
            course.name: (engine.rules.tact.blocked(course) or engine.rules.approach.obstacle).partition(",")[
                0
            ]
            for course in waiting
        }
        self._spent = {name: spent for name, spent in self._spent.items() if name in self._obstacles}

    def end(self, name: str, at: datetime) -> None:
        """That prompt is shown."""
        waited = Waited(at, self._spent.pop(name, {}))
        if waited.seconds > 0:
            self.found.append(waited)


class SittingWatch:
    """Measures the longest time that the person sat without a break, by what they really did."""

    def __init__(self, boot: float, wall: datetime) -> None:
        self._began = self._left = (boot, wall)
        self._there = True
        self._longest: TimeAtDesk | None = None

    def see(self, there: bool, now: Instant, *, rest: float) -> None:
        """They are there or not from now on; an absence of `rest` is a break."""
        if self._there and not there:
            self._left = now
        elif there and not self._there and now[0] - self._left[0] >= rest:
            self._close(self._left)
            self._began = now
        self._there = there

    def longest(self, now: Instant) -> TimeAtDesk | None:
        """The longest until now."""
        self._close(now if self._there else self._left)
        return self._longest

    def _close(self, end: Instant) -> None:
        seconds = end[0] - self._began[0]
        if seconds > (self._longest.seconds if self._longest else 0.0):
            self._longest = TimeAtDesk(seconds, self._began[1], end[1])


def rest_of(plan: Plan) -> float:
    """How long an absence must be to count as a break."""
    breaks = (
        each.reset_after
        for each in plan.reminders
        if each.enabled and each.kind is Kind.BREAK and each.reset_after is not None
    )
    return min(breaks, default=plan.presence.idle_after)
