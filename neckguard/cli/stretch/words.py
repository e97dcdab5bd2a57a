"""How the neck programme speaks: doses and positions in words."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from neckguard.content import loader
from neckguard.core import FlareUse, Need, Side, Stretch, name_side, say_span, whole

STOP_RULE = "Stop if anything hurts."
_NEEDS = {
    Need.WALL: "at a wall",
    Need.DOORWAY: "in a doorway",
    Need.STABLE_CHAIR: "on a chair without wheels",
    Need.BAND: "with an elastic band",
}
_TIMES = {1: "once", 2: "twice"}


def say_dose(stretch: Stretch, *, eased: bool) -> str:
    """The whole dose, without the pauses to get ready."""
    portions = whole(stretch, eased=eased)
    hold, reps = portions[0].hold, portions[0].reps
    times = _TIMES.get(reps, f"{reps} times") + (" each side" if stretch.sides else "")
    parts = (
        f"hold {hold:g} s" if hold else "",
        times,
        f"{len(portions)} sets" if len(portions) > 1 else "",
        f"{say_span(sum(portion.seconds for portion in portions))} in all",
    )
    return ", ".join(part for part in parts if part)


def say_position(stretch: Stretch) -> str:
    """How and where it can be done."""
    return ", ".join([" or ".join(stretch.positions), *(_NEEDS[need] for need in stretch.needs)])


def say_eased(stretch: Stretch, *, eased: bool) -> str:
    """What to do differently when it has to be easier; empty where nothing is."""
    if not eased:
        return ""
    half = "Only half as far as usual, without holding." if stretch.flare is FlareUse.HALF else ""
    return " ".join(part for part in (half, stretch.eased) if part)


def say_what(stretch: Stretch) -> str:
    """What it is, in a sentence."""
    return f"{name_side(stretch.what, Side.BOTH if stretch.sides else Side.NONE)}."


def introduce(stretch: Stretch, *, eased: bool, notes: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What to know before it begins, after its name; `notes` are about this person."""
    wording = loader.load_wording()
    lines = (
        say_what(stretch),
        f"{capital(say_dose(stretch, eased=eased))}. {capital(say_position(stretch))}.",
        say_eased(stretch, eased=eased),
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
