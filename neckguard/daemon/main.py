"""Starts the daemon: takes the lock, and has the settings read while all the rest is imported."""

import asyncio
import os
import signal

from neckguard import paths
from neckguard.control.lock import InstanceLock
from neckguard.daemon import journal
from neckguard.daemon.settings_file import SettingsFile


def run(config: str | None = None) -> int:
    """Run the daemon until it is stopped; the exit code.

    Raises:
        NeckguardError: it cannot start; the message says why.
    """
    os.umask(0o077)
    journal.set_up()
    lock = InstanceLock()
    lock.acquire()
    # Until the loop answers, it ends us as SIGTERM does; asyncio.run would have a way of its own.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return asyncio.run(_begin(config, lock))
    finally:
        lock.release()


async def _begin(config: str | None, lock: InstanceLock) -> int:
    """One life after the other, until one ends for good; the exit code."""
    code = None
    while code is None:
        code = await _live(config, lock)
    return code


async def _live(config: str | None, lock: InstanceLock) -> int | None:
    path, explicit = paths.config_file(config), paths.config_is_explicit(config)
    settings = SettingsFile(path, explicit=explicit, state_dir=paths.state_dir())
    loading = asyncio.create_task(settings.load())
    await asyncio.sleep(0)  # the child that validates has begun: now both work, for 0.1 s
    from neckguard.daemon.life import live

    return await live(lock, settings, await loading)
