"""Tact: why an owed prompt is not shown at this moment. Asked at every step, and told by `why`."""

from neckguard.core.model import SLACK, QuietReason
from neckguard.core.reminders.course import Course
from neckguard.core.reminders.covering import any_lends, awaited_by, covered_by
from neckguard.core.rules.approach import TYPING, Approach
from neckguard.core.rules.quiet import QuietReasons, QuietSpan
from neckguard.core.timing.durations import say_span
from neckguard.core.world import World

LAST_MINUTES = 300.0
"""Seconds before the end of a range of `[hours]` in which no new prompt comes."""

NO_SERVER = "no notification server"
HUSHED = "you named an emergency today"
_QUIET = {
    QuietReason.DND: "do not disturb is on",
    QuietReason.CALL: "you are in a call",
    QuietReason.PRESENTING: "the screen is shared",
    QuietReason.FULLSCREEN: "an application fills the screen",
    QuietReason.PROGRAM: "a program you named is running",
}
_HOLDS = {"paused": "you paused", "off_hours": "outside your hours", "away": "nobody at the screen"}


class Tact:
    """Answers from the world as it is; keeps nothing."""

    def __init__(self, world: World, quiet: QuietReasons, approach: Approach) -> None:
        self._world = world
        self._quiet = quiet
        self._approach = approach

    def blocked(self, course: Course) -> str:
        """What is in the way of an owed prompt; empty if nothing is. `now` overrides quiet and off-hours."""
        world = self._world
        forced = course.prompt is not None and course.prompt.forced
        holds = [hold for hold in world.holds if not (forced and hold == "off_hours")]
        if holds:
            return _HOLDS[holds[0]]
        if world.courses.showing is not None:
            return "another prompt is open"
        if not world.screen.ready:
            return NO_SERVER
        if world.now.boot < world.screen.retry_at - SLACK:
            left = world.screen.retry_at - world.now.boot
            return f"the notification server failed, it is tried again in {say_span(left)}"
        if world.settling:
            return f"settling, {world.calm_reason}"
        if forced:
            return ""
        return self._disturbing() or self._untimely(course)

    def covered(self, course: Course) -> tuple[str, ...]:
        """The reminders its prompt would stand for now."""
        courses = self._world.courses
        return covered_by(course, courses, courses.timeline, self._world.plan.quiet.merge_window)

    def spaced_until(self, course: Course) -> float:
        """When it no longer follows another prompt's heels, boot clock.

        Its own next cycle may follow at once, unless others wait: they have a turn first.
        """
        settle, courses = self._world.plan.quiet.settle, self._world.courses
        if courses.last_settled != course.name:
            return courses.freed_at + settle
        waiting = {other.name for other in courses.owed if not other.given_up} - {course.name}
        return courses.freed_at + 2 * settle if waiting.difference(self.covered(course)) else 0.0

    def quiet_spans(self) -> tuple[QuietSpan, ...]:
        """Why an owed prompt is not shown yet, or would not be: all that counts as quiet."""
        world, reasons = self._world, self._quiet.spans
        if world.pause is not None or world.presence.away:
            return reasons
        if self._approach.obstacle == TYPING and self._approach.since is not None:
            since = world.later(self._approach.since - world.now.boot)
            reasons += (QuietSpan("typing", TYPING, since),)
        if world.hush is not None and world.hushed:
            since = world.later(world.hush[0] - world.calendar.instant)
            reasons += (QuietSpan("emergency", HUSHED, since),)
        if world.settling and any(not (each.visible or each.given_up) for each in world.courses.owed):
            since = world.later(world.calm_since - world.now.boot)
            reasons += (QuietSpan("settling", world.calm_reason, since),)
        return reasons

    def _disturbing(self) -> str:
        if self._world.hushed:
            return HUSHED
        if self._world.breaks.taken:
            return "you are taking a break"
        return _QUIET[self._quiet.in_force[0]] if self._quiet.in_force else ""

    def _too_late(self, course: Course) -> bool:
        """Whether a new prompt had better be the first of the next hours, not one for today or asked for."""
        calendar = self._world.calendar
        asked_for = course.reminder.every is None or (course.snoozed and not course.offers)
        new = course.prompt is None and not asked_for
        return new and calendar.changes_at - calendar.instant <= LAST_MINUTES

    def _untimely(self, course: Course) -> str:
        world = self._world
        if self._too_late(course):
            return "your hours end in a moment"
        if world.now.boot < self.spaced_until(course) - SLACK:
            return "just after another prompt"
        if course.given_up:
            lent = any_lends(world.courses)
            return f"it went unanswered{', and comes with the next stretch' if lent else ' just now'}"
        window = world.plan.quiet.merge_window
        longer = awaited_by(course, world.courses, world.courses.timeline, window)
        return f"it waits for {longer}, which stands for both" if longer else ""
