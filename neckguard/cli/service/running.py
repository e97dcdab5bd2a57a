"""The running daemon, however it was started: found and asked through its control socket."""

import os
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

from neckguard import paths
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
