"""What the person asks of the engine, from the command line. Each is answered by one `Reply`.

The fields are also what a message over the control socket may hold; `neckguard.control.arguments` says what
each may be.
"""

from neckguard.value import value


@value
class Pause:
    """Hold all reminders: for `duration` seconds, or until a wall time, else for the configured default.

    `until` is `HH:MM`, `tomorrow`, a weekday such as `monday`, `YYYY-MM-DD HH:MM` or `resumed`.
    """

    duration: float | None = None
    until: str | None = None
    reason: str = ""
    toggle: bool = False


@value
class Resume:
    """End the pause."""


@value
class Now:
    """Prompt for this reminder now; for a break of `duration` seconds, else of its own length."""

    reminder: str
    duration: float | None = None


@value
class Start:
    """Begin what the open prompt, or the next one due, asks for."""


@value
class Snooze:
    """Put off the open prompt, or the next one due; by its own snooze unless said."""

    duration: float | None = None


@value
class Skip:
    """Not this time: the open prompt, the named reminder, or the next one due."""

    reminder: str | None = None


@value
class Done:
    """It has been done: the open prompt, the named reminder, or the next one due.

    `already`: what the open posture check asks for is so already; it shall not ask again.
    `elsewhere`: at another machine, which told this one; no hook runs that would tell the other in turn.
    """

    reminder: str | None = None
    already: bool = False
    elsewhere: bool = False


@value
class Hurt:
    """This stretch hurt, or the one that was suggested last."""

    id: str | None = None


@value
class Stretched:
    """This stretch was done in the terminal; a strength exercise with this band, so many times."""

    id: str
    band: str = ""
    repetitions: int | None = None


@value
class Checkin:
    """How much the neck hurts, 0 to 10, and words about it; now, or at a time that is past.

    `at` is `HH:MM`, `yesterday HH:MM` or `YYYY-MM-DD HH:MM`.
    """

    score: int
    note: str = ""
    at: str | None = None


@value
class CheckinUndo:
    """The last check-in was a slip."""


@value
class FlareStart:
    """A flare-up began, or goes on with these red flags; `severity` is 0 to 10."""

    severity: int | None = None
    side: str = ""
    flags: tuple[str, ...] = ()


@value
class FlareLog:
    """How the flare-up goes; what was not said is None."""

    score: int | None = None
    turning: bool | None = None  # whether turning the head is mostly comfortable
    lost_days: int | None = None  # of sleep or work, so far
    note: str = ""


@value
class FlareCleared:
    """Somebody has looked at what was named: the flare-up goes on where it would be."""


@value
class FlareEnd:
    """The flare-up is over. `looked`: whether somebody has looked at what was named."""

    looked: bool | None = None


@value
class Timer:
    """A `cold` or `heat` pack is on the neck from now on."""

    kind: str


@value
class TimerStop:
    """The pack is off."""


@value
class Forget:
    """Keep nothing of what happened until now."""


CareVerb = (
    Checkin | CheckinUndo | FlareStart | FlareLog | FlareCleared | FlareEnd | Timer | TimerStop | Forget
)

Verb = Pause | Resume | Now | Start | Snooze | Skip | Done | Hurt | Stretched | CareVerb

COMMANDS: dict[str, type[Verb]] = {
    "pause": Pause,
    "resume": Resume,
    "now": Now,
    "start": Start,
    "snooze": Snooze,
    "skip": Skip,
    "done": Done,
    "hurt": Hurt,
    "stretched": Stretched,
    "checkin": Checkin,
    "checkin_undo": CheckinUndo,
    "flare_start": FlareStart,
    "flare_log": FlareLog,
    "flare_cleared": FlareCleared,
    "flare_end": FlareEnd,
    "timer": Timer,
    "timer_stop": TimerStop,
}
"""By which name each is asked for; `Forget` is the daemon's own."""
