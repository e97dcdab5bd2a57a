"""What the wall clock brings: hours that open and close, `at` times, and the midnight that ends a date."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from neckguard.core.model import SLACK
from neckguard.core.reminders.course import Course
from neckguard.core.timing.calendar import NEVER
from neckguard.core.timing.wallclock import next_midnight

if TYPE_CHECKING:
    from neckguard.core.engine import Engine


class Dates:
    """Applies the calendar to the courses."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._clock_was_set = False
        self._walls: tuple[Course, ...] = ()  # for which it is known how long nothing comes

    def read(self, wall: datetime) -> None:
        """Take in the time."""
        self._clock_was_set = self._engine.calendar.read(wall)

    def mind(self) -> None:
        """Act on what the clock has reached."""
        courses, calendar = self._engine.courses, self._engine.calendar
        if self._clock_was_set:
            for course in courses:
                course.known_since = min(course.known_since, calendar.instant)
            self._engine.care.step()
        showing = courses.showing
        prompt = showing.prompt if showing else None
        if showing and prompt and not (calendar.open or prompt.forced):
            courses.hide(showing, "off_hours")
        known = courses.on_the_wall is self._walls and calendar.instant < calendar.nothing_before - SLACK
        for course in courses.on_the_wall:
            self._mind_midnight(course)
            if not known:
                self._mind_occurrences(course)
        if not known:
            self._walls = courses.on_the_wall
            upcoming = (calendar.next_at(course) for course in self._walls if course.reminder.enabled)
            calendar.nothing_before = min(upcoming, default=NEVER)

    def deadlines(self, offset: float) -> Iterator[float]:
        """When time alone will change something here; `offset` is the boot clock less the wall clock."""
        for course in self._engine.courses.on_the_wall:
            if course.reminder.enabled:
                if course.owed:
                    yield offset + next_midnight(self._engine.now.wall)
                upcoming = self._engine.calendar.next_at(course)
                if upcoming != NEVER:
                    yield offset + upcoming

    def _mind_midnight(self, course: Course) -> None:
        since = course.owed_since
        if since is not None and since.date() < self._engine.now.wall.date() and not course.visible:
            self._engine.courses.drop(course, "midnight")

    def _mind_occurrences(self, course: Course) -> None:
        if not course.reminder.enabled:
            return
        calendar = self._engine.calendar
        for occurrence in calendar.passed(course):
            self._engine.courses.occur(course, occurrence, open_then=calendar.open_at(occurrence.instant))
