"""The person's verbs about their neck: check-ins, timers, and whose the rest is; and what answers them."""

from datetime import date, datetime, time, timedelta

from neckguard.core import verbs
from neckguard.core.model import Outcome, Reply
from neckguard.core.neck.flare.course import DAY
from neckguard.core.reminders.cards import CHECKIN
from neckguard.core.rules import flare_requests
from neckguard.core.rules.flare_requests import checklist, join, what_follows
from neckguard.core.rules.ruleset import Rules
from neckguard.core.rules.timers import PACK_OFF, REST, SPANS, Pack
from neckguard.core.timing.durations import clean_past, say_span
from neckguard.core.timing.wallclock import at_instant, instant_of, say_when

_NOT_KEPT = "It is not kept: [history] enabled is false in your settings."


def obey_care(rules: Rules, verb: verbs.CareVerb) -> Reply:
    """Do what the person asks, or say why not."""
    match verb:
        case verbs.Checkin():
            return _check_in(rules, verb)
        case verbs.CheckinUndo():
            return _take_back(rules)
        case verbs.FlareStart():
            return flare_requests.start(rules, verb)
        case verbs.FlareLog():
            return flare_requests.log(rules, verb)
        case verbs.FlareCleared():
            return flare_requests.clear(rules)
        case verbs.FlareEnd(looked):
            return flare_requests.end(rules, looked=looked)
        case verbs.Timer(kind):
            return _start_timer(rules, Pack(kind))
        case verbs.TimerStop():
            return _stop_timer(rules)
        case verbs.Forget():
            return _forget(rules)


def _check_in(rules: Rules, verb: verbs.Checkin) -> Reply:
    world = rules.world
    now = world.now.wall
    kept = [] if world.plan.history.enabled else [_NOT_KEPT]
    if verb.at is not None:
        try:
            at = _past(verb.at, now, world.plan.history.keep)
        except ValueError as error:
            return Reply(ok=False, message=str(error))
        rules.care.feel(verb.score, verb.note, at=at)
        said = f"Noted for {say_when(at_instant(at, now), now)}: {verb.score} of 10."
        return Reply(ok=True, message=" ".join((said, *kept)), data=_told(rules))
    before = _say_latest(rules)
    worse = rules.care.feel(verb.score, verb.note)
    course = world.courses.get(CHECKIN)
    if course is not None and (course.owed or course.visible):
        world.courses.settle(course, Outcome.DONE)
    said = join(f"Noted: {verb.score} of 10{before}.", *kept, what_follows(rules, worse=worse))
    return Reply(ok=True, message=said, data=_told(rules) | checklist(worse=worse))


def _told(rules: Rules) -> dict[str, bool]:
    """For whoever would show what is kept: a history that is switched off is left alone."""
    return {"kept": rules.world.plan.history.enabled}


def _past(text: str, now: datetime, kept: float) -> float:
    """The instant that was named; a time of day without a day is its last occurrence.

    Raises:
        ValueError: it names none, or one ahead, or one so long ago that nothing of it is kept.
    """
    try:
        day, _, clock = clean_past(text).rpartition(" ")
    except ValueError as error:
        raise ValueError(f"{error}.") from None
    today = now.date()
    named = {"": today, "yesterday": today - timedelta(days=1)}.get(day) or date.fromisoformat(day)
    if (today - named).days * DAY >= kept:
        raise ValueError(f"{text} is longer ago than anything is kept; see keep under [history].")
    at = instant_of(datetime.combine(named, time.fromisoformat(clock)), now.tzinfo)
    if not day and at > now.timestamp():
        return _past(f"yesterday {clock}", now, kept)
    if at > now.timestamp():
        raise ValueError(f"{text} is still to come: a check-in says how it is, or how it was.")
    return at


def _take_back(rules: Rules) -> Reply:
    last, now = rules.care.take_back(), rules.world.now.wall
    if last is None:
        return Reply(ok=False, message="There is nothing to take back: only the last check-in can be, once.")
    what = "what you said" if last.score is None else f"{last.score} of 10"
    said = f"Taken back: {what}, {say_when(at_instant(last.at, now), now)}."
    return Reply(ok=True, message=said, data=_told(rules))


def _say_latest(rules: Rules) -> str:
    """The score before this one."""
    if rules.care.memory.scored is None:
        return ""
    (at, score), now = rules.care.memory.scored, rules.world.now.wall
    return f"; before, {say_when(at_instant(at, now), now)}: {score}"


def _start_timer(rules: Rules, pack: Pack) -> Reply:
    running = rules.timers.timer
    if running is not None and running.pack is pack:
        return Reply(ok=True, message=f"It is running already: take the pack off at {_say_ring(rules)}.")
    soon = "" if running else _say_too_soon(rules)
    rules.timers.start(pack)
    instead = f"The timer for {running.pack} is over. " if running is not None else ""
    first, stop = (say_span(span) for span in SPANS[pack])
    return Reply(
        ok=True,
        message=f"{soon}{instead}It rings at {_say_ring(rules)}, after {first}, then each minute until"
        f" {stop}. When it rings: neckguard done. To end it before: neckguard flare {pack} --stop",
    )


def _say_too_soon(rules: Rules) -> str:
    """That the skin should have had more rest since the last pack; empty where it had."""
    if rules.timers.off_at is None:
        return ""
    rest = rules.world.now.boot - rules.timers.off_at
    if rest >= REST:
        return ""
    return f"The last pack came off {say_span(rest // 60 * 60)} ago: better leave 2 hours between two. "


def _say_ring(rules: Rules) -> str:
    world = rules.world
    timer = rules.timers.timer
    ahead = 0.0 if timer is None else timer.began + SPANS[timer.pack][0] - world.now.boot
    return say_when(world.later(ahead), world.now.wall)


def _stop_timer(rules: Rules) -> Reply:
    if rules.timers.timer is None and not rules.timers.ringing:
        return Reply(ok=True, message="No timer is running.")
    rules.timers.stop()
    return Reply(ok=True, message=PACK_OFF)


def _forget(rules: Rules) -> Reply:
    world = rules.world
    rules.care.forget()
    programme = world.programme
    programme.rotation, programme.postures = programme.rotation.forgotten(), programme.postures.forgotten()
    rules.attendance.sitting.forget()
    world.presence.at_screen.forget()
    world.decisions.clear()
    return Reply(ok=True, message="The history is erased.")
