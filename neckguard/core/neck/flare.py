"""A flare-up as a small machine of its own: its stages, what each allows, its end, what is to be said.

Pure and frozen; times are instants in seconds since 1970, because a flare-up goes on over days, sleep and
restarts. The rules are those of the flare-up plan in the content; without a source, they are product choices.
"""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

from neckguard.core.model import NEVER
from neckguard.core.neck.catalogue import NO_EXERCISES, Urgency
from neckguard.core.neck.health import Scope
from neckguard.core.plan import Kind, Plan, Reminder
from neckguard.value import value

DAY = 86400.0
FIRST = 2 * DAY
"""For so long cold may soothe, and only what is safe is suggested."""
CALM = 2 * DAY
"""Turning the head has been comfortable for so long: the flare-up is over."""
SILENCE = 21 * DAY
"""Without any sign of pain for so long the normal plan comes back by itself."""
SETTLED = 7 * DAY
"""So long after the end, what presses against something comes back too."""
REMEMBERED = 90 * DAY
"""Flare-ups that began longer ago do not count any more."""

MILD = 2
"""A score up to this is as good as comfortable, after the first days; one above it is a sign of pain."""
WORSE_BY = 2
"""More than by so much a score rises before somebody should look at it."""

_DAYS = {"day_7": 7 * DAY, "day_14": 14 * DAY, "day_42": 42 * DAY}
_TOO_MANY_LOST = 3
_TWO_WITHIN, _THREE_WITHIN = 30 * DAY, 90 * DAY


class FlareStage(StrEnum):
    """How far it has come."""

    RED_FLAGS = "red_flags"
    FIRST_48H = "first_48h"
    AFTER_48H = "after_48h"
    RETURN = "return"


class End(StrEnum):
    """What ended it."""

    PERSON = "by you"
    CALM = "turning has been comfortable for two days"
    SILENCE = "no sign of pain for three weeks"


_SCOPES = {
    FlareStage.RED_FLAGS: Scope.NOTHING,
    FlareStage.FIRST_48H: Scope.SAFE,
    FlareStage.AFTER_48H: Scope.HALF,
    FlareStage.RETURN: Scope.STRETCHES,
}


