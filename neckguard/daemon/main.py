"""Starts the daemon: takes the lock, reads what was kept, wires the adapters, and waits for the end."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from neckguard import paths
from neckguard.content import loader
from neckguard.control.lock import InstanceLock
from neckguard.control.server import ControlServer
from neckguard.core import Absence, Engine, LastLife, Moment, Plan, ScreenReader, at_instant, revive
from neckguard.daemon import journal, sdnotify
from neckguard.daemon.chronicle import Chronicle
from neckguard.daemon.clients import Clients
from neckguard.daemon.clock import Clock
from neckguard.daemon.hooks import Hooks
from neckguard.daemon.loop import Daemon
from neckguard.daemon.outside import Outside, Service
from neckguard.daemon.report import ConfigState, greeting, headline
from neckguard.daemon.runtime import RuntimeWatch
from neckguard.daemon.senses import Disturbances, make_presence
from neckguard.daemon.settings import Loaded, Settings
from neckguard.daemon.signals import Signals
from neckguard.daemon.watch import FileWatch
from neckguard.desktop.alarm.awake import Awake
from neckguard.desktop.alarm.ring import Bell
from neckguard.desktop.bus.bus import Bus, session_address, system_address
from neckguard.desktop.notify.notifier import Notifier, Remembered
from neckguard.desktop.notify.screen_reader import ScreenReaderWatch
from neckguard.desktop.presence.inhibitors import Inhibitors
from neckguard.desktop.session.login import LoginSession
from neckguard.desktop.session.screensaver import ScreenSavers
from neckguard.errors import NeckguardError
from neckguard.storage.health import load_answers
from neckguard.storage.heartbeat import Heartbeat, boot_id
from neckguard.storage.history.writer import HistoryWriter
from neckguard.storage.state import StateFile

_log = logging.getLogger(__name__)

_FIRST_MEETING = 0.2  # seconds; so that the first `status` already knows the desktop
_RESTART_AFTER = 5.0  # seconds, when an adapter failed in a way it did not foresee


def run(config: str | None = None) -> int:
    """Run the daemon until it is stopped; the exit code.

    Raises:
        NeckguardError: it cannot start; the message says why.
    """
    os.umask(0o077)
    journal.set_up()
    paths.make_private(paths.runtime_dir())
    paths.make_private(paths.state_dir())
    lock = InstanceLock()
    lock.acquire()
    # Until the loop answers, it ends us as SIGTERM does; asyncio.run would have a way of its own.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return asyncio.run(_live(config, lock))
    finally:
        lock.release()


async def _live(config: str | None, lock: InstanceLock) -> int:
    clock = Clock()
    path = paths.config_file(config)
    explicit = paths.config_is_explicit(config)
    settings = Settings(path, explicit=explicit, state_dir=paths.state_dir())
    loaded = await settings.load()
    missing = explicit and not os.path.lexists(path)  # noqa: ASYNC240 - once, before anything else runs
    plan = await _plan_to_begin_with(settings, loaded, named_but_missing=missing)
    state = StateFile(paths.state_file())
    heartbeat = Heartbeat(os.path.join(paths.runtime_dir(), "heartbeat"))
    kept = state.load()
    engine, lived = _engine(plan, kept, heartbeat, clock.now(), state)

    config_state = ConfigState(path)
    daemon = Daemon(engine, config_state, welcomed=bool(kept and kept["state"].get("welcomed")))

    session_bus, system_bus = Bus("session", session_address), Bus("system", system_address)
    absence = Absence(daemon.feed)
    notifier = Notifier(
        session_bus,
        daemon.feed,
        plan.notify,
        remembered=_remembered(kept),
        on_ids_changed=daemon.keep,
    )
    presence = make_presence(session_bus, system_bus, daemon.feed)
    disturbances = Disturbances(session_bus, daemon.feed)
    awake = Awake(session_bus)
    services: dict[str, Service] = {
        "session": LoginSession(system_bus, absence.claim),
        "screensaver": ScreenSavers(session_bus, absence.claim),
        "inhibitors": Inhibitors(session_bus, system_bus, lambda on, _: presence.keep_awake(on)),
        "screen_reader": ScreenReaderWatch(session_bus, lambda on: daemon.feed(ScreenReader(on))),
        "awake": awake,
    }
    hooks = Hooks(plan.hooks)
    history = HistoryWriter(paths.history_file(), enabled=plan.history.enabled, keep=plan.history.keep)
    history.revive(lived)
    outside = Outside(
        clock=clock,
        settings=settings,
        state=state,
        heartbeat=heartbeat,
        hooks=hooks,
        notifier=notifier,
        presence=presence,
        disturbances=disturbances,
        services=services,
        chronicle=Chronicle(engine, history),
        awake=awake,
        bell=Bell(lambda: notifier.sounds),
        relock=lock.acquire,
        answers=partial(load_answers, paths.state_dir()),
    )
    daemon.connect(outside)
    clients = Clients(daemon, engine, config_state, outside)
    outside.control = ControlServer(paths.control_socket(), clients.answer, clients.snapshot)
    await outside.control.start()
    outside.watch = FileWatch(path, daemon.settings_touched)
    outside.runtime = RuntimeWatch(paths.runtime_dir(), daemon.wake)
    signals = Signals(_answers_to_signals(daemon))
    daemon.apply(loaded)
    buses = [_for_ever(session_bus.run), _for_ever(system_bus.run)]
    lives = (notifier.run, presence.run, disturbances.run, *(service.run for service in services.values()))
    tasks = [asyncio.create_task(work) for work in (*buses, *map(_for_ever, lives))]
    try:
        await _serve(daemon, engine)
    finally:
        await daemon.end()
        await notifier.close()
        await hooks.close()
        history.close()
        outside.watch.close()
        outside.runtime.close()
        await outside.control.close()
        heartbeat.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        signals.close()
    return daemon.exit_code


async def _serve(daemon: Daemon, engine: Engine) -> None:
    """From the first meeting with the desktop to the end."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_FIRST_MEETING):
            await daemon.met_notifier.wait()
    daemon.welcome()
    _say_ready(engine)
    daemon.settings_touched()  # whatever was saved after we read the file and before we watched it
    await daemon.stopped.wait()


