"""plyer's Notification facade, loaded alone: importing the package around it loads forty others, 0.3 MB."""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec
from types import ModuleType

_NAME = "plyer.facades.notification"


def _load() -> ModuleType:
    """The module, known under its name: whoever imports the whole of plyer later meets the same class."""
    found: ModuleSpec | None = None
    for name in ("plyer", "plyer.facades", _NAME):
        found = PathFinder.find_spec(name, found.submodule_search_locations if found else None)
    if _NAME in sys.modules or found is None or found.loader is None:
        return import_module(_NAME)
    module = sys.modules[_NAME] = module_from_spec(found)
    found.loader.exec_module(module)
    return module


Notification = _load().Notification
