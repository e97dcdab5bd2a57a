"""Cards on the freedesktop notification server: shown, replaced, hidden, answered."""

import asyncio
import logging
import sys
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec
from itertools import count
from types import ModuleType
from typing import Any

from neckguard.core import Card, Delivered, Event, NotifySettings, Undelivered
from neckguard.desktop.bus.bus import Bus, BusNonsense, Signal
from neckguard.desktop.bus.reply import say_nonsense
from neckguard.desktop.notify.layout import (
    APP_NAME,
    GLANCE,
    LEAVE_POPUPS,
    LONGEST,
    NEVER,
    NOTICE,
    NOTIFY,
    NotifyRequest,
    Server,
    fading,
    notify_arguments,
    offers_actions,
    typed_hints,
)
from neckguard.desktop.notify.on_screen import OnScreen
from neckguard.desktop.notify.server import NAME, REMEDY, ServerWatch
from neckguard.errors import NeckguardError

log = logging.getLogger(__name__)

_FACADE = "plyer.facades.notification"

_SIGNALS = {"ActionInvoked": "us", "NotificationClosed": "uu"}
Remembered = tuple[str, str, int]  # server's unique name, bus id, notification id


def _facade() -> ModuleType:
    """The facade of plyer alone: importing the package around it loads forty other modules, 0.3 MB.

    It is known under its name: whoever imports the whole of plyer later meets the same class.
    """
    found: ModuleSpec | None = None
    for name in ("plyer", "plyer.facades", _FACADE):
        found = PathFinder.find_spec(name, found.submodule_search_locations if found else None)
    if _FACADE in sys.modules or found is None or found.loader is None:
        return import_module(_FACADE)
    module = sys.modules[_FACADE] = module_from_spec(found)
    found.loader.exec_module(module)
    return module


