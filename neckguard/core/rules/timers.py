"""Timers that the person starts for a cold or warm pack. They ring whatever else is going on.

Through a pause, quiet, absence and closed hours: a pack left on the skin does harm. After sleep there is one
ring, not one for each minute that was slept through.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from neckguard.core.codec import from_plain, to_plain
from neckguard.core.events import Answered, Closed, Delivered, Undelivered
from neckguard.core.model import SLACK, Button, Card, Happening, Hide, Record, Ring, Show, StayAwake
from neckguard.core.timing.durations import say_span
from neckguard.core.world import World
from neckguard.value import value

AGAIN = 60.0
"""Seconds between two rings."""
LAPSE = 3600.0
"""Seconds after the hard stop for which the last ring waits for an answer."""
LOOK_AFTER = 300.0
"""Seconds after which it is time to look at the skin."""

REST = 2 * 3600.0
"""Seconds that the skin should have between two packs [Healthwise]."""

PACK_OFF = "The timer is over. At least 2 hours before the next pack."
"""What is said once it is off."""

_KEY = "timer-"
_SKIN = f"{_KEY}skin"


class Pack(StrEnum):
    """What is on the neck."""

    COLD = "cold"
    HEAT = "heat"


SPANS = {Pack.COLD: (600.0, 900.0), Pack.HEAT: (900.0, 1200.0)}
"""Seconds to the first ring and to the hard stop.

