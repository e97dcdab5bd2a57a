"""Everything outside the engine, in one structure: the daemon is handed it and makes none of it itself."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from neckguard.control.server import ControlServer
from neckguard.core import Answers, Card, NotifySettings, Plan
from neckguard.daemon.chronicle import Chronicle
from neckguard.daemon.clock import Clock
from neckguard.daemon.hooks import Hooks
from neckguard.daemon.runtime import RuntimeWatch
from neckguard.daemon.senses import Disturbances
from neckguard.daemon.settings import Settings
from neckguard.daemon.watch import FileWatch
from neckguard.desktop.alarm.awake import Awake
from neckguard.desktop.presence.chooser import PresenceChooser
from neckguard.storage.heartbeat import Heartbeat
from neckguard.storage.state import StateFile


class Service(Protocol):
    """An adapter that serves for ever and can say how it is."""

    def run(self) -> Coroutine[Any, Any, None]:
        """Serve; cancelled at the end."""

    def status(self) -> dict[str, Any]:
        """`ok`, `problem` and what else is worth knowing."""


class CardService(Service, Protocol):
    """Shows cards; none goes away by time while it is `patient`."""

    patient: bool

    def show(self, card: Card) -> None:
        """Put a card on the screen."""

    def hide(self, key: str) -> None:
        """Take it off."""

    def configure(self, settings: NotifySettings) -> None:
        """Use other settings."""

    def remembered(self) -> tuple[Any, ...]:
        """What a later life must close."""


class Rings(Protocol):
    """Makes a sound that is heard."""

    problem: str  # why the last one was not; empty: it was

    def ring(self, alone: bool = False) -> None:
        """Make it; `alone`: the notification server is sure to make none."""


@dataclass(slots=True)
class Outside:
    """The ports. `control` and the watches come last, once there is a daemon for them to call."""

    clock: Clock
    settings: Settings
    state: StateFile
    heartbeat: Heartbeat
    hooks: Hooks
    notifier: CardService
    presence: PresenceChooser
    disturbances: Disturbances
    services: dict[str, Service]
    chronicle: Chronicle
    awake: Awake  # one of them
    bell: Rings
    relock: Callable[[], None]
    answers: Callable[[], Answers | None]  # what the person said about themselves
    control: ControlServer | None = None
    watch: FileWatch | None = None
    runtime: RuntimeWatch | None = None

    def configure(self, plan: Plan) -> None:
        """Hand new settings to whom they concern."""
        self.notifier.configure(plan.notify)
        self.hooks.configure(plan.hooks)
        self.presence.configure(plan.presence.source)
        self.disturbances.configure(plan.quiet)
        self.chronicle.configure(plan.history)

    def status(self) -> dict[str, dict[str, Any]]:
        """`services` of `status --json`."""
        return {
            "notify": self.notifier.status(),
            "presence": self.presence.status(),
            **self.disturbances.status(),
            **{name: service.status() for name, service in self.services.items()},
            "settings": _fault(self.watch.problem if self.watch else ""),
            "sound": _fault(self.bell.problem),
            "history": _fault(self.chronicle.problem),
            "state": _fault(self.state.problem),
            "control": _fault(self.control.problem if self.control else ""),
        }


def _fault(problem: str) -> dict[str, Any]:
    return {"ok": not problem, "problem": problem}
