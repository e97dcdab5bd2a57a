"""The person's verbs about their neck: flare-ups, check-ins, timers; and the sentences that answer them."""

from datetime import date, datetime, time, timedelta

from neckguard.core import verbs
from neckguard.core.model import NEVER, Happening, Outcome, Reply
from neckguard.core.neck.catalogue import Urgency
from neckguard.core.neck.flare.course import DAY, SEVERE, FlareUp
from neckguard.core.neck.flare.plan import BREAK_EVERY
from neckguard.core.neck.health import Scope
from neckguard.core.reminders.cards import CHECKIN, FEELINGS
from neckguard.core.reminders.course import Course
from neckguard.core.rules.ruleset import Rules
from neckguard.core.rules.timers import SPANS, Pack
from neckguard.core.timing.durations import clean_past, say_span
from neckguard.core.timing.wallclock import at_instant, instant_of, say_when

_NO_FLARE = "No flare-up is in force; if your neck flares up: neckguard flare"
_NOT_KEPT = "It is not kept: [history] enabled is false in your settings."
_LOOKED = "until somebody has looked; once they have: neckguard flare cleared"
_CAPPED = f"Only small, safe movements {_LOOKED}."
_STEPS = {Scope.HALF: "Half the range comes", Scope.STRETCHES: "Full stretches come"}
_REST = "pressing and band exercises follow in a week."


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
        case verbs.FlareCleared():
            return _clear(rules)
        case verbs.FlareEnd(looked):
            return _end(rules, looked=looked)
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
    before = _say_latest(rules)
    worse = rules.care.feel(verb.score, verb.note)
    course = world.courses.get(CHECKIN)
    if course is not None and (course.owed or course.visible):
        world.courses.settle(course, Outcome.DONE)
    said = _join(f"Noted: {verb.score} of 10{before}.", *kept, what_follows(rules, worse=worse))
    return Reply(ok=True, message=said, data=_told(rules) | _checklist(worse=worse))


