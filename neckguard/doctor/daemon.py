"""The daemon: whether it runs, since when, and what it says is wrong."""

import asyncio
import os
import time
from typing import Any

from neckguard.control.client import NotRunning, ask
from neckguard.core import say_span
from neckguard.doctor.finding import Finding, ok, problem, warning
from neckguard.errors import NeckguardError

NAME = "daemon"
START = "neckguard service install (now and at every login), or: neckguard run"
_PATIENCE = 2.0  # seconds for the answer
# Without these it cannot remind, be asked or remember; without the others it does it less well.
_VITAL = frozenset({"notify", "settings", "state", "control"})


async def question() -> dict[str, Any] | NeckguardError:
    """What the daemon says of itself, or why it says nothing."""
    try:
        reply = await asyncio.to_thread(ask, "status", timeout=_PATIENCE)
    except NeckguardError as error:
        return error
    status: dict[str, Any] = reply["data"]
    return status


def check(status: dict[str, Any] | NeckguardError) -> list[Finding]:
    """What it says."""
    if isinstance(status, NotRunning):
        return [problem(NAME, "neckguard is not running, so nothing reminds you", START)]
    if isinstance(status, NeckguardError):
        return [problem(NAME, str(status), "systemctl --user restart neckguard")]
    troubles = [
        (problem if name in _VITAL else warning)(NAME, f"it says of its {name}: {service['problem']}")
        for name, service in status["services"].items()
        if not service["ok"] and service["problem"]
    ]
    return [ok(NAME, f"running{_for_how_long(status['pid'])}; it is {status['state']}"), *troubles]


def _for_how_long(pid: int) -> str:
    """How long the process lives; its start is told in ticks of the boot clock, see proc_pid_stat(5)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return ""
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return f" for {say_span(time.clock_gettime(time.CLOCK_BOOTTIME) - started)}"
