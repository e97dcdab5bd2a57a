"""The daemon's end of the control socket. Whatever clients do, it harms neither the daemon nor one another.

Bounds: a message has at most 64 KiB and 10 s to arrive; 32 clients at once, each with one request under way;
16 of them may follow, and one that does not read what it asked for is dropped. Who comes when all places are
taken waits outside; the client that lets us wait longest makes room.
"""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from neckguard.control import peer
from neckguard.control.door import UNTIL_OPENED, Door
from neckguard.control.protocol import MAX_MESSAGE, ProtocolError, Request, decode, encode
from neckguard.core import Reply

MAX_CLIENTS = 32
MAX_FOLLOWERS = 16  # fewer than clients, so that there is always room for a `pause`
MAX_UNREAD = 256 * 1024  # bytes kept for a follower beyond what the kernel keeps
_GRACE = 0.25  # seconds a client may let us wait while others wait outside

_log = logging.getLogger(__name__)


class ControlServer:
    """Answers clients at `path`: `status` and `follow` from `snapshot`, all else through `handle`."""

    def __init__(
        self,
        path: str,
        handle: Callable[[Request], Awaitable[Reply]],
        snapshot: Callable[[], dict[str, Any]],
        *,
        patience: float = 10.0,
    ) -> None:
        self._handle = handle
        self._snapshot = snapshot
        self._patience = patience  # seconds for a request to arrive, and for a reply to be taken
        self._allowed = frozenset((os.getuid(), 0))  # root could do anything to us anyway
        self._door = Door(path, self._wait, self._welcome)
        self._conversations: set[asyncio.Task[None]] = set()
        self._awaited: dict[asyncio.StreamWriter, float] = {}  # since when it is their turn; in this order
        self._followers: dict[asyncio.StreamWriter, bytes] = {}

    @property
    def problem(self) -> str:
        """Why clients cannot reach us, for `status`."""
        return self._door.problem

    def ensure(self) -> None:
        """Listen; again, if the socket or its directory was deleted. Never raises; see `problem`.

        The caller holds the instance lock.
        """
        self._door.ensure()

    async def close(self) -> None:
        """Say goodbye to everybody and take the socket away."""
        self._door.close()
        for conversation in self._conversations:
            conversation.cancel()
        await asyncio.gather(*self._conversations, return_exceptions=True)

    def changed(self) -> None:
        """Tell the followers, if there is anything new. Never blocks."""
        if not self._followers:
            return
        line = self._status()
        for follower, last in tuple(self._followers.items()):
            if line != last:
                self._tell(follower, line)

    def _wait(self) -> float:
        """For how many seconds newcomers must wait; for room, if it is time, somebody is hung up on."""
        if len(self._conversations) < MAX_CLIENTS:
            return 0.0
        for client, since in self._awaited.items():
            left = since + _GRACE - asyncio.get_running_loop().time()
            if left > 0:
                return left
            client.transport.abort()
            break
        return UNTIL_OPENED

    def _welcome(self, client: socket.socket) -> None:
        if peer(client)[1] not in self._allowed:
            with client, suppress(OSError):
                client.send(encode(Reply(ok=False, message="This neckguard belongs to another user.")))
            return
        # A task of our own: asyncio 3.11 logs an error for each of its own that is cancelled.
        conversation = asyncio.create_task(self._attend(client))
        self._conversations.add(conversation)

        def end(_: asyncio.Task[None]) -> None:  # also of one that was cancelled before it began
            self._conversations.discard(conversation)
            client.close()
            self._door.open()

        conversation.add_done_callback(end)

    async def _attend(self, client: socket.socket) -> None:
        """One client, from its first byte to its last."""
        reader, writer = await asyncio.open_unix_connection(sock=client, limit=MAX_MESSAGE)
        # `drain` then means "all of it is with the kernel", so that nothing is lost by the abort below.
        writer.transport.set_write_buffer_limits(high=0)
        try:
            await self._converse(reader, writer)
        except (OSError, asyncio.IncompleteReadError) as error:
            _log.debug("a client left: %r", error)  # gone, or too slow: nothing is owed to it
        finally:
            self._followers.pop(writer, None)
            writer.transport.abort()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        refusal = None
        while not refusal:
            try:
                async with self._turn_of(writer):
                    line = await reader.readuntil(b"\n")
                request = decode(line)
            except asyncio.LimitOverrunError:
                refusal = Reply(ok=False, message=f"A message has at most {MAX_MESSAGE} bytes.", code=2)
            except ProtocolError as error:
                await self._send(writer, Reply(ok=False, message=str(error), code=error.exit_code))
            else:
                if request.command != "follow":
                    await self._send(writer, await self._answer(request))
                elif len(self._followers) < MAX_FOLLOWERS:
                    await self._follow(reader, writer)
                    return
                else:
                    refusal = Reply(ok=False, message=f"{MAX_FOLLOWERS} clients follow already.")
        await self._send(writer, refusal)

    @asynccontextmanager
    async def _turn_of(self, client: asyncio.StreamWriter) -> AsyncIterator[None]:
        """The client is to speak or to listen: not for ever, nor for long while others wait outside."""
        self._awaited[client] = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self._patience):
                yield
        finally:
            del self._awaited[client]

    async def _answer(self, request: Request) -> Reply:
        try:
            return await self._handle(request)
        except Exception:  # noqa: BLE001 - whatever it is, the client is told, the log has it, the daemon goes on
            _log.exception("could not answer %s", request)
            return Reply(
                ok=False, message="neckguard failed at this; its log says why (neckguard service status)."
            )

    async def _follow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tell(writer, self._status())
        while await reader.read(4096):
            pass  # a follower has nothing more to say; what counts is when it leaves

    def _tell(self, follower: asyncio.StreamWriter, line: bytes) -> None:
        if follower.transport.get_write_buffer_size() > MAX_UNREAD:
            del self._followers[follower]
            follower.transport.abort()
        else:
            self._followers[follower] = line
            follower.write(line)

    def _status(self) -> bytes:
        return encode(Reply(ok=True, data=self._snapshot()))

    async def _send(self, writer: asyncio.StreamWriter, reply: Reply) -> None:
        writer.write(encode(reply))
        async with self._turn_of(writer):
            await writer.drain()
