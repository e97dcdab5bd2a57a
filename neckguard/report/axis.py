"""The time axis that all pictures of the report share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from neckguard.report import words
from neckguard.value import value

_MOST_DAYS, _MOST_WEEKS = 120, 120  # more bars than that are too thin for a phone
_LABELS = 10  # on a wide page; a narrow one shows every other
_FEW_DAYS, _FEW_MONTHS = 14, 240  # days
_QUARTERS = (4, 7, 10)


@value
class Label:
    """A word below the axis; the `fine` ones are left out where there is little room."""

    at: date
    text: str
    fine: bool


@value
class Bucket:
    """The days that one bar stands for, both ends included."""

    first: date
    last: date
    name: str


@value
class Axis:
    """The days of a period, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1

    @property
    def unit(self) -> str:
        """What one bar stands for: a day, a week or a month."""
        if self.days <= _MOST_DAYS:
            return "day"
        return "week" if self.days <= 7 * _MOST_WEEKS else "month"

    def place(self, day: date, hours: float = 0) -> float:
        """Where an hour of a day is, in per cent of the width."""
        return 100 * ((day - self.first).days + hours / 24) / self.days

    def weekdays(self) -> tuple[int, ...]:
        """How many Mondays there are, how many Tuesdays, and so on."""
        met = Counter(day.weekday() for day in self._each_day())
        return tuple(met[weekday] for weekday in range(7))

    def buckets(self) -> tuple[Bucket, ...]:
        """The period cut into the bars' days; the first and the last may be short."""
        cuts = [self.first, *(day for day in self._each_day() if day > self.first and self._begins(day))]
        cuts.append(self.last + timedelta(days=1))
        return tuple(self._bucket(here, after - timedelta(days=1)) for here, after in pairwise(cuts))

    def labels(self) -> tuple[Label, ...]:
        """The words below, not more than fit."""
        found = [(day, text) for day in self._each_day() if (text := self._word(day))]
        found = found[:: -(-len(found) // _LABELS) or 1]
        crowded = len(found) > _LABELS // 2
        return tuple(Label(day, text, crowded and index % 2 == 1) for index, (day, text) in enumerate(found))

    def _each_day(self) -> Iterator[date]:
        return (self.first + timedelta(days=index) for index in range(self.days))

    def _begins(self, day: date) -> bool:
        return {"day": True, "week": day.weekday() == 0, "month": day.day == 1}[self.unit]

    def _bucket(self, first: date, last: date) -> Bucket:
        names = {
            "day": f"{first:%a} {words.day(first)}",
            "week": f"week of {words.day(first)}",
            "month": f"{first:%B %Y}",
        }
        return Bucket(first, last, names[self.unit])

    def _word(self, day: date) -> str:
        if self.days <= _FEW_DAYS:
            return f"{day:%a} {day.day}"
        if self.unit == "day":
            return f"{day.day} {day:%b}" if day.weekday() == 0 else ""
        if day.day != 1:
            return ""
        if day.month == 1:
            return f"{day:%Y}"
        wanted = self.unit == "week" and (self.days <= _FEW_MONTHS or day.month in _QUARTERS)
        return f"{day:%b}" if wanted else ""
