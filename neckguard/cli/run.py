"""`run`: the daemon itself, in the foreground."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("--config", metavar="FILE", help="the settings file to use")
    parser.epilog = "Example:\n  neckguard run --config ~/try.toml\nStop it with Ctrl-C."


def run(args: argparse.Namespace) -> int:
    """Run until stopped."""
    return start(args.config)


def start(config: str | None = None) -> int:
    """Run with this settings file, or the usual one, until stopped."""
    from neckguard.daemon.main import run as run_daemon

    code = run_daemon(config=config)
    if sys.stderr is not None and sys.stderr.isatty():
        print(file=sys.stderr)  # the terminal shows ^C: what comes next begins on a line of its own
    return code


def is_plain(words: Sequence[str]) -> bool:
    """Whether argparse is not needed: half a megabyte that the daemon would keep for as long as it lives."""
    return not words or (len(words) == 2 and words[0] == "--config" and not words[1].startswith("-"))  # noqa: PLR2004 - the option and its value
