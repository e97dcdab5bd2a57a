"""Attention: which idle times matter, and up to when somebody counts as looking."""

from neckguard.core.model import NEVER, PRESENT_WITHIN
from neckguard.core.person.presence import RETURN_APART
from neckguard.core.plan import Kind
from neckguard.core.reminders.course import Course
from neckguard.core.world import World

INPUT_HOLDS = 5.0
"""An input shows for so many seconds that somebody looks at an open prompt."""


class Attention:
    """What the source of presence is asked for. Times on the boot clock, in seconds."""

    def __init__(self, world: World) -> None:
        self.threshold = world.plan.presence.idle_after  # the idle time that the source shall tell of
        self.asked_at = world.now.boot  # since when
        self._world = world

    def choose_threshold(self, gap: float | None) -> None:
        """Find the idle time that matters next; `gap` is what a prompt waits for, if one does."""
        world, presence = self._world, self._world.presence
        self.heed_breaks()
        silent = presence.idle and (presence.doubted_from < NEVER or not presence.here(world.now.boot))
        if presence.away or presence.maybe_back or silent:
            wanted = RETURN_APART
        elif gap is not None:
            wanted = gap
        elif world.courses.showing is not None:
            wanted = INPUT_HOLDS
        elif world.breaks.taken:
            wanted = PRESENT_WITHIN  # whether they left for it
        else:
            wanted = NEVER
        wanted = min(wanted, self.shortest_absence())
        if wanted != self.threshold:
            self.threshold, self.asked_at = wanted, world.now.boot

    def knows(self, threshold: float) -> bool:
        """Whether the source was asked for idle times this short, and has told how it is."""
        return self.threshold <= threshold and self._world.presence.told_at >= self.asked_at

    def counts_until(self) -> float:
        """Up to when time counts as spent in front of an open prompt, if nothing else is heard."""
        presence = self._world.presence
        if not presence.source or not presence.idle:
            return NEVER
        return presence.last_input + INPUT_HOLDS

    def heed_breaks(self) -> None:
        """While a break is asked for or taken, silence and lone inputs mean more than else."""
        world, presence = self._world, self._world.presence
        presence.doubted_from = self._asked_for_since()
        presence.strict = bool(world.breaks.taken or self._owed_breaks())

    def _asked_for_since(self) -> float:
        """Since when a break prompt stands on the screen, or the break is taken."""
        showing, breaks = self._world.courses.showing, self._world.breaks
        if breaks.taken:
            return breaks.since
        if showing is None or showing.prompt is None or showing.reminder.kind is not Kind.BREAK:
            return NEVER
        return showing.prompt.since

    def shortest_absence(self) -> float:
        """How long a gap counts as an absence: while a break is open, owed or taken, what would do for it."""
        breaks, shortest = self._world.breaks, self._world.plan.presence.idle_after
        if breaks.taken:
            shortest = min(shortest, breaks.reminder.reset_after or NEVER)
        return min(shortest, *(course.wanted.reset_after or NEVER for course in self._owed_breaks()), NEVER)

    def _owed_breaks(self) -> list[Course]:
        return [course for course in self._world.courses.owed if course.reminder.kind is Kind.BREAK]
