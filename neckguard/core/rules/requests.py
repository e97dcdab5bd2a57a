"""The person's verbs: what each does, and the sentence that answers it."""

from neckguard.core import verbs
from neckguard.core.model import NEVER, SLACK, Happening, Outcome, Record, Reply
from neckguard.core.neck.programme import purpose_of
from neckguard.core.neck.rotation import Purpose
from neckguard.core.plan import Kind
from neckguard.core.reminders.cards import ALREADY
from neckguard.core.reminders.course import Course
from neckguard.core.rules.answers import answer, put_away
from neckguard.core.rules.ruleset import Rules
from neckguard.core.rules.timers import PACK_OFF
from neckguard.core.timing.durations import say_span
from neckguard.core.timing.pauses import PauseState, parse_until
from neckguard.core.timing.wallclock import first_opening, say_when
from neckguard.core.world import World

_LONGEST_BREAK = 86400.0  # seconds; as in the settings: all other reminders wait for its end
_GUIDED = (Purpose.STRETCH, Purpose.STRENGTH)


def obey(rules: Rules, verb: verbs.Verb) -> Reply:
    """Do what the person asks, or say why not."""
    match verb:
        case verbs.Pause():
            return _pause(rules, verb)
        case verbs.Resume():
            return _resume(rules)
        case verbs.Now(name, seconds):
            return _now(rules, name, seconds)
        case verbs.Snooze(seconds):
            return _snooze(rules, seconds)
        case verbs.Hurt(stretch):
            return _hurt(rules, stretch)
        case verbs.Stretched():
            return _stretched(rules, verb)
        case verbs.Start() | verbs.Done() | verbs.Skip():
            return _settle(rules, verb)
        case _:
            from neckguard.core.rules.neck_requests import (
                obey_care,
            )  # 0.1 MB of memory, for a few verbs a day

            return obey_care(rules, verb)


def _settle(rules: Rules, verb: verbs.Start | verbs.Done | verbs.Skip) -> Reply:
    match verb:
        case verbs.Start():
            return _start(rules)
        case verbs.Done(name, elsewhere=True):
            return _answer(rules, name, "done", "elsewhere")
        case verbs.Done(None, already=False) if rules.timers.ringing:
            rules.timers.stop()
            return Reply(ok=True, message=PACK_OFF)
        case verbs.Done(_, already=True):
            return _already(rules)
        case verbs.Done(None) | verbs.Skip(None) if _on_break(rules):
            rules.world.breaks.end()
            return Reply(ok=True, message=f"Your break is over. {_say_next(rules)}")
        case verbs.Done(name):
            return _answer(rules, name, "done")
        case verbs.Skip(name):
            return _answer(rules, name, "skip")


def _pause(rules: Rules, verb: verbs.Pause) -> Reply:
    world = rules.world
    if verb.toggle and world.pause is not None:
        return _resume(rules)
    now = world.now
    if verb.until is not None:
        try:
            local = parse_until(verb.until, now.wall, world.plan.hours)
        except ValueError as error:
            return Reply(ok=False, message=str(error))
        pause = PauseState(now.wall, now.boot, verb.reason, until_local=local)
    else:
        seconds = world.plan.pause_default if verb.duration is None else verb.duration
        pause = PauseState(now.wall, now.boot, verb.reason, until_boot=now.boot + seconds)
    world.begin_pause(pause)
    end = pause.until(now)
    if end is None:
        return Reply(ok=True, message="Paused until you run: neckguard resume")
    opens = first_opening(world.plan.hours, end.date(), end.tzinfo)
    hours = ", when your hours begin" if opens and abs(opens - end.timestamp()) < SLACK else ""
    return Reply(ok=True, message=f"Paused until {say_when(end, now.wall)}{hours}.")


def _resume(rules: Rules) -> Reply:
    world = rules.world
    if world.pause is None:
        return Reply(ok=True, message="Not paused.")
    world.end_pause("by you")
    return Reply(ok=True, message=f"Resumed. {_say_next(rules)}")


def _cannot_last(course: Course, seconds: float) -> str:
    """Why a reminder cannot take so long; empty: it can."""
    if course.reminder.kind is not Kind.BREAK:
        return f"Only a break lasts as long as you say, and {course.name} is none."
    if seconds > _LONGEST_BREAK:
        return f"{say_span(seconds)} is too long: a break takes a day at most."
    return ""


