"""What every reminder starts from, spelt as in the settings file; and the example that explains every key."""

import os
from typing import Any

# What a reminder of each kind has unless it says otherwise. A break's `reset_after` follows its duration and
# is worked out with the plan.
BY_KIND: dict[str, dict[str, Any]] = {
    "posture": {"duration": "10s", "reset_after": "5m"},
    "stretch": {"duration": "30s", "reset_after": "5m"},
    "break": {"duration": "5m", "snooze": "10m"},
    "note": {"duration": "0s", "reset_after": "never"},
}
SCHEDULES = ("every", "at", "daily")  # a reminder has one of them
BREAK_SHARE = 0.8  # an absence of this part of a break counts as the break

BY_NAME: dict[str, dict[str, Any]] = {
    "posture": {"kind": "posture", "every": "20m"},
    "stretch": {"kind": "stretch", "every": "40m"},
    "break": {"kind": "break", "every": "60m"},
    "eyes": {"kind": "stretch", "enabled": False, "every": "20m", "duration": "20s"},
    "water": {"kind": "note", "enabled": False, "every": "2h"},
    "strength": {"kind": "stretch", "enabled": False, "at": ["11:00"], "days": ["mon-fri"], "duration": "2m"},
    "checkin": {"kind": "note", "enabled": False, "at": ["17:30"], "days": ["mon-fri"]},
    "winddown": {"kind": "note", "enabled": False, "at": ["21:30"]},
    "dayend": {"kind": "note", "enabled": False, "daily": "8h"},
}


def reminder_defaults(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """What the reminder `name` has besides what the person gave; one schedule replaces another."""
    own = BY_NAME.get(name, {})
    kind = own.get("kind", given.get("kind", "note"))
    defaults = {"kind": kind} | BY_KIND.get(kind if isinstance(kind, str) else "", {}) | own
    return without_old_schedule(defaults, given)


def without_old_schedule(lower: dict[str, Any], higher: dict[str, Any]) -> dict[str, Any]:
    """The lower source's keys of a reminder, less its schedule where a higher source brings another sort."""
    brought = next((sort for sort in SCHEDULES if sort in higher), None)
    if brought is None:
        return lower
    replaced = {*SCHEDULES, *(() if brought == "at" else ("days",))} - {brought}
    return {key: value for key, value in lower.items() if key not in replaced}


def example() -> str:
    """The commented example of a settings file; its values are the defaults."""
    name, package = "config.example.toml", os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    shipped = os.path.join(package, "content", name)
    path = shipped if os.path.exists(shipped) else os.path.join(os.path.dirname(package), name)  # a checkout
    with open(path, encoding="utf-8") as file:
        return file.read()
