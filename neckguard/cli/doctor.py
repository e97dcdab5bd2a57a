"""`neckguard doctor`: the self-test of this desktop."""

import argparse
import asyncio
import json
import logging
import sys
import textwrap
import traceback
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from neckguard import __version__
from neckguard.cli.terminal import paint, width
from neckguard.core import Plan
from neckguard.daemon.validator import Verdict
from neckguard.doctor import desktop, running, surroundings
from neckguard.doctor.finding import Finding, discreet, warning
from neckguard.doctor.notifications import NOTIFICATIONS, check_notifications
from neckguard.doctor.probe import probing
from neckguard.doctor.running import AUTOSTART, check_autostart
from neckguard.errors import NeckguardError
from neckguard.texts import DIM, GREEN, RED, WARN
from neckguard.words import as_started

_DONE, _FAILED = 0, 1
_STYLES = {"ok": GREEN, "warning": WARN, "problem": RED}
_NARROWEST = 50
_LEVEL, _NAME = 9, 17  # columns


def run(args: argparse.Namespace) -> int:
    """Print what was found, each as soon as it is known; 1 if a person must do something."""
    import asyncio

    from neckguard.cli.doctor import examine

    logging.disable()  # what adapters warn of is among the findings
    found: list[Finding] = []

    def tell(finding: "Finding") -> None:
        found.append(finding)
        if not args.json:
            print(_page(finding), flush=True)

    if not (args.json or args.no_prompt) and sys.stdout.isatty():
        print(paint("A test notification is about to appear: click it, or let it be.", DIM), flush=True)
    asyncio.run(examine(tell, prompt=not args.no_prompt))
    bad = sum(finding.level == "problem" for finding in found)
    if args.json:
        findings = [
            {"level": each.level, "name": each.name, "text": each.text, "remedy": each.remedy}
            for each in found
        ]
        print(json.dumps({"version": __version__, "findings": findings, "ok": not bad}, ensure_ascii=False))
    else:
        print(f"\n{_verdict(bad)}")
    return _FAILED if bad else _DONE


def _page(finding: "Finding") -> str:
    """The finding, its remedy below it on lines of its own."""
    wide = max(_NARROWEST, width())
    margin = " " * (_LEVEL + _NAME)
    first, *rest = textwrap.wrap(
        finding.text,
        wide - len(margin),
        break_on_hyphens=False,
    )
    level = paint(f"{finding.level:{_LEVEL}}", _STYLES[finding.level])
    lines = [f"{level}{finding.name:{_NAME}}{first}", *(margin + line for line in rest)]
    if finding.remedy:
        remedy = textwrap.wrap(
            as_started(finding.remedy),
            wide,
            initial_indent=f"{margin}fix: ",
            subsequent_indent=f"{margin}     ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += [paint(line, DIM) for line in remedy]
    return "\n".join(lines)


def _verdict(bad: int) -> str:
    if not bad:
        return "Nothing here needs you."
    return f"{bad} problem{'s' if bad > 1 else ''} that only you can mend."


T = TypeVar("T")
R = TypeVar("R")
_FIRST_LIMIT = 5.0  # seconds for daemon and settings, which tell what to check
_LIMIT = 13.0  # seconds for every other check

Check = Coroutine[Any, Any, list[Finding]]


async def examine(tell: Callable[[Finding], None], *, prompt: bool) -> None:
    """Tell all findings; with `prompt` a test notification is shown."""
    status = asyncio.create_task(running.ask_daemon())
    verdict = asyncio.create_task(running.read_settings())
    await asyncio.wait((status, verdict), timeout=_FIRST_LIMIT)
    word = partial(_of, status, running.word_on_notify)
    async with probing(_plan(verdict)) as probe:
        checks = {
            surroundings.VERSIONS: _of(status, surroundings.check_versions),
            running.DAEMON: _of(status, running.check_daemon),
            running.SETTINGS: _of(verdict, running.check_settings),
            desktop.SESSION_BUS: desktop.check_session_bus(probe),
            desktop.SYSTEM_BUS: desktop.check_system_bus(probe),
            NOTIFICATIONS: check_notifications(probe, word, prompt=prompt),
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


async def _of(answer: "asyncio.Task[T]", check: Callable[[T], R]) -> R:
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
