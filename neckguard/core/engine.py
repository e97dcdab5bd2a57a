"""The engine: composes the rules. Pure: events, verbs and the moment go in, effects come out.

Invariants:
- At most one prompt is visible. Every prompt settles exactly once, whatever arrives in whatever order.
- Nothing is shown while a hold is in force, nor early, nor twice; `now` alone overrides quiet and off-hours.
- A reminder that is owed stays so until its prompt settles, an absence counts for it, or (`at`, `daily`)
  midnight; or until it turns out that nobody sat when it fell due.
- The sitting clock runs exactly while no hold is in force; all countdowns stand on it. It never jumps ahead,
  and back only to where it stood when somebody left, if that is found out later.
- The day's sitting is no countdown: it goes on under every hold but `away`.
- `deadline()` is when time alone will change something; handling it strictly advances it.

The rules, and below each those that it knows (`rules.ruleset` hands them out); all of them know the world:

    requests, answers      what the person says: all rules
    dates                  hours, `at` times, midnight: care
    care                   flare-ups: stage, the plan in force, the cards about a neck (quiet)
    attendance             coming and going: guidance, attention
    stage                  the one prompt on the screen: tact, approach, guidance, attention
    tact                   what is in a prompt's way: approach, quiet
    guidance               what stands in a prompt's place: quiet
    approach               the last steps to a prompt: attention, quiet
    quiet, attention, pausing, timers, daily
"""

from collections.abc import Iterable
from itertools import chain

from neckguard.core.events import (
    Answered,
    AnswersChanged,
    AwayBegan,
    AwayEnded,
    Closed,
    Delivered,
    Event,
    Idle,
    Input,
    KeptAwake,
    Looked,
    NotifierChanged,
    PlanChanged,
    QuietChanged,
    ScreenReader,
    Slept,
    SourceChanged,
    Tick,
    Undelivered,
)
from neckguard.core.model import NEVER, SLACK, Effect, Happening, Moment, Reply
from neckguard.core.neck.programme import Content
from neckguard.core.plan import Plan
from neckguard.core.rules.answers import react
from neckguard.core.rules.requests import obey
from neckguard.core.rules.ruleset import Rule, make_rules
from neckguard.core.timing.wallclock import at_instant
from neckguard.core.verbs import Verb
from neckguard.core.world import STARTED, World

LONGEST_NAP = 240.0
"""The engine wants to be called at least this often while somebody may sit there (heartbeat, gaps)."""

_LATE = 2.0  # a call later than this means that the process did not live meanwhile; a shorter sleep is none


