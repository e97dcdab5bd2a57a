"""The arguments of `doctor`. What does it is imported later: a shell that completes cannot wait for it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--no-prompt", action="store_true", help="show no test notification")
    parser.epilog = (
        "It takes about ten seconds, and names no person and no application:\n"
        "what it prints can go into a bug report. Exit code 1 if you must do something.\n\n"
        "Example:\n  neckguard doctor --no-prompt"
    )


def run(args: argparse.Namespace) -> int:
    """Do what was asked; the exit code."""
    from neckguard.cli.doctor import run as doctor

    return doctor(args)
