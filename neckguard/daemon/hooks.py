"""The person's own programs, run when something happens."""

import asyncio
import logging
import os
from asyncio.subprocess import DEVNULL

from neckguard import process
from neckguard.core import plan

_log = logging.getLogger(__name__)

_AT_ONCE = 4
_PREFIX = "NECKGUARD_HOOK_"


class Hooks:
    """Starts what `[hooks]` names, without a shell, and looks after it. Nothing here waits or raises."""

    def __init__(self, settings: plan.HookSettings) -> None:
        self._settings = settings
        self._running: set[asyncio.Task[None]] = set()
        self._missing: set[str] = set()

    def configure(self, settings: plan.HookSettings) -> None:
        """Use other settings from now on."""
        self._settings = settings
        self._missing.clear()

    def fire(self, name: str, about: dict[str, str]) -> None:
        """Run the hook, if there is one.

        `{"reminder": "posture"}` reaches it as NECKGUARD_HOOK_REMINDER, its own name as NECKGUARD_HOOK_NAME.
        """
        argv: tuple[str, ...] = getattr(self._settings, name)
        if not argv or not self._is_there(name, argv[0]):
            return
        if len(self._running) >= _AT_ONCE:
            _log.warning("Hook %s not run: %d hooks are still at work.", name, _AT_ONCE)
            return
        # The kernel takes no NUL in the environment.
        variables = {f"{_PREFIX}{key.upper()}": value.replace("\0", "") for key, value in about.items()}
        variables[f"{_PREFIX}NAME"] = name
        task = asyncio.get_running_loop().create_task(_run(name, argv, variables, self._settings.timeout))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        """Kill what still runs."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _is_there(self, name: str, program: str) -> bool:
        if process.find(program):
            return True
        if program not in self._missing:
            self._missing.add(program)
            _log.warning("Hook %s not run: there is no program %s.", name, program)
        return False


async def _run(name: str, argv: tuple[str, ...], variables: dict[str, str], limit: float) -> None:
    wrapper = _outside_the_service(variables, limit)
    try:
        ended = await process.run(
            *wrapper,
            *(_unexpanded(part) if wrapper else part for part in argv),
            limit=limit,
            env={**os.environ, **variables},
            stdout=DEVNULL,
            stderr=None,
        )
    except TimeoutError:
        _log.warning("Hook %s killed: it took longer than %g s.", name, limit)
    except (OSError, ValueError) as error:
        _log.warning("Hook %s not run: %s.", name, error)
    else:
        level = logging.INFO if ended.code else logging.DEBUG
        _log.log(level, "Hook %s ended with exit code %d.", name, ended.code)


def _outside_the_service(variables: dict[str, str], limit: float) -> tuple[str, ...]:
    """The command before the command under systemd, whose unit allows us no network: hooks may want one."""
    program = process.find("systemd-run")
    if "INVOCATION_ID" not in os.environ or not program:
        return ()
    return (
        program,
        *("--user", "--collect", "--quiet", "--wait"),
        f"--property=RuntimeMaxSec={limit:g}s",
        *("--property=StandardOutput=null", "--property=StandardError=journal"),
        *(f"--setenv={key}={value}" for key, value in variables.items()),
        "--",
    )


def _unexpanded(part: str) -> str:
    """The argument as it is: the service manager would put variables in the place of `$NAME`."""
    return part.replace("$", "$$")
