"""A sound that is heard, whatever the notification server makes of the card: for timers that ring."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Iterator

from neckguard.process import ToolFailed, ask, find
from neckguard.texts import BELL

_SOUND = "alarm-clock-elapsed"  # from the freedesktop sound naming specification
_FILES = (f"{_SOUND}.oga", "complete.oga", "bell.oga")
_TOOLS = "canberra-gtk-play, pw-play or paplay"
_LIMIT = 10.0  # seconds for one tool; a sound server may hang

_log = logging.getLogger(__name__)


class Bell:
    """Rings; `heard` tells whether the notification server does so itself."""

    def __init__(self, heard: Callable[[], bool]) -> None:
        self._heard = heard
        self._ringing: asyncio.Task[None] | None = None
        self.problem = ""  # for `status`: none yet, nothing rang

    def ring(self, alone: bool = False) -> None:
        """Make the sound, unless the server does (never `alone`) or it is still being made. Never raises."""
        if (self._heard() and not alone) or (self._ringing is not None and not self._ringing.done()):
            return
        self._ringing = asyncio.get_running_loop().create_task(self._ring())

    async def _ring(self) -> None:
        """Play it with the first tool that can, else beep."""
        for tool, *arguments in _ways():
            try:
                await ask(tool, *arguments, limit=_LIMIT)
            except ToolFailed as error:
                _log.debug("No sound: %s.", error)
            else:
                self.problem = ""
                return
        unheard = "" if _beep() else f"a timer rings unheard: it takes {_TOOLS}, and a sound server"
        if unheard and not self.problem:
            _log.warning("%s%s.", unheard[:1].upper(), unheard[1:])
        self.problem = unheard


def _ways() -> Iterator[tuple[str, ...]]:
    """The tools that are there, with their arguments, the one that knows the person's sound theme first."""
    if find("canberra-gtk-play"):
        yield "canberra-gtk-play", "-i", _SOUND
    file = _file()
    if file:
        yield from ((tool, file) for tool in ("pw-play", "paplay") if find(tool))


def _file() -> str:
    """A file with the sound, or a similar one; empty if there is none."""
    home = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    folders = [os.path.join(place, "sounds/freedesktop/stereo") for place in (home, *shared.split(":"))]
    found = (os.path.join(folder, name) for name in _FILES for folder in folders)
    return next(filter(os.path.isfile, found), "")


def _beep() -> bool:
    """Ring the bell of the terminal, if we run in one."""
    for out in (sys.stderr, sys.stdout):
        if out is not None and out.isatty():
            out.write(BELL)
            out.flush()
            return True
    return False
