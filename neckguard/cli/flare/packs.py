"""`flare cold` and `flare heat`: how to use a pack, and the timer that runs with it."""

from neckguard.cli.flare.words import say_lines
from neckguard.cli.out import BOLD, say
from neckguard.cli.show import PACKS
from neckguard.content import loader
from neckguard.control.client import ask


def begin(kind: str) -> None:
    """Say what to mind, then start the timer."""
    packs = loader.load_flare().packs
    say(PACKS[kind], style=BOLD)
    say_lines(packs[kind])
    say_lines(packs["both"])
    flare = ask("status")["data"]["flare"]
    if kind == "cold" and flare and flare["stage"] in ("after_48h", "return"):
        say("Cold is mostly for the first two days; now heat may do more: neckguard flare heat")
    say(ask("timer", kind=kind)["message"])
