"""Timers that the person starts for a cold or warm pack. They ring whatever else is going on.

Through a pause, quiet, absence and closed hours: a pack left on the skin does harm. After sleep there is one
ring, not one for each minute that was slept through.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from neckguard.core.durations import say_span
from neckguard.core.model import (
    SLACK,
    Answered,
    Button,
    Card,
    Closed,
    Delivered,
    Hide,
    Record,
    Ring,
    Show,
    StayAwake,
    Undelivered,
)

if TYPE_CHECKING:
    from neckguard.core.engine import Engine

AGAIN = 60.0
"""Seconds between two rings."""

_KEY = "timer-"


class Pack(StrEnum):
    """What is on the neck."""

    COLD = "cold"
    HEAT = "heat"


SPANS = {Pack.COLD: (600.0, 900.0), Pack.HEAT: (900.0, 1200.0)}
"""Seconds to the first ring and to the hard stop [S3, AHP, Leeds; the stop for heat is a product choice]."""


@dataclass(frozen=True, slots=True)
class PackTimer:
    """A running timer. `began` is on the boot clock, which also counts sleep."""

    pack: Pack
    began: float
    since: datetime
    rings: int = 0

    @property
    def stops(self) -> float:
        """The hard stop, boot clock: it rings for the last time."""
        return self.began + SPANS[self.pack][1]

    @property
    def rings_next(self) -> float:
        """When it rings next, boot clock."""
        return min(self.began + SPANS[self.pack][0] + self.rings * AGAIN, self.stops)

    def ring(self, boot: float) -> "PackTimer":
        """The same once it rang; what should have rung before that is not made up for."""
        missed = int(max(0.0, boot + SLACK - self.began - SPANS[self.pack][0]) // AGAIN)
        return replace(self, rings=missed + 1)

    def moved(self, shift: float) -> "PackTimer":
        """The same after the machine was booted anew: the boot clock reads `shift` more than it would."""
        return replace(self, began=self.began + shift)


class Timers:
    """The one timer that may run, and the card of its last ring."""

    def __init__(self, engine: "Engine") -> None:
        self.timer: PackTimer | None = None
        self._engine = engine
        self._card: Card | None = None
        self._rung = 0  # rings so far: each has a card of its own, so that a server makes a stir again

    @property
    def ringing(self) -> bool:
        """Whether it rang and nobody answered yet."""
        return self._card is not None

    @staticmethod
    def owns(key: str) -> bool:
        """Whether the card under this key is one of a timer."""
        return key.startswith(_KEY)

    def start(self, pack: Pack) -> None:
        """Begin anew; one that runs is over."""
        self.stop()
        now = self._engine.now
        self.go_on(PackTimer(pack, now.boot, now.wall))
        self._record("timer_start", pack)

    def go_on(self, timer: PackTimer) -> None:
        """Let this one run, and the machine not fall asleep before it rings."""
        self.timer = timer
        self._engine.emit(StayAwake(f"a timer for {timer.pack} on the neck is running"))

    def stop(self) -> None:
        """The pack is off."""
        if self._card is not None:
            self._engine.emit(Hide(self._card.key))
            self._card = None
        if self.timer is not None:
            self._end("by you")

    def heard(self, event: Delivered | Undelivered | Answered | Closed) -> None:
        """What became of a ring's card; one that could not be shown is tried again a minute later."""
        current = self._card is not None and event.key == self._card.key
        if current and (isinstance(event, Answered) or (isinstance(event, Closed) and not event.expired)):
            self.stop()

    def notifier_changed(self, *, ready: bool) -> None:
        """A notification server came or went."""
        if ready and self._card is not None:
            self._engine.emit(Show(self._card))

    def mind(self) -> None:
        """Ring if it is time."""
        timer, boot = self.timer, self._engine.now.boot
        if timer is None or boot < timer.rings_next - SLACK:
            return
        last = boot >= timer.stops - SLACK
        self.timer = timer.ring(boot)
        if self._card is not None:
            self._engine.emit(Hide(self._card.key))
        self._rung += 1
        self._card = _ring_card(f"{_KEY}{self._rung}", timer.pack, boot - timer.began, last=last)
        self._engine.emit(Show(self._card))
        self._engine.emit(Ring())
        self._record("timer_ring", timer.pack)
        if last:
            self._end("hard stop")

    def deadlines(self) -> Iterator[float]:
        """When it rings."""
        if self.timer is not None:
            yield self.timer.rings_next

    def _end(self, why: str) -> None:
        if self.timer is not None:
            self._record("timer_end", f"{self.timer.pack}: {why}")
            self.timer = None
            self._engine.emit(StayAwake(""))

    def _record(self, what: str, reason: str) -> None:
        self._engine.emit(Record(self._engine.now.wall, what, reason=reason))


def _ring_card(key: str, pack: Pack, passed: float, *, last: bool) -> Card:
    hard_stop = say_span(SPANS[pack][1])
    line = (
        "Now, in any case."
        if last
        else f"It rings again each minute; at {hard_stop} take it off in any case."
    )
    return Card(
        key=key,
        title=f"{say_span(passed)}: take the {'cold' if pack is Pack.COLD else 'warm'} pack off",
        lines=(line, "How does the skin look? Leave a good while before the next pack."),
        buttons=(Button("done", "It is off"),),
        verbs="Answer: neckguard done",
        kind="timer",
        lasting=True,
        urgent=True,
    )
