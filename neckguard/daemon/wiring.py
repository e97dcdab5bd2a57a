"""The only place that makes adapters: for the daemon all of them, for the doctor those of the desktop."""

import os
from collections.abc import Callable, Iterable
from functools import partial

from neckguard import paths
from neckguard.control.lock import InstanceLock
from neckguard.control.server import ControlServer
from neckguard.core import Absence, Event, NotifySettings, ScreenReader
from neckguard.daemon.clients import Clients
from neckguard.daemon.clock import Clock, boot_time
from neckguard.daemon.hooks import Hooks
from neckguard.daemon.inotify import Inotify
from neckguard.daemon.loop import Daemon
from neckguard.daemon.outside import Desktop, Files, Left, Outside, QuietSources
from neckguard.daemon.recorder import Recorder
from neckguard.daemon.settings_file import SettingsFile
from neckguard.daemon.tray import TrayDesk
from neckguard.daemon.watch import FileWatch, RuntimeWatch
from neckguard.desktop.alarm.awake import Awake
from neckguard.desktop.alarm.ring import Bell
from neckguard.desktop.bus.bus import Bus, session_address, system_address
from neckguard.desktop.display.place import desktop_environment, wayland_sockets
from neckguard.desktop.notify.notifier import Notifier, Remembered
from neckguard.desktop.notify.screen_reader import ScreenReaderWatch
from neckguard.desktop.presence.chooser import PresenceChooser
from neckguard.desktop.presence.idle_hint import IdleHint
from neckguard.desktop.presence.inhibitors import Inhibitors
from neckguard.desktop.presence.mutter import Mutter
from neckguard.desktop.presence.wayland import Wayland
from neckguard.desktop.presence.x11 import X11
from neckguard.desktop.session.login import LoginSession
from neckguard.desktop.session.screensaver import ScreenSavers
from neckguard.desktop.tray.item import Tray
from neckguard.storage.health import load_answers
from neckguard.storage.heartbeat import Heartbeat
from neckguard.storage.history.writer import HistoryWriter
from neckguard.storage.state import StateFile


def make_files(lock: InstanceLock, settings: SettingsFile) -> Files:
    """Those of this person; the settings are read before anything else is imported."""
    return Files(
        lock=lock,
        settings=settings,
        state=StateFile(paths.state_file()),
        heartbeat=Heartbeat(os.path.join(paths.runtime_dir(), "heartbeat")),
        answers=partial(load_answers, paths.state_dir()),
    )


def make_desktop(
    feed: Callable[[Event], None],
    settings: NotifySettings,
    remembered: Iterable[Remembered] = (),
    on_ids_changed: Callable[[], None] = lambda: None,
) -> Desktop:
    """The adapters of this session, which tell `feed` what happens."""
    session_bus, system_bus = Bus("session", session_address), Bus("system", system_address)
    absence = Absence(feed)
    presence = _make_presence(session_bus, system_bus, feed)
    return Desktop(
        session_bus=session_bus,
        system_bus=system_bus,
        notifier=Notifier(session_bus, feed, settings, remembered=remembered, on_ids_changed=on_ids_changed),
        presence=presence,
        quiet=QuietSources(session_bus, feed),
        session=LoginSession(system_bus, absence.claim),
        screensavers=ScreenSavers(session_bus, absence.claim),
        inhibitors=Inhibitors(session_bus, system_bus, partial(presence.holders.hold, "inhibitors")),
        screen_reader=ScreenReaderWatch(session_bus, lambda on: feed(ScreenReader(on))),
        awake=Awake(session_bus),
    )


def make_outside(daemon: Daemon, clock: Clock, files: Files, left: Left) -> Outside:
    """All that the daemon needs to go on from what the last life left."""
    engine = daemon.engine
    settings = engine.world.chosen.history
    history = HistoryWriter(paths.history_file(), enabled=settings.enabled, keep=settings.keep)
    history.revive(left.ended, left.unwritten)
    desktop = make_desktop(daemon.feed, engine.world.chosen.notify, left.cards, daemon.keep)
    clients, tray = Clients(daemon), TrayDesk(daemon)
    shown = engine.world.chosen.tray_show == "auto"
    inotify = Inotify()
    return Outside(
        clock=clock,
        files=files,
        desktop=desktop,
        history=history,
        recorder=Recorder(engine, history, lambda: daemon.spawn(history.check())),
        hooks=Hooks(engine.world.chosen.hooks),
        bell=Bell(lambda: desktop.notifier.sounds),
        tray=Tray(desktop.session_bus, tray.look, tray.draw, tray.choose, wanted=shown),
        control=ControlServer(paths.control_socket(), clients.answer, clients.snapshot),
        watch=FileWatch(inotify, daemon.config.path, daemon.settings_touched),
        runtime=RuntimeWatch(inotify, paths.runtime_dir(), daemon.wake),
    )


def _make_presence(session_bus: Bus, system_bus: Bus, feed: Callable[[Event], None]) -> PresenceChooser:
    """All sources of presence, the most trusted first."""

    async def sockets() -> list[str]:
        return wayland_sockets(await desktop_environment(session_bus))

    async def environment() -> dict[str, str]:
        return await desktop_environment(session_bus)

    mutter, hint = Mutter(session_bus), IdleHint(system_bus)
    presence = PresenceChooser((mutter, Wayland(sockets), X11(environment), hint), feed, boot_time)
    mutter.on_appearance(lambda: presence.renew(mutter.name))
    hint.on_appearance(lambda: presence.renew(hint.name))
    return presence
