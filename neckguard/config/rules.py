"""What one key alone cannot show: rules between the keys of a reminder."""

import re
from typing import Any

from neckguard.config.defaults import BY_NAME, SCHEDULES, reminder_defaults, without_old_schedule
from neckguard.config.models import given_reminders
from neckguard.config.spans import read_span
from neckguard.config.words import Path, did_you_mean, show

NAME_PATTERN = "^[a-z][a-z0-9_]*$"
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
    hint = did_you_mean(name, BY_NAME)
    return [((), f"{show(name)} cannot be a name{hint} (small letters, digits and _, a letter first)")]


def _schedule_troubles(name: str, layers: list[dict[str, Any]], whole: dict[str, Any]) -> list[Trouble]:
    for layer in layers:
        given = [sort for sort in SCHEDULES if sort in layer]
        if len(given) > 1:
            return [((given[-1],), f"both {' and '.join(given)} are given; keep the one you want")]
    if not any(sort in whole for sort in SCHEDULES):
        hint = did_you_mean(name, BY_NAME)
        return [
            ((), f'neither every nor at is given{hint} (write for example every = "2h" or at = ["12:30"])')
        ]
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
