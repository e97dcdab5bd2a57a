"""Runs a session: keys and time in, a view out. Whatever ends it, the terminal is as before."""

import os
import select
import signal
import sys
import termios
import time
import tty
from types import TracebackType
from typing import Any, Protocol, Self

from neckguard.cli.stretch.session import Cue, Session
from neckguard.cli.stretch.words import capital
from neckguard.texts import BELL

_TICK = 1.0
_LONGEST_TICK = 2.0  # more is a stopped process or a machine that slept, not stretching
_SUSPEND = "\x1a"
_QUIT = ("q", "\x04", "")  # also the end of input: the terminal is gone
_GO_ON = (" ", "\r", "\n")
_KEYS = "Space pauses and goes on, n is the next step, q ends."


class View(Protocol):
    """What shows a session; a context, because it may take over the screen."""

    def __enter__(self) -> object: ...
    def __exit__(self, *_: object) -> None: ...
    def show(self, session: Session) -> None:
        """Show how things stand; called at least once a second."""
        ...


class Lines:
    """A view for screen readers, pipes, and terminals that cannot redraw: one line for each change.

    The action comes first: a voice may be cut short.
    """

    def __init__(self, name: str, intro: tuple[str, ...], *, keys: bool) -> None:
        self._intro = (name, *intro, f"{_KEYS} Press space to begin." if keys else "")
        self._shown: tuple[int, bool, bool] | None = None

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
            print(f"{BELL}{_say(session.cue)}", flush=True)
        sys.stdout.flush()


class Keys:
    """Single keys of the terminal on standard input, or none where there is no terminal.

    `pace` is how fast time goes by here; tests are in a hurry.
    """

    def __init__(self, *, pace: float = 1.0) -> None:
        self.pace = pace
        self._fd = sys.stdin.fileno() if sys.stdin and sys.stdin.isatty() else None
        self._before: list[Any] | None = None
        self._on_term: Any = signal.SIG_DFL

    @property
    def there(self) -> bool:
        """Whether somebody can press any."""
        return self._fd is not None

    def __enter__(self) -> Self:
        self._on_term = signal.signal(signal.SIGTERM, signal.default_int_handler)
        if self._fd is not None:
            self._before = termios.tcgetattr(self._fd)
            tty.setcbreak(self._fd)
            raw = termios.tcgetattr(self._fd)
            raw[6][termios.VSUSP] = b"\0"  # ^Z comes as a key, so that the screen is given back first
            termios.tcsetattr(self._fd, termios.TCSADRAIN, raw)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._fd is not None and self._before is not None:
            termios.tcsetattr(self._fd, termios.TCSAFLUSH, self._before)
        signal.signal(signal.SIGTERM, self._on_term)

    def clock(self) -> float:
        """The time, in seconds of this pace; it stands still while the machine sleeps."""
        return time.monotonic() * self.pace

    def wait(self, seconds: float) -> list[str]:
        """The keys pressed within that time; an empty string is the end of input."""
        if self._fd is None:
            time.sleep(seconds / self.pace)
            return []
        if not select.select([self._fd], [], [], seconds / self.pace)[0]:
            return []
        try:
            pressed = os.read(self._fd, 64).decode(errors="replace")
        except OSError:  # the terminal was closed
            return [""]
        if pressed.startswith("\x1b"):  # an arrow or another key of several characters
            return []
        return list(pressed) or [""]


def guide(session: Session, view: View, keys: Keys) -> bool:
    """Guide to the end; False if the person ended it before.

    Raises:
        KeyboardInterrupt: by ^C, or by SIGTERM; the terminal is as before.
    """
    with keys, view:
        last = keys.clock()
        while not session.over:
            view.show(session)
            pressed = keys.wait(_until_news(session))
            now = keys.clock()
            session.pass_time(min(now - last, _LONGEST_TICK * keys.pace))
            last = now
            for key in pressed:
                if not _press(key.lower(), session, view, keys):
                    return False
    return True


def _until_news(session: Session) -> float:
    """Until the seconds shown change; on a pause, until the terminal may have another size."""
    return (session.left % _TICK or _TICK) if session.running else _TICK


def _press(key: str, session: Session, view: View, keys: Keys) -> bool:
    """Do what the key is for; False if it ends the session."""
    if key in _QUIT:
        return False
    if key in _GO_ON:
        session.go_on()
    elif key == "n" and not session.over:
        session.next()
    elif key == _SUSPEND:
        _suspend(view, keys)
    return True


def _suspend(view: View, keys: Keys) -> None:
    """Stop as any program does at ^Z, with the terminal in order, until it is continued."""
    view.__exit__(None, None, None)
    keys.__exit__(None, None, None)
    os.kill(0, signal.SIGTSTP)
    keys.__enter__()
    view.__enter__()


def _say(cue: Cue) -> str:
    if not cue.moves:
        return f"{f'{capital(cue.where)}. ' if cue.where else ''}{cue.text} (get ready, {cue.seconds:g} s)"
    detail = ", ".join(part for part in (f"{cue.seconds:g} s", cue.where) if part)
    return f"{cue.text} ({detail})"
