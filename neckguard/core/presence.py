"""Presence: whether somebody can be at the screen, and how long nobody was."""

from dataclasses import dataclass, field

from neckguard.core.model import Away


@dataclass(slots=True)
class PresenceState:
    """The reasons to be away, and since when (boot clock). Without an idle source all else is unknown."""

    reasons: set[Away] = field(default_factory=set)
    away_since: float | None = None

    @property
    def away(self) -> bool:
        """Whether nobody can be at the screen."""
        return self.away_since is not None

    @property
    def name(self) -> str:
        """The word for it in `status`."""
        return "away" if self.away else "unknown"

    def begin(self, reason: Away, boot: float) -> bool:
        """Note a reason; True if the absence begins with it."""
        first = not self.away
        self.reasons.add(reason)
        if first:
            self.away_since = boot
        return first

    def begin_unannounced(self, boot: float) -> None:
        """Nobody was there from then on, as it turns out; `close` ends it."""
        self.away_since = boot

    def end(self, reason: Away, boot: float) -> float | None:
        """Lift a reason; the length of the absence if it is over with that."""
        if reason not in self.reasons:
            return None
        self.reasons.discard(reason)
        return None if self.reasons else self.close(boot)

    def close(self, boot: float) -> float | None:
        """End an absence that has no reason left; its length."""
        if self.away_since is None:
            return None
        length, self.away_since = boot - self.away_since, None
        return length
