"""Signals, answered in the loop.

As `loop.add_signal_handler` does; but that loads `inspect` to see what it is given, 0.9 MB for good.
"""

import asyncio
import signal
import socket
from collections.abc import Callable, Mapping
from types import FrameType


class Signals:
    """Calls these answers, each by the number of its signal, until it is closed. In the main thread only."""

    def __init__(self, answers: Mapping[int, Callable[[], object]]) -> None:
        self._answers = answers
        # Python writes their numbers there as they come: without that, one that comes just before the loop
        # goes to sleep would not wake it.
        self._hearing, self._telling = socket.socketpair()
        self._hearing.setblocking(False)
        self._telling.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._hearing, self._hear)
        signal.set_wakeup_fd(self._telling.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, _let_come) for number in answers}

    def close(self) -> None:
        """Leave them to whoever answered before."""
        for number, answer in self._before.items():
            signal.signal(number, answer)
        signal.set_wakeup_fd(-1)
        self._loop.remove_reader(self._hearing)
        self._hearing.close()
        self._telling.close()

    def _hear(self) -> None:
        for number in self._hearing.recv(4096):
            if number in self._answers:
                self._answers[number]()


def _let_come(_number: int, _frame: FrameType | None) -> None:
    """Nothing: what is ignored, or left to the system, would not be written anywhere."""
