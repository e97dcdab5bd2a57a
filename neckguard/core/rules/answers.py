"""What becomes of a card: delivered or not, answered, closed; and what each answer means."""

from neckguard.core.events import Answered, Closed, Delivered, Undelivered
from neckguard.core.model import Happening, Outcome, Show
from neckguard.core.neck.catalogue import Stretch
from neckguard.core.plan import Kind
from neckguard.core.reminders.cards import COMPARED, FEELINGS, default_action, stop_note
from neckguard.core.reminders.course import Course
from neckguard.core.rules.ruleset import Rules

_ABOUT_THE_NECK = (*FEELINGS, *(button.key for button in COMPARED))
ACTIONS = ("start", "done", "already", "snooze", "skip", "hurt", *_ABOUT_THE_NECK)


def react(rules: Rules, event: Delivered | Undelivered | Answered | Closed) -> None:
    """Take in what happened to a card; those that were settled long ago are none of ours."""
    course = rules.world.courses.with_card(event.key)
    if rules.timers.owns(event.key):
        rules.timers.heard(event)
    elif rules.care.owns(event.key):
        rules.care.hear(event)
    elif course is None:
        _hear_follow_up(rules, event)
    else:
        _hear_prompt(rules, course, event)


def _hear_prompt(rules: Rules, course: Course, event: Delivered | Undelivered | Answered | Closed) -> None:
    """What became of a prompt's card, or of the guide's in its place."""
    world = rules.world
    guided = course.visible and world.courses.guide is not None
    match event:
        case Delivered():
            rules.stage.delivered(course)
        case Undelivered(_, problem):
            rules.stage.refused(course, problem)
        case Answered(_, action):
            if action == "default":
                action = "done" if guided else default_action(course.reminder.kind)
            if action in ACTIONS:  # nothing else was offered, so nothing else was chosen
                answer(rules, course, action)
        case Closed(_, expired) if course.visible:
            if not expired:
                _dismiss(rules, course)
            elif not guided:  # else the next step shows it again
                world.courses.ignore(course, unsure=world.screen.fleeting)


def _hear_follow_up(rules: Rules, event: Delivered | Undelivered | Answered | Closed) -> None:
    """What stood in a prompt's place after it was settled is answered or gone."""
    follow_up = rules.guidance.follow_up
    if follow_up is None or follow_up.card.key != event.key or isinstance(event, Delivered):
        return
    rules.guidance.clear()
    if isinstance(event, Answered) and event.action == "hurt":
        put_away(rules, follow_up.stretch)


def answer(rules: Rules, course: Course, action: str, reason: str = "") -> None:
    """The person chose one of `ACTIONS`, by a button or a verb; `reason` says where, if not here."""
    world = rules.world
    is_break = course.reminder.kind is Kind.BREAK
    stretch, posture = (course.prompt.stretch, course.prompt.posture) if course.prompt else ("", "")
    if action in _ABOUT_THE_NECK:
        from neckguard.core.rules.flare_requests import hear_answer  # once a day at most

        hear_answer(rules, course, action)
        return
    if action == "already":
        world.programme.retire(posture)
        action = "done"
    elif action == "hurt":
        put_away(rules, stretch)
        action = "skip"
    elif action == "skip" and course.reminder.kind is Kind.STRETCH:
        world.programme.skip(stretch)
    if action == "start" and rules.guidance.begin(course):
        return
    if action == "done" and is_break:
        world.breaks.was_taken(course, reason)
    elif action in ("start", "done"):
        world.courses.settle(course, Outcome.DONE, reason)
    elif action == "snooze":
        world.courses.snooze(course, Outcome.SNOOZED, course.reminder.snooze)
    else:
        world.courses.settle(course, Outcome.SKIPPED)


def put_away(rules: Rules, stretch: str) -> Stretch | None:
    """A movement hurt: it is not suggested for a while, and the stop rules are shown; None: no such one."""
    world = rules.world
    found = world.programme.hurt(stretch, world.now.wall.timestamp())
    if found is not None:
        rules.guidance.retract(stretch)
        world.courses.record(Happening.HURT, reason=stretch)
        rules.care.hurt()
        world.emit(Show(stop_note(world.content.stop_rules)))
    return found


def _dismiss(rules: Rules, course: Course) -> None:
    """Closed without choosing: "not this time", but for a break "later"."""
    world = rules.world
    if course.reminder.kind is Kind.BREAK and course.reminder.enabled:
        world.courses.snooze(course, Outcome.DISMISSED, course.reminder.snooze)
    else:
        if course.prompt is not None:
            world.programme.skip(course.prompt.stretch)
        world.courses.settle(course, Outcome.DISMISSED)
