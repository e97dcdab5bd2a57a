"""What every rule has in common."""

from collections.abc import Iterable
from typing import Protocol


class Rule(Protocol):
    """A small machine over the world. It knows the rules below it, never the engine."""

    def on_time(self) -> None:
        """Act on what time has brought; called at every step, after the clocks went on."""

    def deadlines(self) -> Iterable[float]:
        """When time alone will change something here, boot clock; those that have passed do no harm."""
