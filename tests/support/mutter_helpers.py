"""A mocked idle monitor, and somebody who hears what the sources of presence on D-Bus tell."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from neckguard.desktop.presence.idle_hint import IdleHint
from neckguard.desktop.presence.mutter import Mutter
from neckguard.desktop.presence.source import PresenceSource
from neckguard.errors import SourceLost
from support.helpers import eventually
from support.logind_helpers import Mock, PrivateBus, connection_to, running

MUTTER = "org.gnome.Mutter.IdleMonitor"
MUFFIN = "org.cinnamon.Muffin.IdleMonitor"

TEMPLATE = """
import time
import dbus

BUS_NAME = MAIN_IFACE = {name!r}
MAIN_OBJ = {path!r}
SYSTEM_BUS = False

def load(mock, parameters):
    mock.last = time.monotonic() - {idle!r}
    mock.number = 100
    mock.watches = []

@dbus.service.method(MAIN_IFACE, in_signature="", out_signature={signature!r})
def GetIdletime(self):
    return {answer}

@dbus.service.method(MAIN_IFACE, in_signature="", out_signature="u")
def AddUserActiveWatch(self):
    self.number += 1
    self.watches.append(self.number)
    return self.number

@dbus.service.method(MAIN_IFACE, in_signature="u", out_signature="")
def RemoveWatch(self, number):
    self.watches.remove(number)

@dbus.service.method(MAIN_IFACE, in_signature="", out_signature="")
def Input(self):
    self.last = time.monotonic()
    for number in self.watches:
        self.EmitSignal("", "WatchFired", "u", [dbus.UInt32(number)])
    self.watches.clear()

@dbus.service.method(MAIN_IFACE, in_signature="", out_signature="au")
def Watches(self):
    return self.watches
"""
TRUE_ANSWER = "int((time.monotonic() - self.last) * 1000)"


class Monitor:
    """The mocked idle monitor; `answer` is what GetIdletime returns, as a Python expression."""

    def __init__(
        self, desk: PrivateBus, name: str = MUTTER, idle: float = 0.0, answer: str = "", signature: str = "t"
    ) -> None:
        self.path = f"/{name.replace('.', '/')}/Core"
        filled = TEMPLATE.format(
            name=name, path=self.path, idle=idle, answer=answer or TRUE_ANSWER, signature=signature
        )
        self.mock: Mock = desk.mock(name, filled)

    def input(self) -> None:
        self._call("Input")

    def watches(self) -> list[int]:
        return list(self._call("Watches")[0])

    def _call(self, member: str) -> Any:
        return self.mock.bus.call(self.mock.name, self.path, self.mock.name, member)


@dataclass
class Ear:
    """Hears a source: what was told, and the idle times beside it."""

    trace: list[str] = field(default_factory=list)
    idles: list[float] = field(default_factory=list)
    lost: str = ""

    def input(self, idle: float) -> None:
        self._hear("input", idle)

    def idle(self, idle: float) -> None:
        self._hear("idle", idle)

    def kept_awake(self, on: bool, ago: float) -> None:
        raise AssertionError("this source knows nothing of that")

    def silenced(self, on: bool) -> None:
        raise AssertionError("nothing holds up what it is told")

    def _hear(self, what: str, idle: float) -> None:
        assert idle >= 0
        self.trace.append(what)
        self.idles.append(idle)

    async def serve(self, source: PresenceSource) -> None:
        try:
            await source.serve(self)
        except SourceLost as lost:
            self.lost = str(lost)

    async def has_heard(self, *trace: str) -> None:
        await eventually(lambda: len(self.trace) >= len(trace) or self.lost)
        assert (self.trace, self.lost) == (list(trace), "")

    async def hears_of_loss(self) -> str:
        return await eventually(lambda: self.lost)


@asynccontextmanager
async def hearing(source: PresenceSource) -> AsyncIterator[Ear]:
    """Somebody who hears the source serve."""
    ear = Ear()
    serving = asyncio.ensure_future(ear.serve(source))
    try:
        yield ear
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


class Sat:
    """A source on a connection, and how often it said that it may be served now."""

    def __init__(self, desk: PrivateBus, kind: type[Mutter | IdleHint], threshold: float) -> None:
        self.bus = connection_to(desk)
        self.source = kind(self.bus)
        self.source.watch(threshold)
        self.appeared = 0
        self.source.on_appearance(self._count)

    def _count(self) -> None:
        self.appeared += 1

    async def is_lost(self) -> str:
        """Why it cannot be served now."""
        async with hearing(self.source) as ear:
            lost = await ear.hears_of_loss()
        assert ear.trace == []
        return lost


@asynccontextmanager
async def connected(desk: PrivateBus, kind: type[Mutter | IdleHint], threshold: float) -> AsyncIterator[Sat]:
    """The source on a running connection, not served."""
    sat = Sat(desk, kind, threshold)
    async with running(sat.bus.run):
        await eventually(lambda: sat.bus.connected)
        yield sat


@asynccontextmanager
async def listening(
    desk: PrivateBus, kind: type[Mutter | IdleHint], threshold: float
) -> AsyncIterator[tuple[Sat, Ear]]:
    """The source, served."""
    async with connected(desk, kind, threshold) as sat, hearing(sat.source) as ear:
        yield sat, ear
