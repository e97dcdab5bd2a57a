"""What is found around neckguard: versions, other programs that remind, and the places of its files."""

import os
import platform
import stat
import tempfile
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from neckguard import __version__, paths
from neckguard.doctor.finding import Finding, ok, problem, warning
from neckguard.errors import NeckguardError
from neckguard.process import exit_of

VERSIONS, OTHERS, FILES = "versions", "other reminders", "files"

_PARTS = ("jeepney", "plyer", "schedule")
_RESTART = "systemctl --user restart neckguard (started otherwise: end it, then start it again)"

_KNOWN = {
    "safeeyes": "Safe Eyes",
    "workrave": "Workrave",
    "rsibreak": "RSIBreak",
    "stretchly": "Stretchly",
    "sane-break": "Sane Break",
    "gnome-break-timer": "GNOME Break Timer",
}
_INTERPRETERS = ("python", "node", "electron")  # what they run is their first argument
_GSETTINGS_LIMIT = 3.0  # seconds
_GNOME = "org.gnome.desktop.break-reminders"

_ENOUGH = 20 * 1024 * 1024  # bytes: more than history and state will need for years


# ---- versions ----------------------------------------------------------------------------------------------


def check_versions(status: dict[str, Any] | NeckguardError) -> list[Finding]:
    """What is installed, and whether the daemon that answers with `status` is the same."""
    found = {part: _version(part) for part in _PARTS}
    said = [f"{part} {number or 'missing'}" for part, number in found.items()]
    findings = [
        ok(VERSIONS, f"neckguard {__version__}, Python {platform.python_version()}, {', '.join(said)}")
    ]
    missing = [part for part, number in found.items() if not number]
    if missing:
        remedy = f"pip install {' '.join(missing)}, or neckguard anew"
        findings.append(warning(VERSIONS, f"{', '.join(missing)} not found", remedy))
    findings.append(ok(VERSIONS, _surroundings()))
    running = __version__ if isinstance(status, NeckguardError) else status["version"]
    if running != __version__:
        findings.append(
            warning(VERSIONS, f"the running daemon is neckguard {running}, this is {__version__}", _RESTART)
        )
    if os.geteuid() == 0 and "SUDO_USER" in os.environ:
        findings.append(warning(VERSIONS, "this examines root's desktop, not yours", "run it without sudo"))
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


# ---- other reminders ---------------------------------------------------------------------------------------


async def check_others(proc: str = "/proc") -> list[Finding]:
    """Other programs that remind of breaks and run now, and GNOME's own: two at once are one too many."""
    found = sorted({_KNOWN[name] for name in _running(proc)})
    findings = [
        warning(OTHERS, f"{title} also reminds you", f"switch off {title} or neckguard") for title in found
    ]
    if await _gnome_reminds():
        remedy = f"gsettings set {_GNOME} selected-breaks '[]'"
        findings.append(warning(OTHERS, "GNOME's screen time settings also remind you of breaks", remedy))
    return findings or [ok(OTHERS, "none found")]


async def _gnome_reminds() -> bool:
    """Whether a break reminder is chosen in GNOME 48 and later; an older one has no such schema.

    What is left over of it in another desktop reminds nobody.
    """
    if "GNOME" not in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":"):
        return False
    try:
        code, said = await exit_of("gsettings", "get", _GNOME, "selected-breaks", limit=_GSETTINGS_LIMIT)
    except TimeoutError:
        return False
    return code == 0 and said not in {"[]", "@as []"}


def _running(proc: str) -> set[str]:
    """Those of this user's processes that are known."""
    found = set()
    for pid in filter(str.isdecimal, os.listdir(proc)):
        try:
            if os.stat(f"{proc}/{pid}").st_uid == os.getuid():
                found |= _programs(f"{proc}/{pid}")
        except OSError:
            continue  # it has ended
    return {known for known in _KNOWN for program in found if _is(program, known)}


def _programs(process: str) -> set[str]:
    """The names under which the process may be known, in small letters."""
    with open(f"{process}/cmdline", "rb") as file:
        words = file.read(4096).decode(errors="replace").split("\0")
    with open(f"{process}/comm", encoding="utf-8", errors="replace") as file:
        names = [file.read().strip(), os.path.basename(words[0])]
    if names[1].startswith(_INTERPRETERS):
        names.append(os.path.basename(words[1]) if len(words) > 1 else "")
    return {name.lower() for name in names}


def _is(program: str, known: str) -> bool:
    """Whether it is this one: the kernel keeps 15 characters of a name, and some have a helper `X-daemon`."""
    return program in {known, known[:15]} or program.startswith(f"{known}-daemon")


# ---- files -------------------------------------------------------------------------------------------------


def check_files() -> list[Finding]:
    """The state and the runtime directory, and room on the disk."""
    findings = [_place("state", paths.state_dir()), _place("runtime", paths.runtime_dir())]
    if not os.environ.get("XDG_RUNTIME_DIR"):
        text = f"XDG_RUNTIME_DIR is not set; {paths.runtime_dir()} is used"
        findings.append(warning(FILES, text, "run this inside your login session"))
    return findings


def _place(what: str, directory: str) -> Finding:
    """Whether files can be made there; a directory that is not there yet is judged by where it would be."""
    there = directory
    while not os.path.lexists(there):
        there = os.path.dirname(there)
    refused = _refused(there, mine=there == directory)
    if refused:
        return problem(
            FILES, f"the {what} directory {directory} cannot be used: {refused}", _remedy(directory, there)
        )
    free = os.statvfs(there).f_bavail * os.statvfs(there).f_frsize
    if free < _ENOUGH:
        text = f"the {what} directory {directory} is on a disk with only {free // 1024**2} MB left"
        return problem(FILES, text, "make room on that disk")
    made = "writable" if there == directory else "not there yet, but can be made"
    return ok(FILES, f"the {what} directory {directory} is {made}")


def _refused(directory: str, *, mine: bool) -> str:
    """Why no file can be made in the directory; empty if one was, and is gone again."""
    try:
        found = os.stat(directory)
        if not stat.S_ISDIR(found.st_mode):
            return "there is something else of that name"
        if mine and found.st_uid != os.getuid():
            return "it belongs to somebody else"
        with tempfile.TemporaryFile(dir=directory):
            return ""
    except OSError as error:
        return error.strerror or "it cannot be written"


def _remedy(directory: str, there: str) -> str:
    if there == directory:
        return f"remove {directory}, or make it yours and writable"
    return f"make {there} writable for you"
