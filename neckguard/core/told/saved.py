"""What survives a restart: the engine's state as plain values, and an engine built from them.

`state` holds only what changes by events; positions are points on the sitting and the boot clock, so that the
file need not be written while time merely passes. The `anchor` says where those clocks stood.
"""

from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from neckguard.core.codec import from_plain, to_plain
from neckguard.core.engine import Engine
from neckguard.core.model import Moment, Record
from neckguard.core.neck.posture import PostureRotation
from neckguard.core.neck.programme import Content
from neckguard.core.neck.rotation import Rotation
from neckguard.core.plan import Plan, Reminder
from neckguard.core.reminders.course import Course
from neckguard.core.rules.care import CareMemory
from neckguard.core.rules.timers import PackTimer
from neckguard.core.timing.calendar import NEVER
from neckguard.core.timing.pauses import PauseState


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the clocks stood when the state was taken."""

    boot: float
    instant: float
    sitting: float


def take_state(engine: Engine) -> dict[str, Any]:
    """The part that changes by events only."""
    return {
        "last_id": engine.stage.last_id,
        "pause": to_plain(engine.pause),
        "away_since": engine.presence.away_since,
        "away_why": engine.presence.away_why,
        "arrived": engine.presence.arrived,
        "last_input": None if engine.presence.last_input == -NEVER else engine.presence.last_input,
        "kept": engine.presence.kept and engine.presence.still_counts,
        "kept_until": None if engine.presence.kept_until == -NEVER else engine.presence.kept_until,
        "call": list(engine.quiet_reasons.kept()),
        "sitting": [list(mark) for mark in engine.attendance.sitting.marks],
        "break_taken": engine.courses.break_taken,
        "break_until": engine.courses.break_until,
        "courses": {course.name: _take_course(engine, course) for course in engine.courses},
        "rotation": to_plain(engine.programme.rotation),
        "postures": to_plain(engine.programme.postures),
        "care": to_plain(engine.care.kept),
        "timer": to_plain(engine.timers.timer),
        "decisions": to_plain(tuple(engine.decisions)),
    }


def take_anchor(engine: Engine) -> dict[str, Any]:
    """Where the clocks stand now."""
    sitting = engine.courses.timeline.sitting
    return {"boot": engine.now.boot, "instant": engine.now.wall.timestamp(), "sitting": sitting}


def forgotten(state: dict[str, Any]) -> dict[str, Any]:
    """The state without what is over: what `Forget` leaves of it, for when no daemon runs to be told so."""
    left = {**state, "decisions": [], "care": None, "rotation": None, "postures": None, "sitting": []}
    with suppress(KeyError, ValueError, TypeError, AttributeError):
        left["care"] = to_plain(from_plain(CareMemory, state["care"]).forgotten())
        left["rotation"] = to_plain(from_plain(Rotation, state["rotation"]).forgotten())
        left["postures"] = to_plain(from_plain(PostureRotation, state["postures"]).forgotten())
        left["sitting"] = state["sitting"][-1:]
    return left


def revive(  # noqa: PLR0913, PLR0917 - each is one thing that a life needs
    plan: Plan, content: Content, saved: dict[str, Any], lived: Moment, now: Moment, shift: float
) -> Engine:
    """An engine that goes on where the saved one stood.

    The last life ended at `lived`; from then to `now` nobody was there. `shift` is what the boot clock reads
    more now than it would have then (0 unless the machine was booted since).

    Raises:
        ValueError, KeyError, TypeError, AttributeError: the state does not fit.
    """
    anchor = from_plain(Anchor, saved["anchor"])
    state = saved["state"]
    began = Moment(anchor.boot + shift, datetime.fromtimestamp(anchor.instant, now.wall.tzinfo))
    engine = Engine(plan, content, began)
    engine.courses.timeline.set_clock(anchor.sitting)
    pause = from_plain(PauseState, state["pause"]) if state["pause"] else None
    engine.pause = pause.moved(shift) if pause else None
    engine.stage.last_id = from_plain(int, state["last_id"])
    with suppress(KeyError, ValueError, TypeError, AttributeError):
        engine.care.revive(from_plain(CareMemory, state["care"]))  # first: it changes what is in force
    for reminder in engine.plan.reminders:
        kept = state["courses"].get(reminder.name)
        if kept is None or not _revive_course(engine, reminder, kept):
            engine.courses.restart(engine.courses[reminder.name])
    for name in [name for name in state["courses"] if engine.courses.get(name) is None]:
        with suppress(KeyError, ValueError, TypeError, AttributeError):
            engine.courses.remove(_put_back(engine, state["courses"][name]))
    engine.decisions.extend(from_plain(tuple[Record, ...], state["decisions"]))
    engine.courses.lend_slots()
    # What another version kept otherwise must not cost a running pause.
    with suppress(KeyError, ValueError, TypeError, AttributeError):
        engine.courses.break_until = from_plain(float, state["break_until"]) + shift
        engine.courses.break_taken = state["break_taken"] if engine.courses.get(state["break_taken"]) else ""
    with suppress(KeyError, ValueError, TypeError, AttributeError):
        _revive_presence(engine, state, shift, lived.boot)
    with suppress(KeyError, ValueError, TypeError, AttributeError):
        engine.programme.rotation = from_plain(Rotation, state["rotation"])
        engine.programme.postures = from_plain(PostureRotation, state["postures"])
    with suppress(KeyError, ValueError, TypeError, AttributeError):
        timer = from_plain(PackTimer, state["timer"]) if state["timer"] else None
        if timer is not None:
            engine.timers.go_on(timer.moved(shift))
    engine.presence.away_why = str(state.get("away_why", ""))
    engine.stage.review()
    away_since = _mark(state["away_since"])
    engine.live_again(None if away_since is None else away_since + shift, lived, now)
    return engine


def _revive_presence(engine: Engine, state: dict[str, Any], shift: float, lived: float) -> None:
    """What tells that somebody had left before the last life ended, and for how long a call was seen."""
    engine.presence.arrived = from_plain(float, state["arrived"]) + shift
    last_input = _mark(state["last_input"])
    if last_input is not None:
        engine.presence.last_input = last_input + shift
    kept_until = _mark(state["kept_until"])
    if kept_until is not None:
        engine.presence.kept_until = kept_until + shift
    if from_plain(bool, state["kept"]):
        engine.presence.kept_until = lived  # whether it still holds, somebody will tell
    seconds, call_began, worn_out = state["call"]
    kept_call = from_plain(float, seconds), _mark(call_began), from_plain(bool, worn_out)
    engine.quiet_reasons.revive(kept_call, shift, lived)
    for boot, sitting, runs in from_plain(tuple[tuple[float, float, bool], ...], state["sitting"]):
        engine.attendance.sitting.marks.append((boot + shift, sitting, runs))


def _take_course(engine: Engine, course: Course) -> dict[str, Any]:
    kept = {field.name: to_plain(getattr(course, field.name)) for field in fields(course)}
    kept["began"], kept["due"] = engine.courses.timeline.marks(course.name)
    if course.prompt is not None:
        kept["prompt"]["seen"] = 0.0  # grows with time alone; a prompt shown again gets its full time
    return kept


def _revive_course(engine: Engine, reminder: Reminder, kept: dict[str, Any]) -> bool:
    """Go on where the course stood; False if another version kept it, which must not cost a running pause."""
    try:
        course = _put_back(engine, kept)
    except (KeyError, ValueError, TypeError, AttributeError):
        return False
    if course.reminder != reminder:
        engine.courses.change(course, reminder)
    return True


def _put_back(engine: Engine, kept: dict[str, Any]) -> Course:
    kept = dict(kept)
    began, due = _mark(kept.pop("began")), _mark(kept.pop("due"))
    try:
        course = from_plain(Course, kept)
    except ValueError:  # another version's prompt: it is still owed, and made anew
        course = from_plain(Course, {**kept, "prompt": None})
    if course.prompt is not None:
        course.prompt.visible = course.prompt.delivered = False
    engine.courses.put_back(course)
    engine.courses.timeline.restore(course.name, began, due)
    return course


def _mark(data: Any) -> float | None:
    """A point on a clock; None for never."""
    return None if data is None else from_plain(float, data)