def _now(rules: Rules, name: str, seconds: float | None = None) -> Reply:
    world = rules.world
    course = world.courses.get(name)
    if course is None:
        return unknown(world, name)
    if seconds is not None and (why := _cannot_last(course, seconds)):
        return Reply(ok=False, message=why)
    if course.visible and seconds in (None, course.wanted.duration):
        return Reply(ok=True, message=f"The {name} prompt is on the screen already.")
    if world.pause is not None:
        return Reply(ok=False, message="Paused; run: neckguard resume")
    if world.presence.reasons:
        return Reply(ok=False, message="The screen is locked or asleep: nobody would see it.")
    if not world.screen.ready:
        return Reply(ok=False, message="No notification server is running, so nothing can be shown.")
    if (showing := world.courses.showing) is not None:
        world.courses.withdraw(showing, f"{name} was asked for")
    if world.presence.away:
        rules.attendance.come_back()  # whoever asks is there, whatever is known of inputs
    if (asked := seconds or 0.0) != course.asked:  # a hidden prompt has another length in its title
        world.courses.withdraw(course, "another length was asked for")
        course.asked = asked
    rules.stage.show(course, forced=True)
    length = f", {say_span(seconds)}" if seconds else ""
    return Reply(ok=True, message=f"Prompting: {name}{length}.")


def _start(rules: Rules) -> Reply:
    if (guide := rules.world.courses.guide) is not None:
        return Reply(ok=True, message=f"{guide.stretch.name}: already going.")
    if _on_break(rules):
        return Reply(ok=True, message=f"Your break goes on. Back at {_say_back(rules.world)}.")
    course = _target(rules, None)
    if not isinstance(course, Reply) and not course.visible and purpose_of(course.reminder) in _GUIDED:
        _deal_with_occurrence(rules, course, only_today=True)
        _now(rules, course.name)  # a guide needs the screen; where there is none, the person's word counts
    return _answer(rules, None, "start")


def _answer(rules: Rules, name: str | None, action: str, reason: str = "") -> Reply:
    world = rules.world
    course = _target(rules, name)
    if isinstance(course, Reply):
        return course
    _deal_with_occurrence(rules, course, only_today=action != "skip")
    answer(rules, course, action, reason)
    if action == "start" and (guide := world.courses.guide) is not None:
        span = say_span(guide.portion.seconds)  # as its prompt said
        message = f"{guide.stretch.name}: follow the notification, {span}.{rules.guidance.hint(guide)}"
        return Reply(ok=True, message=message)
    word = {"start": "Done", "done": "Done", "skip": "Skipped"}[action]
    if action == "start" and course.reminder.kind is Kind.BREAK:
        return Reply(ok=True, message=f"Enjoy your break. Back at {_say_back(world)}.")
    return Reply(ok=True, message=f"{word}: {course.name}. {_say_next(rules)}")


def _on_break(rules: Rules) -> bool:
    """Whether an answer without a name is about the break that is taken: nothing newer is on the screen."""
    return bool(rules.world.breaks.taken) and rules.world.courses.showing is None


def _say_back(world: World) -> str:
    return say_when(world.later(world.breaks.until - world.now.boot), world.now.wall)


def _snooze(rules: Rules, seconds: float | None) -> Reply:
    world = rules.world
    course = _target(rules, None)
    if isinstance(course, Reply):
        return course
    span = course.reminder.snooze if seconds is None else seconds
    if course.owed or course.visible:
        world.courses.snooze(course, Outcome.SNOOZED, span)
    else:
        span += world.due_in(course) or 0.0
        _deal_with_occurrence(rules, course)
        world.courses.put_off(course, span)
    return Reply(ok=True, message=f"Later: {course.name}, in {say_span(span)}.")


def _already(rules: Rules) -> Reply:
    showing = rules.world.courses.showing
    if showing is None or showing.prompt is None or ALREADY not in showing.prompt.card.buttons:
        return Reply(ok=False, message="No open posture check asks for what could be so already.")
    answer(rules, showing, "already")
    return Reply(ok=True, message="Good: that one will not ask again.")