async def _plan_to_begin_with(settings: Settings, loaded: Loaded, *, named_but_missing: bool) -> Plan:
    """The plan, else the last good one, else the built-in one.

    Raises:
        NeckguardError: the file that was named does not exist, or not even the built-in plan can be had.
    """
    plan = loaded.plan or settings.last_good()
    if plan is None and named_but_missing:
        raise NeckguardError("; ".join(problem.text for problem in loaded.problems))
    if plan is None:
        _log.warning("The settings cannot be used; starting with the built-in ones.")
        fallback = await settings.defaults()
        if fallback.plan is None:
            raise NeckguardError("; ".join(problem.text for problem in fallback.problems))
        plan = fallback.plan
    return plan


def _last_life(kept: dict[str, Any], heartbeat: Heartbeat, now: Moment) -> tuple[Moment, float]:
    """When the last life ended, and what the boot clock reads more now than it would have then.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: what was kept does not fit.
    """
    anchor = kept["anchor"]
    same_boot = kept["state"].get("boot_id") == boot_id() and anchor["boot"] <= now.boot
    age = now.wall.timestamp() - anchor["instant"]
    shift = 0.0 if same_boot else now.boot - max(0.0, age) - anchor["boot"]
    began = anchor["boot"] + shift
    beat = heartbeat.last()
    lived = began
    if same_boot and beat is not None and beat.boot_id == boot_id():
        lived = min(max(beat.boot, began), now.boot)
    instant = now.wall.timestamp() - (now.boot - lived)
    return Moment(lived, at_instant(instant, now.wall)), shift


def _engine(
    plan: Plan, kept: dict[str, Any] | None, heartbeat: Heartbeat, now: Moment, state: StateFile
) -> tuple[Engine, float]:
    """The engine that goes on where the last life ended, and that instant; or a fresh one, and 0."""
    content = loader.load_content()
    if kept is None:
        return Engine(plan, content, now), 0.0
    try:
        lived, shift = _last_life(kept, heartbeat, now)
        return revive(plan, content, kept, LastLife(lived, now, shift)), lived.wall.timestamp()
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        state.set_aside(f"{type(error).__name__}: {error}")
        return Engine(plan, content, now), 0.0


def _remembered(kept: dict[str, Any] | None) -> list[Remembered]:
    found = kept["state"].get("notifications", []) if kept else []
    return [(owner, bus, number) for owner, bus, number in found]


async def _for_ever(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Keep an adapter running, whatever it did not foresee."""
    while True:
        try:
            await work()
        except Exception:  # noqa: BLE001 - one adapter's mistake must not silence the reminders
            _log.exception("Part of neckguard failed; it is started again in %g s.", _RESTART_AFTER)
        await asyncio.sleep(_RESTART_AFTER)


def _answers_to_signals(daemon: Daemon) -> dict[int, Callable[[], None]]:
    return {
        signal.SIGTERM: daemon.stop,
        signal.SIGINT: daemon.stop,
        signal.SIGHUP: daemon.settings_touched,
    }


def _say_ready(engine: Engine) -> None:
    sdnotify.ready(headline(engine))
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"{greeting(engine)}\n")
