"""The clocks: the moment in the machine's zone, one timer that sleep cannot delay, jumps, sleep."""

import asyncio
import ctypes
import errno
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from neckguard.core import Moment
from neckguard.daemon import libc

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


_LOCALTIME = "/etc/localtime"
_TIMEZONE = "/etc/timezone"
_MARK = "zoneinfo/"

Identity = tuple[str | None, int, int, int]


class LocalZone:
    """The zone of this machine, looked up again only when its settings change."""

    def __init__(self) -> None:
        self._identity: Identity | None = None
        self._zone: ZoneInfo | None = None

    def get(self) -> tzinfo:
        """The zone; the bare offset of this moment where the C library's rules have no name or file."""
        time.tzset()  # the C library's local time, which the log uses too, must follow as well
        identity = _identity()
        if identity != self._identity:
            self._identity, self._zone = identity, _find(identity[0])
        return self._zone or timezone(_offset())


def _identity() -> Identity:
    """What changes with every change of the zone: TZ, or the file that /etc/localtime leads to."""
    try:
        found = os.stat(_LOCALTIME)
    except OSError:
        return os.environ.get("TZ"), 0, 0, 0
    return os.environ.get("TZ"), found.st_dev, found.st_ino, found.st_mtime_ns


def _offset() -> timedelta:
    return timedelta(seconds=time.localtime().tm_gmtoff)


def _find(variable: str | None) -> ZoneInfo | None:
    """The first candidate that agrees with the C library: /etc/timezone, above all, is often stale."""
    candidates = _from_system() if variable is None else _from_variable(variable.removeprefix(":"))
    return next((zone for zone in candidates if datetime.now(zone).utcoffset() == _offset()), None)


def _from_variable(value: str) -> Iterator[ZoneInfo]:
    if os.path.isabs(value):
        yield from _from_file(value)
    elif value:
        yield from _named(value)


def _from_system() -> Iterator[ZoneInfo]:
    if os.path.islink(_LOCALTIME):
        yield from _from_file(_LOCALTIME)
        return
    with suppress(OSError, UnicodeDecodeError), open(_TIMEZONE, encoding="utf-8") as file:
        yield from _named(file.readline(200).strip())
    yield from _from_file(_LOCALTIME)


def _from_file(path: str) -> Iterator[ZoneInfo]:
    """The zone a file holds, by the name in its path or in the link's, else by the file's own name."""
    link = os.readlink(path) if os.path.islink(path) else path
    names = [place.partition(_MARK)[2] for place in (link, os.path.realpath(path)) if _MARK in place]
    for name in names:
        yield from _named(name)
    with suppress(OSError, ValueError), open(path, "rb") as file:
        yield ZoneInfo.from_file(file, key=names[0] if names else os.path.basename(path))


def _named(name: str) -> Iterator[ZoneInfo]:
    # An unknown name raises ZoneInfoNotFoundError (a KeyError), an odd one ValueError or OSError. Not the
    # cached constructor: the rules of a name change when the system's time zone data is updated.
    with suppress(OSError, ValueError, KeyError):
        yield ZoneInfo.no_cache(name)
