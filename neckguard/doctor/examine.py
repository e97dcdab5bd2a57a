"""Runs all checks, those that can at the same time, and tells what they find in a steady order.

However a desktop hangs, it is over in less than 20 seconds: every check has a time limit.
"""

import asyncio
import traceback
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from neckguard.core import Plan
from neckguard.daemon.validator import Verdict
from neckguard.doctor import desktop, running, surroundings
from neckguard.doctor.autostart import AUTOSTART, check_autostart
from neckguard.doctor.finding import Finding, discreet, warning
from neckguard.doctor.notifications import NOTIFICATIONS, check_notifications
from neckguard.doctor.probe import probing
from neckguard.errors import NeckguardError

T = TypeVar("T")
_FIRST_LIMIT = 5.0  # seconds for daemon and settings, which tell what to check
_LIMIT = 13.0  # seconds for every other check

Check = Coroutine[Any, Any, list[Finding]]


async def examine(tell: Callable[[Finding], None], *, prompt: bool) -> None:
    """Tell all findings; with `prompt` a test notification is shown."""
    status = asyncio.create_task(running.ask_daemon())
    verdict = asyncio.create_task(running.read_settings())
    await asyncio.wait((status, verdict), timeout=_FIRST_LIMIT)
    async with probing(_plan(verdict)) as probe:
        checks = {
            surroundings.VERSIONS: _of(status, surroundings.check_versions),
            running.DAEMON: _of(status, running.check_daemon),
            running.SETTINGS: _of(verdict, running.check_settings),
            desktop.SESSION_BUS: desktop.check_session_bus(probe),
            desktop.SYSTEM_BUS: desktop.check_system_bus(probe),
            NOTIFICATIONS: check_notifications(probe, prompt=prompt),
            desktop.PRESENCE: desktop.check_presence(probe),
            desktop.LOCK: desktop.check_lock(probe),
            desktop.SLEEP: desktop.check_sleep(probe),
            desktop.QUIET: desktop.check_quiet(probe),
            AUTOSTART: check_autostart(),
            surroundings.OTHERS: surroundings.check_others(),
            surroundings.FILES: asyncio.to_thread(surroundings.check_files),
        }
        tasks = [asyncio.create_task(_guarded(name, check)) for name, check in checks.items()]
        try:
            for task in tasks:
                for finding in await task:
                    tell(discreet(finding))
        finally:
            for each in (*tasks, status, verdict):
                each.cancel()
            await asyncio.gather(*tasks, status, verdict, return_exceptions=True)


async def _of(answer: "asyncio.Task[T]", check: Callable[[T], list[Finding]]) -> list[Finding]:
    """What the check makes of an answer that others wait for, too."""
    return check(await asyncio.shield(answer))


async def _guarded(name: str, check: Check) -> list[Finding]:
    """What it finds; that it takes too long or breaks is a finding, too."""
    try:
        async with asyncio.timeout(_LIMIT):
            return await check
    except TimeoutError:
        return [warning(name, "this took too long to find out", "run neckguard doctor again")]
    except Exception as error:  # noqa: BLE001 - a broken check must not hide what the others found
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} at {place.filename.rpartition('/')[2]}:{place.lineno}"
        return [warning(name, f"this check broke ({where})", "please report this line")]


def _plan(verdict: "asyncio.Task[Verdict | NeckguardError]") -> Plan | None:
    """The plan, if the settings made one in time."""
    if not verdict.done() or verdict.exception():
        return None
    return running.plan_in_force(verdict.result())
