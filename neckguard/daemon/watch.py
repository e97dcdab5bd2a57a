"""Tells when the settings file changed, in whatever way an editor or a tool changes files."""

import asyncio
import errno
import logging
import os
import struct
from collections.abc import Callable, Iterator

from neckguard.daemon import libc
from neckguard.daemon.places import CREATE, Places, signature, survey

_log = logging.getLogger(__name__)

# <sys/inotify.h>
_FLAGS = os.O_NONBLOCK | os.O_CLOEXEC
_OVERFLOW = 0x4000

_HEADER = struct.Struct("iIII")
_BUFFER = 64 * 1024

_QUIET = 0.03  # seconds without an event after which the file counts as written
_PATIENCE = 0.3  # seconds; under constant writes, do not wait any longer
_TRIES = 10  # a path that goes on changing while it is looked at


class FileWatch:
    """Calls `changed` soon after the file at `path` changed, appeared or vanished.

    `problem` is empty, or says in a sentence why changes may be noticed late; then ask `stale` now and then.
    """

    def __init__(self, path: str, changed: Callable[[], None]) -> None:
        self.problem = ""
        self._path = os.path.abspath(path)
        self._changed = changed
        self._loop = asyncio.get_running_loop()
        self._fd = -1
        self._names: dict[int, frozenset[str]] = {}
        self._first = 0.0
        self._pending: asyncio.TimerHandle | None = None
        self._listen()
        self._seen = signature(self._path)

    def stale(self) -> bool:
        """Whether the file changed since this was last asked or the callback last ran; needs no inotify."""
        if self.problem:
            self._listen()
        before, self._seen = self._seen, signature(self._path)
        return before != self._seen

    def close(self) -> None:
        """Stop watching."""
        if self._pending:
            self._pending.cancel()
            self._pending = None
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1

    # ---- listening -----------------------------------------------------------------------------------------

    def _listen(self) -> None:
        """Listen at all the right places; repeated until nothing moved between looking and listening."""
        problem = ""
        try:
            self._open()
            for _ in range(_TRIES):
                places = survey(self._path)
                problem = self._add(places)
                if survey(self._path) == places:
                    break
        except OSError as error:
            problem = _explain(error)
        if problem and problem != self.problem:
            _log.warning("%s", problem)
        self.problem = problem

    def _open(self) -> None:
        if self._fd < 0:
            self._fd = libc.call("inotify_init1", _FLAGS)
            self._loop.add_reader(self._fd, self._read)

    def _add(self, places: Places) -> str:
        """Listen to these places and no others; says what could not be done.

        Raises:
            OSError: inotify is exhausted.
        """
        heard: dict[int, tuple[int, frozenset[str]]] = {}
        problem = ""
        for path, (mask, names) in places.items():
            try:
                watch = self._hear(path, mask)
                # Two paths can lead to one directory (bind mounts): then it is listened to for both.
                before, others = heard.get(watch, (0, frozenset()))
                if before & ~mask:
                    self._hear(path, before | mask)
            except OSError as error:
                if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.EACCES):
                    raise
                if error.errno == errno.EACCES and mask & CREATE:
                    problem = _explain(error, path)
            else:
                heard[watch] = before | mask, names | others
        for watch in self._names.keys() - heard.keys():
            self._drop(watch)
        self._names = {watch: names for watch, (_, names) in heard.items()}
        return problem

    def _hear(self, path: str, mask: int) -> int:
        return libc.call("inotify_add_watch", self._fd, os.fsencode(path), mask)

    def _drop(self, watch: int) -> None:
        try:
            libc.call("inotify_rm_watch", self._fd, watch)
        except OSError as error:
            if error.errno != errno.EINVAL:  # already gone together with its directory
                raise

    # ---- hearing -------------------------------------------------------------------------------------------

    def _read(self) -> None:
        try:
            data = os.read(self._fd, _BUFFER)
        except BlockingIOError:
            return
        if any(self._matters(watch, mask, name) for watch, mask, name in _events(data)):
            self._listen()
            self._report_soon()

    def _matters(self, watch: int, mask: int, name: str) -> bool:
        if mask & _OVERFLOW:
            return True
        names = self._names.get(watch)
        return names is not None and (not name or name in names)

    def _report_soon(self) -> None:
        now = self._loop.time()
        if self._pending:
            self._pending.cancel()
        else:
            self._first = now
        self._pending = self._loop.call_at(min(now + _QUIET, self._first + _PATIENCE), self._report)

    def _report(self) -> None:
        self._pending = None
        before, self._seen = self._seen, signature(self._path)
        if before is not None or self._seen is not None:
            self._changed()


def _events(data: bytes) -> Iterator[tuple[int, int, str]]:
    """Watch, mask and name of each event in what inotify gave."""
    at = 0
    while at < len(data):
        watch, mask, _cookie, length = _HEADER.unpack_from(data, at)
        at += _HEADER.size
        yield watch, mask, os.fsdecode(data[at : at + length].rstrip(b"\0"))
        at += length


def _explain(error: OSError, path: str = "") -> str:
    reasons = {
        errno.EMFILE: "all inotify instances or open files are in use (sysctl fs.inotify.max_user_instances)",
        errno.ENOSPC: "all inotify watches are in use (sysctl fs.inotify.max_user_watches)",
    }
    reason = reasons.get(error.errno or 0, error.strerror)
    return f"Changes to the settings may apply late: {path}{': ' if path else ''}{reason}."
