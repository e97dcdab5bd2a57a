"""Killed at any moment, in one boot or many, on any disk: what was acknowledged is there afterwards, once."""

import os
import shutil
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from support.books import Books
from support.chance import Chance
from support.command import started
from support.helpers import give_up, own_disk, wait_until
from support.life import Life
from support.wire import Wire


def _talk_until_killed(
    life: Life, books: Books, chance: Chance, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Verb after verb, until the daemon is gone in the midst of one."""
    killer = threading.Timer(chance.uniform(0, 0.4), life.kill)
    with Wire(life.runtime) as wire:
        killer.start()
        while books.say_something(wire, chance):
            meanwhile()
    killer.join()


def _kill_as_it_starts(life: Life, chance: Chance) -> None:
    life.start()
    time.sleep(chance.uniform(0, 0.5))
    life.kill()


def _come_to_an_end(life: Life, books: Books) -> None:
    life.begin()
    books.compare(life)
    assert books.acknowledged
    assert "Traceback" not in life.text()


def test_what_was_acknowledged_outlives_a_kill_at_any_moment(life: Life, chance: Chance) -> None:
    books = Books()
    for _ in chance.rounds():
        if chance.one_in(4):
            _kill_as_it_starts(life, chance)
        life.begin()
        books.compare(life)
        _talk_until_killed(life, books, chance)
    _come_to_an_end(life, books)


def _other_boot(life: Life, chance: Chance) -> list[str]:
    """What, put before the daemon, starts it as if in another boot: its id and the time since are others."""
    boot_id = life.base / "boot_id"
    boot_id.write_text(f"{uuid.UUID(int=chance.getrandbits(128), version=4)}\n")
    shift = round(chance.choice((30 - time.clock_gettime(time.CLOCK_BOOTTIME), chance.uniform(0, 1e6))))
    mount = f'mount --bind {boot_id} /proc/sys/kernel/random/boot_id && exec "$@"'
    return ["unshare", "--mount", "--time", f"--boottime={shift}", "sh", "-c", mount, "sh"]


def test_what_was_acknowledged_outlives_power_cuts(life: Life, chance: Chance) -> None:
    tried = subprocess.run([*_other_boot(life, chance), "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        give_up(f"needs clocks and mounts of its own: {tried.stderr}")
    books = Books()
    for _ in chance.rounds():
        life.wrapper = _other_boot(life, chance)
        life.begin()
        books.compare(life)
        _talk_until_killed(life, books, chance)
        shutil.rmtree(life.runtime)
    _come_to_an_end(life, books)


class _SmallDisk:
    """Where the state is kept; it is full every now and then."""

    def __init__(self, filler: Path) -> None:
        self._filler = filler

    def change(self, chance: Chance) -> None:
        if chance.one_in(3):
            self.fill()
        elif chance.one_in(3):
            self.free()

    def fill(self) -> None:
        with self._filler.open("wb", buffering=0) as file:
            try:
                while file.write(b"x" * 4096):
                    continue
            except OSError:
                return

    def free(self) -> None:
        self._filler.unlink(missing_ok=True)


@contextmanager
def _small_disk(life: Life) -> Iterator[_SmallDisk]:
    """A disk of its own for what the daemon keeps, for all its lives."""
    place = life.state.parent
    with started(*own_disk(place), "sleep", "infinity") as holder:
        comm = Path(f"/proc/{holder.pid}/comm")
        wait_until(lambda: comm.read_text() == "sleep\n")
        apart = ["--mount"] if os.geteuid() == 0 else ["--user", "--preserve-credentials", "--mount"]
        life.wrapper = ["nsenter", *apart, f"--target={holder.pid}", "--"]
        yield _SmallDisk(Path(f"/proc/{holder.pid}/root{place}/filler"))
        life.kill()


def test_what_was_acknowledged_outlives_kills_on_a_disk_that_is_full_now_and_then(
    life: Life, chance: Chance
) -> None:
    books = Books()
    with _small_disk(life) as disk:
        for _ in chance.rounds():
            _kill_as_it_starts(life, chance)
            disk.free()  # before it starts: what waits for the history is written then
            life.begin()
            books.compare(life)
            _talk_until_killed(life, books, chance, lambda: disk.change(chance))
        disk.free()
        _come_to_an_end(life, books)
