"""What happens in a preview, and when: the values that a scenario consists of."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from neckguard.core import Plan, Verb
from neckguard.errors import NeckguardError


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
    DND = "dnd"
    INHIBIT = "inhibit"
    SOURCE = "source"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Bump:
    """One stray input."""


@dataclass(frozen=True, slots=True)
class Typing:
    """Types without a gap for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Switch:
    """A part of the desktop goes on or off."""

    fixture: Fixture
    on: bool


@dataclass(frozen=True, slots=True)
class SetClock:
    """The wall clock is set forward by so many seconds, or back."""

    seconds: float


@dataclass(frozen=True, slots=True)
class SetZone:
    """The machine's time zone changes."""

    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Edit:
    """New settings are saved."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Answering:
    """From now on the person answers prompts like this; who `stays` leaves for no break unless told to."""

    how: str
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Restart:
    """The daemon stops, and starts again after so many seconds."""

    seconds: float


Act = Hands | Bump | Typing | Switch | SetClock | SetZone | Edit | Answering | Restart | Verb


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens, so many seconds after the start. `line` and `text` are as they were written."""

    after: float
    line: int
    text: str
    act: Act


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens from `start` on, for `length` seconds."""

    start: datetime
    length: float
    steps: tuple[Step, ...] = ()


class ScenarioError(NeckguardError):
    """The scenario has bad lines; the message has a line for each, with what is allowed."""
