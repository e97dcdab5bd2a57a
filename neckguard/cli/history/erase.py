"""`neckguard history erase`: forget what happened."""

from __future__ import annotations

import argparse

from neckguard import paths
from neckguard.cli.arguments import add_actions
from neckguard.control.client import NotRunning, ask
from neckguard.errors import NeckguardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SUMMARY = "forget reminders, times at the screen, check-ins and flare-ups, for ever"
_QUESTION = (
    "Erase everything that neckguard remembers of what happened? It cannot be brought back. (yes or no)"
)


def add(parser: argparse.ArgumentParser) -> None:
    """Give the verb its action."""
    parser.epilog = "Example:\n  neckguard history erase"
    erase = add_actions(parser, [("erase", _SUMMARY, "neckguard history erase --yes")])["erase"]
    erase.add_argument("--yes", action="store_true", help="do not ask")


def run(args: argparse.Namespace) -> int:
    """Erase the history, if the person means it.

    Raises:
        NeckguardError: there is nobody to ask, or it cannot be erased.
    """
    if not args.yes and not _agreed():
        print("Nothing was erased.")
        return 1
    try:
        print(ask("history_erase")["message"])
    except NotRunning:
        print(_erase())
    return 0


def _agreed() -> bool:
    from neckguard.cli.asking import can_ask

    if not can_ask():
        raise NeckguardError("nobody is here to ask; to erase without: neckguard history erase --yes")
    print(_QUESTION)
    try:
        return input("> ").strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False


def _erase() -> str:
    """Do it without the daemon, which has it open if it runs."""
    from neckguard.storage import state
    from neckguard.storage.history.file import erase_files

    erased = erase_files(paths.history_file())
    # It has the latest prompts, scores and flare-ups, and what could not be written yet.
    forgot = state.change(paths.state_file(), _leave)
    return "The history is erased." if erased or forgot else "There is no history to erase."


def _leave(kept: dict[str, Any]) -> dict[str, Any]:
    """What is left of the daemon's state."""
    from neckguard.core import forgotten
    from neckguard.storage.history.rows import UNWRITTEN

    return {name: each for name, each in forgotten(kept).items() if name != UNWRITTEN}
