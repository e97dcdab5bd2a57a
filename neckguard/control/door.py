"""Where clients come in: the socket, and the queue before it."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress

from neckguard import paths
from neckguard.backoff import Backoff
from neckguard.errors import NeckguardError

UNTIL_OPENED = float("inf")
_QUEUE = 512  # clients that may wait outside
_RETRY_FIRST, _RETRY_LAST = 0.5, 10.0  # seconds between attempts to let somebody in where that fails

_log = logging.getLogger(__name__)


class Door:
    """Listens at `path` and lets in who comes, one by one: asyncio's servers take in the whole queue at once.

    `wait` is asked before each: for how many seconds they all must wait outside. `problem` is empty, or says
    why nobody reaches us.
    """

    def __init__(
        self, path: str, wait: Callable[[], float], welcome: Callable[[socket.socket], None]
    ) -> None:
        self.problem = ""
        self._path = path
        self._wait = wait
        self._welcome = welcome
        self._listener: socket.socket | None = None
        self._bound: os.stat_result | None = None
        self._backoff = Backoff(_RETRY_FIRST, _RETRY_LAST)

    def ensure(self) -> None:
        """Listen; again, if the socket or its directory was deleted under us. Never raises.

        The caller holds the instance lock: what else lies at the path is a leftover.
        """
        if self._is_ours():
            return
        again = self._bound is not None or bool(self.problem)
        self._leave()
        try:
            self._listen()
        except NeckguardError as error:
            self._fail(str(error))
        except OSError as error:
            self._fail(f"cannot make the socket {self._path}: {error.strerror or error}.")
        else:
            self.problem = ""
            self.open()
            if again:
                _log.info("%s is there again.", self._path)

    def open(self) -> None:
        """Let in who waits outside."""
        if self._listener is not None:
            asyncio.get_running_loop().add_reader(self._listener, self._answer, self._listener)

    def close(self) -> None:
        """Take the socket away."""
        if self._is_ours():
            with suppress(OSError):  # then it is a leftover, which is no obstacle to anybody
                os.unlink(self._path)
        self._leave()

    def _listen(self) -> None:
        paths.make_private(os.path.dirname(self._path))
        self._listener = listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        with suppress(FileNotFoundError):
            os.unlink(self._path)
        listener.bind(self._path)
        os.chmod(self._path, 0o600)
        listener.listen(_QUEUE)
        self._bound = os.lstat(self._path)

    def _answer(self, listener: socket.socket) -> None:
        """Let in who waits longest."""
        wait = self._wait()
        if wait > 0:
            self._shut(listener, wait)
            return
        try:
            client, _ = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # gone again
        except OSError as error:  # no descriptors, no memory
            self._fail(f"cannot let in who asks: {error.strerror}.")
            self._shut(listener, self._backoff.next())
            return
        self._backoff.reset()
        self.problem = ""
        self._welcome(client)

    def _shut(self, listener: socket.socket, seconds: float) -> None:
        """Let all wait outside for so long."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(listener)
        if seconds < UNTIL_OPENED:
            loop.call_later(seconds, self.open)

    def _leave(self) -> None:
        """Listen no more."""
        if self._listener is not None:
            self._shut(self._listener, UNTIL_OPENED)
            self._listener.close()
            self._listener = self._bound = None

    def _fail(self, problem: str) -> None:
        if not self.problem:
            _log.warning("%s Trying again.", problem)
        self.problem = problem

    def _is_ours(self) -> bool:
        """Whether clients that connect at the path still reach us."""
        try:
            return self._bound is not None and os.path.samestat(self._bound, os.lstat(self._path))
        except OSError:
            return False
