"""The person's verbs about their neck: flare-ups, check-ins, timers; and the sentences that answer them."""

from dataclasses import replace
from typing import TYPE_CHECKING

from neckguard.core import verbs
from neckguard.core.model import Outcome, Reply
from neckguard.core.neck.catalogue import Urgency
from neckguard.core.neck.flare import MILD, FlareUp
from neckguard.core.neck.flare_plan import BREAK_EVERY
from neckguard.core.neck.health import Scope
from neckguard.core.reminders.cards import CHECKIN
from neckguard.core.rules.timers import SPANS, Pack
from neckguard.core.timing.durations import say_span
from neckguard.core.timing.wallclock import at_instant, say_when

if TYPE_CHECKING:
    from neckguard.core.engine import Engine

_NO_FLARE = "No flare-up is in force; if your neck flares up: neckguard flare"
_NOT_KEPT = "It is not kept: [history] enabled is false in your settings."
_NO_EXERCISES = "No exercises until you end it: neckguard flare end"


def obey_care(engine: "Engine", verb: verbs.CareVerb) -> Reply:
    """Do what the person asks, or say why not."""
    match verb:
        case verbs.Checkin(score, note):
            return _check_in(engine, score, note)
        case verbs.FlareStart():
            return _start(engine, verb)
        case verbs.FlareLog():
            return _log(engine, verb)
        case verbs.FlareEnd():
            return _end(engine)
        case verbs.Timer(kind):
            return _start_timer(engine, Pack(kind))
        case verbs.TimerStop():
            return stop_timer(engine)
        case verbs.Forget():
            return _forget(engine)


def _check_in(engine: "Engine", score: int, note: str) -> Reply:
    worse = engine.care.flare is not None and engine.care.flare.worse_with(score)
    before = _say_latest(engine)
    engine.care.feel(score, note)
    course = engine.courses.get(CHECKIN)
    if course is not None and (course.owed or course.visible):
        engine.courses.settle(course, Outcome.DONE)
    kept = [] if engine.plan.history.enabled else [_NOT_KEPT]
    advice = _advice(engine, worse=worse)
    return Reply(ok=True, message=" ".join((f"Noted: {score} of 10{before}.", *kept, *advice)))


def _say_latest(engine: "Engine") -> str:
    """The score before this one."""
    if engine.care.kept.scored is None:
        return ""
    (at, score), now = engine.care.kept.scored, engine.now.wall
    return f"; before, {say_when(at_instant(at, now), now)}: {score}"


def _start(engine: "Engine", verb: verbs.FlareStart) -> Reply:
    unknown = [flag for flag in verb.flags if flag not in engine.content.red_flags]
    if unknown:
        return Reply(ok=False, message=f"There is no red flag {unknown[0]!r}; run: neckguard flare start")
    goes_on = engine.care.flare is not None
    if not goes_on:
        engine.care.start(verb.severity, verb.side)
    engine.care.flag(verb.flags, _urgency(engine, verb.flags))
    flare = engine.care.flare
    if flare is not None and goes_on:
        engine.care.change(_again(flare, verb, engine.calendar.instant))
    if flare is not None and flare.flagged:
        return Reply(ok=True, message=f"{_NO_EXERCISES}. Breaks go on, without movements.")
    if goes_on and flare is not None:
        return Reply(
            ok=True, message=f"The flare-up of day {_day(engine, flare)} goes on, and its plan with it."
        )
    return Reply(ok=True, message=_say_plan(engine))


def _again(flare: FlareUp, verb: verbs.FlareStart, now: float) -> FlareUp:
    """The one in force, with what was said about it anew."""
    scored = flare if verb.severity is None else flare.score(verb.severity, now)
    severity = flare.severity if verb.severity is None else verb.severity
    return replace(scored, severity=severity, side=verb.side or flare.side)


def _urgency(engine: "Engine", flags: tuple[str, ...]) -> Urgency | None:
    named = [engine.content.red_flags[flag] for flag in flags]
    return min(named, key=list(Urgency).index, default=None)


