"""HTML and SVG as text, by hand: whatever is not markup yet is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_VOID = frozenset(("meta", "br"))


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Content = str | Iterable["Content"]
Value = str | float | bool | None


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
        return Markup(escape(contents))
    return Markup("".join(join(each) for each in contents))


def _attribute(name: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    key = name.rstrip("_").replace("_", "-")
    if value is True:
        return f" {key}"
    text = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return f' {key}="{escape(text)}"'
