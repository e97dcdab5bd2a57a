"""The pictures of the report, from plain values.

Across they are in per cent, down in pixels, so that text never shrinks on a phone. The numbers are in tables.
`title` and `desc` of a picture say what it shows; the `title` of a mark is what a pointer that rests on it
reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from neckguard.core import say_span
from neckguard.report.axis import Axis, Bucket
from neckguard.report.html import Content, Markup, tag
from neckguard.value import value

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHADES = {"heat0": "none"} | {f"heat{part}": f"up to {12 * part} min" for part in range(1, 6)}
"""The shades of a heat map and what they stand for, of an hour."""
Part = tuple[str, str, int]
"""How it looks, what it is called, how many they are."""
_PLOT = 150.0  # pixels: the height of what has a scale of spans
# Pixels around a plot: for the highest label of the scale, and for the words below.
_ABOVE, _BELOW = 10.0, 24.0
_GAP = 0.12  # of a column, on both of its sides
_CELL = 24.0  # pixels: a row of the heat map
_ROW, _BAR = 46.0, 20.0  # pixels: a row of parts, and the bar in it
_NARROWEST, _DIGIT = 1.6, 1.8  # per cent of the width that a number in a bar needs: around it, and each digit
_WORST = 10  # the scale of pain ends there
_SAT = 72.0  # pixels: the plot of the time at the screen below that of pain
_BETWEEN = 18.0  # pixels between the two
_SAT_LINES = 3
_HOURS = 24
_DOT, _SMALL_DOT = 4.0, 3.0  # pixels: the radius of a score, and of the middle of several
_STRIP = 6.0  # pixels: the height of what is above a flare-up
_THINNEST = 0.4  # per cent
_MINUTE, _HOUR = 60, 3600
_STEPS = tuple(part * _MINUTE for part in (1, 5, 10, 15, 30)) + tuple(h * _HOUR for h in (1, 2, 3, 4, 6, 12))
_MOST_LINES = 5


@value
class Picture:
    """What a picture is called in links and in words, what it shows, and its height in pixels."""

    name: str
    title: str
    about: str
    height: float
    margin: bool = True  # on the left, for the labels of a scale


@value
class _Scale:
    """Heights: the values that get a line, from 0 on, each with its label, and the plot's pixels."""

    lines: tuple[tuple[float, str], ...]
    height: float
    top: float = _ABOVE  # pixels above the plot

    def up(self, value: float) -> float:
        """How far down the picture the value is, in pixels."""
        return self.top + self.height * (1 - value / self.lines[-1][0])

    @property
    def floor(self) -> float:
        """Where 0 is."""
        return self.top + self.height


@value
class Column:
    """What one bucket has, in seconds, and what its mark says."""

    bucket: Bucket
    seconds: float
    says: str


@value
class Bar:
    """A labelled bar made of parts; `more` stands in words beside its count."""

    label: str
    parts: tuple[Part, ...]
    more: str = ""

    @property
    def total(self) -> int:
        """The whole bar."""
        return sum(count for _, _, count in self.parts)


@value
class Dot:
    """Pain at a place of the axis (per cent): a score, or the middle of several and their range."""

    at: float
    score: float
    says: str
    range: tuple[int, int] | None = None


@value
class Band:
    """A flare-up from one place of the axis to another, in per cent."""

    start: float
    end: float
    says: str


def columns(name: str, title: str, about: str, axis: Axis, values: Sequence[Column]) -> Markup:
    """Spans of time, one column for each bucket."""
    scale = _spans(values, _PLOT)
    what = Picture(name, title, about, scale.floor + _BELOW)
    return _picture(what, _grid(scale), _columns(axis, scale, values), _below(axis, scale.floor))


def _spans(
    values: Iterable[Column], height: float, *, most: int = _MOST_LINES, top: float = _ABOVE
) -> _Scale:
    highest = max((each.seconds for each in values), default=0)
    lines = ((value, say_span(value) if value else "0") for value in scale_lines(highest, most))
    return _Scale(tuple(lines), height, top)


