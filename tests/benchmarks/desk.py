"""A desk to measure on: a home with its desktop, and neckguard at work there."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks.processes import family
from benchmarks.tray import PATIENCE, tray

NECKGUARD = str(Path(sys.executable).with_name("neckguard"))
THEIR_DESKTOP = {"DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "PULSE_SERVER"}


@contextmanager
def home(base: Path) -> Iterator[dict[str, str]]:
    """A home with a session bus, an X server and dunst, as far as they are installed."""
    ours = {name: value for name, value in os.environ.items() if name not in THEIR_DESKTOP}
    env = {
        **ours,
        "HOME": str(base),
        "XDG_RUNTIME_DIR": str(base),
        "XDG_STATE_HOME": str(base / "state"),
    }
    env |= {"XDG_CONFIG_HOME": str(base / ".config"), "DBUS_SESSION_BUS_ADDRESS": f"unix:path={base}/bus"}
    env["DBUS_SYSTEM_BUS_ADDRESS"] = env["DBUS_SESSION_BUS_ADDRESS"]  # a bus without logind
    (base / ".config" / "neckguard").mkdir(parents=True)
    with ExitStack() as stack:
        if shutil.which("dbus-daemon"):
            spawn(stack, env, "dbus-daemon", "--session", f"--address=unix:path={base}/bus", "--nofork")
        if shutil.which("Xvfb"):
            reading, writing = os.pipe()
            spawn(stack, env, "Xvfb", "-displayfd", str(writing), pass_fds=[writing])
            os.close(writing)
            with os.fdopen(reading) as answer:
                env["DISPLAY"] = f":{answer.readline().strip()}"
        if shutil.which("dunst"):
            spawn(stack, env, "dunst")
        yield env


def spawn(
    stack: ExitStack, env: dict[str, str], *command: str, pass_fds: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """Something that runs until the stack is closed."""
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, env=env, stdout=silent, stderr=silent, pass_fds=pass_fds)
    stack.callback(end, process)
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it and all that come from it to end, and end it if it does not."""
    heirs = family(process.pid)[1:]
    process.terminate()
    for pid in heirs:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def daemon(env: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """A running daemon, and how long it took until it said READY."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        path = f"{env['HOME']}/notify"
        manager.bind(path)
        began = time.monotonic()
        process = subprocess.Popen(
            [NECKGUARD, "run"], env={**env, "NOTIFY_SOCKET": path}, stderr=subprocess.DEVNULL
        )
        while b"READY=1" not in manager.recv(4096):
            pass
        ready = time.monotonic() - began
    os.unlink(path)
    try:
        yield process, ready
    finally:
        end(process)


@contextmanager
def in_tray(env: dict[str, str], patience: float = PATIENCE) -> Iterator[str]:
    """What draws the daemon's icon, where there is a bus; says whether it is "in a" tray or in "no" one."""
    if shutil.which("dbus-daemon") is None:
        yield "no"
        return
    with tray(env["DBUS_SESSION_BUS_ADDRESS"], patience):
        yield "in a"


def ask(env: dict[str, str], command: str) -> dict[str, Any]:
    """One request, without a client's start."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(f"{env['XDG_RUNTIME_DIR']}/neckguard/control.sock")
        client.sendall(json.dumps({"v": 1, "command": command}).encode() + b"\n")
        with client.makefile("rb") as reply:
            found: dict[str, Any] = json.loads(reply.readline())["data"]
            return found


def source_of(status: dict[str, Any]) -> str:
    """Who tells of inputs."""
    return str(status["services"]["presence"]["source"])
