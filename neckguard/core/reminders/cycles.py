"""All reminders and their cycles: when the one of each began, and when it is over."""

from collections.abc import Iterator
from typing import Any

from neckguard.core.model import NEVER, Moment
from neckguard.core.plan import Reminder
from neckguard.core.reminders.course import Course
from neckguard.core.timing.timeline import Timeline


class Cycles:
    """Every reminder's course, and its place on the clock of sitting time. Of prompts it knows nothing."""

    def __init__(self, now: Moment) -> None:
        self.now = now
        self.timeline = Timeline()
        self.on_the_wall: tuple[Course, ...] = ()  # those that go by the wall clock or its dates
        self.by_the_day: tuple[tuple[Course, float], ...] = ()  # those that are on with their `daily`
        self._begins_after = -NEVER  # boot clock
        self._all: dict[str, Course] = {}

    def reach(self, now: Moment) -> None:
        """Take in the time, before anything else that happens then."""
        self.now = now

    def __iter__(self) -> Iterator[Course]:
        return iter(self._all.values())

    def __getitem__(self, name: str) -> Course:
        return self._all[name]

    def get(self, name: str) -> Course | None:
        """The course of that name, if there is one."""
        return self._all.get(name)

    @property
    def owed(self) -> list[Course]:
        """Those whose prompts are owed; asked at every step."""
        return [course for course in self._all.values() if course.owed_since is not None]

    @property
    def any_owed(self) -> bool:
        """Whether any prompt is owed."""
        return bool(self.owed)

    # ---- the set of reminders -----------------------------------------------------------------------------

    def add(self, reminder: Reminder) -> Course:
        """Take in a reminder; its first cycle begins now."""
        course = Course(reminder, known_since=self.now.wall.timestamp())
        self._all[course.name] = course
        self._find_walls()
        self.restart(course)
        return course

    def saved(self) -> dict[str, Any]:
        """What survives a restart."""
        return {"courses": {each.name: each.saved(*self.timeline.marks(each.name)) for each in self}}

    def restore(self, saved: dict[str, Any]) -> Course:
        """Take in a course that was saved, its prompt hidden.

        Raises:
            ValueError, KeyError, TypeError: it does not fit.
        """
        course, began, due = Course.restored(saved)
        self._all[course.name] = course
        self._find_walls()
        self.timeline.restore(course.name, began, due)
        return course

    def remove(self, course: Course) -> None:
        """Forget a reminder; its prompt was withdrawn before."""
        self.timeline.drop(course.name)
        del self._all[course.name]
        self._find_walls()

    def _find_walls(self) -> None:
        daily = [course for course in self if course.reminder.daily]
        self.on_the_wall = (*daily, *(course for course in self if course.reminder.at))
        self.by_the_day = tuple((each, each.reminder.daily or 0.0) for each in daily if each.reminder.enabled)

    # ---- the cycles ---------------------------------------------------------------------------------------

    def due_in(self, course: Course) -> float | None:
        """Sitting time until it is due; 0 if it is owed or showing, None if sitting does not bring it."""
        if course.owed or course.visible:
            return 0.0
        span = self.timeline.due_in(course.name)
        return None if span is None else max(0.0, span)

    def begin_within(self, seconds: float) -> None:
        """Let the cycles that lie further ahead begin so soon."""
        for course in self:
            self.timeline.arrive(course.name, ahead=seconds)

    def begin_anew(self, seconds: float) -> None:
        """Let the cycles that began within so much sitting time begin now instead."""
        for course in self:
            self.timeline.begin_anew(course.name, seconds)

    def begin_after(self, boot: float) -> None:
        """Let no cycle begin before this time on the boot clock: somebody takes a break until then."""
        self._begins_after = boot

    def restart(self, course: Course, *, ahead: float = 0.0) -> None:
        """Begin a fresh cycle, `ahead` seconds of sitting from now; during a break, not before its end."""
        self._clear(course)
        if course.reminder.enabled and course.reminder.every is not None:
            left = self._begins_after - self.now.boot
            self.timeline.begin(course.name, course.reminder.every, ahead=max(ahead, left))

    def _clear(self, course: Course) -> None:
        course.clear()
        self.timeline.park(course.name)
