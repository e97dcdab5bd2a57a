"""Whether the person has switched on "do not disturb".

Every notification server has a switch of its own. The one that counts is that of the server that runs: what
is left over of another desktop must not silence anybody. Whoever does not answer truthfully within a second
claims nothing, and one that vanishes takes its claim along: nobody is silent for ever because of a fault.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from neckguard.core import QuietChanged, QuietReason
from neckguard.desktop.bus.bus import IF_IT_LASTS, Bus, BusError, BusLost, BusNonsense, Signal
from neckguard.desktop.bus.signals import follow
from neckguard.desktop.quiet.dnd_switches import (
    INFORMATION,
    NAME,
    OTHER,
    PATH,
    SWITCHES,
    DndSwitch,
    SwitchError,
    is_absent,
    watch_switches,
)
from neckguard.value import value

LIMIT = 1.0  # seconds for one look, however many questions it takes

_log = logging.getLogger(__name__)


@value
class _SwitchState:
    """What one look found."""

    switch: DndSwitch | None = None
    on: bool = False
    problem: str = ""


class DoNotDisturb:
    """Follows the switch of the notification server that runs, and tells QuietChanged when it turns."""

    def __init__(self, session_bus: Bus, tell: Callable[[QuietChanged], None]) -> None:
        self._bus = session_bus
        self._tell = tell
        self._found = _SwitchState()
        self._told = ""
        self._changed = asyncio.Event()
        self._looked = asyncio.Event()
        watch_switches(session_bus, self._on_news)

    async def run(self) -> None:
        """Look, then look again whenever something changed, for ever."""
        await follow(self._changed, self._look_again)

    async def _look_again(self) -> bool:
        found = await self._find()
        if self._changed.is_set() and not found.problem:
            return True  # overtaken while asking; but a fault ends the claim, however often we are asked
        self._take(found)
        return not found.problem

    async def look(self) -> None:
        """Ask afresh if it can be on without a signal; returns after telling. At most 1 s; never raises."""
        switch = self._found.switch
        if switch is not None and not switch.ask:
            return
        self._looked.clear()
        self.renew()
        with suppress(TimeoutError):
            async with asyncio.timeout(LIMIT):
                await self._looked.wait()

    def renew(self) -> None:
        """Ask everything again."""
        self._changed.set()

    def status(self) -> dict[str, Any]:
        """Whose switch is followed and whether it is on. That there is none is no fault.

        The bus tells of its own troubles elsewhere.
        """
        switch = self._found.switch
        return {
            "ok": self._bus.connected and not self._found.problem,
            "problem": self._found.problem,
            "source": switch.source if switch else "",
            "on": self._found.on,
        }

    def _on_news(self, _news: bool | Signal) -> None:
        self.renew()

    def _take(self, found: _SwitchState) -> None:
        if found.problem and found.problem != self._found.problem:
            _log.warning('"Do not disturb" may go unnoticed: %s.', found.problem)
        self._found = found
        detail = f"do not disturb ({found.switch.words})" if found.switch and found.on else ""
        if detail != self._told:
            self._told = detail
            self._tell(QuietChanged(QuietReason.DND, detail))
        self._looked.set()

    # ---- looking ----------------------------------------------------------------------------------

    async def _find(self) -> _SwitchState:
        """What is true now, as far as it is told; never raises."""
        if not self._bus.connected:
            return _SwitchState()
        who = "the notification server"
        switch: DndSwitch | None = None
        try:
            async with asyncio.timeout(LIMIT):
                switch = await self._find_switch()
                who = switch.source
                on = await switch.read(self._bus)
        except BusLost:
            return _SwitchState()
        except TimeoutError:
            return _SwitchState(switch, problem=f"{who} does not answer; {IF_IT_LASTS}")
        except SwitchError as error:
            return _SwitchState(switch, problem=f"{who}: {error}")
        except BusNonsense as nonsense:
            return _SwitchState(switch, problem=f"{who} {nonsense.said}; {IF_IT_LASTS}")
        except BusError as error:
            if is_absent(error):
                return _SwitchState()
            return _SwitchState(switch, problem=f"{who} answers with an error: {error}; {IF_IT_LASTS}")
        return _SwitchState() if on is None else _SwitchState(switch, on)

    async def _find_switch(self) -> DndSwitch:
        """The switch of the notification server; BusError if there is no server."""
        name, *_ = await self._bus.call(
            NAME, PATH, NAME, "GetServerInformation", answer=INFORMATION, timeout=None, autostart=False
        )
        return SWITCHES.get(name, OTHER)
