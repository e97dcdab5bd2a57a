"""What fills the screen on X11: what window managers set (EWMH: _NET_ACTIVE_WINDOW, _NET_WM_STATE).

One short connection for each question: a lasting one would wake us for every window that comes to the front.
"""

import struct

from neckguard.desktop.display.x11_wire import X11Link, is_xwayland, open_link, padded, request
from neckguard.errors import SourceLost

# Of X.h and Xatom.h.
_INTERN_ATOM, _GET_PROPERTY = 16, 20
_ANY_TYPE, _WM_CLASS = 0, 67
_MOST = 1024  # words of a property
_WORDS = 32  # bits of each item of the properties that are lists


async def on_x11(display: str, authority: str) -> tuple[str, ...] | None:
    """Names of what fills the screen in front; empty: nothing does; None: the window manager tells nobody.

    Raises:
        SourceLost: the X server cannot be asked, or it makes no sense.
    """
    link = await open_link(display, authority)
    try:
        # It shows some windows only, and what is in front of them it does not know.
        return None if await is_xwayland(link) else await _look(link)
    except struct.error:
        raise SourceLost("the X server answers nonsense about its windows") from None
    finally:
        link.close()


async def _look(link: X11Link) -> tuple[str, ...] | None:
    supported, active, state, full = [
        await _atom(link, f"_NET_{name}")
        for name in ("SUPPORTED", "ACTIVE_WINDOW", "WM_STATE", "WM_STATE_FULLSCREEN")
    ]
    known = await _words(link, link.root, supported)
    if active not in known or full not in known:
        return None
    window = next(iter(await _words(link, link.root, active)), 0)
    try:
        if not window or full not in await _words(link, window, state):
            return ()
        # The instance and the class, each with a zero at its end; the class is what people know it by.
        _, called = await _property(link, window, _WM_CLASS)
    except SourceLost:
        if link.lost.done():
            raise
        return ()  # the window was closed just now, or its window manager died
    return tuple(reversed(called.decode(errors="replace").rstrip("\0").split("\0")))


async def _atom(link: X11Link, name: str) -> int:
    word = name.encode()
    answer = await link.ask(request(_INTERN_ATOM, 0, f"Hxx{len(padded(word))}s", len(word), padded(word)))
    (atom,) = struct.unpack_from("=I", answer, 8)
    return int(atom)


async def _words(link: X11Link, window: int, name: int) -> tuple[int, ...]:
    """The items of a property that is a list; none, if it is not there."""
    bits, content = await _property(link, window, name)
    return struct.unpack(f"={len(content) // 4}I", content) if bits == _WORDS else ()


async def _property(link: X11Link, window: int, name: int) -> tuple[int, bytes]:
    """How many bits its items have, and the property itself; 0 and nothing, if it is not there."""
    answer = await link.ask(request(_GET_PROPERTY, 0, "IIIII", window, name, _ANY_TYPE, 0, _MOST))
    (items,) = struct.unpack_from("=I", answer, 16)
    content = answer[32 : 32 + items * answer[1] // 8]
    return answer[1], content
