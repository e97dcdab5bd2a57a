"""Where the person's display is: a Wayland socket, an X display.

A daemon started early, or by the user manager, may lack the variables that say so; the desktop hands them to
the user manager when it is up (`systemctl --user import-environment`, `dbus-update-activation-environment`).
"""

import os
import stat
from collections.abc import Mapping

from neckguard.desktop.bus.bus import Bus
from neckguard.errors import NeckguardError

VARIABLES = (
    "DISPLAY",
    "XAUTHORITY",
    "WAYLAND_DISPLAY",
    "XDG_SESSION_TYPE",
    "XDG_CURRENT_DESKTOP",
    "XDG_RUNTIME_DIR",
)
_MANAGER = "org.freedesktop.systemd1"
_MANAGER_PATH = "/org/freedesktop/systemd1"
_LIMIT = 2.0  # seconds for the manager's answer


async def desktop_environment(session_bus: Bus) -> dict[str, str]:
    """Those of VARIABLES that are set: our own, the others as the user manager knows them. Never raises."""
    found = {name: os.environ[name] for name in VARIABLES if os.environ.get(name)}
    if len(found) == len(VARIABLES):
        return found
    return await _managers_environment(session_bus) | found


def wayland_sockets(environment: Mapping[str, str]) -> list[str]:
    """Absolute paths of the Wayland sockets to try, best first."""
    runtime = _runtime_dir(environment)
    named = environment.get("WAYLAND_DISPLAY")
    if named:
        return [os.path.join(runtime, named)]
    if environment.get("DISPLAY") and environment.get("XDG_SESSION_TYPE") in {"x11", "tty"}:
        return []  # `startx` on a console is of type tty
    try:
        names = sorted(name for name in os.listdir(runtime) if name.startswith("wayland-"))
    except OSError:
        return []
    paths = [os.path.join(runtime, name) for name in names]
    return [path for path in paths if _is_socket(path)]


def x_display(environment: Mapping[str, str]) -> tuple[str, str]:
    """The X display (empty: there is none), and the file with the keys to it."""
    home = os.path.join(os.path.expanduser("~"), ".Xauthority")
    return environment.get("DISPLAY", ""), environment.get("XAUTHORITY") or home


async def _managers_environment(session_bus: Bus) -> dict[str, str]:
    """Those of VARIABLES that the systemd user manager knows; without one: none."""
    manager = f"{_MANAGER}.Manager"
    try:
        lines = await session_bus.get(_MANAGER, _MANAGER_PATH, manager, "Environment", "as", _LIMIT)
    except NeckguardError:
        return {}
    pairs = (line.partition("=") for line in lines)
    return {name: value for name, _, value in pairs if name in VARIABLES and value}


def _runtime_dir(environment: Mapping[str, str]) -> str:
    given = environment.get("XDG_RUNTIME_DIR", "")
    return given if os.path.isabs(given) else f"/run/user/{os.getuid()}"


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return False
