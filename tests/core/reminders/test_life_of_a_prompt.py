"""Where each step of a prompt's life leads: the table at the head of `reminders.course`, and the code."""

from collections.abc import Callable

import pytest
from support.virtual import MONDAY_9, reminder

from neckguard.core.model import Card, Moment, Outcome
from neckguard.core.reminders.course import LIFE, Course, Life, Prompt
from neckguard.core.reminders.courses import Courses

NOW = Moment(1000.0, MONDAY_9)
BREAK = reminder("break", 3600.0, max_snoozes=1)


def show(courses: Courses, course: Course) -> None:
    """As the stage does it: what is shown is owed from then on at the latest."""
    if course.prompt is None:
        course.prompt = Prompt(1, Card("prompt-1", "", ()), MONDAY_9)
    course.owed_since = course.owed_since or MONDAY_9
    courses.reveal(course, course.prompt)


STEPS: list[Callable[[Courses, Course], None]] = [
    lambda courses, course: courses.fall_due(course),
    show,
    lambda courses, course: courses.hide(course, "away"),
    lambda courses, course: courses.settle(course, Outcome.DONE),
    lambda courses, course: courses.snooze(course, Outcome.SNOOZED, 600.0),
    lambda courses, course: courses.ignore(course),
]
PATHS = {
    Life.COUNTING: [],
    Life.SNOOZED: [0, 4],
    Life.OWED: [0],
    Life.SHOWN: [0, 1],
    Life.HIDDEN: [0, 1, 2],
}


def brought_to(life: Life) -> tuple[Courses, Course]:
    courses = Courses(NOW, lambda _: None)
    courses.add(reminder("stretch", 2400.0))
    course = courses.add(BREAK)
    for step in PATHS[life]:
        STEPS[step](courses, course)
    assert course.life is life
    return courses, course


@pytest.mark.parametrize("life", Life)
@pytest.mark.parametrize("step", range(len(STEPS)), ids=["due", "show", "hide", "done", "snooze", "ignore"])
def test_each_step_leads_where_the_table_says(life: Life, step: int) -> None:
    courses, course = brought_to(life)
    STEPS[step](courses, course)
    assert course.life is LIFE[life][step]
    assert (courses.showing is course) == (course.life is Life.SHOWN)


def test_a_break_that_was_offered_often_enough_stays_owed() -> None:
    courses, course = brought_to(Life.SHOWN)
    courses.ignore(course)
    courses.fall_due(course)
    show(courses, course)
    courses.ignore(course)
    assert (course.life, course.given_up) == (Life.OWED, True)


def test_what_hangs_off_no_prompt_is_left_alone() -> None:
    courses, course = brought_to(Life.OWED)
    courses.hide(course, "away")
    courses.withdraw(course, "removed")
    assert course.life is Life.OWED
