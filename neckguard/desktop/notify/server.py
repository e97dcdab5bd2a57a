"""Who the notification server is, as it comes, goes, hangs and comes back."""

import asyncio
import logging
import math
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from neckguard.backoff import Backoff
from neckguard.desktop.bus.bus import DBUS, DBUS_PATH, Bus, BusError, BusLost, BusNonsense, Signal
from neckguard.desktop.notify.layout import GNOME, Server
from neckguard.texts import brief

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
PATIENCE = 5.0  # a server that takes longer to answer is said to hang; its answer is awaited all the same
SHORT_LIFE = 30.0  # a server that lives shorter may have died of our cards
FIRST_DELAY, LAST_DELAY = 1.0, 60.0  # so ever longer after its end we start no other
BREATH = 5.0  # but one that somebody else started is met after this at the latest: they restart it
ARRIVAL = 20.0  # after our start, in a session that may have just begun: its own server can be on its way
LAST_RETRY = 300.0  # of starting a server: each attempt may cost a process and leave a line in the journal
NO_SERVER = (
    "no notification server is running; most desktops bring one, elsewhere install and start dunst or mako"
)
REMEDY = "if it lasts: restart it"
INFORMATION = "ssss sss"  # what GetServerInformation answers, since version 1.1 and before
NO_BUS = 'log in to a desktop, or set backend = "console" under [notify]'

log = logging.getLogger(__name__)


