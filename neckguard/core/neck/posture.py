"""Which posture check comes next: shifts in turn, and about once a week a fact of the workstation."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from neckguard.core.neck.catalogue import Posture, Sort

WEEK = 7 * 86400.0
"""Seconds between two facts of the workstation, a product choice."""


@dataclass(frozen=True, slots=True)
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
    postures: Sequence[Posture], avoid: Collection[str], rotation: PostureRotation, now: float, *, setup: bool
) -> Posture | None:
    """What to show; None if all is avoided. `setup` is False where "Already so" could not be answered."""
    pool = [each for each in postures if each.id not in avoid]
    facts = [each for each in pool if each.sort is Sort.SETUP and each.id not in rotation.retired]
    shifts = [each for each in pool if each.sort is Sort.SHIFT]
    turns = facts if setup and facts and _fact_due(rotation, now) else shifts
    return min(turns, key=lambda each: rotation.shown.get(each.id, 0), default=None)


def _fact_due(rotation: PostureRotation, now: float) -> bool:
    """Also when the clock was set back behind the last one: else it would wait for the old date."""
    return rotation.setup_at is None or not 0 <= now - rotation.setup_at < WEEK
