"""How the command line speaks: colour where it is wanted, lines that fit, times as people read them."""

from __future__ import annotations

import os
import sys
import time

BOLD, DIM, WARN, ALARM = "1", "2", "33", "1;31"
_WIDEST = 80  # longer lines are hard to read


def paint(text: str, style: str) -> str:
    """The text in a style, if standard output is a terminal and nobody asked for no colour (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty():
        return text
    return f"\x1b[{style}m{text}\x1b[0m"


def say(text: str, *, before: str = "", style: str = "") -> None:
    """Print the text in lines that fit; `before` begins the first, and the others are indented as far."""
    import textwrap

    wrapped = textwrap.fill(
        text,
        width=width(),
        initial_indent=before,
        subsequent_indent=" " * len(before),
        break_on_hyphens=False,
    )
    print(paint(wrapped, style) if style else wrapped)


def width() -> int:
    """How wide lines may be here."""
    import shutil

    return max(20, min(shutil.get_terminal_size().columns, _WIDEST))


def clock(stamp: str) -> str:
    """The daemon's ISO time, which is local, as `15:30`, with the date unless it is today."""
    day, hour = stamp[:10], stamp[11:16]
    if day == time.strftime("%Y-%m-%d"):
        return hour
    year, month, date = (int(part) for part in day.split("-"))
    noon = time.localtime(time.mktime((year, month, date, 12, 0, 0, 0, 0, -1)))
    return f"{time.strftime('%a', noon)} {date} {time.strftime('%b', noon)} {hour}"
