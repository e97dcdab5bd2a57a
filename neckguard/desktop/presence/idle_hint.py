"""The idle hint of the login session: the last resort.

logind knows only what the desktop tells it, and many desktops tell it nothing at all. So its word is trusted
only once it has called this session idle. The hint of a text session (`startx`) is never trusted: that one
follows the terminal's access time, which input to X does not touch (systemd: src/login/logind-session.c,
session_get_idle_hint).
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from neckguard.desktop.bus.bus import PROPERTIES, Bus, BusLost, Signal
from neckguard.desktop.bus.logind import GRAPHICAL, LOGIND, Logind, LogindFault
from neckguard.desktop.presence.source import SourceAbsent, Told
from neckguard.errors import SourceLost

# The return of the person is looked for with thresholds up to this, see `PresenceSource`; in seconds.
_RETURNING = 2.0


class IdleHint:
    """A source of presence: logind's IdleHint."""

    name = "logind"
    note = "logind hears of idle times only from the desktop, often minutes late"

    def __init__(self, bus: Bus) -> None:
        self._logind = Logind(bus)
        self._threshold = 300.0
        self._path = ""  # of the session looked at last
        self._trusted = ""  # the path of the session that was called idle once
        self._changed = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []
        bus.on_owner(self._on_another, LOGIND)
        for thing, handler in (("Session", self._on_session), ("User", self._on_user)):
            bus.watch(
                handler,
                sender=LOGIND,
                interface=PROPERTIES,
                member="PropertiesChanged",
                arg0=f"{LOGIND}.{thing}",
            )

    def on_appearance(self, callback: Callable[[], None]) -> None:
        """Call back whenever it may have become possible to serve."""
        self._listeners.append(callback)

    def watch(self, threshold: float) -> None:
        """Idle times of this length matter from now on, in seconds."""
        self._threshold = threshold
        self._changed.set()

    async def serve(self, told: Told) -> None:
        """Tell for ever.

        Raises:
            SourceLost: logind is not there, makes no sense, or cannot be trusted yet.
        """
        while True:
            self._changed.clear()
            since = await self._ask()
            while not self._changed.is_set():
                delay = self._tell(told, since)
                with suppress(TimeoutError):
                    async with asyncio.timeout(delay):
                        await self._changed.wait()

    async def look(self) -> float | None:
        """Seconds since it was called idle, 0 while it is not; None: not known."""
        try:
            return _ago(await self._ask())
        except SourceLost:
            return None

    def _tell(self, told: Told, since: float | None) -> float | None:
        """Tell what is so; how long that stays right if nothing is heard, in seconds."""
        idle = _ago(since)
        if since is not None and idle >= self._threshold:
            told.idle(idle)
            return None
        told.input(idle)
        if since is not None:
            return self._threshold - idle
        return self._threshold if self._threshold <= _RETURNING else None

    async def _ask(self) -> float | None:
        """Since when it is called idle (CLOCK_MONOTONIC, seconds); None: it is not. Raises SourceLost."""
        try:
            session, self._path = await self._logind.display()
            if not session:
                raise SourceLost("no graphical session yet")
            if await self._logind.get(self._path, "Session", "Type", "s") not in GRAPHICAL:
                raise SourceLost("logind knows of no input to a session that was started from a terminal")
            idle = await self._logind.get(self._path, "Session", "IdleHint", "b")
            since = await self._logind.get(self._path, "Session", "IdleSinceHintMonotonic", "t")
        except (LogindFault, BusLost) as fault:
            raise SourceLost(str(fault)) from None
        if idle:
            self._trusted = self._path
        if self._trusted != self._path:
            raise SourceAbsent("logind has not called this session idle yet, so its word is not trusted")
        if idle and not 0 < since / 1e6 <= time.monotonic():
            raise SourceLost(f"logind answers nonsense: idle since {since} µs after the start")
        return since / 1e6 if idle else None

    # ---- what the bus tells -------------------------------------------------------------------------------

    def _on_user(self, _signal: Signal) -> None:
        """Perhaps another session is the person's screen."""
        self._on_another(True)

    def _on_session(self, signal: Signal) -> None:
        if signal.path != self._path:
            return
        match signal.body:
            case (_, {"IdleHint": ("b", True)}, _):
                self._trusted = self._path
                self._on_another(True)
            case (_, {"IdleHint": _}, _):
                self._on_another(False)

    def _on_another(self, there: bool) -> None:
        self._changed.set()
        if there:
            for listener in self._listeners:
                listener()


def _ago(since: float | None) -> float:
    """Seconds since then on CLOCK_MONOTONIC; 0 for None."""
    return 0.0 if since is None else time.monotonic() - since
