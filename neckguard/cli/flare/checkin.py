"""`checkin`: how the neck is now. What it asks about pain, `flare` asks too."""

from __future__ import annotations

import math
import time

from neckguard import paths
from neckguard.cli.arguments import as_argument
from neckguard.cli.asking import UsageError, ask_until, can_ask
from neckguard.cli.flare.scores import NOW, SCALE, score
from neckguard.cli.terminal import clock, say
from neckguard.control.arguments import WORST_PAIN, clean_note
from neckguard.control.client import ask
from neckguard.errors import NeckguardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

_SHOWN = 7


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "score", nargs="?", metavar="0-10", type=as_argument(score), help="0 is no pain, 10 the worst"
    )
    parser.add_argument(
        "--note", action="store_true", help="asks for a few words, which so stay out of the shell's history"
    )
    parser.add_argument(
        "--at",
        metavar="WHEN",
        type=as_argument(_past),
        help='when it was so: 08:30, "yesterday 22:00" or "2026-11-30 08:30"',
    )
    parser.add_argument("--undo", action="store_true", help="take the last check-in back")
    parser.epilog = (
        "Examples:\n"
        "  neckguard checkin 3\n"
        "  neckguard checkin 3 --note\n"
        '  neckguard checkin 5 --at "yesterday 22:00"\n'
        "It also shows the last seven."
    )


def run(args: argparse.Namespace) -> int:
    """Have it noted; asks for what was not given."""
    if args.undo:
        _take_back(args)
        return 0
    if args.score is None and not can_ask():
        raise UsageError("say how your neck is, from 0 (no pain) to 10, such as: neckguard checkin 3")
    if args.score is None or args.note:
        ask("status")  # who answers questions should not learn only then that nobody can note it
    if args.score is None:
        _show_last()
        pain = _ask_score(NOW if args.at is None else f"Your neck then, {SCALE}")
    else:
        pain = args.score
    reply = ask("checkin", score=pain, note=ask_note() if args.note else None, at=args.at)
    say(reply["message"])
    if args.score is not None and reply["data"].get("kept", True):
        _show_last()
    return follow_up(reply)


def follow_up(reply: dict[str, Any]) -> int:
    """Go through the checklist again where it got worse; the exit code."""
    if reply["data"].get("checklist") and can_ask():
        from neckguard.cli.flare.start import recheck

        return recheck()
    return 0


def _take_back(args: argparse.Namespace) -> None:
    if args.score is not None or args.note or args.at:
        raise UsageError("--undo takes the last check-in back, and nothing besides")
    reply = ask("checkin_undo")
    say(reply["message"])
    if reply["data"].get("kept", True):
        _show_last()


def _show_last() -> None:
    """The last check-ins, as the history has them."""
    from neckguard.storage.history.reader import entries, open_history

    try:
        history = open_history(paths.history_file())
        rows = [] if history is None else list(entries(history, -math.inf, time.time()))
    except NeckguardError as error:
        say(str(error))
        return
    scores = [(at + offset, score) for at, offset, what, score, _, _ in rows if what == "checkin"]
    told = [(clock(_stamp(local)), score) for local, score in scores if score is not None][-_SHOWN:]
    if not told:
        say("No check-in is kept.")
        return
    wide = max(len(when) for when, _ in told)
    say("The last check-ins:")
    for when, pain in told:
        print(f"  {when:<{wide}}  {pain:>2} of {WORST_PAIN}")


def _stamp(local: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M", time.gmtime(local))


def ask_note() -> str | None:
    """A note, asked for so that it stays out of the shell's history; None if there is nothing to say."""
    try:
        return ask_until("Your note, in one line:", clean_note) or None
    except EOFError:
        return None


def _past(text: str) -> str:
    from neckguard.core import clean_past

    return clean_past(text)


def _ask_score(question: str) -> int:
    try:
        return ask_until(question, score)
    except EOFError:
        raise NeckguardError("Not noted: no answer came.") from None
