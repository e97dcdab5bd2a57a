import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from support.helpers import eventually
from support.mutter_helpers import Ear, hearing

from neckguard.desktop.presence import source as presence_source
from neckguard.desktop.presence.source import Poller
from neckguard.errors import SourceLost

STEP = 0.05


class Keyboard:
    """Idle times by the loop's clock; each next_input is undone when cancelled."""

    name, note = "keyboard", ""

    def __init__(self, idle: float = 0.0) -> None:
        self.poller = Poller(self)
        self.watch = self.poller.watch
        self.serve = self.poller.serve
        self.asked = 0
        self.listeners: list[asyncio.Future[None]] = []
        self.undone = 0
        self.fault = ""
        self.last = asyncio.get_running_loop().time() - idle

    async def look(self) -> float | None:
        return await self.ask()

    async def ask(self) -> float:
        self.asked += 1
        await asyncio.sleep(0)
        if self.fault:
            raise SourceLost(self.fault)
        return asyncio.get_running_loop().time() - self.last

    def next_input(self) -> Coroutine[Any, Any, None]:
        return self._listen()

    async def _listen(self) -> None:
        heard: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.listeners.append(heard)
        try:
            await heard
        except asyncio.CancelledError:
            self.undone += 1
            raise
        finally:
            self.listeners.remove(heard)

    def press(self) -> None:
        self.last = asyncio.get_running_loop().time()
        self.event()

    def event(self) -> None:
        """Something that wakes the listener, of whatever kind."""
        for heard in self.listeners:
            if not heard.done():
                heard.set_result(None)


class Hasty(Keyboard):
    """Somebody presses a key after the question for the idle time, before anybody listens."""

    async def ask(self) -> float:
        answer = await super().ask()
        if self.asked == 1:
            self.press()
        return answer


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence_source, "LEAST_PAUSE", 0.001)


def test_idleness_is_told_when_it_reaches_the_threshold_and_then_the_next_input() -> None:
    async def story() -> None:
        keyboard = Keyboard()
        keyboard.watch(STEP)
        async with hearing(keyboard) as ear:
            await eventually(lambda: "idle" in ear.trace)
            asked = keyboard.asked
            assert ear.trace[-1] == "idle"
            assert ear.trace[0] == "input"
            assert ear.idles[-1] >= STEP
            await asyncio.sleep(STEP * 3)
            assert keyboard.asked == asked  # nobody is there: nothing is asked
            del ear.trace[:]
            keyboard.watch(10)
            await ear.has_heard("input")

    asyncio.run(story())


def test_each_absence_is_told_with_its_return() -> None:
    async def story() -> None:
        keyboard = Keyboard(idle=100)
        keyboard.watch(50)
        async with hearing(keyboard) as ear:
            await ear.has_heard("idle")
            keyboard.press()
            await ear.has_heard("idle", "input")
            keyboard.last -= 100
            keyboard.watch(50)
            await ear.has_heard("idle", "input", "idle")
            keyboard.press()
            await ear.has_heard("idle", "input", "idle", "input")
            assert [round(idle / 50) for idle in ear.idles] == [2, 0, 2, 0]

    asyncio.run(story())


def test_an_input_between_the_question_and_the_listening_is_not_lost() -> None:
    async def story() -> None:
        keyboard = Hasty(idle=100)
        keyboard.watch(50)
        async with hearing(keyboard) as ear:
            await ear.has_heard("input")
            assert ear.idles[0] < 50
            assert (keyboard.undone, keyboard.listeners) == (1, [])

    asyncio.run(story())


def test_a_new_threshold_counts_at_once() -> None:
    async def story() -> None:
        keyboard = Keyboard(idle=100)
        keyboard.watch(1000)
        async with hearing(keyboard) as ear:
            await ear.has_heard("input")
            keyboard.watch(50)  # while it waits for the threshold
            await ear.has_heard("input", "idle")
            keyboard.watch(60)  # while it waits for an input
            await ear.has_heard("input", "idle", "idle")
            keyboard.watch(200)
            await ear.has_heard("input", "idle", "idle", "input")
            assert keyboard.listeners == []

    asyncio.run(story())


def test_with_a_short_threshold_inputs_are_told_again_and_again() -> None:
    async def story() -> None:
        keyboard = Keyboard()
        keyboard.watch(STEP)
        async with hearing(keyboard) as ear:
            while ear.trace.count("input") < 3:
                keyboard.press()
                await asyncio.sleep(STEP / 10)

    asyncio.run(story())


@pytest.mark.parametrize("idle", [0, 100])
def test_a_question_that_fails_ends_it(idle: float) -> None:
    async def story() -> None:
        keyboard = Keyboard(idle=idle)
        keyboard.watch(50)
        async with hearing(keyboard) as ear:
            await eventually(lambda: ear.trace)
            keyboard.fault = "the keyboard melted"
            keyboard.poller.ask_soon()
            assert await ear.hears_of_loss() == "the keyboard melted"
            assert keyboard.listeners == []

    asyncio.run(story())


def test_listening_that_fails_ends_it() -> None:
    async def story() -> None:
        keyboard = Keyboard(idle=100)
        keyboard.watch(50)
        async with hearing(keyboard) as ear:
            await ear.has_heard("idle")
            keyboard.listeners[0].set_exception(SourceLost("unplugged"))
            assert await ear.hears_of_loss() == "unplugged"
            assert keyboard.undone == 0

    asyncio.run(story())


def test_at_the_end_nothing_is_left_behind() -> None:
    async def story() -> None:
        keyboard = Keyboard(idle=100)
        keyboard.watch(50)
        async with hearing(keyboard) as ear:
            await ear.has_heard("idle")
        assert (keyboard.undone, keyboard.listeners) == (1, [])
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(story())


def test_events_that_are_no_input_do_not_keep_it_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gamepad that lies on the desk and trembles."""
    monkeypatch.setattr(presence_source, "LEAST_PAUSE", 3600.0)

    async def story() -> None:
        keyboard = Keyboard(idle=100)
        keyboard.watch(50)
        async with hearing(keyboard) as ear:
            await ear.has_heard("idle")
            asked = keyboard.asked
            for _ in range(20):
                keyboard.event()
                await asyncio.sleep(0.001)
            assert (keyboard.asked, ear.trace) == (asked, ["idle"])

    asyncio.run(story())


def test_an_idle_time_that_stands_still_below_the_threshold_does_not_keep_it_busy() -> None:
    class Stopped(Keyboard):
        async def ask(self) -> float:
            await super().ask()
            return 49.9999

    async def story() -> Ear:
        keyboard = Stopped()
        keyboard.watch(50)
        async with hearing(keyboard) as ear:
            await asyncio.sleep(0.05)
        return ear

    presence_source.LEAST_PAUSE = 3600.0  # the fixture puts it back
    assert asyncio.run(story()).trace == ["input"]
