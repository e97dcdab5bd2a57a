"""Tells when the settings file changed, in whatever way, and when the runtime directory lost something."""

import asyncio
import errno
import logging
import os
from collections.abc import Callable

from neckguard.daemon.inotify import OVERFLOW, FileEvent, Inotify
from neckguard.daemon.places import (
    CLOSE_WRITE,
    CREATE,
    DELETE,
    DELETE_SELF,
    MODIFY,
    MOVE_SELF,
    MOVED_FROM,
    MOVED_TO,
    Places,
    is_gone,
    signature,
    survey,
)

_log = logging.getLogger(__name__)

_SIZE = 2  # where it stands in a signature
_ANOTHER = MOVED_FROM | MOVED_TO | DELETE  # what the name leads to is no longer the same file

_QUIET = 0.03  # seconds without an event after which the file counts as written
_PATIENCE = 0.3  # seconds; under constant writes, do not wait any longer
# The same while somebody who writes has not closed it yet: what they have written may be half of it.
_QUIET_OPEN, _PATIENCE_OPEN = 3.0, 10.0
_TRIES = 10  # a path that goes on changing while it is looked at
_GONE = 60.0  # seconds without a file after which it counts as deleted
_GRACE = 0.2  # seconds: whoever deletes the directory must get done before we make it again


class FileWatch:
    """Calls `changed` soon after the file at `path` changed or appeared, and a minute after it vanished.

    Editors and whoever moves files about take it away for a moment: that is no change.
    `problem` is empty, or says in a sentence why changes may be noticed late. While it is `deaf`, ask `stale`
    now and then.
    """

    def __init__(self, inotify: Inotify, path: str, changed: Callable[[], None]) -> None:
        self.problem = ""
        self._path = os.path.abspath(path)
        self._changed = changed
        self._loop = asyncio.get_running_loop()
        self._inotify = inotify
        self._names: dict[int, frozenset[str]] = {}
        self._being_written = False
        self._first = 0.0
        self._device: int | None = None  # that of the directory
        self._pending: asyncio.TimerHandle | None = None
        self._vanished: asyncio.TimerHandle | None = None
        self._listen()
        self._seen = signature(self._path)

    @property
    def deaf(self) -> bool:
        """Whether inotify does not tell: it has a problem, or a disk was mounted over the directory."""
        return bool(self.problem) or self._device_now() != self._device

    def stale(self) -> bool:
        """Whether the file changed since this was last asked or the callback last ran; needs no inotify."""
        if self.deaf:
            self._listen()
        before = self._seen
        return self._look() and before != self._seen

    def close(self) -> None:
        """Stop watching."""
        for timer in (self._pending, self._vanished):
            if timer:
                timer.cancel()
        self._pending = self._vanished = None
        self._inotify.close(self._hear)

    # ---- listening -----------------------------------------------------------------------------------------

    def _listen(self) -> None:
        """Listen at all the right places; repeated until nothing moved between looking and listening."""
        problem = ""
        self._device = self._device_now()
        try:
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

    def _device_now(self) -> int | None:
        try:
            return os.stat(os.path.dirname(self._path)).st_dev
        except OSError:
            return None

    def _add(self, places: Places) -> str:
        """Listen to these places and no others; says what could not be done.

        Raises:
            OSError: inotify is exhausted.
        """
        heard: dict[int, tuple[int, frozenset[str]]] = {}
        problem = ""
        for path, (mask, names) in places.items():
            try:
                watch = self._inotify.listen(path, mask, self._hear)
                # Two paths can lead to one directory (bind mounts): then it is listened to for both.
                before, others = heard.get(watch, (0, frozenset()))
                if before & ~mask:
                    self._inotify.listen(path, before | mask, self._hear)
            except OSError as error:
                if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.EACCES):
                    raise
                if error.errno == errno.EACCES and mask & CREATE:
                    problem = _explain(error, path)
            else:
                heard[watch] = before | mask, names | others
        for watch in self._names.keys() - heard.keys():
            self._inotify.leave(watch, self._hear)
        self._names = {watch: names for watch, (_, names) in heard.items()}
        return problem

    # ---- hearing -------------------------------------------------------------------------------------------

    def _hear(self, events: list[FileEvent]) -> None:
        ours = [event for event in events if self._matters(*event)]
        for _, mask, _ in ours:
            self._see_writing(mask)
        if ours:
            self._listen()
            self._report_soon()

    def _matters(self, watch: int, mask: int, name: str) -> bool:
        if mask & OVERFLOW:
            return True
        names = self._names.get(watch)
        return names is not None and (not name or name in names)

    def _see_writing(self, mask: int) -> None:
        """Whoever writes has opened the file, and will close it."""
        if mask & MODIFY:
            self._being_written = True
        elif mask & CREATE:
            found = signature(self._path)
            self._being_written = found is not None and found[_SIZE] == 0
        elif mask & (CLOSE_WRITE | OVERFLOW | _ANOTHER):
            self._being_written = False

    def _report_soon(self) -> None:
        now = self._loop.time()
        if self._pending:
            self._pending.cancel()
        else:
            self._first = now
        quiet, patience = (_QUIET_OPEN, _PATIENCE_OPEN) if self._being_written else (_QUIET, _PATIENCE)
        self._pending = self._loop.call_at(min(now + quiet, self._first + patience), self._report)

    def _report(self) -> None:
        self._pending = None
        before = self._seen
        if self._look() and (before is not None or self._seen is not None):
            self._changed()

    def _look(self) -> bool:
        """Look at the file; false while it is gone, which is told in a while."""
        before, self._seen = self._seen, signature(self._path)
        gone = is_gone(self._path)
        if not gone and self._vanished:
            self._vanished.cancel()
            self._vanished = None
        elif gone and before is not None:
            self._vanished = self._vanished or self._loop.call_later(_GONE, self._report_deleted)
        return not gone

    def _report_deleted(self) -> None:
        self._vanished = None
        self._changed()


class RuntimeWatch:
    """Calls `deleted` when a file of the directory, or the directory itself, went away.

    So the socket is soon there again. Writes do not wake us: the heartbeat lies there. Without inotify the
    next wake of the daemon has to do.
    """

    def __init__(self, inotify: Inotify, directory: str, deleted: Callable[[], None]) -> None:
        self._directory = directory
        self._deleted = deleted
        self._loop = asyncio.get_running_loop()
        self._inotify = inotify
        self._pending: asyncio.TimerHandle | None = None
        self.renew()

    def renew(self) -> None:
        """Watch the directory that is there now; the one before may be gone."""
        try:
            mask = DELETE | DELETE_SELF | MOVED_FROM | MOVE_SELF
            self._inotify.listen(self._directory, mask, self._tell_soon)
        except OSError as error:
            _log.debug("cannot watch %s: %s", self._directory, error.strerror)

    def close(self) -> None:
        """Stop watching."""
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None
        self._inotify.close(self._tell_soon)

    def _tell_soon(self, _events: list[FileEvent]) -> None:
        if self._pending is None:
            self._pending = self._loop.call_later(_GRACE, self._tell)

    def _tell(self) -> None:
        self._pending = None
        self._deleted()


def _explain(error: OSError, path: str = "") -> str:
    reasons = {
        errno.EMFILE: "all inotify instances or open files are in use (sysctl fs.inotify.max_user_instances)",
        errno.ENOSPC: "all inotify watches are in use (sysctl fs.inotify.max_user_watches)",
    }
    reason = reasons.get(error.errno or 0, error.strerror)
    return f"Changes to the settings may apply late: {path}{': ' if path else ''}{reason}."
