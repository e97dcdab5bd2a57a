"""The person's verbs about their neck: flare-ups, check-ins, timers; and the sentences that answer them."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from neckguard.core import verbs
from neckguard.core.model import Happening, Outcome, Reply
from neckguard.core.neck.catalogue import Urgency
from neckguard.core.neck.flare import BREAK_EVERY, DAY, MILD, FlareUp
from neckguard.core.neck.health import Scope
from neckguard.core.reminders.cards import CHECKIN
from neckguard.core.rules.ruleset import Rules
from neckguard.core.rules.timers import SPANS, Pack
from neckguard.core.timing.durations import clean_past, say_span
from neckguard.core.timing.wallclock import at_instant, instant_of, say_when

_NO_FLARE = "No flare-up is in force; if your neck flares up: neckguard flare"
_NOT_KEPT = "It is not kept: [history] enabled is false in your settings."
_NO_EXERCISES = "No exercises until you end it: neckguard flare end"


def obey_care(rules: Rules, verb: verbs.CareVerb) -> Reply:
    """Do what the person asks, or say why not."""
    match verb:
        case verbs.Checkin():
            return _check_in(rules, verb)
        case verbs.CheckinUndo():
            return _take_back(rules)
        case verbs.FlareStart():
            return _start(rules, verb)
        case verbs.FlareLog():
            return _log(rules, verb)
        case verbs.FlareEnd():
            return _end(rules)
        case verbs.Timer(kind):
            return _start_timer(rules, Pack(kind))
        case verbs.TimerStop():
            return stop_timer(rules)
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
    worse = rules.care.flare is not None and rules.care.flare.worse_with(verb.score)
    before = _say_latest(rules)
    rules.care.feel(verb.score, verb.note)
    course = world.courses.get(CHECKIN)
    if course is not None and (course.owed or course.visible):
        world.courses.settle(course, Outcome.DONE)
    advice = _advice(rules, worse=worse)
    said = f"Noted: {verb.score} of 10{before}."
    return Reply(ok=True, message=" ".join((said, *kept, *advice)), data=_told(rules))


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
    what = "the note" if last.score is None else f"{last.score} of 10"
    said = f"Taken back: {what}, {say_when(at_instant(last.at, now), now)}."
    return Reply(ok=True, message=said, data=_told(rules))


def _say_latest(rules: Rules) -> str:
    """The score before this one."""
    if rules.care.memory.scored is None:
        return ""
    (at, score), now = rules.care.memory.scored, rules.world.now.wall
    return f"; before, {say_when(at_instant(at, now), now)}: {score}"


def _start(rules: Rules, verb: verbs.FlareStart) -> Reply:
    world = rules.world
    unknown = [flag for flag in verb.flags if flag not in world.content.red_flags]
    if unknown:
        return Reply(ok=False, message=f"There is no red flag {unknown[0]!r}; run: neckguard flare start")
    goes_on = rules.care.flare is not None
    if not goes_on:
        rules.care.start(verb.severity, verb.side)
    rules.care.flag(verb.flags, _urgency(rules, verb.flags))
    flare = rules.care.flare
    if flare is not None and goes_on:
        rules.care.change(_again(flare, verb, world.calendar.instant))
    if flare is not None and flare.flagged:
        return Reply(ok=True, message=f"{_NO_EXERCISES}. Breaks go on, without movements.")
    if goes_on and flare is not None:
        return Reply(
            ok=True, message=f"The flare-up of day {_day(rules, flare)} goes on, and its plan with it."
        )
    return Reply(ok=True, message=_say_plan(rules))


def _again(flare: FlareUp, verb: verbs.FlareStart, now: float) -> FlareUp:
    """The one in force, with what was said about it anew."""
    scored = flare if verb.severity is None else flare.score(verb.severity, now)
    severity = flare.severity if verb.severity is None else verb.severity
    return replace(scored, severity=severity, side=verb.side or flare.side)


def _urgency(rules: Rules, flags: tuple[str, ...]) -> Urgency | None:
    named = [rules.world.content.red_flags[flag] for flag in flags]
    return min(named, key=list(Urgency).index, default=None)


def _say_plan(rules: Rules) -> str:
    course = rules.world.courses.get("break")
    every = say_span((course.reminder.every if course else None) or BREAK_EVERY)
    return (
        f"The flare-up plan is in force: a break every {every} with one small, safe movement;"
        " posture checks and stretches rest. Say how it goes: neckguard flare log."
        " When it is over: neckguard flare end"
    )


def _log(rules: Rules, verb: verbs.FlareLog) -> Reply:
    flare = rules.care.flare
    if flare is None:
        return Reply(ok=False, message=_NO_FLARE)
    worse = verb.score is not None and flare.worse_with(verb.score)
    now = rules.world.calendar.instant
    if verb.lost_days is not None:
        rules.care.change(flare.lose(verb.lost_days))
        rules.care.record(Happening.LOST_DAYS, str(verb.lost_days))
    if verb.score is not None or verb.note:
        rules.care.feel(verb.score, verb.note)
    hurts = verb.score is not None and verb.score > MILD
    if verb.turning is not None and not (verb.turning and hurts) and rules.care.flare is not None:
        rules.care.change(rules.care.flare.turning(now, comfortable=verb.turning))
    return Reply(ok=True, message=" ".join(("Noted.", *_advice(rules, worse=worse))))


def _advice(rules: Rules, *, worse: bool) -> list[str]:
    """What follows from what was said about a flare-up."""
    flare = rules.care.flare
    if flare is None:
        return []
    if worse:
        return [text] if (text := rules.world.content.notices.get("worse")) else []
    if flare.flagged:
        return [f"{_NO_EXERCISES}."]
    if flare.comfortable_since is not None:
        back = "Full stretches" if rules.care.scope is Scope.STRETCHES else "Movements at half the range"
        return [f"{back} come back; two comfortable days, and the normal plan does too."]
    return []


def _end(rules: Rules) -> Reply:
    flare = rules.care.flare
    if flare is None:
        return Reply(ok=True, message="No flare-up is in force.")
    rules.care.change(flare.finish(rules.world.calendar.instant))
    return Reply(
        ok=True,
        message="Good to hear. Your normal plan is back; pressing and band exercises follow in a week.",
    )


def _start_timer(rules: Rules, pack: Pack) -> Reply:
    running = rules.timers.timer
    if running is not None and running.pack is pack:
        return Reply(ok=True, message=f"It is running already: take the pack off at {_say_ring(rules)}.")
    rules.timers.start(pack)
    flare = rules.care.flare
    if flare is not None and flare.comfortable_since is None:  # a pack may also be for comfort alone
        rules.care.hurt()
    instead = f"The timer for {running.pack} is over. " if running is not None else ""
    first, stop = (say_span(span) for span in SPANS[pack])
    return Reply(
        ok=True,
        message=f"{instead}It rings at {_say_ring(rules)}, after {first}, then each minute until {stop}."
        f" When it rings: neckguard done. To end it before: neckguard flare {pack} --stop",
    )


def _say_ring(rules: Rules) -> str:
    world = rules.world
    timer = rules.timers.timer
    ahead = 0.0 if timer is None else timer.began + SPANS[timer.pack][0] - world.now.boot
    return say_when(world.later(ahead), world.now.wall)


def stop_timer(rules: Rules) -> Reply:
    """The pack is off."""
    if rules.timers.timer is None and not rules.timers.ringing:
        return Reply(ok=True, message="No timer is running.")
    rules.timers.stop()
    return Reply(ok=True, message="The timer is over. Leave a good while before the next pack.")


def _forget(rules: Rules) -> Reply:
    world = rules.world
    rules.care.forget()
    programme = world.programme
    programme.rotation, programme.postures = programme.rotation.forgotten(), programme.postures.forgotten()
    rules.attendance.sitting.forget()
    world.decisions.clear()
    return Reply(ok=True, message="The history is erased.")


def _day(rules: Rules, flare: FlareUp) -> int:
    return flare.day(rules.care.now)
