"""The person's verbs about a flare-up, its buttons, and the sentences that answer them."""

from neckguard.core import verbs
from neckguard.core.model import NEVER, Happening, Outcome, Reply
from neckguard.core.neck.catalogue import Urgency
from neckguard.core.neck.flare.course import SEVERE, FlareUp
from neckguard.core.neck.flare.plan import BREAK_EVERY
from neckguard.core.neck.health import Scope
from neckguard.core.reminders.cards import FEELINGS
from neckguard.core.reminders.course import Course
from neckguard.core.rules.ruleset import Rules
from neckguard.core.timing.durations import say_span
from neckguard.core.timing.wallclock import at_instant, say_when

_NO_FLARE = "No flare-up is in force; if your neck flares up: neckguard flare"
_LOOKED = "until somebody has looked; once they have: neckguard flare cleared"
_CAPPED = f"Only small, safe movements {_LOOKED}."
_STEPS = {Scope.HALF: "Half the range comes", Scope.STRETCHES: "Full stretches come"}
_REST = "pressing and band exercises follow in a week."


def start(rules: Rules, verb: verbs.FlareStart) -> Reply:
    """A flare-up began, or the checklist was gone through again."""
    care = rules.care
    unknown = [flag for flag in verb.flags if flag not in rules.world.content.red_flags]
    if unknown:
        return Reply(ok=False, message=f"There is no red flag {unknown[0]!r}; run: neckguard flare start")
    goes_on = care.flare is not None
    if goes_on:
        care.tell_more(verb.severity, verb.side)
    again = not goes_on and care.start(verb.severity, verb.side)
    care.flag(verb.flags, _urgency(rules, verb.flags))
    return Reply(ok=True, message=_say_start(rules, goes_on=goes_on, again=again))


def _say_start(rules: Rules, *, goes_on: bool, again: bool) -> str:
    """What holds from now on; `again`: it is one that was known already."""
    flare = rules.care.flare
    if flare is None:
        return ""
    if flare.open:
        if rules.world.hushed:
            return "Noted. No reminders for the rest of today."
        return f"No exercises {_LOOKED}. Breaks go on, without movements."
    day = _day(rules, flare)
    cap = _CAPPED if flare.capped else ""
    if goes_on:
        return join(f"The flare-up of day {day} goes on, and its plan with it.", cap)
    same = f"It is the same flare-up as before, on its day {day}." if again else ""
    severe = flare.severity is not None and flare.severity >= SEVERE
    warning = rules.world.content.notices.get("severe", "") if severe else ""
    return join(same, warning, cap, _say_plan(rules))


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


def log(rules: Rules, verb: verbs.FlareLog) -> Reply:
    """How it goes."""
    flare = rules.care.flare
    if flare is None:
        return Reply(ok=False, message=_NO_FLARE)
    if verb.lost_days is not None:
        rules.care.record(Happening.LOST_DAYS, str(verb.lost_days))
        rules.care.change(flare.lose(verb.lost_days, rules.world.calendar.instant))
    worse = False
    if verb.score is not None or verb.turning is not None or verb.note:
        worse = rules.care.feel(verb.score, verb.note, turning=verb.turning)
    said = join("Noted.", what_follows(rules, worse=worse))
    return Reply(ok=True, message=said, data=checklist(worse=worse))


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
    known = step in _STEPS and at != NEVER
    coming = f"{_STEPS[step]} {say_when(at_instant(at, now), now)}" if known else ""
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


def clear(rules: Rules) -> Reply:
    """Somebody has looked."""
    flare = rules.care.flare
    if flare is None:
        return Reply(ok=False, message=_NO_FLARE)
    if flare.urgency is None:
        return Reply(ok=True, message="Nothing that you named waits for a look. The plan: neckguard flare")
    rules.care.clear()
    return Reply(ok=True, message=join("Good that somebody has looked.", _say_goes_on(rules)))


def _say_goes_on(rules: Rules) -> str:
    flare = rules.care.flare
    day = "" if flare is None else f"The flare-up goes on, on its day {_day(rules, flare)}."
    return join(day, what_follows(rules, worse=False))


def end(rules: Rules, *, looked: bool | None) -> Reply:
    """It is over; what was named for now or for today must have been looked at."""
    flare = rules.care.flare
    if flare is None:
        return Reply(ok=True, message="No flare-up is in force.")
    if flare.open and not looked:
        said = f"It goes on. Somebody should look at what you named first. No exercises {_LOOKED}."
        return Reply(ok=False, message=said, data={} if looked is False else {"asks": "looked"})
    well = "Good to hear."
    if flare.urgency is not None:
        well = "Noted: it is over, and somebody has looked." if looked else "Noted: it is over."
    if flare.open:
        rules.care.clear()
    rules.care.finish()
    return Reply(ok=True, message=f"{well} Your normal plan is back; {_REST}")


def _day(rules: Rules, flare: FlareUp) -> int:
    return flare.day(rules.care.now)


def join(*sentences: str) -> str:
    """Those that there are, as one line."""
    return " ".join(filter(None, sentences))


def checklist(*, worse: bool) -> dict[str, bool]:
    """For whoever would go through it again at once."""
    return {"checklist": True} if worse else {}
