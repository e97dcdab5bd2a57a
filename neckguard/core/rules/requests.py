"""The person's verbs: what each does to the engine, and the sentence that answers it."""

from typing import TYPE_CHECKING

from neckguard.core import verbs
from neckguard.core.model import Outcome, Record, Reply
from neckguard.core.neck.programme import purpose_of
from neckguard.core.neck.rotation import Purpose
from neckguard.core.plan import Kind
from neckguard.core.reminders.cards import ALREADY
from neckguard.core.reminders.course import Course
from neckguard.core.rules.answers import answer, put_away
from neckguard.core.rules.neck_requests import obey_care, stop_timer
from neckguard.core.timing.calendar import NEVER
from neckguard.core.timing.durations import say_span
from neckguard.core.timing.pauses import PauseState, parse_until
from neckguard.core.timing.wallclock import say_when

if TYPE_CHECKING:
    from neckguard.core.engine import Engine


_GUIDED = (Purpose.STRETCH, Purpose.STRENGTH)


def obey(engine: "Engine", verb: verbs.Verb) -> Reply:
    """Do what the person asks, or say why not."""
    match verb:
        case verbs.Pause():
            return _pause(engine, verb)
        case verbs.Resume():
            return _resume(engine)
        case verbs.Now(name):
            return _now(engine, name)
        case verbs.Snooze(seconds):
            return _snooze(engine, seconds)
        case verbs.Hurt(stretch):
            return _hurt(engine, stretch)
        case verbs.Stretched(stretch):
            return _stretched(engine, stretch)
        case verbs.Start() | verbs.Done() | verbs.Skip():
            return _settle(engine, verb)
        case _:
            return obey_care(engine, verb)


def _settle(engine: "Engine", verb: verbs.Start | verbs.Done | verbs.Skip) -> Reply:
    match verb:
        case verbs.Start():
            return _start(engine)
        case verbs.Done(None, already=False) if engine.timers.ringing:
            return stop_timer(engine)
        case verbs.Done(_, already=True):
            return _already(engine)
        case verbs.Done(name):
            return _answer(engine, name, "done")
        case verbs.Skip(name):
            return _answer(engine, name, "skip")


def _pause(engine: "Engine", verb: verbs.Pause) -> Reply:
    if verb.toggle and engine.pause is not None:
        return _resume(engine)
    now = engine.now
    if verb.until is not None:
        try:
            local = parse_until(verb.until, now.wall, engine.plan.hours)
        except ValueError as error:
            return Reply(ok=False, message=str(error))
        pause = PauseState(now.wall, now.boot, verb.reason, until_local=local)
    else:
        seconds = engine.plan.pause_default if verb.duration is None else verb.duration
        pause = PauseState(now.wall, now.boot, verb.reason, until_boot=now.boot + seconds)
    engine.begin_pause(pause)
    end = pause.until(now)
    if end is None:
        return Reply(ok=True, message="Paused until you run: neckguard resume")
    return Reply(ok=True, message=f"Paused until {say_when(end, now.wall)}.")


def _resume(engine: "Engine") -> Reply:
    if engine.pause is None:
        return Reply(ok=True, message="Not paused.")
    engine.end_pause("by you")
    return Reply(ok=True, message=f"Resumed. {_say_next(engine)}")


def _now(engine: "Engine", name: str) -> Reply:
    course = engine.courses.get(name)
    if course is None:
        return unknown(engine, name)
    if course.visible:
        return Reply(ok=True, message=f"The {name} prompt is on the screen already.")
    if engine.pause is not None:
        return Reply(ok=False, message="Paused; run: neckguard resume")
    if engine.presence.reasons:
        return Reply(ok=False, message="The screen is locked or asleep: nobody would see it.")
    if not engine.stage.ready:
        return Reply(ok=False, message="No notification server is running, so nothing can be shown.")
    if (showing := engine.courses.showing) is not None:
        engine.courses.withdraw(showing, f"{name} was asked for")
    if engine.presence.away:
        engine.attendance.come_back()  # whoever asks is there, whatever is known of inputs
    engine.stage.show(course, forced=True)
    return Reply(ok=True, message=f"Prompting: {name}.")


def _start(engine: "Engine") -> Reply:
    if (guide := engine.courses.guide) is not None:
        return Reply(ok=True, message=f"{guide.stretch.name}: already going.")
    course = _target(engine, None)
    if not isinstance(course, Reply) and not course.visible and purpose_of(course.reminder) in _GUIDED:
        _now(engine, course.name)  # a guide needs the screen; where there is none, the person's word counts
    return _answer(engine, None, "start")


