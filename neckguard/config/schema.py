"""The JSON Schema of the settings file, for completion and checks in TOML editors.

Only keywords that draft 4 knows as well, and no references: some editors stop there.
"""

from itertools import combinations
from typing import Any

from pydantic import BaseModel, TypeAdapter

from neckguard.config.build import NAME_PATTERN, make_plan
from neckguard.config.defaults import BY_NAME, SCHEDULES
from neckguard.config.hours import PATTERN as HOURS_PATTERN
from neckguard.config.kinds import DAYS_PATTERN, MOST_HOURS, MOST_REMINDERS, WEEKDAYS
from neckguard.config.models import ReminderSection, Settings, is_table
from neckguard.config.render import settings_of

FILE_NAME = "neckguard.schema.json"  # beside the settings file, whose first line names it
_OWN = "own"  # stands for any reminder of the person's own


def schema() -> dict[str, Any]:
    """The schema as plain JSON values."""
    sample = Settings.load(environment={}, file={"reminders": {_OWN: {"every": "1h"}}})
    defaults = settings_of(make_plan(sample, ()))
    properties = {
        name: _section(info.annotation, defaults[name])
        | {"description": info.description or _doc(info.annotation)}
        for name, info in Settings.model_fields.items()
    }
    properties["reminders"] |= _reminders(defaults["reminders"])
    properties["hours"] |= _hours()
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "neckguard settings",
        "description": 'Spans of time are strings with a unit: "45s", "20m", "1h30m".',
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def _section(model: Any, defaults: Any) -> dict[str, Any]:
    if not is_table(model):
        scalar: dict[str, Any] = TypeAdapter(model).json_schema()
        return scalar | {"default": defaults}
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return {"type": "object", "additionalProperties": False}
    table = model.model_json_schema()
    table["title"] = table["title"].removesuffix("Section")
    for key, entry in table["properties"].items():
        entry.pop("default", None)  # in seconds; people write spans
        if key in defaults:
            entry["default"] = defaults[key]
    return table


def _doc(model: Any) -> str:
    return str(model.__doc__)


def _reminders(defaults: dict[str, Any]) -> dict[str, Any]:
    own = _reminder(defaults[_OWN] | {"every": "2h"}, "A reminder of your own; give it every, at or daily.")
    return {
        "properties": {name: _built_in(name, defaults[name]) for name in BY_NAME},
        "patternProperties": {NAME_PATTERN: own},
        "maxProperties": MOST_REMINDERS + len(BY_NAME),
    }


def _built_in(name: str, defaults: dict[str, Any]) -> dict[str, Any]:
    state = "on" if defaults["enabled"] else "off"
    table = _reminder(defaults, f"Built in, {state} unless changed.")
    table["properties"]["kind"]["enum"] = [defaults["kind"]]
    return table | {"title": name.capitalize()}


def _reminder(defaults: dict[str, Any], description: str) -> dict[str, Any]:
    pairs = [{"required": [one, other]} for one, other in combinations(SCHEDULES, 2)]
    return _section(ReminderSection, defaults) | {"description": description, "not": {"anyOf": pairs}}


def _hours() -> dict[str, Any]:
    ranges = {
        "type": "array",
        "description": 'Ranges of hours such as "09:00-12:30"; an end before its start lies on the next day.',
        "items": {"type": "string", "pattern": HOURS_PATTERN},
        "maxItems": MOST_HOURS,
    }
    return {
        "properties": dict.fromkeys((*WEEKDAYS, "mon-fri", "sat-sun"), ranges),
        "patternProperties": {DAYS_PATTERN: ranges},
        "maxProperties": MOST_HOURS,
    }
