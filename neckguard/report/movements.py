"""The page of all movements: how each looks, its words, its dose, what to heed, and where it is from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from neckguard import paths
from neckguard.report.document import document, picture
from neckguard.report.html import Content, Head, Markup, table, tag
from neckguard.value import value

_TITLE = "Movements for a desk worker's neck"
_LEGEND = "The pale figure is where a movement begins, the strong one where it goes. Sides take turns."
_SIZE = 132  # pixels


@value
class Movement:
    """One movement in words."""

    id: str
    name: str
    area: str
    what: str
    dose: str
    position: str
    safety: str
    source: str
    not_now: str = ""  # why it is not suggested


def page(movements: Sequence[Movement], about: Sequence[str], sources: Sequence[tuple[str, ...]]) -> str:
    """All of them by area, in the order given; `about` holds for all, `sources` explain the short names."""
    return document(
        _TITLE,
        tag("main", _head(about), *_areas(movements)),
        tag(
            "footer",
            table(
                "Sources", [Head("Short name"), Head("What", words=True), Head("Where", words=True)], sources
            ),
        ),
    )


def _head(about: Sequence[str]) -> Markup:
    notes = (tag("p", line, class_="note") for line in about)
    return tag("header", tag("h1", _TITLE), *notes, tag("p", _LEGEND))


def _areas(movements: Sequence[Movement]) -> Iterator[Markup]:
    for area, group in groupby(movements, key=lambda each: each.area):
        yield tag("section", tag("h2", area), *map(_card, group))


def _card(each: Movement) -> Markup:
    rows: list[tuple[str, Content]] = [
        ("How much", each.dose),
        ("Where", each.position),
        ("Take care", each.safety),
        ("Not for now", each.not_now),
        ("In a terminal", tag("code", f"neckguard stretch {each.id}")),
        ("Source", each.source),
    ]
    facts = (tag("div", tag("dt", name), tag("dd", text)) for name, text in rows if text)
    words = tag("div", tag("h3", each.name), tag("p", each.what), tag("dl", *facts))
    return tag("article", picture(paths.picture(each.id), _SIZE), words, id=each.id, class_="movement")
