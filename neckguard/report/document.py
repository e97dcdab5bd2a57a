"""What every page that neckguard writes has around it: one style, and no network."""

from __future__ import annotations

import os
from base64 import b64encode

from neckguard.report.html import Content, Markup, tag

MARK = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="neckguard report">
"""
"""How each of them begins: by this a file is known as one, and may be written anew."""

_NO_NETWORK = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "style.css")


def document(title: str, *body: Content) -> str:
    """A whole page."""
    head = (
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=_NO_NETWORK),
        tag("title", title),
        tag("style", _style()),
    )
    return f"{MARK}{''.join(head)}\n</head>\n{tag('body', *body)}\n</html>\n"


def picture(path: str, size: int) -> Markup:
    """A figure of a movement, which the words beside it describe; nothing where there is none."""
    try:
        with open(path, "rb") as file:
            data = b64encode(file.read()).decode("ascii")
    except FileNotFoundError:
        return Markup("")
    return tag("img", src=f"data:image/svg+xml;base64,{data}", width=size, height=size, alt="")


def _style() -> Markup:
    with open(_STYLE, encoding="utf-8") as file:
        return Markup(file.read())
