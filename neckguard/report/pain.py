"""The report's section about check-ins and flare-ups, and its parts, which the summary shows as well.

They stand as they were told: what they mean is not for a program to say.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from statistics import median

from neckguard.report import charts, words
from neckguard.report.axis import Bucket
from neckguard.report.html import Head, Markup, Row, join, nothing, section, table, tag
from neckguard.report.sections import sitting_columns
from neckguard.report.subject import Subject
from neckguard.stats.figures import LoggedFlareUp

_PAIN = "Check-ins and flare-ups"
_PAIN_HEIGHT = 230.0
_FLARE_HEADS = tuple(
    Head(text, words=True) for text in ("Began", "Lasted", "Severity", "Side", "Ended", "Lost days")
)


def pain(subject: Subject) -> Markup:
    """Check-ins and flare-ups: the picture and its numbers."""
    checkins, flares = subject.figures.checkins, subject.figures.flares
    if not checkins and not flares:
        return nothing(_PAIN)
    tables = [_checkin_table(subject)] if checkins else []
    tables += [flare_table(flares), red_flags(subject, flares)] if flares else []
    return section(_PAIN, pain_about(subject), pain_chart(subject, "pain", _PAIN_HEIGHT), *tables)


def pain_chart(subject: Subject, name: str, height: float) -> Markup:
    """The picture of check-ins and flare-ups; the summary has it as well."""
    dots = list(_medians(subject) if _many(subject) else _dots(subject))
    bands = [_band(subject, flare) for flare in subject.figures.flares]
    what = charts.Picture(name, _PAIN, pain_about(subject), height)
    return charts.pain(what, subject.axis, dots, bands, sitting_columns(subject))


def pain_about(subject: Subject) -> str:
    """What the picture of check-ins and flare-ups shows."""
    dots = "Each dot is a check-in: how much the neck hurt, from 0 to 10."
    if _many(subject):
        unit = subject.axis.unit
        dots = f"How much the neck hurt, from 0 to 10: the median and the range of each {unit}'s check-ins."
    sat = " Below: the time at the screen." if subject.figures.sitting.days_sat else ""
    return f"{dots} Shaded: flare-ups.{sat}"


def flare_table(flares: Sequence[LoggedFlareUp]) -> Markup:
    """Flare-ups, one in a row."""
    return table("Flare-ups", _FLARE_HEADS, (_flare_row(flare) for flare in flares))


def red_flags(subject: Subject, flares: Sequence[LoggedFlareUp]) -> Markup:
    """What of the checklist was named, in which flare-up, and whether somebody looked."""
    return join(tag("p", _named(subject, flare)) for flare in flares if flare.flags)


def _named(subject: Subject, flare: LoggedFlareUp) -> str:
    flags = "; ".join(subject.red_flags.get(flag, flag) for flag in flare.flags)
    looked = "" if flare.cleared is None else f" Somebody had looked by {words.day(flare.cleared.date())}."
    return f"Named in the flare-up of {words.day(flare.start.date())}: {flags}.{looked}"


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
        words.SIDES.get(flare.side, flare.side) or "not said",
        flare.ended or ("it goes on" if flare.end is None else "not said"),
        "not said" if flare.lost_days is None else str(flare.lost_days),
    )
