"""A connection to an X server that never blocks the loop.

Spoken directly: python-xlib connects, greets and waits for answers without any time limit, and would cost
0.9 MB. The core protocol needed here is little: a greeting, then packets of 32 bytes and more; answers come
in the order of the questions (X11 protocol, "Protocol Formats" and "Connection Setup").
"""

import asyncio
import os
import re
import struct
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress

from neckguard.errors import SourceLost

LIMIT = 5.0  # seconds for the greeting, and for each answer
_MOST = 1 << 20  # bytes; the greeting has at most 256 KiB, the answers to our questions are far shorter
_HEAD = 32
_GREETING_HEAD = 8
_ERROR, _REPLY, _GENERIC_EVENT = 0, 1, 35
_GREETED = 1
_QUERY_EXTENSION = 98
# Of randrproto.h; GetScreenResources would probe the monitors.
_GET_SCREEN_RESOURCES_CURRENT, _GET_OUTPUT_INFO = 25, 9
_COOKIE = b"MIT-MAGIC-COOKIE-1"
_THIS_HOST, _ANY_HOST = 256, 65535  # FamilyLocal and FamilyWild of Xauth.h
_NONSENSE = "the X server answers nonsense"
_SILENT = "the X server does not answer"


class X11Link(asyncio.Protocol):
    """Questions and answers; `on_event` is called whenever an extension's event comes."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.root = 0  # the first screen's; inputs and idle time are the same on all
        self.lost: asyncio.Future[str] = loop.create_future()  # why, once it is
        self.on_event: Callable[[], None] = lambda: None
        self._greeting: asyncio.Future[bytes] = loop.create_future()
        self._heard = bytearray()
        self._asked: deque[tuple[int, asyncio.Future[bytes]]] = deque()
        self._sent = 0
        self._transport: asyncio.WriteTransport | None = None

    async def ask(self, request: bytes) -> bytes:
        """The answer.

        Raises:
            SourceLost: none came in time, or the connection is lost.
        """
        if self.lost.done():
            raise SourceLost(self.lost.result())
        self.tell(request)
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._asked.append((self._sent % (1 << 16), answer))
        return await _in_time(answer)

    def tell(self, request: bytes) -> None:
        """Send a request that has no answer."""
        self._sent += 1
        if self._transport is not None:
            self._transport.write(request)

    async def extension(self, name: str) -> int | None:
        """The number under which this extension is served; None: it is not."""
        word = name.encode()
        head = struct.pack("=BxHHxx", _QUERY_EXTENSION, 2 + len(padded(word)) // 4, len(word))
        answer = await self.ask(head + padded(word))
        return answer[9] if answer[8] else None

    async def greet(self, cookie: bytes) -> None:
        """Introduce ourselves; the first thing to do.

        Raises:
            SourceLost: we are refused, or no answer came in time.
        """
        order = b"l" if sys.byteorder == "little" else b"B"
        name = _COOKIE if cookie else b""
        head = struct.pack("=cxHHHHxx", order, 11, 0, len(name), len(cookie))
        if self._transport is not None:
            self._transport.write(head + padded(name) + padded(cookie))
        answer = await _in_time(self._greeting)
        if answer[0] != _GREETED:
            reason = answer[_GREETING_HEAD : _GREETING_HEAD + answer[1]].decode("latin-1").strip()
            raise SourceLost(f"the X server refuses neckguard: {reason or 'it gives no reason'}")
        try:
            vendor, formats = struct.unpack_from("=H3xB", answer, 24)
            (self.root,) = struct.unpack_from("=I", answer, 40 + vendor + -vendor % 4 + 8 * formats)
        except struct.error:
            raise SourceLost(_NONSENSE) from None

    def close(self) -> None:
        """Let go at once."""
        if self._transport is not None:
            self._transport.abort()

    # ---- what the loop tells ----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - for mypy: a socket's always is
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the reasons are all alike
        """The connection fell."""
        self._transport = None
        self._fail("the X server went away")

    def data_received(self, data: bytes) -> None:
        """Cut what came into packets."""
        self._heard += data
        while not self.lost.done():
            size = self._next_size()
            if size > _MOST:
                self._fail(_NONSENSE)
            if size > len(self._heard):
                return
            packet = bytes(self._heard[:size])
            del self._heard[:size]
            self._take(packet)

    def _next_size(self) -> int:
        """How long the next packet is, as far as can be told yet."""
        if not self._greeting.done():
            if len(self._heard) < _GREETING_HEAD:
                return _GREETING_HEAD
            words: int = struct.unpack_from("=H", self._heard, 6)[0]
            return _GREETING_HEAD + 4 * words
        if len(self._heard) < _HEAD or self._heard[0] not in {_REPLY, _GENERIC_EVENT}:
            return _HEAD
        more: int = struct.unpack_from("=I", self._heard, 4)[0]
        return _HEAD + 4 * more

    def _take(self, packet: bytes) -> None:
        if not self._greeting.done():
            self._greeting.set_result(packet)
        elif packet[0] == _REPLY:
            self._answer(packet)
        elif packet[0] == _ERROR:
            self._refuse(packet)
        elif packet[0] == _GENERIC_EVENT:
            self.on_event()
        # Other events come unasked: a changed keyboard layout is told to everybody.

    def _answer(self, packet: bytes) -> None:
        (number,) = struct.unpack_from("=H", packet, 2)
        if not self._asked or self._asked[0][0] != number:
            self._fail(_NONSENSE)
            return
        answer = self._asked.popleft()[1]
        if not answer.done():  # whoever asked may have given up
            answer.set_result(packet)

    def _refuse(self, packet: bytes) -> None:
        """An error is the answer to one question; to a request that has no answer it is the end."""
        reason = f"the X server answers with error {packet[1]}"
        (number,) = struct.unpack_from("=H", packet, 2)
        if not self._asked or self._asked[0][0] != number:
            self._fail(reason)
            return
        answer = self._asked.popleft()[1]
        if not answer.done():
            answer.set_exception(SourceLost(reason))

    def _fail(self, reason: str) -> None:
        if self.lost.done():
            return
        self.lost.set_result(reason)
        for each in (self._greeting, *(answer for _, answer in self._asked)):
            if not each.done():
                each.set_exception(SourceLost(reason))
                each.exception()  # seen: nobody may be waiting any more, and that would be logged
        self.close()


async def open_link(display: str, authority: str) -> X11Link:
    """Connected and greeted; `authority` is the file with the keys to displays.

    Raises:
        SourceLost: there is no such display, or it does not want us.
    """
    number = _display_number(display)
    try:
        async with asyncio.timeout(LIMIT):
            _, link = await asyncio.get_running_loop().create_unix_connection(X11Link, _socket(number))
    except TimeoutError:
        raise SourceLost(_SILENT) from None
    except OSError as error:
        raise SourceLost(f"cannot reach the X server :{number}: {error.strerror}") from None
    try:
        await link.greet(_cookie(authority, number))
    except BaseException:
        link.close()
        raise
    return link


async def is_xwayland(link: X11Link) -> bool:
    """Whether the server only serves X11 programs on Wayland.

    By its own extension (since Xwayland 23.1), or by the name of an output (before).
    """
    if await link.extension("XWAYLAND") is not None:
        return True
    randr = await link.extension("RANDR")
    if randr is None:
        return False
    answer = await link.ask(request(randr, _GET_SCREEN_RESOURCES_CURRENT, "I", link.root))
    stamp, crtcs, outputs = struct.unpack_from("=IHH", answer, 12)
    if not outputs:
        return False
    try:
        (output,) = struct.unpack_from("=I", answer, 32 + 4 * crtcs)
    except struct.error:
        raise SourceLost("the X server answers nonsense about its outputs") from None
    return b"XWAYLAND" in await link.ask(request(randr, _GET_OUTPUT_INFO, "II", output, stamp))


def request(major: int, minor: int, layout: str, *values: int | bytes) -> bytes:
    """After the head of four bytes the values, as `struct` lays them out; `minor` is an extension's own."""
    body = struct.pack(f"={layout}", *values)
    return struct.pack("=BBH", major, minor, 1 + len(body) // 4) + body


async def _in_time(answer: asyncio.Future[bytes]) -> bytes:
    try:
        async with asyncio.timeout(LIMIT):
            return await answer
    except TimeoutError:
        raise SourceLost(_SILENT) from None


def _display_number(display: str) -> str:
    """The number in `:0` or `:0.0`."""
    if not display:
        raise SourceLost("there is no X display")
    local = re.fullmatch(r"(?:unix)?:([0-9]{1,9})(?:\.[0-9]+)?", display)
    if local is None:
        raise SourceLost(f"the X display {display!r} is not on this machine, and neckguard uses no network")
    return local[1]


def _socket(number: str) -> str:
    """Where the server listens: a file, else its abstract twin (some containers have only that one)."""
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - so it is for all X servers
    return path if os.path.exists(path) else f"\0{path}"


def _cookie(authority: str, number: str) -> bytes:
    """The key to this display; empty: none is known, and maybe none is needed."""
    try:
        with open(authority, "rb") as file:
            content = file.read()
    except OSError:
        return b""
    for family, host, display, name, key in _entries(content):
        here = family == _ANY_HOST or (family == _THIS_HOST and host == os.uname().nodename.encode())
        if here and display in {b"", number.encode()} and name == _COOKIE:
            return key
    return b""


def _entries(content: bytes) -> Iterator[tuple[int, bytes, bytes, bytes, bytes]]:
    """The entries of a file of keys, each a family and four words with their lengths; not a broken rest."""
    at = 0
    with suppress(struct.error):
        while at < len(content):
            (family,) = struct.unpack_from(">H", content, at)
            at += 2
            words = []
            for _ in range(4):
                (size,) = struct.unpack_from(">H", content, at)
                words.append(content[at + 2 : at + 2 + size])
                at += 2 + size
            host, display, name, key = words
            if at <= len(content):
                yield family, host, display, name, key


def padded(word: bytes) -> bytes:
    """The word, with zeros up to the next multiple of four."""
    return word + bytes(-len(word) % 4)