def _hurt(rules: Rules, stretch: str | None) -> Reply:
    world = rules.world
    chosen = stretch or world.programme.latest
    if not chosen:
        return Reply(ok=False, message="No stretch was suggested yet; name one: neckguard stretch --list")
    found = put_away(rules, chosen)
    if found is None:
        return _no_stretch(world, chosen)
    showing = world.courses.showing
    if showing is not None and showing.prompt is not None and showing.prompt.stretch == chosen:
        answer(rules, showing, "skip")
    said = (f"{found.name} is put away for two weeks.", *world.content.stop_rules)
    return Reply(ok=True, message="\n".join(said))


def _stretched(rules: Rules, verb: verbs.Stretched) -> Reply:
    world, at, stretch = rules.world, rules.world.now.wall, verb.id
    found = world.programme.did(stretch)
    if found is None:
        return _no_stretch(world, stretch)
    name = "strength" if found.until_tired else "stretch"
    course = world.courses.get(name)
    if course is not None and course.reminder.enabled:
        world.courses.settle(course, Outcome.DONE, "in the terminal", item=stretch)
    else:  # nothing of it is due, but it was done
        world.emit(Record(at, Outcome.DONE, name, Kind.STRETCH, reason="in the terminal", item=stretch))
    if verb.band or verb.repetitions is not None:
        world.emit(Record(at, Happening.STRENGTH, reason=verb.band, score=verb.repetitions))
    return Reply(ok=True, message=f"Counted as done. {_say_next(rules)}")


def _deal_with_occurrence(rules: Rules, course: Course, *, only_today: bool = False) -> None:
    """What has a time or a date will not come as well when it was answered before; tomorrow it will."""
    world = rules.world
    reminder, today = course.reminder, world.calendar.today
    if course.owed or course.visible or course.snoozed:
        return
    if reminder.daily is not None and today not in course.handled:
        course.deal_with(today)
    elif reminder.at:
        upcoming = world.calendar.next_open(reminder, course.handled)
        if upcoming is not None and (upcoming.key.startswith(today) or not only_today):
            course.deal_with(upcoming.key)
            course.day = upcoming.key[:10]
            world.calendar.forget(course.name)


def _target(rules: Rules, name: str | None) -> Course | Reply:
    """The named reminder, else the one whose prompt is open, else one that is owed, else the next one due."""
    world = rules.world
    if name is not None:
        return world.courses.get(name) or unknown(world, name)
    nothing = Reply(ok=False, message="No reminder is on; see: neckguard status")
    owed = max((course for course in world.courses if course.owed), key=lambda each: each.rank, default=None)
    return world.courses.showing or owed or world.next_due() or nothing


def unknown(world: World, name: str) -> Reply:
    """The refusal that helps with the name."""
    names = [course.name for course in world.courses]
    close = _nearest(name, names)
    hint = f"did you mean {close}?" if close else f"there are: {', '.join(names)}."
    return Reply(ok=False, message=f"There is no reminder {name!r}; {hint}")


def _no_stretch(world: World, name: str) -> Reply:
    close = _nearest(name, [stretch.id for stretch in world.content.stretches], cutoff=0.5)
    hint = f"; did you mean {close}?" if close else "."
    known = "All of them: neckguard stretch --list"
    return Reply(ok=False, message=f"There is no stretch {name!r}{hint} {known}")


def _nearest(name: str, names: list[str], cutoff: float = 0.6) -> str:
    """The one that may have been meant; empty: none is near."""
    from difflib import get_close_matches  # 0.1 MB of memory, after a slip only

    return next(iter(get_close_matches(name, names, n=1, cutoff=cutoff)), "")


def _say_next(rules: Rules) -> str:
    world = rules.world
    ahead = world.calendar.changes_at - world.calendar.instant
    if not world.calendar.open and ahead < NEVER:
        return f"Outside your hours until {say_when(world.later(ahead), world.now.wall)}."
    course = world.next_due()
    if course is None:
        return "No reminder is on."
    span = world.due_in(course) or 0.0
    return f"Next: {course.name} in {say_span(span)}." if span else f"Next: {course.name}, due now."
