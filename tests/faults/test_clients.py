"""Clients of every bad sort at once: a `pause` is answered all the while, and nobody is harmed."""

import os
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from support.chance import Chance
from support.helpers import patient
from support.life import Life
from support.wire import Wire

_PROMPT = 2.0  # seconds within which a `pause` is answered, come what may


class Stranger:
    """Somebody at the control socket who does not know how to behave."""

    def __init__(self, life: Life, seed: int) -> None:
        self._life, self._chance = life, random.Random(seed)

    def misbehave(self) -> None:
        """Come, do something odd, and leave."""
        ways = (self._silent, self._slow, self._endless, self._half, self._garbage, self._gone, self._deaf)
        with suppress(OSError), Wire(self._life.runtime) as wire:
            wire.link.settimeout(2)
            self._chance.choice(ways)(wire.link)

    def _silent(self, link: socket.socket) -> None:
        link.recv(1)

    def _slow(self, link: socket.socket) -> None:
        for byte in b'{"v": 1, "command": "status"}\n':
            link.send(bytes((byte,)))
            link.settimeout(0.03)
            with suppress(TimeoutError):
                link.recv(1)

    def _endless(self, link: socket.socket) -> None:
        for _ in range(100):
            link.sendall(b"x" * 65536)

    def _half(self, link: socket.socket) -> None:
        link.sendall(b'{"v": 1, "command": "pau')

    def _garbage(self, link: socket.socket) -> None:
        for _ in range(20):
            link.sendall(self._chance.randbytes(self._chance.randint(1, 3000)) + b"\n")
            link.recv(65536)

    def _gone(self, link: socket.socket) -> None:
        link.sendall(b'{"v": 1, "command": "why"}\n')

    def _deaf(self, link: socket.socket) -> None:
        link.sendall(b'{"v": 1, "command": "follow"}\n' * 3)
        link.sendall(b'{"v": 1, "command": "status"}\n' * 1000)


@contextmanager
def _strangers(life: Life, chance: Chance, count: int) -> Iterator[None]:
    """So many at once; who leaves is followed by another."""
    over = threading.Event()

    def come(seed: int) -> None:
        stranger = Stranger(life, seed)
        while not over.is_set():
            stranger.misbehave()

    crowd = [threading.Thread(target=come, args=(chance.getrandbits(32),)) for _ in range(count)]
    for each in crowd:
        each.start()
    try:
        yield
    finally:
        over.set()
        for each in crowd:
            each.join()


def _most_memory(life: Life) -> int:
    """What the daemon took at most until now, in kB."""
    assert life.process is not None
    status = Path(f"/proc/{life.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def test_a_pause_is_answered_among_clients_of_every_bad_sort(life: Life, chance: Chance) -> None:
    life.begin()
    with _strangers(life, chance, 40):
        for number in chance.rounds():
            began = time.monotonic()
            answer = life.ask(*(["pause", f"{number + 1}h"] if chance.one_in(2) else ["resume"]))
            assert (answer.code, answer.err) == (0, "")
            assert time.monotonic() - began < patient(_PROMPT)
    assert "Traceback" not in life.text()
    assert _most_memory(life) < 40_000  # kB: half as much again as at rest


@pytest.mark.parametrize("count", [32, 100])
def test_a_pause_is_answered_behind_a_silent_crowd(life: Life, count: int) -> None:
    life.begin()
    with ExitStack() as crowd:
        for _ in range(count):
            crowd.enter_context(Wire(life.runtime))
        began = time.monotonic()
        assert life.ask("pause").code == 0
        assert time.monotonic() - began < patient(_PROMPT)
        assert life.process is not None
        taken = os.listdir(f"/proc/{life.process.pid}/fd")
        assert len(taken) < 70, "no more are let in than there is room for"
