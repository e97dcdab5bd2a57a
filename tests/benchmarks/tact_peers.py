"""Plain models of other reminders, which take the place of neckguard's daemon in a preview.

They are our own, after what others document about theirs; none of them is any one program. All have a short
break every 20 minutes and, in place of each third, a long one: so often neckguard asks with its built-in
settings, whose lengths of breaks and snoozes they have, too. They look at clock and hands every few seconds,
and hear of nothing that they do not ask for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from neckguard.core import NEVER, Answered, Card, Closed, Content, Course, Event, Kind, Plan, Reminder, Verb
from neckguard.preview.scenario import Fixture
from neckguard.preview.simulated_life import SimulatedDesktop, SimulatedLife
from neckguard.preview.trace import Notes

FORCED = "forced"
"""The kind of a card that takes the keyboard away, so that nobody can work on."""

_SHORT, _LONG = 1200.0, 3600.0  # seconds between short breaks, and between long ones
_LOOKS, _LOOKS_CLOSELY = 5.0, 2.0  # seconds between two looks; while something waits for a gap
_AT_WORK = 5.0  # seconds without input after which a clock that counts use stands still


@dataclass(slots=True)
class _Clock:
    """A countdown to breaks that take turns."""

    every: float
    turns: tuple[Reminder, ...]
    ran: float = 0.0
    turn: int = 0
    ignored: int = 0  # prompts in a row

    @property
    def reminder(self) -> Reminder:
        return self.turns[self.turn % len(self.turns)]

    def put_off(self) -> None:
        self.ran = self.every - self.reminder.snooze

    def skip(self) -> None:
        self.ran, self.turn, self.ignored = 0.0, self.turn + 1, 0

    def rest(self) -> None:
        """The countdown to the next begins after it."""
        self.ran, self.turn, self.ignored = -self.reminder.duration, self.turn + 1, 0

    def start_afresh(self) -> None:
        self.ran, self.turn, self.ignored = 0.0, 0, 0


@dataclass(slots=True)
class _Open:
    """The card on the screen."""

    key: str
    clock: _Clock
    closes_at: float


class _Peer(SimulatedLife):
    """A reminder that knows the time, and nothing else. It shares no more with neckguard than its ways in."""

    name: str
    heeds_dnd = False
    counts_use = False  # only the time in which keyboard and mouse are used
    gap = 0.0  # seconds without input that it waits for
    gone = NEVER  # seconds without input after which nothing is shown before the next
    insists = 0  # so many prompts may be ignored before the break is forced; 0: it is let go at once

    def __init__(
        self,
        plan: Plan,
        _content: Content,
        around: SimulatedDesktop,
        show: Callable[[Card, Course | None], None],
        _saved: Mapping[str, Any] | None = None,
    ) -> None:
        self.plan, self.notes, self.screen = plan, Notes(), {}
        self._around, self._show = around, show
        reminders = {reminder.name: reminder for reminder in plan.reminders}
        self._clocks = self.clocks(reminders["stretch"], reminders["break"])
        self._open: _Open | None = None
        self._shows = 0
        self._looked = self._rests_until = 0.0

    def clocks(self, short: Reminder, long: Reminder) -> tuple[_Clock, ...]:
        """What it counts; a prompt of one stands for those after it."""
        return (_Clock(_SHORT, (short, short, long)),)

    def rest_of(self, _reminder: Reminder) -> float:
        """So long an absence starts the countdown to it afresh."""
        return NEVER

    # ---- what the desk asks of a daemon -------------------------------------------------------------------

    @property
    def guiding(self) -> bool:
        """Whether the person rests at the desk."""
        return self._around.clock.boot < self._rests_until

    def wakes_at(self) -> float:
        """When it looks next."""
        waits = self.gap and self._open is None and self._due is not None
        return self._looked + (_LOOKS_CLOSELY if waits else _LOOKS)

    def wake(self) -> None:
        """Look at the clock and at the hands."""
        passed, self._looked = self._around.clock.boot - self._looked, self._around.clock.boot
        idle = self._looked - self._around.person.last(self._looked)
        hushed = self.heeds_dnd and Fixture.DND in self._around.on
        counts = not hushed and not (self.counts_use and idle >= _AT_WORK)
        for clock in self._clocks:
            if idle >= self.rest_of(clock.reminder) - _LOOKS:  # it may be over before the next look
                clock.start_afresh()
            elif counts:
                clock.ran += passed
        if self._open is not None:
            self._mind(self._open)
        elif not hushed and self.gap <= idle < self.gone and self._due is not None:
            self._put_up_next(self._due)

    def tell(self, fixture: Fixture) -> None:
        """It does not listen, it looks."""

    def feed(self, event: Event | Verb) -> None:
        """What the person does about a card."""
        if self._open is None:
            return
        clock = self._open.clock
        match event:
            case Answered(_, "snooze"):
                self._settle(clock, _Clock.put_off)
            case Answered(_, "skip") | Closed():
                self._settle(clock, _Clock.skip)
            case Answered():
                if clock.reminder.kind is not Kind.BREAK:  # for which they are about to leave
                    self._rests_until = self._around.clock.boot + clock.reminder.duration
                self._settle(clock, _Clock.rest)

    # ---- cards --------------------------------------------------------------------------------------------

    @property
    def _due(self) -> _Clock | None:
        return next((clock for clock in self._clocks if clock.ran >= clock.every), None)

    def _put_up_next(self, clock: _Clock) -> None:
        self._shows += 1
        key, reminder = f"card-{self._shows}", clock.reminder
        self.screen[key] = self._shows
        self._open = _Open(key, clock, self._looked + reminder.duration)
        kind = FORCED if 0 < self.insists <= clock.ignored else reminder.kind
        self._show(Card(key, reminder.name, (), kind=kind), Course(reminder))

    def _mind(self, card: _Open) -> None:
        """Take it away when they have left, or, ignored, when it has stood as long as the break lasts."""
        clock = card.clock
        if clock.ran < clock.every:
            self._close()
        elif self._looked >= card.closes_at:
            clock.ignored += 1
            self._settle(clock, _Clock.put_off if self.insists else _Clock.skip)

    def _settle(self, clock: _Clock, how: Callable[[_Clock], None]) -> None:
        how(clock)
        for shorter in self._clocks[self._clocks.index(clock) + 1 :]:  # it stood for them
            shorter.start_afresh()
        self._close()

    def _close(self) -> None:
        self._open = None
        self.screen.clear()


class PlainTimer(_Peer):
    """Asks by the clock, whatever happens, as a line in a crontab does."""

    name = "a plain timer"


class HeedfulTimer(_Peer):
    """A timer with all the tact that Stretchly, Safe Eyes and GNOME document, each at its best, in one."""

    name = "a heedful timer"
    # Stretchly, README, "Default behavior": breaks are paused while Do Not Disturb is on.
    heeds_dnd = True
    # Safe Eyes, plugins/smartpause/config.json, `postpone_if_active`, which is off unless one sets it; by
    # plugin.py a break waits until there was no input for two seconds, as long as that takes.
    gap = 2.0
    # GNOME Shell, js/misc/breakManager.js: a break falls due for who is active, not for who is idle, which
    # begins with ten seconds without input.
    gone = 10.0

    def rest_of(self, _reminder: Reminder) -> float:
        """Stretchly, the same: five idle minutes pause breaks. GNOME, the same: a rest starts them afresh."""
        return 300.0


class ActivityTimer(_Peer):
    """Counts the use of keyboard and mouse, and insists: what Workrave documents, by its defaults."""

    name = "an activity timer"
    # workrave.org/docs/settings/timers, "Time between breaks": the time that one must have used them.
    counts_use = True
    # The same, "Maximum number of prompts": so often they may be ignored before a break is forced. Calls are
    # unknown to it: its quiet mode is the person's to switch (workrave.org/faq/operation_mode).
    insists = 3

    def clocks(self, short: Reminder, long: Reminder) -> tuple[_Clock, ...]:
        """The same: each sort of break has its own."""
        return (_Clock(_LONG, (long,)), _Clock(_SHORT, (short,)))

    def rest_of(self, reminder: Reminder) -> float:
        """The same, "Break duration": so long one must be idle for the break to be reset."""
        return reminder.duration
