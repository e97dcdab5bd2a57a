"""Whether a screen reader speaks what is on the screen: org.a11y.Status on the session bus.

Its signals only say *that* something changed; the property is then read anew. Asking starts nothing: who
needs a screen reader has the service already, so none is as good as off, as is one that hangs or makes no
sense. One that vanishes may only be restarted: it is given a moment to return, before it counts as off.
"""

import asyncio
import logging
import math
from collections.abc import Callable
from typing import Any

from neckguard.desktop.bus.bus import (
    IF_IT_LASTS,
    PROPERTIES,
    Bus,
    BusError,
    BusLost,
    BusNonsense,
    BusTimeout,
    Signal,
)
from neckguard.desktop.bus.signals import follow

_NAME = "org.a11y.Bus"
_PATH = "/org/a11y/bus"
_STATUS = "org.a11y.Status"
_PATIENCE = 5.0  # seconds for an answer
_RETURNS_WITHIN = 2.5  # seconds for a restart; it is asked after 0, 1 and 3

_log = logging.getLogger(__name__)


class ScreenReaderWatch:
    """Follows whether a screen reader is on; `tell(on)` says so whenever that changes."""

    def __init__(self, bus: Bus, tell: Callable[[bool], None]) -> None:
        self.on = False
        self._bus = bus
        self._tell = tell
        self._problem = ""
        self._gone_at = math.inf  # when nobody answered any more
        self._changed = asyncio.Event()
        bus.on_owner(self._on_news, _NAME)
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
        if on is None and self._may_return():
            return False
        if problem and problem != self._problem:
            _log.warning("A screen reader may go unnoticed: %s.", problem)
        self._problem = problem
        if on is not None:
            self._gone_at = math.inf
        if bool(on) != self.on:
            self.on = bool(on)
            self._tell(self.on)
        return not problem

    def _may_return(self) -> bool:
        """Whether one that was on vanished only just now."""
        now = asyncio.get_running_loop().time()
        self._gone_at = min(self._gone_at, now)
        return self.on and now < self._gone_at + _RETURNS_WITHIN

    async def _look(self) -> tuple[bool | None, str]:
        """Whether one is on (None: nobody there who knows), and the problem, if that was not said."""
        try:
            return await self._bus.get(_NAME, _PATH, _STATUS, "ScreenReaderEnabled", "b", _PATIENCE), ""
        except (BusError, BusLost):
            return None, ""  # nobody there, or one that knows of no screen readers
        except BusTimeout:
            return False, f"{_NAME} does not answer; {IF_IT_LASTS}"
        except BusNonsense as nonsense:
            return False, f"{nonsense}; {IF_IT_LASTS}"

    def _on_news(self, _news: bool | Signal) -> None:
        """Another value, another owner or none, or another bus."""
        self._changed.set()
