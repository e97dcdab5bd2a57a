"""Where cards go: the desktop's notification server, the console or plyer, as set and as possible."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TextIO

from neckguard.core import Card, Event, NotifierChanged, NotifySettings
from neckguard.desktop.bus.bus import Bus
from neckguard.desktop.notify.console import ConsoleNotification
from neckguard.desktop.notify.dbus import DesktopNotification, Remembered
from neckguard.desktop.notify.layout import Server
from neckguard.words import as_started

__all__ = ["Notifier", "Remembered"]

if TYPE_CHECKING:
    from neckguard.desktop.notify.by_plyer import PlyerNotification

    Output = DesktopNotification | ConsoleNotification | PlyerNotification

log = logging.getLogger(__name__)


class Notifier:
    """Shows cards and tells what becomes of them.

    Every time a way to show cards is there (anew), `NotifierChanged(ready=True)` says so; what stood on the
    screen before is gone then, and whoever wants it shows it again.
    """

    def __init__(  # noqa: PLR0913 -- each is a port or a setting
        self,
        bus: Bus,
        emit: Callable[[Event], None],
        settings: NotifySettings,
        *,
        remembered: Iterable[Remembered] = (),
        on_ids_changed: Callable[[], None] = lambda: None,
        out: TextIO | None = None,
    ) -> None:
        self._bus = bus
        self._emit = emit
        self._settings = settings
        self._desktop = DesktopNotification(bus, emit, settings, self._choose, remembered, on_ids_changed)
        self._console = ConsoleNotification(out or sys.stdout, emit)
        self._plyer: PlyerNotification | None = None  # made when it is wanted
        self._output: Output = self._desktop
        self._told: tuple[Output, bool, NotifierChanged] | None = None  # the second: nothing stands there yet
        self._new_settings = asyncio.Event()

    async def run(self) -> None:
        """Serve for ever; cancel it to stop."""
        following: asyncio.Task[None] | None = None
        try:
            while True:
                self._new_settings.clear()
                self._choose()
                if self._wants_desktop() and following is None:
                    following = asyncio.create_task(self._desktop.run())
                elif not self._wants_desktop() and following is not None:
                    await self.close()
                    following.cancel()
                    following = None
                await self._new_settings.wait()
        finally:
            if following is not None:
                following.cancel()

    async def close(self, limit: float = 0.5) -> None:
        """Take everything off the screen, within `limit` seconds; while the bus connection still lives."""
        self._desktop.hide_all()
        await self._desktop.drained(limit)

    def show(self, card: Card) -> None:
        """Show the card; the same key replaces. What became of it comes as events."""
        lines = tuple(map(as_started, card.lines))
        self._output.show(replace(card, lines=lines, verbs=as_started(card.verbs)))

    def hide(self, key: str) -> None:
        """Take the card off the screen, where that is possible. No event follows."""
        self._output.hide(key)

    def configure(self, settings: NotifySettings) -> None:
        """New settings are in force, for cards shown from now on."""
        self._settings = self._desktop.settings = settings
        self._new_settings.set()

    @property
    def patient(self) -> bool:
        """Whether a screen reader is on: then no notice goes away by time."""
        return self._desktop.patient

    @patient.setter
    def patient(self, patient: bool) -> None:
        self._desktop.patient = patient

    @property
    def sounds(self) -> bool:
        """Whether the sound of a card is heard where it is shown."""
        server = self._server()
        return server is not None and server.sounds

    @property
    def on_terminal(self) -> bool:
        """Whether cards are printed on a terminal."""
        return self._output is self._console and self._console.terminal

    def remembered(self) -> tuple[Remembered, ...]:
        """What must be saved so that a later life of the daemon can close what this one left."""
        return self._desktop.remembered()

    def status(self) -> dict[str, Any]:
        """As `services.notify` in `neckguard status --json`."""
        if self._output is self._desktop:
            return self._desktop.status()
        if self._plyer is not None and self._output is self._plyer:
            return _plain_status("plyer", self._plyer.problem, ok=not self._plyer.problem)
        if not self._wants_desktop():
            return _plain_status("console", "", ok=True)
        # A log that nobody reads is no place for prompts: there, having no desktop is a fault.
        unseen = not self._console.terminal and "JOURNAL_STREAM" in os.environ
        problem = self._desktop.problem if unseen else ""
        note = "" if unseen else "there is no desktop here, so prompts appear on the console"
        return {**_plain_status("console", problem, ok=not problem), "note": note}

    def _wants_desktop(self) -> bool:
        return self._settings.backend in {"auto", "dbus"}

    def _choose(self) -> None:
        """Take the best way there is now, and tell if that is news."""
        self._output = self._best()
        server = self._server()
        dormant = self._output is self._desktop and self._desktop.dormant
        ready = self._output is not self._desktop or server is not None or dormant
        kind = (server.keeps, server.smooth, server.fleeting) if server else (False,)
        now = (self._output, dormant, NotifierChanged(ready, *kind))
        unknown = self._told is None and not ready and not self._desktop.absent
        if unknown or now == self._told:
            return
        before, self._told = self._told, now
        if self._output is self._console and self._wants_desktop():
            log.info("No desktop here: prompts appear on this console.")
        if not ready or (before is not None and before[2].ready and not before[1]):
            self._emit(NotifierChanged(ready=False, keeps=False))
        if ready:
            self._emit(now[2])

    def _server(self) -> Server | None:
        """The notification server, if cards go there."""
        return self._desktop.server if self._output is self._desktop else None

    def _best(self) -> "Output":
        if self._settings.backend == "console":
            return self._console
        if self._settings.backend == "plyer":
            return self._by_plyer()
        hopeless = self._bus.address is None or (self._desktop.absent and self._console.terminal)
        if self._settings.backend == "auto" and self._desktop.server is None and hopeless:
            return self._console
        return self._desktop

    def _by_plyer(self) -> "PlyerNotification":
        if self._plyer is None:
            from neckguard.desktop.notify.by_plyer import PlyerNotification  # by choice only

            self._plyer = PlyerNotification(self._emit)
        return self._plyer


def _plain_status(backend: str, problem: str, *, ok: bool) -> dict[str, Any]:
    return {"backend": backend, "server": "", "actions": False, "ok": ok, "problem": problem}
