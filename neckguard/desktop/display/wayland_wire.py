"""The Wayland wire protocol, as much of it as one needs to hear who is idle and what is on the screen.

Spoken directly: libwayland by way of pywayland would cost 6 MB for eight kinds of message. Format and opcodes
are those of wayland.xml: words of 32 bits in the machine's byte order, a message being object, size << 16 |
opcode, arguments. No file descriptors are read: the kernel drops those that come with a plain read.
"""

import asyncio
import struct
from collections.abc import Callable

from neckguard.errors import SourceLost

LIMIT = 2.0  # seconds in which a living compositor has answered
DISPLAY = 1
_SYNC, _GET_REGISTRY = 0, 1
_BIND = 0
_ERROR, _DELETE_ID = 0, 1
_HEAD = struct.Struct("=II")
_LARGEST = 4096  # bytes of a message that libwayland would send

Handler = Callable[[int, bytes], None]


class WaylandLink:
    """A connection to a compositor. All that goes wrong with it is a SourceLost."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._handlers: dict[int, Handler] = {DISPLAY: self._on_display}
        self._highest = DISPLAY
        self._dying: set[int] = set()
        self._free: list[int] = []

    def create(self, handler: Handler) -> int:
        """A number for a new object; its events go to `handler` (opcode, arguments)."""
        # libwayland refuses numbers that leave a gap, and keeps room for each that was ever used.
        if self._free:
            number = self._free.pop()
        else:
            number = self._highest = self._highest + 1
        self._handlers[number] = handler
        return number

    def adopt(self, number: int, handler: Handler) -> None:
        """An object that the compositor made; its events go to `handler`."""
        self._handlers[number] = handler

    def bind(self, registry: int, name: int, interface: str, version: int, handler: Handler) -> int:
        """Take what the compositor offers by this name; the number of the new object."""
        number = self.create(handler)
        self.request(registry, _BIND, name, interface, version, number)
        return number

    def request(self, number: int, opcode: int, *arguments: int | str) -> None:
        """Send without waiting."""
        body = b"".join(map(_packed, arguments))
        self._writer.write(_HEAD.pack(number, (_HEAD.size + len(body)) << 16 | opcode) + body)

    def forget(self, number: int) -> None:
        """No more events of this object; its number is used again once the compositor forgot it, too."""
        del self._handlers[number]
        self._dying.add(number)

    def get_registry(self, handler: Handler) -> int:
        """Ask for all globals; its number."""
        registry = self.create(handler)
        self.request(DISPLAY, _GET_REGISTRY, registry)
        return registry

    async def roundtrip(self) -> None:
        """Wait until everything sent before was answered."""
        answered = False

        def done(_opcode: int, _body: bytes) -> None:
            nonlocal answered
            answered = True
            self.forget(callback)

        callback = self.create(done)
        self.request(DISPLAY, _SYNC, callback)
        while not answered:
            await self.dispatch()

    async def dispatch(self) -> None:
        """Wait for the next message and hand it over.

        Raises:
            SourceLost: there will be none, or it makes no sense.
        """
        try:
            number, size_opcode = _HEAD.unpack(await self._reader.readexactly(_HEAD.size))
            size, opcode = size_opcode >> 16, size_opcode & 0xFFFF
            if size < _HEAD.size or size > _LARGEST or size % 4:
                raise SourceLost(f"the Wayland display talks nonsense: a message of {size} bytes")
            async with asyncio.timeout(LIMIT):
                body = await self._reader.readexactly(size - _HEAD.size)
            handler = self._handlers.get(number)
            if handler is not None:
                handler(opcode, body)
        except (OSError, asyncio.IncompleteReadError) as error:  # TimeoutError is an OSError
            raise SourceLost("the connection to the Wayland display was lost") from error
        except struct.error as error:
            raise SourceLost(f"the Wayland display talks nonsense: {error}") from error

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    def _on_display(self, opcode: int, body: bytes) -> None:
        if opcode == _ERROR:
            raise SourceLost(f"the Wayland display reports an error: {text(body, 8)[0]}")
        if opcode == _DELETE_ID:
            number = word(body, 0)
            if number in self._dying:
                self._dying.remove(number)
                self._free.append(number)


async def connect(path: str) -> WaylandLink:
    """Raises OSError: nobody listens there."""
    return WaylandLink(*await asyncio.open_unix_connection(path))


def word(body: bytes, at: int) -> int:
    """The unsigned number there. Raises struct.error."""
    number: int = struct.unpack_from("=I", body, at)[0]
    return number


def text(body: bytes, at: int) -> tuple[str, int]:
    """The string there and where it ends. Raises struct.error."""
    size = word(body, at)
    start, end = at + 4, at + 4 + size
    if size == 0 or end > len(body):
        raise struct.error(f"a string of {size} bytes")
    return body[start : end - 1].decode(errors="replace"), _padded(end)


def _packed(argument: int | str) -> bytes:
    if isinstance(argument, int):
        return struct.pack("=I", argument)
    data = argument.encode() + b"\0"
    return struct.pack("=I", len(data)) + data.ljust(_padded(len(data)), b"\0")


def _padded(size: int) -> int:
    return (size + 3) & ~3
