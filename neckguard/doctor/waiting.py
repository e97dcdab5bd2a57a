"""Waits for adapters, which tell nobody that they have made up their minds."""

import asyncio
from collections.abc import Callable

_BREATH = 0.02  # seconds between two looks


async def comes_true(condition: Callable[[], object], limit: float) -> bool:
    """Whether the condition came true within `limit` seconds."""
    end = asyncio.get_running_loop().time() + limit
    while not condition():
        if asyncio.get_running_loop().time() > end:
            return False
        await asyncio.sleep(_BREATH)
    return True
