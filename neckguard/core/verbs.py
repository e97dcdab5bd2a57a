"""What the person asks of the engine, from the command line. Each is answered by one `Reply` effect."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pause:
    """Hold all reminders: for `duration` seconds, or until a wall time, else for the configured default.

    `until` is `HH:MM`, `tomorrow`, `YYYY-MM-DD HH:MM` or `resumed`.
    """

    duration: float | None = None
    until: str | None = None
    reason: str = ""
    toggle: bool = False


@dataclass(frozen=True, slots=True)
class Resume:
    """End the pause."""


@dataclass(frozen=True, slots=True)
class Now:
    """Prompt for this reminder now."""

    reminder: str


@dataclass(frozen=True, slots=True)
class Start:
    """Begin what the open prompt, or the next one due, asks for."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """Put off the open prompt, or the next one due; by its own snooze unless said."""

    duration: float | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """Not this time: the open prompt, the named reminder, or the next one due."""

    reminder: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """It has been done: the open prompt, the named reminder, or the next one due."""

    reminder: str | None = None


Verb = Pause | Resume | Now | Start | Snooze | Skip | Done
