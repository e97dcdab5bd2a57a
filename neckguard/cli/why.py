"""`why`."""

from __future__ import annotations

import argparse
import json

from neckguard.control.client import ask


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("reminder", nargs="?", metavar="REMINDER", help="only about this one")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.epilog = "Example:\n  neckguard why break"


def run(args: argparse.Namespace) -> int:
    """Print the reasons and the last decisions."""
    reply = ask("why", reminder=args.reminder)
    print(json.dumps(reply["data"], ensure_ascii=False) if args.json else reply["message"])
    return 0
