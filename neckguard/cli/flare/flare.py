"""`flare`: a flare-up of neck pain, from the checklist to its end."""

from __future__ import annotations

import json

from neckguard.cli.arguments import add_actions, as_argument
from neckguard.cli.asking import UsageError, ask_until, can_ask, or_nothing, yes_or_no
from neckguard.cli.flare.checkin import ask_note, follow_up
from neckguard.cli.flare.scores import NOW, lost_days, score
from neckguard.cli.terminal import say
from neckguard.control.client import ask
from neckguard.errors import NeckguardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

_ACTIONS = (
    ("start", "go through the checklist and begin the plan", "neckguard flare start --severity 6"),
    ("log", "note how it goes", "neckguard flare log 4 --turning yes"),
    ("cold", "how to use a cold pack, and a timer for it", "neckguard flare cold"),
    ("heat", "how to use a heat pack, and a timer for it", "neckguard flare heat"),
    ("cleared", "somebody has looked at it: the plan goes on", "neckguard flare cleared"),
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
    for name, action in add_actions(parser, _ACTIONS, required=False).items():
        _add_options(action, name)


def run(args: argparse.Namespace) -> int:
    """Do what was asked; the exit code."""
    match args.action or _usual():
        case "start":
            from neckguard.cli.flare.start import start

            return start(args.severity, args.side, none=args.none)
        case "log":
            return _log(args)
        case "cold" | "heat" if args.stop:
            say(ask("timer_stop")["message"])
        case "cold" | "heat" as kind:
            _begin_pack(kind)
        case "cleared":
            say(ask("flare_cleared")["message"])
        case "end":
            return _end()
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


def _begin_pack(kind: str) -> None:
    """Say what to mind, then start the timer."""
    from neckguard.cli.flare.words import say_pack

    say_pack(kind)
    say(ask("timer", kind=kind)["message"])


def _log(args: argparse.Namespace) -> int:
    """Have it noted how it goes, asked for piece by piece where somebody is there to answer; the exit code.

    Raises:
        NeckguardError: there is nothing to note, or no daemon that would.
    """
    found: dict[str, Any] = {
        "score": args.score,
        "turning": None if args.turning is None else args.turning == "yes",
        "lost_days": args.lost_days,
    }
    if can_ask():
        _require_flare()
        _ask_for_missing(found)
    elif not args.note and set(found.values()) == {None}:
        raise UsageError("say how it goes, such as: neckguard flare log 4 --turning yes --lost-days 1")
    found["note"] = ask_note() if args.note else None
    if set(found.values()) == {None}:
        raise NeckguardError("Not noted: you said nothing.")
    reply = ask("flare_log", **found)
    say(reply["message"])
    return follow_up(reply)


def _end() -> int:
    """End it; where nobody has looked at what was named, ask first. The exit code."""
    flare = ask("status")["data"]["flare"]
    if not (flare and flare["open"]):
        say(ask("flare_end")["message"])
        return 0
    try:
        looked = ask_until("Has somebody looked at what you named? (yes or no)", yes_or_no)
    except EOFError:
        raise NeckguardError(
            "Not noted: it goes on. Once somebody has looked: neckguard flare cleared"
        ) from None
    say(ask("flare_end", looked=looked)["message"])
    return 0


def _require_flare() -> None:
    """Ask nobody questions whose answers could not be noted."""
    if not ask("status")["data"]["flare"]:
        raise NeckguardError("no flare-up has begun. To begin one: neckguard flare start")


def _ask_for_missing(found: dict[str, Any]) -> None:
    questions = {
        "score": (NOW, score),
        "turning": ("Is turning your head mostly comfortable? (yes or no)", yes_or_no),
        "lost_days": ("Days of sleep or work lost so far:", lost_days),
    }
    missing = [name for name in questions if found[name] is None]
    if missing:
        say("Enter passes a question over.")
    try:
        for name in missing:
            question, understand = questions[name]
            found[name] = ask_until(question, or_nothing(understand))
    except EOFError:
        raise NeckguardError("Not noted: the questions were not answered.") from None
