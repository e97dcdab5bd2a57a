"""Real X servers that can be stopped and killed, a fake one that lies, and somebody who is told."""

import asyncio
import os
import signal
import struct
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count, groupby
from time import monotonic
from typing import Any

from neckguard.desktop.display.x11_wire import open_link
from neckguard.desktop.presence.x11 import X11
from support.helpers import need

SAVER, INPUTS, RANDR, XWAYLAND = 140, 141, 142, 143
SERVES_ALL = {"MIT-SCREEN-SAVER": SAVER, "XInputExtension": INPUTS, "RANDR": RANDR}
_FORCE_SCREEN_SAVER = 115
_numbers = count(70_000 + os.getpid() % 10_000 * 10)


class XServer:
    """An Xvfb."""

    def __init__(self, process: "subprocess.Popen[bytes]", display: str) -> None:
        self.process = process
        self.display = display

    def stop(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    async def do(self, *words: str) -> None:
        """Input by xdotool; the loop goes on meanwhile."""
        environment = {**os.environ, "DISPLAY": self.display}
        child = await asyncio.create_subprocess_exec("xdotool", *words, env=environment)
        assert await child.wait() == 0

    async def reset_saver(self) -> None:
        """What `xset s reset` does."""
        link = await open_link(self.display, "")
        link.tell(struct.pack("=BBH", _FORCE_SCREEN_SAVER, 0, 1))
        await link.extension("BIG-REQUESTS")  # behind that
        link.close()


@contextmanager
def xvfb(*options: str) -> Iterator[XServer]:
    need("Xvfb", "xdotool")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "640x480x24", "-nolisten", "tcp", *options]
    process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    try:
        os.close(writing)
        with os.fdopen(reading) as answer:
            yield XServer(process, f":{answer.readline().strip()}")
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()  # so that it removes its socket and its lock
        process.wait()


@dataclass
class FakeX:
    """Answers as an X server would, but for what it is told to lie about."""

    serves: dict[str, int] = field(default_factory=lambda: dict(SERVES_ALL))
    idle: int = 1000
    inputs_version: tuple[int, int] = (2, 3)
    output: bytes = b"screen"
    greeting: bytes | None = None  # instead of the right one
    began: float = field(default_factory=monotonic)
    spoil: Callable[[bytes], bytes] = bytes  # what is made of the answers about the idle time
    asked: list[bytes] = field(default_factory=list)  # as they came

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readexactly(12)  # no key to it is known
            writer.write(self.greeting or _greeting())
            for number in count(1):
                head = await reader.readexactly(4)
                body = await reader.readexactly(4 * struct.unpack("=2xH", head)[0] - 4)
                self.asked.append(head + body)
                writer.write(self._answer(head[0], head[1], number, body))
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()

    def _answer(self, major: int, minor: int, number: int, body: bytes) -> bytes:
        if major == 98:
            name = body[4 : 4 + struct.unpack_from("=H", body)[0]].decode()
            return _packet(number, struct.pack("=BB", name in self.serves, self.serves.get(name, 0)))
        match major, minor:
            case (140, 1):
                passed = round((monotonic() - self.began) * 1000) if self.idle < 1 << 31 else 0
                return self.spoil(_packet(number, struct.pack("=III", 0, 0, self.idle + passed)))
            case (141, 47):
                return _packet(number, struct.pack("=HH", *self.inputs_version))
            case (142, 25):
                return _packet(number, struct.pack("=IIHH16xII", 0, 0, 1, 1, 7, 8))
            case (142, 9):
                return _packet(number, bytes(24) + self.output + bytes(-len(self.output) % 4))
        return b""


@asynccontextmanager
async def fake(server: FakeX) -> AsyncIterator[str]:
    """Its display. It listens where no file is left behind."""
    number = next(_numbers)
    listening = await asyncio.start_unix_server(server.talk, f"\0/tmp/.X11-unix/X{number}")
    async with listening:
        yield f":{number}"


class Ear:
    """What a source tells."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, float]] = []

    def input(self, idle: float) -> None:
        self.heard.append(("input", idle))

    def idle(self, idle: float) -> None:
        self.heard.append(("idle", idle))

    def kept_awake(self, on: bool, ago: float) -> None:
        self.heard.append(("kept awake" if on else "let sleep", ago))

    def silenced(self, on: bool) -> None:
        raise AssertionError("nothing keeps X11 from telling")

    @property
    def trace(self) -> list[str]:
        """The words, repetitions left out."""
        return [word for word, _ in groupby(word for word, _ in self.heard)]


def source_at(display: str, **variables: str) -> X11:
    async def find() -> dict[str, str]:
        return {"XAUTHORITY": "/nonexistent", "DISPLAY": display, **variables}

    return X11(find)


@asynccontextmanager
async def served(source: X11, ear: Ear) -> AsyncIterator["asyncio.Task[None]"]:
    serving: asyncio.Task[None] = asyncio.create_task(_coroutine(source.serve(ear)))
    try:
        yield serving
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def _coroutine(what: Coroutine[Any, Any, None]) -> None:
    await what


def _greeting() -> bytes:
    vendor, formats = b"liar", 1
    rest = struct.pack("=IIIIHHBB10x", 1, 0, 0, 0, len(vendor), 65535, 1, formats)
    rest += vendor + bytes(8 * formats) + struct.pack("=I36x", 99)
    return struct.pack("=BxHHH", 1, 11, 0, len(rest) // 4) + rest


def _packet(number: int, content: bytes) -> bytes:
    content = content.ljust(24, b"\0")
    return struct.pack("=BxHI", 1, number % 65536, (len(content) - 24) // 4) + content
