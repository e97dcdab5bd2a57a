import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.helpers import eventually
from support.logind_helpers import LOGIND, Logind, PrivateBus, private_bus, session_path
from support.mutter_helpers import connected, hearing, listening

from neckguard.desktop.bus import logind as bus_logind
from neckguard.desktop.presence.idle_hint import IdleHint

DISTRUST = "logind has not called this session idle yet, so its word is not trusted"
THRESHOLD = 2.5


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PrivateBus]:
    with private_bus(tmp_path / "desk") as bus:
        yield bus


def graphical(desk: PrivateBus, display: str = "c1", *names: str) -> Logind:
    """A logind with graphical sessions."""
    return desk.logind(display, **{name: {"Type": "wayland"} for name in ("c1", *names)})


def hint(logind: Logind, idle: bool, since: float | None = None, *, session: str = "c1") -> None:
    """The hint changes; it is so since half of the machine's life, or since `since` (CLOCK_MONOTONIC)."""
    began = time.monotonic() / 2 if since is None else since
    values = {"IdleHint": ("b", idle), "IdleSinceHintMonotonic": ("t", int(began * 1e6))}
    tell(logind, values, session)


def tell(logind: Logind, values: dict[str, tuple[str, Any]], session: str = "c1") -> None:
    logind.mock.do(session_path(session), "UpdateProperties", "sa{sv}", f"{LOGIND}.Session", values)


def test_it_is_trusted_once_it_called_the_session_idle(desk: PrivateBus) -> None:
    async def story() -> None:
        logind = graphical(desk, "c1", "c2")
        async with connected(desk, IdleHint, THRESHOLD) as sat:
            assert await sat.is_lost() == DISTRUST
            assert await sat.source.look() is None
            appeared = sat.appeared
            hint(logind, True, session="c2")  # somebody else's
            hint(logind, False)
            assert await sat.is_lost() == DISTRUST
            assert sat.appeared == appeared
            hint(logind, True)
            await eventually(lambda: sat.appeared > appeared)
            async with hearing(sat.source) as ear:
                await ear.has_heard("idle")
                assert abs(ear.idles[0] - time.monotonic() / 2) < 60
                hint(logind, False)
                await ear.has_heard("idle", "input")
                assert await sat.source.look() == 0
                hint(logind, True)
                await ear.has_heard("idle", "input", "idle")

    asyncio.run(story())


def test_a_hint_seen_only_in_passing_is_enough(desk: PrivateBus) -> None:
    async def story() -> None:
        logind = graphical(desk)
        async with connected(desk, IdleHint, THRESHOLD) as sat:
            assert await sat.is_lost() == DISTRUST
            appeared = sat.appeared
            hint(logind, True)
            hint(logind, False)
            await eventually(lambda: sat.appeared > appeared)
            async with hearing(sat.source) as ear:
                await ear.has_heard("input")

    asyncio.run(story())


def test_another_session_must_earn_its_trust(desk: PrivateBus) -> None:
    async def story() -> None:
        logind = graphical(desk, "c1", "c2")
        hint(logind, True)
        async with listening(desk, IdleHint, THRESHOLD) as (sat, ear):
            await ear.has_heard("idle")
            appeared = sat.appeared
            logind.display("c2")
            assert await ear.hears_of_loss() == DISTRUST
            assert sat.appeared > appeared

    asyncio.run(story())


def test_idleness_is_told_when_the_threshold_is_reached(desk: PrivateBus) -> None:
    async def story() -> None:
        logind = graphical(desk)
        hint(logind, True)
        async with listening(desk, IdleHint, THRESHOLD) as (sat, ear):
            await ear.has_heard("idle")
            hint(logind, True, time.monotonic())
            await ear.has_heard("idle", "input")
            await ear.has_heard("idle", "input", "idle")
            assert ear.idles[-1] >= THRESHOLD
            sat.source.watch(1e9)
            await ear.has_heard("idle", "input", "idle", "input")

    asyncio.run(story())


def test_while_somebody_may_be_returning_input_is_told_again(desk: PrivateBus) -> None:
    async def story() -> None:
        logind = graphical(desk)
        hint(logind, True)
        async with listening(desk, IdleHint, THRESHOLD) as (sat, ear):
            await ear.has_heard("idle")
            sat.source.watch(1.0)
            await ear.has_heard("idle", "idle")
            hint(logind, False)
            await ear.has_heard("idle", "idle", "input", "input")
            assert ear.idles[-2:] == [0, 0]

    asyncio.run(story())


