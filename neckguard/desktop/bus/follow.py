"""Looking again whenever something changed, and after a failure also after a while."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NoReturn

_FIRST_RETRY, _LAST_RETRY = 1.0, 300.0  # seconds


async def follow(changed: asyncio.Event, look: Callable[[], Awaitable[bool]]) -> NoReturn:
    """Look now, whenever `changed` is set and, while `look` fails (False), after growing pauses; for ever."""
    changed.set()
    delay: float | None = None
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await changed.wait()
        changed.clear()
        delay = None if await look() else min((delay or _FIRST_RETRY / 2) * 2, _LAST_RETRY)
