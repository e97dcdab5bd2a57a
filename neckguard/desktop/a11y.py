"""Whether a screen reader speaks what is on the screen: org.a11y.Status on the session bus.

Its signals only say *that* something changed; the property is then read anew. Asking starts nothing: who
needs a screen reader has the service already, so none is as good as off, as is one that vanishes, hangs or
makes no sense.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from neckguard.desktop.bus import DBUS, PROPERTIES, Bus, BusError, BusLost, BusTimeout, Signal
from neckguard.desktop.bus_follow import follow

_NAME = "org.a11y.Bus"
_PATH = "/org/a11y/bus"
_STATUS = "org.a11y.Status"
_PATIENCE = 5.0  # seconds for an answer

_log = logging.getLogger(__name__)


class Accessibility:
    """Follows whether a screen reader is on; `tell(on)` says so whenever that changes."""

    def __init__(self, bus: Bus, tell: Callable[[bool], None]) -> None:
        self.on = False
        self._bus = bus
        self._tell = tell
        self._problem = ""
        self._changed = asyncio.Event()
        bus.on_change(self._on_news)
        bus.watch(self._on_news, sender=DBUS, interface=DBUS, member="NameOwnerChanged", arg0=_NAME)
        bus.watch(
            self._on_news,
            sender=_NAME,
            path=_PATH,
            interface=PROPERTIES,
            member="PropertiesChanged",
            arg0=_STATUS,
        )

    async def run(self) -> None:
        """Follow it for ever."""
        await follow(self._changed, self._look_again)

    def status(self) -> dict[str, Any]:
        """Whether one is on, and why that is not known. The bus tells of its own troubles elsewhere."""
        return {"ok": not self._problem, "problem": self._problem, "on": self.on}

    async def _look_again(self) -> bool:
        on, problem = await self._look()
        if self._changed.is_set():
            return True  # overtaken while asking: it is asked anew at once
        if problem and problem != self._problem:
            _log.warning("A screen reader may go unnoticed: %s.", problem)
        self._problem = problem
        if on != self.on:
            self.on = on
            self._tell(on)
        return not problem

    async def _look(self) -> tuple[bool, str]:
        """Whether one is on, and the problem, if that was not said."""
        arguments = (_STATUS, "ScreenReaderEnabled")
        try:
            body = await self._bus.call(
                _NAME, _PATH, PROPERTIES, "Get", "ss", arguments, timeout=_PATIENCE, autostart=False
            )
        except (BusError, BusLost):
            return False, ""  # nobody there, or one that knows of no screen readers
        except BusTimeout:
            return False, f"{_NAME} does not answer"
        match body:
            case (("b", bool(on)),):
                return on, ""
        return False, f"{_NAME} answers nonsense: ScreenReaderEnabled is {body!r}"

    def _on_news(self, _news: bool | Signal) -> None:
        """Another value, another owner or none, or another bus."""
        self._changed.set()
