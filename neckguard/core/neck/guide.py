"""A guide through a stretch: what it says, and when. Spans are seconds."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from neckguard.core.model import SLACK
from neckguard.core.neck.catalogue import Stretch
from neckguard.core.neck.portions import Portion, Side, Step, name_side, say_place, steps

GET_READY = 5.0
"""Seconds before the first repetition on each side."""


@dataclass(frozen=True, slots=True)
class GuideStep:
    """What is said until `ends`, in seconds since the guide began."""

    lines: tuple[str, ...]
    ends: float


@dataclass(slots=True)
class Guide:
    """A guide that somebody follows. `began`, and `next_at` when it has more to say, are boot clock."""

    key: str  # of its card
    stretch: Stretch
    portion: Portion
    began: float
    next_at: float

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return self.portion.seconds + GET_READY * len(self.portion.sides)

    def step(self, elapsed: float, *, smooth: bool) -> GuideStep | None:
        """What it says so long after it began; None: it is over.

        It speaks once for each repetition, or (`smooth`) of each movement, and each second.
        """
        ends = 0.0
        for cue in _cues(self.stretch, self.portion, whole=not smooth):
            ends += cue.seconds
            left = ceil(ends - elapsed - SLACK)
            if left > 0:
                head = ": ".join(filter(None, (cue.place, f"{left} s")))
                return GuideStep((head, *cue.texts), ends - left + 1 if smooth else ends)
        return None


@dataclass(frozen=True, slots=True)
class _Cue:
    """What is to be done for a while."""

    place: str
    texts: tuple[str, ...]
    seconds: float


def _cues(stretch: Stretch, portion: Portion, *, whole: bool) -> Iterator[_Cue]:
    """All of it; `whole`: each repetition in one."""
    for side, said in groupby(steps(stretch, portion), lambda step: step.side):
        yield _ready(stretch, portion, side)
        for _, group in groupby(said, lambda step: step.rep):
            repetition = tuple(group)
            for part in (repetition,) if whole else ((step,) for step in repetition):
                yield _cue(part, portion)


def _ready(stretch: Stretch, portion: Portion, side: Side) -> _Cue:
    ready = name_side(stretch.ready, side)
    if side is not portion.sides[0]:
        return _Cue(f"Now the {side.value} side", (ready,), GET_READY)
    texts = (ready, stretch.safety, stretch.eased if portion.eased else "")
    return _Cue("Get ready", tuple(filter(None, texts)), GET_READY)


def _cue(part: tuple[Step, ...], portion: Portion) -> _Cue:
    place = say_place(part[0], portion)
    text = " ".join(step.text for step in part)
    return _Cue(place[:1].upper() + place[1:], (text,), sum(step.seconds for step in part))
