"""Whether something starts neckguard at login, and only one thing does."""

import os

from neckguard import paths
from neckguard.doctor.finding import Finding, ok, problem, warning
from neckguard.process import exit_of

AUTOSTART = "autostart"
_INSTALL = "neckguard service install"
_INSTALL_ENTRY = "neckguard service install --autostart"
_TARGET = "graphical-session.target"
_LIMIT = 5.0  # seconds
_PROPERTIES = "LoadState,ActiveState,UnitFileState"
_SWITCHED_OFF = ("hidden=true", "x-gnome-autostart-enabled=false")  # as startup settings of desktops do it

Unit = dict[str, str]


async def check_autostart() -> list[Finding]:
    """The systemd unit and the autostart entry."""
    entry = _autostart_entry()
    code, said = await exit_of(
        "systemctl",
        "--user",
        "show",
        f"--property={_PROPERTIES}",
        paths.UNIT,
        _TARGET,
        limit=_LIMIT,
    )
    if code:
        return [_without_manager(entry)]
    unit, session = (_unit(part) for part in (*said.split("\n\n"), "")[:2])
    if unit.get("LoadState") != "loaded":
        return [_entry_alone(entry, _INSTALL)]
    if entry == "on":
        return [
            warning(
                AUTOSTART,
                "both the service and an autostart entry start neckguard",
                f"{_INSTALL} (keeps the service)",
            )
        ]
    return [_service(unit, session)]


def _without_manager(entry: str) -> Finding:
    if os.path.exists(paths.unit_file()) and entry != "on":
        text = "the service is installed, but no systemd user manager answers here"
        return warning(AUTOSTART, text, _INSTALL_ENTRY)
    return _entry_alone(entry, _INSTALL_ENTRY)


def _entry_alone(entry: str, install: str) -> Finding:
    match entry:
        case "on":
            return ok(AUTOSTART, "an autostart entry starts neckguard at login; no service is installed")
        case "off":
            return warning(
                AUTOSTART,
                "the autostart entry is switched off",
                "switch it on in the desktop's startup settings",
            )
    return warning(AUTOSTART, "neither a service nor an autostart entry starts neckguard at login", install)


def _service(unit: Unit, session: Unit) -> Finding:
    enabled, state = unit.get("UnitFileState", ""), unit.get("ActiveState", "")
    if state == "failed":
        return problem(
            AUTOSTART,
            "the service failed",
            "systemctl --user restart neckguard (log: journalctl --user -u neckguard)",
        )
    if enabled != "enabled":
        return warning(AUTOSTART, f"the service is installed, but {enabled or 'not enabled'}", _INSTALL)
    if session.get("ActiveState") != "active":
        text = f"the service is enabled, but what starts it, {_TARGET}, is not active here"
        return warning(AUTOSTART, text, _INSTALL_ENTRY)
    if state != "active":
        return warning(AUTOSTART, f"the service is enabled, but {state}", "systemctl --user start neckguard")
    return ok(AUTOSTART, "the service is enabled and active; lingering is not needed")


def _unit(text: str) -> Unit:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def _autostart_entry() -> str:
    """`on`, `off`, or empty: there is none."""
    try:
        with open(paths.autostart_file(), encoding="utf-8", errors="replace") as file:
            lines = [line.strip().lower().replace(" ", "") for line in file.read(65536).splitlines()]
    except OSError:
        return ""
    return "off" if any(line in _SWITCHED_OFF for line in lines) else "on"
