"""What is remembered of a neck: its flare-ups, its scores, and what was said of them."""

from dataclasses import replace

from neckguard.core.neck.flare.course import DAY, FlareUp
from neckguard.value import value

REMEMBERED = 90 * DAY
"""Flare-ups that began longer ago do not count any more."""

_TWO_WITHIN, _THREE_WITHIN = 30 * DAY, 90 * DAY


@value
class CheckIn:
    """The last check-in, with what was known before it: it may have been a slip."""

    at: float  # instant
    score: int | None
    calm_since: float
    scored: tuple[float, int] | None
    before: FlareUp | None  # the flare-up in force
    after: FlareUp | None = None


@value
class CareMemory:
    """What survives a restart; `calm_since` is an instant."""

    calm_since: float
    flares: tuple[FlareUp, ...] = ()
    told: tuple[str, ...] = ()  # ids of notices that belong to no single flare-up, and were shown
    scored: tuple[float, int] | None = None  # when a score was given last, and which
    to_tell: str = ""  # the recurrence that is worth showing to a clinician
    last: CheckIn | None = None  # as long as it can be taken back

    def begin(self, flare: FlareUp) -> "CareMemory":
        """The same with a new flare-up, and what its being not the first gives reason for."""
        flares = (*recent(self.flares, flare.began), flare)
        return replace(self, flares=flares, to_tell=recurrence(flares))

    def with_latest(self, flare: FlareUp) -> "CareMemory":
        """The same with the latest flare-up as it is now."""
        return replace(self, flares=(*self.flares[:-1], flare))

    def forgotten(self) -> "CareMemory":
        """The same without what is over."""
        flares = tuple(flare for flare in self.flares if flare.ended is None)
        return replace(self, flares=flares, scored=None, to_tell="", last=None)


def recurrence(flares: tuple[FlareUp, ...]) -> str:
    """The notice that the latest flare-up gives reason for, because it is not the first; empty: none."""
    latest = flares[-1].began
    if sum(latest - flare.began < _THREE_WITHIN for flare in flares) >= 3:  # noqa: PLR2004 - three in 90 days
        return "three_in_90_days"
    return "two_in_30_days" if sum(latest - flare.began < _TWO_WITHIN for flare in flares) > 1 else ""


def recent(flares: tuple[FlareUp, ...], now: float) -> tuple[FlareUp, ...]:
    """Those that still matter: the one in force or settling, and what counts for a recurrence."""
    return tuple(flare for flare in flares if flare.ended is None or now - flare.began < REMEMBERED)
