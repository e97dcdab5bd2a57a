"""The marks of pictures: across in per cent, down in pixels, so that text never shrinks on a phone.

The numbers are in tables. `title` and `desc` of a picture say what it shows; the `title` of a mark is what a
pointer that rests on it reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from neckguard.report.axis import Axis
from neckguard.report.markup import Content, Markup, tag

# Pixels around a plot: for the highest label of the scale, and for the words below.
ABOVE, BELOW = 10.0, 24.0


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture is called in links and in words, what it shows, and its height in pixels."""

    name: str
    title: str
    about: str
    height: float
    margin: bool = True  # on the left, for the labels of a scale


@dataclass(frozen=True, slots=True)
class Scale:
    """Heights: the values that get a line, from 0 on, each with its label, and the plot's pixels."""

    lines: tuple[tuple[float, str], ...]
    height: float

    def up(self, value: float) -> float:
        """How far down the picture the value is, in pixels."""
        return ABOVE + self.height * (1 - value / self.lines[-1][0])

    @property
    def floor(self) -> float:
        """Where 0 is."""
        return ABOVE + self.height


def picture(what: Picture, *marks: Content) -> Markup:
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


def rect(x: float, width: float, top: float, bottom: float) -> dict[str, str | float]:
    """The attributes of a rectangle: across in per cent, down in pixels."""
    return {"x": f"{x:.2f}%", "width": f"{width:.2f}%", "y": top, "height": round(bottom - top, 2)}


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line: across in per cent, down in pixels."""
    return tag("line", x1=f"{x1:.2f}%", y1=y1, x2=f"{x2:.2f}%", y2=y2, class_=class_)


def text(words: str, x: float, y: float, class_: str, *, shift: float = 0) -> Markup:
    """Words at a place, moved by some pixels."""
    return tag("text", words, x=f"{x:.2f}%", y=y, dx=shift or None, class_=class_)


def grid(scale: Scale) -> Iterator[Markup]:
    """The lines of a scale, with their labels in the margin."""
    for value, label in scale.lines:
        y = scale.up(value)
        yield line(0, y, 100, y, "grid" if value else "floor")
        yield text(label, 0, y + 4, "scale", shift=-6)


def below(axis: Axis, floor: float) -> Iterator[Markup]:
    """The words below the axis, each at its day."""
    for label in axis.labels():
        x = axis.place(label.at)
        fine = " fine" if label.fine else ""
        yield line(x, floor, x, floor + 5, f"tick{fine}")
        yield text(label.text, x, floor + 18, f"below{fine}")
