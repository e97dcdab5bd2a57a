"""How the neck programme speaks: doses and positions in words."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from neckguard.content import loader
from neckguard.core import (
    Ease,
    Equipment,
    Limits,
    Position,
    Side,
    Stretch,
    name_side,
    say_hold,
    say_span,
    whole,
)

STOP_RULE = "Stop if anything hurts."
_EQUIPMENT = {
    Equipment.WALL: "at a wall",
    Equipment.DOORWAY: "in a doorway",
    Equipment.STABLE_CHAIR: "on a chair without wheels, its back low",
    Equipment.BAND: "with an elastic band",
}
_TIMES = {1: "once", 2: "twice"}


def say_dose(stretch: Stretch, ease: Ease) -> str:
    """The whole dose, without the pauses to get ready."""
    portions = whole(stretch, ease)
    reps = portions[0].reps
    span = say_span(sum(portion.seconds for portion in portions))
    if stretch.until_tired:
        return f"until your arms tire, {span} at most"
    times = _TIMES.get(reps, f"{reps} times") + (" each side" if stretch.sides else "")
    parts = (
        say_hold(stretch, portions[0]),
        times,
        f"{len(portions)} sets" if len(portions) > 1 else "",
        f"{span} in all",
    )
    return ", ".join(part for part in parts if part)


def say_position(stretch: Stretch, *, stands: bool) -> str:
    """How and where it can be done, by who can stand or not."""
    seated = Position.SEATED in stretch.positions and not stands
    positions = (Position.SEATED,) if seated else stretch.positions
    return ", ".join([" or ".join(positions), *(_EQUIPMENT[each] for each in stretch.equipment)])


def say_eased(stretch: Stretch, ease: Ease) -> str:
    """What to do differently when it has to be easier; empty where nothing is."""
    return stretch.eased if ease else ""


def say_what(stretch: Stretch) -> str:
    """What it is, in a sentence."""
    return f"{name_side(stretch.what, Side.BOTH if stretch.sides else Side.NONE)}."


def introduce(stretch: Stretch, limits: Limits, notes: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What to know before it begins, after its name; `notes` are about this person."""
    wording, ease = loader.load_wording(), limits.ease(stretch)
    position = capital(say_position(stretch, stands=limits.stands))
    lines = (
        say_what(stretch),
        f"{capital(say_dose(stretch, ease))}. {position}.",
        say_eased(stretch, ease),
        stretch.safety,
        wording["movement"].text,
        *notes,
        wording["short"].text,
    )
    return tuple(line for line in lines if line)


def by_area(stretches: Sequence[Stretch]) -> Iterator[tuple[str, Iterator[Stretch]]]:
    """The catalogue by the areas that take turns, in the order of the first round."""
    order = list(dict.fromkeys(each.areas[0] for each in stretches))
    ordered = sorted(stretches, key=lambda each: order.index(each.areas[0]))
    for area, group in groupby(ordered, key=lambda each: each.areas[0]):
        yield capital(area.replace("-", " ")), group


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return f"{text[:1].upper()}{text[1:]}"