def _join(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _checklist(*, worse: bool) -> dict[str, bool]:
    """For whoever would go through it again at once."""
    return {"checklist": True} if worse else {}


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


def _start(rules: Rules, verb: verbs.FlareStart) -> Reply:
    care = rules.care
    unknown = [flag for flag in verb.flags if flag not in rules.world.content.red_flags]
    if unknown:
        return Reply(ok=False, message=f"There is no red flag {unknown[0]!r}; run: neckguard flare start")
    goes_on, known = care.flare is not None, len(care.memory.flares)
    if goes_on:
        care.tell_more(verb.severity, verb.side)
    else:
        care.start(verb.severity, verb.side)
    care.flag(verb.flags, _urgency(rules, verb.flags))
    return Reply(ok=True, message=_say_start(rules, goes_on=goes_on, again=len(care.memory.flares) == known))


def _say_start(rules: Rules, *, goes_on: bool, again: bool) -> str:
    """What holds from now on; `again`: it is one that was known already."""
    flare = rules.care.flare
    if flare is None:
        return ""
    if flare.open:
        if rules.world.hushed:
            return "Noted. Nothing will prompt you for the rest of today."
        return f"No exercises {_LOOKED}. Breaks go on, without movements."
    day = _day(rules, flare)
    cap = _CAPPED if flare.capped else ""
    if goes_on:
        return _join(f"The flare-up of day {day} goes on, and its plan with it.", cap)
    same = f"It is the same flare-up as before, on its day {day}." if again else ""
    severe = flare.severity is not None and flare.severity >= SEVERE
    warning = rules.world.content.notices.get("severe", "") if severe else ""
    return _join(same, warning, cap, _say_plan(rules))


def _urgency(rules: Rules, flags: tuple[str, ...]) -> Urgency | None:
    named = [rules.world.content.red_flags[flag].urgency for flag in flags]
    return min(named, key=list(Urgency).index, default=None)


def _say_plan(rules: Rules) -> str:
    course = rules.world.courses.get("break")
    every = say_span((course.reminder.every if course else None) or BREAK_EVERY)
    return (
        f"The flare-up plan is in force: a break every {every} with one small, safe movement;"
        " posture checks and stretches rest. In the evening you are asked how it goes; or at any time:"
        " neckguard flare log. When it is over: neckguard flare end"
    )


def _log(rules: Rules, verb: verbs.FlareLog) -> Reply:
    flare = rules.care.flare
    if flare is None:
        return Reply(ok=False, message=_NO_FLARE)
    if verb.lost_days is not None:
        rules.care.record(Happening.LOST_DAYS, str(verb.lost_days))
        rules.care.change(flare.lose(verb.lost_days, rules.world.calendar.instant))
    worse = False
    if verb.score is not None or verb.turning is not None or verb.note:
        worse = rules.care.feel(verb.score, verb.note, turning=verb.turning)
    said = _join("Noted.", what_follows(rules, worse=worse))
    return Reply(ok=True, message=said, data=_checklist(worse=worse))


def what_follows(rules: Rules, *, worse: bool) -> str:
    """What follows from what was said about a flare-up; nothing without one."""
    flare, notices = rules.care.flare, rules.world.content.notices
    if flare is None:
        return ""
    if worse:
        return notices.get("risen", "")
    if flare.open:
        return f"No exercises {_LOOKED}."
    if flare.capped:
        return _CAPPED
    step, at = flare.next_step(rules.care.now)
    now = rules.world.now.wall
    coming = (
        "" if step not in _STEPS or at == NEVER else f"{_STEPS[step]} {say_when(at_instant(at, now), now)}"
    )
    if flare.comfortable_since is not None:
        return f"{coming or 'Full stretches are back'}; two comfortable days, and the normal plan is, too."
    if coming:
        return f"Tiny movements for now. {coming}."
    return "Full stretches wait for 2 or less, or for comfortable turning."


def hear_answer(rules: Rules, course: Course, action: str) -> None:
    """A button of a check-in, and what follows from it, in its place."""
    key = course.prompt.card.key if course.prompt else ""
    if action in FEELINGS:
        worse = rules.care.feel(FEELINGS[action])
    else:
        worse = rules.care.feel(how=action, turning=True if action == "better" else None)
    rules.world.courses.settle(course, Outcome.DONE)
    if worse:
        rules.care.warn()
    elif said := what_follows(rules, worse=False):
        rules.guidance.answer(key, said)


def _clear(rules: Rules) -> Reply:
    flare = rules.care.flare
    if flare is None:
        return Reply(ok=False, message=_NO_FLARE)
    if flare.urgency is None:
        return Reply(
            ok=True, message="Nothing that you named waits for a look. To see the plan: neckguard flare"
        )
    rules.care.clear()
    return Reply(ok=True, message=_join("Good that somebody has looked.", _say_goes_on(rules)))


def _say_goes_on(rules: Rules) -> str:
    flare = rules.care.flare
    day = "" if flare is None else f"The flare-up goes on, on its day {_day(rules, flare)}."
    return _join(day, what_follows(rules, worse=False))


def _end(rules: Rules, *, looked: bool | None) -> Reply:
    flare = rules.care.flare
    if flare is None:
        return Reply(ok=True, message="No flare-up is in force.")
    if flare.open and not looked:
        said = f"It goes on. Somebody should look at what you named first. No exercises {_LOOKED}."
        return Reply(ok=False, message=said, data={} if looked is False else {"asks": "looked"})
    well = "Good to hear." if not flare.open else "Noted: somebody has looked, and it is over."
    if flare.open:
        rules.care.clear()
    rules.care.finish()
    return Reply(ok=True, message=f"{well} Your normal plan is back; {_REST}")


def _start_timer(rules: Rules, pack: Pack) -> Reply:
    running = rules.timers.timer
    if running is not None and running.pack is pack:
        return Reply(ok=True, message=f"It is running already: take the pack off at {_say_ring(rules)}.")
    rules.timers.start(pack)
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
    return Reply(ok=True, message="The timer is over. At least 2 hours before the next pack.")


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
