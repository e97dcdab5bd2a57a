"""`run`: the daemon itself, in the foreground."""

from __future__ import annotations

import os
import sys

from neckguard import paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


_TRIED = "TryExec="


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("--config", metavar="FILE", help="the settings file to use")
    parser.epilog = "Example:\n  neckguard run --config ~/try.toml\nStop it with Ctrl-C."


def run(args: argparse.Namespace) -> int:
    """Run until stopped."""
    return start(args.config)


def start(config: str | None = None) -> int:
    """Run with this settings file, or the usual one, until stopped."""
    if ("DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ) and not _is_known():
        _introduce()
    from neckguard.daemon.main import run as run_daemon

    code = run_daemon(config=config)
    if sys.stderr is not None and sys.stderr.isatty():
        print(file=sys.stderr)  # the terminal shows ^C: what comes next begins on a line of its own
    return code


def _is_known() -> bool:
    """Whether the desktop knows neckguard by an entry whose program can be run still."""
    return any(map(_can_be_run, (paths.launcher_file(), *paths.shared_launcher_files())))


def _can_be_run(entry: str) -> bool:
    try:
        with open(entry, encoding="utf-8", errors="surrogateescape") as file:
            tried = [line[len(_TRIED) : -1].replace("\\\\", "\\") for line in file if line.startswith(_TRIED)]
    except OSError:
        return False
    return any(os.access(program, os.X_OK) for program in tried)


def _introduce() -> None:
    """Install the launcher entry and the icons; in a child, for the daemon would keep what that imports.

    The child's own child does it, while the daemon starts: nobody has to wait for that one's end.
    """
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    if os.fork():
        os._exit(0)
    from neckguard.cli.service import launcher, startup
    from neckguard.errors import NeckguardError

    try:
        launcher.install(startup.program())
    except NeckguardError as error:
        print(f"neckguard has no icon and no launcher entry on this desktop: {error}", file=sys.stderr)
    finally:
        os._exit(0)


def is_plain(words: Sequence[str]) -> bool:
    """Whether argparse is not needed: half a megabyte that the daemon would keep for as long as it lives."""
    return not words or (len(words) == 2 and words[0] == "--config" and not words[1].startswith("-"))  # noqa: PLR2004 - the option and its value
