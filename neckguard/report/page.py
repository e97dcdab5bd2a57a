"""The whole page of the report: one file that needs no other, and no network."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from neckguard.report import sections, words
from neckguard.report.html import Head, Markup, nothing, table, tag
from neckguard.report.subject import Subject
from neckguard.report.summary import summary
from neckguard.stats.figures import CheckInNote

MARK = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="neckguard report">
"""
"""How every report begins: by this a file is known as one, and may be written anew."""

_NO_NETWORK = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "style.css")


def page(subject: Subject) -> str:
    """The report as HTML."""
    title = f"Neck and desk, {words.period(subject.axis.first, subject.axis.last)}"
    head = (
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=_NO_NETWORK),
        tag("title", title),
        tag("style", _style()),
    )
    body = tag("body", tag("main", _main(subject, title)), _footer(subject))
    return f"{MARK}{''.join(head)}\n</head>\n{body}\n</html>\n"


def _main(subject: Subject, title: str) -> Iterator[Markup]:
    yield tag("header", tag("h1", title), tag("p", subject.disclaimer, class_="note"))
    if subject.empty:
        yield tag("p", "Nothing is on record for this period yet.")
        return
    yield summary(subject)
    yield sections.sitting_by_day(subject)
    yield sections.longest_sittings(subject)
    yield sections.sitting_by_hour(subject)
    yield sections.outcomes(subject)
    yield sections.stretches(subject)
    yield sections.pain(subject)
    if subject.with_notes:
        yield _notes(subject.figures.notes)


def _notes(notes: Sequence[CheckInNote]) -> Markup:
    if not notes:
        return nothing("Notes")
    rows = ((words.moment(note.at), note.text) for note in notes)
    told = table("Notes with the check-ins", (Head("When"), Head("Note", words=True)), rows)
    return tag("section", tag("h2", "Notes"), told)


def _footer(subject: Subject) -> Markup:
    made = f"Made by neckguard {subject.version} on {words.day(subject.made)} from what it keeps here."
    return tag("footer", tag("p", made))


def _style() -> Markup:
    with open(_STYLE, encoding="utf-8") as file:
        return Markup(file.read())
