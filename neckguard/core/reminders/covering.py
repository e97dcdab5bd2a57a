"""How prompts stand for one another: covering, and slots.

A prompt covers shorter ones that are due or nearly so, and shorter ones wait for it. A break that went
unanswered often enough stays owed, and comes in place of every second stretch.
"""

from collections.abc import Iterable

from neckguard.core.plan import Kind, Reminder
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
        and other.reminder.duration <= course.wanted.duration
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


_NO_LENDER_EVERY = 3600.0  # when a break without an interval comes back, where no stretch is on


def lends(reminder: Reminder) -> bool:
    """Whether such a break may come in its place."""
    return reminder.enabled and reminder.kind is Kind.STRETCH and reminder.every is not None


def any_lends(courses: Iterable[Course]) -> bool:
    """Whether there is a stretch whose slot a break may take."""
    return any(lends(course.reminder) for course in courses)


def wait_for_slot(course: Course, courses: Iterable[Course], timeline: Timeline) -> None:
    """Let a break wait for the next stretch; where none is on, for its own interval."""
    if any_lends(courses):
        timeline.park(course.name)
    elif timeline.due_in(course.name) is None:
        timeline.postpone(course.name, course.reminder.every or _NO_LENDER_EVERY)


def lend_slot(stretch: Course, courses: Iterable[Course]) -> None:
    """A stretch fell due: what waits for a slot comes in its place, but of two stretches one comes itself."""
    if lends(stretch.reminder):
        for other in courses:
            if other.given_up and other.passes:
                other.passes = False
            elif other.given_up:
                other.given_up, other.passes, other.slot_of = False, True, stretch.name


def take_slot_back(stretch: Course, courses: Iterable[Course]) -> None:
    """The stretch was not due after all: what took its slot, unseen, waits again."""
    for course in courses:
        if course.slot_of == stretch.name and course.owed and course.prompt is None:
            course.given_up, course.passes, course.slot_of = True, False, ""
