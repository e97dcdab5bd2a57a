"""What is remembered of a neck: its flare-ups, its scores, and what was said of them."""

from collections.abc import Iterator
from dataclasses import replace

from neckguard.core.model import NEVER
from neckguard.core.neck.flare.course import DAY, MILD, FlareUp
from neckguard.core.neck.flare.notices import STRENGTH, agenda, tell
from neckguard.value import value

REMEMBERED = 90 * DAY
"""Flare-ups that began longer ago do not count any more."""
QUIET_WEEKS = 14 * DAY
"""So long without any sign of pain, and strengthening is mentioned, once."""

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

    @property
    def latest(self) -> FlareUp | None:
        """The last flare-up, in force or not."""
        return self.flares[-1] if self.flares else None

    @property
    def flare(self) -> FlareUp | None:
        """The one that is in force."""
        return None if self.latest is None or self.latest.ended is not None else self.latest

    def feel(self, when: float, score: int | None, *, turning: bool | None, sore: bool) -> "CareMemory":
        """The same with a check-in of `when`, perhaps older than what is known; `sore`: so it was put."""
        known, flare = self, self.flare
        if sore or turning is False or (score is not None and score > MILD):
            known = replace(known, calm_since=max(self.calm_since, when))
        if self.scored is None or when >= self.scored[0]:
            known = known if score is None else replace(known, scored=(when, score))
            if flare is not None and when >= max(flare.began, flare.hurt_at):
                felt = flare.feel(when, score, turning=turning)
                known = known.with_latest(felt.hurt(when) if sore else felt)
        return replace(known, last=CheckIn(when, score, self.calm_since, self.scored, flare, known.flare))

    def without(self, slip: CheckIn) -> "CareMemory":
        """The same without the last check-in. What was said since stays: a sign of pain, how it goes."""
        calm_since = slip.calm_since if self.calm_since == slip.at else self.calm_since
        known = replace(self, last=None, scored=slip.scored, calm_since=calm_since)
        if self.flare is None or slip.before is None or slip.after is None:
            return known
        return known.with_latest(self.flare.unfeel(slip.before, slip.after))

    def begin(self, flare: FlareUp) -> "CareMemory":
        """The same with a new flare-up, and what its being not the first gives reason for."""
        flares = (*recent(self.flares, flare.began), flare)
        return replace(self, flares=flares, to_tell=recurrence(flares))

    def with_latest(self, flare: FlareUp) -> "CareMemory":
        """The same with the latest flare-up as it is now."""
        return replace(self, flares=(*self.flares[:-1], flare))

    def agenda(self, *, strength: bool) -> Iterator[tuple[str, float]]:
        """What is still to be said and from which instant on, the most important first.

        `strength`: strengthening is off, and would suit the person.
        """
        if self.to_tell and not (self.flare is not None and self.flare.open):
            yield self.to_tell, -NEVER
        if self.latest is not None:
            yield from agenda(self.latest)
        if strength and STRENGTH not in self.told:
            yield STRENGTH, self.calm_since + QUIET_WEEKS

    def tell(self, notice: str) -> "CareMemory":
        """The same, once this was said."""
        if notice == self.to_tell:
            return replace(self, to_tell="")
        if notice == STRENGTH:
            return replace(self, told=(*self.told, notice))
        return self if self.latest is None else self.with_latest(tell(self.latest, notice))

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
