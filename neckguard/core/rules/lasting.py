"""How long a quiet reason is waited for that may never end: a call, a full screen."""

from typing import Any

from neckguard.core.codec import from_plain
from neckguard.core.model import NEVER

_GAP = 120.0  # seconds between two lives in which one may go on


class Lasting:
    """Since when those who make it do, boot clock; they never add up, nor does what nobody saw.

    Each keeps its time while others take turns with it: else who works in two full screens is never reminded.
    """

    def __init__(self, at_most: float) -> None:
        self._at_most = at_most
        self._who: str | None = None  # makes it, as far as that was told in this life
        self._began: dict[str | None, float] = {}  # since when they are in force
        self._worn_out: set[str | None] = set()  # those that are not waited for any more
        self._until = -NEVER  # up to when one that a former life saw may go on

    @property
    def worn_out(self) -> bool:
        """Whether the one that there is lasts too long to be waited for."""
        return self._who in self._worn_out

    @property
    def wears_out_at(self) -> float:
        """When it has lasted too long; never, if none is in force."""
        return self._began.get(self._who, NEVER) + self._at_most if self._until == NEVER else NEVER

    def hear(self, on: bool, who: str) -> None:
        """There is one, and who makes it; or none, and the next one begins."""
        if not on:
            self._began, self._worn_out, self._until = {}, set(), -NEVER
        elif self._who is None:  # what a former life saw is taken for the same
            self._began = dict(zip((who,), self._began.values(), strict=False))
            self._worn_out = {who} if self._worn_out else set()
        self._who = who

    def follow(self, on: bool, now: float) -> None:
        """Whether one is in force now."""
        if self._until < now if on else self._until == NEVER:
            self._began = {}
        if on:
            self._began.setdefault(self._who, now)
            self._until = NEVER

    def wear_out(self) -> None:
        """It is not waited for any more, until there was none."""
        self._worn_out.add(self._who)

    def saved(self) -> list[Any]:
        """What survives a restart: of the one that there is, without a name."""
        return [self._began.get(self._who), self.worn_out]

    def restore(self, saved: Any, shift: float, lived: float) -> None:
        """Go on with what was saved by a life that ended at `lived`.

        Raises:
            ValueError: it does not fit.
        """
        began, worn_out = from_plain(tuple[float | None, bool], saved)
        self._who, self._worn_out = None, {None} if worn_out else set()
        if began is not None:
            self._began, self._until = {None: began + shift}, lived + _GAP
