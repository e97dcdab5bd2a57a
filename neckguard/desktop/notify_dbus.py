"""Cards on the freedesktop notification server: shown, replaced, hidden, answered.

Invariants: for one key at most one request to the server is on its way, so one key never has two
notifications; a card is answered once, and a settled one no more; every event is about the card that is
wanted now.
"""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

from neckguard.core.model import Answered, Card, Closed, Delivered, Event, Undelivered
from neckguard.core.plan import Notify
from neckguard.desktop.bus import Bus, Signal
from neckguard.desktop.notify_facade import Notification
from neckguard.desktop.notify_layout import (
    APP_NAME,
    NEVER,
    NOTICE,
    SERVER_S_OWN,
    Note,
    Server,
    notify_arguments,
    offers_actions,
    typed_hints,
)
from neckguard.desktop.notify_server import NAME, ServerWatch
from neckguard.errors import NeckguardError

ANSWER_MAY_FOLLOW = 0.3  # some servers send NotificationClosed before ActionInvoked
EXPIRED = 1  # a reason in NotificationClosed

log = logging.getLogger(__name__)

Remembered = tuple[str, str, int]  # server's unique name, bus id, notification id


@dataclass(slots=True, eq=False)
class _Slot:
    """What is wanted under a key (None: nothing), and what the server has for it."""

    wanted: Note | None = None
    id: int = 0
    work: asyncio.Task[None] | None = None
    closing: asyncio.TimerHandle | None = None
    answered: Note | None = None  # what was wanted when an answer came, until something else is shown
    answered_at: float = -math.inf


