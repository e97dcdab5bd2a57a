"""Whether one of the programs that the person named runs, when asked: one pass over this user's processes."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from neckguard.core import QuietChanged, QuietReason

_RUNS = "a program you named is running"
_CUT = 15  # characters that the kernel keeps of a name (TASK_COMM_LEN)
_GONE = " (deleted)"  # what it adds to a file that an update replaced
_DEAD = "Z"  # and not yet noticed by its parent
_AT_ONCE = 16  # processes between two breaths of the loop


class Programs:
    """Looks for the quiet reason `program`, and tells it each time.

    `proc` is where the kernel shows its things.
    """

    def __init__(self, tell: Callable[[QuietChanged], None], *, proc: str = "/proc") -> None:
        self._tell = tell
        self._proc = proc
        self._wanted: dict[str, str] = {}  # as they are compared, and as they were written
        self._seen = ""

    def configure(self, programs: tuple[str, ...]) -> None:
        """What to look for from now on."""
        self._wanted = {name.casefold(): name for name in programs}

    async def look(self) -> None:
        """Look once, and tell."""
        found = await self._running() if self._wanted else set()
        self._seen = ", ".join(self._wanted[each] for each in sorted(found))
        self._tell(QuietChanged(QuietReason.PROGRAM, _RUNS if self._seen else "", self._seen))

    def status(self) -> dict[str, Any]:
        """What the last look saw: to be said now, not to be kept."""
        return {"ok": True, "problem": "", "running": self._seen}

    async def _running(self) -> set[str]:
        found: set[str] = set()
        own = os.getpid()  # whoever names python means others
        with suppress(OSError):
            processes = [name for name in os.listdir(self._proc) if name.isdigit() and int(name) != own]
            for number, process in enumerate(processes):
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(0)
                path = os.path.join(self._proc, process)
                called = self._wanted.keys() & set(_names(path))
                if called and _is_mine(path):
                    found |= called
        return found


def _is_mine(process: str) -> bool:
    """Whether it runs for this user. Its directory may be root's all the same, if it keeps secrets."""
    lines = (line.split() for line in _read(os.path.join(process, "status")).splitlines())
    given = {words[0]: words[1] for words in lines if len(words) > 1}
    return given.get("Uid:") == str(os.getuid()) and given.get("State:") != _DEAD


def _names(process: str) -> Iterator[str]:
    """What a process is called, ready to be compared: by the kernel, and by the file that it runs.

    A script that is started by its own name is called so by the kernel, not like its interpreter.
    """
    name = _read(os.path.join(process, "comm")).removesuffix("\n")
    yield name.casefold()
    with suppress(OSError):  # it keeps its file secret, or is another user's, or gone
        file = os.readlink(os.path.join(process, "exe"))
        yield os.path.basename(file.removesuffix(_GONE)).casefold()
    if len(name.encode()) >= _CUT:  # how it goes on stands in the command: its first word, a script's second
        words = map(os.path.basename, _read(os.path.join(process, "cmdline")).split("\0", 2)[:2])
        yield from (word.casefold() for word in words if word.startswith(name))


def _read(path: str) -> str:
    with suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
        return file.read(4096)
    return ""
