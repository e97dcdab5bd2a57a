"""Who says that the person is away, and why: several watchers, one set of reasons."""

from collections.abc import Callable, Iterable
from typing import Protocol

from neckguard.core.events import AwayBegan, AwayEnded
from neckguard.core.model import Away


class Claim(Protocol):
    """Takes what a source knows; see `Absence.claim`."""

    def __call__(self, source: str, reasons: Iterable[Away], *, certain: bool = True) -> None:
        """What it knows now."""


class Absence:
    """The union of what all sources claim; only its changes are told.

    A lock is often seen twice (logind and the screen saver): it begins with the first claim and ends with
    the last one.
    """

    def __init__(self, tell: Callable[[AwayBegan | AwayEnded], None]) -> None:
        self._tell = tell
        self._claims: dict[str, frozenset[Away]] = {}

    @property
    def reasons(self) -> frozenset[Away]:
        """Why the person is away now; empty: as far as anyone knows they are here."""
        return frozenset().union(*self._claims.values())

    def claim(self, source: str, reasons: Iterable[Away], *, certain: bool = True) -> None:
        """Take what `source` knows now; it replaces all that this source said before.

        Not `certain`: what it no longer claims may still be so, it cannot tell.
        """
        before = self.reasons
        self._claims[source] = frozenset(reasons)
        after = self.reasons
        # New reasons first: a lock that hands over to sleep must not look like a moment at the desk.
        for reason in Away:
            if reason in after - before:
                self._tell(AwayBegan(reason))
        for reason in Away:
            if reason in before - after:
                self._tell(AwayEnded(reason, certain))
