"""`flare log`: how it goes, asked for piece by piece where somebody is there to answer."""

import argparse
from typing import Any

from neckguard.cli.asking import UsageError, ask_until, can_ask, or_nothing, yes_or_no
from neckguard.cli.flare.pain import NOW, ask_note, lost_days, score
from neckguard.cli.out import say
from neckguard.control.client import ask
from neckguard.errors import NeckguardError


def log(args: argparse.Namespace) -> None:
    """Have it noted.

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
        raise NeckguardError("Nothing was noted.")
    say(ask("flare_log", **found)["message"])


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
        raise NeckguardError("Nothing was noted.") from None
