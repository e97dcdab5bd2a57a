"""What fills the screen on Wayland, where the compositor offers zwlr_foreign_toplevel_manager_v1.

sway, Hyprland, niri, river, labwc, Wayfire. Mutter and KWin tell it to their own panels alone. One short
connection for each question: a lasting one would wake us for every title that changes.
"""

import struct
from dataclasses import dataclass

from neckguard.desktop.display.wayland_wire import WaylandLink, connect, text, word

MANAGER = "zwlr_foreign_toplevel_manager_v1"
_VERSION = 2  # since then it tells of full screens
# Opcodes of events and states of windows, from wlr-foreign-toplevel-management-unstable-v1.xml.
_GLOBAL, _TOPLEVEL = 0, 0
_APP_ID, _STATE, _CLOSED = 1, 4, 6
_ACTIVATED, _FULLSCREEN = 2, 3


@dataclass(slots=True, eq=False)
class _Window:
    """A window, as far as it was told of."""

    app_id: str = ""
    fills: bool = False

    def on_event(self, opcode: int, body: bytes) -> None:
        if opcode == _APP_ID:
            self.app_id = text(body, 0)[0]
        elif opcode == _STATE:
            states = struct.unpack_from(f"={word(body, 0) // 4}I", body, 4)
            self.fills = _ACTIVATED in states and _FULLSCREEN in states
        elif opcode == _CLOSED:
            self.fills = False


async def on_wayland(socket: str) -> tuple[str, ...] | None:
    """Names of what fills the screen in front; empty: nothing does; None: this compositor tells nobody.

    Raises:
        OSError: nobody listens there.
        SourceLost: it makes no sense.
    """
    link = await connect(socket)
    try:
        return await _look(link)
    finally:
        link.close()


async def _look(link: WaylandLink) -> tuple[str, ...] | None:
    offered: list[tuple[int, int]] = []  # name and version
    windows: list[_Window] = []

    def on_global(opcode: int, body: bytes) -> None:
        interface, end = text(body, 4) if opcode == _GLOBAL else ("", 0)
        if interface == MANAGER:
            offered.append((word(body, 0), word(body, end)))

    def on_toplevel(opcode: int, body: bytes) -> None:
        if opcode == _TOPLEVEL:
            windows.append(_Window())
            link.adopt(word(body, 0), windows[-1].on_event)

    registry = link.get_registry(on_global)
    await link.roundtrip()
    name, version = next(iter(offered), (0, 0))
    if version < _VERSION:
        return None
    link.bind(registry, name, MANAGER, _VERSION, on_toplevel)
    await link.roundtrip()
    return tuple(window.app_id for window in windows if window.fills)
