"""Everything outside the engine, in a few structures that `wiring` fills and the daemon is handed."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from neckguard.control.lock import InstanceLock
from neckguard.control.server import ControlServer
from neckguard.core import (
    Answers,
    Event,
    Plan,
    QuietChanged,
    QuietReason,
    QuietSettings,
)
from neckguard.daemon.clock import Clock
from neckguard.daemon.hooks import Hooks
from neckguard.daemon.recorder import Recorder
from neckguard.daemon.settings_file import SettingsFile
from neckguard.daemon.watch import FileWatch, RuntimeWatch
from neckguard.desktop.alarm.awake import Awake
from neckguard.desktop.alarm.ring import Bell
from neckguard.desktop.bus.bus import Bus
from neckguard.desktop.display.place import desktop_environment
from neckguard.desktop.notify.notifier import Notifier, Remembered
from neckguard.desktop.notify.screen_reader import ScreenReaderWatch
from neckguard.desktop.presence.chooser import PresenceChooser
from neckguard.desktop.presence.inhibitors import Inhibitors
from neckguard.desktop.quiet.dnd import DoNotDisturb
from neckguard.desktop.quiet.fullscreen import Fullscreen
from neckguard.desktop.quiet.media import Media
from neckguard.desktop.quiet.programs import Programs
from neckguard.desktop.session.login import LoginSession
from neckguard.desktop.session.screensaver import ScreenSavers
from neckguard.desktop.tray.item import Tray
from neckguard.storage.heartbeat import Heartbeat
from neckguard.storage.history.writer import HistoryWriter
from neckguard.storage.state import StateFile
from neckguard.value import value


class QuietSources:
    """Do not disturb, calls, a shared or full screen, programs that were named."""

    def __init__(self, session_bus: Bus, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self._off: set[QuietReason] = set()  # told last; not what an earlier life left, which may be on
        self._dnd = DoNotDisturb(session_bus, self._tell)
        self._media = Media(self._tell)
        self._fullscreen = Fullscreen(self._tell, partial(desktop_environment, session_bus))
        self._programs = Programs(self._tell)

    async def run(self) -> None:
        """Follow for ever what announces itself."""
        await asyncio.gather(self._dnd.run(), self._fullscreen.run())

    async def look(self) -> None:
        """Tell how it is now."""
        looks = (each.look() for each in (self._dnd, self._media, self._fullscreen, self._programs))
        await asyncio.gather(*looks)

    def configure(self, settings: QuietSettings) -> None:
        """Ask only for what counts."""
        self._media.configure(settings.calls, settings.presenting, settings.calls_ignore)
        self._fullscreen.configure(settings.fullscreen, settings.fullscreen_ignore)
        self._programs.configure(settings.programs)

    def renew(self) -> None:
        """The machine slept: nothing that was told is certain any more."""
        self._dnd.renew()

    def _tell(self, event: QuietChanged) -> None:
        """Pass it on, but not what is off as before: each turn of the inbox costs."""
        if event.detail or event.reason not in self._off:
            self._emit(event)
        (self._off.discard if event.detail else self._off.add)(event.reason)

    def status(self) -> dict[str, dict[str, Any]]:
        """Their parts of `services` in `status --json`."""
        return {
            "dnd": self._dnd.status(),
            "calls": self._media.status(),
            "fullscreen": self._fullscreen.status(),
            "programs": self._programs.status(),
        }


@value
class Desktop:
    """The adapters that live on the desktop's two buses."""

    session_bus: Bus
    system_bus: Bus
    notifier: Notifier
    presence: PresenceChooser
    quiet: QuietSources
    session: LoginSession
    screensavers: ScreenSavers
    inhibitors: Inhibitors
    screen_reader: ScreenReaderWatch
    awake: Awake

    @property
    def lives(self) -> tuple[Callable[[], Coroutine[Any, Any, None]], ...]:
        """What serves for ever, the buses first; to be cancelled at the end."""
        adapters = (
            self.notifier,
            self.presence,
            self.quiet,
            self.session,
            self.screensavers,
            self.inhibitors,
        )
        others = (self.screen_reader, self.awake)
        return tuple(each.run for each in (self.session_bus, self.system_bus, *adapters, *others))

    def doubt(self) -> None:
        """Somebody types who is said to be away: let it be asked again."""
        self.session.doubt()
        self.screensavers.doubt()

    def status(self) -> dict[str, dict[str, Any]]:
        """Their parts of `services` in `status --json`."""
        deaf = "; ".join(filter(None, (self.session_bus.deaf, self.system_bus.deaf)))
        return {
            "buses": {"ok": not deaf, "problem": deaf},
            "notify": self.notifier.status(),
            "presence": self.presence.status(),
            **self.quiet.status(),
            "session": self.session.status(),
            "screensaver": self.screensavers.status(),
            "inhibitors": self.inhibitors.status(),
            "screen_reader": self.screen_reader.status(),
            "awake": self.awake.status(),
        }


@value
class Files:
    """What lies on the disk, and is there before the engine: a start needs it."""

    lock: InstanceLock
    settings: SettingsFile
    state: StateFile
    heartbeat: Heartbeat
    answers: Callable[[], Answers | None]  # what the person said about themselves


@value
class Left:
    """What the last life left besides its state, and the instant it ended; nothing, if there was none."""

    ended: float = 0.0
    cards: tuple[Remembered, ...] = ()
    unwritten: Any = ()  # of the history
    welcomed: bool = False  # whether neckguard was introduced


@value
class Outside:
    """All of it."""

    clock: Clock
    files: Files
    desktop: Desktop
    history: HistoryWriter
    recorder: Recorder
    hooks: Hooks
    bell: Bell
    tray: Tray
    control: ControlServer
    watch: FileWatch
    runtime: RuntimeWatch

    @property
    def lives(self) -> tuple[Callable[[], Coroutine[Any, Any, None]], ...]:
        """What serves for ever; to be cancelled at the end."""
        return *self.desktop.lives, self.tray.run

    def configure(self, plan: Plan) -> None:
        """Hand new settings to whom they concern."""
        self.tray.configure(wanted=plan.tray_show == "auto")
        self.desktop.notifier.configure(plan.notify)
        self.desktop.presence.configure(plan.presence.source)
        self.desktop.presence.holders.configure(plan.presence)
        self.desktop.quiet.configure(plan.quiet)
        self.hooks.configure(plan.hooks)
        self.history.configure(enabled=plan.history.enabled, keep=plan.history.keep)

    def status(self) -> dict[str, dict[str, Any]]:
        """`services` of `status --json`."""
        faults = {
            "settings": self.watch.problem,
            "sound": self.bell.problem,
            "hooks": self.hooks.problem,
            "history": self.history.problem,
            "state": self.files.state.problem,
            "runtime": self.files.lock.problem or self.files.heartbeat.problem,
            "control": self.control.problem,
        }
        told = {name: {"ok": not problem, "problem": problem} for name, problem in faults.items()}
        told["state"]["note"] = self.files.state.note
        return {**self.desktop.status(), "tray": self.tray.status(), **told}

    async def close(self) -> None:
        """Take the cards off the screen while there is a bus, kill the hooks, let go of files and socket."""
        await self.desktop.notifier.close()
        await self.hooks.close()
        self.history.close(kept=not self.files.state.failure)
        self.watch.close()
        self.runtime.close()
        await self.control.close()
        self.files.heartbeat.close()
