"""Screen savers and lockers on the session bus: while one is active, the screen is locked.

Not every desktop sets logind's LockedHint; these tell it too. Each is asked when it appears, then its
ActiveChanged is believed, until somebody is seen to type (`doubt`): then it is asked again, and what cannot
say that it is active no longer counts. Asking starts none of them. One that vanishes, or the whole bus, takes
its claim along.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from neckguard.core import Away, Claim
from neckguard.desktop.bus.bus import IF_IT_LASTS, Bus, BusError, BusLost, BusNonsense, BusTimeout, Signal
from neckguard.desktop.bus.signals import follow

SOURCE = "screensaver"
# The name is the interface, too. KDE serves both paths; other owners of that name maybe one.
_SAVERS = {
    "org.freedesktop.ScreenSaver": ("/org/freedesktop/ScreenSaver", "/ScreenSaver"),
    "org.gnome.ScreenSaver": ("/org/gnome/ScreenSaver",),
    "org.cinnamon.ScreenSaver": ("/org/cinnamon/ScreenSaver",),
    "org.mate.ScreenSaver": ("/org/mate/ScreenSaver",),
    "org.xfce.ScreenSaver": ("/org/xfce/ScreenSaver",),
}

_log = logging.getLogger(__name__)


class ScreenSavers:
    """Follows all screen savers and claims LOCKED while any of them is active.

    `claim(source, reasons)` gets all that hold now, whenever that may have changed.
    """

    def __init__(self, bus: Bus, claim: Claim) -> None:
        self._bus = bus
        self._claim = claim
        self._savers = [_Saver(bus, name, paths, self._publish) for name, paths in _SAVERS.items()]

    async def run(self) -> None:
        """Follow them for ever."""
        await asyncio.gather(*(saver.follow() for saver in self._savers))

    def doubt(self) -> None:
        """Somebody types although the screen is said to be locked: that it was unlocked may be untold."""
        for saver in self._savers:
            saver.doubt()

    def status(self) -> dict[str, Any]:
        """Which of them are active, and which do not tell. That there is none is no fault.

        The bus tells of its own troubles elsewhere.
        """
        problem = "; ".join(filter(None, (saver.problem for saver in self._savers)))
        return {
            "ok": self._bus.connected and not problem,
            "problem": problem,
            "active": [saver.name for saver in self._savers if saver.active],
        }

    def _publish(self, certain: bool) -> None:
        active = any(saver.active for saver in self._savers)
        self._claim(SOURCE, frozenset({Away.LOCKED} if active else ()), certain=certain)


class _Saver:
    """One screen saver, there or not."""

    def __init__(self, bus: Bus, name: str, paths: tuple[str, ...], publish: Callable[[bool], None]) -> None:
        self.name = name
        self.active = False
        self.problem = ""
        self._bus = bus
        self._paths = paths
        self._publish = publish
        self._renewed = asyncio.Event()
        bus.on_owner(self._on_another, name)
        bus.watch(self._on_active, sender=name, interface=name, member="ActiveChanged")

    async def follow(self) -> None:
        """Ask whenever it may be another one, for ever."""
        await follow(self._renewed, self._ask_again)

    def doubt(self) -> None:
        """Ask again, if it said that it is active."""
        if self.active:
            self._renewed.set()

    async def _ask_again(self) -> bool:
        problem = await self._ask()
        if problem and problem != self.problem:
            _log.warning("A locked screen may go unnoticed: %s.", problem)
        self.problem = problem
        return not problem

    def _on_another(self, _there: bool) -> None:
        """Another bus or another owner, or none: whether the screen is locked nobody can tell."""
        self._set(False, certain=False)
        self._renewed.set()

    def _on_active(self, signal: Signal) -> None:
        match signal.body:
            case (bool(active),):
                self._set(active)

    def _set(self, active: bool, *, certain: bool = True) -> None:
        self.active = active
        self._publish(certain)

    async def _ask(self) -> str:
        """Whether it is active; the problem, if it did not say."""
        problem, doubted = "", self.active
        for path in self._paths:
            try:
                (active,) = await self._bus.call(
                    self.name, path, self.name, "GetActive", answer="b", autostart=False
                )
            except BusError:
                continue  # nobody there, or somebody who only takes inhibitions (xfce4-power-manager, GNOME)
            except BusLost:
                break
            except BusTimeout:
                problem = f"{self.name} does not answer; {IF_IT_LASTS}"
                break
            except BusNonsense as nonsense:
                problem = f"{nonsense}; {IF_IT_LASTS}"
                break
            self._set(active)
            return ""
        if doubted:
            self._set(False, certain=False)
        return problem
