"""The whole `status` object: what the engine knows, the settings, and how the outside things are."""

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from neckguard import __version__
from neckguard.core import Engine, Problem, iso, say_span, say_when, to_plain, view


@dataclass(slots=True)
class ConfigState:
    """The settings file as it was last found."""

    path: str
    loaded_at: datetime | None = None
    problems: tuple[Problem, ...] = ()


def report(engine: Engine, config: ConfigState, services: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The object of `status --json`."""
    return {
        "version": __version__,
        "pid": os.getpid(),
        **view(engine),
        "config": {
            "path": config.path,
            "loaded_at": iso(config.loaded_at),
            "problems": to_plain(config.problems),
        },
        "services": services,
    }


def headline(engine: Engine) -> str:
    """One line that changes only when something happens: for the service manager and the terminal."""
    if engine.world.pause is not None:
        end = engine.world.pause.until(engine.world.now)
        return f"Paused until {say_when(end, engine.world.now.wall)}" if end else "Paused until you resume"
    if engine.world.holds:
        return {"off_hours": "Outside your hours", "away": "Nobody at the screen"}[engine.world.holds[0]]
    if engine.world.courses.showing is not None:
        return f"Prompt open: {engine.world.courses.showing.name}"
    following = engine.world.next_due()
    span = engine.world.due_in(following) if following else None
    if following is None or span is None:
        return "No reminder is on"
    if following.owed:
        return f"Due: {following.name}"
    return f"Next: {following.name} about {say_when(engine.world.later(span), engine.world.now.wall)}"


def greeting(engine: Engine) -> str:
    """What a person at a terminal reads when `run` is ready."""
    following = engine.world.next_due()
    span = engine.world.due_in(following) if following else None
    comes = (
        f"Next: {following.name} in {say_span(span)}."
        if following and span is not None
        else "No reminder is on."
    )
    return f"neckguard {__version__} is running. {comes} Pause: neckguard pause. Stop: Ctrl-C."
