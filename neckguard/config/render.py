"""A plan as the settings file would spell it."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from neckguard.config.defaults import BREAK_SHARE
from neckguard.config.kinds import WEEKDAYS
from neckguard.config.words import show_path
from neckguard.core import Kind, Opening, Plan, Reminder, format_span

_DAY = 24 * 60  # minutes


def settings_of(plan: Plan) -> dict[str, Any]:
    """All settings as plain tables: what reading the file gives."""
    return {
        "language": plan.language,
        "reminders": {reminder.name: _reminder(reminder) for reminder in plan.reminders},
        "hours": _hours(plan.hours),
        "presence": _section(plan.presence),
        "quiet": _section(plan.quiet),
        "notify": _section(plan.notify),
        "tray": {"show": plan.tray_show},
        "pause": {"default": format_span(plan.pause_default)},
        "stretches": _section(plan.stretches),
        "posture": {"avoid": list(plan.posture_avoid)},
        "history": _section(plan.history),
        "hooks": _section(plan.hooks),
        "log": {"level": plan.log_level},
    }


def as_given(plan: Plan) -> dict[str, Any]:
    """The same as somebody would write it: what follows from another key is left out."""
    settings = settings_of(plan)
    for reminder in plan.reminders:
        if reminder.kind is Kind.BREAK and reminder.reset_after == max(1.0, reminder.duration * BREAK_SHARE):
            settings["reminders"][reminder.name].pop("reset_after")
    return settings


def flatten(tables: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """The values by key path, `quiet.settle`."""
    flat: dict[str, Any] = {}
    for key, value in tables.items():
        here = f"{path}.{key}" if path else key
        flat |= flatten(value, here) if isinstance(value, dict) else {here: value}
    return flat


def to_toml(tables: Mapping[str, Any], origins: Mapping[str, str]) -> str:
    """The tables as TOML; what stands in `origins` under a key path follows that key as a comment."""
    return "\n\n".join(_tables((), tables, origins)) + "\n"


def spell(value: Any) -> str:
    """A value in TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{"".join(map(_escape, value))}"'
    if isinstance(value, list):
        return f"[{', '.join(map(spell, value))}]"
    return str(value)


def _escape(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"


def _tables(path: tuple[str, ...], table: Mapping[str, Any], origins: Mapping[str, str]) -> Iterable[str]:
    keys = {key: value for key, value in table.items() if not isinstance(value, dict)}
    if keys or (path and not table):
        lines = [f"[{show_path(path)}]{_comment(path, origins)}"] if path else []
        lines += [f"{key} = {spell(value)}{_comment((*path, key), origins)}" for key, value in keys.items()]
        yield "\n".join(lines)
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _tables((*path, key), value, origins)


def _comment(path: tuple[str, ...], origins: Mapping[str, str]) -> str:
    origin = origins.get(show_path(path))
    return f"  # {origin}" if origin else ""


def _section(section: Any) -> dict[str, Any]:
    return {field.name: _plain(getattr(section, field.name)) for field in fields(section)}


def _plain(value: Any) -> Any:
    """In a plan, what is a float is a span."""
    if isinstance(value, float):
        return format_span(value)
    return list(value) if isinstance(value, tuple) else value


def _reminder(reminder: Reminder) -> dict[str, Any]:
    table = _section(reminder)
    del table["name"]
    table["kind"] = reminder.kind.value
    table["reset_after"] = "never" if reminder.reset_after is None else table["reset_after"]
    if reminder.at:
        table["days"] = day_ranges(reminder.days)
    # A schedule it does not have is None or, like its days, an empty list.
    return {key: value for key, value in table.items() if value not in (None, [])}


def day_ranges(days: Iterable[int]) -> list[str]:
    """Weekdays as few words: `["mon-fri", "sun"]`."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [WEEKDAYS[run[0]] + (f"-{WEEKDAYS[run[-1]]}" if len(run) > 1 else "") for run in runs]


def _hours(openings: Iterable[Opening]) -> dict[str, list[str]]:
    """Days with the same hours share a key."""
    by_day: dict[int, list[str]] = {}
    for opening in openings:
        by_day.setdefault(opening.weekday, []).append(f"{_clock(opening.start)}-{_clock(_end(opening.end))}")
    groups: dict[tuple[str, ...], list[int]] = {}
    for day, ranges in by_day.items():
        groups.setdefault(tuple(ranges), []).append(day)
    return {key: list(ranges) for ranges, days in groups.items() for key in day_ranges(days)}


def _end(minute: int) -> int:
    """24:00 is spelt so; what lies beyond is a time of the next day."""
    return minute - _DAY if minute > _DAY else minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
