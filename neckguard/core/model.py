"""What the core speaks of: moments, cards, and the effects that come out of the engine.

All frozen; spans in seconds. What goes in is in `events` and `verbs`.
"""

from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any

from neckguard.core.plan import Kind
from neckguard.value import value

NEVER = float("inf")
"""The time, on any clock, that does not come."""

SLACK = 0.001
"""Seconds by which sums of floats may fall short of a deadline: what is nearer than this has come."""

PRESENT_WITHIN = 60.0
"""Seconds since the last input for which somebody is taken to be at the screen."""


@value
class Moment:
    """An instant as the daemon's clocks tell it.

    `boot` is CLOCK_BOOTTIME in seconds (runs on through sleep, starts anew at boot); `wall` is aware, with
    the ZoneInfo of the machine.
    """

    boot: float
    wall: datetime


class Outcome(StrEnum):
    """How a prompt ended."""

    DONE = "done"
    SNOOZED = "snoozed"
    SKIPPED = "skipped"
    DISMISSED = "dismissed"
    IGNORED = "ignored"
    COVERED = "covered"
    NATURAL_BREAK = "natural_break"
    WITHDRAWN = "withdrawn"
    UNDELIVERED = "undelivered"


class Happening(StrEnum):
    """What else is worth remembering, besides how prompts end."""

    DUE = "due"
    SHOWN = "shown"
    HIDDEN = "hidden"
    DROPPED = "dropped"  # owed no longer: its date is over, or it fell due outside the hours
    PUT_OFF = "put_off"
    TAKEN_BACK = "taken_back"  # not due after all: nobody sat
    BREAK_START = "break_start"
    BREAK_END = "break_end"
    HURT = "hurt"
    CHECKIN = "checkin"
    CHECKIN_UNDONE = "checkin_undone"
    FLARE_START = "flare_start"
    FLARE_FLAGS = "flare_flags"  # red flags were named
    FLARE_CLEARED = "flare_cleared"  # somebody has looked at them
    FLARE_SIDE = "flare_side"  # which it is, said later than at its start
    FLARE_END = "flare_end"
    LOST_DAYS = "lost_days"  # of sleep or work, in the flare-up so far
    STRENGTH = "strength"  # with which band, and how many repetitions
    NOTICED = "noticed"  # a notice about the neck was shown
    TIMER_START = "timer_start"
    TIMER_RING = "timer_ring"
    TIMER_END = "timer_end"
    PAUSED = "paused"
    RESUMED = "resumed"
    AWAY = "away"
    BACK = "back"
    QUIET = "quiet"
    QUIET_END = "quiet_end"
    SETTINGS = "settings"


class Away(StrEnum):
    """Why nobody can be at the screen. A set; each reason is lifted on its own."""

    LOCKED = "locked"
    ASLEEP = "asleep"
    BACKGROUND = "another session in front"


class QuietReason(StrEnum):
    """Why an owed prompt is not shown yet; those that the outside tells."""

    DND = "dnd"
    CALL = "call"
    PRESENTING = "presenting"
    FULLSCREEN = "fullscreen"
    PROGRAM = "program"


# ---- what is put on the screen -----------------------------------------------------------------------------


@value
class Button:
    """A choice under a notification: the action key and its label."""

    key: str
    label: str


@value
class Card:
    """One notification as it should look. The same `key` again replaces what stands under it."""

    key: str
    title: str
    lines: tuple[str, ...]
    buttons: tuple[Button, ...] = ()
    verbs: str = ""  # the last line on servers that draw no buttons
    click: str = ""  # what a click on it does, if it has no buttons; empty: nothing
    kind: str = "notice"  # a reminder's kind, "notice", "guide" or "timer"
    popup: float = 0.0  # seconds until it may leave the screen where it stays in reach; 0: it does not
    lasting: bool = False  # stays until it is answered or hidden
    resident: bool = False  # an answer does not take it off the screen: what follows stands in its place
    silent: bool = False  # it changes what is on the screen already: no sound
    urgent: bool = False  # critical, and with a sound; for timers alone
    progress: int | None = None  # percent
    movement: str = ""  # the id of the one that it asks for or guides


# ---- effects: what to do about it --------------------------------------------------------------------------


@value
class Show:
    """Put this card on the screen."""

    card: Card


@value
class Hide:
    """Take the card under this key off the screen."""

    key: str


@value
class Look:
    """Ask for the quiet reasons that nobody announces; `QuietChanged` for each, then `Looked`, follow."""


@value
class Doubt:
    """Somebody types who is said to be locked out, asleep or elsewhere: ask again whoever says so."""


@value
class Ring:
    """Make a sound that will be heard; `alone`: the notification server makes none, it refused the card."""

    alone: bool = False


@value
class StayAwake:
    """Let the machine not fall asleep, for this reason; empty: it may again."""

    why: str


@value
class Record:
    """Something worth remembering: the log, `why` and the history are told."""

    at: datetime
    what: Outcome | Happening
    reminder: str = ""
    kind: Kind | None = None
    prompt: int = 0
    reason: str = ""
    since: datetime | None = None  # when an absence, or what ends it, really began; when a check-in was
    item: str = ""  # the id of the stretch or posture check that was suggested; those of red flags
    side: str = ""
    due: datetime | None = None
    shown: datetime | None = None
    score: int | None = None  # pain, 0 to 10; repetitions
    note: str = ""  # the person's own words: for the history alone, never for the log


Effect = Show | Hide | Look | Doubt | Ring | StayAwake | Record


@value
class Reply:
    """The answer to a verb: whether it was obeyed, a sentence for the person, and data for programs."""

    ok: bool
    message: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    code: int = 1  # the client's exit code, if it was not obeyed
