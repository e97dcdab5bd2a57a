"""Who the notification server is, as it comes, goes, hangs and comes back."""

import asyncio
import logging
import math
import time
from collections.abc import Callable
from typing import Any

from neckguard.backoff import Backoff
from neckguard.desktop.bus.bus import DBUS, DBUS_PATH, Bus, BusError, BusLost, Signal
from neckguard.desktop.notify.layout import Server
from neckguard.texts import brief

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
PATIENCE = 5.0  # a server that takes longer to answer is said to hang; its answer is awaited all the same
SHORT_LIFE = 30.0  # a server that lives shorter is met again only after a while: it may die of our cards
FIRST_DELAY, LAST_DELAY = 1.0, 60.0
LAST_RETRY = 300.0  # of starting a server: each attempt may cost a process and leave a line in the journal
NO_SERVER = (
    "no notification server is running; most desktops bring one, elsewhere install and start dunst or mako"
)
NO_BUS = 'log in to a desktop, or set backend = "console" under [notify]'

log = logging.getLogger(__name__)


class ServerWatch:
    """Follows the owner of the notification server's name; `changed` is called at every news."""

    def __init__(self, bus: Bus, changed: Callable[[], None]) -> None:
        self.server: Server | None = None
        self.absent = False  # known, not just not asked yet
        self._bus = bus
        self._changed = changed
        self._problem = ""  # none yet: it was not asked
        self._silent_since = ""
        self._news = asyncio.Event()
        self._came_at = -math.inf
        self._delay = 0.0  # before the next server is met
        self._short_lives = Backoff(FIRST_DELAY, LAST_DELAY)
        self._bus_known = False  # whether it can be reached
        bus.on_change(self._on_bus)
        bus.watch(self._on_owner, interface=DBUS, member="NameOwnerChanged", sender=DBUS, arg0=NAME)

    @property
    def problem(self) -> str:
        """What is wrong now; empty if nothing is."""
        if self._silent_since:
            who = self.server.name if self.server else "the notification server"
            return f"{who} has not answered since {self._silent_since}; restart it"
        return self._problem

    async def run(self) -> None:
        """Keep knowing the server, for ever; cancel it to stop."""
        self.server = None  # it may have changed while nobody looked
        while True:
            self._news.clear()
            meeting = asyncio.create_task(self._meet())
            try:
                await self._news.wait()
            finally:
                meeting.cancel()

    async def ask(self, owner: str, member: str, signature: str = "", body: tuple[Any, ...] = ()) -> Any:
        """The server's answer, however late it comes; raises like `Bus.call`."""
        alarm = asyncio.get_running_loop().call_later(PATIENCE, self._notice_silence)
        try:
            answer = await self._bus.call(owner, PATH, NAME, member, signature, body, timeout=None)
        except BusError:
            self._silent_since = ""
            raise
        finally:
            alarm.cancel()
        self._silent_since = ""
        return answer

    # ---- coming and going --------------------------------------------------------------------------------

    def _on_bus(self, _connected: bool) -> None:
        self._bus_known = True
        self._lost()

    def _on_owner(self, signal: Signal) -> None:
        """The name changed hands."""
        _name, _old, new = signal.body
        now = asyncio.get_running_loop().time()
        if new:
            self._came_at = now
        elif now - self._came_at < SHORT_LIFE:
            self._delay = self._short_lives.next()
        else:
            self._delay = 0.0
            self._short_lives.reset()
        self._lost()

    def _lost(self) -> None:
        """Whatever was known is no longer true: ask anew."""
        self._forget()
        self._news.set()

    def _forget(self) -> None:
        known, self.server, self._silent_since = self.server, None, ""
        if known is not None:
            self._problem = f"{known.name} went away"
            log.warning("The notification server %s went away.", known.title)
            self._changed()

    async def _meet(self) -> None:
        """Get to know the server there is, or start one; until it is known or all hope lies in news."""
        if not self._bus_known:
            return
        if not self._bus.connected:
            self._fail(f"{self._bus.problem}; {NO_BUS}")
            return
        await asyncio.sleep(self._delay)
        backoff = Backoff(FIRST_DELAY, LAST_RETRY, factor=4)
        while True:
            try:
                owner = await self._find_owner()
                if not owner:
                    self._fail(NO_SERVER)
                    return  # NameOwnerChanged will tell when one comes
                await self._introduce(owner)
            except BusLost:
                return  # the bus will tell
            except (BusError, ValueError, TypeError) as error:
                self._fail(f"the notification server cannot be used: {error}")
            else:
                return
            await asyncio.sleep(backoff.next())

    async def _find_owner(self) -> str:
        """The unique name of the server; it is started if the bus knows how; empty if there is none."""
        ask = self._bus.call
        try:
            return str((await ask(DBUS, DBUS_PATH, DBUS, "GetNameOwner", "s", (NAME,), timeout=None))[0])
        except BusError:
            (startable,) = await ask(DBUS, DBUS_PATH, DBUS, "ListActivatableNames", timeout=None)
        if NAME not in startable:
            return ""
        await ask(DBUS, DBUS_PATH, DBUS, "StartServiceByName", "su", (NAME, 0), timeout=None)
        return str((await ask(DBUS, DBUS_PATH, DBUS, "GetNameOwner", "s", (NAME,), timeout=None))[0])

    async def _introduce(self, owner: str) -> None:
        name, _vendor, version, *_ = await self.ask(owner, "GetServerInformation")
        (capabilities,) = await self.ask(owner, "GetCapabilities")
        self.server = Server(owner, brief(name), brief(version).partition(" ")[0], frozenset(capabilities))
        self.absent, self._problem = False, ""
        log.info("Notifications go to %s.", self.server.title)
        self._changed()

    def _fail(self, problem: str) -> None:
        if problem != self._problem:
            level = logging.WARNING if self._bus.connected else logging.DEBUG  # the bus has warned already
            log.log(level, "Notifications cannot be shown: %s.", problem)
        self.absent, self._problem = True, problem
        self._changed()

    def _notice_silence(self) -> None:
        if not self._silent_since:
            self._silent_since = time.strftime("%H:%M")
            log.warning("Notifications: %s.", self.problem)
            self._changed()
