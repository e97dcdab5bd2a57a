"""`neckguard report`: the figures as one page, to look at and to hand to somebody."""

from __future__ import annotations

import argparse
import os
import sys

from neckguard.cli.history import recent
from neckguard.cli.web_page import show, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from neckguard.stats.figures import Period

_DAYS = 90
_EPILOG = """\
One HTML file that needs nothing else and no network; it prints on A4. The first
page is a summary to hand to a doctor or physiotherapist: figures only, no
interpretation. What you wrote at check-ins is in it only with --notes.

A file that is there already is replaced if it is such a report, else left alone.

Examples:
  neckguard report --open
  neckguard report --days 365 --output neck.html"""


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "--days",
        metavar="N",
        type=recent.days,
        default=_DAYS,
        help=f"today and the days before it, N in all (default: {_DAYS})",
    )
    parser.add_argument(
        "--output",
        metavar="F",
        help="the file to write, - for standard output (default: neckguard-report-DATE.html, here)",
    )
    parser.add_argument("--notes", action="store_true", help="include your own words from the check-ins")
    parser.add_argument("--open", action="store_true", help="show it in the browser")
    parser.set_defaults(refuse=parser.error)
    parser.epilog = _EPILOG


def run(args: argparse.Namespace) -> int:
    """Write it, and say where it is."""
    if args.open and args.output == "-":
        args.refuse("--open needs a file; leave out --output -")
    period = recent.period(args.days)
    text = _report(period, with_notes=args.notes)
    if args.output == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        return 0
    path = os.path.abspath(args.output or f"neckguard-report-{period.last}.html")
    write(path, text)
    print(f"The report of {_say_days(args.days)} is in {path}")
    if args.open:
        show(path)
    return 0


def _report(period: Period, *, with_notes: bool) -> str:
    from datetime import datetime

    from neckguard import __version__
    from neckguard.content import loader
    from neckguard.report.subject import Subject
    from neckguard.report.summary import page

    found = recent.figures(period)
    if found is None:
        print("neckguard: no history is kept yet; the report is empty.", file=sys.stderr)
    figures, before = found or (recent.no_figures(period), None)
    made = datetime.fromtimestamp(period.now).astimezone()
    flags = {flag["id"]: flag["text"] for flag in loader.read("flare")["red_flags"]}
    return page(Subject(figures, before, made, __version__, loader.disclaimer(), with_notes, flags))


def _say_days(count: int) -> str:
    return "today" if count == 1 else f"the last {count} days"
