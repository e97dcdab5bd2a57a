"""The daemon that runs, and the settings: what each says of itself."""

import asyncio
import os
import time
from typing import Any

from neckguard import paths
from neckguard.control.client import NotRunning, ask
from neckguard.core import BUILT_IN, Problem, say_span
from neckguard.daemon.validator import Verdict, validate
from neckguard.doctor.finding import Finding, ok, problem, warning
from neckguard.errors import NeckguardError

DAEMON, SETTINGS = "daemon", "settings"
_START = "neckguard service install (now and at every login), or: neckguard run"
_CHECK = "neckguard config check (it says what is allowed)"
_PATIENCE = 2.0  # seconds for the daemon's answer
# Without these it cannot remind, be asked or remember; without the others it does it less well.
_VITAL = frozenset({"notify", "settings", "state", "control"})
_MOST = 5  # problems of the settings that are told; one mistake may bring many


# ---- the daemon --------------------------------------------------------------------------------------------


async def ask_daemon() -> dict[str, Any] | NeckguardError:
    """What the daemon says of itself, or why it says nothing."""
    try:
        reply = await asyncio.to_thread(ask, "status", timeout=_PATIENCE)
    except NeckguardError as error:
        return error
    status: dict[str, Any] = reply["data"]
    return status


def check_daemon(status: dict[str, Any] | NeckguardError) -> list[Finding]:
    """Whether it runs, since when, and what it says is wrong."""
    if isinstance(status, NotRunning):
        return [problem(DAEMON, "neckguard is not running, so nothing reminds you", _START)]
    if isinstance(status, NeckguardError):
        return [problem(DAEMON, str(status), "systemctl --user restart neckguard")]
    troubles = [
        (problem if name in _VITAL else warning)(DAEMON, f"it says of its {name}: {service['problem']}")
        for name, service in status["services"].items()
        if not service["ok"] and service["problem"]
    ]
    return [ok(DAEMON, f"running{_for_how_long(status['pid'])}; it is {status['state']}"), *troubles]


def _for_how_long(pid: int) -> str:
    """How long the process lives; its start is told in ticks of the boot clock, see proc_pid_stat(5)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return ""
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return f" for {say_span(time.clock_gettime(time.CLOCK_BOOTTIME) - started)}"


# ---- the settings ------------------------------------------------------------------------------------------


async def read_settings() -> Verdict | NeckguardError:
    """The plan or its problems, or why there is neither."""
    explicit = ("--explicit",) if paths.config_is_explicit() else ()
    try:
        return await validate(paths.config_file(), *explicit)
    except NeckguardError as error:
        return error


def check_settings(verdict: Verdict | NeckguardError) -> list[Finding]:
    """Each problem in one line, or that there is none; as `neckguard config check` finds them."""
    if isinstance(verdict, NeckguardError):
        return [problem(SETTINGS, str(verdict), _CHECK)]
    _, problems, _ = verdict
    if not problems:
        file = paths.config_file()
        said = f"{file} is valid" if os.path.exists(file) else f"no {file}, so the defaults hold"
        return [ok(SETTINGS, said)]
    found = [problem(SETTINGS, _place(each), _CHECK) for each in problems[:_MOST]]
    more = len(problems) - _MOST
    return [*found, problem(SETTINGS, f"and {more} more", _CHECK)] if more > 0 else found


def _place(found: Problem) -> str:
    """Where it stands. The message repeats what the person wrote, so it is left to `config check`."""
    place = f"{found.file}:{found.line}" if found.line else found.file
    return f"{place}: {_key(found.key)} is not valid" if found.key else f"{place}: not valid"


def _key(key: str) -> str:
    """The key, or the variable, without the name of a reminder of the person's own."""
    joint = "__" if key.startswith("NECKGUARD_") else "."
    section, *rest = key.split(joint)
    if section.lower().endswith("reminders") and rest and rest[0].lower() not in BUILT_IN:
        last = rest[-1] if len(rest) > 1 and rest[-1].isidentifier() else ""
        return joint.join(part for part in (section, "…", last) if part)
    return key
