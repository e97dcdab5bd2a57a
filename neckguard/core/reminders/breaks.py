"""The break that somebody takes at their word, until they are back or its time is over."""

from typing import Any

from neckguard.core.codec import from_plain
from neckguard.core.model import NEVER, SLACK, Happening, Outcome
from neckguard.core.plan import Reminder
from neckguard.core.reminders.course import Course
from neckguard.core.reminders.courses import Courses

_LEAVING = 60.0  # seconds: who says so much before they leave that they had a break means the one they begin


class Breaks:
    """The one break that may be taken at a time. Times on the boot clock, in seconds."""

    def __init__(self, courses: Courses) -> None:
        self.taken = ""  # the name of its reminder; empty: none is taken
        self.since = self.until = 0.0  # when it began and ends
        self._length = 0.0  # from beginning to end, also after a restart
        self._said = -NEVER  # when the person said last that they had one
        self._courses = courses

    @property
    def reminder(self) -> Reminder:
        """What it is taken for, as long as it was asked for."""
        return self._courses[self.taken].reminder.lasting(self._length)

    def take(self, course: Course, seconds: float) -> None:
        """Begin a break of so many seconds: what an absence restarts begins when it ends."""
        self._count(course, ahead=seconds)
        self.since, self._length = self._courses.now.boot, seconds
        self._hold(course.name, self.since + seconds)
        self._courses.record(Happening.BREAK_START, course)

    def was_taken(self, course: Course, reason: str) -> None:
        """The person says that they had one: what an absence restarts begins now."""
        self._count(course, reason)
        self._said = self._courses.now.boot

    def _count(self, course: Course, reason: str = "", *, ahead: float = 0.0) -> None:
        if self.taken:  # the one before ends here
            self.end()
        length = course.wanted.duration
        self._courses.settle(course, Outcome.DONE, reason)
        self._courses.restart(course, ahead=ahead)
        self._courses.absence(length, ahead=ahead, taken=True)

    def counts(self, since: float) -> bool:
        """Whether an absence since then is a break that the person has told of."""
        return since - _LEAVING <= self._said

    def end(self) -> None:
        """The break is over: the cycles that waited for its end begin now, not when it could have ended."""
        self._courses.record(Happening.BREAK_END, self._courses[self.taken])
        overrun = self._courses.now.boot - self.until
        self._hold("", -NEVER)
        self._courses.begin_within(0.0)
        self._courses.begin_anew(overrun)

    def arrive(self, absence: float, boot: float) -> bool:
        """The person is back since `boot`; whether they had taken a break.

        One that they were away long enough for is over; else it goes on until its end.
        """
        if not self.taken:
            self._courses.begin_within(0.0)
            return False
        reset_after = self.reminder.reset_after
        enough = reset_after is not None and reset_after <= absence + SLACK
        if enough or self.until <= boot + SLACK:
            self.end()
        else:
            self._courses.begin_within(self.until - boot)  # the sitting clock stood still meanwhile
        return True

    def saved(self) -> dict[str, Any]:
        """What survives a restart."""
        until, length = (self.until, self._length) if self.taken else (0.0, 0.0)
        return {"break_taken": self.taken, "break_until": until, "break_length": length}

    def restore(self, state: dict[str, Any], shift: float) -> None:
        """Go on with what was saved; the boot clock reads `shift` more than it would have.

        Raises:
            ValueError, KeyError: it does not fit.
        """
        taken, until = from_plain(str, state["break_taken"]), from_plain(float, state["break_until"])
        course = self._courses.get(taken)
        if course is not None:
            length = state.get("break_length", course.reminder.duration)  # a former version kept none
            self.since, self._length = self._courses.now.boot, from_plain(float, length)
            self._hold(taken, until + shift)

    def _hold(self, name: str, until: float) -> None:
        self.taken, self.until = name, until
        self._courses.begin_after(until)
