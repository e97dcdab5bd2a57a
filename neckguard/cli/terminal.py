"""How the command line speaks: colour where it is wanted, lines that fit, times as people read them."""

from __future__ import annotations

import os
import sys
import time

from neckguard.texts import PLAIN
from neckguard.words import WIDEST, as_started, columns, fit

_INDENT = 4  # columns
_USUAL = 80  # columns, where nothing says how many there are
_FAR = 300 * 86400.0  # seconds, after which a date needs its year


def paint(text: str, style: str) -> str:
    """The text in a style, if standard output is a terminal and nobody asked for no colour (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty():
        return text
    return f"{style}{text}{PLAIN}"


def say(text: str, *, before: str = "", style: str = "") -> None:
    """Print the text in lines that fit; `before` begins the first, and the others are indented as far.

    Where `before` takes more than half a line, the others are not: words would break into letters.
    """
    import textwrap

    before, wide = as_started(before), width()
    wrapped = textwrap.fill(
        as_started(text),
        width=wide,
        initial_indent=before,
        subsequent_indent=" " * (len(before) if len(before) * 2 <= wide else _INDENT),
        break_on_hyphens=False,
    )
    print(paint(wrapped, style) if style else wrapped)


def complain(text: str) -> None:
    """Say on standard error what went wrong, after what was printed before and before what comes next."""
    sys.stdout.flush()
    print(fit(as_started(text), sys.stderr), file=sys.stderr, flush=True)


def shown(text: str, style: str = "") -> str:
    """The text, which may have lines of its own, as it is to be printed: whole where there is no terminal."""
    fitting = fit(as_started(text), sys.stdout)
    return paint(fitting, style) if style else fitting


def width() -> int:
    """How wide lines may be here."""
    said = os.environ.get("COLUMNS", "")
    wide = int(said) if said.isdecimal() else 0
    return max(20, min(wide or columns(sys.stdout) or _USUAL, WIDEST))


def clock(stamp: str) -> str:
    """The daemon's ISO time, which is local: `15:30`; another day with its date."""
    day, hour = stamp[:10], stamp[11:16]
    if day == time.strftime("%Y-%m-%d"):
        return hour
    year, month, date = (int(part) for part in day.split("-"))
    instant = time.mktime((year, month, date, 12, 0, 0, 0, 0, -1))
    noon = time.localtime(instant)
    far = f" {year}" if instant > time.time() + _FAR else ""
    return f"{time.strftime('%a', noon)} {date} {time.strftime('%b', noon)}{far} {hour}"
