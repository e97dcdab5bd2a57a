"""Whether an application fills the screen, when asked.

Nothing of it is resident but what was seen last: with a prompt owed, the display is asked who is in front.
On Wayland the X server is not asked: it shows some of the windows only.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, NoReturn

from neckguard.core import QuietChanged, QuietReason
from neckguard.desktop.display.place import wayland_sockets, x_display
from neckguard.desktop.quiet.streams import Names, known_as
from neckguard.errors import SourceLost
from neckguard.value import value

NOT_TOLD = "this desktop does not tell what fills the screen, so quiet.fullscreen has no effect here"
_FILLED = "an application fills the screen"
_LIMIT = 1.0  # seconds for one look

_log = logging.getLogger(__name__)


@value
class _Seen:
    """What the last look saw."""

    source: str = ""  # who told
    filled: bool = False
    names: Names = ()  # of the application, as far as known
    note: str = ""
    problem: str = ""


class Fullscreen:
    """Looks for the quiet reason `fullscreen`, and tells it each time.

    `find` gives the variables that say where the display is; `limit` is in seconds.
    """

    def __init__(
        self,
        tell: Callable[[QuietChanged], None],
        find: Callable[[], Awaitable[Mapping[str, str]]],
        *,
        limit: float = _LIMIT,
    ) -> None:
        self._tell = tell
        self._find = find
        self._limit = limit
        self._wanted = False
        self._ignored = frozenset[str]()
        self._seen = _Seen()
        self._changed = asyncio.Event()

    def configure(self, wanted: bool, ignore: tuple[str, ...]) -> None:
        """Whether to look from now on; applications named in `ignore` may fill the screen."""
        self._wanted = wanted
        self._ignored = frozenset(name.casefold() for name in ignore)
        if wanted:
            self._changed.set()
        else:
            self._seen = _Seen()

    async def run(self) -> NoReturn:
        """Look whenever new settings want it, so that `status` says soon if nobody tells; for ever."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self.look()

    async def look(self) -> None:
        """Look once, within the limit, and tell. What fails is taken as not filled, and shown in `status`."""
        seen = await self._look() if self._wanted else _Seen()
        if seen.problem and seen.problem != self._seen.problem:
            _log.warning("What fills the screen may go unnoticed: %s.", seen.problem)
        self._seen = seen
        counts = seen.filled and self._ignored.isdisjoint(map(str.casefold, seen.names))
        name = seen.names[0] if seen.names else ""
        self._tell(QuietChanged(QuietReason.FULLSCREEN, _FILLED if counts else "", name if counts else ""))

    def status(self) -> dict[str, Any]:
        """What the last look saw, with the name of the application: to be said now, not to be kept."""
        seen = self._seen
        return {
            "ok": not seen.problem,
            "problem": seen.problem,
            "note": seen.note,
            "source": seen.source,
            "on": seen.filled,
            "application": seen.names[0] if seen.names else "",
        }

    async def _look(self) -> _Seen:
        try:
            async with asyncio.timeout(self._limit):
                source, found = await _ask(await self._find())
        except TimeoutError:
            return _Seen(problem="the display does not answer")
        except SourceLost as lost:
            return _Seen(problem=str(lost))
        if found is None:
            return _Seen(note=NOT_TOLD)
        return _Seen(source, bool(found), known_as(*found))


async def _ask(environment: Mapping[str, str]) -> tuple[str, tuple[str, ...] | None]:
    """Who told, and the names of what fills the screen in front; empty: nothing does; None: nobody tells."""
    # Imported when needed: most never ask.
    for socket in wayland_sockets(environment):
        from neckguard.desktop.quiet.windows_wayland import on_wayland

        with suppress(OSError):  # a dead compositor leaves its socket
            return "wayland", await on_wayland(socket)
    if x_display(environment)[0]:
        from neckguard.desktop.quiet.windows_x11 import on_x11

        return "x11", await on_x11(*x_display(environment))
    return "", ()  # there is no display to be filled
