"""The arguments of `stretch`. What does it is imported later: a shell that completes cannot wait for it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

_PAGE = "neckguard-movements.html"


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    one = parser.add_mutually_exclusive_group()
    one.add_argument("id", nargs="?", metavar="ID", help="this one, not the one whose turn it is")
    one.add_argument("--list", action="store_true", help="say what there is, and what is put away and why")
    one.add_argument("--questions", action="store_true", help="answer the health questions, also again")
    parser.add_argument(
        "--open", action="store_true", help="with --list: as a page with pictures, in the browser"
    )
    parser.add_argument(
        "--output", metavar="F", help=f"with --list: the page's file (with --open: {_PAGE}, here)"
    )
    parser.set_defaults(refuse=parser.error, page=_PAGE)
    parser.add_argument(
        "--plain", action="store_true", help="one line for each step, for screen readers; asks nothing"
    )
    parser.epilog = (
        "Examples:\n  neckguard stretch\n  neckguard stretch chin-tuck --plain\n"
        "  neckguard stretch --list --open"
    )


def run(args: argparse.Namespace) -> int:
    """Do what was asked; the exit code."""
    from neckguard.cli.stretch.stretch import run as stretch

    return stretch(args)
