"""`reload`."""

from __future__ import annotations

import argparse

from neckguard.control.client import ask

_TIMEOUT = 10.0  # the settings are validated in a process of its own, which may have to start cold


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.epilog = (
        "Example:\n  neckguard reload\n"
        "Saving the settings file is enough; this waits until it is in force, and says so."
    )


def run(_args: argparse.Namespace) -> int:
    """Have the settings read again; answers when they are in force."""
    print(ask("reload", timeout=_TIMEOUT)["message"])
    return 0
