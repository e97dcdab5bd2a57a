"""The daemon's end of the control socket. Whatever clients do, it harms neither the daemon nor one another.

Bounds: a message has at most 64 KiB and 10 s to arrive; 32 clients at once, each with one request under way;
16 of them may follow, and one that does not read what it asked for is dropped.
"""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from neckguard import paths
from neckguard.control import peer
from neckguard.control.protocol import MAX_MESSAGE, ProtocolError, Request, decode, encode
from neckguard.core import Reply
from neckguard.errors import NeckguardError

MAX_CLIENTS = 32
MAX_FOLLOWERS = 16  # fewer than clients, so that there is always room for a `pause`
MAX_UNREAD = 256 * 1024  # bytes kept for a follower beyond what the kernel keeps

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
        self._path = path
        self._handle = handle
        self._snapshot = snapshot
        self._patience = patience  # seconds for a request to arrive, and for a reply to be taken
        self._allowed = frozenset((os.getuid(), 0))  # root could do anything to us anyway
        self._server: asyncio.AbstractServer | None = None
        self._bound: os.stat_result | None = None
        self._conversations: set[asyncio.Task[None]] = set()
        self._followers: dict[asyncio.StreamWriter, bytes] = {}
        self.problem = ""  # why clients cannot reach us, for `status`

    async def start(self) -> None:
        """Listen. The caller holds the instance lock: what lies at the path is a leftover.

        Raises:
            NeckguardError: the socket cannot be made.
        """
        paths.make_private(os.path.dirname(self._path))
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._path)
            listener.bind(self._path)
            os.chmod(self._path, 0o600)
            self._bound = os.lstat(self._path)
            self._server = await asyncio.start_unix_server(self._welcome, sock=listener, limit=MAX_MESSAGE)
        except OSError as error:
            listener.close()
            raise NeckguardError(f"cannot make the socket {self._path}: {error.strerror or error}.") from None
        self.problem = ""

    async def ensure(self) -> None:
        """Listen again if the socket or its directory was deleted. Never raises; see `problem`."""
        if self._is_ours():
            return
        if self._server:
            self._server.close()
        try:
            await self.start()
        except NeckguardError as error:
            if not self.problem:
                _log.warning("%s Trying again at each wake.", error)
            self.problem = str(error)
        else:
            _log.info("the control socket was gone; made it again")

    async def close(self) -> None:
        """Say goodbye to everybody and take the socket away."""
        if self._server:
            self._server.close()
        if self._is_ours():
            os.unlink(self._path)
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

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A task of our own: asyncio 3.11 logs an error for each of its own that is cancelled.
        conversation = asyncio.create_task(self._attend(reader, writer))
        self._conversations.add(conversation)

        def end(_: asyncio.Task[None]) -> None:  # also of one that was cancelled before it began
            self._conversations.discard(conversation)
            self._followers.pop(writer, None)
            writer.transport.abort()

        conversation.add_done_callback(end)

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, from its first byte to its last."""
        # `drain` then means "all of it is with the kernel", so that nothing is lost by the abort below.
        writer.transport.set_write_buffer_limits(high=0)
        try:
            await self._converse(reader, writer)
        except (OSError, asyncio.IncompleteReadError) as error:
            _log.debug("a client left: %r", error)  # gone, or too slow: nothing is owed to it

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        refusal = self._refusal(writer)
        while not refusal:
            try:
                async with asyncio.timeout(self._patience):
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

    def _refusal(self, writer: asyncio.StreamWriter) -> Reply | None:
        """Why this client is not even listened to."""
        if peer(writer.get_extra_info("socket"))[1] not in self._allowed:
            return Reply(ok=False, message="This neckguard belongs to another user.")
        if len(self._conversations) > MAX_CLIENTS:
            return Reply(ok=False, message="Too many clients at once; try again in a moment.")
        return None

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
        async with asyncio.timeout(self._patience):
            await writer.drain()

    def _is_ours(self) -> bool:
        """Whether clients that connect at the path still reach us."""
        try:
            return self._bound is not None and os.path.samestat(self._bound, os.lstat(self._path))
        except OSError:
            return False