class DesktopNotification(_facade().Notification):  # type: ignore[misc] # plyer has no types
    """plyer's Notification on our own connection: it knows what became of each notification."""

    def __init__(  # noqa: PLR0913, PLR0917 -- each is a port or a setting
        self,
        bus: Bus,
        emit: Callable[[Event], None],
        settings: NotifySettings,
        on_change: Callable[[], None],
        remembered: Iterable[Remembered],
        on_ids_changed: Callable[[], None],
    ) -> None:
        self.settings = settings
        self.patient = False  # a screen reader is on: nothing goes away by time
        self.emit = emit
        self.ids_changed = on_ids_changed
        self._bus = bus
        self._on_change = on_change
        self._stale = tuple(remembered)  # shown by an earlier life of the daemon
        self._tasks: set[asyncio.Task[None]] = set()
        self._cards: dict[str, OnScreen] = {}
        self._early: deque[Signal] = deque(maxlen=16)  # about ids that a reply on its way may bring
        self._failure = ""  # of the last card
        self._odd = ""  # a signal of the server that makes no sense
        self._numbers = count(1)
        self._watch = ServerWatch(bus, self._server_changed)
        bus.watch(self._on_signal, interface=NAME, sender=NAME)

    async def run(self) -> None:
        """Keep knowing the server, for ever; cancel it to stop."""
        await self._watch.run()

    @property
    def server(self) -> Server | None:
        """The server, if there is one."""
        return self._watch.server

    @property
    def dormant(self) -> bool:
        """Whether the bus starts one for the first card."""
        return self._watch.dormant

    @property
    def keeps(self) -> bool:
        """Whether the server keeps cards until they are closed."""
        return self.server is not None and self.server.keeps

    @property
    def absent(self) -> bool:
        """Whether it is known that there is none."""
        return self._watch.absent

    @property
    def problem(self) -> str:
        """What is wrong now; empty if nothing is."""
        return self._watch.problem or self._failure or self._odd

    def show(self, card: Card) -> None:
        """Show the card, or replace what stands under its key."""
        if self.patient:
            request = NotifyRequest(card)
        elif card.popup:  # else it would cover a corner of the screen until it is settled
            request = NotifyRequest(card, timeout=min(round(card.popup * 1000), LONGEST), lingers=True)
        else:
            passing = card.kind == NOTICE and not card.lasting
            request = NotifyRequest(card, timeout=GLANCE if passing else NEVER)
        self._want(card.key, request)

    def _notify(self, **options: Any) -> None:
        """What plyer's `notify(title, message, ...)` calls."""
        key = f"plyer-{next(self._numbers)}"
        request = NotifyRequest(
            Card(key, options["title"], (options["message"],)),
            app_name=options["app_name"] or APP_NAME,
            icon=options["app_icon"],
            timeout=int(options["timeout"] * 1000),
            hints=typed_hints(options["hints"]),
        )
        self._want(key, request)

    def hide(self, key: str) -> None:
        """Take the card off the screen, also when its id is not known yet. No event follows."""
        shown = self._cards.get(key)
        if shown is not None:
            shown.want(None)

    def hide_all(self) -> None:
        """Take all cards off the screen."""
        for key in list(self._cards):
            self.hide(key)

    async def drained(self, limit: float) -> None:
        """Wait until the screen is as wanted, at most `limit` seconds."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=limit)

    def remembered(self) -> tuple[Remembered, ...]:
        """What a later life of the daemon must close if this one ends suddenly."""
        server = self.server
        ids = [shown.id for shown in self._cards.values() if shown.id]
        mine = [(server.owner, self._bus.bus_id, number) for number in ids] if server else []
        return (*self._stale, *mine)

    def status(self) -> dict[str, Any]:
        """The server as `status` shows it."""
        server = self.server
        note = "the notification server is started with the first prompt" if self.dormant else ""
        return {
            "backend": "dbus",
            "server": server.title if server else "",
            "actions": server is not None and offers_actions(server, self.settings),
            "ok": (server is not None or self.dormant) and not self.problem,
            "problem": self.problem,
            **({"note": note} if note else {}),
        }

    def _want(self, key: str, request: NotifyRequest) -> None:
        self._cards.setdefault(key, OnScreen(key, self)).want(request)

    # ---- what they need ----------------------------------------------------------------------------------

    async def post(self, request: NotifyRequest, replaces: int) -> int | str:
        """Show it; its id, or what went wrong."""
        server = await self._watch.called(patient=request.card.kind == NOTICE)
        if server is None:
            return self._watch.problem
        try:
            arguments = notify_arguments(request, server, self.settings, replaces)
            (number,) = await self._watch.ask(server.owner, "Notify", "u", NOTIFY, arguments)
        except BusNonsense as nonsense:
            return f"{nonsense}; {REMEDY}"
        except NeckguardError as error:
            return f"{server.name} did not show it: {error}; {REMEDY}"
        except Exception:
            log.exception("A notification could not be made")
            return "a fault of neckguard, see its log"
        return int(number) or f"{server.name} answered Notify with 0, which no card may have; {REMEDY}"

    async def close(self, number: int) -> None:
        """Take the notification off."""
        server = self.server
        if server is not None:
            with suppress(NeckguardError):  # an error says that it is closed already
                if server.name.lower() in LEAVE_POPUPS:
                    (number,) = await self._watch.ask(server.owner, "Notify", "u", NOTIFY, fading(number))
                await self._watch.ask(server.owner, "CloseNotification", "", "u", (number,))

    def posted(self, key: str, problem: str) -> None:
        """Tell what became of a card."""
        before, self._failure = self._failure, problem if self.server else ""
        if self._failure not in {"", before}:
            log.warning("Notifications: %s.", self._failure)
        if problem:
            self.emit(Undelivered(key, problem))
        else:
            self.emit(Delivered(key))
            self._hear_early()

    def forget(self, key: str) -> None:
        """Nothing is wanted under the key any more."""
        del self._cards[key]

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Let this go on in the background."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # ---- what the server says ----------------------------------------------------------------------------

    def _on_signal(self, signal: Signal) -> None:
        """Only the server gets here: the bus connection compares the sender with the owner of the name."""
        due = _SIGNALS.get(signal.member)
        if due is None:
            return
        if signal.signature != due:
            self._note_odd(signal, due)
            return
        number, what = signal.body
        shown = self._by_id(number, signal)
        if shown is None:
            return
        if signal.member == "ActionInvoked":
            shown.answered(what)
        else:
            shown.closed(what)

    def _note_odd(self, signal: Signal, due: str) -> None:
        """Say once, for as long as this server lives, that its word cannot be taken."""
        if not self._odd and self.server is not None:
            said = say_nonsense(f"sent {signal.member}", signal.body, signal.signature, due)
            self._odd = f"{self.server.name} {said}, so an answer may be lost; {REMEDY}"
            log.warning("Notifications: %s.", self._odd)

    def _by_id(self, number: int, signal: Signal) -> OnScreen | None:
        """The card that waits for news of this id. Unknown and settled ones are nobody's business."""
        for shown in self._cards.values():
            if number and shown.id == number:
                return shown if shown.wanted is not None else None
        if any(shown.work for shown in self._cards.values()):
            self._early.append(signal)
        return None

    def _hear_early(self) -> None:
        """Signals that came before the reply which named their id."""
        signals = list(self._early)
        self._early.clear()
        for signal in signals:
            self._on_signal(signal)

    def _server_changed(self) -> None:
        if self.server is None:
            self._drop_all()
        elif self._stale:
            self._sweep(self.server)
        self._on_change()

    def _drop_all(self) -> None:
        """All that was shown went with the server, and what was on its way will not arrive."""
        cards, self._cards = self._cards, {}
        self._failure = self._odd = ""
        self._early.clear()
        for key, shown in cards.items():
            if shown.drop():
                self.emit(Undelivered(key, self._watch.problem))
        if cards:
            self.ids_changed()

    def _sweep(self, server: Server) -> None:
        """Close what an earlier life of the daemon left, if this is still the server that shows it."""
        here = (server.owner, self._bus.bus_id)
        for owner, bus_id, number in self._stale:
            if (owner, bus_id) == here:
                self.start(self.close(number))
        self._stale = ()
        self.ids_changed()
