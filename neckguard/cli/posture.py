"""`neckguard posture`: the checklist."""

from __future__ import annotations

from neckguard.cli.terminal import say
from neckguard.texts import BOLD

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from neckguard.core import Posture


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("--json", action="store_true", help="as one JSON object, with ids and sources")
    parser.epilog = "Example:\n  neckguard posture"


def run(args: argparse.Namespace) -> int:
    """Print it, without what the settings and the answers leave out."""
    from neckguard.cli.health_questions import saved
    from neckguard.cli.stretch.choice import limits_of, read_plan
    from neckguard.content import loader
    from neckguard.core import Sort, to_plain

    plan = read_plan()
    avoid = plan.posture_avoid if plan else ()
    limits = limits_of(plan, saved())
    postures = [each for each in loader.load_postures() if each.id not in avoid and limits.suits(each)]
    if args.json:
        import json

        print(json.dumps({"postures": to_plain(postures)}))
        return 0
    say("Suggestions, not rules: there is no single right posture, and the next one is often the best.")
    _print_some("Now and then", (each for each in postures if each.sort is Sort.SHIFT))
    _print_some("Your desk", (each for each in postures if each.sort is Sort.SETUP))
    print()
    say("Where each comes from, and the id to leave it out: neckguard posture --json")
    say(loader.disclaimer())
    return 0


def _print_some(title: str, postures: Iterable[Posture]) -> None:
    texts = [each.text for each in postures]
    if texts:
        print()
        say(title, style=BOLD)
    for text in texts:
        say(text, before="  * ")
