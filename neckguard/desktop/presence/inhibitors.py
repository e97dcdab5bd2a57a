"""Who keeps the session from becoming idle: a film, a talk, a call.

Three services take such wishes: logind, the session manager of GNOME, Cinnamon and MATE, and Plasma's power
management. Their signals only say *that* something changed; the list is then read anew. One that vanishes,
hangs or makes no sense holds nothing.

On Plasma a wish counts after five seconds, and its list is a little late (powerdevil:
daemon/powerdevilpolicyagent.cpp); a film is longer than that.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine
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
from neckguard.desktop.presence.holders import Holder
from neckguard.texts import brief
from neckguard.value import value

_LOGIND = "org.freedesktop.login1"
_GNOME = "org.gnome.SessionManager"  # and of Cinnamon and MATE, which kept name and interface
_PLASMA = "org.kde.Solid.PowerManagement.PolicyAgent"
_GNOME_IDLE = 8  # the flag of an inhibitor (gnome-session: gsm-inhibitor-flag.h)
_PLASMA_SCREEN = 4  # ChangeScreenSettings: 1 alone only forbids to sleep (powerdevilpolicyagent.h)
_OURSELVES = "neckguard"
_NAMELESS = "an application"
_PATIENCE = 2.0  # seconds for an answer
_PATIENCE_IN_ALL = 10.0  # and for all answers of one service

_log = logging.getLogger(__name__)


class Inhibitors:
    """Follows all idle inhibitors; `tell` gets who holds one, whenever that changes."""

    def __init__(self, session_bus: Bus, system_bus: Bus, tell: Callable[[frozenset[Holder]], None]) -> None:
        self._tell = tell
        self._told = frozenset[Holder]()
        self._lists = [
            _ListFollower(bus, what, self._publish)
            for bus, what in ((system_bus, _OF_LOGIND), (session_bus, _OF_GNOME), (session_bus, _OF_PLASMA))
        ]

    async def run(self) -> None:
        """Follow them for ever."""
        await asyncio.gather(*(each.follow() for each in self._lists))

    def status(self) -> dict[str, Any]:
        """Who holds one, and which services do not tell. That there is none is no fault.

        The buses tell of their own troubles elsewhere.
        """
        problem = "; ".join(filter(None, (each.problem for each in self._lists)))
        return {"ok": not problem, "problem": problem, "holders": sorted({each.who for each in self._told})}

    def _publish(self) -> None:
        holders = frozenset[Holder]().union(*(each.holders for each in self._lists))
        if holders != self._told:
            self._told = holders
            self._tell(holders)


@value
class _InhibitorList:
    """One of the services: its name, what tells of changes there, and how to read who holds inhibitors."""

    name: str
    signals: tuple[tuple[str, str, str | None], ...]  # interface, member, first argument
    read: Callable[[Callable[..., Coroutine[Any, Any, Any]]], Coroutine[Any, Any, list[tuple[str, str]]]]


class _ListFollower:
    """One service that takes inhibitors, there or not."""

    def __init__(self, bus: Bus, what: _InhibitorList, publish: Callable[[], None]) -> None:
        self.holders = frozenset[Holder]()
        self.problem = ""
        self._bus = bus
        self._list = what
        self._publish = publish
        self._changed = asyncio.Event()
        bus.on_owner(self._on_news, what.name)
        for interface, member, first in what.signals:
            bus.watch(self._on_news, sender=what.name, interface=interface, member=member, arg0=first)

    async def follow(self) -> None:
        """Read the list whenever it may be another one, for ever."""
        await follow(self._changed, self._look_again)

    async def _look_again(self) -> bool:
        holders, problem = await self._look()
        if self._changed.is_set():
            return True  # overtaken while asking: it is asked anew at once
        if problem and problem != self.problem:
            _log.warning("A film or a talk may go unnoticed: %s.", problem)
        self.holders, self.problem = holders, problem
        self._publish()
        return not problem

    async def _look(self) -> tuple[frozenset[Holder], str]:
        """Who holds an inhibitor, and the problem, if it did not say."""
        name, problem = self._list.name, ""
        try:
            async with asyncio.timeout(_PATIENCE_IN_ALL):
                found = await self._list.read(self._call)
                return frozenset(_holder(*each) for each in found if each[0] != _OURSELVES), ""
        except BusLost:
            problem = ""  # of its troubles the bus tells itself
        except (BusTimeout, TimeoutError):
            problem = f"{name} does not answer; {IF_IT_LASTS}"
        except BusError as error:
            # A session manager of that name that knows no inhibitors (elementary, phosh) is as good as none.
            absent = error.nobody or error.unknown
            problem = "" if absent else f"{name} answers with an error: {error}; {IF_IT_LASTS}"
        except BusNonsense as nonsense:
            problem = f"{nonsense}; {IF_IT_LASTS}"
        return frozenset(), problem

    async def _call(self, path: str, interface: str, member: str, answer: str, *flags: int) -> Any:
        """The one value of the answer."""
        (value,) = await self._bus.call(
            self._list.name,
            path,
            interface,
            member,
            "u" * len(flags),
            flags,
            answer=answer,
            timeout=_PATIENCE,
            autostart=False,
        )
        return value

    def _on_news(self, _news: bool | Signal) -> None:
        """Another list, another owner or none, or another bus."""
        self._changed.set()


def _holder(who: str, why: str) -> Holder:
    return Holder(brief(who) or _NAMELESS, brief(why))


async def _read_logind(call: Callable[..., Coroutine[Any, Any, Any]]) -> list[tuple[str, str]]:
    """Those of the person: what others or the system keep awake says nothing about somebody at the desk."""
    listed = await call("/org/freedesktop/login1", f"{_LOGIND}.Manager", "ListInhibitors", "a(ssssuu)")
    return [
        (who, why)
        for what, who, why, mode, uid, _pid in listed
        if uid == os.getuid() and mode == "block" and "idle" in what.split(":")
    ]


async def _read_gnome(call: Callable[..., Coroutine[Any, Any, Any]]) -> list[tuple[str, str]]:
    found = []
    inhibitor = f"{_GNOME}.Inhibitor"
    for path in await call("/org/gnome/SessionManager", _GNOME, "GetInhibitors", "ao"):
        try:
            if await call(path, inhibitor, "GetFlags", "u") & _GNOME_IDLE:
                who = await call(path, inhibitor, "GetAppId", "s")
                found.append((who, await call(path, inhibitor, "GetReason", "s")))
        except BusError:
            continue  # it is over; a signal tells that, too
    return found


async def _read_plasma(call: Callable[..., Coroutine[Any, Any, Any]]) -> list[tuple[str, str]]:
    """The list also names those who only forbid to sleep; whether one keeps the screen on is asked first."""
    path = "/org/kde/Solid/PowerManagement/PolicyAgent"
    if not await call(path, _PLASMA, "HasInhibition", "b", _PLASMA_SCREEN):
        return []
    # Rows of name and reason, structures or (since Plasma 6) lists. None of them is none, but somebody there.
    rows = await call(path, _PLASMA, "ListInhibitions", "a(ss) aas")
    return [("".join(row[:1]), "".join(row[1:2])) for row in rows] or [("", "")]


_OF_LOGIND = _InhibitorList(_LOGIND, ((PROPERTIES, "PropertiesChanged", f"{_LOGIND}.Manager"),), _read_logind)
_OF_GNOME = _InhibitorList(
    _GNOME, ((_GNOME, "InhibitorAdded", None), (_GNOME, "InhibitorRemoved", None)), _read_gnome
)
_OF_PLASMA = _InhibitorList(
    _PLASMA,
    ((_PLASMA, "InhibitionsChanged", None), (PROPERTIES, "PropertiesChanged", _PLASMA)),
    _read_plasma,
)
