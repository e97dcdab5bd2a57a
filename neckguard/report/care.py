"""Check-ins and flare-ups on one time axis, as they were told: what they mean is not for a program to say."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from statistics import median

from neckguard.report import charts, words
from neckguard.report.axis import Bucket
from neckguard.report.markup import Markup
from neckguard.report.parts import Head, Row, nothing, section, table
from neckguard.report.subject import Subject
from neckguard.report.svg import Picture
from neckguard.stats.figures import LoggedFlareUp

_TITLE = "Check-ins and flare-ups"
_HEIGHT = 190.0
_FLARES = tuple(Head(text, words=True) for text in ("Began", "Lasted", "Severity", "Side", "Ended"))


def pain(subject: Subject) -> Markup:
    """The picture and its numbers."""
    checkins, flares = subject.figures.checkins, subject.figures.flares
    if not checkins and not flares:
        return nothing(_TITLE)
    tables = [_checkin_table(subject)] if checkins else []
    tables += [flare_table(flares)] if flares else []
    return section(_TITLE, about(subject), chart(subject, "pain", _HEIGHT), *tables)


def chart(subject: Subject, name: str, height: float) -> Markup:
    """The picture; the summary has it as well."""
    dots = list(_medians(subject) if _many(subject) else _dots(subject))
    bands = [_band(subject, flare) for flare in subject.figures.flares]
    return charts.pain(Picture(name, _TITLE, about(subject), height), subject.axis, dots, bands)


def about(subject: Subject) -> str:
    """What the picture shows."""
    dots = "Each dot is a check-in: how much the neck hurt, from 0 to 10."
    if _many(subject):
        unit = subject.axis.unit
        dots = f"How much the neck hurt, from 0 to 10: the median and the range of each {unit}'s check-ins."
    return f"{dots} Shaded: flare-ups."


def flare_table(flares: Sequence[LoggedFlareUp]) -> Markup:
    """Flare-ups, one in a row."""
    return table("Flare-ups", _FLARES, (_flare_row(flare) for flare in flares))


def _many(subject: Subject) -> bool:
    return subject.axis.unit != "day"


def _dots(subject: Subject) -> Iterator[charts.Dot]:
    for each in subject.figures.checkins:
        says = f"{words.moment(each.at)}: {each.score}"
        yield charts.Dot(_place(subject, each.at), each.score, says)


def _medians(subject: Subject) -> Iterator[charts.Dot]:
    axis = subject.axis
    for bucket, scores in _grouped(subject):
        at = (axis.place(bucket.first) + axis.place(bucket.last, 24)) / 2
        says = f"{bucket.name}: {median(scores):g}, from {min(scores)} to {max(scores)}"
        yield charts.Dot(at, median(scores), says, (min(scores), max(scores)))


def _grouped(subject: Subject) -> Iterator[tuple[Bucket, list[int]]]:
    """The scores of each bucket that has any."""
    buckets = subject.axis.buckets()
    firsts = [bucket.first for bucket in buckets]
    scores: list[list[int]] = [[] for _ in buckets]
    for each in subject.figures.checkins:
        scores[bisect_right(firsts, each.at.date()) - 1].append(each.score)
    return ((bucket, found) for bucket, found in zip(buckets, scores, strict=True) if found)


def _band(subject: Subject, flare: LoggedFlareUp) -> charts.Band:
    end = flare.end or subject.made
    says = f"Flare-up from {words.day(flare.start.date())}, {words.length(flare.seconds)}"
    return charts.Band(max(0.0, _place(subject, flare.start)), _place(subject, end), says)


def _place(subject: Subject, when: datetime) -> float:
    place = subject.axis.place(when.date(), when.hour + when.minute / 60)
    return min(100.0, place)


def _checkin_table(subject: Subject) -> Markup:
    if not _many(subject):
        rows = ((words.moment(each.at), each.score) for each in subject.figures.checkins)
        return table("Check-ins", (Head("When"), Head("0 to 10")), rows)
    heads = tuple(map(Head, (subject.axis.unit.capitalize(), "Check-ins", "Lowest", "Median", "Highest")))
    groups = (_group_row(*group) for group in _grouped(subject))
    return table("Check-ins", heads, groups)


def _group_row(bucket: Bucket, scores: list[int]) -> Row:
    return bucket.name, len(scores), min(scores), f"{median(scores):g}", max(scores)


def _flare_row(flare: LoggedFlareUp) -> Row:
    so_far = "" if flare.end else " so far"
    return (
        words.day(flare.start.date()),
        f"{words.length(flare.seconds)}{so_far}",
        "not said" if flare.severity is None else f"{flare.severity} of 10",
        flare.side or "not said",
        flare.ended or ("it goes on" if flare.end is None else "not said"),
    )
