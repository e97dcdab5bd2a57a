"""Reads an HTML page as strictly as HTML is seldom read: what opens must close, in order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "br", "img"}
Attributes = dict[str, str]


@dataclass
class Element:
    """A tag with its attributes, what is in it, and all its text."""

    tag: str
    attributes: Attributes
    children: "list[Element]" = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def all(self, tag: str = "", **attributes: str) -> "list[Element]":
        """Those below with this tag (if named) and these attributes; `class_` is one of the classes."""
        return [each for each in self._below() if tag in ("", each.tag) and each._has(attributes)]

    def one(self, tag: str, **attributes: str) -> "Element":
        """The only one."""
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def text(self) -> str:
        """Its own words and those below, in order."""
        return "".join(self.texts)

    def _has(self, wanted: Attributes) -> bool:
        own = self.attributes
        classes = own.get("class", "").split()
        return all(
            value in classes if name == "class_" else own.get(name) == value for name, value in wanted.items()
        )

    def _below(self) -> "Iterator[Element]":
        for child in self.children:
            yield child
            yield from child._below()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        new = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(new)
        if tag not in _VOID:
            self.open.append(new)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.texts.append(data)


def read_page(text: str) -> Element:
    """The whole page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    (root,) = reader.open  # all else is closed
    return root


def read_tables(page: Element) -> dict[str, list[list[str]]]:
    """The cells of each table by its caption, the row of heads first."""
    return {
        table.one("caption").text: [
            [cell.text for cell in row.children if cell.tag in ("th", "td")] for row in table.all("tr")
        ]
        for table in page.all("table")
    }