class ServerWatch:
    """Follows the owner of the notification server's name; `changed` is called at every news."""

    def __init__(self, bus: Bus, changed: Callable[[], None]) -> None:
        self.server: Server | None = None
        self.absent = False  # known, not just not asked yet
        self.dormant = False  # there is none, and the bus starts one as soon as there is a card for it
        self._called = False  # there was a card
        self._began = 0.0
        self._known = asyncio.Event()  # whether there is one, as far as that can be
        self._bus = bus
        self._changed = changed
        self._problem = ""  # none yet: it was not asked
        self._logged = ""  # the problem that was logged last
        self._again_at = ""  # when it is tried again
        self._silent_since = ""
        self._unseen = ""  # why nobody sees what this server is given
        self._in_gnome = False  # whether it may be so
        self._news = asyncio.Event()
        self._came_at = self._left_at = -math.inf
        self._delay = 0.0  # between a server's end and our starting of the next
        self._breath = 0.0  # and until we meet one that is there
        self._asking = 0  # questions that it has not answered
        self._short_lives = Backoff(FIRST_DELAY, LAST_DELAY)
        self._bus_known = False  # whether it can be reached
        bus.on_change(self._on_bus)
        bus.watch(self._on_owner, interface=DBUS, member="NameOwnerChanged", sender=DBUS, arg0=NAME)

    @property
    def problem(self) -> str:
        """What is wrong now; empty if nothing is."""
        if self._silent_since:
            return f"{self._who} has not answered since {self._silent_since}; restart it"
        again = f"; it is tried again at {self._again_at}" if self._again_at else ""
        return f"{self._problem}{again}" if self._problem or self.server is None else self._unseen

    @property
    def _who(self) -> str:
        return self.server.name if self.server else "the notification server"

    async def run(self) -> None:
        """Keep knowing the server, for ever; cancel it to stop."""
        self.server = None  # it may have changed while nobody looked
        self._began = asyncio.get_running_loop().time()
        while True:
            self._news.clear()
            meeting = asyncio.create_task(self._meet())
            try:
                await self._news.wait()
            finally:
                meeting.cancel()

    async def ask(
        self, owner: str, member: str, answer: str, signature: str = "", body: tuple[Any, ...] = ()
    ) -> tuple[Any, ...]:
        """The server's answer, of the types in `answer`, however late it comes; raises like `Bus.call`."""
        alarm = asyncio.get_running_loop().call_later(PATIENCE, self._notice_silence)
        call = self._bus.call(owner, PATH, NAME, member, signature, body, answer=answer, timeout=None)
        self._asking += 1
        try:
            told = await call
        except BusError:
            self._silent_since = ""
            raise
        except BusNonsense as nonsense:
            self._silent_since = ""
            raise BusNonsense(self._who, nonsense.said) from None
        finally:
            self._asking -= 1
            alarm.cancel()
        self._silent_since = ""
        return told

    async def called(self, *, patient: bool) -> Server | None:
        """The server, now that there is a card for it: one that is not there yet is started.

        What is `patient` lets the desktop's own come up first, in whose place another would stay.
        """
        if patient and self.dormant:
            left = self._began + ARRIVAL - asyncio.get_running_loop().time()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._known.wait(), left)
        self._called = True
        if self.dormant:
            self.dormant = False
            self._known.clear()
            self._news.set()
        await self._known.wait()
        return self.server

    # ---- coming and going --------------------------------------------------------------------------------

    def _on_bus(self, connected: bool) -> None:
        """It came or went; or it stayed, but only now tells what it refused to: the server may be another."""
        self._bus_known = True
        if not connected:
            self._forget()
        self._news.set()

    def _on_owner(self, signal: Signal) -> None:
        """The name changed hands."""
        _name, _old, new = signal.body
        now = asyncio.get_running_loop().time()
        if new:
            self._came_at = now
        elif now - self._came_at < SHORT_LIFE:
            self._left_at, self._delay = now, self._short_lives.next()
            self._breath = self._delay if self._asking else min(self._delay, BREATH)
        else:
            self._delay = self._breath = 0.0
            self._short_lives.reset()
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
        await self._rest(self._breath)
        backoff = Backoff(FIRST_DELAY, LAST_RETRY, factor=4)
        while True:
            try:
                owner = await self._find_owner()
                if self.server is not None and self.server.owner != owner:
                    self._forget()
                if not owner:
                    self._do_without()
                    return  # NameOwnerChanged will tell when one comes
                await self._introduce(owner)
            except BusLost:
                return  # the bus will tell
            except BusError as error:
                problem = f"the notification server cannot be used: {error}; {REMEDY}"
            except BusNonsense as nonsense:
                problem = f"{nonsense}; {REMEDY}"
            else:
                return
            delay = backoff.next()
            self._fail(problem, again_in=delay)
            await asyncio.sleep(delay)

    async def _rest(self, delay: float) -> None:
        """Let so much time pass since a server's short life ended."""
        left = self._left_at + delay - asyncio.get_running_loop().time()
        if left > 0:
            self._problem = self._problem or "the notification server went away"
            self._again_at = _clock_in(left)
            await asyncio.sleep(left)
        self._again_at = ""

    async def _find_owner(self) -> str:
        """The unique name of the server; empty if there is none.

        For a card it is started if the bus knows how. To ask is no reason: while the desktop comes up, its
        own may be on its way, and another one would take its place.
        """
        try:
            return str(await self._ask_bus("GetNameOwner", "s", "s", (NAME,)))
        except BusError:
            startable = await self._ask_bus("ListActivatableNames", "as")
        self.dormant = NAME in startable and not self._called
        if NAME not in startable or self.dormant:
            return ""
        await self._rest(self._delay)
        await self._start()
        return str(await self._ask_bus("GetNameOwner", "s", "s", (NAME,)))

    async def _start(self) -> None:
        """Have it started. Plasma's answers only when the whole desktop is up."""
        self._problem = f"the notification server is being started since {time.strftime('%H:%M')}"
        loop = asyncio.get_running_loop()
        alarm = loop.call_later(PATIENCE, log.warning, "Notifications: %s.", self._problem)
        try:
            await self._ask_bus("StartServiceByName", "u", "su", (NAME, 0))
        finally:
            alarm.cancel()

    async def _ask_bus(
        self, member: str, answer: str, signature: str = "", body: tuple[Any, ...] = ()
    ) -> Any:
        """The one value that the bus itself answers."""
        call = self._bus.call
        (told,) = await call(DBUS, DBUS_PATH, DBUS, member, signature, body, answer=answer, timeout=None)
        return told

    async def _introduce(self, owner: str) -> None:
        name, _vendor, version, *_ = await self.ask(owner, "GetServerInformation", INFORMATION)
        (capabilities,) = await self.ask(owner, "GetCapabilities", "as")
        title = brief(name) or "a server without a name"
        known = self.server
        self.server = Server(owner, title, brief(version).partition(" ")[0], frozenset(capabilities))
        self.absent = self.dormant = False
        self._problem = self._logged = self._again_at = ""
        self._known.set()
        if self.server != known:
            log.info("Notifications go to %s.", self.server.title)
        self._changed()
        await self._look_at_switches()

    async def _look_at_switches(self) -> None:
        """Learn whether GNOME shows what it gets of neckguard: now, and whenever that is changed."""
        unseen = ""
        if self.server is not None and self.server.name == GNOME:
            from neckguard.desktop.notify import gnome  # elsewhere nobody needs it

            if not self._in_gnome:
                self._in_gnome = True
                gnome.watch_switches(self._bus, lambda _: self._news.set())
            unseen = "; ".join(gnome.find_unseen(await gnome.switched_off()) or ())
        if unseen not in {"", self._unseen}:
            log.warning("Notifications: %s.", unseen)
        self._unseen = unseen

    def _do_without(self) -> None:
        if not self.dormant:
            self._fail(NO_SERVER)
            return
        self.absent, self._problem, self._logged = False, "", ""
        self._changed()

    def _fail(self, problem: str, *, again_in: float = 0.0) -> None:
        if problem != self._logged:
            level = logging.WARNING if self._bus.connected else logging.DEBUG  # the bus has warned already
            log.log(level, "Notifications cannot be shown: %s.", problem)
        self.absent, self._problem, self._logged, self.dormant = True, problem, problem, False
        self._known.set()
        self._again_at = _clock_in(again_in) if again_in else ""
        self._changed()

    def _notice_silence(self) -> None:
        if not self._silent_since:
            self._silent_since = time.strftime("%H:%M")
            log.warning("Notifications: %s.", self.problem)
            self._changed()


def _clock_in(seconds: float) -> str:
    """What clocks show then."""
    return time.strftime("%H:%M:%S", time.localtime(time.time() + seconds))
