"""The seat of a Wayland display, and the notifications that ext_idle_notifier_v1 offers for it."""

import asyncio
from collections.abc import Callable
from typing import NoReturn

from neckguard.desktop.display.wayland_wire import LIMIT, WaylandLink, connect, text, word
from neckguard.errors import SourceLost
from neckguard.value import value

NOTIFIER, SEAT = "ext_idle_notifier_v1", "wl_seat"
NO_NOTIFIER = (
    f"this Wayland compositor does not offer {NOTIFIER} "
    "(sway does since 1.8, Plasma since 5.27); a newer one may help"
)
VERSION_1 = (
    "while an application keeps the screen awake (a film, a call) this compositor does not tell whether you "
    f"are there, so that time counts, whatever still_ignore says; {NOTIFIER} version 2 would tell"
)
# Opcodes of requests and events, from wayland.xml and ext-idle-notify-v1.xml.
_GLOBAL, _GLOBAL_REMOVE = 0, 1
_SEAT_NAME = 1
_DESTROY, _GET_PLAIN, _GET_INPUT = 0, 1, 2


@value
class _Global:
    """Something a compositor offers, by the name that is a number."""

    name: int
    version: int


class BoundSeat:
    """A seat with its notifier, bound."""

    def __init__(self, link: WaylandLink, notifier: int, version: int, seat: int) -> None:
        self.link = link
        self.tells_input = version >= 2  # noqa: PLR2004 - since version 2 of the protocol
        self.note = "" if self.tells_input else VERSION_1
        self._notifier = notifier
        self._seat = seat

    def notify(self, timeout: float, handler: Callable[[int], None], *, inhibited: bool) -> int:
        """A new notification, or while `inhibited` one that applications can hold up; its number."""
        number = self.link.create(lambda opcode, _body: handler(opcode))
        milliseconds = max(1, round(timeout * 1000))
        opcode = _GET_PLAIN if inhibited else _GET_INPUT
        self.link.request(self._notifier, opcode, number, milliseconds, self._seat)
        return number

    def drop(self, number: int) -> None:
        """End a notification."""
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

    async def seat(self) -> BoundSeat:
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
        return BoundSeat(self._link, bound, version, best)

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


async def open_seat(path: str) -> BoundSeat:
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
