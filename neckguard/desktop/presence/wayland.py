"""Presence on Wayland, where the compositor offers ext_idle_notifier_v1.

sway since 1.8, Hyprland, niri, river, COSMIC, Plasma since 5.27. Event-driven: while somebody is active, and
while nobody is, nothing is sent and nothing wakes us. What speaks the protocol is loaded where a display is.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from neckguard.errors import SourceLost

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from neckguard.desktop.presence.source import Told
    from neckguard.desktop.presence.wayland_idle import Idleness
    from neckguard.desktop.presence.wayland_seat import BoundSeat

NO_DISPLAY = "there is no Wayland display"


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
            from neckguard.desktop.presence.wayland_idle import Idleness

            self.note = seat.note
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

    async def _open_any(self) -> BoundSeat:
        problem = NO_DISPLAY
        for path in await self._find():
            from neckguard.desktop.presence.wayland_seat import open_seat

            try:
                return await open_seat(path)
            except SourceLost as lost:
                problem = str(lost)
            except OSError:  # a socket that a dead compositor left
                continue
        raise SourceLost(problem)
