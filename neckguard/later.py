"""Puts off modules that libraries import for what we never, or seldom, use of them."""

import sys
from importlib import import_module
from types import ModuleType


def put_off(name: str) -> None:
    """Let a module be loaded when something of it is wanted, not when it is imported."""
    place = ModuleType(name)

    def load(wanted: str) -> object:
        if sys.modules.get(name) is place:
            del sys.modules[name]
        return getattr(import_module(name), wanted)

    place.__getattr__ = load  # type: ignore[method-assign] # PEP 562
    sys.modules.setdefault(name, place)
