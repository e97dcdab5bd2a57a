"""One authenticated D-Bus connection: its messages, what becomes of calls, and where the buses are."""

import asyncio
import contextlib
import logging
import os
import re
from collections.abc import AsyncIterator
from itertools import count

from jeepney import HeaderFields, Message, MessageType
from jeepney.auth import BEGIN, make_auth_external
from jeepney.low_level import calc_msg_size

from neckguard.desktop.bus.reply import BusLost

HEAD = 16  # bytes that tell how long a message is
LARGEST = 1 << 27  # what the D-Bus specification allows

# Without these a message says nothing; buses see to that, but this one may only pretend to be one.
_NEEDED = {
    MessageType.signal: {HeaderFields.path, HeaderFields.interface, HeaderFields.member},
    MessageType.method_call: {HeaderFields.member},
    MessageType.method_return: {HeaderFields.reply_serial},
    MessageType.error: {HeaderFields.reply_serial, HeaderFields.error_name},
}
_NUMBERS = {HeaderFields.reply_serial, HeaderFields.unix_fds}  # all other fields are texts

log = logging.getLogger(__name__)


class BusLink:
    """The messages of one connection, and the calls on it that wait for an answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bus_id: str) -> None:
        self.bus_id = bus_id
        self._reader = reader
        self._writer = writer
        self._serials = count(1)
        self._unreadable = False  # there was such a message: once is enough to say so
        self._waiting: dict[int, asyncio.Future[Message]] = {}

    def send(self, message: Message) -> int:
        """Send without waiting; the serial it got."""
        serial = next(self._serials)
        self._writer.write(message.serialise(serial))
        return serial

    def call(self, message: Message) -> "asyncio.Future[Message]":
        """Send a call without waiting; its answer comes to the future."""
        serial = self.send(message)
        reply: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[serial] = reply
        reply.add_done_callback(lambda _: self._waiting.pop(serial, None))
        return reply

    def answer(self, message: Message) -> bool:
        """Give an answer that came to whoever waits for it; False: nobody does any more."""
        reply = self._waiting.get(message.header.fields.get(HeaderFields.reply_serial, 0))
        if reply is None or reply.done():
            return False
        reply.set_result(message)
        return True

    def fail_calls(self, problem: str) -> None:
        """No answer will come to those that wait."""
        for reply in tuple(self._waiting.values()):
            if not reply.done():
                reply.set_exception(BusLost(problem))
        self._waiting.clear()

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
            return _checked(Message.from_buffer(head + rest))
        except Exception as error:  # noqa: BLE001 -- jeepney promises no particular ones
            if not self._unreadable:
                log.warning("A D-Bus message could not be read and is left out: %r", error)
            self._unreadable = True
            return None


def _checked(message: Message) -> Message:
    """The message, if its header has what its kind needs. Raises ValueError."""
    fields = message.header.fields
    odd = {field for field in fields if not isinstance(fields[field], int if field in _NUMBERS else str)}
    if odd or _NEEDED[message.header.message_type] - fields.keys():
        raise ValueError(f"its header is {fields}")
    return message


@contextlib.asynccontextmanager
async def open_link(address: str) -> AsyncIterator[BusLink]:
    """Connect and authenticate. A `guid=` in the address is not compared: a bus born again has a new one."""
    reader, writer = await _connect(address)
    try:
        writer.write(b"\0" + make_auth_external())
        answer = (await reader.readline()).decode("ascii", "replace").split()
        if answer[:1] != ["OK"]:
            raise ConnectionError(f"it refused us: {' '.join(answer) or 'closed without a word'}")
        writer.write(BEGIN)
        yield BusLink(reader, writer, answer[1] if len(answer) > 1 else "")
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
