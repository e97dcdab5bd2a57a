"""`neckguard stretch --list`: the whole catalogue, and what of it is put away and why."""

from collections.abc import Sequence
from itertools import groupby

from neckguard.cli.out import BOLD, WARN, say
from neckguard.cli.questions import UNANSWERED
from neckguard.cli.stretch.choice import Situation
from neckguard.cli.stretch.words import capital, say_dose, say_eased, say_position
from neckguard.content import loader
from neckguard.core import Stretch


def print_list(stretches: Sequence[Stretch], here: Situation) -> None:
    """Print all of it, by area."""
    say("To begin one, give the name it has on the left: neckguard stretch chin-tuck")
    if here.limits.answers is None:
        print()
        say(UNANSWERED)
    order = list(dict.fromkeys(each.areas[0] for each in stretches))
    for area, group in groupby(
        sorted(stretches, key=lambda each: order.index(each.areas[0])), key=lambda each: each.areas[0]
    ):
        print()
        say(capital(area.replace("-", " ")), style=BOLD)
        for each in group:
            _print_one(each, here)
    print()
    say(loader.disclaimer())
    say(loader.load_wording()["content"].text)


def _print_one(stretch: Stretch, here: Situation) -> None:
    eased = here.limits.eased
    reason = here.why_not(stretch)
    say(f"{stretch.id}: {stretch.name}", before="  ", style="" if reason else BOLD)
    say(f"{capital(say_dose(stretch, eased=eased))}. {capital(say_position(stretch))}.", before="    ")
    if reason:
        say(f"Not for now: {reason}.", before="    ", style=WARN)
    elif note := say_eased(stretch, eased=eased):
        say(note, before="    ")
