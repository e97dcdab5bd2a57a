"""What becomes of a card: delivered or not, answered, closed; and what each answer means."""

from typing import TYPE_CHECKING

from neckguard.core.model import Answered, Closed, Delivered, Outcome, Show, Undelivered
from neckguard.core.neck.catalogue import Stretch
from neckguard.core.plan import Kind
from neckguard.core.reminders.cards import FEELINGS, default_action, stop_note
from neckguard.core.reminders.course import Course

if TYPE_CHECKING:
    from neckguard.core.engine import Engine

ACTIONS = ("start", "done", "already", "snooze", "skip", "hurt", *FEELINGS)


def react(engine: "Engine", event: Delivered | Undelivered | Answered | Closed) -> None:
    """Take in what happened to a card; those that were settled long ago are none of ours."""
    course = engine.courses.with_card(event.key)
    if engine.timers.owns(event.key):
        engine.timers.heard(event)
    elif course is None:
        _hear_follow_up(engine, event)
    else:
        _hear_prompt(engine, course, event)


def _hear_prompt(
    engine: "Engine", course: Course, event: Delivered | Undelivered | Answered | Closed
) -> None:
    """What became of a prompt's card, or of the guide's in its place."""
    guided = course.visible and engine.courses.guide is not None
    match event:
        case Delivered():
            engine.stage.delivered(course)
        case Undelivered(_, problem):
            engine.stage.refused(course, problem)
        case Answered(_, action):
            if action == "default":
                action = "done" if guided else default_action(course.reminder.kind)
            if action in ACTIONS:
                answer(engine, course, action)
            else:  # the notification is gone, and what was chosen means nothing to us
                _dismiss(engine, course)
        case Closed(_, expired) if course.visible:
            if not expired:
                _dismiss(engine, course)
            elif not guided:  # else the next step shows it again
                engine.courses.settle(course, Outcome.IGNORED)


def _hear_follow_up(engine: "Engine", event: Delivered | Undelivered | Answered | Closed) -> None:
    """What stood in a prompt's place after it was settled is answered or gone."""
    follow_up = engine.guidance.follow_up
    if follow_up is None or follow_up.card.key != event.key or isinstance(event, Delivered):
        return
    engine.guidance.clear()
    if isinstance(event, Answered) and event.action == "hurt":
        put_away(engine, follow_up.stretch)


def answer(engine: "Engine", course: Course, action: str) -> None:
    """The person chose one of `ACTIONS`, by a button or a verb."""
    is_break = course.reminder.kind is Kind.BREAK
    stretch, posture = (course.prompt.stretch, course.prompt.posture) if course.prompt else ("", "")
    if action in FEELINGS:
        engine.care.feel(FEELINGS[action])
        action = "done"
    elif action == "already":
        engine.programme.retire(posture)
        action = "done"
    elif action == "hurt":
        put_away(engine, stretch)
        action = "skip"
    elif action == "skip" and course.reminder.kind is Kind.STRETCH:
        engine.programme.skip(stretch)
    if action == "start" and engine.guidance.begin(course):
        return
    if action == "done" and is_break:
        engine.courses.take_break(course, Outcome.DONE, 0.0)
    elif action in ("start", "done"):
        engine.courses.settle(course, Outcome.DONE)
    elif action == "snooze":
        engine.courses.snooze(course, Outcome.SNOOZED, course.reminder.snooze)
    else:
        engine.courses.settle(course, Outcome.SKIPPED)


def put_away(engine: "Engine", stretch: str) -> Stretch | None:
    """A movement hurt: it is not suggested for a while, and the stop rules are shown; None: no such one."""
    found = engine.programme.hurt(stretch, engine.now.wall.timestamp())
    if found is not None:
        engine.guidance.retract(stretch)
        engine.courses.record("hurt", reason=stretch)
        engine.care.hurt()
        engine.emit(Show(stop_note(engine.content.stop_rules)))
    return found


def _dismiss(engine: "Engine", course: Course) -> None:
    """Closed without choosing: "not this time", but for a break "later"."""
    if course.reminder.kind is Kind.BREAK:
        engine.courses.snooze(course, Outcome.DISMISSED, course.reminder.snooze)
    else:
        if course.prompt is not None:
            engine.programme.skip(course.prompt.stretch)
        engine.courses.settle(course, Outcome.DISMISSED)
