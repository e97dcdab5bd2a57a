"""`why`: what the engine would do next and when, what is in the way, and its last decisions, in sentences."""

from typing import Any

from neckguard.core.course import Course
from neckguard.core.durations import say_span
from neckguard.core.engine import Engine
from neckguard.core.model import Record
from neckguard.core.view import iso
from neckguard.core.wallclock import say_when

_HOLDS = {
    "paused": "Paused since {since}: the countdowns stand still",
    "off_hours": "Outside your hours since {since}: the countdowns stand still",
    "away": "Nobody is at the screen since {since} ({reasons}): the countdowns stand still",
}


def explain(engine: Engine, name: str | None) -> dict[str, Any]:
    """The sentences about one reminder, or about what comes next, and the last decisions."""
    chosen = engine.courses.get(name) if name else None
    about = [chosen] if chosen else _worth_telling(engine)
    sentences = [*_about_holds(engine), *(_about(engine, course) for course in about)]
    decisions = [decision for decision in engine.decisions if chosen is None or decision.reminder == chosen.name]
    return {
        "sentences": sentences or ["No reminder is on, so nothing will be shown."],
        "decisions": [
            {"at": iso(each.at), "what": each.what, "reminder": each.reminder or None, "reason": each.reason}
            for each in decisions
        ],
        "text": [_say_decision(engine, decision) for decision in decisions],
    }


def _worth_telling(engine: Engine) -> list[Course]:
    """Everything owed, else what comes next."""
    owed = [course for course in engine.courses if course.owed]
    following = engine.next_due()
    return owed or ([following] if following else [])


def _about_holds(engine: Engine) -> list[str]:
    return [_about_hold(engine, reason) for reason in engine.holds]


def _about_hold(engine: Engine, reason: str) -> str:
    since, end = engine.now.wall, None
    if reason == "paused" and engine.pause is not None:
        since, end = engine.pause.since, engine.pause.until(engine.now)
    elif reason == "off_hours":
        since = engine.later(max(engine.calendar.opened_at - engine.now.wall.timestamp(), -7 * 86400.0))
        ahead = engine.calendar.changes_at - engine.now.wall.timestamp()
        end = engine.later(ahead) if ahead != float("inf") else None
    elif engine.presence.away_since is not None:
        since = engine.later(engine.presence.away_since - engine.now.boot)
    reasons = ", ".join(sorted(engine.presence.reasons))
    text = _HOLDS[reason].format(since=say_when(since, engine.now.wall), reasons=reasons)
    return f"{text}, until {say_when(end, engine.now.wall)}." if end else f"{text}."


def _about(engine: Engine, course: Course) -> str:
    now = engine.now.wall
    if course.visible and course.prompt is not None:
        return f"{course.name}: the prompt is on the screen since {say_when(course.prompt.shown_at, now)}."
    if course.owed_since is not None:
        since = say_when(course.owed_since, now)
        return f"{course.name}: due since {since}, still owed; in the way: {engine.blocked(course) or 'nothing'}."
    span = engine.due_in(course)
    if not course.reminder.enabled or span is None:
        return f"{course.name}: switched off in the settings."
    if course.reminder.every is None and not course.snoozed:
        return f"{course.name}: comes at {say_when(engine.later(span), now)}."
    word = "put off, again" if course.snoozed else "due"
    ahead = engine.courses.timeline.ahead(course.name)
    if ahead:
        return f"{course.name}: counts again when you are back, expected in {say_span(ahead)}."
    sat = engine.courses.timeline.sat(course.name)
    return f"{course.name}: {word} after {say_span(span)} more at the screen; {say_span(sat)} counted so far."


def _say_decision(engine: Engine, decision: Record) -> str:
    when = say_when(decision.at, engine.now.wall)
    subject = f" {decision.reminder}" if decision.reminder else ""
    reason = f" ({decision.reason})" if decision.reason else ""
    return f"{when}{subject}: {decision.what.replace('_', ' ')}{reason}"
