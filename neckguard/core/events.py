"""What goes into the engine: what happened outside. All frozen; spans in seconds, times on the boot clock."""

from neckguard.core.model import Away, QuietReason
from neckguard.core.plan import Answers, Plan
from neckguard.value import value


@value
class Tick:
    """Time passed; nothing else is known."""


@value
class AwayBegan:
    """A reason to be away set in."""

    reason: Away


@value
class AwayEnded:
    """A reason to be away is over; or, not `certain`, nobody can tell any more whether it is."""

    reason: Away
    certain: bool = True


@value
class Slept:
    """The machine slept for the last `seconds`, whether or not anybody announced it."""

    seconds: float


@value
class SourceChanged:
    """From now on this source tells of inputs; empty: none can.

    `silenced`: it is there, but has been silent for so long that its silence says nothing.
    """

    source: str
    silenced: bool = False


@value
class Input:
    """There was an input at `last` (boot clock), and there may be more, untold until `Idle`."""

    last: float


@value
class Idle:
    """There was no input since `last` (boot clock); the next one will be told."""

    last: float


@value
class KeptAwake:
    """Since `since` (boot clock) some application keeps the session awake, or (`on` false) none does."""

    on: bool
    since: float


@value
class QuietChanged:
    """A quiet reason holds, in the words of `detail`; or it is over, with an empty one.

    `by` names applications: for a message now, never to be kept.
    """

    reason: QuietReason
    detail: str
    by: str = ""


@value
class Looked:
    """All quiet reasons that must be asked for have been told as they are now; the answer to `Look`."""


@value
class NotifierChanged:
    """Whether prompts can be shown now, and whether the server keeps them (`persistence`).

    One that is `smooth` changes a card in place without a stir, so often as one likes. `fleeting` is the name
    of one that shows a card for some seconds when it likes, not over a full screen, and tells nobody.
    """

    ready: bool
    keeps: bool
    smooth: bool = False
    fleeting: str = ""


@value
class ScreenReader:
    """Whether a screen reader speaks what is on the screen: then nothing may vanish by time."""

    on: bool


@value
class Delivered:
    """The card under `key` is on the screen."""

    key: str


@value
class Undelivered:
    """The card under `key` could not be shown."""

    key: str
    problem: str


@value
class Answered:
    """The person chose an action: `default` or the key of a button."""

    key: str
    action: str


@value
class Closed:
    """The card under `key` is gone without an answer; `expired` if time took it, not the person."""

    key: str
    expired: bool


@value
class PlanChanged:
    """New settings are in force."""

    plan: Plan


@value
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
