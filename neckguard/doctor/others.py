"""Other programs that remind of breaks: two at once are one too many."""

import os

from neckguard.doctor.finding import Finding, ok, warning
from neckguard.process import exit_of

NAME = "other reminders"
_KNOWN = {
    "safeeyes": "Safe Eyes",
    "workrave": "Workrave",
    "rsibreak": "RSIBreak",
    "stretchly": "Stretchly",
    "sane-break": "Sane Break",
    "gnome-break-timer": "GNOME Break Timer",
}
_INTERPRETERS = ("python", "node", "electron")  # what they run is their first argument
_LIMIT = 3.0  # seconds
_GNOME = "org.gnome.desktop.break-reminders"


async def check() -> list[Finding]:
    """Those that run now, and the reminders of GNOME's own."""
    found = sorted({_KNOWN[name] for name in _running()})
    findings = [
        warning(NAME, f"{title} also reminds you", f"switch off {title} or neckguard") for title in found
    ]
    if await _gnome_reminds():
        remedy = f"gsettings set {_GNOME} selected-breaks '[]'"
        findings.append(warning(NAME, "GNOME's screen time settings also remind you of breaks", remedy))
    return findings or [ok(NAME, "none found")]


async def _gnome_reminds() -> bool:
    """Whether a break reminder is chosen in GNOME 48 and later; an older one has no such schema."""
    try:
        code, said = await exit_of("gsettings", "get", _GNOME, "selected-breaks", limit=_LIMIT)
    except TimeoutError:
        return False
    return code == 0 and said not in {"[]", "@as []"}


def _running() -> set[str]:
    """Those of this user's processes that are known."""
    found = set()
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{pid}").st_uid == os.getuid():
                found |= _programs(pid)
        except OSError:
            continue  # it has ended
    return {known for known in _KNOWN for program in found if _is(program, known)}


def _programs(pid: str) -> set[str]:
    """The names under which the process may be known, in small letters."""
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        words = file.read(4096).decode(errors="replace").split("\0")
    with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
        names = [file.read().strip(), os.path.basename(words[0])]
    if names[1].startswith(_INTERPRETERS):
        names.append(os.path.basename(words[1]) if len(words) > 1 else "")
    return {name.lower() for name in names}


def _is(program: str, known: str) -> bool:
    """Whether it is this one: the kernel keeps 15 characters of a name, and some have a helper `X-daemon`."""
    return program in {known, known[:15]} or program.startswith(f"{known}-daemon")
