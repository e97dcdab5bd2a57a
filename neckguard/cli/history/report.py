"""`neckguard report`: the figures as one page, to look at and to hand to somebody."""

from __future__ import annotations

import os
import sys

from neckguard.cli.history import recent
from neckguard.cli.web_page import show, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from neckguard.stats.figures import Period


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
