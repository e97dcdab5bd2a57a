"""`pause` and `resume`."""

from __future__ import annotations

import argparse

from neckguard.cli.out import span
from neckguard.control.client import ask
from neckguard.control.until import clean_until


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    if parser.get_default("verb") == "resume":
        parser.epilog = "Example:\n  neckguard resume"
        return
    end = parser.add_mutually_exclusive_group()
    end.add_argument(
        "duration", nargs="?", metavar="DURATION", type=span, help="such as 45m, 1h30m, or 45 (minutes)"
    )
    end.add_argument(
        "--until",
        metavar="WHEN",
        type=_until,
        help='14:30, tomorrow, "2026-12-01 09:00", or resumed (open-ended)',
    )
    parser.add_argument("--reason", metavar="TEXT", help="shown in the status")
    parser.add_argument(
        "--toggle", action="store_true", default=None, help="if it is paused already, resume instead"
    )
    parser.epilog = (
        "Examples:\n"
        "  neckguard pause 30m\n"
        "  neckguard pause --until 14:30 --reason dentist\n"
        "Without a duration, the pause lasts as long as [pause] default in your settings says."
    )


def run(args: argparse.Namespace) -> int:
    """Pause or resume, and print until when."""
    if args.verb == "resume":
        reply = ask("resume")
    else:
        reply = ask("pause", duration=args.duration, until=args.until, reason=args.reason, toggle=args.toggle)
    print(reply["message"])
    return 0


def _until(text: str) -> str:
    try:
        return clean_until(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
