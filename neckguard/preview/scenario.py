"""A scenario: what happens in a preview and when, and the words for it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from difflib import get_close_matches
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from neckguard.core import Plan, Verb, parse_person_span, verbs
from neckguard.errors import NeckguardError
from neckguard.value import value


class Hands(StrEnum):
    """What the person does at the desk."""

    WORK = "work"  # types, and pauses now and then
    READ = "read"  # touches the mouse now and then
    WATCH = "watch"  # looks on, hands off
    GONE = "leave"


class Fixture(StrEnum):
    """A part of the desktop that is on or off."""

    LOCK = "lock"
    SLEEP = "sleep"
    AWAY = "another session in front"
    CALL = "call"
    SHARE = "share"
    FULLSCREEN = "fullscreen"
    PROGRAM = "program"
    DND = "dnd"
    INHIBIT = "inhibit"
    SOURCE = "source"
    SERVER = "server"


ASKED = (Fixture.CALL, Fixture.SHARE, Fixture.FULLSCREEN, Fixture.PROGRAM)
"""What nobody announces: it is found when a prompt is due."""


@value
class Bump:
    """One stray input."""


@value
class Typing:
    """Types without a gap for so many seconds."""

    seconds: float


@value
class SetFixture:
    """A part of the desktop goes on or off."""

    fixture: Fixture
    on: bool


@value
class SetServer:
    """The notification server is of this kind from now on: whether it keeps what goes unanswered."""

    keeps: bool


@value
class SetClock:
    """The wall clock is set forward by so many seconds, or back."""

    seconds: float


@value
class SetZone:
    """The machine's time zone changes."""

    zone: tzinfo


@value
class Edit:
    """New settings are saved."""

    plan: Plan


@value
class Answering:
    """From now on the person answers prompts like this; who `stays` leaves for no break unless told to."""

    how: str
    stays: bool = False


@value
class Restart:
    """The daemon stops, and starts again after so many seconds."""

    seconds: float


Act = Hands | Bump | Typing | SetFixture | SetServer | SetClock | SetZone | Edit | Answering | Restart | Verb


@value
class ScenarioStep:
    """Something that happens, so many seconds after the start. `line` and `text` are as they were written."""

    after: float
    line: int
    text: str
    act: Act


@value
class Scenario:
    """What happens from `start` on, for `length` seconds.

    The server `keeps` what goes unanswered, or not; `saved` is the anchor and the state of a daemon that goes
    on, None: it is new.
    """

    start: datetime
    length: float
    happenings: tuple[ScenarioStep, ...] = ()
    keeps: bool = False
    saved: Mapping[str, Any] | None = None


class ScenarioError(NeckguardError):
    """The scenario has bad lines; the message has a line for each, with what is allowed."""


# ---- the words for it --------------------------------------------------------------------------------------

SERVERS = ("plain", "keeps")
"""The kinds of notification servers."""

LONGEST = 168 * 3600.0
"""Seconds; no preview is longer."""

ANSWERS = ("done", "start", "snooze", "skip", "dismiss", "nothing")

ALONE: dict[str, Act] = {
    **{hands.value: hands for hands in Hands},
    "bump": Bump(),
    "lock": SetFixture(Fixture.LOCK, on=True),
    "unlock": SetFixture(Fixture.LOCK, on=False),
    "sleep": SetFixture(Fixture.SLEEP, on=True),
    "wake": SetFixture(Fixture.SLEEP, on=False),
    "switch-away": SetFixture(Fixture.AWAY, on=True),
    "switch-back": SetFixture(Fixture.AWAY, on=False),
    "call": SetFixture(Fixture.CALL, on=True),
    "hang-up": SetFixture(Fixture.CALL, on=False),
    "share": SetFixture(Fixture.SHARE, on=True),
    "unshare": SetFixture(Fixture.SHARE, on=False),
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
    def read(text: str) -> SetFixture:
        if text not in (on, off):
            raise ValueError(f"{text!r} is not known here (allowed: {on}, {off})")
        return SetFixture(fixture, on=text == on)

    return read


def _server(text: str) -> Act:
    if text in SERVERS:
        return SetServer(keeps=text == "keeps")
    if text not in ("back", "lost"):
        raise ValueError(f"{text!r} is not known here (allowed: back, lost, {', '.join(SERVERS)})")
    return SetFixture(Fixture.SERVER, on=text == "back")


FOLLOWED: dict[str, Callable[[str], Act]] = {
    "type": lambda text: Typing(read_span(text)),
    "restart": lambda text: Restart(read_span(text)),
    "zone": lambda text: SetZone(read_zone(text)),
    "answer": _answering,
    "fullscreen": _switching(Fixture.FULLSCREEN, "on", "off"),
    "program": _switching(Fixture.PROGRAM, "on", "off"),
    "dnd": _switching(Fixture.DND, "on", "off"),
    "inhibit": _switching(Fixture.INHIBIT, "on", "off"),
    "source": _switching(Fixture.SOURCE, "back", "lost"),
    "server": _server,
    "snooze": lambda text: verbs.Snooze(read_span(text) if text else None),
}
"""Words with something after them that can be read without knowing the story."""
