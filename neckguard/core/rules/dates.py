"""What the clock brings: hours that open and close, `at` times, midnight, and the end of a pause."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from neckguard.core.model import NEVER, SLACK, Show
from neckguard.core.reminders import cards
from neckguard.core.reminders.course import Course
from neckguard.core.rules.care import Care
from neckguard.core.world import World


class Dates:
    """Applies the calendar to the courses."""

    def __init__(self, world: World, care: Care) -> None:
        self._world = world
        self._care = care
        self._clock_was_set = False
        self._was_open = world.calendar.open
        self._walls: tuple[Course, ...] = ()  # for which it is known how long nothing comes

    def read(self, wall: datetime) -> None:
        """Take in the time."""
        self._clock_was_set = self._world.calendar.read(wall)

    def on_time(self) -> None:
        """Act on what the clock has reached."""
        courses, calendar = self._world.courses, self._world.calendar
        if self._clock_was_set:
            for course in courses:
                course.known_since = min(course.known_since, calendar.instant)
            self._care.step()
        if calendar.open and not self._was_open:
            self._world.begin_calm("your hours began")
        self._was_open = calendar.open
        showing = courses.showing
        prompt = showing.prompt if showing else None
        if showing and prompt and not (calendar.open or prompt.forced):
            courses.hide(showing, "off_hours")
        known = courses.on_the_wall is self._walls and calendar.instant < calendar.nothing_before - SLACK
        for course in courses.on_the_wall:
            if course.day:
                self._drop_at_midnight(course)
            if not known:
                self._meet_occurrences(course)
        if not known:
            self._walls = courses.on_the_wall
            upcoming = (
                calendar.next_at(course.reminder, course.handled)
                for course in self._walls
                if course.reminder.enabled
            )
            calendar.expect_nothing_before(min(upcoming, default=NEVER))

    def deadlines(self) -> Iterator[float]:
        """When time alone will change something here."""
        world, calendar = self._world, self._world.calendar
        if calendar.changes_at != NEVER:
            yield max(world.now.boot + SLACK, world.boot_at(calendar.changes_at))
        for course in world.courses.on_the_wall:
            if course.reminder.enabled:
                if course.owed or course.snoozed:
                    yield world.boot_at(calendar.next_midnight)
                upcoming = calendar.next_at(course.reminder, course.handled)
                if upcoming != NEVER:
                    yield world.boot_at(upcoming)

    def _drop_at_midnight(self, course: Course) -> None:
        """Whatever state it is in: what was due on one date is not said on the next."""
        if (course.owed or course.snoozed) and course.day < self._world.calendar.today:
            self._world.courses.drop(course, "midnight")

    def _meet_occurrences(self, course: Course) -> None:
        if not course.reminder.enabled:
            return
        calendar = self._world.calendar
        for occurrence in calendar.passed(course.reminder, course.handled):
            self._world.courses.occur(course, occurrence, open_then=calendar.open_at(occurrence.instant))


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
