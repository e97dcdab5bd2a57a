"""`why`: what the engine would do next and when, what is in the way, and its last decisions, in sentences."""

from typing import Any

from neckguard.core.engine import Engine
from neckguard.core.model import Record
from neckguard.core.reminders.course import Course
from neckguard.core.rules.quiet import QuietSpan
from neckguard.core.rules.tact import blocked
from neckguard.core.timing.durations import say_span
from neckguard.core.timing.wallclock import say_when
from neckguard.core.told.view import hold_span, iso

_HOLDS = {"paused": "Paused", "off_hours": "Outside your hours", "away": "Nobody is at the screen"}


def explain(engine: Engine, name: str | None) -> dict[str, Any]:
    """The sentences about one reminder, or about what comes next, and the last decisions."""
    chosen = engine.courses.get(name) if name else None
    about = [chosen] if chosen else _worth_telling(engine)
    sentences = [
        *_about_neck(engine),
        *(_about_hold(engine, reason) for reason in engine.holds),
        *(_about_quiet(engine, quiet) for quiet in engine.quiet),
        *(_about_found(quiet) for quiet in engine.quiet_reasons.would_wait_for),
        *(_about(engine, course) for course in about),
    ]
    decisions = [
        decision for decision in engine.decisions if chosen is None or decision.reminder == chosen.name
    ]
    return {
        "sentences": sentences or ["No reminder is on, so nothing will be shown."],
        "decisions": [
            {"at": iso(each.at), "what": each.what, "reminder": each.reminder or None, "reason": each.reason}
            for each in decisions
        ],
        "text": [_say_decision(engine, decision) for decision in decisions],
    }


def _about_neck(engine: Engine) -> list[str]:
    flare, timer, said = engine.care.flare, engine.timers.timer, list[str]()
    if flare is not None:
        day = flare.day(engine.care.now)
        said.append(f"Flare-up, day {day}: its plan is in force; see: neckguard flare status")
    if timer is not None:
        since = say_when(timer.since, engine.now.wall)
        said.append(f"A timer for {timer.pack} runs since {since}; it rings in any case.")
    return said


def _worth_telling(engine: Engine) -> list[Course]:
    """Everything owed, else what comes next."""
    owed = [course for course in engine.courses if course.owed]
    following = engine.next_due()
    return owed or ([following] if following else [])


def _about_hold(engine: Engine, reason: str) -> str:
    now = engine.now.wall
    since, until = hold_span(engine, reason)
    reasons = ", ".join(sorted(engine.presence.reasons))
    text = f"{_HOLDS[reason]}{f' ({reasons})' if reason == 'away' and reasons else ''}"
    begun = f" since {say_when(since, now)}" if since else ""
    end = f", until {say_when(until, now)}" if until else ""
    return f"{text}{begun}{end}: the countdowns stand still."


def _about_quiet(engine: Engine, quiet: QuietSpan) -> str:
    return f"Quiet: {_say_quiet(quiet)}, seen since {say_when(quiet.since, engine.now.wall)}."


def _about_found(quiet: QuietSpan) -> str:
    found = _say_quiet(quiet)
    return f"{found[:1].upper()}{found[1:]}: a prompt would wait for that."


def _say_quiet(quiet: QuietSpan) -> str:
    return f"{quiet.detail} by {quiet.by}" if quiet.by else quiet.detail


def _about(engine: Engine, course: Course) -> str:
    now = engine.now.wall
    if course.visible and course.prompt is not None:
        since = say_when(course.prompt.shown_at, now)
        if not course.prompt.delivered:
            return (
                f"{course.name}: the notification server got the prompt at {since} and has not answered yet."
            )
        return f"{course.name}: the prompt is on the screen since {since}."
    if course.owed_since is not None:
        since = say_when(course.owed_since, now)
        obstacle = blocked(engine, course) or engine.approach.obstacle or "nothing"
        return f"{course.name}: due since {since}, still owed; in the way: {obstacle}."
    span = engine.due_in(course)
    if not course.reminder.enabled or span is None:
        chosen = any(each.name == course.name and each.enabled for each in engine.chosen.reminders)
        return f"{course.name}: {'rests during the flare-up' if chosen else 'switched off in the settings'}."
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
