"""How long a quiet reason is waited for that may never end: a call, a full screen."""

from typing import Any

from neckguard.core.codec import from_plain
from neckguard.core.model import NEVER

_GAP = 120.0  # seconds between two lives in which one may go on


class Lasting:
    """Since when one is in force, boot clock; different ones never add up, nor does what nobody saw."""

    def __init__(self, at_most: float) -> None:
        self.worn_out = False  # it lasts too long to be waited for
        self._at_most = at_most
        self._began: float | None = None  # since when one is in force
        self._who: str | None = None  # makes it, as far as that was told in this life
        self._until = -NEVER  # up to when one that a former life saw may go on

    @property
    def wears_out_at(self) -> float:
        """When it has lasted too long; never, if none is in force."""
        return NEVER if self._began is None or self._until < NEVER else self._began + self._at_most

    def hear(self, on: bool, who: str) -> None:
        """There is one, and who makes it; when it ended or somebody else does, the next one begins."""
        if not on or self._who not in (None, who):
            self._began, self._until, self.worn_out = None, -NEVER, False
        self._who = who

    def follow(self, on: bool, now: float) -> None:
        """Whether one is in force now."""
        if on and (self._began is None or self._until < now):
            self._began = now
        if on:
            self._until = NEVER
        elif self._until == NEVER:
            self._began = None

    def saved(self) -> list[Any]:
        """What survives a restart."""
        return [self._began, self.worn_out]

    def restore(self, saved: Any, shift: float, lived: float) -> None:
        """Go on with what was saved by a life that ended at `lived`.

        Raises:
            ValueError: it does not fit.
        """
        began, self.worn_out = from_plain(tuple[float | None, bool], saved)
        if began is not None:
            self._began, self._until = began + shift, lived + _GAP
