"""How much of a stretch is asked for at a time, how it is said, and a guide through it. Spans are seconds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from math import ceil

from neckguard.core.model import SLACK
from neckguard.core.neck.catalogue import PROMPT_LIMIT, FlareUse, Stretch
from neckguard.core.neck.health import Ease
from neckguard.core.timing.durations import say_span
from neckguard.value import value

_SHORTER = {Ease.EASY: "half as far, no hold", Ease.TINY: "a tiny way, no hold"}


class Side(StrEnum):
    """Which side a portion is for."""

    NONE = "none"
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    @property
    def other(self) -> "Side":
        """The side whose turn is next."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


@value
class Portion:
    """Some repetitions of a stretch, in one go; on both sides one after the other where it says so."""

    stretch: str  # its id
    side: Side
    reps: int
    hold: float
    pace: tuple[float, ...]
    eased: Ease

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides in their order."""
        return (Side.LEFT, Side.RIGHT) if self.side is Side.BOTH else (self.side,)

    @property
    def seconds(self) -> float:
        """How long it takes, without getting ready."""
        return (self.hold + sum(self.pace)) * self.reps * len(self.sides)


@value
class Step:
    """What is said during one stretch of time; `rep` counts from 1 on each side."""

    text: str
    seconds: float
    side: Side
    rep: int


def for_prompt(stretch: Stretch, side: Side, ease: Ease = Ease.NONE) -> Portion:
    """What one prompt asks for: one set, as far as it fits; both sides if they fit, else this one."""
    once = _portion(stretch, side if stretch.sides else Side.NONE, stretch.reps, ease)
    if stretch.until_tired:
        return once
    if stretch.sides:
        both = _portion(stretch, Side.BOTH, stretch.reps, ease)
        if both.seconds <= PROMPT_LIMIT:
            return both
    most = int(PROMPT_LIMIT // (once.seconds / once.reps))
    return _portion(stretch, once.side, min(stretch.reps, most), ease)


def whole(stretch: Stretch, ease: Ease = Ease.NONE) -> tuple[Portion, ...]:
    """The full dose: a portion for each set."""
    side = Side.BOTH if stretch.sides else Side.NONE
    return (_portion(stretch, side, stretch.reps, ease),) * stretch.sets


def steps(stretch: Stretch, portion: Portion) -> Iterator[Step]:
    """What to say, step by step; together they last as long as the portion."""
    for side in portion.sides:
        for rep in range(1, portion.reps + 1):
            for number, (line, moving) in enumerate(zip(stretch.steps, portion.pace, strict=True)):
                held = 0.0 if number else portion.hold
                said = f"{line} Hold." if held and moving else line
                yield Step(name_side(said, side), moving + held, side, rep)


def say_place(stretch: Stretch, step: Step, portion: Portion) -> str:
    """Where a step is in its portion: `left side, 2 of 5`; empty where there is nothing to tell apart."""
    side = "" if step.side is Side.NONE else f"{step.side.value} side"
    count = f"{step.rep} of {portion.reps}" if portion.reps > 1 else ""
    return ", ".join(filter(None, (side, f"number {step.rep}" if stretch.until_tired else count)))


def say_portion(stretch: Stretch, portion: Portion) -> tuple[str, str]:
    """The lines of a prompt: what to do; how often, how long, and what to heed."""
    dose = _say_dose(stretch, portion)
    heed = "; ".join(filter(None, (dose, stretch.caution)))
    note = stretch.eased if portion.eased else ""
    return f"{name_side(stretch.what, portion.side)}.", f"{heed}. {note}".rstrip()


def _say_dose(stretch: Stretch, portion: Portion) -> str:
    span = say_span(portion.seconds)
    if stretch.until_tired:
        return f"Until your arms tire, at most {span}"
    times = {1: "", 2: "twice"}.get(portion.reps, f"{portion.reps} times")
    each = " each side" if portion.side is Side.BOTH else ""
    dose = ", ".join(filter(None, (say_hold(stretch, portion), times))) + each
    return f"{dose[0].upper()}{dose[1:]} ({span})"


def say_hold(stretch: Stretch, portion: Portion) -> str:
    """How long to hold, or how far to go without holding; empty where neither is to be said."""
    if portion.eased and stretch.flare in _SHORTENED:
        return _SHORTER[portion.eased]
    return f"hold {portion.hold:g} s" if portion.hold else ""


def name_side(line: str, side: Side) -> str:
    """The line with the side filled in; both sides are one, and then the other."""
    if side is Side.BOTH:
        for one_of_them, one in _ONE.items():
            line = line.replace(one_of_them, one)
    return line.replace("{side}", side.value)


_ONE = {"the {side}": "one side", "your {side}": "one", "Your {side}": "One"}
_SHORTENED = (FlareUse.HALF, FlareUse.TINY)


def _portion(stretch: Stretch, side: Side, reps: int, ease: Ease) -> Portion:
    hold = 0.0 if ease and stretch.flare in _SHORTENED else stretch.hold
    return Portion(stretch.id, side, reps, hold, stretch.pace, ease)


def get_ready(*texts: str) -> float:
    """Seconds to read this, and to do it: three, and one for every three words."""
    return 3.0 + ceil(sum(len(text.split()) for text in texts) / 3)


@value
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
    _cues: dict[bool, "tuple[_Cue, ...]"] = field(default_factory=dict)  # made when they are first wanted

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return sum(cue.seconds for cue in self._all(whole=True))

    def step(self, elapsed: float, *, whole: bool, every: float) -> GuideStep | None:
        """What it says so long after it began; None: it is over.

        It speaks of each movement, or once for the `whole` repetition; `every` so many seconds again.
        """
        ends = 0.0
        for cue in self._all(whole=whole):
            ends += cue.seconds
            left = ceil(ends - elapsed - SLACK)
            if left > 0:
                count = ": ".join(filter(None, (cue.place, f"{left} s")))
                now, *besides = cue.texts  # first what to do: of a banner that is folded one reads no more
                return GuideStep((now, count, *besides), ends - max(0.0, left - every))
        return None

    def _all(self, *, whole: bool) -> "tuple[_Cue, ...]":
        if whole not in self._cues:
            self._cues[whole] = tuple(_cues(self.stretch, self.portion, whole=whole))
        return self._cues[whole]


@value
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
                yield _cue(stretch, part, portion)


def _ready(stretch: Stretch, portion: Portion, side: Side) -> _Cue:
    ready = name_side(stretch.ready, side)
    if side is not portion.sides[0]:
        head = f"Now the {side.value} side"
        return _Cue(head, (ready,), get_ready(head, ready))
    head, note = "Get ready", stretch.eased if portion.eased else ""
    texts = tuple(filter(None, (ready, stretch.safety, note)))
    return _Cue(head, texts, get_ready(head, *texts))


def _cue(stretch: Stretch, part: tuple[Step, ...], portion: Portion) -> _Cue:
    place = say_place(stretch, part[0], portion)
    text = " ".join(step.text for step in part)
    return _Cue(place[:1].upper() + place[1:], (text,), sum(step.seconds for step in part))
