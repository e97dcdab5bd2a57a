"""What an X server is asked: the idle time, and for a sign of the next input.

The messages of the extensions are python-xlib's; those of the core protocol and of RandR are packed by hand,
because its modules with all of them would cost 0.9 MB of memory for good.
"""

import struct
from contextlib import redirect_stdout
from os import uname
from typing import Any

from Xlib import error, xauth
from Xlib.ext import screensaver, xinput

from neckguard.desktop.presence.source import SourceLost
from neckguard.desktop.presence.x11_link import Link, display_number, open_link

# python-xlib does not know the touches: XIproto.h, XI_RawTouchBegin .. XI_RawTouchEnd.
_RAW_TOUCHES = 1 << 22 | 1 << 23 | 1 << 24
RAW_INPUT: int = (
    xinput.RawKeyPressMask
    | xinput.RawKeyReleaseMask
    | xinput.RawButtonPressMask
    | xinput.RawButtonReleaseMask
    | xinput.RawMotionMask
    | _RAW_TOUCHES
)
_TOUCHES_SINCE = (2, 2)
# ms, 25 days; the counter has 32 bits, and a clock gone back shows as a value near 2**32.
_MOST_IDLE = 1 << 31
# GetScreenResourcesCurrent (GetScreenResources would probe the monitors) and GetOutputInfo.
_RANDR_OUTPUTS, _RANDR_OUTPUT = 25, 9
_ANY_HOST = 65535  # FamilyWild of libXau, which python-xlib does not know


class Server:
    """An X server that tells."""

    def __init__(self, link: Link, saver: int, inputs: int) -> None:
        self.link = link
        self._saver = saver
        self._inputs = inputs

    async def idle(self) -> float:
        """Seconds without input.

        A video player that holds off the screen saver by XResetScreenSaver starts this counter anew, as an
        input would. (That DPMS did so, too, was mended in X.Org in 2009; xprintidle still works around it.)

        Raises:
            SourceLost: it does not tell, or nonsense.
        """
        question = _pack(screensaver.QueryInfo, opcode=self._saver, drawable=self.link.root)
        (idle,) = struct.unpack_from("=I", await self.link.ask(question), 16)
        if idle >= _MOST_IDLE:
            raise SourceLost(f"the X server answers nonsense: idle for {idle} ms")
        return float(idle) / 1000

    def select(self, inputs: int) -> None:
        """Be told of these raw inputs, also while another program grabs the device; 0: of none."""
        masks = [(xinput.AllMasterDevices, inputs)]
        self.link.tell(_pack(xinput.XISelectEvents, opcode=self._inputs, window=self.link.root, masks=masks))


async def meet(display: str, authority: str) -> Server:
    """Connect, and see that it can tell; `authority` is the file with the keys to displays.

    Raises:
        SourceLost: there is none, it does not want us, or it cannot tell.
    """
    number = display_number(display)
    link = await open_link(number, _cookie(authority, number))
    try:
        return await _introduced(link)
    except BaseException:
        link.close()
        raise


async def _introduced(link: Link) -> Server:
    # First: old ones have all that is needed, but see only the inputs to X11 windows.
    if await _is_xwayland(link):
        raise SourceLost("the X server is Xwayland, which does not see all inputs")
    saver = await link.extension(screensaver.extname)
    if saver is None:
        raise SourceLost("the X server lacks the extension MIT-SCREEN-SAVER")
    inputs = await link.extension(xinput.extname)
    if inputs is None:
        raise SourceLost("the X server lacks the extension XInputExtension")
    # Without this question it would keep raw inputs from us while another program grabs the device.
    major, minor = _TOUCHES_SINCE
    question = _pack(xinput.XIQueryVersion, opcode=inputs, major_version=major, minor_version=minor)
    if struct.unpack_from("=HH", await link.ask(question), 8) < _TOUCHES_SINCE:
        raise SourceLost("the X server lacks version 2.2 of the extension XInputExtension")
    return Server(link, saver, inputs)


async def _is_xwayland(link: Link) -> bool:
    """By its own extension (since Xwayland 23.1), or by the name of an output (before)."""
    if await link.extension("XWAYLAND") is not None:
        return True
    randr = await link.extension("RANDR")
    if randr is None:
        return False
    answer = await link.ask(struct.pack("=BBHI", randr, _RANDR_OUTPUTS, 2, link.root))
    stamp, crtcs, outputs = struct.unpack_from("=IHH", answer, 12)
    if not outputs:
        return False
    try:
        (output,) = struct.unpack_from("=I", answer, 32 + 4 * crtcs)
    except struct.error:
        raise SourceLost("the X server answers nonsense about its outputs") from None
    return b"XWAYLAND" in await link.ask(struct.pack("=BBHII", randr, _RANDR_OUTPUT, 3, output, stamp))


def _pack(message: Any, **values: Any) -> bytes:
    packed: bytes = message._request.to_binary(**values)  # noqa: SLF001 - the public way would send, and wait
    return packed


def _cookie(authority: str, number: str) -> bytes:
    """The key to this display; empty: none is known, and maybe none is needed."""
    try:
        with redirect_stdout(None):  # it prints its warnings
            entries = xauth.Xauthority(authority).entries
    except error.XauthError:
        return b""
    for family, host, display, name, key in entries:
        here = family == _ANY_HOST or (family == xauth.FamilyLocal and host == uname().nodename.encode())
        if here and display in {b"", number.encode()} and name == b"MIT-MAGIC-COOKIE-1":
            return bytes(key)
    return b""
