"""One supervised D-Bus connection: it connects, calls, watches, notices its death at once and comes back.

jeepney gives the wire format; its asyncio router is not used, because after the death of the bus its callers
get a KeyError or wait for ever.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from jeepney import HeaderFields, Message, MessageFlag, MessageType, new_error, new_method_call
from jeepney.wrappers import DBusAddress

from neckguard.backoff import Backoff
from neckguard.desktop.bus.link import Link, open_link, session_address, system_address
from neckguard.desktop.bus.signals import Signal, Watch
from neckguard.errors import NeckguardError

DBUS = "org.freedesktop.DBus"
DBUS_PATH = "/org/freedesktop/DBus"
PROPERTIES = "org.freedesktop.DBus.Properties"
FIRST_DELAY = 0.2
LAST_DELAY = 30.0
STEADY = 5.0  # a connection that lived this long was a good one: the next attempt comes soon
GREETING_LIMIT = 10.0  # for connecting, authenticating and subscribing together

__all__ = [
    "DBUS",
    "DBUS_PATH",
    "PROPERTIES",
    "Bus",
    "BusError",
    "BusLost",
    "BusTimeout",
    "Signal",
    "session_address",
    "system_address",
]

log = logging.getLogger(__name__)


class BusError(NeckguardError):
    """The other side answered with an error; `name` is its D-Bus name."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{message or 'no reason given'} ({name})")
        self.name = name


class BusTimeout(NeckguardError):  # noqa: N818 -- the name says what happened
    """No answer came in time."""


class BusLost(NeckguardError):  # noqa: N818 -- the name says what happened
    """There is no connection, or it died before the answer came."""


