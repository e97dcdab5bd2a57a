import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.helpers import eventually
from support.logind_helpers import PrivateBus, private_bus
from support.mutter_helpers import MUFFIN, MUTTER, Monitor, connected, hearing, listening

from neckguard.desktop.presence.mutter import Mutter

THRESHOLD = 300.0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PrivateBus]:
    with private_bus(tmp_path / "desk") as bus:
        yield bus


@pytest.mark.parametrize("name", [MUTTER, MUFFIN])
def test_leaving_and_coming_back_are_told(desk: PrivateBus, name: str) -> None:
    async def story() -> None:
        monitor = Monitor(desk, name, idle=40)
        async with listening(desk, Mutter, 300) as (sat, ear):
            await ear.has_heard("input")
            sat.source.watch(40)
            await ear.has_heard("input", "idle")
            assert len(monitor.watches()) == 1
            monitor.input()
            await ear.has_heard("input", "idle", "input")
            assert monitor.watches() == []
            assert [idle >= 40 for idle in ear.idles] == [True, True, False]
            assert 0 <= (await sat.source.look() or -1) < 40

    asyncio.run(story())


def test_the_watch_is_removed_when_it_is_not_needed_any_more(desk: PrivateBus) -> None:
    async def story() -> None:
        monitor = Monitor(desk, idle=40)
        async with listening(desk, Mutter, 20) as (sat, ear):
            await ear.has_heard("idle")
            sat.source.watch(300)
            await ear.has_heard("idle", "input")
            assert monitor.watches() == []
            sat.source.watch(20)
            await ear.has_heard("idle", "input", "idle")
        assert monitor.watches() == []

    asyncio.run(story())


def test_watches_of_others_are_none_of_ours(desk: PrivateBus, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        monitor = Monitor(desk, idle=40)
        async with listening(desk, Mutter, 20) as (_, ear):
            await ear.has_heard("idle")
            monitor.mock.emit(monitor.path, MUTTER, "WatchFired", "u", ("u", 99))
            desk.forge(monitor.path, MUTTER, "WatchFired", "u", 101)
            monitor.input()
            await ear.has_heard("idle", "input")

    asyncio.run(story())
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_successor_is_not_told_to_remove_what_it_never_had(desk: PrivateBus) -> None:
    """The number may be another program's there."""

    async def story() -> None:
        monitor = Monitor(desk, idle=40)
        async with listening(desk, Mutter, 20) as (sat, ear):
            await ear.has_heard("idle")
            assert isinstance(sat.source, Mutter)
            sat.source._on_owner(True)
            await ear.has_heard("idle", "idle")
            assert monitor.watches() == [101, 102]

    asyncio.run(story())


def test_absence_is_said_and_appearance_is_noticed(desk: PrivateBus) -> None:
    async def story() -> None:
        async with listening(desk, Mutter, THRESHOLD) as (sat, ear):
            lost = await ear.hears_of_loss()
            assert lost == "the idle monitor of GNOME or Cinnamon is not on the session bus"
            assert (sat.appeared, await sat.source.look()) == (1, None)
            Monitor(desk, idle=40)
            await eventually(lambda: sat.appeared == 2)
            sat.source.watch(20)
            async with hearing(sat.source) as later:
                await later.has_heard("idle")

    asyncio.run(story())


@pytest.mark.parametrize("threshold", [20.0, 300.0])
def test_a_death_ends_it_and_the_next_one_is_noticed(desk: PrivateBus, threshold: float) -> None:
    async def story() -> None:
        monitor = Monitor(desk, idle=40)
        async with listening(desk, Mutter, threshold) as (sat, ear):
            await eventually(lambda: ear.trace)
            monitor.mock.die()
            assert "not on the session bus" in await ear.hears_of_loss()
            appeared = sat.appeared
            Monitor(desk, idle=5)
            await eventually(lambda: sat.appeared > appeared)
            async with hearing(sat.source) as later:
                await later.has_heard("input")

    asyncio.run(story())


@pytest.mark.parametrize("threshold", [20.0, 300.0])
def test_a_dead_bus_ends_it_and_the_next_one_is_noticed(desk: PrivateBus, threshold: float) -> None:
    async def story() -> None:
        Monitor(desk, idle=40)
        async with listening(desk, Mutter, threshold) as (sat, ear):
            await eventually(lambda: ear.trace)
            desk.stop()
            assert "connection to the test bus" in await ear.hears_of_loss()
            appeared = sat.appeared
            desk.start()
            await eventually(lambda: sat.appeared > appeared)

    asyncio.run(story())


def test_silence_ends_it(desk: PrivateBus) -> None:
    async def story() -> None:
        monitor = Monitor(desk)
        async with connected(desk, Mutter, THRESHOLD) as sat:
            monitor.mock.stall()
            async with hearing(sat.source) as ear:
                assert await ear.hears_of_loss() == f"the idle monitor {MUTTER} does not answer"
            monitor.mock.go_on()
            async with hearing(sat.source) as ear:
                await ear.has_heard("input")

    asyncio.run(story())


@pytest.mark.parametrize(
    ("signature", "answer", "seen"),
    [
        ("x", "-1", "answered GetIdletime with -1 (D-Bus type x, not t)"),
        ("t", "2**63", "answers nonsense: nobody was there for 9223372036854775808 ms"),
        ("s", "'soon'", "answered GetIdletime with 'soon' (D-Bus type s, not t)"),
        ("b", "True", "answered GetIdletime with True (D-Bus type b, not t)"),
        ("d", "1.5", "answered GetIdletime with 1.5 (D-Bus type d, not t)"),
        ("tt", "1, 2", "answered GetIdletime with (1, 2) (D-Bus type tt, not t)"),
    ],
)
def test_nonsense_is_not_believed(desk: PrivateBus, signature: str, answer: str, seen: str) -> None:
    async def story() -> None:
        Monitor(desk, answer=answer, signature=signature)
        async with listening(desk, Mutter, THRESHOLD) as (_, ear):
            who = f"the idle monitor {MUTTER}" if "answered" in seen else "the idle monitor"
            assert await ear.hears_of_loss() == f"{who} {seen}"
            assert ear.trace == []

    asyncio.run(story())


def test_an_error_is_told(desk: PrivateBus) -> None:
    async def story() -> None:
        Monitor(desk, answer="1 // 0")
        async with listening(desk, Mutter, THRESHOLD) as (_, ear):
            assert f"the idle monitor {MUTTER} answers with an error" in await ear.hears_of_loss()

    asyncio.run(story())


def test_asking_starts_nobody(desk: PrivateBus) -> None:
    async def story() -> None:
        started = desk.services / "started"
        entry = f"[D-BUS Service]\nName={MUTTER}\nExec=/usr/bin/touch {started}\n"
        (desk.services / f"{MUTTER}.service").write_text(entry)
        async with listening(desk, Mutter, THRESHOLD) as (_, ear):
            assert "not on the session bus" in await ear.hears_of_loss()
            assert not started.exists()

    asyncio.run(story())
