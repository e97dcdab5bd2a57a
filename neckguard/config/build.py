"""From validated settings to the plan."""

import math
from typing import Any

from neckguard.config.defaults import BREAK_SHARE, BY_NAME
from neckguard.config.kinds import read_days
from neckguard.config.models import ReminderSection, Settings
from neckguard.core import (
    HistorySettings,
    HookSettings,
    Kind,
    NotifySettings,
    Opening,
    Plan,
    PresenceSettings,
    QuietSettings,
    Reminder,
    StretchSettings,
)

_EVERY_DAY = tuple(range(7))


def make_plan(settings: Settings, hours: tuple[Opening, ...]) -> Plan:
    """The plan of valid settings."""
    return Plan(
        language=settings.language,
        reminders=tuple(_reminder(name, settings.reminders[name]) for name in _ordered(settings)),
        hours=hours,
        presence=PresenceSettings(**_frozen(settings.presence)),
        quiet=QuietSettings(**_frozen(settings.quiet)),
        notify=NotifySettings(**dict(settings.notify)),
        tray_show=settings.tray.show,
        pause_default=settings.pause.default,
        stretches=StretchSettings(**_frozen(settings.stretches)),
        posture_avoid=tuple(settings.posture.avoid),
        history=HistorySettings(**dict(settings.history)),
        hooks=HookSettings(**_frozen(settings.hooks)),
        log_level=settings.log.level,
    )


def _frozen(section: Any) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in section}


def _ordered(settings: Settings) -> list[str]:
    """Built-ins first, then the person's own as they stand in the file."""
    return [*BY_NAME, *(name for name in settings.reminders if name not in BY_NAME)]


def _reminder(name: str, given: ReminderSection) -> Reminder:
    return Reminder(
        name=name,
        kind=Kind(given.kind),
        enabled=given.enabled,
        every=given.every or None,
        at=tuple(sorted(given.at)),
        days=_days(given) if given.at else (),
        daily=given.daily or None,
        duration=given.duration,
        snooze=given.snooze,
        max_snoozes=given.max_snoozes,
        reset_after=_reset_after(given),
        expire_after=given.expire_after,
        title=given.title,
        message=given.message,
    )


def _days(given: ReminderSection) -> tuple[int, ...]:
    return tuple(sorted({day for text in given.days for day in read_days(text)})) or _EVERY_DAY


def _reset_after(given: ReminderSection) -> float | None:
    seconds = given.reset_after or max(1.0, given.duration * BREAK_SHARE)
    return seconds if math.isfinite(seconds) else None
