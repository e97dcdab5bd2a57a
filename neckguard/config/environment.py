"""Settings in the environment: `NECKGUARD_REMINDERS__POSTURE__EVERY=10m`. Lists are JSON."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, get_origin

from neckguard.config.defaults import BY_NAME
from neckguard.config.kinds import WEEKDAYS
from neckguard.config.models import Settings, fields_at, is_table
from neckguard.config.words import Path, did_you_mean, show
from neckguard.core import Problem
from neckguard.value import value

PREFIX = "NECKGUARD_"
FILE = "environment"  # what problems name instead of a file
_FILE_VARIABLE = "NECKGUARD_CONFIG"  # names the file: no setting, nor is whatever begins as these do
_RESERVED = ("NECKGUARD_HOOK_", "NECKGUARD_TEST_")
_TRUE, _FALSE = {"true", "1", "yes", "on"}, {"false", "0", "no", "off"}


@value
class Environment:
    """The keys given there, the variable behind each, and what is wrong already."""

    tree: dict[str, Any] = field(default_factory=dict)
    variables: dict[Path, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def behind(self, path: Path, *, in_file: bool) -> str:
        """The variable that gave the key or a list around it; for a table not in the file, a key of it."""
        around = [
            self.variables[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.variables
        ]
        inside = [
            name for given, name in self.variables.items() if given[: len(path)] == path and not in_file
        ]
        return next(iter(around + inside), "")


def read(environ: Mapping[str, str]) -> Environment:
    """All settings in the environment."""
    tree: dict[str, Any] = {}
    variables: dict[Path, str] = {}
    problems = []
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name == _FILE_VARIABLE or name.startswith(_RESERVED):
            continue
        path = _path(name)
        kind = _kind(path)
        if kind is None:
            problems.append(Problem(FILE, 0, name, _unknown(name, path)))
            continue
        try:
            _put(tree, path, _typed(kind, environ[name]))
        except ValueError as error:
            problems.append(Problem(FILE, 0, name, str(error)))
        else:
            variables[path] = name
    return Environment(tree, variables, tuple(problems))


def _path(name: str) -> tuple[str, ...]:
    """The key path a variable means. A reminder's name may hold `__`; `[hours]` spells ranges with `-`."""
    section, _, rest = name.removeprefix(PREFIX).lower().partition("__")
    if not rest:
        return (section,)
    if section == "reminders":
        reminder, _, key = rest.rpartition("__")
        return (section, reminder, key) if reminder else (section, key)
    return (section, rest.replace("_", "-") if section == "hours" else rest)


def _kind(path: tuple[str, ...]) -> type | None:
    """What the key holds: bool, int, list or str; None where there is no such key."""
    if path[0] == "hours" and len(path) > 1:
        return list
    fields = fields_at(path[:-1])
    if fields is None or path[-1] not in fields:
        return None
    annotation = fields[path[-1]].annotation
    if is_table(annotation):
        return None
    if get_origin(annotation) is list:
        return list
    if annotation is bool:
        return bool
    return int if annotation is int else str


def _unknown(name: str, path: tuple[str, ...]) -> str:
    if len(path) == 1 and path[0] in Settings.model_fields:
        start = f"{PREFIX}{path[0].upper()}__"
        example = next(known for known in _known_names() if known.startswith(start))
        return f"names a whole table; name one key of it, such as {example}"
    return f"is no setting of neckguard{did_you_mean(name, _known_names())}"


def _typed(kind: type, text: str) -> Any:
    if kind is bool:
        return _bool(text)
    if kind is int:
        try:
            return int(text)
        except ValueError:
            raise ValueError(f"{show(text)} is not a whole number") from None
    if kind is list:
        return _list(text)
    return text


def _bool(text: str) -> bool:
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    raise ValueError(f"{show(text)} is not true or false")


def _list(text: str) -> list[Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, list):
        return value
    raise ValueError(f'{show(text)} is not a list; write it as JSON: \'["one", "two"]\'')


def _put(tree: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        tree = tree.setdefault(part, {})
    tree[path[-1]] = value


def _known_names() -> Iterator[str]:
    yield _FILE_VARIABLE
    for section in Settings.model_fields:
        tables: list[tuple[str, ...]] = [(section,)]
        if section == "reminders":
            tables = [(section, name) for name in BY_NAME]
        if not is_table(Settings.model_fields[section].annotation):
            yield f"{PREFIX}{section}".upper()
            continue
        keys = WEEKDAYS if section == "hours" else fields_at(tables[0]) or ()
        yield from (PREFIX + "__".join((*table, key)).upper() for table in tables for key in keys)
