"""One source of presence among several: how it goes with it, and what it says on the boot clock."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from neckguard.backoff import Backoff
from neckguard.core import NEVER, Event, Idle, Input
from neckguard.desktop.presence.source import PresenceSource, SourceAbsent, SourceLost

_FIRST_RETRY, _LAST_RETRY = 1.0, 300.0  # seconds

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Candidate:
    """A source and how it goes with it."""

    source: PresenceSource
    why: str = ""  # it is not in use
    began: float = 0.0
    not_before: float = 0.0  # loop time from which it may be tried again
    announced: bool = False  # it appeared while it was being tried
    silenced: bool = False  # its silence says nothing any more
    backoff: Backoff = field(default_factory=lambda: Backoff(_FIRST_RETRY, _LAST_RETRY))
    task: "asyncio.Task[None] | None" = None
    voice: "Voice" = field(init=False)

    def fail(self, why: str) -> None:
        """Note that the source did not work, for this reason or for what its task ended with."""
        absent = False
        if self.task is not None and self.task.done() and not self.task.cancelled():
            error = self.task.exception()
            if error is not None and not isinstance(error, SourceLost):
                _log.error("The presence source %s failed.", self.source.name, exc_info=error)
            why = str(error) if isinstance(error, SourceLost) else f"it failed: {error!r}"
            absent = isinstance(error, SourceAbsent) and not self.announced
        self.why = why.rstrip(".")
        delay = self.backoff.next()
        self.not_before = NEVER if absent else asyncio.get_running_loop().time() + delay


class Voice:
    """What a source tells, put on the boot clock."""

    def __init__(
        self,
        hear: Callable[[Event], None],
        keep_awake: Callable[[bool, float], None],
        silenced: Callable[[bool], None],
        boot: Callable[[], float],
    ) -> None:
        self.spoke = asyncio.Event()
        self.unsaid: list[Event] = []
        self.kept_awake = keep_awake
        self.silenced = silenced
        self._hear = hear
        self._boot = boot

    def input(self, idle: float) -> None:
        """The source says that the last input was so long ago."""
        self._say(Input(self._boot() - idle))

    def idle(self, idle: float) -> None:
        """The source says that there was no input for so long."""
        self._say(Idle(self._boot() - idle))

    def _say(self, event: Event) -> None:
        self._hear(event)
        self.spoke.set()
