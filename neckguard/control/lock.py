"""One daemon at a time: a lock that the kernel takes back whatever way its holder ends."""

import fcntl
import logging
import os
from contextlib import suppress

from neckguard import paths
from neckguard.errors import NeckguardError

_log = logging.getLogger(__name__)


class AlreadyRuns(NeckguardError):  # noqa: N818 - an answer, not a fault
    """Another daemon lives, and is the one."""

    def __init__(self, pid: str) -> None:
        super().__init__(f"neckguard already runs (pid {pid}). See what it does: neckguard status.")


class InstanceLock:
    """An exclusive lock on a file that names its holder's pid.

    `problem` is empty while it is held, or says why it cannot be had.
    """

    def __init__(self, path: str | None = None) -> None:
        self.problem = ""
        self._path = path or paths.lock_file()
        self._file = -1

    def acquire(self) -> None:
        """Become the one daemon, or stay it: a lock file that was deleted is made and locked again.

        A file that cannot be used tells of nobody else: that is a `problem`, until the next try.

        Raises:
            AlreadyRuns: another daemon holds it.
        """
        if self._held():
            return
        self.release()
        try:
            paths.make_private(os.path.dirname(self._path))
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRuns(self._holder()) from None
        except NeckguardError as error:
            self._fail(str(error))
        except OSError as error:
            self._fail(f"cannot lock {self._path}: {error.strerror}.")
        else:
            self._sign()

    def release(self) -> None:
        """Let another one be it. The file stays: deleting it would let two hold "the" lock."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _held(self) -> bool:
        """Whether what we locked is still what others would try to lock."""
        if self._file < 0:
            return False
        try:
            return os.path.samestat(os.fstat(self._file), os.lstat(self._path))
        except OSError:
            return False

    def _holder(self) -> str:
        """Who holds it instead of us, as far as the file tells."""
        named = b""
        with suppress(OSError):
            named = os.pread(self._file, 20, 0)
        self.release()
        return named.decode("ascii", "replace").strip() or "unknown"

    def _sign(self) -> None:
        """Hold it by name; where the disk is full, without."""
        with suppress(OSError):
            os.ftruncate(self._file, os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0))
        if self.problem:
            _log.info("%s is locked again.", self._path)
        self.problem = ""

    def _fail(self, why: str) -> None:
        self.release()
        if not self.problem:
            _log.warning("%s Reminders go on; commands reach neckguard again once that is mended.", why)
        self.problem = why
