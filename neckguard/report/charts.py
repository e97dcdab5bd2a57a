"""The pictures of the report, from plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from neckguard.core import say_span
from neckguard.report.axis import Axis, Bucket, lines
from neckguard.report.markup import Markup, tag
from neckguard.report.svg import ABOVE, BELOW, Picture, Scale, below, grid, line, picture, rect, text

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHADES = {"heat0": "none"} | {f"heat{part}": f"up to {12 * part} min" for part in range(1, 6)}
"""The shades of a heat map and what they stand for, of an hour."""
Part = tuple[str, str, int]
"""How it looks, what it is called, how many they are."""
_PLOT = 150.0  # pixels
_GAP = 0.12  # of a column, on both of its sides
_CELL = 24.0  # pixels: a row of the heat map
_ROW, _BAR = 46.0, 20.0  # pixels: a row of parts, and the bar in it
_NARROWEST, _DIGIT = 1.6, 1.8  # per cent of the width that a number in a bar needs: around it, and each digit
_WORST = 10  # the scale of pain ends there
_HOURS = 24
_DOT, _SMALL_DOT = 4.0, 3.0  # pixels: the radius of a score, and of the middle of several
_STRIP = 6.0  # pixels: the height of what is above a flare-up
_THINNEST = 0.4  # per cent


@dataclass(frozen=True, slots=True)
class Column:
    """What one bucket has, in seconds, and what its mark says."""

    bucket: Bucket
    seconds: float
    says: str


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled bar made of parts."""

    label: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """The whole bar."""
        return sum(count for _, _, count in self.parts)


@dataclass(frozen=True, slots=True)
class Dot:
    """Pain at a place of the axis (per cent): a score, or the middle of several and their range."""

    at: float
    score: float
    says: str
    range: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A flare-up from one place of the axis to another, in per cent."""

    start: float
    end: float
    says: str


def columns(name: str, title: str, about: str, axis: Axis, values: Sequence[Column]) -> Markup:
    """Spans of time, one column for each bucket."""
    top = max((each.seconds for each in values), default=0)
    scale = Scale(tuple((value, say_span(value) if value else "0") for value in lines(top)), _PLOT)
    what = Picture(name, title, about, scale.floor + BELOW)
    return picture(what, grid(scale), _columns(axis, scale, values), below(axis, scale.floor))


def _columns(axis: Axis, scale: Scale, values: Iterable[Column]) -> Iterator[Markup]:
    for each in values:
        if each.seconds:
            start = axis.place(each.bucket.first)
            width = axis.place(each.bucket.last, _HOURS) - start
            box = rect(start + _GAP * width, (1 - 2 * _GAP) * width, scale.up(each.seconds), scale.floor)
            yield tag("rect", tag("title", each.says), class_="column", **box)


def heat_map(name: str, title: str, about: str, minutes: Sequence[Sequence[float]]) -> Markup:
    """Minutes of each hour, a row of them for each day of the week, Monday first."""
    height = ABOVE + len(WEEKDAYS) * _CELL
    what = Picture(name, title, about, height + BELOW)
    return picture(what, _cells(minutes), _hours(height))


def _cells(minutes: Sequence[Sequence[float]]) -> Iterator[Markup]:
    for weekday, (day, row) in enumerate(zip(WEEKDAYS, minutes, strict=True)):
        top = ABOVE + weekday * _CELL
        yield text(day[:3], 0, top + 16, "scale", shift=-6)
        for hour, found in enumerate(row):
            box = rect(100 * hour / _HOURS + 0.15, 100 / _HOURS - 0.3, top + 1, top + _CELL - 1)
            says = f"{day} {hour:02}:00 to {hour + 1:02}:00: {found:.0f} min"
            yield tag("rect", tag("title", says), class_=_shade(found), **box)


def _hours(floor: float) -> Iterator[Markup]:
    for hour in range(0, _HOURS + 1, 3):
        fine = " fine" if hour % 6 else ""
        yield text(f"{hour:02}", 100 * hour / _HOURS, floor + 16, f"below{fine}")


def _shade(minutes: float) -> str:
    """What is more than nothing looks so, even if it rounds to no minute."""
    return f"heat{min(5, -int(-minutes // 12))}"


def rows(name: str, title: str, about: str, values: Sequence[Row]) -> Markup:
    """Counts, one labelled bar for each row; all bars have one scale."""
    most = max((row.total for row in values), default=0) or 1
    marks = (_row(row, index * _ROW, 100 / most) for index, row in enumerate(values))
    return picture(Picture(name, title, about, len(values) * _ROW, margin=False), marks)


def _row(row: Row, top: float, unit: float) -> Iterator[Markup]:
    total = tag("tspan", f"{row.total:,}", class_="count")
    yield tag("text", row.label, " ", total, x=0, y=top + 15, class_="row")
    top += _ROW - _BAR - 4
    x = 0.0
    for class_, name, count in row.parts:
        if not count:
            continue
        width = count * unit
        says = tag("title", f"{row.label}, {name}: {count:,}")
        yield tag("rect", says, class_=f"part {class_}", **rect(x, width, top, top + _BAR))
        if width >= _NARROWEST + _DIGIT * len(str(count)):
            yield text(f"{count:,}", x + width / 2, top + 14, "inside")
        x += width


def pain(what: Picture, axis: Axis, dots: Sequence[Dot], bands: Sequence[Band]) -> Markup:
    """Check-ins over flare-ups, on the time axis."""
    scores = tuple((score, str(score)) for score in range(0, _WORST + 1, 2))
    scale = Scale(scores, what.height - ABOVE - BELOW)
    marks = (_bands(scale, bands), grid(scale), _dots(scale, dots), below(axis, scale.floor))
    return picture(what, *marks)


def _bands(scale: Scale, bands: Iterable[Band]) -> Iterator[Markup]:
    for band in bands:
        width = max(band.end - band.start, _THINNEST)
        says = tag("title", band.says)
        yield tag("rect", says, class_="flare", **rect(band.start, width, ABOVE, scale.floor))
        yield tag("rect", says, class_="flare-top", **rect(band.start, width, ABOVE - _STRIP, ABOVE))


def _dots(scale: Scale, dots: Iterable[Dot]) -> Iterator[Markup]:
    for dot in dots:
        if dot.range:
            low, high = dot.range
            yield line(dot.at, scale.up(low), dot.at, scale.up(high), "range")
        radius = _SMALL_DOT if dot.range else _DOT
        said = tag("title", dot.says)
        yield tag("circle", said, cx=f"{dot.at:.2f}%", cy=scale.up(dot.score), r=radius, class_="dot")
