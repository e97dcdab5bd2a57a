"""The course of a flare-up, a small machine of its own. Frozen; times are instants in seconds since 1970.

    stage      while                                                    it leaves
    red_flags  something for now or for today was named, and nobody     no movements
               has looked; everything goes on beneath meanwhile
    first_48h  it is younger than two days                              tiny ones
    after_48h  it is older                                              half the range
    return     turning is comfortable, or the score is 2 or less        full stretches
    (over)     two days of that, or the person ended it                 full stretches; all, a week later

From one step to the next it takes a day, and to full stretches a day since the last sign of pain. Something
named for this week keeps it at the tiny ones until somebody has looked. What was named is never over by
itself. A start within a week of the end is the same flare-up. The rules are the content's; without a source
there, they are product choices.
"""

from dataclasses import replace
from enum import StrEnum

from neckguard.core.model import NEVER
from neckguard.core.neck.catalogue import NO_EXERCISES, Urgency
from neckguard.core.neck.health import Scope
from neckguard.value import value

DAY = 86400.0
FIRST = 2 * DAY
"""For so long only tiny movements are suggested."""
CALM = 2 * DAY
"""Comfortable for so long: the flare-up is over."""
SETTLED = 7 * DAY
"""So long after the end what presses against something is back; a start until then goes on with it."""
ASKED_AFTER = 2 * 3600.0
"""So long after an emergency was named the person is asked whether somebody has looked."""

MILD = 2
"""A score up to this is as good as comfortable, after the first days; one above it is a sign of pain."""
WORSE_BY = 2
"""A score by so much over the lowest of this flare-up means that somebody should look at it."""
SEVERE = 8
"""A score from here on means that in any case."""


class FlareStage(StrEnum):
    """How far it has come."""

    RED_FLAGS = "red_flags"
    FIRST_48H = "first_48h"
    AFTER_48H = "after_48h"
    RETURN = "return"


class End(StrEnum):
    """What ended it. Former versions had one more, so what is kept is any text."""

    PERSON = "by you"
    CALM = "turning has been comfortable for two days"


