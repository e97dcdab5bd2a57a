"""One supervised D-Bus connection: it connects, calls, watches, notices its death at once and comes back.

jeepney gives the wire format; its asyncio router is not used, because after the death of the bus its callers
get a KeyError or wait for ever.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from jeepney import Message, MessageFlag, MessageType, new_method_call, new_signal
from jeepney.wrappers import DBusAddress

from neckguard.backoff import Backoff
from neckguard.desktop.bus.link import BusLink, open_link, session_address, system_address
from neckguard.desktop.bus.objects import PROPERTIES, Objects, Offer
from neckguard.desktop.bus.reply import (
    IF_IT_LASTS,
    BusError,
    BusLost,
    BusNonsense,
    BusTimeout,
    open_reply,
    open_variant,
)
from neckguard.desktop.bus.signals import DBUS, Signal, Watch, guarded
from neckguard.desktop.bus.subscriptions import Subscriptions
from neckguard.errors import NeckguardError

DBUS_PATH = "/org/freedesktop/DBus"
FIRST_DELAY = 0.2
LAST_DELAY = 30.0
STEADY = 5.0  # a connection that lived this long was a good one: the next attempt comes soon
GREETING_LIMIT = 10.0  # for connecting, authenticating and subscribing together

__all__ = [
    "DBUS",
    "DBUS_PATH",
    "IF_IT_LASTS",
    "PROPERTIES",
    "Bus",
    "BusError",
    "BusLost",
    "BusNonsense",
    "BusTimeout",
    "Signal",
    "session_address",
    "system_address",
]

log = logging.getLogger(__name__)


class Bus:
    """A connection to one bus that heals itself. Everything runs on the loop that runs `run`."""

    def __init__(self, label: str, find_address: Callable[[], str | None]) -> None:
        self.connected = False
        self.problem = ""  # none yet: nobody tried
        self.bus_id = ""
        self.address: str | None = ""  # "": not looked yet; None: there is none
        self._label = label
        self._find_address = find_address
        self._link: BusLink | None = None
        self._subscriptions = Subscriptions(label, self._ask_bus, lambda: self._tell(True))
        self._objects = Objects()
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
        answer: str = "",
        timeout: float | None = 5.0,  # noqa: ASYNC109 -- every caller must say how long it can wait
        autostart: bool = True,
    ) -> tuple[Any, ...]:
        """The body of the answer. `timeout` in seconds; None: until the connection dies.

        `answer`: the signatures that it may be of, with spaces between; empty: nobody looks at the body. The
        caller goes on before any later message is handled, so it cannot miss a signal about what it was just
        told.

        Raises:
            BusError: the answer is an error.
            BusNonsense: it is of another type.
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
                return open_reply(await reply, destination, member, answer)
        except TimeoutError:
            raise BusTimeout(f"{destination} did not answer {member} within {timeout or 0:g} s.") from None
        finally:
            reply.cancel()

    async def get(  # noqa: PLR0913, PLR0917 -- these say which property
        self, destination: str, path: str, interface: str, name: str, signature: str, limit: float | None
    ) -> Any:
        """A property of this type, asked for within `limit` seconds of who is there. Raises as `call`."""
        what = (interface, name)
        (variant,) = await self.call(
            destination, path, PROPERTIES, "Get", "ss", what, answer="v", timeout=limit, autostart=False
        )
        return open_variant(variant, destination, name, signature)

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
        self._subscriptions.watches.append(watch)
        if self._link is not None:
            self._subscriptions.begin([watch])

    def offer(self, path: str, what: Offer) -> None:
        """Let others call this under our unique name from now on, over all reconnections."""
        self._objects.add(path, what)

    def emit(
        self, path: str, interface: str, member: str, signature: str = "", body: tuple[Any, ...] = ()
    ) -> None:
        """Tell whoever listens, if there is a connection."""
        if self._link is not None:
            address = DBusAddress(path, interface=interface)
            self._link.send(new_signal(address, member, signature or None, body))

    @property
    def deaf(self) -> str:
        """Why news may be missed though the connection stands; empty: none is."""
        return self._subscriptions.problem

    def on_change(self, callback: Callable[[bool], None]) -> None:
        """Hear of the connection coming (once all watches are in place), failing at first, and going.

        It comes once more when the bus sends signals that it refused before: some may have been missed.
        """
        self._listeners.append(callback)

    def on_owner(self, callback: Callable[[bool], None], *names: str) -> None:
        """Hear whenever one of these names may be another one's, and whether somebody may own it now."""
        self.on_change(callback)
        for name in names:
            self.watch(
                lambda signal: callback(bool(signal.body[2])),
                sender=DBUS,
                interface=DBUS,
                member="NameOwnerChanged",
                arg0=name,
            )

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
                tasks = [asyncio.create_task(self._read(link))]
                try:
                    await self._greet()
                    limit.reschedule(None)
                    self._tell_success()
                    tasks.append(asyncio.create_task(self._subscriptions.insist()))
                    await tasks[0]
                finally:
                    for task in tasks:
                        task.cancel()
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
        await self.call(DBUS, DBUS_PATH, DBUS, "Hello", timeout=None)
        replies = self._subscriptions.begin(self._subscriptions.watches)
        if replies:
            await asyncio.wait(replies)

    async def _read(self, link: BusLink) -> None:
        """Handle what comes in until the end of the connection."""
        try:
            while True:
                message = await link.receive()
                if message is not None:
                    await self._dispatch(message)
        except (EOFError, ConnectionResetError):  # reset, if it had something to say
            self._fail_calls("it was closed")
        except OSError as error:
            self._fail_calls(str(error))

    def _end(self) -> None:
        """Forget all that belonged to the connection."""
        self.connected = False
        self._subscriptions.end()
        self._fail_calls("neckguard let go of it")

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
            guarded(listener, connected)

    def _fail_calls(self, reason: str) -> None:
        """From now on every call fails at once, as do those that wait for an answer."""
        link, self._link = self._link, None
        if link is not None:
            link.fail_calls(f"lost the connection to the {self._label} bus: {reason}")

    # ---- messages ------------------------------------------------------------------------------------------

    def _request(self, message: Message) -> "asyncio.Future[Message]":
        """Send a call; its answer comes to the future."""
        if self._link is None:
            raise BusLost(f"no connection to the {self._label} bus: {self.problem or 'not yet'}")
        return self._link.call(message)

    def _ask_bus(self, member: str, argument: str) -> "asyncio.Future[Message]":
        return self._request(new_method_call(DBusAddress(DBUS_PATH, DBUS, DBUS), member, "s", (argument,)))

    async def _dispatch(self, message: Message) -> None:
        match message.header.message_type:
            case MessageType.signal:
                self._subscriptions.watches.deliver(message)
            case MessageType.method_call:
                self._serve(message)
            case _:
                if self._link is not None and self._link.answer(message):
                    await asyncio.sleep(0)  # whoever asked goes first, see `call`

    def _serve(self, call: Message) -> None:
        """Answer it; whoever calls shall not wait in vain."""
        answer = self._objects.answer(call)
        if self._link is not None and not call.header.flags & MessageFlag.no_reply_expected:
            self._link.send(answer)
