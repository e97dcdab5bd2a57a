"""What a source of presence is, one that must be asked now and then, and one that is tried and watched."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from neckguard.backoff import Backoff
from neckguard.core import NEVER, Event, Idle, Input
from neckguard.errors import SourceLost


class SourceAbsent(SourceLost):
    """The source is not there, and a signal (`on_appearance`) tells when it comes: nobody need try before."""


class Told(Protocol):
    """Whom a source tells. All spans are seconds before now, never negative."""

    def input(self, idle: float) -> None:
        """The last input was `idle` ago; more may come untold, until `idle` is told."""

    def idle(self, idle: float) -> None:
        """No input for `idle`; the next one will be told."""

    def kept_awake(self, on: bool, ago: float) -> None:
        """Since `ago` an application keeps the session awake (or no more): only of sources that know."""

    def silenced(self, on: bool) -> None:
        """Silence, so long by now, may be an application's doing (or no more): the person may be gone."""


class PresenceSource(Protocol):
    """One way to know of inputs.

    After every `watch(threshold)` it tells the present state soon; then it tells `idle` when the idle time
    reaches the threshold, and `input` at the first input after that. It may tell `idle` again: the last input
    turned out to be longer ago. While inputs go on with a threshold of 2 s or less it tells `input` again
    about every threshold (the return of the person is found by that).
    """

    name: str
    note: str  # what it can never tell, for who takes a close look; empty: nothing

    def serve(self, told: Told) -> Coroutine[Any, Any, None]:
        """Tell for ever; cancelled at the end, and must then leave nothing behind.

        Raises:
            SourceLost: it cannot tell (any more).
        """

    def watch(self, threshold: float) -> None:
        """Idle times of this length matter from now on. May be called before `serve`."""

    def look(self) -> Coroutine[Any, Any, float | None]:
        """How long there was no input, as exactly as can be told; None: not known. Never raises."""


# Two questions are at least this far apart: an idle time that stands still just below the threshold, or
# a device whose events count as no input (a gamepad, an accelerometer), must not keep us busy.
LEAST_PAUSE = 0.5  # seconds


class Asked(Protocol):
    """What can be asked."""

    async def ask(self) -> float:
        """Seconds without input. Raises SourceLost."""

    def next_input(self) -> Coroutine[Any, Any, None]:
        """Returns at the first input after its first await. Raises SourceLost; undone when cancelled."""


class Poller:
    """Asks, waits and tells."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._threshold = 300.0
        self._changed = asyncio.Event()

    def watch(self, threshold: float) -> None:
        """Idle times of this length matter from now on."""
        self._threshold = threshold
        self.ask_soon()

    def ask_soon(self) -> None:
        """Whatever was known may be wrong now."""
        self._changed.set()

    async def serve(self, told: Told) -> None:
        """Tell for ever.

        Raises:
            SourceLost: it cannot be asked any more.
        """
        while True:
            self._changed.clear()
            idle = await self._asked.ask()
            left = self._threshold - idle
            if left > 0:
                told.input(idle)
                with suppress(TimeoutError):
                    async with asyncio.timeout(max(left, LEAST_PAUSE)):
                        await self._changed.wait()
            else:
                await self._await_input(told)

    async def _await_input(self, told: Told) -> None:
        """Tell that nobody is there, and then wait for the first sign of somebody."""
        listening = asyncio.ensure_future(self._asked.next_input())
        changed = asyncio.ensure_future(self._changed.wait())
        both = (listening, changed)
        try:
            await asyncio.sleep(0)
            # Asked again now that it listens: an input in between would be lost.
            idle = await self._asked.ask()
            if idle < self._threshold:
                return
            told.idle(idle)
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if listening.done():
                listening.result()  # raises what it failed of; the question that follows tells the input
                await asyncio.sleep(LEAST_PAUSE)
        finally:
            for each in both:
                each.cancel()
            await asyncio.gather(*both, return_exceptions=True)


_FIRST_RETRY, _LAST_RETRY = 1.0, 300.0  # seconds

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Candidate:
    """A source and how it goes with it."""

    source: PresenceSource
    why: str = ""  # it is not in use
    began: float = 0.0
    not_before: float = 0.0  # loop time from which it may be tried again
    announced: bool = False  # it appeared while it was being tried
    silenced: bool = False  # its silence says nothing any more
    backoff: Backoff = field(default_factory=lambda: Backoff(_FIRST_RETRY, _LAST_RETRY))
    task: "asyncio.Task[None] | None" = None
    voice: "Voice" = field(init=False)

    def fail(self, why: str) -> None:
        """Note that the source did not work, for this reason or for what its task ended with."""
        absent = False
        if self.task is not None and self.task.done() and not self.task.cancelled():
            error = self.task.exception()
            if error is not None and not isinstance(error, SourceLost):
                _log.error("The presence source %s failed.", self.source.name, exc_info=error)
            why = str(error) if isinstance(error, SourceLost) else f"it failed: {error!r}"
            absent = isinstance(error, SourceAbsent) and not self.announced
        self.why = why.rstrip(".")
        delay = self.backoff.next()
        self.not_before = NEVER if absent else asyncio.get_running_loop().time() + delay


class Voice:
    """What a source tells, put on the boot clock."""

    def __init__(
        self,
        hear: Callable[[Event], None],
        keep_awake: Callable[[bool, float], None],
        silenced: Callable[[bool], None],
        boot: Callable[[], float],
    ) -> None:
        self.spoke = asyncio.Event()
        self.unsaid: list[Event] = []
        self.kept_awake = keep_awake
        self.silenced = silenced
        self._hear = hear
        self._boot = boot

    def input(self, idle: float) -> None:
        """The source says that the last input was so long ago."""
        self._say(Input(self._boot() - idle))

    def idle(self, idle: float) -> None:
        """The source says that there was no input for so long."""
        self._say(Idle(self._boot() - idle))

    def _say(self, event: Event) -> None:
        self._hear(event)
        self.spoke.set()
