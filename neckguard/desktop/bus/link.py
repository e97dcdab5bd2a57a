"""One authenticated D-Bus connection as a stream of messages, and where the buses are."""

import asyncio
import contextlib
import logging
import os
import re
from collections.abc import AsyncIterator
from itertools import count

from jeepney import Message
from jeepney.auth import BEGIN, make_auth_external
from jeepney.low_level import calc_msg_size

HEAD = 16  # bytes that tell how long a message is
LARGEST = 1 << 27  # what the D-Bus specification allows

log = logging.getLogger(__name__)


class Link:
    """The bytes of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bus_id: str) -> None:
        self.bus_id = bus_id
        self._reader = reader
        self._writer = writer
        self._serials = count(1)

    def send(self, message: Message) -> int:
        """Send without waiting; the serial it got."""
        serial = next(self._serials)
        self._writer.write(message.serialise(serial))
        return serial

    async def receive(self) -> Message | None:
        """The next message; None for one that jeepney cannot read, which harms no other."""
        head = await self._reader.readexactly(HEAD)
        if head[:1] not in b"lB":
            raise ConnectionError("it does not speak D-Bus")
        size = calc_msg_size(head)
        if size > LARGEST:
            raise ConnectionError(f"a message of {size} bytes is too large")
        rest = await self._reader.readexactly(size - HEAD)
        try:
            return Message.from_buffer(head + rest)
        except Exception:  # jeepney promises no particular ones
            log.warning("A D-Bus message could not be read and is left out.", exc_info=True)
            return None


@contextlib.asynccontextmanager
async def open_link(address: str) -> AsyncIterator[Link]:
    """Connect and authenticate. A `guid=` in the address is not compared: a bus born again has a new one."""
    reader, writer = await _connect(address)
    try:
        writer.write(b"\0" + make_auth_external())
        answer = (await reader.readline()).decode("ascii", "replace").split()
        if answer[:1] != ["OK"]:
            raise ConnectionError(f"it refused us: {' '.join(answer) or 'closed without a word'}")
        writer.write(BEGIN)
        yield Link(reader, writer, answer[1] if len(answer) > 1 else "")
    finally:
        writer.transport.abort()  # closing in good order could wait for a bus that reads no more


async def _connect(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the first of the address's alternatives that accepts one."""
    failure = OSError(f"no alternative in {address!r} is a Unix socket")
    for target in _targets(address):
        try:
            return await asyncio.open_unix_connection(target)
        except OSError as error:
            failure = error
    raise failure


def _targets(address: str) -> list[str]:
    """The Unix sockets in a D-Bus server address; abstract ones begin with a NUL."""
    found = []
    for alternative in address.split(";"):
        transport, _, text = alternative.partition(":")
        options = dict(option.partition("=")[::2] for option in text.split(","))
        if transport == "unix" and "path" in options:
            found.append(_unescape(options["path"]))
        elif transport == "unix" and "abstract" in options:
            found.append("\0" + _unescape(options["abstract"]))
    return found


def _unescape(value: str) -> str:
    plain = re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes.fromhex(match[1].decode()), os.fsencode(value))
    return os.fsdecode(plain)


def _escape(value: str) -> str:
    return re.sub(rb"[^-0-9A-Za-z_/.\\*]", lambda match: b"%%%02x" % match[0][0], os.fsencode(value)).decode()


def session_address() -> str | None:
    """Where the session bus is, if there is one."""
    given = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if given:
        return given
    for directory in (os.environ.get("XDG_RUNTIME_DIR"), f"/run/user/{os.getuid()}"):
        if directory and os.path.exists(f"{directory}/bus"):
            return f"unix:path={_escape(directory)}/bus"
    return None


def system_address() -> str:
    """Where the system bus is, or ought to be."""
    return os.environ.get("DBUS_SYSTEM_BUS_ADDRESS") or "unix:path=/var/run/dbus/system_bus_socket"
