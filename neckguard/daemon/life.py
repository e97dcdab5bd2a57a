"""One life of the daemon: it goes on where the last one ended, serves, and leaves a clean desk."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from types import FrameType
from typing import Any

from neckguard.control.lock import InstanceLock
from neckguard.core import Plan
from neckguard.daemon import journal, libc
from neckguard.daemon.clock import Clock
from neckguard.daemon.loop import Daemon
from neckguard.daemon.notices import greeting, headline
from neckguard.daemon.outside import Files
from neckguard.daemon.revival import inherit
from neckguard.daemon.settings_file import ConfigState, Loaded, SettingsFile
from neckguard.daemon.wiring import make_files, make_outside
from neckguard.errors import NeckguardError
from neckguard.words import as_started, fit

_log = logging.getLogger(__name__)

_FIRST_MEETING = 0.2  # seconds; so that the first `status` already knows the desktop
_STARTED = 2.0  # seconds, after which what only the start needed is free: 0.2 MB
_RESTART_AFTER = 5.0  # seconds, when an adapter failed in a way it did not foresee


async def live(lock: InstanceLock, settings: SettingsFile, loaded: Loaded) -> int | None:
    """Live until somebody ends it; the exit code, or None if another life shall follow.

    Raises:
        NeckguardError: there are no settings to live by; the message says why.
    """
    files = make_files(lock, settings)
    daemon = _daemon(files, *await _plan_to_begin_with(settings, loaded))
    stop, reload = daemon.stopped.set, daemon.settings_touched
    signals = Signals({signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGHUP: reload})
    daemon.settings.apply(loaded)
    lives = [asyncio.create_task(_for_ever(life)) for life in daemon.outside.lives]
    try:
        await _serve(daemon)
    finally:
        await daemon.end()
        await daemon.outside.close()
        for life in lives:
            life.cancel()
        await asyncio.gather(*lives, return_exceptions=True)
        signals.close()
    return None if daemon.gave_way else daemon.exit_code


async def _serve(daemon: Daemon) -> None:
    """From the first meeting with the desktop to the end."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_FIRST_MEETING):
            await daemon.met_notifier.wait()
    daemon.share_terminal()
    daemon.welcome()
    journal.ready(headline(daemon.engine))
    if sys.stderr is not None and sys.stderr.isatty():
        note = daemon.outside.desktop.notifier.status().get("note", "")
        said = greeting(daemon.engine, note, daemon.memory.failure)
        sys.stderr.write(f"{fit(as_started(said), sys.stderr)}\n\n")
    daemon.settings_touched()  # whatever was saved after we read the file and before we watched it
    asyncio.get_running_loop().call_later(_STARTED, libc.trim)
    await daemon.stopped.wait()


async def _plan_to_begin_with(settings: SettingsFile, loaded: Loaded) -> tuple[Plan, bool]:
    """The plan, else the last good one, else the built-in one; and whether it is that.

    Raises:
        NeckguardError: the file that was named does not exist, or not even the built-in plan can be had.
    """
    plan = loaded.plan or settings.last_good()
    if plan is None and settings.lacks_named_file:
        raise NeckguardError("; ".join(problem.text for problem in loaded.problems))
    if plan is not None:
        return plan, False
    _log.warning("The settings cannot be used; starting with the built-in ones.")
    fallback = await settings.defaults()
    if fallback.plan is None:
        raise NeckguardError("; ".join(problem.text for problem in fallback.problems))
    return fallback.plan, True


def _daemon(files: Files, plan: Plan, built_in: bool) -> Daemon:
    """The daemon, which goes on where the last life ended."""
    clock = Clock()
    engine, left = inherit(plan, files, clock.now())
    return Daemon(
        engine,
        ConfigState(files.settings.path, built_in=built_in),
        lambda daemon: make_outside(daemon, clock, files, left),
        welcomed=left.welcomed,
    )


async def _for_ever(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Keep an adapter running, whatever it did not foresee."""
    while True:
        try:
            await work()
        except Exception:  # noqa: BLE001 - one adapter's mistake must not silence the reminders
            _log.exception("Part of neckguard failed; it is started again in %g s.", _RESTART_AFTER)
        await asyncio.sleep(_RESTART_AFTER)


class Signals:
    """Calls these answers, each by the number of its signal, until it is closed. In the main thread only.

    As `loop.add_signal_handler` does; but that loads `inspect` to see what it is given, 0.9 MB for good.
    """

    def __init__(self, answers: Mapping[int, Callable[[], object]]) -> None:
        self._answers = answers
        # Python writes their numbers there as they come: without that, one that comes just before the loop
        # goes to sleep would not wake it.
        self._hearing, self._telling = socket.socketpair()
        self._hearing.setblocking(False)
        self._telling.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._hearing, self._hear)
        signal.set_wakeup_fd(self._telling.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, _let_come) for number in answers}

    def close(self) -> None:
        """Leave them to whoever answered before."""
        for number, answer in self._before.items():
            signal.signal(number, answer)
        signal.set_wakeup_fd(-1)
        self._loop.remove_reader(self._hearing)
        self._hearing.close()
        self._telling.close()

    def _hear(self) -> None:
        for number in self._hearing.recv(4096):
            if number in self._answers:
                self._answers[number]()


def _let_come(_number: int, _frame: FrameType | None) -> None:
    """Nothing: what is ignored, or left to the system, would not be written anywhere."""
