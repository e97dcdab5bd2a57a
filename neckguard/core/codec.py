"""Frozen dataclasses to plain JSON values and back, for what crosses a process or a file."""

import types
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

# Beyond these (and with nan) dates overflow, and neither a database nor a bus takes the number.
_EARLIEST, _LATEST = -1e9, 1e11  # seconds of any clock or span
_SENSIBLE: dict[type, Callable[[Any], bool]] = {
    float: lambda number: _EARLIEST < number < _LATEST,
    int: lambda number: -(2**63) <= number < 2**63,
    datetime: lambda when: 1939 <= when.year < 5138,  # noqa: PLR2004 - where such seconds lead to
}


def to_plain(value: Any) -> Any:
    """The value as dicts, lists, strings, numbers, booleans and None."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    return value


def from_plain(kind: type[T], data: Any) -> T:
    """The value of type `kind` that `to_plain` gave `data` for.

    Raises:
        ValueError: the data does not fit the type.
    """
    built: T = _build(kind, data)
    return built


def point_of(data: Any) -> float | None:
    """A point on a clock; None for never.

    Raises:
        ValueError: it is neither.
    """
    return None if data is None else from_plain(float, data)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _build_union(get_args(kind), data)
    if origin is tuple:
        return _build_tuple(get_args(kind), data)
    if origin is dict:
        return _build_dict(get_args(kind)[1], data)
    if isinstance(kind, type) and is_dataclass(kind):
        return _build_dataclass(kind, data)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    if kind is Any:
        return data
    return _build_atom(kind, data)


def _build_atom(kind: Any, data: Any) -> Any:
    if kind is datetime and isinstance(data, str):
        data = datetime.fromisoformat(data)
    fits = type(data) is kind or (kind is float and type(data) is int)
    sensible = _SENSIBLE.get(kind)
    if not fits or (sensible and not sensible(data)):
        raise ValueError(f"expected {kind.__name__}, got {data!r}")
    return float(data) if kind is float else data


def _build_union(options: tuple[Any, ...], data: Any) -> Any:
    """The value as the first of the types that it fits; as the last one, for what is said if it fits none."""
    if data is None and type(None) in options:
        return None
    *others, last = (option for option in options if option is not type(None))
    for option in others:
        with suppress(ValueError):
            return _build(option, data)
    return _build(last, data)


def _build_tuple(args: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise ValueError(f"expected a list, got {data!r}")  # noqa: TRY004 - one error for all misfits
    if len(args) == 2 and args[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...]
        return tuple(_build(args[0], item) for item in data)
    return tuple(_build(kind, item) for kind, item in zip(args, data, strict=True))


def _build_dict(kind: Any, data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ValueError(f"expected an object, got {data!r}")  # noqa: TRY004 - one error for all misfits
    return {key: _build(kind, item) for key, item in data.items()}


def _build_dataclass(kind: Any, data: Any) -> Any:
    hints = _hints(kind)
    if not isinstance(data, dict) or not set(data) <= set(hints):
        raise ValueError(f"expected the fields of {kind.__name__}, got {data!r}")
    try:
        return kind(**{name: _build(hints[name], item) for name, item in data.items()})
    except TypeError as error:
        raise ValueError(f"{kind.__name__}: {error}") from None
