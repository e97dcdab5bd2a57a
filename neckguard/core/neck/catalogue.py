"""What can be suggested: stretches, posture checks, and the texts around them. Spans are seconds."""

from collections.abc import Iterable
from enum import IntEnum, StrEnum

from neckguard.value import value

PROMPT_LIMIT = 45.0
"""Seconds that one prompt may ask for; one repetition must fit."""


class Position(StrEnum):
    """How a stretch can be done."""

    SEATED = "seated"
    STANDING = "standing"


class Equipment(StrEnum):
    """What a stretch cannot do without."""

    WALL = "wall"
    DOORWAY = "doorway"
    STABLE_CHAIR = "stable-chair"
    BAND = "band"


class Intensity(IntEnum):
    """How much a stretch asks."""

    GENTLE = 1
    MODERATE = 2


class Need(StrEnum):
    """What a person said that suits them; it chooses what is suggested, and the words."""

    SEATED = "seated"  # they cannot, or would rather not, stand
    ONE_HAND = "one-hand"
    WHEELCHAIR = "wheelchair"
    MAGNIFIER = "magnifier"
    LEFT_HANDED = "left-handed"


class FlareUse(StrEnum):
    """Whether a stretch may be done during a flare-up, and how far: neither `TINY` nor `HALF` is held."""

    YES = "yes"
    TINY = "tiny"  # from its first day a tiny way, later half the range
    HALF = "half"
    NO = "no"


@value
class Stretch:
    """One movement with its whole dose: `sets` of `reps`, on each side where it has `sides`."""

    id: str
    name: str
    what: str  # one line for a prompt, `{side}` where a side belongs, no full stop
    ready: str  # said once, before the first repetition
    steps: tuple[str, ...]  # what one repetition consists of
    pace: tuple[float, ...]  # how long moving takes, for each step
    hold: float  # follows the first step
    reps: int
    sets: int
    areas: tuple[str, ...]  # the first one takes turns, all of them can be avoided
    positions: tuple[Position, ...]
    intensity: Intensity
    flare: FlareUse
    source: str
    sides: bool = False
    safety: str = ""
    caution: str = ""  # of that, what a prompt has room for: four words
    eased: str = ""  # what else to do differently during a flare-up
    eased_with: tuple[str, ...] = ()  # ids of health conditions with which that holds at any time
    equipment: tuple[Equipment, ...] = ()
    hidden_with: tuple[str, ...] = ()  # ids of health conditions
    not_for: tuple[Need, ...] = ()
    resisted: bool = False  # pressing or pulling against something: the last to come back after a flare-up
    until_tired: bool = False  # its repetitions are the most; a prompt asks for all of them

    def __post_init__(self) -> None:
        """Refuse what could not be guided.

        Raises:
            ValueError: the entry contradicts itself.
        """
        if len(self.steps) != len(self.pace) or not self.steps:
            raise ValueError(f"{self.id}: each step needs its pace")
        if self.reps < 1 or self.sets < 1 or not self.areas or not self.positions:
            raise ValueError(f"{self.id}: a stretch has a dose, an area and a position")
        if not 0 < self.hold + sum(self.pace) <= PROMPT_LIMIT:
            raise ValueError(f"{self.id}: one repetition must fit into {PROMPT_LIMIT:g} s")
        if self.sides != any("{side}" in line for line in (self.what, self.ready, *self.steps)):
            raise ValueError(f"{self.id}: a side is named exactly where there are sides")

    @property
    def standing_only(self) -> bool:
        """Whether one has to stand up for it."""
        return self.positions == (Position.STANDING,)

    @property
    def for_breaks(self) -> bool:
        """Whether one has to leave the desk for it."""
        return Equipment.WALL in self.equipment or Equipment.DOORWAY in self.equipment

    @property
    def words(self) -> frozenset[str]:
        """What a person can write in `stretches.avoid` to never be offered it."""
        return frozenset((self.id, *self.areas))


class Sort(StrEnum):
    """Of a posture check: something to do now, or a fact of the workstation."""

    SHIFT = "shift"
    SETUP = "setup"


@value
class Posture:
    """One posture check."""

    id: str
    sort: Sort
    text: str
    source: str
    not_for: tuple[Need, ...] = ()
    only_for: tuple[Need, ...] = ()  # empty: for everybody


@value
class Passage:
    """Sentences that belong together, and where they come from."""

    lines: tuple[str, ...]
    source: str

    @property
    def text(self) -> str:
        """All of it on one line."""
        return " ".join(self.lines)


class Urgency(StrEnum):
    """How soon somebody should look at it."""

    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    THIS_WEEK = "this_week"


NO_EXERCISES = (Urgency.EMERGENCY, Urgency.SAME_DAY)
"""With these, no exercises until the person ends the flare-up."""


@value
class RedFlag:
    """One line of the checklist that comes before a flare-up plan."""

    id: str
    urgency: Urgency
    text: str
    source: str


@value
class FlareTexts:
    """What is said around a flare-up, by id."""

    red_flags: tuple[RedFlag, ...]  # most urgent first
    advice: dict[str, Passage]  # by urgency
    instructions: dict[str, Passage]  # by the red flag that asks for more than advice
    stages: dict[str, Passage]
    packs: dict[str, Passage]
    stop_rules: dict[str, Passage]
    notices: dict[str, Passage]


@value
class Questions:
    """What is asked once, by id; and what follows from an answer, by what it leaves."""

    conditions: dict[str, Passage]
    needs: dict[str, Passage]
    equipment: dict[str, Passage]
    follows: dict[str, Passage]


def avoidable(stretches: Iterable[Stretch]) -> frozenset[str]:
    """Every word that means something in `stretches.avoid`."""
    return frozenset(word for stretch in stretches for word in stretch.words)
