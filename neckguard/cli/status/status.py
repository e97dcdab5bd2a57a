"""`status`."""

from __future__ import annotations

import json
import sys
import time

from neckguard.cli.arguments import as_argument
from neckguard.control.client import STOPPED, NotRunning, ask, follow

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

    from neckguard.cli.status.bars import Renderer

    Status = dict[str, Any]

_TICK = 60.0  # seconds; bars show countdowns in minutes


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object; with --follow one a line")
    form.add_argument(
        "--format",
        metavar="FORMAT",
        type=as_argument(_format),
        help="waybar, i3blocks, polybar, or a TEMPLATE",
    )
    parser.add_argument(
        "--follow", action="store_true", help="a line now and at each change, as long as it is read"
    )
    parser.epilog = (
        "Examples:\n"
        "  neckguard status\n"
        "  neckguard status --format '{state}: {next} in {due_in}'\n"
        "For a status bar: neckguard bar waybar (or another) prints a ready module."
    )


def run(args: argparse.Namespace) -> int:
    """Print the status, once or for as long as somebody reads it."""
    render = _renderer(args)
    if args.follow:
        return _follow(render, _TICK if args.format else None)
    try:
        print(render(ask("status")["data"]))
    except NotRunning:
        if args.format:  # a status bar shows the line; a script looks at the exit code
            print(render(STOPPED))
        raise
    return 0


def _follow(render: Renderer, tick: float | None) -> int:
    status, heard, last = STOPPED, 0.0, None
    for news in follow(sys.stdout.fileno(), tick):
        if news:
            status, heard = news, time.monotonic()
        text = render(_aged(status, time.monotonic() - heard) if tick else status)
        if text != last:
            print(text, flush=True)
            last = text
    return 0


def _aged(status: Status, seconds: float) -> Status:
    """The status `seconds` later, nothing having happened meanwhile: the daemon does not send mere time."""
    sat = status.get("sat_today")  # an older daemon does not tell
    if sat is not None and all(hold["reason"] != "away" for hold in status["holds"]):
        status = {**status, "sat_today": sat + seconds}
    if status["state"] not in ("running", "quiet"):
        return status
    upcoming = status["next"]
    return {
        **status,
        "next": upcoming and {**upcoming, "due_in": max(0.0, upcoming["due_in"] - seconds)},
        "reminders": [
            {**reminder, "sat": reminder["sat"] + seconds} if reminder["state"] == "counting" else reminder
            for reminder in status["reminders"]
        ],
    }


def _renderer(args: argparse.Namespace) -> Renderer:
    if args.json:
        return _as_json
    if args.format:
        from neckguard.cli.status.bars import pick

        return pick(args.format, follow=args.follow)
    from neckguard.cli.status.page import line, page

    return line if args.follow else page


def _as_json(status: Status) -> str:
    return json.dumps(status, ensure_ascii=False)


def _format(text: str) -> str:
    from neckguard.cli.status.bars import pick

    pick(text)
    return text
