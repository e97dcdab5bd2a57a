"""A tiny file that tells the next daemon how long this one lived."""

from __future__ import annotations

import logging
import math
import os

from neckguard.errors import NeckguardError
from neckguard.paths import make_private
from neckguard.storage import atomic
from neckguard.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from neckguard.core import Moment

_log = logging.getLogger(__name__)

_LENGTH = 96  # every beat is as long as the one it overwrites


@value
class Beat:
    """A sign of life: the boot it happened in, CLOCK_BOOTTIME then, and the Unix time."""

    boot_id: str
    boot: float
    wall: float


def boot_id() -> str:
    """The name the kernel gave to this boot; empty where it gives none."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="utf-8") as file:
            return file.readline().strip()
    except OSError:
        return ""


class Heartbeat:
    """The heartbeat file, in the runtime directory: a reboot may well lose it.

    `problem` is empty, or says why there is none.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._boot_id = boot_id()
        self._fd = -1
        self.problem = ""

    def last(self) -> Beat | None:
        """The last sign of life of whoever wrote here; None if it tells nothing."""
        try:
            return _decode(atomic.read(self._path, _LENGTH))
        except (OSError, ValueError):
            return None

    def touch(self, moment: Moment) -> None:
        """We are alive."""
        line = f"{self._boot_id or '-'} {moment.boot:.3f} {moment.wall.timestamp():.3f}"
        try:
            self._open()
            os.pwrite(self._fd, f"{line:<{_LENGTH - 1}}\n".encode(), 0)
        except OSError as error:
            self._fail(f"{self._path} cannot be written: {error.strerror}.")
        except NeckguardError as error:
            self._fail(str(error))
        else:
            self.problem = ""

    def close(self) -> None:
        """Let go of the file; its last beat stays."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _fail(self, why: str) -> None:
        problem = f"{why} After a crash, the time before it may be counted wrongly."
        if not self.problem:
            _log.warning("%s", problem)
        self.problem = problem

    def _open(self) -> None:
        """Have the file open that the path leads to: it may have been deleted, even with its directory."""
        if self._fd >= 0 and _same(self._path, self._fd):
            return
        self.close()
        make_private(os.path.dirname(self._path))
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        self._fd = os.open(self._path, flags, 0o600)


def _same(path: str, fd: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(fd))
    except OSError:
        return False


def _decode(content: bytes | None) -> Beat:
    """The beat in the file.

    Raises:
        ValueError: there is none, or it is not one of ours.
    """
    name, boot, wall = (content or b"").decode("ascii").split()
    beat = Beat("" if name == "-" else name, float(boot), float(wall))
    if not (math.isfinite(beat.boot) and math.isfinite(beat.wall)):
        raise ValueError("no times")
    return beat
