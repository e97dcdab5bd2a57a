"""Presence on Wayland, where the compositor offers ext_idle_notifier_v1.

sway since 1.8, Hyprland, niri, river, COSMIC, Plasma since 5.27. Event-driven: while somebody is active, and
while nobody is, nothing is sent and nothing wakes us.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn

from neckguard.desktop.display.wayland_wire import LIMIT, WaylandLink, connect, text, word
from neckguard.desktop.presence.source import Told
from neckguard.desktop.presence.wayland_idle import Idleness
from neckguard.errors import SourceLost
from neckguard.value import value

NOTIFIER, SEAT = "ext_idle_notifier_v1", "wl_seat"
NO_DISPLAY = "there is no Wayland display"
NO_NOTIFIER = (
    f"this Wayland compositor does not offer {NOTIFIER} "
    "(sway does since 1.8, Plasma since 5.27); a newer one may help"
)
VERSION_1 = (
    "while an application keeps the screen awake (a film, a call) this compositor does not tell whether you "
    f"are there, so that time counts; {NOTIFIER} version 2 would tell"
)
# Opcodes of requests and events, from wayland.xml and ext-idle-notify-v1.xml.
_GLOBAL, _GLOBAL_REMOVE = 0, 1
_SEAT_NAME = 1
_DESTROY, _GET_PLAIN, _GET_INPUT = 0, 1, 2


class Wayland:
    """Tells of the seat of the first display that can; `find` gives sockets to try in order."""

    name = "wayland"

    def __init__(self, find: Callable[[], Awaitable[list[str]]]) -> None:
        self.note = ""
        self._find = find
        self._threshold = 300.0
        self._idleness: Idleness | None = None

    async def serve(self, told: Told) -> None:
        """Tell for ever.

        Raises:
            SourceLost: there is no display that can tell, or no longer.
        """
        self.note = ""
        seat = await self._open_any()
        try:
            self.note = "" if seat.tells_input else VERSION_1
            self._idleness = Idleness(seat, told, self._threshold)
            while True:
                await seat.link.dispatch()
        finally:
            if self._idleness is not None:
                self._idleness.close()
                self._idleness = None
            seat.link.close()

    def watch(self, threshold: float) -> None:
        """Idle times of this length matter from now on."""
        self._threshold = threshold
        if self._idleness is not None:
            # Not from within: whoever is told may call this.
            asyncio.get_running_loop().call_soon(self._on_watch)

    async def look(self) -> float | None:
        """How long there was no input; None while somebody is active."""
        return None if self._idleness is None else self._idleness.idle

    def _on_watch(self) -> None:
        if self._idleness is not None:
            self._idleness.watch(self._threshold)

    async def _open_any(self) -> "_BoundSeat":
        problem = NO_DISPLAY
        for path in await self._find():
            try:
                return await _open(path)
            except SourceLost as lost:
                problem = str(lost)
            except OSError:  # a socket that a dead compositor left
                continue
        raise SourceLost(problem)


@value
class _Global:
    """Something a compositor offers, by the name that is a number."""

    name: int
    version: int


class _BoundSeat:
    """A seat with its notifier, bound."""

    def __init__(self, link: WaylandLink, notifier: int, version: int, seat: int) -> None:
        self.link = link
        self.tells_input = version >= 2  # noqa: PLR2004 - since version 2 of the protocol
        self._notifier = notifier
        self._seat = seat

    def notify(self, timeout: float, handler: Callable[[int], None], *, inhibited: bool) -> int:
        number = self.link.create(lambda opcode, _body: handler(opcode))
        milliseconds = max(1, round(timeout * 1000))
        opcode = _GET_PLAIN if inhibited else _GET_INPUT
        self.link.request(self._notifier, opcode, number, milliseconds, self._seat)
        return number

    def drop(self, number: int) -> None:
        self.link.request(number, _DESTROY)
        self.link.forget(number)


class _Registry:
    """What a compositor offers."""

    def __init__(self, link: WaylandLink) -> None:
        self._link = link
        self._notifiers: list[_Global] = []
        self._seats: list[_Global] = []
        self._used: set[int] = set()
        self._seat_names: dict[int, str] = {}  # by the number of the bound seat
        self._number = link.get_registry(self._on_event)

    async def seat(self) -> _BoundSeat:
        """The seat to watch. Raises SourceLost."""
        await self._link.roundtrip()
        if not self._notifiers or not self._seats:
            raise SourceLost(NO_NOTIFIER)
        notifier = self._notifiers[0]
        version = min(notifier.version, 2)
        bound = self._link.bind(self._number, notifier.name, NOTIFIER, version, lambda _opcode, _body: None)
        seats = {self._bind_seat(offered): offered for offered in self._seats}
        await self._link.roundtrip()
        # seat0 is the machine's own seat in logind, and compositors name theirs so; others are virtual.
        best = next((number for number in seats if self._seat_names.get(number) == "seat0"), min(seats))
        self._used = {notifier.name, seats[best].name}
        return _BoundSeat(self._link, bound, version, best)

    def _bind_seat(self, offered: _Global) -> int:
        def on_event(opcode: int, body: bytes) -> None:
            if opcode == _SEAT_NAME:
                self._seat_names[number] = text(body, 0)[0]

        version = min(offered.version, 2)  # names came with version 2
        number = self._link.bind(self._number, offered.name, SEAT, version, on_event)
        return number

    def _on_event(self, opcode: int, body: bytes) -> None:
        name = word(body, 0)
        if opcode == _GLOBAL:
            interface, end = text(body, 4)
            kinds = {NOTIFIER: self._notifiers, SEAT: self._seats}
            if interface in kinds:
                kinds[interface].append(_Global(name, word(body, end)))
        elif opcode == _GLOBAL_REMOVE and name in self._used:
            _gone()


def _gone() -> NoReturn:
    raise SourceLost("the Wayland compositor took its seat or its idle notifier away")


async def _open(path: str) -> _BoundSeat:
    """Raises SourceLost: it cannot tell; OSError: nobody listens there."""
    link: WaylandLink | None = None
    try:
        async with asyncio.timeout(LIMIT):
            link = await connect(path)
            return await _Registry(link).seat()
    except BaseException as error:
        if link is not None:
            link.close()
        if isinstance(error, TimeoutError):
            raise SourceLost("the Wayland display does not answer") from None
        raise
