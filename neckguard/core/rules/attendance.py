"""Attendance: what coming, going and silence of the person do to the reminders."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from neckguard.core.model import (
    PRESENT_WITHIN,
    SLACK,
    AwayBegan,
    AwayEnded,
    Idle,
    Input,
    KeptAwake,
    Record,
    SourceChanged,
)
from neckguard.core.person.presence import RETURN_APART
from neckguard.core.plan import Kind
from neckguard.core.timing.calendar import NEVER
from neckguard.core.timing.durations import say_span
from neckguard.core.timing.sitting import SittingLog
from neckguard.core.timing.wallclock import say_when

if TYPE_CHECKING:
    from neckguard.core.engine import Engine

INPUT_HOLDS = 5.0
"""An input shows for so many seconds that somebody looks at an open prompt."""

PresenceEvent = SourceChanged | Input | Idle | KeptAwake | AwayBegan | AwayEnded


class Attendance:
    """Applies presence to the courses. Times on the boot clock."""

    def __init__(self, engine: "Engine") -> None:
        self.threshold = engine.plan.presence.idle_after  # the idle time that the source shall tell of
        self.asked_at = engine.now.boot  # since when
        self._engine = engine
        self.sitting = SittingLog()

    def hear(self, event: PresenceEvent) -> None:
        """Somebody went, came, or was heard of."""
        presence, boot = self._engine.presence, self._engine.now.boot
        match event:
            case AwayBegan(reason) if presence.begin(reason, boot):
                self._gone(reason)
            case AwayEnded(reason, certain) if presence.end(reason, certain=certain):
                self.come_back()
            case Input(last):
                self._hear_input(last)
            case Idle(last):
                presence.heard_idle(last, boot)
                if presence.backdate(boot):
                    self._take_back()
            case KeptAwake(on, since):
                presence.keep_awake(on, since)
            case SourceChanged(source):
                presence.follow(source)
                if presence.away and not presence.reasons and not source:
                    self.come_back()  # nobody could tell when they are

    def _hear_input(self, last: float) -> None:
        presence = self._engine.presence
        rested = presence.idle and last - presence.last_input >= PRESENT_WITHIN
        returned = presence.heard_input(last, self._engine.now.boot)
        if returned is not None:
            self.come_back(returned)
        elif rested:
            self._engine.guidance.say_what_remains()

    # ---- time ---------------------------------------------------------------------------------------------

    def mark(self, *, runs: bool) -> None:
        """From now on the sitting clock runs, or stands still."""
        self.sitting.mark(self._engine.now.boot, self._engine.courses.timeline.sitting, runs=runs)

    def mind(self) -> None:
        """Notice that nobody gave input for too long."""
        engine = self._engine
        if not engine.presence.idle or self._leaves_at() > engine.now.boot + SLACK:
            return
        since = engine.presence.seen_until(engine.now.boot)
        engine.presence.leave(since)
        self._take_back()
        self._gone(f"no input since {say_when(engine.later(since - engine.now.boot), engine.now.wall)}")

    def deadlines(self) -> Iterator[float]:
        """When time alone will change something here."""
        if self._engine.presence.idle:
            yield self._leaves_at()

    def shortest_absence(self) -> float:
        """How long a gap counts as an absence: while a break is open, owed or taken, what would do for it."""
        courses = self._engine.courses
        shortest = self._engine.plan.presence.idle_after
        for course in courses:  # asked at every step: a plain loop is the fastest
            if course.owed_since is not None or course.reminder.name == courses.break_taken:
                reset_after = course.reminder.reset_after
                if reset_after and course.reminder.kind is Kind.BREAK and reset_after < shortest:
                    shortest = reset_after
        return shortest

    def _leaves_at(self) -> float:
        if self._engine.courses.guide is not None:
            return NEVER  # whoever follows a guide has their hands off
        return self._engine.presence.leaves_at(self._engine.now.boot, self.shortest_absence())

    # ---- what the source shall tell -----------------------------------------------------------------------

    def choose_threshold(self) -> None:
        """Find the idle time that matters next."""
        engine = self._engine
        if engine.presence.away or (engine.presence.idle and not engine.presence.here(engine.now.boot)):
            wanted = RETURN_APART
        elif engine.approach.since is not None:
            wanted = engine.approach.threshold
        elif engine.courses.showing is not None:
            wanted = INPUT_HOLDS
        elif engine.courses.break_taken:
            wanted = PRESENT_WITHIN  # whether they left for it
        else:
            wanted = NEVER
        wanted = min(wanted, self.shortest_absence())
        if wanted != self.threshold:
            self.threshold, self.asked_at = wanted, engine.now.boot

    def knows(self, threshold: float) -> bool:
        """Whether the source was asked for idle times this short, and has told how it is."""
        return self.threshold <= threshold and self._engine.presence.told_at >= self.asked_at

    def counts_until(self) -> float:
        """Up to when time counts as spent in front of an open prompt, if nothing else is heard."""
        presence = self._engine.presence
        if not presence.source or not presence.idle or presence.still(self._engine.now.boot):
            return NEVER
        return presence.last_input + INPUT_HOLDS

    # ---- going and coming ---------------------------------------------------------------------------------

    def miss(self, since: float, reason: str) -> None:
        """The daemon did not live, or the machine slept, from then on."""
        self._engine.presence.leave(since)
        self._gone(reason)

    def live_on(self) -> None:
        """Life goes on after what was missed: if inputs are told, they say when somebody is back."""
        if not self._engine.presence.source and not self._engine.presence.reasons:
            self.come_back()

    def come_back(self, since: float | None = None) -> None:
        """Somebody is there, and was since then: the absence counts, and what they sat meanwhile."""
        boot = self._engine.now.boot
        began = boot if since is None else since
        self._settle_absence(self._engine.presence.arrive(began), began)
        self.sitting.begin_anew(began, self._engine.courses.timeline.sitting, runs=not self._engine.held)
        if not self._engine.held:
            self._engine.courses.run(boot - began)

    def go_on(self) -> None:
        """The daemon lives again. Whether somebody is there the source will tell, even of the time before."""
        presence, boot = self._engine.presence, self._engine.now.boot
        arrived = presence.arrived
        self._settle_absence(presence.arrive(boot), boot)
        presence.arrived = arrived

    def _settle_absence(self, absence: float, began: float) -> None:
        engine = self._engine
        self._record("back", f"after {say_span(absence)}", since=began)
        engine.settle("you came back", since=began)
        taken = engine.courses.arrive(absence, began)
        engine.courses.absence(absence, taken=taken)
        if engine.courses.break_taken:
            engine.guidance.say_what_remains()
        elif taken:
            engine.guidance.welcome()

    def _gone(self, reason: str) -> None:
        if self._engine.courses.guide is not None:
            self._engine.presence.followed_until = self._engine.now.boot
        self._engine.presence.away_why = reason.partition(" since ")[0]
        self._record("away", reason, since=self._engine.presence.away_since)
        self._engine.stage.hide("away")

    def _record(self, what: str, reason: str, *, since: float | None) -> None:
        """Tell the log and the history; `since` is boot clock."""
        engine = self._engine
        began = engine.now.wall if since is None else engine.later(since - engine.now.boot)
        engine.emit(Record(engine.now.wall, what, reason=reason, since=began))

    def _take_back(self) -> None:
        """What counted as sitting since the absence began did not."""
        engine = self._engine
        if engine.presence.away_since is not None:
            then = self.sitting.at(engine.presence.away_since)
            engine.courses.take_back(then)
            self.sitting.begin_anew(engine.now.boot, then, runs=False)
