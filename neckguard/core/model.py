"""What goes in and out of the engine: moments, events, effects. All frozen; spans in seconds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from neckguard.core.neck.health import Answers
from neckguard.core.plan import Kind, Plan

SLACK = 0.001
"""Seconds by which sums of floats may fall short of a deadline: what is nearer than this has come."""

PRESENT_WITHIN = 60.0
"""Seconds since the last input for which somebody is taken to be at the screen."""


@dataclass(frozen=True, slots=True)
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


# ---- what is put on the screen -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a notification: the action key and its label."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Card:
    """One notification as it should look. The same `key` again replaces what stands under it."""

    key: str
    title: str
    lines: tuple[str, ...]
    buttons: tuple[Button, ...] = ()
    verbs: str = ""  # the last line on servers that draw no buttons
    kind: str = "notice"  # a reminder's kind, "notice", "guide" or "timer"
    lasting: bool = False  # stays until it is answered or hidden
    resident: bool = False  # an answer does not take it off the screen: what follows stands in its place
    silent: bool = False  # it changes what is on the screen already: no sound
    urgent: bool = False  # critical, and with a sound; for timers alone
    progress: int | None = None  # percent


# ---- events: what happened ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed; nothing else is known."""


@dataclass(frozen=True, slots=True)
class AwayBegan:
    """A reason to be away set in."""

    reason: Away


@dataclass(frozen=True, slots=True)
class AwayEnded:
    """A reason to be away is over; or, not `certain`, nobody can tell any more whether it is."""

    reason: Away
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Slept:
    """The machine slept for the last `seconds`, whether or not anybody announced it."""

    seconds: float


@dataclass(frozen=True, slots=True)
class SourceChanged:
    """From now on this source tells of inputs; empty: none can."""

    source: str


@dataclass(frozen=True, slots=True)
class Input:
    """There was an input at `last` (boot clock), and there may be more, untold until `Idle`."""

    last: float


@dataclass(frozen=True, slots=True)
class Idle:
    """There was no input since `last` (boot clock); the next one will be told."""

    last: float


@dataclass(frozen=True, slots=True)
class KeptAwake:
    """Since `since` (boot clock) some application keeps the session awake, or (`on` false) none does."""

    on: bool
    since: float


@dataclass(frozen=True, slots=True)
class QuietChanged:
    """A quiet reason holds, in the words of `detail`; or it is over, with an empty one.

    `by` names applications: for a message now, never to be kept.
    """

    reason: QuietReason
    detail: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """All quiet reasons that must be asked for have been told as they are now; the answer to `Look`."""


@dataclass(frozen=True, slots=True)
class NotifierChanged:
    """Whether prompts can be shown now, and whether the server keeps them (`persistence`).

    One that is `smooth` changes a card in place without a stir, so often as one likes.
    """

    ready: bool
    keeps: bool
    smooth: bool = False


@dataclass(frozen=True, slots=True)
class ScreenReader:
    """Whether a screen reader speaks what is on the screen: then nothing may vanish by time."""

    on: bool


@dataclass(frozen=True, slots=True)
class Delivered:
    """The card under `key` is on the screen."""

    key: str


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The card under `key` could not be shown."""

    key: str
    problem: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The person chose an action: `default` or the key of a button."""

    key: str
    action: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The card under `key` is gone without an answer; `expired` if time took it, not the person."""

    key: str
    expired: bool


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """New settings are in force."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class AnswersChanged:
    """What the person said about themselves; None: they were not asked yet."""

    answers: Answers | None


Event = (
    Tick
    | AwayBegan
    | AwayEnded
    | Slept
    | SourceChanged
    | Input
    | Idle
    | KeptAwake
    | QuietChanged
    | Looked
    | NotifierChanged
    | ScreenReader
    | Delivered
    | Undelivered
    | Answered
    | Closed
    | PlanChanged
    | AnswersChanged
)

# ---- effects: what to do about it --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Show:
    """Put this card on the screen."""

    card: Card


@dataclass(frozen=True, slots=True)
class Hide:
    """Take the card under this key off the screen."""

    key: str


@dataclass(frozen=True, slots=True)
class Look:
    """Ask for the quiet reasons that nobody announces; `QuietChanged` for each, then `Looked`, follow."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Make a sound that will be heard; `alone`: the notification server makes none, it refused the card."""

    alone: bool = False


@dataclass(frozen=True, slots=True)
class StayAwake:
    """Let the machine not fall asleep, for this reason; empty: it may again."""

    why: str


@dataclass(frozen=True, slots=True)
class Record:
    """Something worth remembering: the log, `why` and the history are told.

    `what` is an outcome, or one of `due`, `shown`, `hidden`, `dropped`, `put_off`, `taken_back`,
    `break_start`, `break_end`, `hurt`, `checkin`, `flare_start`, `flare_end`, `noticed`, `timer_start`,
    `timer_ring`, `timer_end`, `paused`, `resumed`, `away`, `back`, `quiet`, `quiet_end`, `settings`.
    """

    at: datetime
    what: str
    reminder: str = ""
    kind: Kind | None = None
    prompt: int = 0
    reason: str = ""
    since: datetime | None = None  # when an absence, or what ends it, really began
    item: str = ""  # the id of the stretch or posture check that was suggested
    side: str = ""
    due: datetime | None = None
    shown: datetime | None = None
    score: int | None = None  # pain, 0 to 10
    note: str = ""  # the person's own words: for the history alone, never for the log


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a verb: whether it was obeyed, and a sentence for the person."""

    ok: bool
    message: str


Effect = Show | Hide | Look | Ring | StayAwake | Record | Reply
