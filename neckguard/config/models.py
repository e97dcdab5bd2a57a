"""Every setting with its type, default and description. Spans become seconds.

Three sources, highest first: the environment, the settings file, the built-in defaults of the reminders.
They are merged key by key, so naming one key of one reminder keeps all the rest of it.
"""

from typing import Any, Self, get_origin

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from neckguard.config import kinds
from neckguard.config.defaults import BY_NAME, reminder_defaults, without_old_schedule


class _Section(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ReminderSection(_Section):
    """What to be reminded of, and when. Defaults that validation would refuse (0.0, []) mean "not given"."""

    kind: kinds.KindWord = Field(
        default="note", description="What it asks for; a built-in reminder's kind is fixed."
    )
    enabled: bool = Field(default=True, description="Whether it runs at all.")
    every: kinds.Every = Field(default=0.0, description="Time at the screen between two of them.")
    at: kinds.Times = Field(
        default=[], description='Times of day, instead of `every`: ["12:30"]; ["*:50"] is each hour at :50.'
    )
    days: kinds.Days = Field(default=[], description='Only with `at`: ["mon-fri"]; without it each day.')
    daily: kinds.Daily = Field(
        default=0.0,
        description="Instead of `every`: once a day, when the time at the screen reaches this.",
    )
    duration: kinds.Duration = Field(
        default=0.0, description="How long it takes; longer ones come first. 0s: notes only."
    )
    snooze: kinds.Wait = Field(default=300.0, description="How long the button “later” puts it off.")
    max_snoozes: int = Field(
        default=2, ge=0, le=100, description="How often an unanswered break is offered again."
    )
    reset_after: kinds.ResetAfter = Field(
        default=0.0,
        description="An absence of this length starts its countdown afresh; breaks: 80 % of the duration.",
    )
    expire_after: kinds.Wait = Field(
        default=45.0, description="How long it waits for an answer while you are there."
    )
    title: kinds.Title = Field(default="", description="Empty: the built-in title.")
    message: kinds.Message = Field(default="", description="Empty: the built-in text.")


class PresenceSection(_Section):
    """How neckguard knows that somebody sits at the screen."""

    idle_after: kinds.Wait = Field(default=240.0, description="No input for this long is an absence.")
    source: kinds.PresenceSource = Field(
        default="auto", description="Where input is seen; auto finds the best one."
    )
    still_counts: bool = Field(
        default=True, description="A call or film without input counts as sitting, up to 2 h."
    )
    still_ignore: kinds.Words = Field(
        default=[], description="What keeps the screen awake and does not count: “who” or “who: why”."
    )


class QuietSection(_Section):
    """When a prompt that is due has to wait."""

    dnd: bool = Field(default=True, description="While the desktop's do-not-disturb is on.")
    calls: bool = Field(default=True, description="While the microphone or the camera is in use.")
    calls_ignore: kinds.Words = Field(
        default=[], description="Application names that hold the microphone for ever."
    )
    fullscreen: bool = Field(
        default=False, description="While an application fills the screen, for 2 h at most."
    )
    fullscreen_ignore: kinds.Words = Field(
        default=[], description="Names of applications that may fill the screen, such as what you work in."
    )
    programs: kinds.Words = Field(default=[], description="While one of these programs of yours runs.")
    presenting: bool = Field(default=True, description="While the screen is being shared.")
    typing_gap: kinds.Pause = Field(default=3.0, description="Mid-typing, wait for a gap of this length.")
    typing_max_wait: kinds.Pause = Field(default=90.0, description="… but no longer than this.")
    settle: kinds.Pause = Field(
        default=20.0, description="Peace after a return, a pause or the start of the daemon."
    )
    settle_after_call: kinds.Pause = Field(default=30.0, description="Peace after a call.")
    merge_window: kinds.Pause = Field(
        default=300.0, description="A longer prompt stands for shorter ones due this soon."
    )


class NotifySection(_Section):
    """How prompts look and sound."""

    backend: kinds.Backend = Field(
        default="auto", description="auto is the desktop's own, else the terminal."
    )
    urgency: kinds.Urgency = Field(
        default="normal", description="Never critical: those break into do-not-disturb."
    )
    buttons: bool = Field(default=True, description="Offer buttons where the notification server draws them.")
    sound: kinds.Word = Field(
        default="", description="A freedesktop sound name, such as message-new-instant."
    )
    icon: kinds.FilePath = Field(default="", description="An icon name or file; empty: neckguard's own.")


class TraySection(_Section):
    """The icon in the tray."""

    show: kinds.TrayShow = Field(default="auto", description="auto: where the desktop has a tray; never.")


class PauseSection(_Section):
    """The verb `neckguard pause`."""

    default: kinds.Silence = Field(
        default=3600.0, description="How long a pause lasts when no time is given."
    )


class StretchesSection(_Section):
    """Which stretches are suggested."""

    avoid: kinds.Words = Field(default=[], description="Ids or body areas not to suggest.")
    standing: bool = Field(default=True, description="Suggest stretches one has to stand up for.")
    gentle_only: bool = Field(default=False, description="Only the gentlest ones.")


class PostureSection(_Section):
    """Which posture checks are suggested."""

    avoid: kinds.Words = Field(default=[], description="Ids not to suggest.")


class HistorySection(_Section):
    """What is remembered on this machine."""

    enabled: bool = Field(default=True, description="Keep a history for stats and report.")
    keep: kinds.Keep = Field(default=365 * kinds.DAY, description="Older entries are deleted.")


class HooksSection(_Section):
    """Programs to run: a list of the program and its arguments, without a shell."""

    on_prompt: kinds.Command = Field(default=[], description="When a prompt is shown.")
    on_outcome: kinds.Command = Field(default=[], description="When a prompt is settled.")
    on_break_start: kinds.Command = Field(default=[], description="When a break starts.")
    on_break_end: kinds.Command = Field(default=[], description="When a break is over.")
    timeout: kinds.HookTimeout = Field(default=10.0, description="A hook that runs longer is stopped.")


class LogSection(_Section):
    """What is logged."""

    level: kinds.Level = Field(default="info", description="The least important messages to log.")


class Settings(BaseSettings):
    """All settings; see `load`."""

    model_config = SettingsConfigDict(
        strict=True, extra="forbid", frozen=True, case_sensitive=True, env_file=None, secrets_dir=None
    )

    language: kinds.Language = Field(
        default="", description="Of what neckguard says: en, de, …; empty: the desktop's."
    )
    reminders: kinds.Reminders[ReminderSection] = Field(
        description="The reminders, each under a name: [reminders.posture]."
    )
    hours: kinds.Hours = Field(default={}, description="When reminders may run; empty: always.")
    presence: PresenceSection = PresenceSection()
    quiet: QuietSection = QuietSection()
    notify: NotifySection = NotifySection()
    tray: TraySection = TraySection()
    pause: PauseSection = PauseSection()
    stretches: StretchesSection = StretchesSection()
    posture: PostureSection = PostureSection()
    history: HistorySection = HistorySection()
    hooks: HooksSection = HooksSection()
    log: LogSection = LogSection()

    @classmethod
    def load(cls, *, environment: dict[str, Any], file: dict[str, Any]) -> Self:
        """The settings from two trees of given keys and the defaults.

        Raises:
            pydantic.ValidationError: everything that is wrong with single keys.
        """
        given: dict[str, Any] = {"environment": environment, "file": file}
        return cls(**given)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_unused: PydanticBaseSettingsSource,
        **_unused_too: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment over the file over the built-in reminders; pydantic looks up nothing itself."""
        given: dict[str, Any] = init_settings()
        return (
            Given(settings_cls, given["environment"]),
            Given(settings_cls, given["file"]),
            BuiltIns(settings_cls),
        )


class Given(PydanticBaseSettingsSource):
    """Keys a person gave. A higher source's sort of schedule replaces the one given here."""

    def __init__(self, settings_cls: type[BaseSettings], tree: dict[str, Any]) -> None:
        super().__init__(settings_cls)
        self._tree = tree

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - its shape
        """The value under a top-level key."""
        return self._tree.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        """The tree, less what a higher source replaces."""
        reminders = self._tree.get("reminders")
        if not isinstance(reminders, dict):
            return self._tree
        above = given_reminders(self.current_state)
        kept = {
            name: without_old_schedule(table, above.get(name, {})) if isinstance(table, dict) else table
            for name, table in reminders.items()
        }
        return self._tree | {"reminders": kept}


class BuiltIns(Given):
    """The defaults of all reminders, the person's own included, given what the higher sources say."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls, {})

    def __call__(self) -> dict[str, Any]:
        """The reminders that are there, each with all it needs."""
        given = given_reminders(self.current_state)
        names = [*BY_NAME, *(name for name in given if name not in BY_NAME)]
        return {"reminders": {name: reminder_defaults(name, given.get(name, {})) for name in names}}


def given_reminders(tree: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The reminders in a tree of given keys that are tables at all."""
    reminders = tree.get("reminders")
    if not isinstance(reminders, dict):
        return {}
    return {name: table for name, table in reminders.items() if isinstance(table, dict)}


def fields_at(path: tuple[str | int, ...]) -> dict[str, FieldInfo] | None:
    """The keys a table may hold; None where they are free, as in `[hours]`, or there is no such table."""
    if not path:
        return Settings.model_fields
    if path[0] == "reminders":
        return ReminderSection.model_fields if len(path) == 2 else None  # noqa: PLR2004 - [reminders.NAME]
    section = Settings.model_fields.get(str(path[0]))
    kind = section.annotation if section and len(path) == 1 else None
    return kind.model_fields if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def is_table(kind: Any) -> bool:
    """Whether the annotation of a setting is that of a table with keys of its own."""
    return get_origin(kind) is dict or (isinstance(kind, type) and issubclass(kind, BaseModel))
