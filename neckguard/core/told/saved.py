"""What survives a restart: the engine's state as plain values, and an engine built from them.

`state` holds only what changes by events; positions are points on the sitting and the boot clock, so that the
file need not be written while time merely passes. The `anchor` says where those clocks stood. Each part says
for itself what it saves and how it goes on with that.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from neckguard.core.codec import from_plain, point_of, to_plain
from neckguard.core.engine import Engine
from neckguard.core.model import Moment
from neckguard.core.neck.flare.memory import CareMemory
from neckguard.core.neck.programme import Content
from neckguard.core.neck.rotation import PostureRotation, Rotation
from neckguard.core.plan import Plan
from neckguard.core.world import World
from neckguard.value import value

_MISFIT = (KeyError, ValueError, TypeError, AttributeError)


@value
class Anchor:
    """Where the clocks stood when the state was taken."""

    boot: float
    instant: float
    sitting: float


@value
class LastLife:
    """A life of the daemon that is over: from `ended` to `now` nobody was there.

    `shift` is what the boot clock reads more now than it would have then: 0 without a boot between.
    """

    ended: Moment
    now: Moment
    shift: float = 0.0


def take_state(engine: Engine) -> dict[str, Any]:
    """The part that changes by events only."""
    world, rules = engine.world, engine.rules
    return {
        **world.saved(),
        **world.presence.saved(),
        **rules.quiet.saved(),
        **rules.attendance.saved(),
        **world.breaks.saved(),
        **world.courses.saved(),
        **world.programme.saved(),
        **rules.care.saved(),
        **rules.timers.saved(),
    }


def take_anchor(engine: Engine) -> dict[str, Any]:
    """Where the clocks stand now."""
    now, sitting = engine.world.now, engine.world.courses.timeline.sitting
    anchor: dict[str, Any] = to_plain(Anchor(now.boot, now.wall.timestamp(), sitting))
    return anchor


def forgotten(state: dict[str, Any]) -> dict[str, Any]:
    """The state without what is over: what `Forget` leaves of it, for when no daemon runs to be told so."""
    left = {**state, "decisions": [], "care": None, "rotation": None, "postures": None, "sitting": []}
    left.pop("at_screen", None)
    with suppress(*_MISFIT):
        left["care"] = to_plain(from_plain(CareMemory, state["care"]).forgotten())
        left["rotation"] = to_plain(from_plain(Rotation, state["rotation"]).forgotten())
        left["postures"] = to_plain(from_plain(PostureRotation, state["postures"]).forgotten())
        left["sitting"] = state["sitting"][-1:]
        left["at_screen"] = [state["at_screen"][0], []]
    return left


def revive(
    plan: Plan,
    content: Content,
    saved: dict[str, Any],
    life: LastLife,
    *,
    misfit: Callable[[str], None] = lambda _: None,
) -> Engine:
    """An engine that goes on where the saved one stood.

    What another version saved otherwise must not cost a running pause: `misfit` is told of it, in a sentence.

    Raises:
        Exception: any, since anything may stand in a file: the state as a whole does not fit.
    """
    anchor, state = from_plain(Anchor, saved["anchor"]), saved["state"]
    shift, ended, wall = life.shift, life.ended.boot, life.now.wall
    began = Moment(anchor.boot + shift, datetime.fromtimestamp(anchor.instant, wall.tzinfo))
    engine = Engine(plan, content, began)
    world, rules = engine.world, engine.rules
    world.courses.timeline.set_clock(anchor.sitting)
    world.restore(state, shift)

    def go_on(part: str, restore: Callable[[], None]) -> None:
        try:
            restore()
        except _MISFIT as error:
            misfit(f"{part} begins anew: {type(error).__name__}: {error}")

    go_on("what is known of the neck", lambda: rules.care.restore(state))
    _restore_courses(world, from_plain(dict[str, Any], state["courses"]), misfit)
    go_on("the break that is taken", lambda: world.breaks.restore(state, shift))
    go_on("what is known of the person", lambda: world.presence.restore(state, shift, ended))
    go_on("what is known of calls", lambda: rules.quiet.restore(state, shift, ended))
    go_on("the log of the sitting clock", lambda: rules.attendance.restore(state, shift))
    go_on("what was suggested", lambda: world.programme.restore(state))
    go_on("the timer", lambda: rules.timers.restore(state, shift))
    rules.stage.review()
    away_since = point_of(state["away_since"])
    engine.live_again(None if away_since is None else away_since + shift, life.ended, life.now)
    return engine


def _restore_courses(world: World, saved: dict[str, Any], misfit: Callable[[str], None]) -> None:
    """Let each reminder go on where it stood; what the settings name no more is withdrawn."""
    wanted = {reminder.name: reminder for reminder in world.plan.reminders}
    for name, reminder in wanted.items():
        if name not in saved:
            world.courses.restart(world.courses[name])
            continue
        try:
            course = world.courses.restore(saved[name])
        except _MISFIT as error:
            misfit(f"{name} begins anew: {type(error).__name__}: {error}")
            world.courses.restart(world.courses[name])
        else:
            if course.reminder != reminder:
                world.courses.change(course, reminder)
    for name in (name for name in saved if name not in wanted):
        with suppress(*_MISFIT):
            world.remove(world.courses.restore(saved[name]))
    world.courses.lend_slots()
