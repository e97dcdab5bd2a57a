"""The words of a scenario, and what follows them on the line."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from neckguard.core import parse_person_span, verbs
from neckguard.preview.scenario import Act, Answering, Bump, Fixture, Hands, Restart, SetZone, Switch, Typing

LONGEST = 168 * 3600.0
"""Seconds; no preview is longer."""

ANSWERS = ("done", "start", "snooze", "skip", "dismiss", "nothing")

ALONE: dict[str, Act] = {
    **{hands.value: hands for hands in Hands},
    "bump": Bump(),
    "lock": Switch(Fixture.LOCK, on=True),
    "unlock": Switch(Fixture.LOCK, on=False),
    "sleep": Switch(Fixture.SLEEP, on=True),
    "wake": Switch(Fixture.SLEEP, on=False),
    "switch-away": Switch(Fixture.AWAY, on=True),
    "switch-back": Switch(Fixture.AWAY, on=False),
    "call": Switch(Fixture.CALL, on=True),
    "hang-up": Switch(Fixture.CALL, on=False),
    "share": Switch(Fixture.SHARE, on=True),
    "unshare": Switch(Fixture.SHARE, on=False),
    "resume": verbs.Resume(),
    "start": verbs.Start(),
}
"""Words that stand alone."""


def read_span(text: str) -> float:
    """A span as on the command line, in seconds.

    Raises:
        ValueError: it is none, or not one that makes sense here.
    """
    if not text:
        raise ValueError("how long? Write a span of time after it, such as 5m")
    seconds = parse_person_span(text)
    if not 1.0 <= seconds <= LONGEST:
        raise ValueError(f"{text!r} is not between 1s and {LONGEST / 3600:.0f}h")
    return seconds


def read_zone(name: str) -> ZoneInfo:
    """A time zone.

    Raises:
        ValueError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # an odd name, a directory of zones, an unknown one
        hint = near(name, available_timezones()) or "; write one such as Europe/Berlin"
        raise ValueError(f"{name!r} is no time zone{hint}") from None


def near(word: str, allowed: Iterable[str]) -> str:
    """`; did you mean X?`, or nothing if no allowed word is near."""
    close = get_close_matches(word, list(allowed), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _answering(how: str) -> Answering:
    if how not in ANSWERS:
        raise ValueError(f"{how!r} is no answer{near(how, ANSWERS)} (allowed: {', '.join(ANSWERS)})")
    return Answering(how)


def _switching(fixture: Fixture, on: str, off: str) -> Callable[[str], Act]:
    def read(text: str) -> Switch:
        if text not in (on, off):
            raise ValueError(f"{text!r} is not known here (allowed: {on}, {off})")
        return Switch(fixture, on=text == on)

    return read


FOLLOWED: dict[str, Callable[[str], Act]] = {
    "type": lambda text: Typing(read_span(text)),
    "restart": lambda text: Restart(read_span(text)),
    "zone": lambda text: SetZone(read_zone(text)),
    "answer": _answering,
    "dnd": _switching(Fixture.DND, "on", "off"),
    "inhibit": _switching(Fixture.INHIBIT, "on", "off"),
    "source": _switching(Fixture.SOURCE, "back", "lost"),
    "server": _switching(Fixture.SERVER, "back", "lost"),
    "snooze": lambda text: verbs.Snooze(read_span(text) if text else None),
}
"""Words with something after them that can be read without knowing the story."""
