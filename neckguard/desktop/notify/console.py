"""Cards where no notification server shows them: on the console."""

import asyncio
import time
from collections.abc import Callable
from typing import TextIO

from neckguard.core import Card, Delivered, Event, Undelivered
from neckguard.desktop.notify.layout import GUIDE
from neckguard.words import WIDEST, columns, wrap

INDENT = " " * len("10:20  ")


class ConsoleNotification:
    """Prints each card once, and of a guide what changes; what is printed cannot be hidden."""

    def __init__(self, out: TextIO, emit: Callable[[Event], None]) -> None:
        self.terminal = out.isatty()
        self._out = out
        self._emit = emit
        self._last: Card | None = None

    def show(self, card: Card) -> None:
        """Print the card."""
        try:
            wide = min(columns(self._out) or WIDEST, WIDEST)
            self._out.write(card_text(card, time.strftime("%H:%M"), self._last, wide=wide))
            self._out.flush()
        except (OSError, ValueError) as error:  # ValueError: closed, or cannot be encoded
            event: Event = Undelivered(card.key, f"cannot write to the terminal: {error}")
        else:
            event, self._last = Delivered(card.key), card
        asyncio.get_running_loop().call_soon(self._emit, event)

    def hide(self, key: str) -> None:
        """Nothing to do: it scrolls away by itself."""


def card_text(card: Card, clock: str, before: Card | None = None, *, wide: int = WIDEST) -> str:
    """The lines of a card, the first one with the time; of a guide only those that the one before had not."""
    lines = _lines(card)
    if before is not None and card.kind == GUIDE and card.key == before.key:
        known = _lines(before)
        lines = [line for line in lines if line not in known]
    text = wrap("\n".join(lines), wide - len(INDENT)).replace("\n", f"\n{INDENT}")
    return f"{clock}  {text}\n\n" if lines else ""


def _lines(card: Card) -> list[str]:
    rest = (line for text in (*card.lines, card.verbs) for line in text.splitlines() if line)
    return [card.title, *rest]