class Engine:
    """Reminders in, prompts out. One instance is one life of the daemon."""

    def __init__(self, plan: Plan, content: Content, now: Moment) -> None:
        self.world = World(plan, content, now)
        self.rules = rules = make_rules(self.world)
        # What each boundary in time is met by, in this order; the rest acts once, after all that happened.
        self._at_boundaries: tuple[Rule, ...] = (
            rules.dates,
            rules.pausing,
            rules.attendance,
            rules.daily,
            rules.stage,
            rules.quiet,
            rules.guidance,
            rules.approach,
        )
        self._at_the_end: tuple[Rule, ...] = (rules.care, rules.timers)
        self._bounded = (self.world, *self._at_boundaries, *self._at_the_end)
        for reminder in plan.reminders:
            self.world.courses.add(reminder)
        self.world.begin_calm(STARTED)
        self.state, self.state_since = self._state_word(), now.wall
        self._changes_at = self._deadline = now.boot  # at once: nobody has asked yet what time will change
        self._looked_ahead = True

    # ---- what the outside calls ---------------------------------------------------------------------------

    def handle(self, event: Event, now: Moment) -> list[Effect]:
        """Let time pass until `now`, then let `event` happen. The boot clock never goes back."""
        self.world.effects = []
        if now != self.world.now or isinstance(event, Tick):
            self._look_ahead()
            if isinstance(event, Tick) and self._uneventful(now):
                self._sit_until(now)
                self._deadline = min(self._changes_at, self._naps_until())
                return self.world.effects
            self._pass_time(event, now)
        if not isinstance(event, Tick):
            self._react(event)
            self._step(now)  # what the event made due is due now
        return self._come_to_rest()

    def obey(self, verb: Verb, now: Moment) -> tuple[Reply, list[Effect]]:
        """Let time pass until `now`, then do what the person asks: the answer, and what to do about it."""
        self.world.effects = []
        if now != self.world.now:
            self._look_ahead()
            self._pass_time(Tick(), now)
        reply = obey(self.rules, verb)
        self._step(now)
        return reply, self._come_to_rest()

    def deadline(self) -> float | None:
        """The boot time at which to call again if nothing happens before; None: never."""
        self._look_ahead()
        return None if self._deadline == NEVER else self._deadline

    @property
    def idle_threshold(self) -> float:
        """The idle time in seconds that the source of presence shall tell of, see `Idle`."""
        return self.rules.attention.threshold

    def live_again(self, away_since: float | None, lived: Moment, now: Moment) -> None:
        """After a restart: catch up with the last life, then come back from the time between."""
        presence, attendance = self.world.presence, self.rules.attendance
        if away_since is not None:
            presence.leave(away_since)
        self._advance(lived)
        if presence.away:
            self._advance(now)  # and still away, until somebody who can tell says otherwise
        else:
            attendance.miss(lived.boot, "not running")
            self._advance(now)
            attendance.go_on()
        self.world.begin_calm(STARTED)
        self._note_state()

    # ---- what happens -------------------------------------------------------------------------------------

    def _react(self, event: Event) -> None:
        rules = self.rules
        match event:
            case Tick() | Slept():
                return  # time has passed already
            case AwayBegan() | AwayEnded() | SourceChanged() | Input() | Idle() | KeptAwake():
                rules.attendance.hear(event)
            case AnswersChanged(answers):
                rules.care.learn(answers)
            case QuietChanged():
                rules.quiet.hear(event)
            case Looked():
                rules.approach.looked()
            case NotifierChanged(ready, keeps, smooth, fleeting):
                self.world.screen.found(ready=ready, keeps=keeps, smooth=smooth, fleeting=fleeting)
                rules.stage.notifier_changed(ready=ready)
                rules.timers.notifier_changed(ready=ready)
                rules.care.notifier_changed(ready=ready)
            case ScreenReader(on):
                self.world.screen.patient = on
            case Delivered() | Undelivered() | Answered() | Closed():
                react(rules, event)
            case PlanChanged(plan):
                rules.care.plan_changed(plan)
                self.world.courses.record(Happening.SETTINGS, reason="applied")

    def _come_to_rest(self) -> list[Effect]:
        """After all that happened at one moment: what it makes worth saying, showing and knowing."""
        for rule in self._at_the_end:
            rule.on_time()
        self.rules.stage.show_next()
        self.rules.attention.choose_threshold(self.rules.approach.gap)
        self._note_state()
        self._looked_ahead = False
        return self.world.effects

    def _note_state(self) -> None:
        word = self._state_word()
        if word != self.state:
            self.state, self.state_since = word, self.world.now.wall

    def _state_word(self) -> str:
        """The one word for `status`: paused > off_hours > away > quiet > running."""
        if self.world.held:
            return self.world.holds[0]
        return "quiet" if self.rules.tact.quiet_spans() else "running"

    # ---- time ---------------------------------------------------------------------------------------------

    def _uneventful(self, now: Moment) -> bool:
        """Whether we were called in time, before anything changes, by clocks that agree: most naps are so."""
        before, instant = self.world.now, self.world.calendar.instant
        drift = (now.wall.timestamp() - now.boot) - (instant - before.boot)
        in_time = now.boot <= self._deadline + SLACK and now.boot < self._changes_at - SLACK
        return in_time and abs(drift) < SLACK and now.wall.tzinfo is before.wall.tzinfo

    def _naps_until(self) -> float:
        """When to be called although nothing changes, so that a gap in our life is noticed."""
        if not self.world.calendar.open or self.world.presence.away:
            return NEVER
        return self.world.now.boot + min(LONGEST_NAP, self.rules.attention.shortest_absence())

    def _pass_time(self, event: Event, now: Moment) -> None:
        missed = 0.0 if self.world.presence.away else self._missed(event, now)
        if missed:
            self._advance(earlier(now, missed))
            reason = "asleep" if isinstance(event, Slept) else "not running"
            self.rules.attendance.miss(self.world.now.boot, reason)
        self._advance(now)
        if missed:
            self.rules.attendance.live_on()

    def _missed(self, event: Event, now: Moment) -> float:
        """How long we did not live just before `now`, if it counts as an absence."""
        since_last = now.boot - self.world.now.boot
        slept = min(event.seconds, since_last) if isinstance(event, Slept) else 0.0
        late_by = now.boot - slept - self._deadline
        if late_by > 0:
            shortest = self.rules.attention.shortest_absence()
            if late_by > min(_LATE, shortest / 4) and since_last >= shortest:
                return since_last
        return slept if slept >= _LATE else 0.0

    def _advance(self, now: Moment) -> None:
        """Go to `now`, stopping at each deadline on the way so that every boundary is met in order."""
        while self._deadline < now.boot:
            ahead = (deadline for deadline in self._deadlines() if deadline > self.world.now.boot + SLACK)
            reached = min(ahead, default=NEVER)
            if reached >= now.boot:
                break
            self._step(earlier(now, now.boot - reached))
            self.rules.stage.show_next()
        self._step(now)

    def _step(self, now: Moment) -> None:
        """Let time pass up to a moment that no boundary lies before."""
        self._sit_until(now)
        for rule in self._at_boundaries:
            rule.on_time()

    def _sit_until(self, now: Moment) -> None:
        """Let the clocks go on."""
        runs = not self.world.held
        self.rules.attendance.mark(runs=runs)
        self.rules.stage.pass_time(max(0.0, now.boot - self.world.now.boot))
        self.world.reach(now, runs=runs)
        self.rules.dates.read(now.wall)

    def _look_ahead(self) -> None:
        """Find the next deadline, once after all that happened at one moment: it takes a while."""
        if not self._looked_ahead:
            self._looked_ahead = True
            self._changes_at = min(self._deadlines(), default=NEVER)
            self._deadline = min(self._changes_at, self._naps_until())

    def _deadlines(self) -> Iterable[float]:
        return chain(*[part.deadlines() for part in self._bounded])


def earlier(now: Moment, seconds: float) -> Moment:
    """The moment so many seconds before, on both clocks."""
    return Moment(now.boot - seconds, at_instant(now.wall.timestamp() - seconds, now.wall))
