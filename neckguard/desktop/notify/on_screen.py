"""The life of what is wanted under one key: sent, replaced, answered, closed, hidden.

Invariants: at most one request to the server is on its way, so one key never has two notifications; a card
is answered once, and a settled one no more; every event is about the card that is wanted now; what the person
closed does not come back by a mere update of it.
"""

import asyncio
import math
from collections.abc import Coroutine
from typing import Any, Protocol

from neckguard.core import Answered, Closed, Event
from neckguard.desktop.notify.layout import NotifyRequest, action_keys

ANSWER_MAY_FOLLOW = 0.3  # some servers send NotificationClosed before ActionInvoked
# The reasons in NotificationClosed that may be the person's doing: dismissed, closed by a call, undefined.
# Any other is expiry, or nobody knows what: then the card is gone and nothing was chosen.
EXPIRED = 1
BY_SOMEBODY = frozenset({2, 3, 4})


class Board(Protocol):
    """Where cards are put up, and whom they tell."""

    @property
    def keeps(self) -> bool:
        """Whether an entry stays when a popup is gone."""

    async def post(self, request: NotifyRequest, replaces: int) -> int | str:
        """Show it; its id, or what went wrong."""

    async def close(self, number: int) -> None:
        """Take the notification off; one that is gone already is no fault."""

    def posted(self, key: str, problem: str) -> None:
        """What is wanted under the key is on the screen, unless there was a problem."""

    def forget(self, key: str) -> None:
        """Nothing is wanted under the key, and the server has nothing for it."""

    def emit(self, event: Event) -> None:
        """Tell the daemon."""

    def ids_changed(self) -> None:
        """Another id stands on the screen."""

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Let this go on in the background."""


class OnScreen:
    """What is wanted under a key (None: nothing), and what the server has for it."""

    def __init__(self, key: str, board: Board) -> None:
        self.wanted: NotifyRequest | None = None
        self.id = 0
        self.work: asyncio.Task[None] | None = None
        self.closing: asyncio.TimerHandle | None = None  # it is gone, and an answer may follow
        self._key = key
        self._board = board
        self._dismissed = False  # while closing: by the person, not by time
        self._taking_off = False  # we close it ourselves at this moment
        self._answered: NotifyRequest | None = (
            None  # was wanted when an answer came; until something else is shown
        )
        self._answered_at = -math.inf
        self._keys = frozenset[str]()  # what it offered so far: a click may be late

    def want(self, wanted: NotifyRequest | None) -> None:
        """Bring it about. None: nothing is wanted any more, and no signal about it counts."""
        self.wanted = wanted
        if self.closing is not None:
            if self._dismissed and _updates(wanted):
                return  # held back: the person closed what it would change
            self.closing.cancel()  # nothing is left to replace or to close
            self.closing, self.id = None, 0
        if self.work is None:
            self.work = self._board.start(self._bring_about())

    def drop(self) -> bool:
        """The server is gone, and all that it showed; whether something was on its way that is missed now."""
        if self.closing is not None:
            self.closing.cancel()
        if self.work is None:
            return False
        self.work.cancel()
        return self.wanted is not None

    # ---- what the server shows ----------------------------------------------------------------------------

    async def _bring_about(self) -> None:
        """Make the server show what is wanted, one request after the other."""
        while True:
            request = self.wanted
            if request is None:
                await self._take_off()
                if self.wanted is None:
                    self._board.forget(self._key)
                    return
                continue
            problem = await self._post(request)
            if self.closing is not None:
                self.work = None
                return  # an answer, or that none follows, says how it goes on
            if problem is None or self.wanted != request:
                continue  # taken off again, replaced or hidden meanwhile
            if problem:
                self.wanted = None
                self._board.posted(self._key, problem)
                continue
            self.work = None
            if self.wanted is not self._answered:
                self._answered = None
            self._board.posted(self._key, "")
            return

    async def _post(self, request: NotifyRequest) -> str | None:
        """Send it and learn its id; what went wrong. None: the person closed what it was to change."""
        self._keys |= action_keys(request.card)
        outcome = await self._board.post(request, self.id)
        if isinstance(outcome, str):
            return outcome
        if self.closing is not None:
            await self._board.close(outcome)  # it came up anew; the id stays, for an answer to the old one
            return None
        if outcome != self.id:  # a guide's steps change nothing that must be kept
            self.id = outcome
            self._board.ids_changed()
        return ""

    async def _take_off(self) -> None:
        if self.id:
            self._taking_off = True
            await self._board.close(self.id)
            self._taking_off, self.id = False, 0
            self._board.ids_changed()

    # ---- what the server says -----------------------------------------------------------------------------

    def answered(self, action: str) -> None:
        """The card is settled; a resident one stays, for what takes its place, unless it is gone already."""
        if self._answered is not None or action not in self._keys:
            return  # a second click, what the first one changes is not on the screen yet; or none of ours
        self._answered_at = asyncio.get_running_loop().time()
        if self.wanted is not None and self.wanted.card.resident and self.closing is None:
            self._answered = self.wanted
        else:
            self.want(None)
        self._board.emit(Answered(self._key, action))

    def closed(self, reason: int) -> None:
        """The notification is gone from the screen; wait whether an answer follows."""
        if self.closing is not None or self._taking_off:
            return
        lingers = self._board.keeps and self.wanted is not None and self.wanted.lingers
        if lingers and reason == EXPIRED:
            return  # only its popup left: it is still within reach, and to be taken off in the end
        loop, dismissed = asyncio.get_running_loop(), reason in BY_SOMEBODY
        by_answer = self._answered is not None or loop.time() - self._answered_at < ANSWER_MAY_FOLLOW
        if self.work is not None and (by_answer or not dismissed or not _updates(self.wanted)):
            return  # what is on its way comes up anew, and shall
        if self._answered is not None:  # a server to which `resident` means nothing
            self._forget()
        elif by_answer:  # it meant what was answered
            self.id = 0
            self.work = self._board.start(self._bring_about())
        else:
            self._dismissed = dismissed
            self.closing = loop.call_later(ANSWER_MAY_FOLLOW, self._gone)

    def _gone(self) -> None:
        """No answer followed. A step that is still on its way is taken off when it comes."""
        self.want(None)
        self._board.ids_changed()
        self._board.emit(Closed(self._key, expired=not self._dismissed))

    def _forget(self) -> None:
        self._board.forget(self._key)
        self._board.ids_changed()


def _updates(request: NotifyRequest | None) -> bool:
    """Whether it only changes what is on the screen already."""
    return request is not None and request.card.silent
