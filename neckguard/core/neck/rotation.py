"""Which stretch comes next. Balanced, not random: the same history always gives the same choice.

Areas take turns, and within an area its stretches: what was shown longest ago comes next. What had to wait
(put away, avoided, resting) is not made up for later. Standing ones, and those at a wall or in a doorway,
take turns of their own, because they cannot come at any time. Posture checks take simpler turns, below.
"""

from collections.abc import Sequence
from dataclasses import field, replace
from enum import Enum

from neckguard.core.neck.catalogue import Posture, Sort, Stretch
from neckguard.core.neck.health import Limits, Scope
from neckguard.core.neck.portions import Portion, Side, for_prompt
from neckguard.value import value

SKIP_REST = 20
"""Turns for which a skipped stretch is passed over, about two working days, a product choice."""
HURT_REST = 14 * 86400.0
"""Seconds for which a stretch that hurt is put away."""
_NECK = "neck"


class Purpose(Enum):
    """What a stretch is wanted for."""

    STRETCH = "stretch"
    BREAK = "break"
    STRENGTH = "strength"


@value
class Rotation:
    """What was suggested so far, by id. `turn` counts suggestions; wall times are seconds since 1970."""

    turn: int = 0
    shown: dict[str, int] = field(default_factory=dict)  # in which turn, last
    sides: dict[str, Side] = field(default_factory=dict)  # on which side, last
    skipped: dict[str, int] = field(default_factory=dict)  # after which turn
    hurt_until: dict[str, float] = field(default_factory=dict)

    def after(self, portion: Portion) -> "Rotation":
        """The same, once this has been shown."""
        single = portion.side in (Side.LEFT, Side.RIGHT)
        sides = {**self.sides, portion.stretch: portion.side} if single else self.sides
        return replace(self.did(portion.stretch), sides=sides)

    def did(self, stretch: str) -> "Rotation":
        """The same, once all of this stretch has had its turn."""
        return replace(self, turn=self.turn + 1, shown={**self.shown, stretch: self.turn + 1})

    def skip(self, stretch: str) -> "Rotation":
        """The same, once this stretch has been skipped."""
        return replace(self, skipped={**self.skipped, stretch: self.turn})

    def hurt(self, stretch: str, now: float) -> "Rotation":
        """The same, once this stretch has hurt."""
        return replace(self, hurt_until={**self.hurt_until, stretch: now + HURT_REST})

    def forgotten(self) -> "Rotation":
        """The same without what was suggested; what hurt stays put away."""
        return Rotation(hurt_until=self.hurt_until)

    def last(self, stretch: str) -> int:
        """The turn in which it was last shown; 0 for never."""
        return self.shown.get(stretch, 0)

    def next_side(self, stretch: str) -> Side:
        """The side whose turn it is; a stretch that is new alternates with the one before it."""
        if stretch in self.sides:
            return self.sides[stretch].other
        latest = max(self.sides, key=self.last, default="")
        return self.sides[latest].other if latest else Side.LEFT


def choose(
    stretches: Sequence[Stretch], limits: Limits, rotation: Rotation, purpose: Purpose, now: float
) -> Portion | None:
    """What to suggest; None if nothing may be. `now` is seconds since 1970."""
    pool = [each for each in stretches if may_come(each, limits, rotation, purpose, now)]
    if limits.scope <= Scope.HALF:  # a flare-up: it is the neck that shall keep moving
        pool = [each for each in pool if _NECK in each.areas] or pool
    stood = any(each.standing_only and rotation.last(each.id) == rotation.turn > 0 for each in stretches)
    varied = [each for each in pool if not (stood and each.standing_only)]
    rested = [each for each in varied if not _rests(each, rotation)]
    candidates = rested or varied or pool
    if not candidates:
        return None
    turns = _latest_turns(stretches, rotation)
    chosen = min(candidates, key=lambda each: (turns[_group(each)], rotation.last(each.id)))
    return for_prompt(chosen, rotation.next_side(chosen.id), limits.ease(chosen))


def may_come(stretch: Stretch, limits: Limits, rotation: Rotation, purpose: Purpose, now: float) -> bool:
    """Whether it can be suggested on this purpose, sooner or later."""
    return (
        _fits(stretch, purpose) and limits.allow(stretch) and rotation.hurt_until.get(stretch.id, now) <= now
    )


def _fits(stretch: Stretch, purpose: Purpose) -> bool:
    if stretch.until_tired or purpose is Purpose.STRENGTH:
        return stretch.until_tired and purpose is Purpose.STRENGTH
    return purpose is Purpose.BREAK or not stretch.for_breaks


def _rests(stretch: Stretch, rotation: Rotation) -> bool:
    skipped = rotation.skipped.get(stretch.id)
    return skipped is not None and rotation.turn < skipped + SKIP_REST


def _latest_turns(stretches: Sequence[Stretch], rotation: Rotation) -> dict[str, int]:
    latest: dict[str, int] = {}
    for each in stretches:
        latest[_group(each)] = max(latest.get(_group(each), 0), rotation.last(each.id))
    return latest


def _group(stretch: Stretch) -> str:
    """What takes turns. An area would starve a stretch that can never come when it is the area's turn."""
    if stretch.for_breaks:
        return "at the wall"
    return "standing" if stretch.standing_only else stretch.areas[0]


WEEK = 7 * 86400.0
"""Seconds between two facts of the workstation, a product choice."""


@value
class PostureRotation:
    """What was shown so far, by id. `setup_at` is the wall time of the last fact, seconds since 1970."""

    turn: int = 0
    shown: dict[str, int] = field(default_factory=dict)
    setup_at: float | None = None
    retired: tuple[str, ...] = ()  # facts that are already so

    def after(self, posture: Posture, now: float) -> "PostureRotation":
        """The same, once this has been shown."""
        setup_at = now if posture.sort is Sort.SETUP else self.setup_at
        shown = {**self.shown, posture.id: self.turn + 1}
        return replace(self, turn=self.turn + 1, shown=shown, setup_at=setup_at)

    def forgotten(self) -> "PostureRotation":
        """The same without what was shown; what is so already stays so."""
        return PostureRotation(retired=self.retired)

    def retire(self, posture: str) -> "PostureRotation":
        """The same, once the person said that this is already so."""
        return replace(self, retired=(*(each for each in self.retired if each != posture), posture))


def choose_posture(
    postures: Sequence[Posture], rotation: PostureRotation, now: float, *, setup: bool
) -> Posture | None:
    """What of these to show, if any. `setup` is False where "Already so" could not be answered."""
    facts = [each for each in postures if each.sort is Sort.SETUP and each.id not in rotation.retired]
    shifts = [each for each in postures if each.sort is Sort.SHIFT]
    turns = facts if setup and facts and _fact_due(rotation, now) else shifts
    return min(turns, key=lambda each: rotation.shown.get(each.id, 0), default=None)


def _fact_due(rotation: PostureRotation, now: float) -> bool:
    """Also when the clock was set back behind the last one: else it would wait for the old date."""
    return rotation.setup_at is None or not 0 <= now - rotation.setup_at < WEEK
