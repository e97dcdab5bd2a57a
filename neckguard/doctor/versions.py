"""What runs here: neckguard, what it is made of, and the desktop around it."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from neckguard import __version__
from neckguard.doctor.finding import Finding, ok, warning
from neckguard.errors import NeckguardError

NAME = "versions"
_PARTS = ("jeepney", "plyer", "schedule")
RESTART = "systemctl --user restart neckguard (started otherwise: end it, then start it again)"


def check(status: dict[str, Any] | NeckguardError) -> list[Finding]:
    """What is installed, and whether the daemon that answers with `status` is the same."""
    found = {part: _version(part) for part in _PARTS}
    said = [f"{part} {number or 'missing'}" for part, number in found.items()]
    findings = [ok(NAME, f"neckguard {__version__}, Python {platform.python_version()}, {', '.join(said)}")]
    missing = [part for part, number in found.items() if not number]
    if missing:
        findings.append(
            warning(
                NAME, f"{', '.join(missing)} not found", f"pip install {' '.join(missing)}, or neckguard anew"
            )
        )
    findings.append(ok(NAME, _surroundings()))
    running = __version__ if isinstance(status, NeckguardError) else status["version"]
    if running != __version__:
        findings.append(
            warning(NAME, f"the running daemon is neckguard {running}, this is {__version__}", RESTART)
        )
    if os.geteuid() == 0 and "SUDO_USER" in os.environ:
        findings.append(warning(NAME, "this examines root's desktop, not yours", "run it without sudo"))
    return findings


def _version(part: str) -> str:
    try:
        return version(part)
    except PackageNotFoundError:
        return ""


def _surroundings() -> str:
    desktop = os.environ.get("XDG_CURRENT_DESKTOP") or "unnamed desktop"
    return f"Linux {os.uname().release}, {desktop}, {_session_type()}"


def _session_type() -> str:
    """As the session says; a daemon's or an ssh environment may not know."""
    said = os.environ.get("XDG_SESSION_TYPE")
    if said:
        return f"session type {said}"
    for variable, kind in (("WAYLAND_DISPLAY", "wayland"), ("DISPLAY", "x11")):
        if os.environ.get(variable):
            return f"session type not said, probably {kind}"
    return "session type not said, no display"
