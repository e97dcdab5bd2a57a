"""The state as `status --json` shows it: the engine's part of the contract object. Spans in seconds."""

from datetime import datetime
from typing import Any

from neckguard.core.engine import Engine
from neckguard.core.neck.health import Scope
from neckguard.core.reminders.cards import GUIDE_BUTTONS, GUIDE_VERBS, answer_of
from neckguard.core.reminders.course import Course
from neckguard.core.rules.timers import SPANS
from neckguard.core.timing.wallclock import at_instant
from neckguard.core.world import World

Spans = dict[tuple[str, str], float]
"""By kind and reason; the instant (seconds since 1970) at which it began."""

_EXERCISES = {
    Scope.NOTHING: "none",
    Scope.SAFE: "safe",
    Scope.HALF: "half",
    Scope.STRETCHES: "full",
    Scope.ALL: "full",
}


def view(engine: Engine) -> dict[str, Any]:
    """All of `status` that the engine knows."""
    world = engine.world
    following = world.next_due()
    holds = [_hold(world, reason) for reason in world.holds]
    return {
        "state": engine.state,
        "since": (holds[0]["since"] if holds else None) or iso(engine.state_since),
        "holds": holds,
        "quiet": [
            {"reason": each.reason, "detail": each.detail, "since": iso(each.since)}
            for each in engine.rules.tact.quiet_spans()
        ],
        "presence": _presence(world),
        "sat_today": _round(world.sat_today),
        "next": None
        if following is None
        else {"name": following.name, "due_in": _round(world.due_in(following))},
        "reminders": [_reminder(world, course) for course in world.courses],
        "prompt": _prompt(world),
        "guide": _guide(world),
        "flare": _flare(engine),
        "timer": _timer(engine),
    }


def _flare(engine: Engine) -> dict[str, Any] | None:
    flare, now = engine.rules.care.flare, engine.rules.care.now
    if flare is None:
        return None
    return {
        "since": iso(at_instant(flare.began, engine.world.now.wall)),
        "day": flare.day(now),
        "severity": flare.severity,
        "side": flare.side,
        "stage": flare.stage(now).value,
        "exercises": _EXERCISES[flare.scope(now)],
        "urgency": flare.urgency or "",
        "flags": list(flare.flags),
        "comfortable": flare.comfortable_since is not None,
        "lost_days": flare.lost_days,
        "last_score": flare.last_score,
        "lowest": flare.best,
        "open": flare.open,
        "cleared": None if flare.cleared is None else iso(at_instant(flare.cleared, engine.world.now.wall)),
    }


def _timer(engine: Engine) -> dict[str, Any] | None:
    world = engine.world
    timer, now = engine.rules.timers.timer, world.now.boot
    if timer is None:
        return None
    first, stop = SPANS[timer.pack]
    return {
        "kind": timer.pack.value,
        "began": iso(timer.since),
        "until": iso(world.later(timer.began + first - now)),
        "hard_stop": iso(world.later(timer.began + stop - now)),
        "ringing": engine.rules.timers.ringing,
    }


def _presence(world: World) -> dict[str, Any]:
    presence, boot = world.presence, world.now.boot
    return {
        "state": presence.name(boot, world.plan.presence.idle_after),
        "idle_seconds": round(max(0.0, boot - presence.last_input), 1) if presence.idle else None,
        "source": presence.source or "none",
    }


def spans(engine: Engine, *, present_since: float) -> Spans:
    """All that goes on. Since when somebody has been there, the last `Record` of it told."""
    world = engine.world
    found: Spans = {}
    away_since = world.presence.away_since
    if away_since is None:
        found["present", ""] = present_since
    else:
        found["away", world.presence.away_why] = world.calendar.instant + away_since - world.now.boot
    for hold in world.holds:
        since, _ = hold_span(world, hold)
        if hold != "away" and since is not None:
            found[hold, ""] = since.timestamp()
    for quiet in engine.rules.quiet.spans:
        found["quiet", quiet.reason] = quiet.since.timestamp()
    return found


def iso(when: datetime | None) -> str | None:
    """ISO 8601 with offset, to the second."""
    return None if when is None else when.isoformat(timespec="seconds")


def hold_span(world: World, reason: str) -> tuple[datetime | None, datetime | None]:
    """Since when a hold is in force, and until when; None where that is not known."""
    if reason == "paused" and world.pause is not None:
        return world.pause.since, world.pause.until(world.now)
    if reason == "off_hours":
        return _wall(world, world.calendar.opened_at), _wall(world, world.calendar.changes_at)
    away_since = world.presence.away_since
    return (None if away_since is None else world.later(away_since - world.now.boot)), None


def _hold(world: World, reason: str) -> dict[str, Any]:
    since, until = hold_span(world, reason)
    note = world.pause.reason if reason == "paused" and world.pause is not None else ""
    return {"reason": reason, "since": iso(since), "until": iso(until), "note": note}


def _wall(world: World, instant: float) -> datetime | None:
    return None if instant in (float("inf"), float("-inf")) else at_instant(instant, world.now.wall)


def _reminder(world: World, course: Course) -> dict[str, Any]:
    every, daily = course.reminder.every, course.reminder.daily
    sat = 0.0 if daily is None else world.sat_today
    return {
        "name": course.name,
        "kind": course.reminder.kind.value,
        "enabled": course.reminder.enabled,
        "state": _course_state(world, course),
        "due_in": _round(world.due_in(course)),
        "every": every,
        "at": list(course.reminder.at),
        "daily": daily,
        "sat": _round(sat if every is None else world.courses.timeline.sat(course.name)),
        "owed": course.owed,
        "unanswered": course.given_up,
    }


def _course_state(world: World, course: Course) -> str:
    if course.visible:
        return "showing"
    if course.owed:
        return "due"
    if not course.reminder.enabled and not course.snoozed:
        return "off"
    if world.holds:
        return "held"
    return "snoozed" if course.snoozed else "counting"


def _prompt(world: World) -> dict[str, Any] | None:
    course = world.courses.showing
    if course is None or course.prompt is None:
        return None
    prompt = course.prompt
    guiding = world.courses.guide is not None
    buttons = GUIDE_BUTTONS if guiding else prompt.card.buttons
    return {
        "id": prompt.id,
        "reminder": course.name,
        "shown_at": iso(prompt.shown_at),
        "handed_to": world.screen.fleeting,
        "title": prompt.card.title,
        "lines": list(prompt.card.lines),
        "actions": [button.key for button in buttons],
        "answer": answer_of(GUIDE_VERBS if guiding else prompt.card.verbs),
        "guiding": guiding,
    }


def _guide(world: World) -> dict[str, Any] | None:
    """The stretch that is guided through, or the break that is taken, and when it ends."""
    guide, course = world.courses.guide, world.courses.showing
    until = 0.0 if guide is None else guide.began + guide.seconds
    if course is None or guide is None:
        course, until = world.courses.get(world.breaks.taken), world.breaks.until
    if course is None or until <= world.now.boot:
        return None
    return {
        "reminder": course.name,
        "kind": course.reminder.kind.value,
        "until": iso(world.later(until - world.now.boot)),
    }


def _round(span: float | None) -> float | None:
    return None if span is None else round(span, 1)
