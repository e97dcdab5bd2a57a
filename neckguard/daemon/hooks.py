"""The person's own programs, run when something happens."""

import asyncio
import logging
import os
from asyncio.subprocess import DEVNULL

from neckguard import process
from neckguard.core import Happening, Outcome, model, plan
from neckguard.lookup import HOOKS
from neckguard.texts import clean

_log = logging.getLogger(__name__)

_AT_ONCE = 4
# What a hook complains of goes into the log as far as people would read it: so many lines and bytes. After so
# many more bytes nobody listens.
_LINES, _KEPT, _ENOUGH = 10, 2000, 1 << 20
_PIECE = 1 << 16
_PREFIX = "NECKGUARD_HOOK_"
_HOOK_OF: dict[Outcome | Happening, str] = {
    Happening.SHOWN: "on_prompt",
    Happening.BREAK_START: "on_break_start",
    Happening.BREAK_END: "on_break_end",
    **dict.fromkeys(Outcome, "on_outcome"),
}


class Hooks:
    """Starts what `[hooks]` names, without a shell, and looks after it. Nothing here waits or raises."""

    def __init__(self, settings: plan.HookSettings) -> None:
        self._settings = settings
        self._running: set[asyncio.Task[None]] = set()
        self._failures: dict[str, str] = {}
        self._known_missing: frozenset[str] = frozenset()

    def configure(self, settings: plan.HookSettings) -> None:
        """Use other settings from now on. What they name that is not there, they have said themselves."""
        self._settings = settings
        self._failures.clear()
        argvs = (getattr(settings, name) for name in HOOKS)
        self._known_missing = frozenset(argv[0] for argv in argvs if argv and not process.find(argv[0]))

    def hear(self, record: model.Record) -> None:
        """Run the hook that waits for this to happen, if there is one."""
        if hook := _HOOK_OF.get(record.what):
            about = {"reminder": record.reminder, "kind": record.kind or "", "outcome": record.what}
            self.fire(hook, {**about, "prompt": str(record.prompt), "reason": record.reason})

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
        # Hooks show it, or have it spoken; and the kernel takes no NUL in the environment.
        variables = {f"{_PREFIX}{key.upper()}": clean(value) for key, value in about.items()}
        variables[f"{_PREFIX}NAME"] = name
        task = asyncio.get_running_loop().create_task(self._run(name, argv, variables))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        """Kill what still runs."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    @property
    def problem(self) -> str:
        """The hooks that could not run when they should have, last; empty if there is none."""
        return "; ".join(f"{name}: {why}" for name, why in self._failures.items())

    def _is_there(self, name: str, program: str) -> bool:
        if process.find(program):
            return True
        why = f"there is no program {program}"
        if program not in self._known_missing and self._failures.get(name) != why:
            self._failures[name] = why
            _log.warning("Hook %s not run: %s.", name, why)
        return False

    async def _run(self, name: str, argv: tuple[str, ...], variables: dict[str, str]) -> None:
        limit = self._settings.timeout
        wrapper = process.outside_the_service(variables, f"--property=RuntimeMaxSec={limit:g}s")
        try:
            with _Complaints(name) as stderr:
                ended = await process.run(
                    *wrapper,
                    *(_unexpanded(part) if wrapper else part for part in argv),
                    limit=limit,
                    env={**os.environ, **variables},
                    stdout=DEVNULL,
                    stderr=stderr,
                )
        except TimeoutError:
            self._failures[name] = f"it took longer than {limit:g} s"
            _log.warning("Hook %s killed: %s.", name, self._failures[name])
        except (OSError, ValueError) as error:
            self._failures[name] = str(error)
            _log.warning("Hook %s not run: %s.", name, error)
        else:
            # What it makes of the matter is its own affair: playerctl fails where nothing plays.
            self._failures.pop(name, None)
            level = logging.INFO if ended.code else logging.DEBUG
            _log.log(level, "Hook %s ended with exit code %d.", name, ended.code)


class _Complaints:
    """A pipe for what a hook says on stderr; how that begins is logged when the hook has ended.

    Not a pipe of the child's: programs that a hook leaves behind keep it open, and nobody waits for them.
    They are heard out, though: a closed one would kill them.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop = asyncio.get_running_loop()
        self._begun = b""
        self._size = 0

    def __enter__(self) -> int:
        self._ear, self._mouth = os.pipe()
        os.set_blocking(self._ear, False)
        self._loop.add_reader(self._ear, self._hear)
        return self._mouth

    def __exit__(self, *_: object) -> None:
        os.close(self._mouth)
        lines = [line for line in self._begun.decode(errors="replace").splitlines() if line.strip()]
        for line in lines[:_LINES]:
            _log.info("Hook %s says: %s", self._name, clean(line))
        if self._size > len(self._begun) or len(lines) > _LINES:
            _log.info("Hook %s says more than the log keeps.", self._name)

    def _hear(self) -> None:
        """Take all there is, up to its end, or to where it is enough."""
        while self._ear >= 0:
            try:
                piece = os.read(self._ear, _PIECE)
            except BlockingIOError:
                return
            self._begun += piece[: _KEPT - len(self._begun)]
            self._size += len(piece)
            if not piece or self._size > _ENOUGH:
                self._loop.remove_reader(self._ear)
                os.close(self._ear)
                self._ear = -1


def _unexpanded(part: str) -> str:
    """The argument as it is: the service manager would put variables in the place of `$NAME`."""
    return part.replace("$", "$$")
