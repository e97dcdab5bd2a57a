"""The world: the plain state that the rules read and change, and the few things that they do to it alike.

It knows no rule. Times are on the boot clock unless a name says otherwise; spans are seconds.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from neckguard.backoff import Backoff
from neckguard.core import codec
from neckguard.core.model import SLACK, Effect, Happening, Hide, Moment, Record
from neckguard.core.neck.programme import Content, Programme
from neckguard.core.person.presence import PresenceState
from neckguard.core.plan import Plan
from neckguard.core.reminders import cards
from neckguard.core.reminders.breaks import Breaks
from neckguard.core.reminders.course import Course
from neckguard.core.reminders.courses import Courses
from neckguard.core.reminders.covering import awaited_by
from neckguard.core.timing.calendar import Calendar
from neckguard.core.timing.pauses import PauseState
from neckguard.core.timing.wallclock import at_instant

DECISIONS_KEPT = 20
STARTED = "neckguard started"
"""Why all is calm at first."""


@dataclass(slots=True)
class Screen:
    """What is known of whoever puts cards on the screen."""

    ready: bool = False  # somebody can
    keeps: bool = False  # the server keeps notifications until they are settled
    smooth: bool = False  # the server changes a card without a stir
    fleeting: str = ""  # the server's name, if it may keep back what it is given, and tells nobody
    patient: bool = False  # a screen reader is on: nothing expires by time
    last_id: int = 0  # of the prompts
    retry_at: float = 0.0
    _backoff: Backoff = field(default_factory=lambda: Backoff(5.0, 300.0))

    def found(self, *, ready: bool, keeps: bool, smooth: bool, fleeting: str) -> None:
        """A server came, went or was replaced."""
        self.ready, self.keeps, self.smooth, self.fleeting = ready, keeps, smooth, fleeting
        if ready:
            self.retry_at = 0.0
            self.took()

    def took(self) -> None:
        """The server showed a card."""
        self._backoff.reset()

    def refused(self, boot: float) -> None:
        """The server did not take a card: it is tried again with growing patience."""
        self.retry_at = boot + self._backoff.next()


class World:
    """Everything that the rules have in common."""

    def __init__(self, plan: Plan, content: Content, now: Moment) -> None:
        self.now = now
        self.chosen = self.plan = plan  # what the person wants, and what a flare-up makes of it
        self.content = content
        self.programme = Programme(content, plan)
        self.calendar = Calendar(plan.hours, now.wall)
        self.presence = PresenceState(now.boot, still_counts=plan.presence.still_counts)
        self.pause: PauseState | None = None
        self.screen = Screen()
        self.decisions: deque[Record] = deque(maxlen=DECISIONS_KEPT)
        self.effects: list[Effect] = []
        self.courses = Courses(now, self.emit)
        self.breaks = Breaks(self.courses)
        self.calm_since = self.calm_until = now.boot
        self.calm_reason = ""
        self.hush: tuple[float, float] | None = None  # no prompts from one instant to another

    def emit(self, effect: Effect) -> None:
        """Let this be done outside."""
        self.effects.append(effect)
        if isinstance(effect, Record):
            self.decisions.append(replace(effect, note="") if effect.note else effect)

    def remove(self, course: Course) -> None:
        """A reminder is no more; its prompt is withdrawn."""
        self.courses.withdraw(course, "removed")
        if self.breaks.taken == course.name:
            self.breaks.end()
        self.courses.remove(course)

    # ---- clocks -------------------------------------------------------------------------------------------

    def reach(self, now: Moment, *, runs: bool) -> None:
        """Let the clocks go on; the one of sitting time if it `runs`, as it does while nothing holds it."""
        passed = max(0.0, now.boot - self.now.boot)
        self.now = now
        self.courses.reach(now)
        if runs:
            self.courses.run(passed)

    def deadlines(self) -> Iterator[float]:
        """When the next reminder falls due; what new settings made due while all stood still is overdue."""
        span = None if self.held else self.courses.timeline.next_due()
        if span is not None:
            yield self.now.boot + max(SLACK, span)

    def later(self, seconds: float) -> datetime:
        """The wall time so many seconds from now; negative ones have passed."""
        return at_instant(self.calendar.instant + seconds, self.now.wall)

    def boot_at(self, instant: float) -> float:
        """What the boot clock shows at an instant, if the wall clock is not set before."""
        return self.now.boot - self.calendar.instant + instant

    @property
    def sat_today(self) -> float:
        """Seconds at the screen since local midnight, whatever held the countdowns meanwhile."""
        return self.presence.sat_since(self.boot_at(self.calendar.midnight), self.now.boot)

    def due_in(self, course: Course) -> float | None:
        """Seconds until it is due: sitting time, or wall time for `at`; 0 if owed.

        None: it is off, or it came today already (`daily`).
        """
        span, reminder = self.courses.due_in(course), course.reminder
        if span is not None or not reminder.enabled:
            return span
        if reminder.daily is not None:
            met = self.calendar.today in course.handled
            return None if met else max(0.0, reminder.daily - self.sat_today)
        upcoming = self.calendar.next_open(reminder, course.handled) if reminder.at else None
        return None if upcoming is None else max(0.0, upcoming.instant - self.calendar.instant)

    def next_due(self) -> Course | None:
        """The reminder that comes next: of several the longest; what went unanswered comes last."""
        window = self.plan.quiet.merge_window
        ranked = [
            (course.given_up and not course.visible, span, -course.reminder.duration, course.name)
            for course in self.courses
            if (span := self.due_in(course)) is not None
            and (course.visible or not awaited_by(course, self.courses, self.courses.timeline, window))
        ]
        return self.courses[min(ranked)[-1]] if ranked else None

    # ---- holds --------------------------------------------------------------------------------------------

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
        return self.pause is not None or self.presence.away_since is not None or not self.calendar.open

    def begin_pause(self, pause: PauseState) -> None:
        """Hold everything; a new pause replaces the old one."""
        self.emit(Hide(cards.PAUSE_NOTE))
        self.pause = pause
        self.hide("paused")
        self.courses.record(Happening.PAUSED, reason=pause.reason)

    def end_pause(self, why: str) -> None:
        """Go on where it stood."""
        self.emit(Hide(cards.PAUSE_NOTE))
        self.pause = None
        self.begin_calm("the pause ended")
        self.courses.record(Happening.RESUMED, reason=why)

    # ---- the screen ---------------------------------------------------------------------------------------

    def hide(self, reason: str) -> None:
        """Take the open prompt off the screen; it stays owed."""
        showing = self.courses.showing
        if showing is not None:
            self.courses.hide(showing, reason)

    @property
    def settling(self) -> bool:
        """Whether a change is too recent for a prompt."""
        return self.now.boot < self.calm_until - SLACK

    @property
    def hushed(self) -> bool:
        """Whether a person has other things to do than to be reminded of anything."""
        return self.hush is not None and self.calendar.instant < self.hush[1] - SLACK

    def begin_calm(self, reason: str, *, seconds: float | None = None, since: float | None = None) -> None:
        """After a change, now or at `since`, nothing is shown for a while: by default for `settle`."""
        began = self.now.boot if since is None else since
        until = began + (self.plan.quiet.settle if seconds is None else seconds)
        if until >= self.calm_until - SLACK:
            self.calm_reason, self.calm_since, self.calm_until = reason, began, until

    # ---- what survives a restart --------------------------------------------------------------------------

    def saved(self) -> dict[str, Any]:
        """The part of the state that belongs to no rule and to no reminder."""
        return {
            "last_id": self.screen.last_id,
            "pause": codec.to_plain(self.pause),
            "calm": [self.calm_since, self.calm_until, self.calm_reason],
            "decisions": codec.to_plain(tuple(self.decisions)),
        }

    def restore(self, state: dict[str, Any], shift: float) -> None:
        """Go on with what was saved; the boot clock reads `shift` more than it would have.

        Raises:
            ValueError, KeyError: it does not fit.
        """
        pause = codec.from_plain(PauseState, state["pause"]) if state["pause"] else None
        self.pause = pause.moved(shift) if pause else None
        self.screen.last_id = codec.from_plain(int, state["last_id"])
        calm = state.get("calm", [0.0, 0.0, STARTED])  # a former version kept none
        since, until, reason = codec.from_plain(tuple[float, float, str], calm)
        if reason != STARTED:  # each start has a calm of its own
            self.calm_since, self.calm_until, self.calm_reason = since + shift, until + shift, reason
        self.decisions.extend(codec.from_plain(tuple[Record, ...], state["decisions"]))
