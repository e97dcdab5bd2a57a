"""A guided session: what it consists of, and where it stands. Time is handed in; spans are seconds."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from neckguard.core import Ease, Portion, Side, Stretch, get_ready, name_side, say_place, steps, whole
from neckguard.value import value


@value
class Cue:
    """What is said for a while; `where` is the side and the repetition; `rep` is 0 while getting ready."""

    text: str
    seconds: float
    where: str = ""
    rep: int = 0

    @property
    def moves(self) -> bool:
        """Whether something is done meanwhile."""
        return self.rep > 0


def cues(stretch: Stretch, ease: Ease) -> tuple[Cue, ...]:
    """The whole dose, with time to get ready before each set and to change sides."""
    portions = whole(stretch, ease)
    return tuple(
        cue
        for number, portion in enumerate(portions, 1)
        for cue in _cues_of_set(stretch, portion, f"set {number} of {len(portions)}" if number > 1 else "")
    )


def _cues_of_set(stretch: Stretch, portion: Portion, label: str) -> Iterator[Cue]:
    for side, group in groupby(steps(stretch, portion), attrgetter("side")):
        yield _ready(stretch, side, label, first=side is portion.sides[0])
        for step in group:
            where = ", ".join(filter(None, (label, say_place(stretch, step, portion))))
            yield Cue(step.text, step.seconds, where, step.rep)


def _ready(stretch: Stretch, side: Side, label: str, *, first: bool) -> Cue:
    ready = name_side(stretch.ready, side)
    text = ready if first else f"Now the {side.value} side."
    if not first and ready != stretch.ready:
        text = f"{text} {ready}"
    return Cue(text, get_ready(text), label)


class Session:
    """Where somebody is in it. It waits to be started, can be paused, and moves on by itself."""

    def __init__(self, cues: tuple[Cue, ...]) -> None:
        self.cues = cues
        self.index = 0
        self.started = False
        self.paused = False
        self.moved = False  # whether anything was done, not merely passed over
        self._spent = 0.0

    @property
    def over(self) -> bool:
        """Whether nothing is left."""
        return self.index >= len(self.cues)

    @property
    def running(self) -> bool:
        """Whether its time goes by."""
        return self.started and not self.paused

    @property
    def cue(self) -> Cue:
        """What is said now."""
        return self.cues[self.index]

    @property
    def left(self) -> float:
        """How long the cue still lasts."""
        return self.cue.seconds - self._spent

    @property
    def total(self) -> float:
        """How long the session takes."""
        return sum(cue.seconds for cue in self.cues)

    @property
    def total_left(self) -> float:
        """How long it still takes."""
        return sum(cue.seconds for cue in self.cues[self.index :]) - self._spent

    @property
    def reps(self) -> int:
        """How many repetitions are over, of an exercise without sides."""
        here = 0 if self.over else self.cue.rep
        return here - 1 if here else max((cue.rep for cue in self.cues[: self.index]), default=0)

    def go_on(self) -> None:
        """Start, pause, or go on after a pause."""
        self.paused = self.started and not self.paused
        self.started = True

    def next(self) -> None:
        """Go to the next cue."""
        if self.started:
            self._advance()
        self.started, self.paused = True, False

    def pass_time(self, seconds: float) -> None:
        """That much time went by; the next cue starts afresh, late as it may be."""
        if not self.running:
            return
        self._spent += seconds
        if self.left <= 0:
            self.moved = self.moved or self.cue.moves
            self._advance()

    def _advance(self) -> None:
        self.index += 1
        self._spent = 0.0
