"""Presence from an X server: asked for the idle time, and told of the first input after it.

Raw inputs are selected only while nobody is there, so that typing and moving the mouse wake nobody up.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from neckguard.desktop.presence.display import x_display
from neckguard.desktop.presence.poll import Poller
from neckguard.desktop.presence.source import SourceLost, Told

if TYPE_CHECKING:
    from neckguard.desktop.presence.x11_server import Server


class X11:
    """A `Source`; `find` gives the variables that say where the display is."""

    name = "x11"
    note = ""

    def __init__(self, find: Callable[[], Awaitable[dict[str, str]]]) -> None:
        self._find = find
        self._poller = Poller(self)
        self._server: Server | None = None

    def watch(self, threshold: float) -> None:
        """Idle times of this length matter from now on."""
        self._poller.watch(threshold)

    async def serve(self, told: Told) -> None:
        """Tell for ever.

        Raises:
            SourceLost: there is no X server, it cannot tell, it does not answer, or it went away.
        """
        display, authority = x_display(await self._find())
        # Only here: python-xlib is not in the memory of those who live under Wayland.
        from neckguard.desktop.presence.x11_server import meet

        self._server = await meet(display, authority)
        lost = self._server.link.lost
        telling = asyncio.ensure_future(self._poller.serve(told))
        try:
            await asyncio.wait((telling, lost), return_when=asyncio.FIRST_COMPLETED)
            if lost.done():
                raise SourceLost(lost.result())
            telling.result()  # raises
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
            self._server.link.close()
            self._server = None

    async def look(self) -> float | None:
        """How long there was no input, in seconds; None: not known."""
        try:
            return await self.ask()
        except SourceLost:
            return None

    async def ask(self) -> float:
        """Seconds without input.

        Raises:
            SourceLost: nobody tells.
        """
        if self._server is None:
            raise SourceLost("there is no X server")
        return await self._server.idle()

    async def next_input(self) -> None:
        """Returns at the first input after its first await.

        Raises:
            SourceLost: there is no X server.
        """
        if self._server is None:
            raise SourceLost("there is no X server")
        from neckguard.desktop.presence.x11_server import RAW_INPUT

        server = self._server
        server.link.event.clear()
        server.select(RAW_INPUT)
        try:
            await server.link.event.wait()
        finally:
            server.select(0)
