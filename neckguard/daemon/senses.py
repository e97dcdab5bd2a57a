"""What neckguard perceives of the person: who tells of inputs, and what can disturb."""

import asyncio
from collections.abc import Callable
from typing import Any

from neckguard.core import Event, QuietChanged, QuietReason, QuietSettings
from neckguard.daemon.clock import boot_time
from neckguard.desktop.bus.bus import Bus
from neckguard.desktop.presence.chooser import PresenceChooser
from neckguard.desktop.presence.display import desktop_environment, wayland_sockets
from neckguard.desktop.presence.idle_hint import IdleHint
from neckguard.desktop.presence.mutter import Mutter
from neckguard.desktop.presence.wayland import Wayland
from neckguard.desktop.presence.x11 import X11
from neckguard.desktop.quiet.dnd import DoNotDisturb
from neckguard.desktop.quiet.media import Media


def make_presence(session_bus: Bus, system_bus: Bus, emit: Callable[[Event], None]) -> PresenceChooser:
    """All sources of presence, the most trusted first."""

    async def sockets() -> list[str]:
        return wayland_sockets(await desktop_environment(session_bus))

    async def environment() -> dict[str, str]:
        return await desktop_environment(session_bus)

    mutter, hint = Mutter(session_bus), IdleHint(system_bus)
    presence = PresenceChooser((mutter, Wayland(sockets), X11(environment), hint), emit, boot_time)
    mutter.on_appearance(lambda: presence.renew(mutter.name))
    hint.on_appearance(lambda: presence.renew(hint.name))
    return presence


class Disturbances:
    """Do not disturb, calls and a shared screen."""

    def __init__(self, session_bus: Bus, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self._on: set[QuietReason] = set()  # told last
        self._dnd = DoNotDisturb(session_bus, self._tell)
        self._media = Media(self._tell)

    async def run(self) -> None:
        """Follow for ever what announces itself."""
        await self._dnd.run()

    async def look(self) -> None:
        """Tell how it is now."""
        await asyncio.gather(self._dnd.look(), self._media.look())

    def configure(self, settings: QuietSettings) -> None:
        """Ask only for what counts."""
        self._media.configure(settings.calls, settings.presenting, settings.calls_ignore)

    def renew(self) -> None:
        """The machine slept: nothing that was told is certain any more."""
        self._dnd.renew()

    def _tell(self, event: QuietChanged) -> None:
        """Pass it on, but not what is off as before: each turn of the inbox costs."""
        if event.detail or event.reason in self._on:
            self._emit(event)
        (self._on.add if event.detail else self._on.discard)(event.reason)

    def status(self) -> dict[str, dict[str, Any]]:
        """Their parts of `services` in `status --json`."""
        return {"dnd": self._dnd.status(), "calls": self._media.status()}
