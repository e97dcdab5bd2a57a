"""The clocks: the present moment, one timer that sleep cannot delay, jumps of the wall clock, sleep."""

import asyncio
import ctypes
import errno
import logging
import os
import time
from collections.abc import Callable
from datetime import datetime

from neckguard.core import Moment
from neckguard.daemon import libc
from neckguard.daemon.zone import LocalZone

_log = logging.getLogger(__name__)

# <sys/timerfd.h>
_ABSTIME = 1
_CANCEL_ON_SET = 2
_FLAGS = os.O_NONBLOCK | os.O_CLOEXEC

_NOISE = 0.1  # seconds; two clocks cannot be read at the same instant
_FAR = min(2**33, 2 ** (8 * ctypes.sizeof(ctypes.c_long) - 1) - 1)  # seconds: for ever, as far as it fits
_RECHECK = 60.0  # seconds, without timerfd


class Clock:
    """The present."""

    def __init__(self) -> None:
        self._zone = LocalZone()

    def now(self) -> Moment:
        """This instant; follows a change of the machine's time zone."""
        return Moment(boot_time(), datetime.now(self._zone.get()))


def boot_time() -> float:
    """Seconds since the machine was booted, sleep included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class SleepGauge:
    """How long the machine slept: what CLOCK_BOOTTIME counts and CLOCK_MONOTONIC does not."""

    def __init__(self, read: Callable[[int], float] = time.clock_gettime) -> None:
        self._read = read
        monotonic = read(time.CLOCK_MONOTONIC)
        # Read in this order the difference is never too small here, and never too large in `taken`: being
        # stopped between two readings cannot look like sleep.
        self._slept = read(time.CLOCK_BOOTTIME) - monotonic

    def taken(self) -> float:
        """Seconds slept since this was last asked; 0 if it was nothing worth the name."""
        slept = self._read(time.CLOCK_BOOTTIME) - self._read(time.CLOCK_MONOTONIC)
        more = slept - self._slept
        if more < _NOISE:
            return 0.0
        self._slept = slept
        return more


class BootTimer:
    """One alarm on CLOCK_BOOTTIME. Loop timers stand still while the machine sleeps, this one does not."""

    def __init__(self, expired: Callable[[], None]) -> None:
        self._expired = expired
        self._loop = asyncio.get_running_loop()
        self._deadline: float | None = None
        self._handle: asyncio.TimerHandle | None = None
        try:
            self._fd = _create(time.CLOCK_BOOTTIME)
        except OSError as error:
            self._fd = -1
            _log.warning("No exact timer here (%s); prompts may come late after sleep.", error.strerror)
        else:
            self._loop.add_reader(self._fd, self._ring)

    def arm(self, deadline: float | None) -> None:
        """Call back once at `deadline` on CLOCK_BOOTTIME, at once if it is past; None: never."""
        self._deadline = deadline
        if self._fd >= 0:
            _set(self._fd, _ABSTIME, 0.0 if deadline is None else max(deadline, 1e-6))
        else:
            self._arm_loop()

    def close(self) -> None:
        """Give the timer back."""
        self.arm(None)
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1

    def _ring(self) -> None:
        # Armed anew after it ran out and before we looked: nothing to read, nothing to do.
        if _read(self._fd) and self._deadline is not None:
            self._deadline = None
            self._expired()

    def _arm_loop(self) -> None:
        if self._handle:
            self._handle.cancel()
            self._handle = None
        if self._deadline is not None:
            left = self._deadline - time.clock_gettime(time.CLOCK_BOOTTIME)
            self._handle = self._loop.call_later(min(max(left, 0.0), _RECHECK), self._check)

    def _check(self) -> None:
        self._handle = None
        if self._deadline is None or self._deadline > time.clock_gettime(time.CLOCK_BOOTTIME):
            self._arm_loop()
        else:
            self._deadline = None
            self._expired()


class WallJumps:
    """Calls back whenever somebody sets the clock. The next wake tells as much where this is missing."""

    def __init__(self, jumped: Callable[[], None]) -> None:
        self._jumped = jumped
        self._loop = asyncio.get_running_loop()
        try:
            self._fd = _create(time.CLOCK_REALTIME)
        except OSError:
            self._fd = -1
            return
        self._arm()
        self._loop.add_reader(self._fd, self._look)

    def close(self) -> None:
        """Stop listening."""
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1

    def _arm(self) -> None:
        try:
            _set(self._fd, _ABSTIME | _CANCEL_ON_SET, _FAR)
        except OSError as error:
            if error.errno != errno.ECANCELED:  # set at this very moment; the timer is armed all the same
                raise

    def _look(self) -> None:
        try:
            _read(self._fd)
        except OSError as error:
            if error.errno != errno.ECANCELED:
                raise
        self._arm()  # before the callback reads the clock, or a second jump in between would be lost
        self._jumped()


class _Spec(ctypes.Structure):
    """`struct itimerspec`; the C library's `time_t` is a long behind this symbol, also on 32 bit."""

    _fields_ = (
        ("interval_seconds", ctypes.c_long),
        ("interval_nanoseconds", ctypes.c_long),
        ("seconds", ctypes.c_long),
        ("nanoseconds", ctypes.c_long),
    )


def _create(clock: int) -> int:
    return libc.call("timerfd_create", clock, _FLAGS)


def _set(fd: int, flags: int, at: float) -> None:
    """Arm the timer for `at` on its clock; 0 disarms it."""
    seconds, rest = divmod(min(at, _FAR), 1.0)
    spec = _Spec(seconds=int(seconds), nanoseconds=int(rest * 1e9))
    libc.call("timerfd_settime", fd, flags, ctypes.byref(spec), None)


def _read(fd: int) -> bool:
    """Whether the timer ran out since it was armed."""
    try:
        os.read(fd, 8)
    except BlockingIOError:
        return False
    return True
