"""A session line by line: for screen readers, pipes, and terminals that cannot redraw."""

import sys

from neckguard.cli.stretch.session import Cue, Session
from neckguard.cli.stretch.words import capital

_KEYS = "Space pauses and goes on, n is the next step, q ends."


class Lines:
    """One line for each change, never redrawn. The action comes first: a voice may be cut short."""

    def __init__(self, name: str, intro: tuple[str, ...], *, keys: bool) -> None:
        self._intro = (name, *intro, f"{_KEYS} Press space to begin." if keys else "")
        self._shown: tuple[int, bool, bool] | None = None
        self._bell = "\a" if sys.stdout.isatty() else ""

    def __enter__(self) -> None:
        """Nothing to prepare: lines need no screen."""

    def __exit__(self, *_: object) -> None:
        """Nothing to give back."""

    def show(self, session: Session) -> None:
        """Print what is new, if anything is."""
        state = (session.index, session.started, session.paused)
        if state == self._shown:
            return
        first, self._shown = self._shown is None, state
        if first:
            print("\n".join(line for line in self._intro if line))
            print()
        if session.paused:
            print("Paused. Space goes on.", flush=True)
        elif session.started:
            print(f"{self._bell}{_say(session.cue)}", flush=True)
        sys.stdout.flush()


def _say(cue: Cue) -> str:
    if not cue.moves:
        return f"{f'{capital(cue.where)}. ' if cue.where else ''}{cue.text} (get ready, {cue.seconds:g} s)"
    detail = ", ".join(part for part in (f"{cue.seconds:g} s", cue.where) if part)
    return f"{cue.text} ({detail})"
