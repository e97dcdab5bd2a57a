"""What the idle notifications of a Wayland seat mean: inputs, idleness, applications that keep it awake.

A notification counts from its creation (so says ext-idle-notify-v1.xml, so do wlroots, KWin, Hyprland), then
from each input. So it is replaced only while somebody is active, and its predecessor stays until one of them
tells: of two counts without an input between them the elder one knows since when. While nobody is active, the
last input is known exactly, and the old notification tells the return as well as a new one would.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from neckguard.core import PRESENT_WITHIN, STILL_AT_MOST
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


@dataclass(slots=True, eq=False)
class _Count:
    """A notification that tells inputs, and how it counts them."""

    timeout: float
    born: float  # boot clock
    number: int = 0
    idled: bool = False

    def pause(self) -> float:
        """How many seconds ago the last input can be at most, as long as it has not told idleness."""
        return min(_now() - self.born, self.timeout)

    def saw_input(self) -> bool:
        """Whether it counts from an input by now; else it would have told idleness."""
        return _now() - self.born > self.timeout


class Idleness:
    """Follows one seat. It lives in a running loop, and must be closed."""

    def __init__(self, seat: Seat, told: Told, threshold: float) -> None:
        self._seat = seat
        self._told = told
        self._loop = asyncio.get_running_loop()
        self._last: float | None = None  # the last input (boot clock) while idle
        self._known = False  # whether anything was told yet
        self._silenced = False
        self._kept_awake = False
        self._plain_idle = False
        self._awake_since = 0.0  # boot clock; meaningful while idle
        self._elder: _Count | None = None
        self._plain: int | None = None
        self._repeat: asyncio.TimerHandle | None = None
        self._comparison: asyncio.TimerHandle | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._count = self._begin(PROBE)
        self._wanted = _timeout_for(threshold)
        self._await_word()

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
            pause = self._eldest().pause()
            if self._count.timeout != self._wanted:
                self._succeed()
            self._told.input(pause)  # longer ago than that it cannot be, and nothing better is known

    def close(self) -> None:
        """Tell no more."""
        for timer in (self._repeat, self._comparison, self._silence):
            _cancel(timer)

    # ---- counting -----------------------------------------------------------------------------------------

    def _begin(self, timeout: float) -> _Count:
        """Count to this from now."""
        twice = self._seat.tells_input
        count = _Count(timeout, _now())
        count.number = self._seat.notify(
            timeout, lambda opcode: self._on_input(count, opcode), inhibited=not twice
        )
        self._plain_idle = False
        self._plain = self._seat.notify(timeout, self._on_plain, inhibited=True) if twice else None
        self._repeat_after(timeout)
        return count

    def _succeed(self) -> None:
        """Count to what is wanted now, beside whoever knows of the last input."""
        eldest = self._eldest()
        self._drop(*(count for count in (self._count, self._elder) if count is not eldest))
        self._elder, self._count = eldest, self._begin(self._wanted)

    def _renew(self) -> None:
        """Count to what is wanted, as an input came just now."""
        self._drop(self._count, self._elder)
        self._elder, self._count = None, self._begin(self._wanted)

    def _drop(self, *counts: _Count | None) -> None:
        """End these, and the plain notification, which serves only for comparison with the youngest."""
        for number in (*(count.number for count in counts if count), self._plain):
            if number is not None:
                self._seat.drop(number)
        self._plain = None

    def _eldest(self) -> _Count:
        """The count that knows best of the last input."""
        return self._count if self._elder is None or self._count.saw_input() else self._elder

    def _repeat_after(self, timeout: float) -> None:
        _cancel(self._repeat)
        if 2 * timeout <= _REPEAT_WITHIN:
            self._repeat = self._loop.call_later(2 * timeout, self._on_going_on)

    def _on_going_on(self) -> None:
        """Twice the timeout passed, and nobody was told to be idle."""
        # So there was an input within the timeout, give or take the way that the news takes. Saying "just
        # now" instead would turn one bump of the mouse into two inputs a second apart.
        timeout = self._count.timeout
        self._known = True
        if timeout == self._wanted:
            self._repeat_after(timeout)
        else:
            self._succeed()
        self._told.input(1.5 * timeout)

    # ---- what is told of inputs ---------------------------------------------------------------------------

    def _on_input(self, count: _Count, opcode: int) -> None:
        if opcode == IDLED and not count.idled:
            count.idled = True
            self._on_idle(count)
        elif opcode == RESUMED and self._last is not None:
            self._on_return()

    def _on_idle(self, count: _Count) -> None:
        _cancel(self._repeat)
        _cancel(self._silence)
        self._known = True
        self._tell_again()
        now = _now()
        # Never longer than we know of, even if a compositor counts otherwise.
        last = max(now - count.timeout, count.born)
        if self._last is None:
            self._awake_since = last
        if self._last is None or last < self._last:  # the elder one knows better
            self._last = last
            self._told.idle(now - last)
        if count is self._count:
            self._compare()

    def _on_return(self) -> None:
        self._last = None
        _cancel(self._comparison)
        # All anew even if the timeout stays: KWin does not tell `resumed` of a plain notification while an
        # application keeps the session awake; its state would be stale.
        self._renew()
        self._await_word()
        if self._kept_awake:
            self._kept_awake = False
            self._told.kept_awake(False, 0.0)
        self._told.input(0.0)

    # ---- what is told of applications that keep the session awake -----------------------------------------

    def _on_plain(self, opcode: int) -> None:
        if opcode == IDLED:
            self._plain_idle = True
            if self._kept_awake:  # it ended, and that started the count
                self._kept_awake = False
                self._told.kept_awake(False, self._count.timeout)
        elif opcode == RESUMED:
            self._plain_idle = False
            self._awake_since = _now()
        self._compare()

    def _compare(self) -> None:
        """Input idle without plain idle, for more than a moment: an application keeps the session awake."""
        _cancel(self._comparison)
        if self._seat.tells_input and self._count.idled and not self._plain_idle and not self._kept_awake:
            self._comparison = self._loop.call_later(_TOGETHER, self._on_kept_awake)

    def _on_kept_awake(self) -> None:
        self._kept_awake = True
        self._told.kept_awake(True, _now() - self._awake_since)

    def _await_word(self) -> None:
        """Somebody active pauses in two hours, unless an application holds up all that could tell it."""
        if not self._seat.tells_input:
            self._silence = self._loop.call_later(STILL_AT_MOST, self._on_silence)

    def _on_silence(self) -> None:
        self._silenced = True
        self._told.silenced(True)

    def _tell_again(self) -> None:
        if self._silenced:
            self._silenced = False
            self._told.silenced(False)


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
