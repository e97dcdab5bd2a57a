"""The running daemon, however it was started: found and asked through its control socket."""

import os
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

from neckguard import paths
from neckguard.cli.service.startup import TARGET, UNIT
from neckguard.cli.status.page import tooltip
from neckguard.control import peer
from neckguard.control.client import ask
from neckguard.errors import NeckguardError

_BREATH = 0.05  # seconds between two looks


def answer() -> dict[str, Any] | None:
    """The daemon's status object, or None if none answers."""
    try:
        data = ask("status").get("data")
    except (NeckguardError, OSError):
        return None
    return data if isinstance(data, dict) else None


def pid() -> int | None:
    """The person's process behind the control socket."""
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(1)
            link.connect(paths.control_socket())
            found, owner = peer(link)
    except OSError:
        return None
    return found if owner == os.getuid() else None


def start(program: str) -> Callable[[], bool]:
    """Start the daemon apart from this terminal; the function given back says whether it still lives."""
    silent = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
    child = os.posix_spawn(program, [program, "run"], os.environ, file_actions=silent, setsid=True)
    return lambda: os.waitpid(child, os.WNOHANG) == (0, 0)


def stop(seconds: float = 10.0) -> bool:
    """End the daemon behind the control socket; whether it is gone."""
    found = pid()
    if found:
        os.kill(found, signal.SIGTERM)
    return wait_for(lambda: pid() is None, seconds)


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(_BREATH)
    return True


def proof() -> str:
    """That it runs, what it does, what comes next, and what is wrong if anything is."""
    status = answer()
    if status is None:
        raise NeckguardError("neckguard came up and went away again; to see why: neckguard run")
    return f"neckguard is running (process {pid()}).\n{tooltip(status)}"


LOG = "journalctl --user -u neckguard"
_PATIENCE = 45.0  # seconds: more than the unit's TimeoutStartSec
_TOO_SLOW = 124  # as timeout(1) says it


def absence() -> str | None:
    """Why no user manager can be asked, or None if one answers."""
    code, said = systemctl("show", "--property=Version")
    return None if code == 0 else (said or "systemctl failed")


def systemctl(*arguments: str) -> tuple[int, str]:
    """Exit code and what was said, of `systemctl --user ...`."""
    return _run("systemctl", "--user", *arguments)


def must(*arguments: str) -> None:
    """As `systemctl`, for what has to succeed.

    Raises:
        NeckguardError: it did not.
    """
    code, said = systemctl(*arguments)
    if code:
        raise NeckguardError(f"`systemctl --user {' '.join(arguments)}` failed: {said or code}")


def unit() -> dict[str, str]:
    """The unit's properties as systemd knows them now; empty where no manager answers."""
    wanted = "LoadState,ActiveState,SubState,UnitFileState,MainPID,Result,StatusText,FragmentPath,ExecStart"
    code, said = systemctl("show", f"--property={wanted}", UNIT)
    if code:
        return {}
    return dict(line.split("=", 1) for line in said.splitlines() if "=" in line)


def session_state() -> str:
    """The state of graphical-session.target: `active` in sessions that systemd knows of."""
    return systemctl("is-active", TARGET)[1] or "unknown"


def last_log_lines(count: int = 10) -> str:
    """What the unit said last; empty where there is no journal to read."""
    code, said = _run(*LOG.split(), "--lines", str(count), "--no-pager", "--quiet", "--output", "cat")
    return said if code == 0 else ""


def _run(*command: str) -> tuple[int, str]:
    import asyncio

    from neckguard.process import exit_of

    try:
        return asyncio.run(exit_of(*command, limit=_PATIENCE))
    except TimeoutError:
        return _TOO_SLOW, f"no answer within {_PATIENCE:g} s"
