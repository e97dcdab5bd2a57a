"""Runs all checks, those that can at the same time, and tells what they find in a steady order.

However a desktop hangs, it is over in less than 20 seconds: every check has a time limit.
"""

import asyncio
import traceback
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from neckguard.core import Plan
from neckguard.daemon.validator import Verdict
from neckguard.doctor import (
    buses,
    daemon,
    login,
    notification,
    others,
    places,
    presence,
    quiet,
    service,
    settings,
    versions,
)
from neckguard.doctor.desk import Desk, desk
from neckguard.doctor.finding import Finding, discreet, warning
from neckguard.errors import NeckguardError

T = TypeVar("T")
_FIRST_LIMIT = 5.0  # seconds for daemon and settings, which tell what to check
_LIMIT = 13.0  # seconds for every other check

Check = Coroutine[Any, Any, list[Finding]]


async def examine(tell: Callable[[Finding], None], *, prompt: bool) -> None:
    """Tell all findings; with `prompt` a test notification is shown."""
    status = asyncio.create_task(daemon.question())
    verdict = asyncio.create_task(settings.question())
    await asyncio.wait((status, verdict), timeout=_FIRST_LIMIT)
    async with desk(_plan(verdict)) as made:
        checks = {
            versions.NAME: _of(status, versions.check),
            daemon.NAME: _of(status, daemon.check),
            settings.NAME: _of(verdict, settings.check),
            **_of_desktop(made, prompt=prompt),
            service.NAME: service.check(),
            others.NAME: others.check(),
            places.NAME: asyncio.to_thread(places.check),
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


def _of_desktop(made: Desk, *, prompt: bool) -> dict[str, Check]:
    return {
        buses.SESSION: buses.check_session(made.session_bus, needed=made.needs_server),
        buses.SYSTEM: buses.check_system(made.system_bus),
        notification.NAME: notification.check(made, prompt=prompt),
        presence.NAME: presence.check(made.presence),
        login.LOCK: login.check_lock(made),
        login.SLEEP: login.check_sleep(made),
        quiet.NAME: quiet.check(made),
    }


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
    found = verdict.result()
    return None if isinstance(found, NeckguardError) else found[0]
