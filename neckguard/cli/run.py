"""`run`: the daemon itself, in the foreground."""

from __future__ import annotations

import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("--config", metavar="FILE", help="the settings file to use")
    parser.epilog = "Example:\n  neckguard run --config ~/try.toml\nStop it with Ctrl-C."


def run(args: argparse.Namespace) -> int:
    """Run until stopped."""
    from neckguard.daemon.main import run as run_daemon

    return run_daemon(config=args.config)
