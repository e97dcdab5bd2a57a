"""What of a flare-up is worth saying, and from when on: each of it once, and one at a time."""

from dataclasses import replace

from neckguard.core.model import NEVER
from neckguard.core.neck.flare.course import DAY, FIRST, End, FlareUp
from neckguard.core.neck.health import Scope

LOOKED = "looked"  # has somebody looked at what was named?
OVER = "over"  # is it?
STRENGTH = "strength"  # strengthening could be on
SILENCE = 21 * DAY
"""So long without a word, and the person is asked whether it is over."""

_TOO_MANY_LOST = 3
_DAYS = {"after_48h": FIRST, "day_7": 7 * DAY, "day_14": 14 * DAY, "day_42": 42 * DAY}


def agenda(flare: FlareUp) -> list[tuple[str, float]]:
    """What is still to be said and from which instant on, the most important first."""
    if flare.open and flare.ended is None:
        return [(LOOKED, NEVER if flare.asks_at is None else flare.asks_at)]
    found = [("lost_days", flare.began)] if flare.lost_days > _TOO_MANY_LOST else []
    if flare.ended is not None:
        found += [("settled", flare.ended)] if flare.end == End.CALM else []
    else:
        found += [] if flare.comfortable_since is not None else _while_it_hurts(flare)
        found.append((OVER, flare.silent_since + SILENCE))
    return [(name, at) for name, at in found if name not in flare.told]


def awaits(flare: FlareUp, question: str) -> bool:
    """Whether an answer to this question, which was asked, would still tell something."""
    return flare.ended is None and (flare.open if question == LOOKED else OVER in flare.told)


def ask_again(flare: FlareUp, question: str, now: float) -> FlareUp:
    """The same, once it turned out that nobody can have seen this question."""
    if question == LOOKED:
        return replace(flare, asks_at=now)
    return replace(flare, told=tuple(name for name in flare.told if name != question))


def tell(flare: FlareUp, notice: str) -> FlareUp:
    """The same, once this was said; an earlier day is not told after a later one."""
    if notice == LOOKED:
        return replace(flare, asks_at=None)
    days = tuple(_DAYS)
    done = days[: days.index(notice) + 1] if notice in days else (notice,)
    return replace(flare, told=(*flare.told, *(name for name in done if name not in flare.told)))


def _while_it_hurts(flare: FlareUp) -> list[tuple[str, float]]:
    """Whom to ask, and what holds the next step back. Nobody who said that it is better needs either."""
    days = [(name, flare.began + span) for name, span in reversed(_DAYS.items())]
    if flare.capped:  # who was told to see a doctor this week needs no pharmacist
        return [*(each for each in days if each[0] != "day_7"), ("held_safe", flare.steps[Scope.HALF])]
    return [*days, ("held_back", flare.steps[Scope.HALF] + DAY)]