class Bus:
    """A connection to one bus that heals itself. Everything runs on the loop that runs `run`."""

    def __init__(self, label: str, find_address: Callable[[], str | None]) -> None:
        self.connected = False
        self.problem = ""  # none yet: nobody tried
        self.unique_name = ""
        self.bus_id = ""
        self.address: str | None = ""  # "": not looked yet; None: there is none
        self._label = label
        self._find_address = find_address
        self._link: Link | None = None
        self._pending: dict[int, asyncio.Future[Message]] = {}
        self._watches: list[Watch] = []
        self._owners: dict[str, str] = {}  # of the well-known names that watches name as sender
        self._listeners: list[Callable[[bool], None]] = []
        self._told: bool | None = None  # what the listeners heard last

    async def run(self) -> None:
        """Stay connected for ever; cancel it to stop."""
        backoff = Backoff(FIRST_DELAY, LAST_DELAY)
        clock = asyncio.get_running_loop().time
        while True:
            begun = clock()
            problem = await self._live()
            self._tell_loss(problem)
            if clock() - begun > STEADY:
                backoff.reset()
            await asyncio.sleep(backoff.next())

    async def call(  # noqa: PLR0913, PLR0917 -- these are the parts of a D-Bus call
        self,
        destination: str,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        body: tuple[Any, ...] = (),
        *,
        timeout: float | None = 5.0,  # noqa: ASYNC109 -- every caller must say how long it can wait
        autostart: bool = True,
    ) -> tuple[Any, ...]:
        """The body of the answer. `timeout` in seconds; None: until the connection dies.

        The caller goes on before any later message is handled, so it cannot miss a signal about what it was
        just told.

        Raises:
            BusError: the answer is an error.
            BusTimeout: no answer came in time.
            BusLost: there is no connection, or it died meanwhile.
        """
        target = DBusAddress(path, destination, interface)
        message = new_method_call(target, member, signature or None, body)
        if not autostart:
            message.header.flags |= MessageFlag.no_auto_start
        reply = self._request(message)
        try:
            async with asyncio.timeout(timeout):
                return _unwrap(await reply)
        except TimeoutError:
            raise BusTimeout(f"{destination} did not answer {member} within {timeout or 0:g} s.") from None
        finally:
            reply.cancel()

    def watch(  # noqa: PLR0913 -- these are the parts of a match rule
        self,
        handler: Callable[[Signal], None],
        *,
        interface: str,
        member: str | None = None,
        path: str | None = None,
        sender: str | None = None,
        arg0: str | None = None,
    ) -> None:
        """Hear these signals from now on, over all reconnections. `sender` may be a well-known name."""
        watch = Watch(handler, interface, member, path, sender, arg0)
        self._watches.append(watch)
        if self._link is not None:
            self._subscribe([watch])

    def on_change(self, callback: Callable[[bool], None]) -> None:
        """Hear of the connection coming (once all watches are in place), failing at first, and going."""
        self._listeners.append(callback)

    # ---- one life of the connection ------------------------------------------------------------------------

    async def _live(self) -> str:
        """Connect and serve until it ends; why it ended, or could not begin."""
        self.address = self._find_address()
        if self.address is None:
            return f"there is no {self._label} bus"
        where = f"the {self._label} bus at {self.address}"
        try:
            async with asyncio.timeout(GREETING_LIMIT) as limit, open_link(self.address) as link:
                self._link, self.bus_id = link, link.bus_id
                reading = asyncio.create_task(self._read(link))
                try:
                    await self._greet()
                    limit.reschedule(None)
                    self._tell_success()
                    await reading
                finally:
                    reading.cancel()
                    self._end()
        except TimeoutError:
            return f"{where} does not answer"
        except (OSError, EOFError, ValueError, NeckguardError) as error:
            return f"cannot use {where}: {getattr(error, 'strerror', None) or error}"
        except Exception:
            log.exception("A fault of neckguard ended the connection to the %s bus", self._label)
        return f"{where} closed the connection"

    async def _greet(self) -> None:
        """Say hello and put all watches in place."""
        self.unique_name = (await self.call(DBUS, DBUS_PATH, DBUS, "Hello", timeout=None))[0]
        replies = self._subscribe(self._watches)
        if replies:
            await asyncio.wait(replies)

    async def _read(self, link: Link) -> None:
        """Handle what comes in until the end of the connection."""
        try:
            while True:
                message = await link.receive()
                if message is not None:
                    await self._dispatch(message)
        except EOFError:
            self._fail_pending("it was closed")
        except OSError as error:
            self._fail_pending(str(error))

    def _end(self) -> None:
        """Forget all that belonged to the connection."""
        self.connected = False
        self.unique_name = ""
        self._owners.clear()
        self._fail_pending("neckguard let go of it")

    def _tell_success(self) -> None:
        log.info("Connected to the %s bus.", self._label)
        self.connected = True
        self.problem = ""
        self._tell(True)

    def _tell_loss(self, problem: str) -> None:
        """Warn when it is news, and tell the listeners when it is the first they hear, or a loss."""
        if problem != self.problem:
            log.warning("%s; trying again.", problem)
        self.problem = problem
        if self._told is not False:
            self._tell(False)

    def _tell(self, connected: bool) -> None:
        self._told = connected
        for listener in self._listeners:
            _guarded(listener, connected)

    def _fail_pending(self, reason: str) -> None:
        """From now on every call fails at once, as do those that wait for an answer."""
        self._link = None
        for reply in self._pending.values():
            if not reply.done():
                reply.set_exception(BusLost(f"lost the connection to the {self._label} bus: {reason}"))
        self._pending.clear()

    # ---- messages ------------------------------------------------------------------------------------------

    def _request(self, message: Message) -> "asyncio.Future[Message]":
        """Send a call; its answer comes to the future."""
        if self._link is None:
            raise BusLost(f"no connection to the {self._label} bus: {self.problem or 'not yet'}")
        serial = self._link.send(message)
        reply: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._pending[serial] = reply
        reply.add_done_callback(lambda _: self._pending.pop(serial, None))
        return reply

    def _subscribe(self, watches: list[Watch]) -> "list[asyncio.Future[Message]]":
        """Ask the bus for their signals and, where they name a well-known sender, for whose name it is."""
        names = {watch.sender for watch in watches if watch.sender} - {DBUS}
        follow = [Watch(_ignore, DBUS, "NameOwnerChanged", sender=DBUS, arg0=name) for name in names]
        rules = {watch.rule() for watch in (*watches, *follow)}
        asked = [(rule, self._ask_bus("AddMatch", rule)) for rule in sorted(rules)]
        owners = [(name, self._ask_bus("GetNameOwner", name)) for name in sorted(names)]
        for rule, reply in asked:
            reply.add_done_callback(partial(_log_refusal, rule))
        for name, reply in owners:
            reply.add_done_callback(partial(self._learn_owner, name))
        return [reply for _, reply in asked + owners]

    def _ask_bus(self, member: str, argument: str) -> "asyncio.Future[Message]":
        return self._request(new_method_call(DBusAddress(DBUS_PATH, DBUS, DBUS), member, "s", (argument,)))

    def _learn_owner(self, name: str, reply: "asyncio.Future[Message]") -> None:
        """Take the owner in, unless a NameOwnerChanged has brought newer word."""
        if not reply.cancelled() and not reply.exception():
            message = reply.result()
            found = message.header.message_type is MessageType.method_return
            self._owners.setdefault(name, message.body[0] if found else "")

    async def _dispatch(self, message: Message) -> None:
        fields = message.header.fields
        match message.header.message_type:
            case MessageType.signal:
                self._deliver(message)
            case MessageType.method_call:
                self._refuse(message)
            case _:
                reply = self._pending.get(fields.get(HeaderFields.reply_serial, 0))
                if reply is not None and not reply.done():
                    reply.set_result(message)
                    await asyncio.sleep(0)  # whoever asked goes first, see `call`

    def _deliver(self, message: Message) -> None:
        fields = message.header.fields
        signal = Signal(
            sender=fields.get(HeaderFields.sender, ""),
            path=fields[HeaderFields.path],
            interface=fields[HeaderFields.interface],
            member=fields[HeaderFields.member],
            body=tuple(message.body),
        )
        if signal.sender == DBUS and signal.member == "NameOwnerChanged":
            name, _, owner = signal.body
            if any(watch.sender == name for watch in self._watches):
                self._owners[name] = owner
        for watch in self._watches:
            sender = watch.sender and self._owners.get(watch.sender, watch.sender)
            if watch.wants(signal, sender):
                _guarded(watch.handler, signal)

    def _refuse(self, message: Message) -> None:
        """Nobody calls us; whoever does shall not wait in vain."""
        if self._link is not None and not message.header.flags & MessageFlag.no_reply_expected:
            text = "neckguard offers no methods on D-Bus."
            self._link.send(new_error(message, f"{DBUS}.Error.UnknownMethod", "s", (text,)))


def _unwrap(message: Message) -> tuple[Any, ...]:
    """The body of an answer; an error becomes an exception."""
    if message.header.message_type is MessageType.error:
        text = message.body[0] if message.body and isinstance(message.body[0], str) else ""
        raise BusError(message.header.fields.get(HeaderFields.error_name, ""), text)
    return tuple(message.body)


def _log_refusal(rule: str, reply: "asyncio.Future[Message]") -> None:
    """Say so if the bus refused a watch; a lost connection is told elsewhere."""
    if reply.cancelled() or reply.exception():
        return
    try:
        _unwrap(reply.result())
    except BusError as error:
        log.warning("The bus refuses to send %s: %s", rule, error)


def _ignore(_: Signal) -> None:
    """The handler of rules that only the bus connection itself needs."""


def _guarded(handler: Callable[[Any], None], argument: Any) -> None:
    """Call it; its faults must not end the connection."""
    try:
        handler(argument)
    except Exception:
        log.exception("A fault of neckguard in answer to %s", argument)
