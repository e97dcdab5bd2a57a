"""`checkin`: how the neck is now."""

from __future__ import annotations

import argparse

from neckguard.cli.asking import UsageError, as_argument, ask_until, can_ask
from neckguard.cli.flare.pain import NOW, ask_note, score
from neckguard.cli.out import say
from neckguard.control.client import ask
from neckguard.errors import NeckguardError


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "score", nargs="?", metavar="0-10", type=as_argument(score), help="0 is no pain, 10 the worst"
    )
    parser.add_argument(
        "--note", action="store_true", help="asks for a few words, which so stay out of the shell's history"
    )
    parser.epilog = "Examples:\n  neckguard checkin 3\n  neckguard checkin 3 --note"


def run(args: argparse.Namespace) -> int:
    """Have it noted; asks for what was not given."""
    if args.score is None and not can_ask():
        raise UsageError("say how your neck is, from 0 (no pain) to 10, such as: neckguard checkin 3")
    if args.score is None or args.note:
        ask("status")  # who answers questions should not learn only then that nobody can note it
    pain = _ask_score() if args.score is None else args.score
    say(ask("checkin", score=pain, note=ask_note() if args.note else None)["message"])
    return 0


def _ask_score() -> int:
    try:
        return ask_until(NOW, score)
    except EOFError:
        raise NeckguardError("Nothing was noted.") from None
