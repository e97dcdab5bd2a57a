"""Covering: a prompt stands for shorter ones that are due or nearly so, and shorter ones wait for it."""

from collections.abc import Iterable

from neckguard.core.plan import Kind
from neckguard.core.reminders.course import Course
from neckguard.core.timing.timeline import Timeline


def covered_by(
    course: Course, others: Iterable[Course], timeline: Timeline, window: float
) -> tuple[str, ...]:
    """What a prompt of `course` covers: owed, or due within the window and ¼ of their `every`."""
    if course.reminder.kind is Kind.NOTE:
        return ()
    return tuple(
        other.name
        for other in others
        if other is not course
        and other.coverable
        and other.reminder.duration <= course.reminder.duration
        and (other.owed or _due_within(other, timeline, min(window, (other.reminder.every or 0) / 4)))
    )


def awaited_by(course: Course, others: Iterable[Course], timeline: Timeline, window: float) -> str:
    """The longer reminder, due within the window, that `course` had better wait for; else nothing."""
    if not course.coverable or (course.prompt is not None and course.prompt.forced):
        return ""
    longer = (
        other
        for other in others
        if other.reminder.enabled
        and other.reminder.every is not None
        and other.reminder.kind is not Kind.NOTE
        and other.reminder.duration > course.reminder.duration
        and not other.owed
        and _due_within(other, timeline, window)
    )
    return next((other.name for other in longer), "")


def _due_within(course: Course, timeline: Timeline, window: float) -> bool:
    due_in = timeline.due_in(course.name)
    return due_in is not None and due_in <= window
