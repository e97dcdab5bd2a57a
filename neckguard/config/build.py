"""From validated settings to the plan, and the rules that no single setting can tell."""

import math
import re
from typing import Any

from neckguard.config.defaults import BREAK_SHARE, BY_NAME, SCHEDULES, reminder_defaults, without_old_schedule
from neckguard.config.kinds import read_days, read_span
from neckguard.config.models import ReminderSection, Settings, given_reminders
from neckguard.config.words import Path, did_you_mean, show, too_long
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
from neckguard.texts import LONGEST_NAME, NAME

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


NAME_PATTERN = f"^{NAME}$"
_NAME = re.compile(NAME_PATTERN, re.ASCII)

Trouble = tuple[Path, str]


def reminder_troubles(file: dict[str, Any], environment: dict[str, Any]) -> list[Trouble]:
    """All broken rules, given both sources of keys; wrong types are passed over, being reported already."""
    written, overriding = given_reminders(file), given_reminders(environment)
    troubles: list[Trouble] = []
    for name in written | overriding:
        layers = [written.get(name, {}), overriding.get(name, {})]
        given = without_old_schedule(layers[0], layers[1]) | layers[1]
        whole = reminder_defaults(name, given) | given
        found = _name_trouble(name) or [
            *_schedule_troubles(name, layers, whole),
            *_kind_troubles(name, given),
            *_duration_troubles(whole),
        ]
        troubles += [(("reminders", name, *path), message) for path, message in found]
    return troubles


def _name_trouble(name: str) -> list[Trouble]:
    if _NAME.fullmatch(name):
        return []
    if len(name) > LONGEST_NAME:
        return [((), too_long(name, LONGEST_NAME))]
    hint = did_you_mean(name, BY_NAME)
    return [((), f"{show(name)} cannot be a name{hint} (small letters, digits and _, a letter first)")]


def _schedule_troubles(name: str, layers: list[dict[str, Any]], whole: dict[str, Any]) -> list[Trouble]:
    for layer in layers:
        given = [sort for sort in SCHEDULES if sort in layer]
        if len(given) > 1:
            return [((given[-1],), f"both {' and '.join(given)} are given; keep the one you want")]
    if not any(sort in whole for sort in SCHEDULES):
        hint = did_you_mean(name, BY_NAME)
        examples = 'write for example every = "2h", at = ["12:30"] or daily = "8h"'
        return [((), f"none of every, at and daily is given{hint} ({examples})")]
    if "days" in whole and "at" not in whole:
        sort = next(sort for sort in SCHEDULES if sort in whole)
        return [
            (("days",), f'days goes with at only; write at = ["12:30"] instead of {sort}, or take days out')
        ]
    return []


def _kind_troubles(name: str, given: dict[str, Any]) -> list[Trouble]:
    fixed = BY_NAME.get(name, {}).get("kind")
    kind = given.get("kind", fixed)
    if fixed is None or kind == fixed or kind not in {"posture", "stretch", "break", "note"}:
        return []
    return [
        (
            ("kind",),
            f"{show(kind)}: {name} is built in and stays a {fixed}; give a reminder of your own that kind",
        )
    ]


def _duration_troubles(whole: dict[str, Any]) -> list[Trouble]:
    """Only a note may take no time: nothing would be left of a stretch or a break."""
    kind, duration = whole.get("kind"), whole.get("duration")
    try:
        empty = duration is not None and read_span(duration) < 1
    except ValueError:
        return []
    if not empty or kind not in {"posture", "stretch", "break"}:
        return []
    return [(("duration",), f'{show(duration)} is too short for a {kind}; allowed: "1s" to "1d"')]
