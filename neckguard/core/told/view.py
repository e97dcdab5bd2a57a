"""The state as `status --json` shows it: the engine's part of the contract object. Spans in seconds."""

from datetime import datetime
from typing import Any

from neckguard.core.engine import Engine
from neckguard.core.neck.health import Scope
from neckguard.core.reminders.cards import GUIDE_BUTTONS, GUIDE_VERBS, answer_of
from neckguard.core.reminders.course import Course
from neckguard.core.rules.timers import SPANS
from neckguard.core.timing.wallclock import at_instant

_EXERCISES = {
    Scope.NOTHING: "none",
    Scope.SAFE: "safe",
    Scope.HALF: "half",
    Scope.STRETCHES: "full",
    Scope.ALL: "full",
}


def view(engine: Engine) -> dict[str, Any]:
    """All of `status` that the engine knows."""
    following = engine.next_due()
    holds = [_hold(engine, reason) for reason in engine.holds]
    return {
        "state": engine.state,
        "since": (holds[0]["since"] if holds else None) or iso(engine.state_since),
        "holds": holds,
        "quiet": [
            {"reason": each.reason, "detail": each.detail, "since": iso(each.since)} for each in engine.quiet
        ],
        "presence": _presence(engine),
        "next": None
        if following is None
        else {"name": following.name, "due_in": _round(engine.due_in(following))},
        "reminders": [_reminder(engine, course) for course in engine.courses],
        "prompt": _prompt(engine),
        "flare": _flare(engine),
        "timer": _timer(engine),
    }


def _flare(engine: Engine) -> dict[str, Any] | None:
    flare, now = engine.care.flare, engine.care.now
    if flare is None:
        return None
    return {
        "since": iso(at_instant(flare.began, engine.now.wall)),
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
    }


def _timer(engine: Engine) -> dict[str, Any] | None:
    timer, now = engine.timers.timer, engine.now.boot
    if timer is None:
        return None
    first, stop = SPANS[timer.pack]
    return {
        "kind": timer.pack.value,
        "began": iso(timer.since),
        "until": iso(engine.later(timer.began + first - now)),
        "hard_stop": iso(engine.later(timer.began + stop - now)),
        "ringing": engine.timers.ringing,
    }


def _presence(engine: Engine) -> dict[str, Any]:
    presence, boot = engine.presence, engine.now.boot
    return {
        "state": presence.name(boot, engine.plan.presence.idle_after),
        "idle_seconds": round(max(0.0, boot - presence.last_input), 1) if presence.idle else None,
        "source": presence.source or "none",
    }


def iso(when: datetime | None) -> str | None:
    """ISO 8601 with offset, to the second."""
    return None if when is None else when.isoformat(timespec="seconds")


def hold_span(engine: Engine, reason: str) -> tuple[datetime | None, datetime | None]:
    """Since when a hold is in force, and until when; None where that is not known."""
    if reason == "paused" and engine.pause is not None:
        return engine.pause.since, engine.pause.until(engine.now)
    if reason == "off_hours":
        return _wall(engine, engine.calendar.opened_at), _wall(engine, engine.calendar.changes_at)
    away_since = engine.presence.away_since
    return (None if away_since is None else engine.later(away_since - engine.now.boot)), None


def _hold(engine: Engine, reason: str) -> dict[str, Any]:
    since, until = hold_span(engine, reason)
    note = engine.pause.reason if reason == "paused" and engine.pause is not None else ""
    return {"reason": reason, "since": iso(since), "until": iso(until), "note": note}


def _wall(engine: Engine, instant: float) -> datetime | None:
    return None if instant in (float("inf"), float("-inf")) else at_instant(instant, engine.now.wall)


def _reminder(engine: Engine, course: Course) -> dict[str, Any]:
    every = course.reminder.every
    return {
        "name": course.name,
        "kind": course.reminder.kind.value,
        "enabled": course.reminder.enabled,
        "state": _course_state(engine, course),
        "due_in": _round(engine.due_in(course)),
        "every": every,
        "at": list(course.reminder.at),
        "sat": _round(engine.courses.timeline.sat(course.name)) if every is not None else 0.0,
        "owed": course.owed,
        "unanswered": course.given_up,
    }


def _course_state(engine: Engine, course: Course) -> str:
    if course.visible:
        return "showing"
    if course.owed:
        return "due"
    if not course.reminder.enabled and not course.snoozed:
        return "off"
    if engine.holds:
        return "held"
    return "snoozed" if course.snoozed else "counting"


def _prompt(engine: Engine) -> dict[str, Any] | None:
    course = engine.courses.showing
    if course is None or course.prompt is None:
        return None
    prompt = course.prompt
    guiding = engine.courses.guide is not None
    buttons = GUIDE_BUTTONS if guiding else prompt.card.buttons
    return {
        "id": prompt.id,
        "reminder": course.name,
        "shown_at": iso(prompt.shown_at),
        "title": prompt.card.title,
        "lines": list(prompt.card.lines),
        "actions": [button.key for button in buttons],
        "answer": answer_of(GUIDE_VERBS if guiding else prompt.card.verbs),
        "guiding": guiding,
    }


def _round(span: float | None) -> float | None:
    return None if span is None else round(span, 1)
