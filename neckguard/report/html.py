"""HTML and SVG as text, by hand, and what sections consist of. What is no markup yet is made so, clean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from neckguard.texts import clean
from neckguard.value import value

_VOID = frozenset(("meta", "br", "img"))


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


@value
class Head:
    """The head of a column; one of `words` begins at the left, as text does."""

    text: str
    words: bool = False


Content = str | Iterable["Content"]
Value = str | float | bool | None
Row = Sequence[Content | int]
"""The cells of a row, the first one being its head."""


def tag(name: str, /, *contents: Content, **attributes: Value) -> Markup:
    """One element. `class_` is `class`, `aria_label` is `aria-label`; what is None or False is left out."""
    head = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{head}>")
    return Markup(f"<{name}{head}>{join(contents)}</{name}>")


def join(contents: Content) -> Markup:
    """The contents one after another; what is not markup is escaped."""
    if isinstance(contents, Markup):
        return contents
    if isinstance(contents, str):
        return Markup(escape(clean(contents)))
    return Markup("".join(join(each) for each in contents))


def section(title: str, about: Content, picture: Content, *tables: Markup) -> Markup:
    """A picture under its title, and its numbers, which can be unfolded."""
    figure = tag("figure", tag("figcaption", about), picture)
    return tag("section", tag("h2", title), figure, tag("details", tag("summary", "The numbers"), tables))


def nothing(title: str) -> Markup:
    """Instead of a picture that would be empty."""
    return tag("section", tag("h2", title), tag("p", "None in this period."))


def key(entries: Iterable[tuple[str, str]]) -> Markup:
    """What the colours of a picture mean: a class and words for each."""
    return tag("ul", (tag("li", _patch(class_), words) for class_, words in entries), class_="key")


def table(caption: str, heads: Sequence[Head], rows: Iterable[Row]) -> Markup:
    """A table. It scrolls by itself where the page is too narrow."""
    top = tag("tr", *(tag("th", head.text, scope="col", class_=_class(head)) for head in heads))
    body = (_row(heads, row) for row in rows)
    found = tag("table", tag("caption", caption), tag("thead", top), tag("tbody", body))
    return tag("div", found, class_="scroller", tabindex=0, role="region", aria_label=caption)


def _attribute(name: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    spelt = name.rstrip("_").replace("_", "-")
    if value is True:
        return f" {spelt}"
    text = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return f' {spelt}="{escape(clean(text))}"'


def _row(heads: Sequence[Head], row: Row) -> Markup:
    first, *rest = (f"{cell:,}" if isinstance(cell, int) else cell for cell in row)
    cells = (tag("td", cell, class_=_class(head)) for head, cell in zip(heads[1:], rest, strict=True))
    return tag("tr", tag("th", first, scope="row"), *cells)


def _class(head: Head) -> str | None:
    return "words" if head.words else None


def _patch(class_: str) -> Markup:
    square = tag("rect", width=12, height=12, class_=class_)
    return tag("svg", square, width=12, height=12, aria_hidden="true")
