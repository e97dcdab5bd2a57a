"""A session on a screen of its own: the countdown large, everything else calm. Fits into 40 columns."""

import math
import sys

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Column, Table
from rich.text import Text

from neckguard.cli.stretch.session import Session
from neckguard.cli.stretch.words import STOP_RULE, capital
from neckguard.cli.terminal import say
from neckguard.core import say_span
from neckguard.texts import BOLD

_WIDEST = 60
_MARGIN = 1
_FRAME = 14  # rows around the texts, with large digits and blank lines
_DIGITS = {
    "0": ("####", "#  #", "#  #", "#  #", "####"),
    "1": ("  # ", " ## ", "  # ", "  # ", " ###"),
    "2": ("####", "   #", "####", "#   ", "####"),
    "3": ("####", "   #", " ###", "   #", "####"),
    "4": ("#  #", "#  #", "####", "   #", "   #"),
    "5": ("####", "#   ", "####", "   #", "####"),
    "6": ("####", "#   ", "####", "#  #", "####"),
    "7": ("####", "   #", "  # ", "  # ", "  # "),
    "8": ("####", "#  #", "####", "#  #", "####"),
    "9": ("####", "#  #", "####", "   #", "####"),
}
_CELL, _PLAIN_CELL = "█", "#"


class StretchScreen:
    """Introduces where the shell writes, takes a screen over once it begins, and gives it back at the end."""

    def __init__(self, name: str, intro: tuple[str, ...], safety: str) -> None:
        self._name, self._intro = name, intro
        self._rule = f"{safety} {STOP_RULE}".lstrip()
        # It commands the terminal itself; all that it shows comes from our own catalogue.
        self._console = Console(file=sys.__stdout__, highlight=False)
        self._live: Live | None = None
        self._index = -1

    def __enter__(self) -> None:
        """Say what is to come, if that was not said yet."""
        if self._intro:
            say(self._name, style=BOLD)
            for line in self._intro:
                say(line)
            print()
            say("Press space to begin, q to leave.", style=BOLD)
            sys.stdout.flush()
        self._intro = ()

    def __exit__(self, *_: object) -> None:
        """Give the screen back as it was."""
        if self._live:
            self._live.stop()
        self._live = None

    def show(self, session: Session) -> None:
        """Draw how things stand; a bell says that something new begins."""
        if not session.started:
            return
        if self._live is None:
            self._live = Live(console=self._console, screen=True, auto_refresh=False)
            self._live.start()
        self._live.update(_Page(self._page(session)), refresh=True)
        if session.index != self._index:
            self._console.bell()
        self._index = session.index

    def _page(self, session: Session) -> list[RenderableType]:
        width = min(self._console.width, _WIDEST) - 2 * _MARGIN
        rule, text = self._wrap(self._rule, width), self._wrap(session.cue.text, width, "bold")
        rows = max(len(self._wrap(cue.text, width)) for cue in session.cues)
        text += [Text()] * (rows - len(text))  # so that nothing jumps from step to step
        left = math.ceil(session.left)
        tall = self._console.height >= _FRAME + len(rule) + rows
        blank = [Text()] if tall else []
        return [
            Text(self._name),
            Text(capital(_where(session))),
            *blank,
            *text,
            *blank,
            _large(left, plain=self._console.options.ascii_only) if tall else Text(f"{left} s", style="bold"),
            *blank,
            _bar(session),
            *blank,
            *rule,
            *blank,
            Text(f"space {'go on' if session.paused else 'pause'}   n next   q quit", style="dim"),
        ]

    def _wrap(self, line: str, width: int, style: str = "") -> list[Text]:
        return list(Text(line, style=style).wrap(self._console, width))


class _Page:
    """Lines as wide as people read well, with a margin where there is room for one."""

    def __init__(self, lines: list[RenderableType]) -> None:
        self._lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from console.render(
            Padding(Group(*self._lines), (0, _MARGIN)), options.update(width=min(options.max_width, _WIDEST))
        )


def _where(session: Session) -> str:
    if session.paused:
        return "paused"
    return session.cue.where if session.cue.moves else "get ready"


def _bar(session: Session) -> RenderableType:
    row = Table.grid(Column(ratio=1), Column(no_wrap=True), expand=True, padding=(0, 1))
    done = session.total - session.total_left
    bar = ProgressBar(total=session.total, completed=done, style="dim", complete_style="green")
    row.add_row(bar, f"{say_span(session.total_left)} left")
    return row


def _large(number: int, *, plain: bool) -> Text:
    rows = ("  ".join(_DIGITS[digit][row] for digit in str(number)) for row in range(5))
    picture = "\n".join(f"  {row}" for row in rows)
    return Text(picture if plain else picture.replace(_PLAIN_CELL, _CELL), no_wrap=True)
