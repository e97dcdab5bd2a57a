"""The arguments of `preview`. What does it is imported later: see `stretch`'s."""

from __future__ import annotations

import argparse

from neckguard.cli.preview.overrides import EPILOG, EXAMPLE, HOURS, change

_MOST_HOURS = 168.0
_DAYS = ("today", "yesterday", "last-week")


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "--hours", metavar="N", type=_hours, help=f"how long, at most {_MOST_HOURS:g} (default: {HOURS:g})"
    )
    parser.add_argument("--brief", action="store_true", help="a line for each break, and the summary")
    parser.add_argument(
        "--now", action="store_true", help="go on from the countdowns of the running neckguard"
    )
    parser.add_argument("--scenario", metavar="F", help="a file that says what happens; - is standard input")
    parser.add_argument(
        "--replay",
        metavar="DAY",
        type=_day,
        help="a recorded day instead: YYYY-MM-DD, today, yesterday or last-week",
    )
    parser.add_argument(
        "--set",
        metavar="KEY=VALUE",
        type=change,
        action="append",
        default=[],
        dest="changes",
        help=f"as if the settings said so, such as {EXAMPLE}; may be repeated",
    )
    parser.add_argument(
        "--server",
        choices=("plain", "keeps"),
        default="",
        help="the notification server forgets what goes unanswered, or keeps it (default: as it was last)",
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.set_defaults(refuse=parser.error)
    parser.epilog = EPILOG


def run(args: argparse.Namespace) -> int:
    """Do what was asked; the exit code."""
    from neckguard.cli.preview.preview import run as preview

    return preview(args)


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= _MOST_HOURS:  # also turns away NaN
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of hours up to {_MOST_HOURS:g}")
    return hours


def _day(text: str) -> str:
    if text in _DAYS:
        return text
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        message = f"{text!r} is no day; write 2026-11-20, {', '.join(_DAYS)}"
        raise argparse.ArgumentTypeError(message) from None
