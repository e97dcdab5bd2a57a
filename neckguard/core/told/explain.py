"""`why`: what the engine would do next and when, what is in the way, and its last decisions, in sentences."""

from typing import Any

from neckguard.core.engine import Engine
from neckguard.core.model import QuietReason, Record
from neckguard.core.reminders.course import Course
from neckguard.core.rules.quiet import QuietSpan
from neckguard.core.timing.durations import say_span
from neckguard.core.timing.wallclock import say_when
from neckguard.core.told.view import hold_span, iso
from neckguard.core.world import World

_HOLDS = {"paused": "Paused", "off_hours": "Outside your hours", "away": "Nobody is at the screen"}


def explain(engine: Engine, name: str | None) -> dict[str, Any]:
    """The sentences about one reminder, or about what comes next, and the last decisions."""
    world = engine.world
    chosen = world.courses.get(name) if name else None
    about = [chosen] if chosen else _worth_telling(world)
    sentences = [
        *_about_neck(engine),
        *(_about_hold(world, reason) for reason in world.holds),
        *(_about_quiet(world, quiet) for quiet in engine.rules.tact.quiet_spans()),
        *(_about_found(quiet) for quiet in engine.rules.quiet.would_wait_for),
        *(_about(engine, course) for course in about),
    ]
    decisions = [
        decision for decision in world.decisions if chosen is None or decision.reminder == chosen.name
    ]
    return {
        "sentences": sentences or ["No reminder is on, so nothing will be shown."],
        "decisions": [
            {"at": iso(each.at), "what": each.what, "reminder": each.reminder or None, "reason": each.reason}
            for each in decisions
        ],
        "text": [_say_decision(world, decision) for decision in decisions],
    }


def _about_neck(engine: Engine) -> list[str]:
    flare, timer, said = engine.rules.care.flare, engine.rules.timers.timer, list[str]()
    if flare is not None:
        day = flare.day(engine.rules.care.now)
        said.append(f"Flare-up, day {day}: its plan is in force; see: neckguard flare status")
    if timer is not None:
        since = say_when(timer.since, engine.world.now.wall)
        said.append(f"A timer for {timer.pack} runs since {since}; it rings in any case.")
    return said


def _worth_telling(world: World) -> list[Course]:
    """Everything owed, else what comes next."""
    owed = [course for course in world.courses if course.owed]
    following = world.next_due()
    return owed or ([following] if following else [])


def _about_hold(world: World, reason: str) -> str:
    now = world.now.wall
    since, until = hold_span(world, reason)
    reasons = ", ".join(sorted(world.presence.reasons))
    text = f"{_HOLDS[reason]}{f' ({reasons})' if reason == 'away' and reasons else ''}"
    begun = f" since {say_when(since, now)}" if since else ""
    end = f", until {say_when(until, now)}" if until else ""
    return f"{text}{begun}{end}: the countdowns stand still."


def _about_quiet(world: World, quiet: QuietSpan) -> str:
    return f"Quiet: {_say_quiet(quiet)}, seen since {say_when(quiet.since, world.now.wall)}."


def _about_found(quiet: QuietSpan) -> str:
    found = _say_quiet(quiet)
    return f"{found[:1].upper()}{found[1:]}: a prompt would wait for that."


def _say_quiet(quiet: QuietSpan) -> str:
    if not quiet.by:
        return quiet.detail
    match quiet.reason:
        case QuietReason.FULLSCREEN:
            return f"{quiet.by} fills the screen"
        case QuietReason.PROGRAM:
            return f"{quiet.by} {'are' if ', ' in quiet.by else 'is'} running"
    return f"{quiet.detail} by {quiet.by}"


def _about(engine: Engine, course: Course) -> str:
    world = engine.world
    now = world.now.wall
    if course.visible and course.prompt is not None:
        since = say_when(course.prompt.shown_at, now)
        if not course.prompt.delivered:
            return (
                f"{course.name}: the notification server got the prompt at {since} and has not answered yet."
            )
        server = world.screen.fleeting
        if server:
            return f"{course.name}: handed to {server} at {since}, which does not tell whether it shows it."
        return f"{course.name}: the prompt is on the screen since {since}."
    if course.owed_since is not None:
        since = say_when(course.owed_since, now)
        obstacle = engine.rules.tact.blocked(course) or engine.rules.approach.obstacle or "nothing"
        return f"{course.name}: due since {since}, still owed; in the way: {obstacle}."
    span, daily = world.due_in(course), course.reminder.daily
    if daily is not None and course.reminder.enabled and not course.snoozed:
        return f"{course.name}: {_say_limit(daily, span, world.sat_today)}"
    if not course.reminder.enabled or span is None:
        chosen = any(each.name == course.name and each.enabled for each in world.chosen.reminders)
        return f"{course.name}: {'rests during the flare-up' if chosen else 'switched off in the settings'}."
    if course.reminder.every is None and not course.snoozed:
        return f"{course.name}: comes at {say_when(world.later(span), now)}."
    word = "put off, again" if course.snoozed else "due"
    ahead = world.courses.timeline.ahead(course.name)
    if ahead:
        return f"{course.name}: counts again when you are back, expected in {say_span(ahead)}."
    sat = world.courses.timeline.sat(course.name)
    return f"{course.name}: {word} after {say_span(span)} more at the screen; {say_span(sat)} counted so far."


def _say_limit(limit: float, left: float | None, sat: float) -> str:
    today = f"{say_span(sat)} at the screen today"
    if left is None:
        return f"dealt with for today; {today}."
    return f"due after {say_span(left)} more; {today}, of {say_span(limit)}."


def _say_decision(world: World, decision: Record) -> str:
    when = say_when(decision.at, world.now.wall)
    subject = f" {decision.reminder}" if decision.reminder else ""
    reason = f" ({decision.reason})" if decision.reason else ""
    return f"{when}{subject}: {decision.what.replace('_', ' ')}{reason}"
