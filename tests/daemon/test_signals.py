import asyncio
import os
import signal
import threading
import warnings
from collections.abc import Callable

from support.helpers import patient

from neckguard.daemon.life import Signals


def hear(provoke: Callable[[], None]) -> list[str]:
    """What a sleeping loop heard by the time of a SIGTERM."""

    async def live() -> list[str]:
        heard: list[str] = []
        end = asyncio.Event()
        answers: dict[int, Callable[[], object]] = {
            signal.SIGHUP: lambda: heard.append("hang up"),
            signal.SIGTERM: end.set,
        }
        signals = Signals(answers)
        try:
            provoke()
            async with asyncio.timeout(patient(30)):
                await end.wait()
        finally:
            signals.close()
        return heard

    return asyncio.run(live())


def raise_both() -> None:
    os.kill(os.getpid(), signal.SIGHUP)
    os.kill(os.getpid(), signal.SIGTERM)


def test_each_signal_has_its_answer_in_the_loop() -> None:
    assert hear(raise_both) == ["hang up"]


def test_a_signal_wakes_a_loop_that_sleeps() -> None:
    assert hear(threading.Timer(0.1, raise_both).start) == ["hang up"]


def test_a_signal_of_somebody_else_is_left_to_them() -> None:
    others: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, _: others.append(number))
    try:

        def provoke() -> None:
            os.kill(os.getpid(), signal.SIGUSR1)
            raise_both()

        assert hear(provoke) == ["hang up"]
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert others == [signal.SIGUSR1]


def test_what_was_before_is_there_again_once_it_is_closed() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGTERM)]
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        hear(raise_both)
    assert [signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGTERM)] == before
    assert signal.set_wakeup_fd(-1) == -1