Sources: S3, AHP, Leeds (see `content/SOURCES.md`); the stop for heat is a product choice.
"""


@value
class PackTimer:
    """A running timer. `began` is on the boot clock, which also counts sleep."""

    pack: Pack
    began: float
    since: datetime
    rings: int = 0
    looked: bool = False  # at the skin, in time

    @property
    def stops(self) -> float:
        """The hard stop, boot clock: it rings for the last time."""
        return self.began + SPANS[self.pack][1]

    @property
    def rings_next(self) -> float:
        """When it rings next, boot clock."""
        return min(self.began + SPANS[self.pack][0] + self.rings * AGAIN, self.stops)

    @property
    def rung(self) -> bool:
        """Whether it rang for the last time."""
        first, stop = SPANS[self.pack]
        return self.rings > (stop - first) // AGAIN

    def ring(self, boot: float) -> "PackTimer":
        """The same once it rang; what should have rung before that is not made up for."""
        late = min(boot, self.stops) + SLACK - self.began - SPANS[self.pack][0]
        return replace(self, rings=int(max(0.0, late) // AGAIN) + 1, looked=True)

    def moved(self, shift: float) -> "PackTimer":
        """The same after the machine was booted anew: the boot clock reads `shift` more than it would."""
        return replace(self, began=self.began + shift)


class Timers:
    """The one timer that may run, and the card of its last ring."""

    def __init__(self, world: World) -> None:
        self.timer: PackTimer | None = None
        self.off_at: float | None = None  # when the last pack was taken off, boot clock
        self._world = world
        self._card: Card | None = None
        self._cards = 0

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
        now = self._world.now
        self._go_on(PackTimer(pack, now.boot, now.wall))
        self._record(Happening.TIMER_START, pack)

    def _go_on(self, timer: PackTimer) -> None:
        """Let this one run, and the machine not fall asleep before it rang for the last time."""
        self.timer = timer
        if timer.rings:
            self._card = self._make_card(timer)
        if not timer.rung:
            self._world.emit(StayAwake(f"a timer for {timer.pack} on the neck is running"))

    def stop(self) -> None:
        """The pack is off."""
        if self.timer is not None and not self.timer.rung:
            self._end(self.timer, "by you")
        self._take_off()

    def heard(self, event: Delivered | Undelivered | Answered | Closed) -> None:
        """What became of a ring's card; one that could not be shown rings all the same."""
        if self._card is None or event.key != self._card.key:
            return
        if isinstance(event, Undelivered):
            self._world.emit(Ring(alone=True))
        elif isinstance(event, Answered) or (isinstance(event, Closed) and not event.expired):
            self.stop()

    def notifier_changed(self, *, ready: bool) -> None:
        """A notification server came or went."""
        if ready and self._card is not None:
            self._world.emit(Show(self._card))

    def on_time(self) -> None:
        """Ring if it is time, and give up waiting for an answer in the end."""
        timer, boot = self.timer, self._world.now.boot
        if timer is None:
            return
        if boot >= timer.stops + LAPSE - SLACK:
            if not timer.rung:  # the machine was off or asleep all the time
                self._end(timer, "hard stop")
            self._take_off()
        elif not timer.rung and boot >= timer.rings_next - SLACK:
            self._ring(timer.ring(boot))
        elif not timer.looked and boot >= timer.began + LOOK_AFTER - SLACK:
            self.timer = replace(timer, looked=True)
            self._world.emit(Show(_skin_card(timer)))

    def deadlines(self) -> Iterator[float]:
        """When it rings, or nobody's answer is waited for any more."""
        if self.timer is not None:
            yield self.timer.stops + LAPSE if self.timer.rung else self.timer.rings_next
            if not self.timer.looked:
                yield self.timer.began + LOOK_AFTER

    def _ring(self, timer: PackTimer) -> None:
        self._put_away()
        self.timer = timer
        self._card = self._make_card(timer)
        self._world.emit(Show(self._card))
        self._world.emit(Ring())
        self._record(Happening.TIMER_RING, timer.pack)
        if timer.rung:
            self._end(timer, "hard stop")

    def _make_card(self, timer: PackTimer) -> Card:
        """A card of its own for each ring, so that a server makes a stir again."""
        self._cards += 1
        return _ring_card(f"{_KEY}{self._cards}", timer, self._world.now.boot)

    def _end(self, timer: PackTimer, why: str) -> None:
        """It rings no more, though its card may stay."""
        self._record(Happening.TIMER_END, f"{timer.pack}: {why}")
        self._world.emit(StayAwake(""))

    def _take_off(self) -> None:
        if self.timer is not None:
            self.off_at = min(self._world.now.boot, self.timer.stops)
        self._put_away()

    def _put_away(self) -> None:
        if self.timer is not None and self.timer.looked and not self.timer.rings:
            self._world.emit(Hide(_SKIN))
        if self._card is not None:
            self._world.emit(Hide(self._card.key))
        self.timer = self._card = None

    def saved(self) -> dict[str, Any]:
        """What survives a restart."""
        return {"timer": to_plain(self.timer), "pack_off": self.off_at}

    def restore(self, state: dict[str, Any], shift: float) -> None:
        """Go on with what was saved; the boot clock reads `shift` more than it would have.

        Raises:
            ValueError, KeyError: it does not fit.
        """
        if state["timer"]:
            self._go_on(from_plain(PackTimer, state["timer"]).moved(shift))
        off_at = state.get("pack_off")
        self.off_at = None if off_at is None else from_plain(float, off_at) + shift

    def _record(self, what: Happening, reason: str) -> None:
        self._world.emit(Record(self._world.now.wall, what, reason=reason))


def _skin_card(timer: PackTimer) -> Card:
    """A look in time: what goes wrong under a pack is seen before it is felt."""
    sore = "White, blotchy, sore or numb? Then leave it off:"
    lines = ("Lift the pack for a moment.", f"{sore} neckguard flare {timer.pack} --stop")
    return Card(_SKIN, "Look at your skin", lines, kind="timer", silent=True)


def _ring_card(key: str, timer: PackTimer, boot: float) -> Card:
    hard_stop = say_span(SPANS[timer.pack][1])
    pack = "cold" if timer.pack is Pack.COLD else "warm"
    again = f"It rings again each minute; at {hard_stop} take it off in any case."
    return Card(
        key=key,
        title=f"{say_span(boot - timer.began)}: take the {pack} pack off",
        lines=(
            "Now, in any case." if timer.rung else again,
            "How does the skin look? At least 2 hours before the next pack.",
        ),
        buttons=(Button("done", "It is off"),),
        verbs="Answer: neckguard done",
        kind="timer",
        lasting=True,
        urgent=True,
    )