class DesktopNotification(Notification):  # type: ignore[misc] # plyer has no types
    """plyer's Notification on our own connection: it knows what became of each notification."""

    def __init__(  # noqa: PLR0913, PLR0917 -- each is a port or a setting
        self,
        bus: Bus,
        emit: Callable[[Event], None],
        settings: Notify,
        on_change: Callable[[], None],
        remembered: Iterable[Remembered],
        on_ids_changed: Callable[[], None],
    ) -> None:
        self.settings = settings
        self.patient = False  # a screen reader is on: nothing goes away by time
        self._bus = bus
        self._emit = emit
        self._on_change = on_change
        self._on_ids_changed = on_ids_changed
        self._stale = tuple(remembered)  # shown by an earlier life of the daemon
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots: dict[str, _Slot] = {}
        self._early: deque[Signal] = deque(maxlen=16)  # about ids that a reply on its way may bring
        self._failure = ""
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
    def absent(self) -> bool:
        """Whether it is known that there is none."""
        return self._watch.absent

    @property
    def problem(self) -> str:
        """What is wrong now; empty if nothing is."""
        return self._watch.problem or self._failure

    def show(self, card: Card) -> None:
        """Show the card, or replace what stands under its key."""
        passing = card.kind == NOTICE and not card.lasting and not self.patient
        self._want(card.key, Note(card, timeout=SERVER_S_OWN if passing else NEVER))

    def _notify(self, **options: Any) -> None:
        """What plyer's `notify(title, message, ...)` calls."""
        key = f"plyer-{next(self._numbers)}"
        note = Note(
            Card(key, options["title"], (options["message"],)),
            app_name=options["app_name"] or APP_NAME,
            icon=options["app_icon"],
            timeout=int(options["timeout"] * 1000),
            hints=typed_hints(options["hints"]),
        )
        self._want(key, note)

    def hide(self, key: str) -> None:
        """Take the card off the screen, also when its id is not known yet. No event follows."""
        slot = self._slots.get(key)
        if slot is not None:
            self._settle(key, slot)

    def hide_all(self) -> None:
        """Take all cards off the screen."""
        for key in list(self._slots):
            self.hide(key)

    async def drained(self, limit: float) -> None:
        """Wait until the screen is as wanted, at most `limit` seconds."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=limit)

    def remembered(self) -> tuple[Remembered, ...]:
        """What a later life of the daemon must close if this one ends suddenly."""
        server = self.server
        shown = [slot.id for slot in self._slots.values() if slot.id]
        mine = [(server.owner, self._bus.bus_id, number) for number in shown] if server else []
        return (*self._stale, *mine)

    def status(self) -> dict[str, Any]:
        """The server as `status` shows it."""
        server = self.server
        return {
            "backend": "dbus",
            "server": server.title if server else "",
            "actions": server is not None and offers_actions(server, self.settings),
            "ok": server is not None and not self.problem,
            "problem": self.problem,
        }

    # ---- what is wanted ----------------------------------------------------------------------------------

    def _want(self, key: str, note: Note) -> None:
        self._set(key, self._slots.setdefault(key, _Slot()), note)

    def _settle(self, key: str, slot: _Slot) -> None:
        """Nothing is wanted under the key any more, and no signal about it counts."""
        self._set(key, slot, None)

    def _set(self, key: str, slot: _Slot, wanted: Note | None) -> None:
        slot.wanted = wanted
        if slot.closing is not None:  # the server closed it already: nothing is left to replace or to close
            slot.closing.cancel()
            slot.closing, slot.id = None, 0
        if slot.work is None:
            slot.work = self._start(self._bring_about(key, slot))

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _bring_about(self, key: str, slot: _Slot) -> None:
        """Make the server show what is wanted, one request after the other."""
        while True:
            note = slot.wanted
            if note is None:
                await self._close(slot)
                if slot.wanted is None:
                    del self._slots[key]
                    return
                continue
            problem = await self._post(slot, note)
            if slot.wanted != note:
                continue  # replaced or hidden meanwhile
            self._failure = problem if self.server else ""
            if not problem:
                slot.work = None
                if slot.wanted is not slot.answered:
                    slot.answered = None
                self._emit(Delivered(key))
                self._hear_early()
                return
            slot.wanted = None
            self._emit(Undelivered(key, problem))

    async def _post(self, slot: _Slot, note: Note) -> str:
        """Send it and learn its id; what went wrong, if something did."""
        server = self.server
        if server is None:
            return self._watch.problem
        try:
            arguments = notify_arguments(note, server, self.settings, slot.id)
            (number,) = await self._watch.ask(server.owner, "Notify", "susssasa{sv}i", arguments)
        except NeckguardError as error:
            return f"{server.name} did not show it: {error}"
        except Exception:
            log.exception("A notification could not be made")
            return "a fault of neckguard, see its log"
        if number != slot.id:  # a guide's steps change nothing that must be kept
            slot.id = number
            self._on_ids_changed()
        return ""

    async def _close(self, slot: _Slot) -> None:
        """Close what the server has for the slot."""
        if slot.id:
            await self._close_id(slot.id)
            slot.id = 0
            self._on_ids_changed()

    async def _close_id(self, number: int) -> None:
        server = self.server
        if server is not None:
            with suppress(NeckguardError):  # an error says that it is closed already
                await self._watch.ask(server.owner, "CloseNotification", "u", (number,))

    # ---- what the server says ----------------------------------------------------------------------------

    def _on_signal(self, signal: Signal) -> None:
        """Only the server gets here: the bus connection compares the sender with the owner of the name."""
        match signal.member, signal.body:
            case "ActionInvoked", (int() as number, str() as action):
                heard = self._by_id(number, signal)
                if heard is not None:
                    self._on_answer(*heard, action)
            case "NotificationClosed", (int() as number, int() as reason):
                heard = self._by_id(number, signal)
                if heard is not None:
                    self._on_closed(*heard, reason)

    def _by_id(self, number: int, signal: Signal) -> tuple[str, _Slot] | None:
        """The key and slot that wait for news of this id. Unknown and settled ones are nobody's business."""
        for key, slot in self._slots.items():
            if number and slot.id == number:
                return (key, slot) if slot.wanted is not None else None
        if any(slot.work for slot in self._slots.values()):
            self._early.append(signal)
        return None

    def _hear_early(self) -> None:
        """Signals that came before the reply which named their id."""
        signals = list(self._early)
        self._early.clear()
        for signal in signals:
            self._on_signal(signal)

    def _on_answer(self, key: str, slot: _Slot, action: str) -> None:
        """The card is settled; a resident one stays, for what takes its place, unless it is gone already."""
        if slot.answered is not None:
            return  # a second click; what the first one changes is not on the screen yet
        slot.answered_at = asyncio.get_running_loop().time()
        if slot.wanted is not None and slot.wanted.card.resident and slot.closing is None:
            slot.answered = slot.wanted
        else:
            self._settle(key, slot)
        self._emit(Answered(key, action))

    def _on_closed(self, key: str, slot: _Slot, reason: int) -> None:
        """It is gone from the screen; wait whether an answer follows. Not if a replacement is on its way."""
        if slot.work is not None or slot.closing is not None:
            return
        loop = asyncio.get_running_loop()
        if slot.answered is not None:  # a server to which `resident` means nothing
            self._forget(key)
        elif loop.time() - slot.answered_at < ANSWER_MAY_FOLLOW:  # it meant what was answered
            slot.id = 0
            slot.work = self._start(self._bring_about(key, slot))
        else:
            slot.closing = loop.call_later(ANSWER_MAY_FOLLOW, self._gone, key, reason)

    def _gone(self, key: str, reason: int) -> None:
        self._forget(key)
        self._emit(Closed(key, expired=reason == EXPIRED))

    def _forget(self, key: str) -> None:
        del self._slots[key]
        self._on_ids_changed()

    def _server_changed(self) -> None:
        if self.server is None:
            self._drop_all()
        elif self._stale:
            self._sweep(self.server)
        self._on_change()

    def _drop_all(self) -> None:
        """All that was shown went with the server, and what was on its way will not arrive."""
        slots, self._slots, self._failure = self._slots, {}, ""
        self._early.clear()
        for key, slot in slots.items():
            if slot.closing is not None:
                slot.closing.cancel()
            if slot.work is not None:
                slot.work.cancel()
                if slot.wanted is not None:
                    self._emit(Undelivered(key, self._watch.problem))
        if slots:
            self._on_ids_changed()

    def _sweep(self, server: Server) -> None:
        """Close what an earlier life of the daemon left, if this is still the server that shows it."""
        here = (server.owner, self._bus.bus_id)
        for owner, bus_id, number in self._stale:
            if (owner, bus_id) == here:
                self._start(self._close_id(number))
        self._stale = ()
        self._on_ids_changed()
