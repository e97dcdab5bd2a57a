"""Tools that other programs bring: short children whose output is taken piece by piece, and how one ends."""

import asyncio
import codecs
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress

from neckguard.errors import NeckguardError

_PIECE = 65536
_LARGEST = 8 << 20  # bytes; a desktop with much audio equipment fills about one million


class ToolFailed(NeckguardError):  # noqa: N818 - the name says what happened
    """The tool told nothing that can be used; the message says why."""


def has(tool: str) -> bool:
    """Whether there is such a program."""
    return any(os.access(os.path.join(place, tool), os.X_OK) for place in os.get_exec_path())


async def ask(
    tool: str, *arguments: str, env: Mapping[str, str], limit: float, take: Callable[[str], None]
) -> None:
    """Hand its output to `take` as it comes. After `limit` seconds, or when cancelled, it is killed.

    Raises:
        ToolFailed: it could not be started, took too long, told too much, or failed; or `take` raised it.
    """
    try:
        async with asyncio.timeout(limit):
            await _run(tool, arguments, env, take)
    except TimeoutError as error:
        raise ToolFailed(f"{tool} does not answer") from error
    except OSError as error:
        raise ToolFailed(f"{tool} cannot be run: {error.strerror}") from error


async def _run(
    tool: str, arguments: tuple[str, ...], env: Mapping[str, str], take: Callable[[str], None]
) -> None:
    child = await asyncio.create_subprocess_exec(
        tool,
        *arguments,
        env={**os.environ, **env},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # so that what it starts dies with it
    )
    try:
        assert child.stdout is not None  # noqa: S101 - asked for above
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        size = 0
        while piece := await child.stdout.read(_PIECE):
            size += len(piece)
            if size > _LARGEST:
                raise ToolFailed(f"{tool} tells without end")
            take(decoder.decode(piece))
        if code := await child.wait():
            raise ToolFailed(f"{tool} failed with exit code {code}")
    finally:
        await end(child)


async def end(child: asyncio.subprocess.Process) -> None:
    """Kill it with all that it started, if it still lives; it began a session of its own."""
    if child.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        await child.communicate()  # what is left in the pipe: it closes only when it is empty
