"""A source that must be asked for the idle time, made into one that tells.

The next question is asked when the answer can first matter: when the idle time could reach the threshold.
Once it is reached nothing is asked any more; the next input is awaited.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Protocol

from neckguard.desktop.presence.source import Told

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