@value
class FlareUp:
    """One flare-up, in force until it has `ended`."""

    began: float
    severity: int | None = None
    side: str = ""
    flags: tuple[str, ...] = ()  # ids of red flags
    urgency: Urgency | None = None  # of the worst of them
    hurt_at: float = 0.0  # the last sign of pain
    comfortable_since: float | None = None
    last_score: int | None = None
    lost_days: int = 0  # of sleep or work
    told: tuple[str, ...] = ()  # ids of the notices that were shown
    ended: float | None = None
    end: End | None = None

    # ---- where it stands ----------------------------------------------------------------------------------

    @property
    def flagged(self) -> bool:
        """Whether a red flag forbids all exercises until the person ends the flare-up."""
        return self.urgency in NO_EXERCISES

    def stage(self, now: float) -> FlareStage:
        """Which part of the plan holds."""
        if self.flagged:
            return FlareStage.RED_FLAGS
        if self.comfortable_since is not None:
            return FlareStage.RETURN
        return FlareStage.FIRST_48H if now < self.began + FIRST else FlareStage.AFTER_48H

    def scope(self, now: float) -> Scope:
        """What it leaves of the catalogue, also for a while after its end."""
        if self.ended is None:
            early = now < self.began + FIRST and self.comfortable_since is not None
            return Scope.HALF if early and not self.flagged else _SCOPES[self.stage(now)]
        return Scope.STRETCHES if now < self.ended + SETTLED else Scope.ALL

    def day(self, now: float) -> int:
        """The first 24 hours are day 1."""
        return int(max(0.0, now - self.began) // DAY) + 1

    # ---- time ---------------------------------------------------------------------------------------------

    def changes_at(self, now: float) -> float:
        """The next instant at which time alone changes something."""
        steps = (self.began + FIRST, self._ends_at, NEVER if self.ended is None else self.ended + SETTLED)
        ahead = (*steps, *(at for at, _ in self._days()))
        return min((at for at in ahead if at > now), default=NEVER)

    def at(self, now: float) -> "FlareUp":
        """The same as time has left it; an end that lies ahead, because a clock was wrong, is none."""
        if self.ended is not None and now < self.ended and self.end is not End.PERSON:
            return replace(self, ended=None, end=None)
        if now < self._ends_at:
            return self
        end = End.CALM if self.comfortable_since is not None else End.SILENCE
        return replace(self, ended=self._ends_at, end=end)

    @property
    def _ends_at(self) -> float:
        if self.ended is not None or self.flagged:
            return NEVER
        if self.comfortable_since is not None:
            return self.comfortable_since + CALM
        return max(self.began, self.hurt_at) + SILENCE

    # ---- what the person says -----------------------------------------------------------------------------

    def flag(self, flags: tuple[str, ...], urgency: Urgency | None) -> "FlareUp":
        """New red flags; the worst of all counts."""
        known = (*self.flags, *(flag for flag in flags if flag not in self.flags))
        return replace(self, flags=known, urgency=_worse(self.urgency, urgency))

    def score(self, score: int, now: float) -> "FlareUp":
        """How much it hurts now, 0 to 10."""
        scored = replace(self, last_score=score)
        if score > MILD:
            return scored.hurt(now)
        return scored if now < self.began + FIRST else scored.turning(now, comfortable=True)

    def unscore(self, before: "FlareUp", after: "FlareUp") -> "FlareUp":
        """The same without the score that led from one to the other; what was said since stays."""
        if self.began != before.began:
            return self
        score = before.last_score if self.last_score == after.last_score else self.last_score
        if (self.hurt_at, self.comfortable_since) != (after.hurt_at, after.comfortable_since):
            return replace(self, last_score=score)
        comfortable_since = before.comfortable_since
        return replace(self, last_score=score, hurt_at=before.hurt_at, comfortable_since=comfortable_since)

    def turning(self, now: float, *, comfortable: bool) -> "FlareUp":
        """Whether turning the head is mostly comfortable."""
        if not comfortable:
            return self.hurt(now)
        since = now if self.comfortable_since is None else self.comfortable_since
        return replace(self, comfortable_since=since)

    def hurt(self, now: float) -> "FlareUp":
        """A sign of pain: it is not over."""
        return replace(self, hurt_at=now, comfortable_since=None)

    def lose(self, days: int) -> "FlareUp":
        """How many days of sleep or work it cost so far."""
        return replace(self, lost_days=days)

    def worse_with(self, score: int) -> bool:
        """Whether this score is much more than the one before."""
        before = self.severity if self.last_score is None else self.last_score
        return before is not None and score > before + WORSE_BY

    def finish(self, now: float) -> "FlareUp":
        """The person ends it."""
        return replace(self, ended=now, end=End.PERSON)

    # ---- what is to be said -------------------------------------------------------------------------------

    def to_tell(self, now: float) -> Iterator[str]:
        """Ids of the notices that are due; each comes once."""
        if self.lost_days > _TOO_MANY_LOST and "lost_days" not in self.told:
            yield "lost_days"
        past = [name for at, name in self._days() if at <= now]
        if past:
            yield past[-1]

    def tell(self, notice: str) -> "FlareUp":
        """The same, once this notice was shown; an earlier day is not told after a later one."""
        days = tuple(_DAYS)
        done = days[: days.index(notice) + 1] if notice in days else (notice,)
        return replace(self, told=(*self.told, *(name for name in done if name not in self.told)))

    def _days(self) -> list[tuple[float, str]]:
        """When to ask whether it is better; nobody who said that it is needs to be asked."""
        if self.comfortable_since is not None or self.end is End.PERSON:
            return []
        return [(self.began + span, name) for name, span in _DAYS.items() if name not in self.told]


def recurrence(flares: tuple[FlareUp, ...]) -> str:
    """The notice that the latest flare-up gives reason for, because it is not the first; empty: none."""
    if not flares:
        return ""
    latest = flares[-1].began
    if sum(latest - flare.began < _THREE_WITHIN for flare in flares) >= 3:  # noqa: PLR2004 - three in 90 days
        return "three_in_90_days"
    return "two_in_30_days" if sum(latest - flare.began < _TWO_WITHIN for flare in flares) > 1 else ""


def recent(flares: tuple[FlareUp, ...], now: float) -> tuple[FlareUp, ...]:
    """Those that still matter: the one in force or settling, and what counts for a recurrence."""
    return tuple(flare for flare in flares if flare.ended is None or now - flare.began < REMEMBERED)


def _worse(one: Urgency | None, other: Urgency | None) -> Urgency | None:
    order = [*Urgency, None]  # most urgent first
    return min(one, other, key=order.index)


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

    def forgotten(self) -> "CareMemory":
        """The same without what is over."""
        flares = tuple(flare for flare in self.flares if flare.ended is None)
        return replace(self, flares=flares, scored=None, to_tell="", last=None)


# ---- what it makes of the settings -----------------------------------------------------------------------

BREAK_EVERY = 2400.0
"""Seconds between breaks, unless the person's own are shorter [Wellnomics recovery preset]."""

_RESTING = (Kind.POSTURE, Kind.STRETCH)
_GOES_ON = "eyes"  # it is no movement of the neck


def under_flare(plan: Plan) -> Plan:
    """The plan while a flare-up lasts: more breaks, each with one small movement; the rest rests."""
    return replace(plan, reminders=tuple(map(_under_flare, plan.reminders)))


def _under_flare(reminder: Reminder) -> Reminder:
    if reminder.kind in _RESTING and reminder.name != _GOES_ON:
        return replace(reminder, enabled=False)
    if reminder.name != "break":
        return reminder
    every = min(reminder.every or BREAK_EVERY, BREAK_EVERY)
    return replace(reminder, enabled=True, every=every, at=())
