"""What the idle notifications of a Wayland seat mean: inputs, idleness, applications that keep it awake.

A notification counts from its creation (so says ext-idle-notify-v1.xml, so do wlroots, KWin, Hyprland), then
from each input. So it is replaced only while somebody is active; while nobody is, the last input is known
exactly, and the old notification tells the return as well as a new one would.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from neckguard.core import PRESENT_WITHIN
from neckguard.desktop.presence.source import Told

IDLED, RESUMED = 0, 1
PROBE = 0.5  # seconds; of the first notification, so that something is known soon
_REPEAT_WITHIN = 2.0  # seconds; up to such a threshold going on is told again and again
# Seconds. Two notifications that the same input started are told apart by less, even on a busy machine.
_TOGETHER = 0.5


class Seat(Protocol):
    """Where notifications come from."""

    tells_input: bool  # there are notifications that no application can hold up (version 2)

    def notify(self, timeout: float, handler: Callable[[int], None], *, inhibited: bool) -> int:
        """A new notification, or while `inhibited` one that applications can hold up; its number."""

    def drop(self, number: int) -> None:
        """End a notification."""


class Idleness:
    """Follows one seat. It lives in a running loop, and must be closed."""

    def __init__(self, seat: Seat, told: Told, threshold: float) -> None:
        self._seat = seat
        self._told = told
        self._loop = asyncio.get_running_loop()
        self._last: float | None = None  # the last input (boot clock) while idle
        self._known = False  # whether anything was told yet
        self._kept_awake = False
        self._plain_idle = False
        self._awake_since = 0.0  # boot clock; meaningful while idle
        self._numbers: list[int] = []
        self._repeat: asyncio.TimerHandle | None = None
        self._comparison: asyncio.TimerHandle | None = None
        self._wanted = _timeout_for(threshold)
        self._renew(PROBE)

    @property
    def idle(self) -> float | None:
        """Seconds without input; None: fewer than the timeout."""
        return None if self._last is None else _now() - self._last

    def watch(self, threshold: float) -> None:
        """Tell the present state, and count to this from now on."""
        self._wanted = _timeout_for(threshold)
        if self.idle is not None:
            self._told.idle(self.idle)
        elif self._known:
            counted = min(_now() - self._born, self._timeout)
            if self._timeout != self._wanted:
                self._renew(self._wanted)
            self._told.input(counted)  # longer ago than that it cannot be, and nothing better is known

    def close(self) -> None:
        """Tell no more."""
        _cancel(self._repeat)
        _cancel(self._comparison)

    def _renew(self, timeout: float) -> None:
        """Begin to count, from now."""
        for number in self._numbers:
            self._seat.drop(number)
        self._timeout = timeout
        self._plain_idle = False
        twice = self._seat.tells_input
        self._numbers = [self._seat.notify(timeout, self._on_input, inhibited=not twice)]
        if twice:
            self._numbers.append(self._seat.notify(timeout, self._on_plain, inhibited=True))
        self._count()

    def _count(self) -> None:
        """Note that nobody was idle just now."""
        self._born = _now()
        _cancel(self._repeat)
        if 2 * self._timeout <= _REPEAT_WITHIN:
            self._repeat = self._loop.call_later(2 * self._timeout, self._on_going_on)

    def _on_going_on(self) -> None:
        """Twice the timeout passed, and nobody was told to be idle."""
        # So there was an input within the timeout, give or take the way that the news takes. Saying "just
        # now" instead would turn one bump of the mouse into two inputs a second apart.
        within = 1.5 * self._timeout
        self._known = True
        if self._timeout == self._wanted:
            self._count()
        else:
            self._renew(self._wanted)
        self._told.input(within)

    def _on_input(self, opcode: int) -> None:
        if opcode == IDLED and self._last is None:
            self._on_idle()
        elif opcode == RESUMED and self._last is not None:
            self._on_return()

    def _on_idle(self) -> None:
        _cancel(self._repeat)
        self._known = True
        now = _now()
        # Never longer than we know of, even if a compositor counts otherwise.
        self._last = self._awake_since = max(now - self._timeout, self._born)
        self._told.idle(now - self._last)
        self._compare()

    def _on_return(self) -> None:
        self._last = None
        _cancel(self._comparison)
        # Both anew even if the timeout stays: KWin does not tell `resumed` of a plain notification while an
        # application keeps the session awake; its state would be stale.
        self._renew(self._wanted)
        if self._kept_awake:
            self._kept_awake = False
            self._told.kept_awake(False, 0.0)
        self._told.input(0.0)

    def _on_plain(self, opcode: int) -> None:
        if opcode == IDLED:
            self._plain_idle = True
            if self._kept_awake:  # it ended, and that started the count
                self._kept_awake = False
                self._told.kept_awake(False, self._timeout)
        elif opcode == RESUMED:
            self._plain_idle = False
            self._awake_since = _now()
        self._compare()

    def _compare(self) -> None:
        """Input idle without plain idle, for more than a moment: an application keeps the session awake."""
        _cancel(self._comparison)
        if (
            self._seat.tells_input
            and self._last is not None
            and not self._plain_idle
            and not self._kept_awake
        ):
            self._comparison = self._loop.call_later(_TOGETHER, self._on_kept_awake)

    def _on_kept_awake(self) -> None:
        self._kept_awake = True
        self._told.kept_awake(True, _now() - self._awake_since)


def _timeout_for(threshold: float) -> float:
    """What to count to. Beyond a minute nothing new is learnt: the last input is known exactly then."""
    if threshold <= _REPEAT_WITHIN:
        return threshold / 2
    return min(threshold, PRESENT_WITHIN)


def _now() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
