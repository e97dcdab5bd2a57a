"""Pausing: a pause ends in time, and one without an end is mentioned now and then."""

from collections.abc import Iterator
from dataclasses import replace

from neckguard.core.model import SLACK, Show
from neckguard.core.reminders import cards
from neckguard.core.world import World


class Pausing:
    """Looks after `world.pause`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def on_time(self) -> None:
        """End the pause, or mention it."""
        world, pause = self._world, self._world.pause
        if pause is None:
            return
        left = pause.left(world.now)
        if left is not None and left <= SLACK:
            world.end_pause("it was over")
        elif pause.mention_at <= world.now.boot + SLACK and not world.presence.away:
            world.pause = replace(pause, mentioned=world.now.boot)
            world.emit(Show(cards.pause_note(pause.since)))

    def deadlines(self) -> Iterator[float]:
        """When time alone will change something here."""
        world, pause = self._world, self._world.pause
        if pause is None:
            return
        left = pause.left(world.now)
        if left is not None:
            yield world.now.boot + left
        elif not world.presence.away:
            yield pause.mention_at
