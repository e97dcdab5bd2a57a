"""The arguments of `service`. What does it is imported later: see `stretch`'s."""

from __future__ import annotations

from neckguard.cli.arguments import add_actions

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

_ACTIONS = (
    ("install", "start it now and at each login", "neckguard service install"),
    ("uninstall", "stop it, now and for good", "neckguard service uninstall"),
    ("status", "is it installed, and does it run", "neckguard service status --json"),
)


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.epilog = "Example:\n  neckguard service install"
    actions = add_actions(parser, _ACTIONS)
    actions["install"].add_argument(
        "--autostart", action="store_true", help="without systemd: by ~/.config/autostart"
    )
    actions["uninstall"].add_argument("--purge", action="store_true", help="remove history and state too")
    actions["status"].add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Do what was asked; the exit code."""
    from neckguard.cli.service.service import run as service

    return service(args)
