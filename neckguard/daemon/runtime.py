"""Notices when something is deleted from the runtime directory, so that the socket is soon there again."""

import asyncio
import logging
import os
from collections.abc import Callable

from neckguard.daemon import libc
from neckguard.daemon.places import DELETE, DELETE_SELF, MOVE_SELF, MOVED_FROM

_log = logging.getLogger(__name__)

_FLAGS = os.O_NONBLOCK | os.O_CLOEXEC
_BUFFER = 4096
_GRACE = 0.2  # seconds: whoever deletes the directory must get done before we make it again


class RuntimeWatch:
    """Calls `deleted` when a file of the directory, or the directory itself, went away.

    Writes do not wake us: the heartbeat lies there. Without inotify the next wake of the daemon has to do.
    """

    def __init__(self, directory: str, deleted: Callable[[], None]) -> None:
        self._directory = directory
        self._deleted = deleted
        self._loop = asyncio.get_running_loop()
        self._fd = -1
        self._pending: asyncio.TimerHandle | None = None
        self.renew()

    def renew(self) -> None:
        """Watch the directory that is there now; the one before may be gone."""
        try:
            if self._fd < 0:
                self._fd = libc.call("inotify_init1", _FLAGS)
                self._loop.add_reader(self._fd, self._read)
            mask = DELETE | DELETE_SELF | MOVED_FROM | MOVE_SELF
            libc.call("inotify_add_watch", self._fd, os.fsencode(self._directory), mask)
        except OSError as error:
            _log.debug("cannot watch %s: %s", self._directory, error.strerror)

    def close(self) -> None:
        """Stop watching."""
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1

    def _read(self) -> None:
        try:
            os.read(self._fd, _BUFFER)
        except BlockingIOError:
            return
        if self._pending is None:
            self._pending = self._loop.call_later(_GRACE, self._tell)

    def _tell(self) -> None:
        self._pending = None
        self._deleted()
