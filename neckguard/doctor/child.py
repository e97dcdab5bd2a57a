"""Asks other programs, and does not wait for them for ever."""

import asyncio
import os
from contextlib import suppress

MISSING = 127  # as a shell says it
_MOST = 64 * 1024  # bytes of output


async def ask(*command: str, limit: float) -> tuple[int, str]:
    """Exit code and output of the program; MISSING if there is none of that name.

    Raises:
        TimeoutError: it was not done within `limit` seconds, and was killed.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        )
    except OSError:
        return MISSING, f"there is no {command[0]}"
    try:
        async with asyncio.timeout(limit):
            output = await _read(process.stdout)
            return await process.wait(), output.decode(errors="replace").strip()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _read(stream: asyncio.StreamReader | None) -> bytes:
    """All that comes; a child that says more than anybody wants is stuck until its time is over."""
    output = bytearray()
    while stream and len(output) < _MOST and (more := await stream.read(_MOST)):
        output += more
    return bytes(output)
