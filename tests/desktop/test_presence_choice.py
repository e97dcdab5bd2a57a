"""Which source tells of presence: the most trusted one that works, and another when it fails."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from support.helpers import eventually
from support.virtual import plan

from neckguard.core.events import Event, Idle, Input, KeptAwake, SourceChanged
from neckguard.desktop.presence import chooser as module
from neckguard.desktop.presence import source as source_module
from neckguard.desktop.presence.chooser import PresenceChooser
from neckguard.desktop.presence.holders import Holder
from neckguard.desktop.presence.source import SourceAbsent, Told
from neckguard.errors import SourceLost

NOW = 1000.0


class Fake:
    """A source that does as it is told."""

    def __init__(self, name: str, works: bool = True) -> None:
        self.name = name
        self.note = f"a note on {name}"
        self.works = works
        self.silent = False
        self.why_not: type[SourceLost] = SourceLost
        self.threshold = 0.0
        self.told: Told | None = None
        self.tries = 0
        self._lost = asyncio.Event()

    async def serve(self, told: Told) -> None:
        self.tries += 1
        self._lost.clear()
        if not self.works:
            raise self.why_not(f"{self.name} is not here.")
        self.told = told
        try:
            if not self.silent:
                told.input(1.0)
            await self._lost.wait()
        finally:
            self.told = None
        raise SourceLost(f"{self.name} broke.")

    def watch(self, threshold: float) -> None:
        self.threshold = threshold

    async def look(self) -> float | None:
        return 7.0

    def appear(self) -> None:
        self.works = True

    def break_down(self) -> None:
        self.works = False
        self._lost.set()


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ANSWERS_WITHIN", 0.2)
    monkeypatch.setattr(module, "_FIRST_GRACE", 0.1)
    monkeypatch.setattr(module, "_GRACE", 0.2)
    monkeypatch.setattr(source_module, "_FIRST_RETRY", 0.02)
    monkeypatch.setattr(source_module, "_LAST_RETRY", 0.1)


class Run:
    """A running chooser and what it told."""

    def __init__(self, *sources: Fake) -> None:
        self.events: list[Event] = []
        self.presence = PresenceChooser(sources, self.events.append, lambda: NOW)

    @property
    def sources(self) -> list[str]:
        return [event.source for event in self.events if isinstance(event, SourceChanged)]


@asynccontextmanager
async def running(*sources: Fake, wanted: str = "auto") -> AsyncIterator[Run]:
    run = Run(*sources)
    run.presence.configure(wanted)
    task = asyncio.create_task(run.presence.run())
    try:
        yield run
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert all(source.told is None for source in sources), "a source still serves"


def play(story: Callable[[], Any]) -> None:
    asyncio.run(story())


def test_the_most_trusted_source_that_works_tells() -> None:
    async def story() -> None:
        first, second, third = Fake("mutter", works=False), Fake("wayland"), Fake("x11")
        async with running(first, second, third) as run:
            await eventually(lambda: len(run.events) == 2)
            assert run.events == [SourceChanged("wayland"), Input(NOW - 1.0)]
            assert run.presence.status() == {
                "ok": True,
                "source": "wayland",
                "problem": "",
                "note": "",
                "others": {"mutter": "mutter is not here", "x11": "wayland is trusted more"},
                "kept_awake": [],
            }
            assert run.presence.limits == "a note on wayland"
            assert third.tries == 0
            assert await run.presence.look() == 7.0

    play(story)


def test_what_it_says_is_put_on_the_boot_clock() -> None:
    async def story() -> None:
        source = Fake("x11")
        async with running(source) as run:
            await eventually(lambda: len(run.events) == 2)
            assert source.told is not None
            source.told.idle(300.0)
            source.told.input(0.5)
            source.told.kept_awake(True, 60.0)
            assert run.events[2:] == [Idle(NOW - 300.0), Input(NOW - 0.5), KeptAwake(True, NOW - 60.0)]

    play(story)


def test_thresholds_reach_the_source_in_use_and_the_next_one() -> None:
    async def story() -> None:
        first, second = Fake("mutter"), Fake("x11")
        async with running(first, second) as run:
            await eventually(lambda: run.sources == ["mutter"])
            run.presence.watch(5.0)
            assert first.threshold == 5.0
            first.break_down()
            await eventually(lambda: run.sources == ["mutter", "x11"])
            assert second.threshold == 5.0

    play(story)


def test_without_any_source_that_is_said_once_with_the_remedy(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        source = Fake("x11", works=False)
        async with running(source) as run:
            await eventually(lambda: source.tries >= 4)
            assert run.events == [SourceChanged("")]
            status = run.presence.status()
            assert (status["ok"], status["source"]) == (False, "none")
            assert status["problem"] == (
                "nobody can tell whether you are at the screen, so time counts always;"
                " lock the screen when you leave (x11: x11 is not here)"
            )

    with caplog.at_level(logging.WARNING):
        play(story)
    assert len(caplog.records) == 1


def test_a_source_that_appears_later_is_found() -> None:
    async def story() -> None:
        source = Fake("wayland", works=False)
        async with running(source) as run:
            await eventually(lambda: run.sources == [""])
            source.appear()
            await eventually(lambda: run.sources == ["", "wayland"])

    play(story)


def test_a_better_one_that_appears_takes_over_and_the_other_is_told_to_end() -> None:
    async def story() -> None:
        better, worse = Fake("mutter", works=False), Fake("x11")
        async with running(better, worse) as run:
            await eventually(lambda: run.sources == ["x11"])
            better.appear()
            run.presence.renew("mutter")
            await eventually(lambda: run.sources == ["x11", "mutter"])
            await eventually(lambda: worse.told is None)
            assert run.presence.status()["others"] == {"x11": "mutter is trusted more"}

    play(story)


def test_what_a_source_said_of_inhibitors_goes_with_it_when_a_better_one_takes_over() -> None:
    async def story() -> None:
        better, worse = Fake("mutter", works=False), Fake("x11")
        async with running(better, worse) as run:
            await eventually(lambda: run.sources == ["x11"])
            assert worse.told is not None
            worse.told.kept_awake(True, 5.0)
            better.appear()
            run.presence.renew("mutter")
            await eventually(lambda: run.sources == ["x11", "mutter"])
            await eventually(lambda: KeptAwake(False, NOW) in run.events)

    play(story)


def test_a_source_that_fails_is_replaced_and_comes_back_when_it_works_again() -> None:
    async def story() -> None:
        better, worse = Fake("mutter"), Fake("x11")
        async with running(better, worse) as run:
            await eventually(lambda: run.sources == ["mutter"])
            better.break_down()
            await eventually(lambda: run.sources == ["mutter", "x11"])
            better.appear()
            await eventually(lambda: run.sources == ["mutter", "x11", "mutter"])

    play(story)


def test_a_lost_source_is_named_as_long_as_the_engine_believes_in_it() -> None:
    async def story() -> None:
        source = Fake("wayland")
        async with running(source) as run:
            await eventually(lambda: run.sources == ["wayland"])
            source.break_down()
            await eventually(lambda: run.presence.status()["note"])
            status = run.presence.status()
            assert (run.sources, status["source"], status["ok"]) == (["wayland"], "wayland", True)
            assert status["note"].startswith("wayland was lost (wayland ")
            assert status["others"] == {}
            await eventually(lambda: run.sources == ["wayland", ""])
            status = run.presence.status()
            assert (status["source"], status["ok"], status["note"]) == ("none", False, "")

    play(story)


def test_a_source_that_is_kept_from_telling_says_so_and_so_does_the_status() -> None:
    async def story() -> None:
        source = Fake("wayland")
        async with running(source) as run:
            await eventually(lambda: len(run.events) == 2)
            assert source.told is not None
            source.told.silenced(True)
            assert run.events[2:] == [SourceChanged("wayland", silenced=True)]
            status = run.presence.status()
            assert (status["source"], status["ok"]) == ("wayland", True)
            assert status["note"].startswith("wayland has told nothing for two hours")
            source.told.silenced(False)
            source.told.idle(60.0)
            assert run.events[3:] == [SourceChanged("wayland"), Idle(NOW - 60.0)]
            assert run.presence.status()["note"] == ""

    play(story)


def test_a_hiccup_of_the_only_source_is_not_told() -> None:
    async def story() -> None:
        source = Fake("x11")
        async with running(source) as run:
            await eventually(lambda: run.sources == ["x11"])
            source.break_down()
            source.appear()
            await eventually(lambda: run.sources == ["x11", "x11"])

    play(story)


@pytest.mark.parametrize(("steady", "back"), [(0.0, True), (1000.0, False)], ids=["steady", "brief"])
def test_one_that_fails_is_tried_again_soon_only_if_it_was_steady(
    steady: float, back: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_STEADY", steady)
    monkeypatch.setattr(source_module, "_LAST_RETRY", 3600.0)

    async def story() -> None:
        source = Fake("x11")
        async with running(source) as run:
            await eventually(lambda: run.sources == ["x11"])
            backoff = run.presence._candidates["x11"].backoff
            while backoff.next() < 3600.0:
                pass
            source.break_down()
            source.appear()
            await eventually(lambda: source.tries == 2 if back else run.sources == ["x11", ""])
            assert source.tries == 1 + back

    play(story)


def test_a_lost_source_is_told_when_it_does_not_come_back() -> None:
    async def story() -> None:
        source = Fake("x11")
        async with running(source) as run:
            await eventually(lambda: run.sources == ["x11"])
            source.break_down()
            await eventually(lambda: run.sources == ["x11", ""])

    play(story)


def test_a_source_that_says_nothing_does_not_count() -> None:
    async def story() -> None:
        mute, other = Fake("mutter"), Fake("x11")
        mute.silent = True
        async with running(mute, other) as run:
            await eventually(lambda: run.sources == ["x11"])
            assert run.presence.status()["others"] == {"mutter": "it does not answer"}
            await eventually(lambda: mute.tries >= 2)
            assert run.sources == ["x11"]

    play(story)


def test_a_source_with_a_fault_of_its_own_is_one_that_does_not_work(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Faulty(Fake):
        async def serve(self, told: Told) -> None:
            raise ZeroDivisionError

    async def story() -> None:
        async with running(Faulty("mutter"), Fake("x11")) as run:
            await eventually(lambda: run.sources == ["x11"])

    with caplog.at_level(logging.ERROR):
        play(story)
    assert "mutter" in caplog.text


def test_only_the_wanted_source_is_used() -> None:
    async def story() -> None:
        first, second = Fake("mutter"), Fake("x11")
        async with running(first, second, wanted="x11") as run:
            await eventually(lambda: run.sources == ["x11"])
            assert first.tries == 0
            run.presence.configure("mutter")
            await eventually(lambda: run.sources == ["x11", "mutter"])

    play(story)


def test_none_is_a_choice_and_no_fault() -> None:
    async def story() -> None:
        source = Fake("x11")
        async with running(source) as run:
            await eventually(lambda: run.sources == ["x11"])
            run.presence.configure("none")
            await eventually(lambda: run.sources == ["x11", ""])
            status = run.presence.status()
            assert (status["ok"], status["source"], "presence.source is none" in status["note"]) == (
                True,
                "none",
                True,
            )

    play(story)


def test_of_several_that_know_of_inhibitors_the_union_counts() -> None:
    async def story() -> None:
        source = Fake("wayland")
        async with running(source) as run:
            await eventually(lambda: len(run.events) == 2)
            assert source.told is not None
            run.presence.holders.hold("inhibitors", [Holder("film")])
            source.told.kept_awake(True, 5.0)
            run.presence.holders.hold("inhibitors", [])
            assert run.events[2:] == [KeptAwake(True, NOW)]
            source.break_down()  # what it said of inhibitors goes with it
            await eventually(lambda: KeptAwake(False, NOW) in run.events)

    play(story)


def test_what_a_source_cannot_name_is_ignored_by_the_name_of_the_source() -> None:
    async def story() -> None:
        source = Fake("wayland")
        async with running(source) as run:
            await eventually(lambda: len(run.events) == 2)
            assert source.told is not None
            source.told.kept_awake(True, 5.0)
            assert run.presence.status()["kept_awake"] == [{"by": "wayland", "seconds": 5, "counts": True}]
            run.presence.holders.configure(replace(plan().presence, still_ignore=("Wayland",)))
            source.told.kept_awake(False, 0.0)
            source.told.kept_awake(True, 5.0)
            assert run.events[2:] == [KeptAwake(True, NOW - 5.0), KeptAwake(False, NOW)]
            assert run.presence.status()["kept_awake"] == [{"by": "wayland", "seconds": 5, "counts": False}]

    play(story)


def test_a_wanted_source_that_does_not_work_is_named_with_the_remedy() -> None:
    async def story() -> None:
        async with running(Fake("mutter", works=False), Fake("x11"), wanted="mutter") as run:
            await eventually(lambda: run.sources == [""])
            assert run.presence.status()["problem"] == (
                "presence.source is mutter in the settings, which does not work here (mutter is not here):"
                ' time counts always; "auto" tries the others'
            )

    play(story)


def test_one_that_announces_itself_is_not_tried_before_that() -> None:
    async def story() -> None:
        better, worse = Fake("mutter", works=False), Fake("x11", works=False)
        better.why_not = SourceAbsent
        async with running(better, worse) as run:
            await eventually(lambda: worse.tries >= 4)
            assert better.tries == 1
            better.appear()
            run.presence.renew("mutter")
            await eventually(lambda: run.sources[-1:] == ["mutter"])

    play(story)


def test_one_that_appears_while_it_is_tried_is_tried_again() -> None:
    class JustComing(Fake):
        async def serve(self, told: Told) -> None:
            if self.tries == 0:
                self.tries += 1
                run.presence.renew("mutter")
                raise SourceAbsent("not yet")
            await super().serve(told)

    run = Run()

    async def story() -> None:
        nonlocal run
        source = JustComing("mutter")
        async with running(source) as begun:
            run = begun
            await eventually(lambda: begun.sources == ["mutter"])

    play(story)
