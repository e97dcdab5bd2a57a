"""From what validation found to what a person reads: the value, what is allowed, what was probably meant."""

from typing import Any

from pydantic_core import ErrorDetails

from neckguard.config.defaults import BY_NAME
from neckguard.config.models import ReminderSection, Settings, fields_at
from neckguard.config.words import Path, did_you_mean, listed, show, show_path

# What pydantic found, and how we say it; `{value}` is the value, the rest is what pydantic tells about it.
_SENTENCES = {
    "value_error": "{error}",
    "bool_type": "{value} is not true or false (written without quotes)",
    "int_type": "{value} is not a whole number (written without quotes)",
    "greater_than_equal": "{value} is too small; allowed: at least {ge}",
    "less_than_equal": "{value} is too large; allowed: at most {le}",
    "string_type": "{value} is not text; text needs quotes",
    "list_type": "{value} is not a list; write {list}",
    "dict_type": "{value} is not a table; write [{table}] and its keys below it",
    "model_type": "{value} is not a table; write [{table}] and its keys below it",
}


def say_error(error: ErrorDetails) -> tuple[Path, str]:
    """The key path and the message of one error of pydantic's."""
    path: Path = tuple(error["loc"])
    if error["type"] == "extra_forbidden":
        return path, _unknown_key(path, error["input"])
    sentence = _SENTENCES.get(error["type"], "{value} is not valid here")
    words = error.get("ctx", {}) | {"value": show(error["input"]), "table": show_path(_table(path))}
    if error["type"] == "list_type":
        words["list"] = _as_list(path, error["input"])
    return path, sentence.format(**words)


def _as_list(path: Path, value: Any) -> str:
    """The value as the list that was wanted; a command line as the words that a hook is."""
    if path[0] != "hooks" or not isinstance(value, str):
        return f"[{show(value)}]"
    from neckguard.lookup import as_arguments  # brings asyncio, 60 ms

    return as_arguments(value)


def _table(path: Path) -> Path:
    """An example of a header for what should have been a table."""
    return (*path, "posture") if path == ("reminders",) else path


def _unknown_key(path: Path, value: Any) -> str:
    what = "unknown table" if isinstance(value, dict) else f"unknown key (its value is {show(value)})"
    allowed = fields_at(path[:-1]) or {}
    return f"{what}{_suggestion(path, list(allowed))} (allowed here: {listed(allowed)})"


def _suggestion(path: Path, allowed: list[str]) -> str:
    word = str(path[-1])
    section = path[0]
    if len(path) == 1 and word in BY_NAME:
        return f"; did you mean reminders.{word}?"
    if section in BY_NAME and len(path) > 1 and word in ReminderSection.model_fields:
        return f"; did you mean reminders.{section}.{word}?"
    return did_you_mean(word, allowed) or _elsewhere(word)


def _elsewhere(word: str) -> str:
    """The section that does have a key of this name."""
    home = next((name for name in Settings.model_fields if word in (fields_at((name,)) or ())), None)
    return f"; did you mean {home}.{word}?" if home else ""
