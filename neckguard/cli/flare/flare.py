"""`flare`: a flare-up of neck pain, from the checklist to its end."""

from __future__ import annotations

import argparse
import json

from neckguard.cli.asking import as_argument
from neckguard.cli.flare.pain import lost_days, score
from neckguard.cli.out import say
from neckguard.control.client import ask
from neckguard.errors import NeckguardError

_ACTIONS = (
    ("start", "go through the checklist and begin the plan", "neckguard flare start --severity 6"),
    ("log", "note how it goes", "neckguard flare log 4 --turning yes"),
    ("cold", "how to use a cold pack, and a timer for it", "neckguard flare cold"),
    ("heat", "how to use a heat pack, and a timer for it", "neckguard flare heat"),
    ("end", "end the flare-up and its plan", "neckguard flare end"),
    ("status", "say how long it lasts and what to do now", "neckguard flare status"),
)


def add(parser: argparse.ArgumentParser) -> None:
    """Give the verb its actions."""
    parser.epilog = (
        "Examples:\n  neckguard flare\n  neckguard flare cold\n"
        "Without an action it begins a flare-up, or says what the plan of this one is."
    )
    parser.set_defaults(severity=None, side=None, none=False, json=False)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    for name, summary, example in _ACTIONS:
        action = actions.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=f"Example: {example}",
            allow_abbrev=False,
        )
        _add_options(action, name)


def run(args: argparse.Namespace) -> int:
    """Do what was asked; the exit code."""
    match args.action or _usual():
        case "start":
            from neckguard.cli.flare.start import start

            start(args.severity, args.side, none=args.none)
        case "log":
            from neckguard.cli.flare.log import log

            log(args)
        case "cold" | "heat" if args.stop:
            say(ask("timer_stop")["message"])
        case "cold" | "heat" as kind:
            from neckguard.cli.flare.packs import begin

            begin(kind)
        case "end":
            say(ask("flare_end")["message"])
        case _:
            _show(as_json=args.json)
    return 0


def _add_options(action: argparse.ArgumentParser, name: str) -> None:
    pain = as_argument(score)
    if name == "start":
        action.add_argument("--severity", metavar="0-10", type=pain, help="how bad it is; 10 is the worst")
        action.add_argument("--side", choices=("left", "right", "both"), help="where it is")
        action.add_argument(
            "--none", action="store_true", help="nothing on the checklist applies; still shows it"
        )
    elif name == "log":
        action.add_argument("score", nargs="?", metavar="0-10", type=pain, help="the pain now; 0 is none")
        action.add_argument(
            "--turning", choices=("yes", "no"), help="whether turning your head is mostly comfortable"
        )
        action.add_argument(
            "--lost-days",
            metavar="N",
            type=as_argument(lost_days),
            help="days of sleep or work lost so far",
        )
        action.add_argument("--note", action="store_true", help="asks for a few words")
    elif name in ("cold", "heat"):
        action.add_argument("--stop", action="store_true", help="end the timer")
    elif name == "status":
        action.add_argument("--json", action="store_true", help="as one JSON object")


def _usual() -> str:
    """The action of the bare verb. Where no daemon answers, the checklist still comes: it is about safety."""
    try:
        return "status" if ask("status")["data"]["flare"] else "start"
    except NeckguardError:
        return "start"


def _show(*, as_json: bool) -> None:
    status = ask("status")["data"]
    flare, timer = status["flare"], status.get("timer")
    if as_json:
        print(json.dumps({"flare": flare, "timer": timer}, ensure_ascii=False))
        return
    from neckguard.cli.flare.words import say_flare

    say_flare(flare, timer)
