"""Tact: why an owed prompt is not shown at this moment. Asked at every step, and told by `why`."""

from typing import TYPE_CHECKING

from neckguard.core.model import SLACK, QuietReason
from neckguard.core.reminders.course import Course
from neckguard.core.reminders.covering import awaited_by, covered_by

if TYPE_CHECKING:
    from neckguard.core.engine import Engine

NO_SERVER = "no notification server"
_QUIET = {
    QuietReason.DND: "do not disturb is on",
    QuietReason.CALL: "you are in a call",
    QuietReason.PRESENTING: "the screen is shared",
}
_HOLDS = {"paused": "you paused", "off_hours": "outside your hours", "away": "nobody at the screen"}


def blocked(engine: "Engine", course: Course) -> str:
    """What is in the way of an owed prompt; empty if nothing is. `now` overrides quiet and off-hours."""
    forced = course.prompt is not None and course.prompt.forced
    holds = [hold for hold in engine.holds if not (forced and hold == "off_hours")]
    if holds:
        return _HOLDS[holds[0]]
    if engine.courses.showing is not None:
        return "another prompt is open"
    if not engine.stage.ready:
        return NO_SERVER
    if engine.now.boot < engine.stage.retry_at - SLACK:
        return "the notification server failed"
    if engine.settling:
        return f"settling, {engine.settle_reason}"
    if forced:
        return ""
    if engine.courses.break_taken:
        return "you are taking a break"
    if engine.quiet_reasons.in_force:
        return _QUIET[engine.quiet_reasons.in_force[0]]
    return _untimely(engine, course)


def covered(engine: "Engine", course: Course) -> tuple[str, ...]:
    """The reminders its prompt would stand for now."""
    return covered_by(course, engine.courses, engine.courses.timeline, engine.plan.quiet.merge_window)


def spaced_until(engine: "Engine", course: Course) -> float:
    """When it no longer follows another prompt's heels, boot clock.

    Its own next cycle may follow at once, unless others wait: they have a turn first.
    """
    settle, courses = engine.plan.quiet.settle, engine.courses
    if courses.last_settled != course.name:
        return courses.freed_at + settle
    waiting = {other.name for other in courses if other.owed and not other.given_up} - {course.name}
    return courses.freed_at + 2 * settle if waiting.difference(covered(engine, course)) else 0.0


def _untimely(engine: "Engine", course: Course) -> str:
    if engine.now.boot < spaced_until(engine, course) - SLACK:
        return "just after another prompt"
    if course.given_up:
        lent = engine.courses.lenders
        return (
            "it went unanswered, and comes with the next stretch" if lent else "it went unanswered just now"
        )
    window = engine.plan.quiet.merge_window
    longer = awaited_by(course, engine.courses, engine.courses.timeline, window)
    return f"it waits for {longer}, which stands for both" if longer else ""