def _say_plan(engine: "Engine") -> str:
    course = engine.courses.get("break")
    every = say_span((course.reminder.every if course else None) or BREAK_EVERY)
    return (
        f"The flare-up plan is in force: a break every {every} with one small, safe movement;"
        " posture checks and stretches rest. Say how it goes: neckguard flare log."
        " When it is over: neckguard flare end"
    )


def _log(engine: "Engine", verb: verbs.FlareLog) -> Reply:
    flare = engine.care.flare
    if flare is None:
        return Reply(ok=False, message=_NO_FLARE)
    worse = verb.score is not None and flare.worse_with(verb.score)
    now = engine.calendar.instant
    if verb.lost_days is not None:
        engine.care.change(flare.lose(verb.lost_days))
    if verb.score is not None or verb.note:
        engine.care.feel(verb.score, verb.note)
    hurts = verb.score is not None and verb.score > MILD
    if verb.turning is not None and not (verb.turning and hurts) and engine.care.flare is not None:
        engine.care.change(engine.care.flare.turning(now, comfortable=verb.turning))
    return Reply(ok=True, message=" ".join(("Noted.", *_advice(engine, worse=worse))))


def _advice(engine: "Engine", *, worse: bool) -> list[str]:
    """What follows from what was said about a flare-up."""
    flare = engine.care.flare
    if flare is None:
        return []
    if worse:
        return [text] if (text := engine.content.notices.get("worse")) else []
    if flare.flagged:
        return [f"{_NO_EXERCISES}."]
    if flare.comfortable_since is not None:
        back = "Full stretches" if engine.care.scope is Scope.STRETCHES else "Movements at half the range"
        return [f"{back} come back; two comfortable days, and the normal plan does too."]
    return []


def _end(engine: "Engine") -> Reply:
    flare = engine.care.flare
    if flare is None:
        return Reply(ok=True, message="No flare-up is in force.")
    engine.care.change(flare.finish(engine.calendar.instant))
    return Reply(
        ok=True,
        message="Good to hear. Your normal plan is back; pressing and band exercises follow in a week.",
    )


def _start_timer(engine: "Engine", pack: Pack) -> Reply:
    running = engine.timers.timer
    if running is not None and running.pack is pack:
        return Reply(ok=True, message=f"It is running already: take the pack off at {_say_ring(engine)}.")
    engine.timers.start(pack)
    flare = engine.care.flare
    if flare is not None and flare.comfortable_since is None:  # a pack may also be for comfort alone
        engine.care.hurt()
    instead = f"The timer for {running.pack} is over. " if running is not None else ""
    first, stop = (say_span(span) for span in SPANS[pack])
    return Reply(
        ok=True,
        message=f"{instead}It rings at {_say_ring(engine)}, after {first}, then each minute until {stop}."
        f" When it rings: neckguard done. To end it before: neckguard flare {pack} --stop",
    )


def _say_ring(engine: "Engine") -> str:
    timer = engine.timers.timer
    ahead = 0.0 if timer is None else timer.began + SPANS[timer.pack][0] - engine.now.boot
    return say_when(engine.later(ahead), engine.now.wall)


def stop_timer(engine: "Engine") -> Reply:
    """The pack is off."""
    if engine.timers.timer is None and not engine.timers.ringing:
        return Reply(ok=True, message="No timer is running.")
    engine.timers.stop()
    return Reply(ok=True, message="The timer is over. Leave a good while before the next pack.")


def _forget(engine: "Engine") -> Reply:
    engine.care.forget()
    programme = engine.programme
    programme.rotation, programme.postures = programme.rotation.forgotten(), programme.postures.forgotten()
    engine.attendance.sitting.forget()
    engine.decisions.clear()
    return Reply(ok=True, message="The history is erased.")


def _day(engine: "Engine", flare: FlareUp) -> int:
    return flare.day(engine.care.now)