def scale_lines(top: float, most: int = _MOST_LINES) -> tuple[float, ...]:
    """Where the lines of a scale from 0 to at least `top` seconds go; the last is the scale's end."""
    step = next((each for each in _STEPS if each * most >= top), _STEPS[-1])
    return tuple(index * step for index in range(max(1, -int(-top // step)) + 1))


def _columns(axis: Axis, scale: _Scale, values: Iterable[Column]) -> Iterator[Markup]:
    for each in values:
        if each.seconds:
            start = axis.place(each.bucket.first)
            width = axis.place(each.bucket.last, _HOURS) - start
            box = _rect(start + _GAP * width, (1 - 2 * _GAP) * width, scale.up(each.seconds), scale.floor)
            yield tag("rect", tag("title", each.says), class_="column", **box)


def heat_map(name: str, title: str, about: str, minutes: Sequence[Sequence[float]]) -> Markup:
    """Minutes of each hour, a row of them for each day of the week, Monday first."""
    height = _ABOVE + len(WEEKDAYS) * _CELL
    what = Picture(name, title, about, height + _BELOW)
    return _picture(what, _cells(minutes), _hours(height))


def _cells(minutes: Sequence[Sequence[float]]) -> Iterator[Markup]:
    for weekday, (day, row) in enumerate(zip(WEEKDAYS, minutes, strict=True)):
        top = _ABOVE + weekday * _CELL
        yield _text(day[:3], 0, top + 16, "scale", shift=-6)
        for hour, found in enumerate(row):
            box = _rect(100 * hour / _HOURS + 0.15, 100 / _HOURS - 0.3, top + 1, top + _CELL - 1)
            says = f"{day} {hour:02}:00 to {hour + 1:02}:00: {found:.0f} min"
            yield tag("rect", tag("title", says), class_=_shade(found), **box)


def _hours(floor: float) -> Iterator[Markup]:
    for hour in range(0, _HOURS + 1, 3):
        fine = " fine" if hour % 6 else ""
        yield _text(f"{hour:02}", 100 * hour / _HOURS, floor + 16, f"below{fine}")


def _shade(minutes: float) -> str:
    """What is more than nothing looks so, even if it rounds to no minute."""
    return f"heat{min(5, -int(-minutes // 12))}"


def bars(name: str, title: str, about: str, values: Sequence[Bar]) -> Markup:
    """Counts, one labelled bar for each row; all bars have one scale."""
    most = max((row.total for row in values), default=0) or 1
    marks = (_row(row, index * _ROW, 100 / most) for index, row in enumerate(values))
    return _picture(Picture(name, title, about, len(values) * _ROW, margin=False), marks)


def _row(row: Bar, top: float, unit: float) -> Iterator[Markup]:
    total = tag("tspan", f"{row.total:,}", f" ({row.more})" if row.more else "", class_="count")
    yield tag("text", row.label, " ", total, x=0, y=top + 15, class_="row")
    top += _ROW - _BAR - 4
    x = 0.0
    for class_, name, count in row.parts:
        if not count:
            continue
        width = count * unit
        says = tag("title", f"{row.label}, {name}: {count:,}")
        yield tag("rect", says, class_=f"part {class_}", **_rect(x, width, top, top + _BAR))
        if width >= _NARROWEST + _DIGIT * len(str(count)):
            yield _text(f"{count:,}", x + width / 2, top + 14, "inside")
        x += width


def pain(
    what: Picture, axis: Axis, dots: Sequence[Dot], bands: Sequence[Band], sat: Sequence[Column]
) -> Markup:
    """Check-ins over flare-ups, and below them the time at the screen, on one time axis."""
    scores = tuple((score, str(score)) for score in range(0, _WORST + 1, 2))
    below = _SAT + _BETWEEN if any(each.seconds for each in sat) else 0.0
    scale = _Scale(scores, what.height - _ABOVE - _BELOW - below)
    sitting = _spans(sat, _SAT, most=_SAT_LINES, top=scale.floor + _BETWEEN)
    floor = sitting.floor if below else scale.floor
    marks = (_bands(floor, bands), _grid(scale), _dots(scale, dots), _below(axis, floor))
    lower = (_grid(sitting), _columns(axis, sitting, sat)) if below else ()
    return _picture(what, *marks, *lower)


def _bands(floor: float, bands: Iterable[Band]) -> Iterator[Markup]:
    for band in bands:
        width = max(band.end - band.start, _THINNEST)
        says = tag("title", band.says)
        yield tag("rect", says, class_="flare", **_rect(band.start, width, _ABOVE, floor))
        yield tag("rect", says, class_="flare-top", **_rect(band.start, width, _ABOVE - _STRIP, _ABOVE))


def _dots(scale: _Scale, dots: Iterable[Dot]) -> Iterator[Markup]:
    for dot in dots:
        if dot.range:
            low, high = dot.range
            yield _line(dot.at, scale.up(low), dot.at, scale.up(high), "range")
        radius = _SMALL_DOT if dot.range else _DOT
        said = tag("title", dot.says)
        yield tag("circle", said, cx=f"{dot.at:.2f}%", cy=scale.up(dot.score), r=radius, class_="dot")


def _picture(what: Picture, *marks: Content) -> Markup:
    """The frame around the marks."""
    title, about = f"{what.name}-title", f"{what.name}-about"
    return tag(
        "svg",
        tag("title", what.title, id=title),
        tag("desc", what.about, id=about),
        marks,
        role="img",
        class_="margin" if what.margin else None,
        width="100%",
        height=what.height,
        aria_labelledby=f"{title} {about}",
    )


def _rect(x: float, width: float, top: float, bottom: float) -> dict[str, str | float]:
    """The attributes of a rectangle: across in per cent, down in pixels."""
    return {"x": f"{x:.2f}%", "width": f"{width:.2f}%", "y": top, "height": round(bottom - top, 2)}


def _line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line: across in per cent, down in pixels."""
    return tag("line", x1=f"{x1:.2f}%", y1=y1, x2=f"{x2:.2f}%", y2=y2, class_=class_)


def _text(words: str, x: float, y: float, class_: str, *, shift: float = 0) -> Markup:
    """Words at a place, moved by some pixels."""
    return tag("text", words, x=f"{x:.2f}%", y=y, dx=shift or None, class_=class_)


def _grid(scale: _Scale) -> Iterator[Markup]:
    """The lines of a scale, with their labels in the margin."""
    for number, label in scale.lines:
        y = scale.up(number)
        yield _line(0, y, 100, y, "grid" if number else "floor")
        yield _text(label, 0, y + 4, "scale", shift=-6)


def _below(axis: Axis, floor: float) -> Iterator[Markup]:
    """The words below the axis, each at its day."""
    for label in axis.labels():
        x = axis.place(label.at)
        fine = " fine" if label.fine else ""
        yield _line(x, floor, x, floor + 5, f"tick{fine}")
        yield _text(label.text, x, floor + 18, f"below{fine}")
