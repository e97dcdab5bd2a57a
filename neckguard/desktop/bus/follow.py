"""Looking again whenever something changed, and after a failure also after a while."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NoReturn

from neckguard.backoff import Backoff

_FIRST_RETRY, _LAST_RETRY = 1.0, 300.0  # seconds


async def follow(changed: asyncio.Event, look: Callable[[], Awaitable[bool]]) -> NoReturn:
    """Look now, whenever `changed` is set and, while `look` fails (False), after growing pauses; for ever."""
    changed.set()
    backoff = Backoff(_FIRST_RETRY, _LAST_RETRY)
    delay: float | None = None
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await changed.wait()
        changed.clear()
        if await look():
            backoff.reset()
            delay = None
        else:
            delay = backoff.next()
