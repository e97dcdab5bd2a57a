"""Wayland compositors to be idle at, and somebody who listens."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from neckguard.desktop.presence.wayland import Wayland
from neckguard.errors import SourceLost
from support.helpers import give_up, need, patient

NOBODY = 65534
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Listener:
    """Notes what is told."""

    def __init__(self) -> None:
        self.trace: list[tuple[Any, ...]] = []

    def input(self, idle: float) -> None:
        self.trace.append(("input", idle))

    def idle(self, idle: float) -> None:
        self.trace.append(("idle", idle))

    def kept_awake(self, on: bool, ago: float) -> None:
        self.trace.append(("kept awake" if on else "let sleep", ago))

    def silenced(self, on: bool) -> None:
        self.trace.append(("silenced" if on else "tells again", 0.0))

    @property
    def words(self) -> list[str]:
        """The trace without its spans."""
        return [word for word, _ in self.trace]


class Compositor:
    """The compositor of `wayland_compositor.py`, in a process of its own."""

    def __init__(self, folder: Path, version: int, seats: tuple[str, ...]) -> None:
        self.path = str(folder / "wayland-test")
        program = Path(__file__).with_name("wayland_compositor.py")
        self._process = subprocess.Popen(
            [sys.executable, program, "wayland-test", str(version), *seats],
            env={**os.environ, "XDG_RUNTIME_DIR": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer() == "ready"

    def do(self, word: str) -> str:
        """Its answer, once it has done that."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        return self._answer()

    def asked(self) -> list[str]:
        """The notifications that stand: kind, milliseconds and seat of each."""
        return self.do("asked").split()

    def stall(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def die(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def compositor(folder: Path, version: int = 2, seats: tuple[str, ...] = ("seat0",)) -> Iterator[Compositor]:
    if find_spec("pywayland") is None:
        give_up("needs pywayland")
    server = Compositor(folder, version, seats)
    try:
        yield server
    finally:
        server.die()


@asynccontextmanager
async def answering(path: str, answer: Answer) -> AsyncIterator[str]:
    """Something that is no compositor, but listens where one would."""
    server = await asyncio.start_unix_server(answer, path)
    try:
        yield path
    finally:
        server.close()


class Kwin:
    """A real KWin without a screen. It refuses to run as root."""

    def __init__(self, folder: Path) -> None:
        need("kwin_wayland", "setpriv", "/usr/bin/python3")
        found = shutil.which("kwin_wayland")
        assert found is not None
        # A copy has no file capabilities: where the bounding set lacks them the original cannot be started.
        program = shutil.copy(found, folder)
        as_root = os.geteuid() == 0
        if as_root:
            os.chown(folder, NOBODY, NOBODY)
        drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        self._user = drop if as_root else []
        options = ["--virtual", "--no-lockscreen", "--no-global-shortcuts", "--socket", "kwin-test"]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "KWIN_WAYLAND_NO_PERMISSION_CHECKS": "1",  # else it offers no fake input
        }
        self.path = str(folder / "kwin-test")
        self._process = subprocess.Popen(
            [*self._user, program, *options],
            env=environment,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def move_pointer(self) -> None:
        mouse = Path(__file__).with_name("wayland_mouse.py").read_text()
        command = [*self._user, "/usr/bin/python3", "-c", mouse, self.path]
        child = await asyncio.create_subprocess_exec(*command)
        assert await child.wait() == 0

    def die(self) -> None:
        self._process.kill()
        self._process.wait()


def source_at(*paths: str) -> Wayland:
    async def find() -> list[str]:
        return list(paths)

    return Wayland(find)


@asynccontextmanager
async def serving(source: Wayland, told: Listener) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(source.serve(told))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def idle_for(source: Wayland, seconds: float) -> None:
    """Wait until it says that nobody gave input for so long."""
    async with asyncio.timeout(patient(10)):
        while (await source.look() or 0.0) < seconds:  # noqa: ASYNC110 - that time passes is no event
            await asyncio.sleep(0.05)


async def loss(serving: Awaitable[None]) -> str:
    """Why the source is lost."""
    try:
        async with asyncio.timeout(patient(20)):
            await serving
    except SourceLost as lost:
        return str(lost)
    raise AssertionError("it ended without a word")