@value
class FlareUp:
    """One flare-up, in force until it has `ended`."""

    began: float
    severity: int | None = None
    side: str = ""
    flags: tuple[str, ...] = ()  # ids of the red flags that nobody has looked at
    urgency: Urgency | None = None  # of the worst of them
    hurt_at: float = 0.0  # the last sign of pain
    comfortable_since: float | None = None  # not before the first days are over
    last_score: int | None = None
    lost_days: int = 0  # of sleep or work
    told: tuple[str, ...] = ()  # ids of the notices that were shown
    ended: float | None = None
    end: str | None = None  # see `End`
    lowest: int | None = None  # of all scores
    warned: int | None = None  # the score that was called worse, until there was a better one
    turning: bool | None = None  # whether it was mostly comfortable, when that was said last
    heard_at: float = 0.0  # the last word of the person
    flagged_at: float = 0.0  # when red flags were named last
    hushed_until: float = 0.0  # an emergency was named: no prompts
    asks_at: float | None = None  # when to ask whether somebody has looked; None: that was asked
    cleared: float | None = None  # when somebody had looked

    # ---- where it stands ----------------------------------------------------------------------------------

    @property
    def open(self) -> bool:
        """Whether a red flag forbids all exercises until somebody has looked."""
        return self.urgency in NO_EXERCISES

    @property
    def capped(self) -> bool:
        """Whether a red flag keeps it at what is safe until somebody has looked."""
        return self.urgency is Urgency.THIS_WEEK

    def stage(self, now: float) -> FlareStage:
        """Which part of the plan holds."""
        if self.open:
            return FlareStage.RED_FLAGS
        if self.comfortable_since is not None and self.comfortable_since <= now:
            return FlareStage.RETURN
        return FlareStage.FIRST_48H if now < self.began + FIRST else FlareStage.AFTER_48H

    def scope(self, now: float) -> Scope:
        """What it leaves of the catalogue, also for a while after its end."""
        if self.ended is None and self.urgency is not None:
            return Scope.NOTHING if self.open else Scope.SAFE
        return max((step for step, at in self.steps.items() if at <= now), default=Scope.SAFE)

    @property
    def steps(self) -> dict[Scope, float]:
        """When each further step comes, as things stand and whatever is named."""
        ended = NEVER if self.ended is None else self.ended
        calm = ended if self.comfortable_since is None else min(ended, self.comfortable_since)
        half = self.began + FIRST
        freed = (
            self.cleared if self.urgency is None else ended
        )  # one step at a time also where a flag held it
        full = max(half + DAY, self.hurt_at + DAY, (freed or 0.0) + DAY, calm)
        return {Scope.HALF: half, Scope.STRETCHES: full, Scope.ALL: max(full + DAY, ended + SETTLED)}

    def next_step(self, now: float) -> tuple[Scope, float]:
        """What comes next, and when; never, as things stand, if it waits for something."""
        return next(((step, at) for step, at in self.steps.items() if at > now), (Scope.ALL, NEVER))

    def day(self, now: float) -> int:
        """The first 24 hours are day 1."""
        return int(max(0.0, now - self.began) // DAY) + 1

    @property
    def best(self) -> int | None:
        """The lowest score of all, counting how bad it was when it began."""
        known = (self.lowest, self.severity, self.last_score)
        return min((score for score in known if score is not None), default=None)

    @property
    def silent_since(self) -> float:
        """Since when the person has said nothing of it."""
        return max(self.began, self.hurt_at, self.heard_at)

    # ---- time ---------------------------------------------------------------------------------------------

    @property
    def changes(self) -> tuple[float, ...]:
        """The instants at which time alone changes it."""
        return (self.began + FIRST, self._ends_at, self.hushed_until, *self.steps.values())

    def at(self, now: float) -> "FlareUp":
        """The same as time has left it; an end that lies ahead, because a clock was wrong, is none."""
        if self.ended is not None and now < self.ended and self.end != End.PERSON:
            return replace(self, ended=None, end=None)
        return self if now < self._ends_at else replace(self, ended=self._ends_at, end=End.CALM)

    @property
    def _ends_at(self) -> float:
        if self.ended is not None or self.urgency is not None or self.comfortable_since is None:
            return NEVER
        return max(self.comfortable_since, self.cleared or 0.0) + CALM

    # ---- what the person says of red flags ----------------------------------------------------------------

    def flag(
        self, flags: tuple[str, ...], urgency: Urgency | None, now: float, *, morning: float
    ) -> "FlareUp":
        """New red flags; the worst of all counts. `morning` is that of the day after."""
        known = (*self.flags, *(flag for flag in flags if flag not in self.flags))
        emergency = urgency is Urgency.EMERGENCY
        soon = [] if self.asks_at is None else [self.asks_at]
        if urgency in NO_EXERCISES:
            soon.append(now + ASKED_AFTER if emergency else morning)
        return replace(
            self.hear(now),
            flags=known,
            urgency=_worse(self.urgency, urgency),
            flagged_at=now,
            hushed_until=morning if emergency else self.hushed_until,
            asks_at=min(soon, default=None),
            cleared=None,
        )

    def clear(self, now: float) -> "FlareUp":
        """Somebody has looked: it goes on where it would be."""
        heard = self.hear(now)
        return replace(heard, flags=(), urgency=None, hushed_until=0.0, asks_at=None, cleared=now)

    # ---- what the person says of their neck ---------------------------------------------------------------

    def feel(self, now: float, score: int | None = None, *, turning: bool | None = None) -> "FlareUp":
        """How much it hurts now, 0 to 10, and whether turning is mostly comfortable; either may be unsaid."""
        said = self.hear(now) if turning is None else replace(self.hear(now), turning=turning)
        if score is not None:
            best = score if self.best is None else min(score, self.best)
            said = replace(said, last_score=score, lowest=best, warned=self._warned_with(score))
        pain = score is not None and score > MILD
        if turning is False:
            return replace(said.hurt(now), turning=False)
        if score is not None and pain and (self.rises(score) or not said.turning):
            return said.hurt(now)
        mild = score is not None and not pain
        if (turning or mild) and said.comfortable_since is None:
            return replace(said, comfortable_since=max(now, self.began + FIRST))
        return said

    def rises(self, score: int) -> bool:
        """Whether this score is much, or much more than the lowest."""
        return score >= SEVERE or (self.best is not None and score >= self.best + WORSE_BY)

    def worse_with(self, score: int) -> bool:
        """Whether somebody should look at it: the same rise again is no news, but what is severe is."""
        news = self.warned is None or score > self.warned
        return self.rises(score) and (news or score >= SEVERE)

    def _warned_with(self, score: int) -> int | None:
        if not self.rises(score):
            return None
        return score if self.worse_with(score) else self.warned

    def unfeel(self, before: "FlareUp", after: "FlareUp") -> "FlareUp":
        """The same without what led from one to the other; what was said since stays."""
        if self.began != before.began:
            return self
        undone = {}
        for names in (
            ("last_score",),
            ("lowest",),
            ("warned",),
            ("heard_at",),
            ("hurt_at", "comfortable_since", "turning"),
        ):
            if all(getattr(self, name) == getattr(after, name) for name in names):
                undone.update({name: getattr(before, name) for name in names})
        return replace(self, **undone)

    def hurt(self, now: float) -> "FlareUp":
        """A sign of pain: it is not over."""
        return replace(self.hear(now), hurt_at=now, comfortable_since=None, turning=None)

    def hear(self, now: float) -> "FlareUp":
        """Any word: when there was none for long again, it will be asked for again."""
        return replace(self, heard_at=now, told=tuple(name for name in self.told if name != "over"))

    def lose(self, days: int, now: float) -> "FlareUp":
        """How many days of sleep or work it cost so far."""
        return replace(self.hear(now), lost_days=days)

    # ---- its end, and what follows ------------------------------------------------------------------------

    def finish(self, now: float) -> "FlareUp":
        """The person ends it."""
        return replace(self, ended=now, end=End.PERSON)

    def continues(self, now: float) -> bool:
        """Whether a start now would be no new flare-up, but this one again."""
        return self.ended is not None and self.ended <= now < self.ended + SETTLED

    def again(self, now: float) -> "FlareUp":
        """The same, which was not over after all."""
        told = tuple(name for name in self.told if name != "settled")
        return replace(self.hurt(now), ended=None, end=None, told=told)


def _worse(one: Urgency | None, other: Urgency | None) -> Urgency | None:
    order = [*Urgency, None]  # most urgent first
    return min(one, other, key=order.index)
