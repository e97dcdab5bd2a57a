"""An icon in the tray, where there is one: org.kde.StatusNotifierItem over our own connection, no toolkit.

It does nothing by time: it announces itself when somebody begins to watch for such items, and says what
changed when the daemon was up anyway. That it has no Activate makes hosts open its menu.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from neckguard.desktop.bus.bus import IF_IT_LASTS, Bus, BusError, BusLost, BusTimeout
from neckguard.desktop.bus.objects import Offer, Variant
from neckguard.desktop.bus.signals import follow
from neckguard.desktop.tray import menu
from neckguard.desktop.tray.menu import Entry, Menu
from neckguard.texts import clean
from neckguard.value import value

WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"
INTERFACE = "org.kde.StatusNotifierItem"
PATH = "/StatusNotifierItem"
_PATIENCE = 5.0  # seconds for an answer

log = logging.getLogger(__name__)


@value
class Look:
    """What it shows: the shape of its icon (see `pixmaps`), and the words for a pointer that rests on it."""

    shape: str
    words: str


class Tray:
    """The icon and its menu; `look`, `draw` and `choose` say what is on them and what a click does."""

    def __init__(
        self,
        bus: Bus,
        look: Callable[[], Look],
        draw: Callable[[], tuple[Entry, ...]],
        choose: Callable[[Entry], None],
        *,
        wanted: bool,
    ) -> None:
        self.shown = False  # somebody took it
        self._bus = bus
        self._look = look
        self._wanted = wanted
        self._told: Look | None = None
        self._problem = ""
        self._news = asyncio.Event()
        self._menu = Menu(bus, draw, choose)
        bus.offer(PATH, Offer(INTERFACE, {}, self._properties))
        bus.on_owner(self._on_watcher, WATCHER)

    async def run(self) -> None:
        """Be in the tray whenever there is one, for ever."""
        await follow(self._news, self._announce)

    def configure(self, *, wanted: bool) -> None:
        """Be seen, or not. Nobody can take back an announcement: hosts hide what is passive."""
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if self._told is None:
            self._news.set()
        else:
            self.shown = wanted
            self._bus.emit(PATH, INTERFACE, "NewStatus", "s", (self._status,))

    def changed(self) -> None:
        """The daemon did something: tell whoever shows the icon what of it is another now."""
        if not self.shown:
            return
        before, self._told = self._told, self._look()
        if before == self._told:
            return
        self._bus.emit(PATH, INTERFACE, "NewToolTip")
        if before is None or before.shape != self._told.shape:
            self._bus.emit(PATH, INTERFACE, "NewIcon")
            self._menu.renew()  # for hosts that do not say when they open it

    def status(self) -> dict[str, Any]:
        """Whether it is in a tray. That there is none is no problem."""
        return {"ok": not self._problem, "problem": self._problem, "shown": self.shown}

    def _on_watcher(self, _there: bool) -> None:
        """Another one, none, or another bus: none of them knows us."""
        self.shown, self._told = False, None
        self._news.set()

    async def _announce(self) -> bool:
        """Whether all is well; if not, it is tried again."""
        problem = await self._register() if self._wanted and self._told is None else ""
        if problem and problem != self._problem:
            log.warning("The icon is not in the tray: %s.", problem)
        self._problem = problem
        return not problem

    async def _register(self) -> str:
        """Why it is not taken; empty: it is, or nobody is there to take it, and the bus will tell of one."""
        member, call = "RegisterStatusNotifierItem", self._bus.call
        try:
            await call(
                WATCHER, WATCHER_PATH, WATCHER, member, "s", (PATH,), timeout=_PATIENCE, autostart=False
            )
        except BusLost:
            return ""
        except BusTimeout:
            return f"the desktop's tray does not answer; {IF_IT_LASTS}"
        except BusError as error:
            return "" if error.nobody else f"the desktop's tray refused it: {error}; {IF_IT_LASTS}"
        if not self._news.is_set():  # else it went while it answered
            self.shown, self._told = True, self._look()
        return ""

    @property
    def _status(self) -> str:
        return "Active" if self._wanted else "Passive"

    def _properties(self) -> dict[str, Variant]:
        from neckguard.desktop.tray.pixmaps import pixmaps  # only where there is a tray

        look = self._look()
        words = clean(look.words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return {
            "Category": ("s", "ApplicationStatus"),
            "Id": ("s", "neckguard"),
            "Title": ("s", "neckguard"),
            "Status": ("s", self._status),
            "WindowId": ("i", 0),
            "IconName": ("s", "-".join(filter(None, ("neckguard", look.shape, "symbolic")))),
            "IconPixmap": ("a(iiay)", pixmaps(look.shape)),
            "IconThemePath": ("s", ""),
            "OverlayIconName": ("s", ""),
            "OverlayIconPixmap": ("a(iiay)", []),
            "AttentionIconName": ("s", ""),
            "AttentionIconPixmap": ("a(iiay)", []),
            "AttentionMovieName": ("s", ""),
            "ToolTip": ("(sa(iiay)ss)", ("", [], "neckguard", words)),  # its words are markup
            "ItemIsMenu": ("b", True),
            "Menu": ("o", menu.PATH),
        }
