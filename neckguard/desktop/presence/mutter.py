"""The idle monitor of GNOME's and Cinnamon's compositors, on X11 and Wayland.

It is asked for the idle time. Its AddIdleWatch is not used: that one also waits for idle inhibitors to end,
so that somebody who left during a film would never be away (mutter: src/core/meta-idle-monitor.c).
AddUserActiveWatch fires once, at the next input, and is gone then.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from neckguard.desktop.bus.bus import Bus, BusError, BusLost, BusNonsense, BusTimeout, Signal
from neckguard.desktop.presence.source import Poller, SourceAbsent, Told
from neckguard.errors import SourceLost

# The name is the interface, too. Muffin (2.0 to 6.4) has an own one, of the same shape.
_MONITORS = {
    "org.gnome.Mutter.IdleMonitor": "/org/gnome/Mutter/IdleMonitor/Core",
    "org.cinnamon.Muffin.IdleMonitor": "/org/cinnamon/Muffin/IdleMonitor/Core",
}
_PATIENCE = 2.0  # seconds for an answer


class Mutter:
    """A source of presence: asks Mutter or Muffin, whichever is there."""

    name = "mutter"
    note = ""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._poller = Poller(self)
        self._monitor = ""  # the one that answered last
        self._awaited: dict[int, asyncio.Future[None]] = {}  # what an input will fire, by the monitor's id
        self._listeners: list[Callable[[], None]] = []
        bus.on_owner(self._on_owner, *_MONITORS)
        for name, path in _MONITORS.items():
            bus.watch(self._on_fired, sender=name, path=path, interface=name, member="WatchFired")

    def on_appearance(self, callback: Callable[[], None]) -> None:
        """Call back whenever it may have become possible to serve."""
        self._listeners.append(callback)

    def watch(self, threshold: float) -> None:
        """Idle times of this length matter from now on, in seconds."""
        self._poller.watch(threshold)

    async def serve(self, told: Told) -> None:
        """Tell for ever.

        Raises:
            SourceLost: there is no monitor (any more), or it does not make sense.
        """
        await self._poller.serve(told)

    async def look(self) -> float | None:
        """Seconds without input; None: not known."""
        try:
            return await self.ask()
        except SourceLost:
            return None

    # ---- what the poller asks -----------------------------------------------------------------------------

    async def ask(self) -> float:
        """Seconds without input. Raises SourceLost."""
        for name in _MONITORS:
            body = await self._call(name, "GetIdletime", answer="t")
            if body is not None:
                self._monitor = name
                return _seconds(*body)
        raise SourceAbsent("the idle monitor of GNOME or Cinnamon is not on the session bus")

    async def next_input(self) -> None:
        """Returns at the first input. Raises SourceLost.

        One that is cancelled before the monitor has answered leaves its watch behind until the next input.
        """
        monitor = self._monitor
        body = await self._call(monitor, "AddUserActiveWatch", answer="u")
        if body is None:
            raise SourceLost("the idle monitor went away")
        (watch,) = body
        fired = self._awaited[watch] = asyncio.get_running_loop().create_future()
        try:
            await fired
        finally:
            # Not after an owner change: the number may be somebody else's there, and Mutter would not care.
            if self._awaited.pop(watch, None):
                await self._remove(monitor, watch)

    async def _remove(self, monitor: str, watch: int) -> None:
        try:
            await self._call(monitor, "RemoveWatch", "u", (watch,))
        except SourceLost:
            return  # its watches are gone with it

    async def _call(
        self, name: str, member: str, signature: str = "", body: tuple[Any, ...] = (), *, answer: str = ""
    ) -> tuple[Any, ...] | None:
        """The body of its answer; None: it is not there. Raises SourceLost."""
        path = _MONITORS[name]
        try:
            return await self._bus.call(
                name, path, name, member, signature, body, answer=answer, timeout=_PATIENCE, autostart=False
            )
        except BusNonsense as nonsense:
            raise SourceLost(f"the idle monitor {nonsense}") from None
        except BusTimeout:
            raise SourceLost(f"the idle monitor {name} does not answer") from None
        except BusLost as lost:
            raise SourceAbsent(str(lost)) from None
        except BusError as error:
            if error.nobody:
                return None
            raise SourceLost(f"the idle monitor {name} answers with an error: {error}") from None

    # ---- what the bus tells -------------------------------------------------------------------------------

    def _on_owner(self, there: bool) -> None:
        """Another one, or none: its predecessor's watches will never fire."""
        self._awaited.clear()
        self._poller.ask_soon()
        if there:
            for listener in self._listeners:
                listener()

    def _on_fired(self, signal: Signal) -> None:
        match signal.body:
            case (int(watch),) if watch in self._awaited:
                self._awaited.pop(watch).set_result(None)


def _seconds(idle: int) -> float:
    """An idle time in milliseconds. Raises SourceLost if nobody can have been idle for so long."""
    if idle / 1000 > time.clock_gettime(time.CLOCK_BOOTTIME):
        raise SourceLost(f"the idle monitor answers nonsense: nobody was there for {idle} ms")
    return idle / 1000