def test_absence_is_said_and_appearance_is_noticed(desk: PrivateBus) -> None:
    async def story() -> None:
        async with connected(desk, IdleHint, THRESHOLD) as sat:
            assert await sat.is_lost() == "logind is not running"
            appeared = sat.appeared
            graphical(desk)
            await eventually(lambda: sat.appeared > appeared)
            assert await sat.is_lost() == DISTRUST

    asyncio.run(story())


def test_a_session_that_comes_later_is_noticed(desk: PrivateBus) -> None:
    async def story() -> None:
        logind = desk.logind("")  # its only session is none of a graphical kind
        async with connected(desk, IdleHint, THRESHOLD) as sat:
            assert await sat.is_lost() == "no graphical session yet"
            appeared = sat.appeared
            tell(logind, {"Type": ("s", "x11")})
            logind.display("c1")
            await eventually(lambda: sat.appeared > appeared)
            assert await sat.is_lost() == DISTRUST

    asyncio.run(story())


def test_the_hint_of_a_text_session_is_not_believed(desk: PrivateBus) -> None:
    async def story() -> None:
        desk.logind(c1={"Type": "tty", "IdleHint": True})
        async with connected(desk, IdleHint, THRESHOLD) as sat:
            expected = "logind knows of no input to a session that was started from a terminal"
            assert await sat.is_lost() == expected

    asyncio.run(story())


def test_a_death_ends_it_and_the_next_one_is_noticed(desk: PrivateBus) -> None:
    async def story() -> None:
        logind = graphical(desk)
        hint(logind, True)
        async with listening(desk, IdleHint, THRESHOLD) as (sat, ear):
            await ear.has_heard("idle")
            logind.mock.die()
            assert await ear.hears_of_loss() == "logind is not running"
            appeared = sat.appeared
            graphical(desk)
            await eventually(lambda: sat.appeared > appeared)
            async with hearing(sat.source) as later:
                await later.has_heard("input")  # it is the same session: the trust stays

    asyncio.run(story())


def test_a_dead_bus_ends_it_and_the_next_one_is_noticed(desk: PrivateBus) -> None:
    async def story() -> None:
        hint(graphical(desk), True)
        async with listening(desk, IdleHint, THRESHOLD) as (sat, ear):
            await ear.has_heard("idle")
            desk.stop()
            assert "connection to the test bus" in await ear.hears_of_loss()
            appeared = sat.appeared
            desk.start()
            await eventually(lambda: sat.appeared > appeared)

    asyncio.run(story())


def test_silence_ends_it(desk: PrivateBus, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        logind = graphical(desk)
        hint(logind, True)
        async with listening(desk, IdleHint, THRESHOLD) as (sat, ear):
            await ear.has_heard("idle")
            monkeypatch.setattr(bus_logind, "PATIENCE", 0.5)
            logind.mock.stall()
            sat.source.watch(5)
            assert await ear.hears_of_loss() == "logind does not answer"

    asyncio.run(story())


@pytest.mark.parametrize(
    ("name", "signature", "value", "seen"),
    [
        ("IdleHint", "s", "yes", "answered IdleHint with 'yes' (D-Bus type s, not b)"),
        ("IdleSinceHintMonotonic", "x", -5, "answered IdleSinceHintMonotonic with -5 (D-Bus type x, not t)"),
        ("IdleSinceHintMonotonic", "t", 0, "answers nonsense: idle since 0 µs"),
        ("IdleSinceHintMonotonic", "t", 2**63, "answers nonsense: idle since 9223372036854775808 µs"),
        ("Type", "u", 7, "answered Type with 7 (D-Bus type u, not s)"),
    ],
)
def test_nonsense_is_not_believed(desk: PrivateBus, name: str, signature: str, value: Any, seen: str) -> None:
    async def story() -> None:
        logind = graphical(desk)
        hint(logind, True)
        tell(logind, {name: (signature, value)})
        async with connected(desk, IdleHint, THRESHOLD) as sat:
            assert f"logind {seen}" in await sat.is_lost()

    asyncio.run(story())