def _answer(engine: "Engine", name: str | None, action: str) -> Reply:
    course = _target(engine, name)
    if isinstance(course, Reply):
        return course
    _deal_with_occurrence(engine, course, only_today=action != "skip")
    answer(engine, course, action)
    if action == "start" and (guide := engine.courses.guide) is not None:
        span = say_span(guide.seconds)
        return Reply(ok=True, message=f"{guide.stretch.name}: follow the notification, {span}.")
    word = {"start": "Done", "done": "Done", "skip": "Skipped"}[action]
    if action == "start" and course.reminder.kind is Kind.BREAK:
        back = say_when(engine.later(course.reminder.duration), engine.now.wall)
        return Reply(ok=True, message=f"Enjoy your break. Back at {back}.")
    return Reply(ok=True, message=f"{word}: {course.name}. {_say_next(engine)}")


def _snooze(engine: "Engine", seconds: float | None) -> Reply:
    course = _target(engine, None)
    if isinstance(course, Reply):
        return course
    span = course.reminder.snooze if seconds is None else seconds
    if course.owed or course.visible:
        engine.courses.snooze(course, Outcome.SNOOZED, span)
    else:
        span += engine.due_in(course) or 0.0
        _deal_with_occurrence(engine, course)
        engine.courses.put_off(course, span)
    return Reply(ok=True, message=f"Later: {course.name}, in {say_span(span)}.")


def _already(engine: "Engine") -> Reply:
    showing = engine.courses.showing
    if showing is None or showing.prompt is None or ALREADY not in showing.prompt.card.buttons:
        return Reply(ok=False, message="No open posture check asks for what could be so already.")
    answer(engine, showing, "already")
    return Reply(ok=True, message="Good: that one will not ask again.")


def _hurt(engine: "Engine", stretch: str | None) -> Reply:
    chosen = stretch or engine.programme.latest
    if not chosen:
        return Reply(ok=False, message="No stretch was suggested yet; name one: neckguard stretch --list")
    found = put_away(engine, chosen)
    if found is None:
        return Reply(ok=False, message=f"There is no stretch {chosen!r}; see: neckguard stretch --list")
    showing = engine.courses.showing
    if showing is not None and showing.prompt is not None and showing.prompt.stretch == chosen:
        answer(engine, showing, "skip")
    rules = " ".join(engine.content.stop_rules)
    return Reply(ok=True, message=f"{found.name} is put away for two weeks. {rules}")


def _stretched(engine: "Engine", stretch: str) -> Reply:
    if not engine.programme.did(stretch):
        return Reply(ok=False, message=f"There is no stretch {stretch!r}; see: neckguard stretch --list")
    course = engine.courses.get("stretch")
    if course is not None and course.reminder.enabled:
        engine.courses.settle(course, Outcome.DONE, "in the terminal", item=stretch)
    else:  # nothing of it is due, but it was done
        at = engine.now.wall
        engine.emit(Record(at, Outcome.DONE, "stretch", Kind.STRETCH, reason="in the terminal", item=stretch))
    return Reply(ok=True, message=f"Counted as done. {_say_next(engine)}")


def _deal_with_occurrence(engine: "Engine", course: Course, *, only_today: bool = False) -> None:
    """An `at` reminder answered before its time will not come as well; tomorrow it will."""
    reminder = course.reminder
    if reminder.at and not (course.owed or course.visible or course.snoozed):
        upcoming = engine.calendar.next_open(course)
        today = engine.now.wall.date().isoformat()
        if upcoming is not None and (upcoming.key.startswith(today) or not only_today):
            engine.courses.mark_handled(course, upcoming.key)
            engine.calendar.forget(course.name)


def _target(engine: "Engine", name: str | None) -> Course | Reply:
    """The named reminder, else the one whose prompt is open, else one that is owed, else the next one due."""
    if name is not None:
        return engine.courses.get(name) or unknown(engine, name)
    nothing = Reply(ok=False, message="No reminder is on; see: neckguard status")
    owed = max((course for course in engine.courses if course.owed), key=lambda each: each.rank, default=None)
    return engine.courses.showing or owed or engine.next_due() or nothing


def unknown(engine: "Engine", name: str) -> Reply:
    """The refusal that helps with the name."""
    from difflib import get_close_matches  # 0.1 MB of memory, after a slip only

    names = [course.name for course in engine.courses]
    close = get_close_matches(name, names, n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(names)}."
    return Reply(ok=False, message=f"There is no reminder {name!r}; {hint}")


def _say_next(engine: "Engine") -> str:
    ahead = engine.calendar.changes_at - engine.calendar.instant
    if not engine.calendar.open and ahead < NEVER:
        return f"Outside your hours until {say_when(engine.later(ahead), engine.now.wall)}."
    course = engine.next_due()
    if course is None:
        return "No reminder is on."
    span = engine.due_in(course) or 0.0
    return f"Next: {course.name} in {say_span(span)}." if span else f"Next: {course.name}, due now."
