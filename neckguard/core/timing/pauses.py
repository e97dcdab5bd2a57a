"""Pauses: when they end, and the words people use for it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from neckguard.core.model import Moment
from neckguard.core.plan import Opening
from neckguard.core.timing.durations import DAY_NAMES, DAYS_AHEAD, clean_until
from neckguard.core.timing.wallclock import at_instant, first_opening, instant_after
from neckguard.value import value

_DAY = 24 * 60  # minutes
_NO_HOURS_START = timedelta(hours=6)
_LONGEST = timedelta(days=366)
MENTION_EVERY = 86400.0
"""An open-ended pause older than this is mentioned, once in this time."""


@value
class PauseState:
    """A pause in force. Durations end by the boot clock, `--until` by the wall; else the person ends it."""

    since: datetime
    began: float  # boot clock
    reason: str = ""
    until_boot: float | None = None
    until_local: datetime | None = None  # naive: the wall clock the person meant, whatever the zone
    mentioned: float | None = None  # boot clock of the last mention

    @property
    def open_ended(self) -> bool:
        """Whether only the person ends it."""
        return self.until_boot is None and self.until_local is None

    @property
    def mention_at(self) -> float:
        """When the person is told of it next, boot clock; never if it ends by itself."""
        last = self.began if self.mentioned is None else self.mentioned
        return last + MENTION_EVERY if self.open_ended else float("inf")

    def left(self, now: Moment) -> float | None:
        """Seconds until it ends by itself, perhaps negative; None if it does not."""
        if self.until_boot is not None:
            return self.until_boot - now.boot
        if self.until_local is not None:
            end = instant_after(self.since.timestamp(), self.until_local, now.wall.tzinfo)
            return end - now.wall.timestamp()
        return None

    def until(self, now: Moment) -> datetime | None:
        """The wall time at which it ends by itself."""
        left = self.left(now)
        return None if left is None else at_instant(now.wall.timestamp() + left, now.wall)

    def moved(self, boot: float) -> "PauseState":
        """The same on a boot clock that reads `boot` seconds more (after a reboot)."""
        until = None if self.until_boot is None else self.until_boot + boot
        mentioned = None if self.mentioned is None else self.mentioned + boot
        return replace(self, began=self.began + boot, until_boot=until, mentioned=mentioned)


def parse_until(text: str, wall: datetime, openings: tuple[Opening, ...]) -> datetime | None:
    """The naive local end of a pause; None for `resumed`.

    Raises:
        ValueError: the text names no time, or one that is past; the message says what is allowed.
    """
    try:
        word = clean_until(text)
    except ValueError as error:
        raise ValueError(f"{error}.") from None
    if word == "resumed":
        return None
    if word in DAYS_AHEAD:
        return _named_day(word, wall, openings)
    now = wall.timestamp()
    day, _, clock = word.rpartition(" ")
    if not day:
        today = datetime.combine(wall.date(), time.fromisoformat(clock))
        return today if instant_after(now, today, wall.tzinfo) > now else today + timedelta(days=1)
    end = datetime.fromisoformat(word)
    if end.date() > wall.date() + _LONGEST:
        raise ValueError(
            f"{text} is more than a year away; `--until resumed` pauses until you say otherwise."
        )
    if instant_after(now, end, wall.tzinfo) <= now:
        raise ValueError(f"{text} is already past.")
    return end


def _named_day(word: str, wall: datetime, openings: tuple[Opening, ...]) -> datetime:
    """When the hours of that day begin, or of the first one after it that has any; else 06:00 that day."""
    day = next_day(wall, openings)
    if word != "tomorrow":
        day += timedelta(days=(DAY_NAMES.index(word) - day.weekday()) % 7)
    week = (day + timedelta(days=ahead) for ahead in range(7))
    open_on = {opening.weekday for opening in openings}
    return morning_of(next((each for each in week if each.weekday() in open_on), day), wall, openings)


def next_day(wall: datetime, openings: tuple[Opening, ...]) -> date:
    """What a person calls tomorrow; at night that is the date that has begun already.

    It is over with the hours that began before midnight; else when those of the date begin, or at 06:00.
    """
    today = wall.date()
    minutes = _DAY + wall.hour * 60 + wall.minute  # since the midnight before the last one
    yesterday = (today.weekday() - 1) % 7
    late = any(opening.weekday == yesterday and minutes < opening.end for opening in openings)
    six = datetime.combine(today, time()) + _NO_HOURS_START
    morning = min(six, morning_of(today, wall, openings))
    return today if late or wall.replace(tzinfo=None) < morning else today + timedelta(days=1)


def morning_of(day: date, like: datetime, openings: tuple[Opening, ...]) -> datetime:
    """When the hours of a date begin, else 06:00; naive local time, in the zone of `like`."""
    opens = first_opening(openings, day, like.tzinfo)
    if opens is None:
        return datetime.combine(day, time()) + _NO_HOURS_START
    return at_instant(opens, like).replace(tzinfo=None)
