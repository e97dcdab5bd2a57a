"""Presence from an X server: asked for the idle time, and told of the first raw input after the question.

What resets the screen saver (a player, a script that keeps the light on, a pointer that is warped) starts the
server's idle time anew, and all its devices', as an input does; but it is no raw input. Only one is awaited
after each question, so that typing and moving the mouse wake nobody up.
"""

import asyncio
import struct
from collections.abc import Awaitable, Callable

from neckguard.desktop.display.place import x_display
from neckguard.desktop.display.x11_wire import X11Link, is_xwayland, open_link, request
from neckguard.desktop.presence.source import Poller, Told
from neckguard.errors import SourceLost

# Opcodes of the extensions' requests: saverproto.h, XI2proto.h.
_SAVER_QUERY_INFO = 1
_SELECT_EVENTS, _QUERY_VERSION = 46, 47
_ALL_MASTER_DEVICES = 1
# XI2.h, XI_RawKeyPress .. XI_RawMotion, and XI_RawTouchBegin .. XI_RawTouchEnd since version 2.2.
_RAW_INPUT = sum(1 << event for event in (*range(13, 18), *range(22, 25)))
_TOUCHES_SINCE = (2, 2)
# Seconds without a reset after which nothing keeps the session awake: scripts reset savers of five minutes.
_RESETS_WITHIN = 300.0
_JITTER = 0.1  # seconds by which two readings of one idle time may differ
# ms, 25 days; the counter has 32 bits, and a clock gone back shows as a value near 2**32.
_MOST_IDLE = 1 << 31


class X11:
    """A source of presence: the X server; `find` gives the variables that say where the display is."""

    name = "x11"
    note = ""

    def __init__(self, find: Callable[[], Awaitable[dict[str, str]]]) -> None:
        self._find = find
        self._poller = Poller(self)
        self._server: _XServer | None = None
        self._told: Told | None = None
        self._kept_awake = False
        self._recheck: asyncio.TimerHandle | None = None

    def watch(self, threshold: float) -> None:
        """Idle times of this length matter from now on."""
        self._poller.watch(threshold)

    async def serve(self, told: Told) -> None:
        """Tell for ever.

        Raises:
            SourceLost: there is no X server, it cannot tell, it does not answer, or it went away.
        """
        self._server = await _meet(*x_display(await self._find()))
        self._told, self._kept_awake = told, False
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
            self._server = self._told = None
            if self._recheck is not None:
                self._recheck.cancel()

    async def look(self) -> float | None:
        """How long there was no input, in seconds; None: not known."""
        try:
            return None if self._server is None else await self._server.look()
        except SourceLost:
            return None

    async def ask(self) -> float:
        """Seconds without input.

        Raises:
            SourceLost: nobody tells.
        """
        if self._server is None:
            raise SourceLost("there is no X server")
        idle, since_reset = await self._server.idle()
        self._tell_awake(idle, since_reset)
        return idle

    async def next_input(self) -> None:
        """Returns at the first input after the last question.

        Raises:
            SourceLost: there is no X server.
        """
        if self._server is None:
            raise SourceLost("there is no X server")
        await self._server.input.wait()

    def _tell_awake(self, idle: float, since_reset: float) -> None:
        """Whether something keeps the session awake: it reset the saver after the last input, and of late."""
        awake = since_reset < min(idle - _JITTER, _RESETS_WITHIN)
        if self._recheck is not None:
            self._recheck.cancel()
        if awake:
            self._recheck = asyncio.get_running_loop().call_later(
                _RESETS_WITHIN - since_reset, self._poller.ask_soon
            )
        if awake != self._kept_awake and self._told is not None:
            self._kept_awake = awake
            self._told.kept_awake(awake, since_reset)


class _XServer:
    """An X server that tells; its extensions by the numbers under which they are served."""

    def __init__(self, link: X11Link, saver: int, inputs: int) -> None:
        self.link = link
        self.input = asyncio.Event()  # there was one, and none is awaited
        self.input.set()
        self._last: float | None = None  # loop time of the last input, as long as none came after it
        self._saver = saver
        self._inputs = inputs
        link.on_event = self._on_input

    async def idle(self) -> tuple[float, float]:
        """Seconds without input, and since the saver was reset, by an input or else; an input is awaited now.

        Raises:
            SourceLost: it does not tell, or nonsense.
        """
        if self.input.is_set():
            self.input.clear()
            self._last = None
            self._select(_RAW_INPUT)  # before the question: an input in between would be lost
        asked = _now()
        since_reset = await self._since_reset()
        if self._last is not None and not self.input.is_set():
            return asked - self._last, since_reset
        # Which of the two it was nobody knows; inputs that come from now on are told.
        self._last = _now() - since_reset
        return since_reset, since_reset

    async def look(self) -> float:
        """Seconds without input. Raises SourceLost."""
        since_reset = await self._since_reset()
        return since_reset if self._last is None or self.input.is_set() else _now() - self._last

    def _on_input(self) -> None:
        if not self.input.is_set():
            self.input.set()
            self._select(0)

    async def _since_reset(self) -> float:
        """What the server calls idle time. Raises SourceLost.

        (That DPMS reset it, too, was mended in X.Org in 2009; xprintidle still works around it.)
        """
        answer = await self.link.ask(request(self._saver, _SAVER_QUERY_INFO, "I", self.link.root))
        (idle,) = struct.unpack_from("=I", answer, 16)
        if idle >= _MOST_IDLE:
            raise SourceLost(f"the X server answers nonsense: idle for {idle} ms")
        return float(idle) / 1000

    def _select(self, events: int) -> None:
        """Be told of these raw inputs, also while another program grabs the device; 0: of none."""
        mask = events.to_bytes(4 if events else 0, "little")  # bytes, the lowest first on all machines
        one_mask = 1, _ALL_MASTER_DEVICES, len(mask) // 4, mask
        layout = f"IHxxHH{len(mask)}s"
        self.link.tell(request(self._inputs, _SELECT_EVENTS, layout, self.link.root, *one_mask))


async def _meet(display: str, authority: str) -> _XServer:
    """Connect, and see that it can tell; `authority` is the file with the keys to displays.

    Raises:
        SourceLost: there is none, it does not want us, or it cannot tell.
    """
    link = await open_link(display, authority)
    try:
        return await _introduced(link)
    except BaseException:
        link.close()
        raise


async def _introduced(link: X11Link) -> _XServer:
    # First: old ones have all that is needed, but see only the inputs to X11 windows.
    if await is_xwayland(link):
        raise SourceLost("the X server is Xwayland, which does not see all inputs")
    saver = await _needed(link, "MIT-SCREEN-SAVER")
    inputs = await _needed(link, "XInputExtension")
    # Without this question it would keep raw inputs from us while another program grabs the device.
    answer = await link.ask(request(inputs, _QUERY_VERSION, "HH", *_TOUCHES_SINCE))
    if struct.unpack_from("=HH", answer, 8) < _TOUCHES_SINCE:
        raise SourceLost("the X server lacks version 2.2 of the extension XInputExtension")
    return _XServer(link, saver, inputs)


async def _needed(link: X11Link, extension: str) -> int:
    number = await link.extension(extension)
    if number is None:
        raise SourceLost(f"the X server lacks the extension {extension}")
    return number


def _now() -> float:
    return asyncio.get_running_loop().time()
