"""One daemon at a time: a lock that the kernel takes back whatever way its holder ends."""

import fcntl
import os

from neckguard import paths
from neckguard.errors import NeckguardError


class InstanceLock:
    """An exclusive lock on a file that names its holder's pid."""

    def __init__(self, path: str | None = None) -> None:
        self._path = path or paths.lock_file()
        self._file = -1

    def acquire(self) -> None:
        """Become the one daemon, or stay it: a lock file that was deleted is made and locked again.

        Raises:
            NeckguardError: another one runs (its pid is named), or the file cannot be used.
        """
        while not self._held():
            self.release()
            paths.make_private(os.path.dirname(self._path))
            try:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.ftruncate(self._file, 0)
                os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
            except BlockingIOError:
                holder = os.pread(self._file, 20, 0).decode("ascii", "replace").strip() or "unknown"
                self.release()
                raise NeckguardError(
                    f"neckguard already runs (pid {holder}). See what it does: neckguard status."
                ) from None
            except OSError as error:
                self.release()
                raise NeckguardError(f"cannot lock {self._path}: {error.strerror}.") from None

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
