"""The plan: every setting as a plain frozen value. Spans are seconds.

The validating child builds it from the settings file; the resident process only ever sees these.
"""

from dataclasses import replace
from enum import StrEnum

from neckguard.core.wording import say_problem
from neckguard.value import value


class Kind(StrEnum):
    """What a reminder asks for."""

    POSTURE = "posture"
    STRETCH = "stretch"
    BREAK = "break"
    NOTE = "note"


BUILT_IN = ("posture", "stretch", "break", "eyes", "water", "strength", "checkin", "winddown", "dayend")


@value
class Reminder:
    """A configured entry: what to be reminded of, and when. One of `every`, `at`, `daily` is set."""

    name: str
    kind: Kind
    enabled: bool
    every: float | None
    at: tuple[str, ...]  # local "HH:MM", or "*:MM" for each hour; sorted
    days: tuple[int, ...]  # 0 is Monday; for `at`
    daily: float | None  # once a date, when its sitting reaches this
    duration: float
    snooze: float
    max_snoozes: int
    reset_after: float | None  # None: an absence never restarts it
    expire_after: float
    title: str
    message: str

    @property
    def built_in(self) -> bool:
        """Whether it is one of neckguard's own, which may be covered."""
        return self.name in BUILT_IN

    def lasting(self, seconds: float) -> "Reminder":
        """A break so long, and the absence that stands for it in proportion; anything else as it is."""
        if self.kind is not Kind.BREAK or seconds == self.duration:
            return self
        share = self.reset_after and self.reset_after / self.duration
        return replace(self, duration=seconds, reset_after=share and share * seconds)


@value
class Opening:
    """One entry of `[hours]`: a weekday (0 is Monday), minutes after its midnight; the end may pass 24 h."""

    weekday: int
    start: int
    end: int


@value
class PresenceSettings:
    """`[presence]`."""

    idle_after: float
    source: str
    still_counts: bool
    still_ignore: tuple[str, ...]


@value
class QuietSettings:
    """`[quiet]`."""

    dnd: bool
    calls: bool
    calls_ignore: tuple[str, ...]
    fullscreen: bool
    fullscreen_ignore: tuple[str, ...]
    programs: tuple[str, ...]
    presenting: bool
    typing_gap: float
    typing_max_wait: float
    settle: float
    settle_after_call: float
    merge_window: float


@value
class NotifySettings:
    """`[notify]`."""

    backend: str
    urgency: str
    buttons: bool
    sound: str
    icon: str


@value
class StretchSettings:
    """`[stretches]`."""

    avoid: tuple[str, ...]
    standing: bool
    gentle_only: bool


@value
class HistorySettings:
    """`[history]`."""

    enabled: bool
    keep: float


@value
class HookSettings:
    """`[hooks]`: argument lists, never run by a shell."""

    on_prompt: tuple[str, ...]
    on_outcome: tuple[str, ...]
    on_break_start: tuple[str, ...]
    on_break_end: tuple[str, ...]
    timeout: float


@value
class Plan:
    """All settings in force. `hours` empty means always."""

    language: str  # empty: the desktop's
    reminders: tuple[Reminder, ...]  # built-ins first, then the person's own in file order
    hours: tuple[Opening, ...]
    presence: PresenceSettings
    quiet: QuietSettings
    notify: NotifySettings
    tray_show: str
    pause_default: float
    stretches: StretchSettings
    posture_avoid: tuple[str, ...]
    history: HistorySettings
    hooks: HookSettings
    log_level: str


@value
class Answers:
    """What the person said about themselves, once; kept apart from the settings, which people publish."""

    conditions: tuple[str, ...] = ()
    needs: tuple[str, ...] | None = None  # None: this was not asked yet
    stable_chair: bool = False  # without wheels, its back no higher than the shoulder blades


class Severity(StrEnum):
    """How bad it is: something is refused or cannot run; or it is valid, but may not be what was meant."""

    PROBLEM = "problem"
    NOTE = "note"


@value
class Problem:
    """One thing to say about the settings; `line` is 0 and `key` empty where they have none."""

    file: str
    line: int
    key: str
    message: str
    severity: Severity = Severity.PROBLEM

    @property
    def text(self) -> str:
        """The problem as one line."""
        return say_problem(self.file, self.line, self.key, self.message)
