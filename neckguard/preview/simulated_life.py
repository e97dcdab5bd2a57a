"""The daemon of a preview: the real engine between a simulated desktop and a virtual clock.

Everything outside plays its real part: the source tells of inputs as it was asked to, calls are only found
when the engine looks, and a daemon that sleeps or does not run hears nothing until it is told how things are.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from neckguard.core import (
    Content,
    Course,
    Engine,
    LastLife,
    Plan,
    events,
    model,
    revive,
    take_anchor,
    take_state,
    verbs,
)
from neckguard.preview.person import NEVER, Person, SimulatedSource
from neckguard.preview.scenario import ASKED, Fixture
from neckguard.preview.trace import Notes

AWAY = {
    Fixture.LOCK: model.Away.LOCKED,
    Fixture.SLEEP: model.Away.ASLEEP,
    Fixture.AWAY: model.Away.BACKGROUND,
}
_QUIET = {
    Fixture.CALL: (model.QuietReason.CALL, "microphone in use"),
    Fixture.SHARE: (model.QuietReason.PRESENTING, "the screen is shared"),
    Fixture.FULLSCREEN: (model.QuietReason.FULLSCREEN, "an application fills the screen"),
    Fixture.PROGRAM: (model.QuietReason.PROGRAM, "a program you named is running"),
    Fixture.DND: (model.QuietReason.DND, "do not disturb"),
}
_SOURCE = "simulated"

Event = events.Event | verbs.Verb


@dataclass(slots=True)
class SimulatedClock:
    """Both clocks of the machine. `boot` begins at 0; `instant` is what the wall clock shows, POSIX."""

    instant: float
    zone: tzinfo | None
    boot: float = 0.0

    @property
    def now(self) -> model.Moment:
        """This moment."""
        return model.Moment(self.boot, self.wall(self.boot))

    def wall(self, boot: float) -> datetime:
        """What the wall clock would show at a boot time, as it is set now."""
        return datetime.fromtimestamp(self.instant + boot - self.boot, self.zone)

    def go_to(self, boot: float) -> None:
        """Let time pass; it never goes back."""
        passed = max(0.0, boot - self.boot)
        self.boot, self.instant = self.boot + passed, self.instant + passed


@dataclass(slots=True)
class SimulatedDesktop:
    """The simulated desktop around the daemon."""

    clock: SimulatedClock
    person: Person
    on: set[Fixture]
    kept_since: float = 0.0  # since when the inhibitor is as it is
    server_keeps: bool = False  # what goes unanswered


class SimulatedLife:
    """The daemon, whether or not it lives just now. `show` is called with each card and whose it is."""

    def __init__(
        self,
        plan: Plan,
        content: Content,
        around: SimulatedDesktop,
        show: Callable[[model.Card, Course | None], None],
        saved: Mapping[str, Any] | None = None,
    ) -> None:
        self.plan = plan
        self.notes = Notes()
        self.screen: dict[str, int] = {}  # the open cards, and how many were shown when each came
        self._shows = 0
        self._content, self._around, self._show = content, around, show
        self._source = SimulatedSource(around.person)
        self._inbox: deque[Event] = deque()
        self._found = set[Fixture]()  # when the engine looked last
        self._asleep_since: float | None = None
        self._kept: dict[str, Any] | None = None  # by a daemon that does not run
        self._stopped_at = self._starts_at = 0.0
        now = around.clock.now
        if saved is None:
            self._engine = Engine(plan, content, now)
        else:  # the daemon never ended: what a new life would say of the time between is not told
            life = LastLife(now, now, shift=now.boot - saved["anchor"]["boot"])
            self._engine = revive(plan, content, dict(saved), life)
        self._greet()

    @property
    def stopped(self) -> bool:
        """Whether the daemon does not run."""
        return self._kept is not None

    @property
    def guiding(self) -> bool:
        """Whether the person is guided through a stretch now."""
        return not self.stopped and self._engine.world.courses.guide is not None

    @property
    def deaf(self) -> bool:
        """Whether it cannot hear anything now."""
        return self._asleep_since is not None or self.stopped

    # ---- time ---------------------------------------------------------------------------------------------

    def wakes_at(self) -> float:
        """When time alone, or the source, has something to say to it."""
        if self.deaf:
            return NEVER
        deadline = self._engine.deadline()
        return min(self._source_tells_at(), NEVER if deadline is None else deadline)

    def wake(self) -> None:
        """That time has come."""
        boot = self._around.clock.boot
        self.feed(self._source.tell(boot) if self._source_tells_at() <= boot else events.Tick())

    def _source_tells_at(self) -> float:
        around = self._around
        return self._source.tells_at(around.clock.boot) if Fixture.SOURCE in around.on else NEVER

    # ---- events and effects -------------------------------------------------------------------------------

    def feed(self, event: Event) -> None:
        """Tell it, if it hears; effects may lead to further events, which wait their turn."""
        if self.deaf:
            return
        self._inbox.append(event)
        if len(self._inbox) > 1:
            return  # we are in the loop below
        clock = self._around.clock
        self.notes.waits.pass_time(clock.boot)
        while self._inbox:
            self._take(self._inbox[0])
            told = self._source.watch(self._engine.idle_threshold, clock.boot)
            if told and Fixture.SOURCE in self._around.on:
                self._inbox.append(told)
            self._inbox.popleft()
        self.notes.waits.look(self._engine)

    def _take(self, event: Event) -> None:
        """Hand it to the engine; what a verb is answered with is noted after what it did."""
        now = self._around.clock.now
        if isinstance(event, verbs.Verb):
            reply, effects = self._engine.obey(event, now)
            self._perform(effects)
            self.notes.happened(now.wall, "reply", reply.message)
        else:
            self._perform(self._engine.handle(event, now))

    def tell(self, fixture: Fixture) -> None:
        """Tell of a part of the desktop as it is now, if it is one that tells unasked."""
        on = fixture in self._around.on
        match fixture:
            case Fixture.DND:
                self.feed(self._quiet(fixture))
            case Fixture.INHIBIT:
                self.feed(events.KeptAwake(on, self._around.kept_since))
            case Fixture.SOURCE:
                self._source = SimulatedSource(self._around.person)  # a fresh one tells how it is at once
                self.feed(events.SourceChanged(_SOURCE if on else ""))
            case Fixture.SERVER:
                if not on:
                    self.screen.clear()
                self.feed(events.NotifierChanged(ready=on, keeps=self._around.server_keeps))
            case Fixture.LOCK | Fixture.AWAY | Fixture.SLEEP:
                self.feed(events.AwayBegan(AWAY[fixture]) if on else events.AwayEnded(AWAY[fixture]))
            case Fixture.CALL | Fixture.SHARE | Fixture.FULLSCREEN | Fixture.PROGRAM:
                return

    def _quiet(self, fixture: Fixture) -> events.QuietChanged:
        reason, detail = _QUIET[fixture]
        return events.QuietChanged(reason, detail if fixture in self._around.on else "")

    def _perform(self, effects: list[model.Effect]) -> None:
        for effect in effects:
            match effect:
                case model.Show(card):
                    self._put_up(card)
                case model.Hide(key):
                    self.screen.pop(key, None)
                case model.Look():
                    self._answer_look()
                case model.Record():
                    course = self._engine.world.courses.get(effect.reminder)
                    self.notes.record(effect, course.prompt.card if course and course.prompt else None)

    def _answer_look(self) -> None:
        """Tell what is on, and what no longer is."""
        told, self._found = self._found, self._around.on.intersection(ASKED)
        for fixture in ASKED:
            if fixture in self._found or fixture in told:
                self.feed(self._quiet(fixture))
        self.feed(events.Looked())

    def _put_up(self, card: model.Card) -> None:
        self._shows += 1
        self.screen[card.key] = self._shows
        course = self._engine.world.courses.with_card(card.key)
        if course is not None:
            self.feed(events.Delivered(card.key))
        self._show(card, course)

    # ---- sleep, end and start -----------------------------------------------------------------------------

    def fall_asleep(self) -> None:
        """The machine sleeps from now on."""
        self.tell(Fixture.SLEEP)
        self._asleep_since = self._around.clock.boot

    def wake_up(self) -> None:
        """The machine runs again."""
        if self._asleep_since is None:
            return
        slept, self._asleep_since = self._around.clock.boot - self._asleep_since, None
        self.start()
        self.feed(events.Slept(slept))
        self.tell(Fixture.SLEEP)
        self._tell_changes()

    def stop(self, seconds: float) -> float:
        """End at once with what it kept; when it is to start again, boot clock."""
        if self._kept is None:
            self._kept = {"anchor": take_anchor(self._engine), "state": take_state(self._engine)}
            self._stopped_at = self._around.clock.boot
            self.screen.clear()
        self._starts_at = self._around.clock.boot + seconds
        return self._starts_at

    def start(self) -> None:
        """Live again, if it is time, and the machine is awake."""
        clock = self._around.clock
        if self._kept is None or clock.boot < self._starts_at or self._asleep_since is not None:
            return
        kept, self._kept = self._kept, None
        lived = model.Moment(self._stopped_at, clock.wall(self._stopped_at))
        self._engine = revive(self.plan, self._content, kept, LastLife(lived, clock.now))
        self._perform(self._engine.world.effects)
        self._greet()

    def _greet(self) -> None:
        """What the adapters tell a daemon that starts."""
        self.tell(Fixture.SOURCE)
        self.tell(Fixture.SERVER)
        for fixture in AWAY.keys() & self._around.on:
            self.tell(fixture)
        self._tell_changes()

    def _tell_changes(self) -> None:
        """What may have changed while nobody listened."""
        self.tell(Fixture.DND)
        self.tell(Fixture.INHIBIT)
