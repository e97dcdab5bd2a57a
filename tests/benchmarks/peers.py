"""What other reminders that Debian ships take, beside neckguard: side by side, at the same time.

Each has a desk of its own, all alike: an X server, a bus, dunst, and a tray where it wants to be in one. All
run as they come, on their first day. What counts is the process and all that come from it; what a bus starts
for it (the accessibility service, dconf) belongs to the desktop. From the second minute on they are watched
while nobody touches anything, and again from the second minute of typing on. Each does then what it does:
after four minutes neckguard finds that somebody has left, and lets its history be read, as once a day; after
three of typing Workrave asks for a break.

Whoever goes to sleep by itself, be it to wait for the disk, is to be woken: such sleeps of all threads are
counted, but those of children that come and go, as Safe Eyes has them, are not: of these only the CPU time is
known. What a process shares (PSS) is divided by all that share it, whoever else on this machine it is.
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.desk import daemon, home, in_tray, spawn
from benchmarks.processes import Usage, family, memory_of_all, usage_of_all
from benchmarks.states import keep_typing
from benchmarks.tables import say_markdown, say_plain
from jeepney import DBusErrorResponse

FIRST_MINUTE = 60.0  # seconds
COMES_UP_WITHIN = 15.0  # the same: whoever is not in the tray then does not mean to be


@dataclass(frozen=True)
class Peer:
    """A program that reminds, as Debian ships it."""

    name: str
    command: str  # the package has the same name
    settings: tuple[tuple[str, str], ...] = ()  # files in their home, and what is in them


PEERS = (
    Peer("Safe Eyes", "safeeyes"),
    Peer("Workrave", "workrave"),
    # Without this it greets in a window first.
    Peer(
        "RSIBreak",
        "rsibreak",
        ((".config/rsibreakrc", "[Notification Messages]\ndont_show_welcome_again_for_001=false\n"),),
    ),
)


@dataclass(frozen=True)
class Life:
    """A program at work on its desk."""

    name: str
    env: dict[str, str]
    process: subprocess.Popen[bytes]

    def usage(self) -> Usage:
        """Of all its processes."""
        return usage_of_all(family(self.process.pid))


@dataclass(frozen=True)
class Look:
    """What was seen of one program."""

    name: str
    rss: int  # kilobytes
    pss: int  # the same
    wakeups: tuple[float, float]  # a minute: while nobody touches anything, while somebody types
    cpu: tuple[float, float]  # milliseconds a minute: the same


def measure_peers(minutes: float, peers: Sequence[Peer] = PEERS, *, markdown: bool = False) -> None:
    """Watch them for so many minutes in either state, and print a table."""
    there = [peer for peer in peers if shutil.which(peer.command)]
    for peer in peers:
        if peer not in there:
            print(f"{peer.name} is not measured: the package {peer.command} is not installed")
    with ExitStack() as stack:
        lives = [start_neckguard(stack), *(start(stack, peer) for peer in there)]
        looks = watch(stack, lives, minutes)
    print((say_markdown if markdown else say_plain)(as_rows(looks)))


def start_neckguard(stack: ExitStack) -> Life:
    """The daemon, everything on, on a desk of its own."""
    env = desk(stack)
    process, _ = stack.enter_context(daemon(env))
    stack.enter_context(in_tray(env))
    return Life("neckguard", env, process)


def start(stack: ExitStack, peer: Peer) -> Life:
    """A peer on a desk of its own."""
    env = desk(stack)
    for file, text in peer.settings:
        (Path(env["HOME"]) / file).write_text(text)
    process = spawn(stack, env, peer.command)
    try:
        stack.enter_context(in_tray(env, COMES_UP_WITHIN))
    except (TimeoutError, DBusErrorResponse):
        print(f"{peer.name} shows nothing in the tray")
    return Life(f"{peer.name} {version(peer.command)}".strip(), env, process)


def desk(stack: ExitStack) -> dict[str, str]:
    """The environment of a new one, where cards can be shown."""
    base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ng-")))
    env = stack.enter_context(home(base))
    time.sleep(1)  # so that nobody starts another server of notifications than dunst
    return env


def version(package: str) -> str:
    """That is installed, without what Debian adds to it. Empty: it is no package."""
    asked = ["dpkg-query", "--show", "--showformat=${Version}", package]
    found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return found.rpartition(":")[2].partition("-")[0]


def watch(stack: ExitStack, lives: Sequence[Life], minutes: float) -> list[Look]:
    """Look at them in both states."""
    still = spend(lives, minutes)
    families = [family(life.process.pid) for life in lives]
    memory = [memory_of_all(pids) for pids in families]
    for life in lives:
        keep_typing(stack, life.env)
    typing = spend(lives, minutes)
    return [
        Look(life.name, *sizes, *zip(hands_off, hands_on, strict=True))
        for life, pids, sizes, hands_off, hands_on in zip(lives, families, memory, still, typing, strict=True)
    ]


def spend(lives: Sequence[Life], minutes: float) -> list[tuple[float, float]]:
    """Wake-ups, and milliseconds of CPU, that each took per minute, from the second minute on."""
    time.sleep(FIRST_MINUTE)
    before = [life.usage() for life in lives]
    time.sleep(minutes * 60)
    taken = [life.usage().since(earlier) for life, earlier in zip(lives, before, strict=True)]
    for life in lives:
        if life.process.poll() is not None:
            raise SystemExit(f"{life.name} ended by itself, with {life.process.returncode}")
    return [(each.wakeups / minutes, (each.cpu + each.children) * 1000 / minutes) for each in taken]


def as_rows(looks: Sequence[Look]) -> list[list[str]]:
    """The table: a row for each figure, a column for each program."""
    return [
        ["", *(look.name for look in looks)],
        ["memory", *(f"{look.rss / 1024:.1f} MB" for look in looks)],
        ["memory, what is shared divided", *(f"{look.pss / 1024:.1f} MB" for look in looks)],
        ["wake-ups a minute, hands off", *(f"{look.wakeups[0]:.1f}" for look in looks)],
        ["… while typing", *(f"{look.wakeups[1]:.1f}" for look in looks)],
        ["CPU a minute, hands off", *(f"{look.cpu[0]:.1f} ms" for look in looks)],
        ["… while typing", *(f"{look.cpu[1]:.1f} ms" for look in looks)],
    ]
