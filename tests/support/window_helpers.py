"""Windows that fill the screen: real ones on real displays, and a compositor that tells what it is given."""

import asyncio
import os
import struct
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from neckguard.core.events import QuietChanged
from neckguard.core.model import QuietReason
from neckguard.desktop.quiet.fullscreen import Fullscreen
from neckguard.desktop.quiet.windows_wayland import MANAGER
from support.dnd_helpers import running
from support.helpers import need, patient, wait_until
from support.x11_helpers import XServer

FILLED, FREE = "an application fills the screen", ""
ACTIVATED, FULLSCREEN = 2, 3
_TOPLEVEL_NUMBERS = 0xFF000000  # those that compositors give


class Looker:
    """Looks when told to, and keeps what was told."""

    def __init__(self, environment: Mapping[str, str], *ignore: str, limit: float = 1.0) -> None:
        self._told: list[QuietChanged] = []

        async def find() -> Mapping[str, str]:
            return environment

        self.fullscreen = Fullscreen(self._told.append, find, limit=patient(limit))
        self.fullscreen.configure(True, ignore)

    async def look(self) -> tuple[str, str]:
        """What was told, and of whom."""
        await self.fullscreen.look()
        event = self._told.pop()
        assert not self._told
        assert event.reason is QuietReason.FULLSCREEN
        return event.detail, event.by

    async def sees(self, *told: str) -> None:
        """Look until this is told: windows take their time."""
        async with asyncio.timeout(patient(30)):
            while await self.look() != told:  # noqa: ASYNC110 - nobody tells when a window is there
                await asyncio.sleep(0.05)


def seen(environment: Mapping[str, str], *ignore: str) -> tuple[str, str]:
    """What one look tells."""
    return asyncio.run(Looker(environment, *ignore).look())


def on(server: XServer) -> dict[str, str]:
    """The variables of somebody on this X server."""
    return {"DISPLAY": server.display, "XDG_SESSION_TYPE": "x11", "XAUTHORITY": "/nonexistent"}


@contextmanager
def window_manager(server: XServer) -> "Iterator[subprocess.Popen[bytes]]":
    need("openbox", "xdotool")
    environment = {"DISPLAY": server.display}
    with running(environment, "openbox", "--config-file", "/dev/null") as process:
        asking = partial(subprocess.run, ["xdotool", "get_desktop"], env={**os.environ, **environment})
        wait_until(lambda: asking(capture_output=True, check=False).returncode == 0)
        yield process


@contextmanager
def x_window(server: XServer, *options: str) -> "Iterator[subprocess.Popen[bytes]]":
    """A terminal of the class Film."""
    need("xterm")
    with running({"DISPLAY": server.display}, "xterm", "-class", "Film", "-name", "reel", *options) as window:
        yield window


@contextmanager
def wayland_window(environment: Mapping[str, str], *options: str) -> Iterator[None]:
    need("foot")
    with running(environment, "foot", *options, "sleep", "600"):
        yield


@dataclass
class FakeCompositor:
    """Offers the manager in this version, and tells of these windows."""

    version: int = 3
    windows: Sequence[tuple[str, tuple[int, ...]]] = ()
    more: bytes = b""  # what comes after them

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                number, size = struct.unpack("=II", await reader.readexactly(8))
                body = await reader.readexactly((size >> 16) - 8)
                writer.write(self._answer(number, size & 0xFFFF, body))
        except (asyncio.IncompleteReadError, OSError):
            return  # they know enough
        finally:
            writer.close()

    def _answer(self, number: int, opcode: int, body: bytes) -> bytes:
        last = struct.unpack_from("=I", body, len(body) - 4)[0]
        if (number, opcode) == (1, 0):  # sync
            return message(last, 0, struct.pack("=I", 0))
        if (number, opcode) == (1, 1):  # get_registry
            other = message(last, 0, struct.pack("=I", 1), said("wl_output"), struct.pack("=I", 4))
            ours = message(last, 0, struct.pack("=I", 7), said(MANAGER), struct.pack("=I", self.version))
            return other + (ours if self.version else b"")
        assert body.startswith(struct.pack("=I", 7)), "only the manager is bound"
        told = [self._window(last, index, *window) for index, window in enumerate(self.windows)]
        return b"".join(told) + self.more

    def _window(self, manager: int, index: int, app_id: str, states: tuple[int, ...]) -> bytes:
        number = _TOPLEVEL_NUMBERS + index
        state = struct.pack(f"={len(states) + 1}I", 4 * len(states), *states)
        return (
            message(manager, 0, struct.pack("=I", number))
            + message(number, 0, said("A title that nobody reads"))
            + (message(number, 1, said(app_id)) if app_id else b"")
            + message(number, 4, state)
            + message(number, 5)
        )


def message(number: int, opcode: int, *parts: bytes) -> bytes:
    """As it goes over the wire."""
    body = b"".join(parts)
    return struct.pack("=II", number, (8 + len(body)) << 16 | opcode) + body


def said(text: str) -> bytes:
    """A string as it goes over the wire."""
    data = text.encode() + b"\0"
    return struct.pack("=I", len(data)) + data + bytes(-len(data) % 4)


def at(folder: Path, socket: str = "wayland-7") -> dict[str, str]:
    """The variables of somebody on a Wayland display in this directory."""
    return {"XDG_RUNTIME_DIR": str(folder), "WAYLAND_DISPLAY": socket, "XDG_SESSION_TYPE": "wayland"}


@contextmanager
def listening(compositor: FakeCompositor, socket: Path) -> Iterator[FakeCompositor]:
    """The compositor, for other processes."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    start = asyncio.start_unix_server(compositor.talk, socket)
    server = asyncio.run_coroutine_threadsafe(start, loop).result()
    try:
        yield compositor
    finally:
        asyncio.run_coroutine_threadsafe(_closed(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _closed(server: asyncio.Server) -> None:
    server.close()
    talks = asyncio.all_tasks() - {asyncio.current_task()}
    for talk in talks:
        talk.cancel()
    await asyncio.gather(*talks, return_exceptions=True)
