"""The calendar: dates, `[hours]` and `at` times as the wall clock meets them. Remembers what it computed."""

from datetime import datetime
from itertools import takewhile

from neckguard.core.model import NEVER, SLACK
from neckguard.core.plan import Opening, Reminder
from neckguard.core.timing.wallclock import (
    ALWAYS,
    Occurrence,
    Shift,
    at_instant,
    midnights,
    next_occurrence,
    occurrences_on,
    shift_at,
)

_SLEW = 1.0  # a clock being adjusted goes back by less
_WEEK = 7 * 86400.0


class Calendar:
    """Answers for one wall clock that is `read` step by step. Instants are POSIX seconds."""

    def __init__(self, hours: tuple[Opening, ...], wall: datetime) -> None:
        self._hours = hours
        self._wall = wall
        self._shift = ALWAYS
        self._upcoming: dict[str, tuple[float, float]] = {}  # name: (computed at, instant)
        self.instant = wall.timestamp()
        self.today = ""  # the local date
        self.midnight = self.next_midnight = self.instant  # when it began and the next one begins
        self._turn_page()
        self.nothing_before = -NEVER  # no `at` time comes before this instant, as far as it was looked up
        self.set_hours(hours)

    @property
    def open(self) -> bool:
        """Whether reminders may run."""
        return self._shift.open

    @property
    def changes_at(self) -> float:
        """The instant at which `open` changes; infinite if it never does."""
        return self._shift.until

    @property
    def opened_at(self) -> float:
        """The instant from which `open` has been as it is."""
        return self._shift.since

    def read(self, wall: datetime) -> bool:
        """Take in the time; True if the clock was set back or the zone changed, so that all begins anew."""
        instant = wall.timestamp()
        anew = wall.tzinfo is not self._wall.tzinfo or instant < self.instant - _SLEW
        self._wall, self.instant = wall, instant
        if anew:
            self._upcoming.clear()
            self.nothing_before = -NEVER
        reached = instant + SLACK  # asked at every step
        if anew or not self.midnight <= reached < self.next_midnight:
            self._turn_page()
        if anew or not self._shift.since <= reached < self._shift.until:
            self.set_hours(self._hours)
        return anew

    def _turn_page(self) -> None:
        wall = at_instant(self._reached, self._wall)
        self.today = wall.date().isoformat()
        self.midnight, self.next_midnight = midnights(wall)

    @property
    def _reached(self) -> float:
        """What counts as now: an instant that is a hair away has come."""
        return self.instant + SLACK

    def set_hours(self, hours: tuple[Opening, ...]) -> None:
        """Use other hours from now on."""
        self._hours = hours
        self._shift = shift_at(hours, at_instant(self._reached, self._wall))

    def open_at(self, instant: float) -> bool:
        """Whether reminders may run at another instant."""
        return self._shift_at(instant).open

    def _shift_at(self, instant: float) -> Shift:
        if self._shift.since <= instant < self._shift.until:
            return self._shift
        return shift_at(self._hours, at_instant(instant, self._wall))

    def next_at(self, reminder: Reminder, handled: tuple[str, ...]) -> float:
        """The instant of its next occurrence that is not `handled`; infinite if there is none."""
        upcoming = self._fresh(reminder.name)
        return self._look_ahead(reminder, handled) if upcoming is None else upcoming

    def next_open(self, reminder: Reminder, handled: tuple[str, ...]) -> Occurrence | None:
        """Its next occurrence within the hours; None if there is none within a week."""
        wall, last = self._wall, self.instant + _WEEK
        while found := next_occurrence(wall, reminder.at, reminder.days, handled):
            shift = self._shift_at(found.instant)
            if shift.open or found.instant > last or shift.until == NEVER:
                return found if shift.open else None
            wall = at_instant(shift.until - SLACK, wall)  # nothing comes before they open
        return None

    def passed(self, reminder: Reminder, handled: tuple[str, ...]) -> list[Occurrence]:
        """What this local date brought since the last call, and perhaps earlier."""
        if self._fresh(reminder.name) is not None:
            return []
        self._look_ahead(reminder, handled)
        today = occurrences_on(self._wall.date(), reminder.at, reminder.days, self._wall.tzinfo, handled)
        return [*takewhile(lambda each: each.instant <= self._reached, today)]

    def _fresh(self, name: str) -> float | None:
        """What was computed and is still ahead."""
        computed_at, instant = self._upcoming.get(name, (NEVER, NEVER))
        return instant if computed_at <= self._reached < instant else None

    def _look_ahead(self, reminder: Reminder, handled: tuple[str, ...]) -> float:
        found = next_occurrence(at_instant(self._reached, self._wall), reminder.at, reminder.days, handled)
        instant = NEVER if found is None else found.instant
        self._upcoming[reminder.name] = (self._reached, instant)
        return instant

    def expect_nothing_before(self, instant: float) -> None:
        """Whoever looked up all that is on the wall clock knows that nothing comes before."""
        self.nothing_before = instant

    def forget(self, name: str) -> None:
        """The reminder's times changed, or one was dealt with ahead."""
        self._upcoming.pop(name, None)
        self.nothing_before = -NEVER
