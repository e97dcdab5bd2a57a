"""`checkin`: how the neck is now. What it asks about pain, `flare` asks too."""

from __future__ import annotations

from neckguard.cli.arguments import as_argument
from neckguard.cli.asking import UsageError, ask_until, can_ask
from neckguard.cli.terminal import say
from neckguard.control.arguments import MOST_LOST_DAYS, WORST_PAIN, clean_note
from neckguard.control.client import ask
from neckguard.errors import NeckguardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

NOW = "Your neck now, 0 (no pain) to 10:"


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


def score(said: str) -> int:
    """A pain score.

    Raises:
        ValueError: it is none; the message says what is.
    """
    what = f"A score is a whole number from 0 (no pain) to {WORST_PAIN} (the worst pain)"
    return _count(said, WORST_PAIN, what)


def lost_days(said: str) -> int:
    """How many days were lost.

    Raises:
        ValueError: it is no such number; the message says what is.
    """
    return _count(said, MOST_LOST_DAYS, f"Lost days are a whole number from 0 to {MOST_LOST_DAYS}")


def ask_note() -> str | None:
    """A note, asked for so that it stays out of the shell's history; None if there is nothing to say."""
    try:
        return ask_until("Your note, in one line:", clean_note) or None
    except EOFError:
        return None


def _ask_score() -> int:
    try:
        return ask_until(NOW, score)
    except EOFError:
        raise NeckguardError("Nothing was noted.") from None


def _count(said: str, most: int, what: str) -> int:
    choices = {str(number): number for number in range(most + 1)}
    if said not in choices:
        raise ValueError(f"{what}, not {said!r}" if said else what)
    return choices[said]
