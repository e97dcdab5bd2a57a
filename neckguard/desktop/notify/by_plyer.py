"""Cards through plyer's own platform notifier; imported only where the settings want that."""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress

from neckguard.core import Card, Delivered, Event, Undelivered
from neckguard.desktop.notify.layout import APP_NAME, GUIDE
from neckguard.texts import clean

LIMIT = 10.0
ON_SCREEN = 30  # seconds; nobody can take it off the screen, so it must go by itself

log = logging.getLogger(__name__)


def plyer_notify(**options: str | int) -> None:
    """Call plyer; imported late, because its backends bring D-Bus bindings or subprocesses along."""
    from plyer import notification

    notification.notify(**options)


class PlyerNotification:
    """Shows cards through plyer, by choice only: it knows no actions and no ids.

    In a worker thread, for its backends block, and may hang.
    """

    def __init__(self, emit: Callable[[Event], None], notify: Callable[..., None] = plyer_notify) -> None:
        self.problem = ""
        self._emit = emit
        self._notify = notify
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy = threading.Lock()
        self._guiding = ""  # the key of the guide that was begun last

    def show(self, card: Card) -> None:
        """Hand the card to plyer."""
        task = asyncio.get_running_loop().create_task(self._show(card))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def hide(self, key: str) -> None:
        """Nothing to do: plyer cannot take a notification back."""

    async def _show(self, card: Card) -> None:
        # Nothing that is on the screen can be changed: of a guide's silent steps the first one must do, for a
        # pile of them would only be in the way.
        if not (card.silent and card.key == self._guiding):
            self.problem = await self._deliver(card)
            self._guiding = card.key if card.kind == GUIDE and not self.problem else ""
        if self.problem:
            log.warning("A notification was not shown: %s.", self.problem)
        self._emit(Undelivered(card.key, self.problem) if self.problem else Delivered(card.key))

    async def _deliver(self, card: Card) -> str:
        """Show it; what went wrong, if something did."""
        if not self._busy.acquire(blocking=False):
            return "plyer is still busy with an earlier notification"
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[str] = loop.create_future()

        def finish(problem: str) -> None:
            if not outcome.done():
                outcome.set_result(problem)

        def work() -> None:
            try:
                self._notify(
                    title=clean(card.title),
                    message=clean("\n".join(filter(None, (*card.lines, card.verbs)))),
                    app_name=APP_NAME,
                    timeout=ON_SCREEN,
                )
                problem = ""
            except Exception as error:  # noqa: BLE001 -- a platform notifier may raise anything
                problem = f"plyer failed: {error or type(error).__name__}"
            finally:
                self._busy.release()
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(finish, problem)

        # A daemon thread, so that one that hangs does not keep the process from ending.
        threading.Thread(target=work, name="plyer", daemon=True).start()
        try:
            return await asyncio.wait_for(outcome, LIMIT)
        except TimeoutError:
            return f"plyer did not finish within {LIMIT:g} s"
