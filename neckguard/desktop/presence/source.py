"""What a source of presence is: something that can tell when the person last touched mouse or keyboard."""

from collections.abc import Coroutine
from typing import Any, Protocol

from neckguard.errors import NeckguardError


class SourceLost(NeckguardError):  # noqa: N818 - the name says what happened
    """The source cannot tell, or no longer; the message says why, and where it helps, what to do."""


class SourceAbsent(SourceLost):
    """The source is not there, and a signal (`on_appearance`) tells when it comes: nobody need try before."""


class Told(Protocol):
    """Whom a source tells. All spans are seconds before now, never negative."""

    def input(self, idle: float) -> None:
        """The last input was `idle` ago; more may come untold, until `idle` is told."""

    def idle(self, idle: float) -> None:
        """No input for `idle`; the next one will be told."""

    def kept_awake(self, on: bool, ago: float) -> None:
        """Since `ago` an application keeps the session awake (or no more): only of sources that know."""

    def silenced(self, on: bool) -> None:
        """Silence, so long by now, may be an application's doing (or no more): the person may be gone."""


class PresenceSource(Protocol):
    """One way to know of inputs.

    After every `watch(threshold)` it tells the present state soon; then it tells `idle` when the idle time
    reaches the threshold, and `input` at the first input after that. It may tell `idle` again: the last input
    turned out to be longer ago. While inputs go on with a threshold of 2 s or less it tells `input` again
    about every threshold (the return of the person is found by that).
    """

    name: str
    note: str  # what it can never tell, for who takes a close look; empty: nothing

    def serve(self, told: Told) -> Coroutine[Any, Any, None]:
        """Tell for ever; cancelled at the end, and must then leave nothing behind.

        Raises:
            SourceLost: it cannot tell (any more).
        """

    def watch(self, threshold: float) -> None:
        """Idle times of this length matter from now on. May be called before `serve`."""

    def look(self) -> Coroutine[Any, Any, float | None]:
        """How long there was no input, as exactly as can be told; None: not known. Never raises."""
