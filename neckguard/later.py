"""Puts off modules that libraries import for what we never, or seldom, use of them."""

import sys
import typing
from importlib import import_module
from types import ModuleType


def put_off(name: str, **known: object) -> None:
    """Let a module be loaded when something of it is wanted that is not `known`, not when it is imported."""
    place = ModuleType(name)
    vars(place).update(known)

    def load(wanted: str) -> object:
        if known and wanted == "__path__":  # `from it import` asks that of any module
            raise AttributeError("it is no package")
        if sys.modules.get(name) is place:
            del sys.modules[name]
        return getattr(import_module(name), wanted)

    place.__getattr__ = load  # type: ignore[method-assign] # PEP 562
    sys.modules.setdefault(name, place)


def import_unread(*names: str) -> None:
    """Import modules without a look at types that they name in texts, and none of whom anybody asks for.

    To read one, typing calls the compiler in a way that leaves 0.2 MB of classes for syntax trees behind.
    """
    reads, typing.ForwardRef = typing.ForwardRef, _Unread  # type: ignore[misc,assignment] # see above
    try:
        for name in names:
            import_module(name)
    finally:
        typing.ForwardRef = reads  # type: ignore[misc]


class _Unread:
    """A type that was named."""

    def __init__(self, *_: object, **__: object) -> None: ...
