"""What a report is about: the figures, those of the period before, and which days are on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from neckguard.report.axis import Axis, Bucket
from neckguard.stats.figures import Day, Figures


@dataclass(frozen=True)
class Subject:
    """Figures, and what is said around them. Of the period `before` there may be nothing on record."""

    figures: Figures
    before: Figures | None
    made: datetime
    version: str
    disclaimer: str
    with_notes: bool = False
    red_flags: Mapping[str, str] = field(default_factory=dict)  # the line of the checklist, by its id

    @cached_property
    def asked(self) -> Axis:
        """All days of the period."""
        days = self.figures.sitting.days
        return Axis(days[0].date, days[-1].date)

    @cached_property
    def axis(self) -> Axis:
        """The days from the first one on record: nothing is known of those before it."""
        asked = self.asked
        first = min(self._recorded(), default=asked.first)
        return Axis(min(max(first, asked.first), asked.last), asked.last)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.figures.tallies and next(self._recorded(), None) is None

    def by_bucket(self) -> Iterator[tuple[Bucket, tuple[Day, ...]]]:
        """The days that each bar of a picture stands for."""
        days = self.figures.sitting.days
        for bucket in self.axis.buckets():
            start = (bucket.first - days[0].date).days
            yield bucket, days[start : start + (bucket.last - bucket.first).days + 1]

    def _recorded(self) -> Iterator[date]:
        yield from (day.date for day in self.figures.sitting.days if day.sitting)
        yield from (each.at.date() for each in self.figures.checkins)
        yield from (each.start.date() for each in self.figures.flares)
