"""What processes take: memory, time on a processor, and waking up."""

import os
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_TICKS = os.sysconf("SC_CLK_TCK")


def rss_of(pid: int) -> int:
    """Kilobytes of resident memory."""
    return _number(Path(f"/proc/{pid}/status"), "VmRSS")


@dataclass(frozen=True)
class Usage:
    """What was taken since the start."""

    cpu: float  # seconds on a processor
    children: float  # the same, of children that have ended
    sleeps: dict[int, int]  # how often each thread went to sleep by itself

    def since(self, earlier: Self) -> "Taken":
        """What was taken meanwhile; what threads that have ended did is not known."""
        return Taken(
            self.cpu - earlier.cpu,
            self.children - earlier.children,
            sum(count - earlier.sleeps.get(thread, 0) for thread, count in self.sleeps.items()),
        )


@dataclass(frozen=True)
class Taken:
    """What was taken between two looks."""

    cpu: float  # seconds on a processor
    children: float  # the same, of children that ended meanwhile
    wakeups: int  # who goes to sleep by itself is to be woken


def usage(pid: int) -> Usage:
    """Of one process."""
    own = time.clock_gettime(~pid << 3 | 2)  # clock_getcpuclockid(3): in nanoseconds, not in ticks
    of_children = _stat(Path(f"/proc/{pid}/stat"))[13:15]
    sleeps = {}
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        with suppress(OSError):  # a thread that has just ended
            sleeps[int(status.parent.name)] = _number(status, "voluntary_ctxt_switches")
    return Usage(own, sum(map(int, of_children)) / _TICKS, sleeps)


def usage_of_all(pids: Iterable[int]) -> Usage:
    """Of several processes."""
    cpu = children = 0.0
    sleeps: dict[int, int] = {}
    for pid in pids:
        with suppress(OSError):  # one that has just ended
            one = usage(pid)
            cpu, children, sleeps = cpu + one.cpu, children + one.children, sleeps | one.sleeps
    return Usage(cpu, children, sleeps)


def memory_of_all(pids: Iterable[int]) -> tuple[int, int]:
    """Kilobytes that are resident, and that are theirs once what is shared is divided by who shares it."""
    rss = pss = 0
    for pid in pids:
        with suppress(OSError):
            sums = Path(f"/proc/{pid}/smaps_rollup")
            rss, pss = rss + _number(sums, "Rss"), pss + _number(sums, "Pss")
    return rss, pss


def family(pid: int) -> list[int]:
    """The process and all that come from it."""
    children = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            children[int(_stat(stat)[1])].append(int(stat.parent.name))
    found = [pid]
    for each in found:
        found += children[each]
    return found


def _stat(path: Path) -> list[str]:
    """The fields after the name, which may have blanks."""
    return path.read_text().rpartition(")")[2].split()


def _number(path: Path, label: str) -> int:
    lines = path.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{label}:"))
