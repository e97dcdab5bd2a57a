"""`now`, `start`, `snooze`, `skip`, `done` and `hurt`: showing and answering prompts."""

from __future__ import annotations

import argparse

from neckguard.cli.out import span
from neckguard.control.client import ask

_EXAMPLES = {
    "now": "neckguard now stretch",
    "start": "neckguard start",
    "snooze": "neckguard snooze 10m",
    "skip": "neckguard skip break",
    "done": "neckguard done posture",
    "hurt": "neckguard hurt chin-tuck",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    verb = parser.get_default("verb")
    if verb == "now":
        parser.add_argument("reminder", metavar="REMINDER", help="its name in the settings, such as posture")
    elif verb == "snooze":
        parser.add_argument(
            "duration",
            nargs="?",
            metavar="DURATION",
            type=span,
            help="such as 10m; else the reminder's own `snooze`",
        )
    elif verb in ("skip", "done"):
        parser.add_argument(
            "reminder", nargs="?", metavar="REMINDER", help="this one, not the open or next one"
        )
    if verb == "done":
        parser.add_argument(
            "--already", action="store_true", help="what the open posture check asks for is so already"
        )
    elif verb == "hurt":
        parser.add_argument("id", nargs="?", metavar="ID", help="which stretch; else the last one suggested")
    parser.epilog = f"Example:\n  {_EXAMPLES[verb]}"


def run(args: argparse.Namespace) -> int:
    """Send the command and print what came of it."""
    given = {key: value for key, value in vars(args).items() if key != "verb" and value is not False}
    print(ask(args.verb, **given)["message"])
    return 0
