"""The engine: composes all transitions. Pure: events, verbs and the moment go in, effects come out.

Invariants:
- At most one prompt is visible. Every prompt settles exactly once, whatever arrives in whatever order.
- Nothing is shown while a hold is in force, nor early, nor twice; `now` alone overrides quiet and off-hours.
- A reminder that is owed stays so until its prompt settles, an absence counts for it, or (for `at`) midnight;
  or until it turns out that nobody sat when it fell due.
- The sitting clock runs exactly while no hold is in force; all countdowns stand on it. It never jumps ahead,
  and back only to where it stood when somebody left, if that is found out later.
- `deadline()` is when time alone will change something; handling it strictly advances it.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from neckguard.core import verbs
from neckguard.core.model import (
    SLACK,
    Answered,
    AnswersChanged,
    AwayBegan,
    AwayEnded,
    Closed,
    Delivered,
    Effect,
    Event,
    Hide,
    Idle,
    Input,
    KeptAwake,
    Looked,
    Moment,
    NotifierChanged,
    PlanChanged,
    QuietChanged,
    Record,
    ScreenReader,
    Show,
    Slept,
    SourceChanged,
    Tick,
    Undelivered,
)
from neckguard.core.neck.flare_plan import under_flare
from neckguard.core.neck.programme import Content, Programme
from neckguard.core.person.presence import PresenceState
from neckguard.core.plan import Plan
from neckguard.core.reminders import cards
from neckguard.core.reminders.course import Course
from neckguard.core.reminders.courses import Courses
from neckguard.core.rules.answers import react
from neckguard.core.rules.approach import TYPING, Approach
from neckguard.core.rules.attendance import Attendance
from neckguard.core.rules.care import Care
from neckguard.core.rules.dates import Dates
from neckguard.core.rules.guidance import Guidance
from neckguard.core.rules.quiet import QuietReasons, QuietSpan
from neckguard.core.rules.requests import obey
from neckguard.core.rules.stage import Stage
from neckguard.core.rules.timers import Timers
from neckguard.core.timing.calendar import NEVER, Calendar
from neckguard.core.timing.pauses import PauseState
from neckguard.core.timing.wallclock import at_instant

DECISIONS_KEPT = 20
LONGEST_NAP = 240.0
"""The engine wants to be called at least this often while somebody may sit there (heartbeat, gaps)."""

_LATE = 2.0  # a call later than this means that the process did not live meanwhile; a shorter sleep is none


class Engine:
    """Reminders in, prompts out. One instance is one life of the daemon."""

    def __init__(self, plan: Plan, content: Content, now: Moment) -> None:
        self.chosen = self.plan = plan  # what the person wants, and what a flare-up makes of it
        self.content = content
        self.programme = Programme(content, plan)
        self.now = now
        self.calendar = Calendar(plan.hours, now.wall)
        self.dates = Dates(self)
        self.presence = PresenceState(now.boot, still_counts=plan.presence.still_counts)
        self.pause: PauseState | None = None
        self.decisions: deque[Record] = deque(maxlen=DECISIONS_KEPT)
        self.effects: list[Effect] = []
        self.courses = Courses(now, self.emit)
        self.stage = Stage(self, content.topics)
        self.guidance = Guidance(self)
        self.attendance = Attendance(self)
        self.quiet_reasons = QuietReasons(self)
        self.approach = Approach(self)
        self.care = Care(self)
        self.timers = Timers(self)
        self.settle_since = self.settle_until = now.boot
        self.settle_reason = ""
        for reminder in plan.reminders:
            self.courses.add(reminder)
        self.settle("neckguard started")
        self.state, self.state_since = self._state_word(), now.wall
        self._changes_at = self._deadline = now.boot  # at once: nobody has asked yet what time will change
        self._looked_ahead = True

    # ---- what the outside calls ---------------------------------------------------------------------------

    def handle(self, event: Event | verbs.Verb, now: Moment) -> list[Effect]:
        """Let time pass until `now`, then let `event` happen. The boot clock never goes back."""
        self.effects = []
        if now != self.now or isinstance(event, Tick):
            self._look_ahead()
            if isinstance(event, Tick) and self._uneventful(now):
                self._sit_until(now)
                self._deadline = min(self._changes_at, self._naps_until())
                return self.effects
            self._pass_time(event, now)
        if not isinstance(event, Tick):
            self._react(event)
            self._step(now)  # what the event made due is due now
        self.care.mind()
        self.timers.mind()
        self.stage.show_next()
        self.attendance.choose_threshold()
        self._note_state()
        self._looked_ahead = False
        return self.effects

    def deadline(self) -> float | None:
        """The boot time at which to call again if nothing happens before; None: never."""
        self._look_ahead()
        return None if self._deadline == NEVER else self._deadline

    def live_again(self, away_since: float | None, lived: Moment, now: Moment) -> None:
        """After a restart: catch up with the last life, then come back from the time between."""
        if away_since is not None:
            self.presence.leave(away_since)
        self._advance(lived)
        if self.presence.away:
            self._advance(now)  # and still away, until somebody who can tell says otherwise
        else:
            self.attendance.miss(lived.boot, "not running")
            self._advance(now)
            self.attendance.go_on()
        self.settle("neckguard started")
        self._note_state()

    # ---- what can be asked --------------------------------------------------------------------------------

    @property
    def holds(self) -> tuple[str, ...]:
        """Why the countdowns stand still, in the order `status` ranks them."""
        reasons = {
            "paused": self.pause is not None,
            "off_hours": not self.calendar.open,
            "away": self.presence.away,
        }
        return tuple(reason for reason, on in reasons.items() if on)

    @property
    def held(self) -> bool:
        """Whether the countdowns stand still; asked at every step, so without building `holds`."""
        return self.pause is not None or not self.calendar.open or self.presence.away

    @property
    def settling(self) -> bool:
        """Whether a change is too recent for a prompt."""
        return self.now.boot < self.settle_until - SLACK

    @property
    def idle_threshold(self) -> float:
        """The idle time in seconds that the source of presence shall tell of, see `Idle`."""
        return self.attendance.threshold

    @property
    def quiet(self) -> tuple[QuietSpan, ...]:
        """Why an owed prompt is not shown yet, or would not be."""
        reasons = self.quiet_reasons.spans
        if self.pause is not None or self.presence.away:
            return reasons
        if self.approach.obstacle == TYPING and self.approach.since is not None:
            reasons += (QuietSpan("typing", TYPING, self.later(self.approach.since - self.now.boot)),)
        if self.settling and any(
            course.owed and not course.visible and not course.given_up for course in self.courses
        ):
            since = self.later(self.settle_since - self.now.boot)
            reasons += (QuietSpan("settling", self.settle_reason, since),)
        return reasons

    def later(self, seconds: float) -> datetime:
        """The wall time so many seconds from now; negative ones have passed."""
        return at_instant(self.calendar.instant + seconds, self.now.wall)

    def due_in(self, course: Course) -> float | None:
        """Seconds until it is due: sitting time, or wall time for `at`; 0 if owed, None if off."""
        span = self.courses.due_in(course)
        if span is None and course.reminder.at and course.reminder.enabled:
            upcoming = self.calendar.next_open(course)
            return None if upcoming is None else max(0.0, upcoming.instant - self.calendar.instant)
        return span

    def next_due(self) -> Course | None:
        """The reminder that comes next: of several the longest; what went unanswered comes last."""
        ranked = [
            (course.given_up and not course.visible, span, -course.reminder.duration, course.name)
            for course in self.courses
            if (span := self.due_in(course)) is not None
        ]
        return self.courses[min(ranked)[-1]] if ranked else None

    # ---- time ---------------------------------------------------------------------------------------------

    def _uneventful(self, now: Moment) -> bool:
        """Whether we were called in time, before anything changes, by clocks that agree: most naps are so."""
        drift = (now.wall.timestamp() - now.boot) - (self.calendar.instant - self.now.boot)
        in_time = now.boot <= self._deadline + SLACK and now.boot < self._changes_at - SLACK
        return in_time and abs(drift) < SLACK and now.wall.tzinfo is self.now.wall.tzinfo

    def _naps_until(self) -> float:
        """When to be called although nothing changes, so that a gap in our life is noticed."""
        if not self.calendar.open or self.presence.away:
            return NEVER
        return self.now.boot + min(LONGEST_NAP, self.attendance.shortest_absence())

    def _pass_time(self, event: Event | verbs.Verb, now: Moment) -> None:
        missed = 0.0 if self.presence.away else self._missed(event, now)
        if missed:
            self._advance(earlier(now, missed))
            self.attendance.miss(self.now.boot, "asleep" if isinstance(event, Slept) else "not running")
        self._advance(now)
        if missed:
            self.attendance.live_on()

    def _missed(self, event: Event | verbs.Verb, now: Moment) -> float:
        """How long we did not live just before `now`, if it counts as an absence."""
        since_last = now.boot - self.now.boot
        slept = min(event.seconds, since_last) if isinstance(event, Slept) else 0.0
        late_by = now.boot - slept - self._deadline
        if late_by > 0:
            shortest = self.attendance.shortest_absence()
            if late_by > min(_LATE, shortest / 4) and since_last >= shortest:
                return since_last
        return slept if slept >= _LATE else 0.0

    def _advance(self, now: Moment) -> None:
        """Go to `now`, stopping at each deadline on the way so that every boundary is met in order."""
        while self._deadline < now.boot:
            ahead = (deadline for deadline in self._deadlines() if deadline > self.now.boot + SLACK)
            reached = min(ahead, default=NEVER)
            if reached >= now.boot:
                break
            self._step(earlier(now, now.boot - reached))
            self.stage.show_next()
        self._step(now)

    def _step(self, now: Moment) -> None:
        """Let time pass up to a moment that no boundary lies before."""
        self._sit_until(now)
        self.dates.mind()
        self._mind_the_pause()
        self.attendance.mind()
        self.stage.mind()
        self.quiet_reasons.mind()
        self.guidance.mind()
        self.approach.mind()

    def _sit_until(self, now: Moment) -> None:
        """Let the clocks go on."""
        passed, held = max(0.0, now.boot - self.now.boot), self.held
        self.attendance.mark(runs=not held)
        self.stage.pass_time(passed)
        self.now = self.courses.now = now
        if not held:
            self.courses.run(passed)
        self.dates.read(now.wall)

    def _mind_the_pause(self) -> None:
        if self.pause is None:
            return
        left = self.pause.left(self.now)
        if left is not None and left <= SLACK:
            self.end_pause("it was over")
        elif self.pause.mention_at <= self.now.boot + SLACK and not self.presence.away:
            self.pause = replace(self.pause, mentioned=self.now.boot)
            self.emit(Show(cards.pause_note(self.pause.since)))

    def _look_ahead(self) -> None:
        """Find the next deadline, once after all that happened at one moment: it takes a while."""
        if not self._looked_ahead:
            self._looked_ahead = True
            self._changes_at = min(self._deadlines(), default=NEVER)
            self._deadline = min(self._changes_at, self._naps_until())

    # ---- deadlines ----------------------------------------------------------------------------------------

    def _deadlines(self) -> Iterable[float]:
        boot, instant = self.now.boot, self.calendar.instant
        if not self.held:
            span = self.courses.timeline.next_due()
            if span is not None:
                yield boot + max(SLACK, span)  # what new settings made due while all stood still is overdue
        if self.calendar.changes_at != NEVER:
            yield boot + max(SLACK, self.calendar.changes_at - instant)
        if self.pause is not None:
            yield from self._pause_deadlines(self.pause)
        yield from self.dates.deadlines(boot - instant)
        yield from self.care.deadlines(boot - instant)
        if self.timers.timer is not None:
            yield from self.timers.deadlines()
        yield from self.attendance.deadlines()
        yield from self.stage.deadlines()
        yield from self.guidance.deadlines()
        yield from self.quiet_reasons.deadlines()
        yield from self.approach.deadlines()

    def _pause_deadlines(self, pause: PauseState) -> Iterable[float]:
        left = pause.left(self.now)
        if left is not None:
            yield self.now.boot + left
        elif not self.presence.away:
            yield pause.mention_at

    # ---- events -------------------------------------------------------------------------------------------

    def _react(self, event: Event | verbs.Verb) -> None:
        match event:
            case Tick() | Slept():
                return  # time has passed already
            case AwayBegan() | AwayEnded() | SourceChanged() | Input() | Idle() | KeptAwake():
                self.attendance.hear(event)
            case AnswersChanged(answers):
                self.care.learn(answers)
            case QuietChanged():
                self.quiet_reasons.hear(event)
            case Looked():
                self.approach.looked()
            case NotifierChanged(ready, keeps, smooth):
                self.stage.notifier_changed(ready=ready, keeps=keeps, smooth=smooth)
                self.timers.notifier_changed(ready=ready)
            case ScreenReader(on):
                self.stage.patient = on
            case Delivered() | Undelivered() | Answered() | Closed():
                react(self, event)
            case PlanChanged(plan):
                self._change_plan(plan)
            case _:
                self.emit(obey(self, event))

    # ---- settings and pause -------------------------------------------------------------------------------

    def _change_plan(self, plan: Plan) -> None:
        self.chosen = plan
        self.put_in_force()
        self.care.plan_changed()
        self.courses.record("settings", reason="applied")

    def put_in_force(self) -> None:
        """Go by the person's settings, as far as a flare-up leaves them."""
        plan = self.chosen if self.care.flare is None else under_flare(self.chosen)
        if plan == self.plan:
            return
        if plan.quiet != self.plan.quiet:
            self.approach.renew()
        self.plan = self.programme.plan = plan
        self.calendar.set_hours(plan.hours)
        wanted = {reminder.name: reminder for reminder in plan.reminders}
        for gone in [course for course in self.courses if course.name not in wanted]:
            self.courses.remove(gone)
        for name, reminder in wanted.items():
            course = self.courses.get(name)
            if course is None:
                self.courses.add(reminder)
            elif course.reminder != reminder:
                self.courses.change(course, reminder)
                self.calendar.forget(name)
        self.courses.lend_slots()
        self.presence.still_counts = plan.presence.still_counts
        self.quiet_reasons.review()

    def begin_pause(self, pause: PauseState) -> None:
        """Hold everything; a new pause replaces the old one."""
        self.emit(Hide(cards.PAUSE_NOTE))
        self.pause = pause
        self.stage.hide("paused")
        self.courses.record("paused", reason=pause.reason)

    def end_pause(self, why: str) -> None:
        """Go on where it stood."""
        self.emit(Hide(cards.PAUSE_NOTE))
        self.pause = None
        self.settle("the pause ended")
        self.courses.record("resumed", reason=why)

    def settle(self, reason: str, *, seconds: float | None = None, since: float | None = None) -> None:
        """After a change, now or at `since`, nothing is shown for a while: by default for `settle`."""
        began = self.now.boot if since is None else since
        until = began + (self.plan.quiet.settle if seconds is None else seconds)
        if until >= self.settle_until - SLACK:
            self.settle_reason, self.settle_since, self.settle_until = reason, began, until

    def _note_state(self) -> None:
        word = self._state_word()
        if word != self.state:
            self.state, self.state_since = word, self.now.wall

    def _state_word(self) -> str:
        """The one word for `status`: paused > off_hours > away > quiet > running."""
        if self.held:
            return self.holds[0]
        return "quiet" if self.quiet else "running"

    def emit(self, effect: Effect) -> None:
        """Add to what `handle` returns."""
        self.effects.append(effect)
        if isinstance(effect, Record):
            self.decisions.append(replace(effect, note="") if effect.note else effect)


def earlier(now: Moment, seconds: float) -> Moment:
    """The moment so many seconds before, on both clocks."""
    return Moment(now.boot - seconds, at_instant(now.wall.timestamp() - seconds, now.wall))
