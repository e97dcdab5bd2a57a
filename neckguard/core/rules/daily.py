"""Reminders with `daily`: once a local date, when the day's sitting reaches it."""

from collections.abc import Iterator

from neckguard.core.model import NEVER, SLACK, Happening
from neckguard.core.reminders.course import Life
from neckguard.core.world import World


class Daily:
    """Holds the day's sitting against the limits. Midnight drops what is owed then, as it does for `at`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def on_time(self) -> None:
        """Owe what is reached; not any longer what was not, as it turns out."""
        courses = self._world.courses
        if not courses.by_the_day:
            return  # asked at every step
        today = self._world.calendar.today
        for course, limit in courses.by_the_day:
            reached, met = self._world.sat_today >= limit - SLACK, today in course.handled
            if reached and not met:
                course.deal_with(today)
                if course.life is Life.COUNTING:  # else it is asked for or put off, and comes once
                    courses.fall_due(course)
            elif met and not reached and course.unseen:  # they had left before, or the limit is another
                course.undo(today)
                courses.drop(course, "the day's limit is not reached", Happening.TAKEN_BACK)

    def deadlines(self) -> Iterator[float]:
        """When the sitting of this date or of the next may reach a limit first, boot clock."""
        world = self._world
        if world.presence.away:
            return
        for course, limit in world.courses.by_the_day:
            met = world.calendar.today in course.handled
            left = NEVER if met else max(SLACK, limit - world.sat_today)
            yield min(world.now.boot + left, world.boot_at(world.calendar.next_midnight) + limit)
