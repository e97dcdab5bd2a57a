import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from support.helpers import eventually
from support.logind_helpers import LOGIND, MANAGER, PrivateBus, Witness, connection_to, private_bus, running

from neckguard.core.events import AwayBegan, AwayEnded
from neckguard.core.model import Away
from neckguard.desktop.session import login as module
from neckguard.desktop.session.login import LoginSession

LOCKED, UNLOCKED = AwayBegan(Away.LOCKED), AwayEnded(Away.LOCKED)
ASLEEP, AWAKE = AwayBegan(Away.ASLEEP), AwayEnded(Away.ASLEEP)
BEHIND, IN_FRONT = AwayBegan(Away.BACKGROUND), AwayEnded(Away.BACKGROUND)
# Lifted because nobody can tell any more:
MAYBE_UNLOCKED, MAYBE_AWAKE, MAYBE_IN_FRONT = (AwayEnded(reason, certain=False) for reason in Away)


@pytest.fixture(autouse=True)
def _short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GRACE", 0.2)


class Follower(Witness):
    """A session adapter at work, and what it told."""

    def __init__(self, system: PrivateBus) -> None:
        super().__init__()
        self.bus = connection_to(system)
        self.session = LoginSession(self.bus, self.claim)
        self.claims = 0

    def claim(self, source: str, reasons: Iterable[Away], *, certain: bool = True) -> None:
        self.claims += 1
        self.absence.claim(source, reasons, certain=certain)

    def status(self, **expected: Any) -> bool:
        return self.session.status().items() >= expected.items()

    async def knows(self, **expected: Any) -> None:
        await eventually(lambda: self.status(**expected))

    async def has_told(self, *trace: AwayBegan | AwayEnded) -> None:
        await eventually(lambda: len(self.trace) >= len(trace))
        assert self.trace == list(trace)


@asynccontextmanager
async def following(system: PrivateBus) -> AsyncIterator[Follower]:
    follower = Follower(system)
    async with running(follower.bus.run, follower.session.run):
        yield follower


@pytest.fixture
def system(tmp_path: Path) -> Any:
    with private_bus(tmp_path / "system") as bus:
        yield bus


def test_a_quiet_session_is_known_and_nothing_is_claimed(system: PrivateBus) -> None:
    async def story() -> None:
        system.logind()
        async with following(system) as they:
            await they.knows(ok=True)
            assert they.session.status() == {
                "ok": True,
                "problem": "",
                "limit": False,
                "session": "c1",
                "locked": False,
                "active": True,
                "sleep": False,
            }
            assert they.trace == []

    asyncio.run(story())


def test_locking_and_unlocking(system: PrivateBus) -> None:
    async def story() -> None:
        logind = system.logind()
        async with following(system) as they:
            await they.knows(ok=True)
            logind.session("c1", LockedHint=True)
            await they.has_told(LOCKED)
            assert they.status(locked=True)
            logind.session("c1", LockedHint=False)
            await they.has_told(LOCKED, UNLOCKED)
            assert they.status(locked=False)

    asyncio.run(story())


def test_a_request_to_lock_is_not_a_lock(system: PrivateBus) -> None:
    async def story() -> None:
        logind = system.logind()
        async with following(system) as they:
            await they.knows(ok=True)
            logind.request_lock("c1")
            logind.prepare_for_sleep(True)  # comes after it on the same line
            await they.has_told(ASLEEP)

    asyncio.run(story())


def test_sleep_and_wake(system: PrivateBus) -> None:
    async def story() -> None:
        logind = system.logind()
        async with following(system) as they:
            await they.knows(ok=True)
            logind.prepare_for_sleep(True)
            await they.has_told(ASLEEP)
            assert they.status(sleep=True)
            logind.session("c1", LockedHint=True)  # the locker is told of the sleep, too
            await they.has_told(ASLEEP, LOCKED)
            logind.prepare_for_sleep(False)
            await they.has_told(ASLEEP, LOCKED, AWAKE)
            assert they.status(sleep=False, locked=True)

    asyncio.run(story())


def test_a_wake_up_that_nobody_told_is_found_when_it_is_doubted(system: PrivateBus) -> None:
    async def story() -> None:
        logind = system.logind()
        async with following(system) as they:
            await they.knows(ok=True)
            logind.prepare_for_sleep(True)
            await they.has_told(ASLEEP)
            they.session.doubt()
            await they.has_told(ASLEEP, AWAKE)
            assert they.status(ok=True, sleep=False)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fact", "away", "began", "ended"),
    [("LockedHint", True, LOCKED, UNLOCKED), ("Active", False, BEHIND, IN_FRONT)],
)
def test_a_session_that_changed_untold_is_looked_at_when_it_is_doubted(
    system: PrivateBus, fact: str, away: bool, began: AwayBegan, ended: AwayEnded
) -> None:
    async def story() -> None:
        logind = system.logind(c1={fact: away})
        async with following(system) as they:
            await they.has_told(began)
            logind.untold("c1", fact, not away)
            they.session.doubt()
            await they.has_told(began, ended)

    asyncio.run(story())


def test_who_types_at_the_lock_screen_of_a_machine_about_to_sleep_stays_away(system: PrivateBus) -> None:
    async def story() -> None:
        logind = system.logind(c1={"LockedHint": True})
        logind.is_preparing(True)
        async with following(system) as they:
            await they.has_told(LOCKED, ASLEEP)
            claims = they.claims
            they.session.doubt()
            await eventually(lambda: they.claims > claims)
            assert they.trace == [LOCKED, ASLEEP]
            assert they.status(ok=True, locked=True, sleep=True)

    asyncio.run(story())


def test_what_was_told_while_it_was_asked_is_newer_than_the_answer(
    system: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        logind = system.logind()
        async with following(system) as they:
            await they.knows(ok=True)
            logind.prepare_for_sleep(True)
            await they.has_told(ASLEEP)
            ask = they.session._logind.get

            async def overtaken(path: str, interface: str, name: str, signature: str) -> Any:
                if name != "PreparingForSleep":
                    return await ask(path, interface, name, signature)
                logind.prepare_for_sleep(False)
                await they.has_told(ASLEEP, AWAKE)
                return True  # as it was when the question was answered

            monkeypatch.setattr(they.session._logind, "get", overtaken)
            claims = they.claims
            they.session.doubt()
            await eventually(lambda: they.claims == claims + 2)  # the signal, and the look
            assert they.trace == [ASLEEP, AWAKE]

    asyncio.run(story())


def test_a_lock_that_a_hanging_logind_cannot_confirm_does_not_last(system: PrivateBus) -> None:
    async def story() -> None:
        logind = system.logind(c1={"LockedHint": True})
        async with following(system) as they:
            await they.has_told(LOCKED)
            logind.mock.stall()
            they.session.doubt()
            await they.has_told(LOCKED, MAYBE_UNLOCKED)
            logind.mock.go_on()
            await they.has_told(LOCKED, MAYBE_UNLOCKED, LOCKED)

    asyncio.run(story())


def test_another_person_at_the_screen(system: PrivateBus) -> None:
    async def story() -> None:
        logind = system.logind()
        async with following(system) as they:
            await they.knows(ok=True)
            logind.session("c1", Active=False)
            await they.has_told(BEHIND)
            assert they.status(active=False)
            logind.session("c1", Active=True)
            await they.has_told(BEHIND, IN_FRONT)

    asyncio.run(story())


def test_what_was_so_before_the_start_is_seen_at_once(system: PrivateBus) -> None:
    async def story() -> None:
        system.logind(c1={"LockedHint": True, "Active": False})
        async with following(system) as they:
            await they.has_told(LOCKED, BEHIND)

    asyncio.run(story())


def test_the_bus_comes_later(tmp_path: Path) -> None:
    async def story(system: PrivateBus) -> None:
        async with following(system) as they:
            await eventually(lambda: "cannot use the test bus" in they.session.status()["problem"])
            assert they.status(ok=False, session="", active=True)
            system.start()
            system.logind(c1={"LockedHint": True})
            await they.has_told(LOCKED)
            assert they.status(ok=True, problem="", session="c1")

    with private_bus(tmp_path / "system", started=False) as system:
        asyncio.run(story(system))


def test_logind_comes_later(system: PrivateBus) -> None:
    async def story() -> None:
        async with following(system) as they:
            await they.knows(ok=False, problem="logind is not running", limit=True)
            system.logind(c1={"LockedHint": True})
            await they.has_told(LOCKED)
            assert they.status(ok=True, problem="")

    asyncio.run(story())


def test_a_dead_logind_leaves_nobody_away(system: PrivateBus) -> None:
    async def story() -> None:
        logind = system.logind(c1={"LockedHint": True, "Active": False})
        async with following(system) as they:
            await they.has_told(LOCKED, BEHIND)
            logind.prepare_for_sleep(True)
            began = (LOCKED, BEHIND, ASLEEP)
            await they.has_told(*began)
            logind.mock.die()
            ended = (MAYBE_UNLOCKED, MAYBE_AWAKE, MAYBE_IN_FRONT)
            await they.has_told(*began, *ended)
            gone = {"problem": "logind is not running", "limit": False}  # it was there
            assert they.status(ok=False, session="", sleep=False, **gone)
            system.logind(c1={"LockedHint": True})
            await they.has_told(*began, *ended, LOCKED)
            assert they.status(ok=True, sleep=False)

    asyncio.run(story())


def test_a_logind_that_is_restarted_behind_the_lock_is_no_unlocking(
    system: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_GRACE", 60.0)

    async def story() -> None:
        logind = system.logind(c1={"LockedHint": True})
        async with following(system) as they:
            await they.has_told(LOCKED)
            logind.mock.die()
            await they.knows(ok=False, problem="logind is not running")
            logind = system.logind(c1={"LockedHint": True})
            await they.knows(ok=True, locked=True)
            assert they.trace == [LOCKED]
            logind.session("c1", LockedHint=False)
            await they.has_told(LOCKED, UNLOCKED)

    asyncio.run(story())


def test_a_dead_bus_leaves_nobody_away(system: PrivateBus) -> None:
    async def story() -> None:
        logind = system.logind(c1={"LockedHint": True})
        async with following(system) as they:
            await they.has_told(LOCKED)
            logind.prepare_for_sleep(True)
            await they.has_told(LOCKED, ASLEEP)
            system.stop()
            await they.has_told(LOCKED, ASLEEP, MAYBE_UNLOCKED, MAYBE_AWAKE)
            assert they.status(ok=False, session="", sleep=False)
            system.start()
            system.logind(c1={"LockedHint": True})
            await they.has_told(LOCKED, ASLEEP, MAYBE_UNLOCKED, MAYBE_AWAKE, LOCKED)

    asyncio.run(story())


def test_a_logind_that_hangs_is_said_and_asked_again(
    system: PrivateBus, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        logind = system.logind(c1={"LockedHint": True})
        logind.mock.stall()
        async with following(system) as they:
            await they.knows(ok=False, problem="logind does not answer")
            assert they.trace == []
            logind.mock.go_on()
            await they.has_told(LOCKED)
            assert they.status(ok=True, problem="")

    with caplog.at_level(logging.WARNING, "neckguard.desktop.session.login"):
        asyncio.run(story())
    assert caplog.messages == ["Locking, sleep and user switching may go unnoticed: logind does not answer."]


def test_nonsense_is_no_lock_and_ends_one(system: PrivateBus, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        logind = system.logind()
        async with following(system) as they:
            await they.knows(ok=True)
            logind.session("c1", LockedHint="yes")
            await they.knows(ok=False, problem=f"logind answered {lies[0]}", locked=False)
            claims = they.claims
            logind.session("c1", Active=True)
            await eventually(lambda: they.claims > claims)  # told the same again: said once
            logind.session("c1", LockedHint=True)
            await they.has_told(LOCKED)
            logind.prepare_for_sleep(True)
            await they.has_told(LOCKED, ASLEEP)
            logind.session("c1", Active="perhaps")
            await they.has_told(LOCKED, ASLEEP, MAYBE_UNLOCKED, MAYBE_AWAKE)
            logind.session("c1", Active=True)
            await they.has_told(LOCKED, ASLEEP, MAYBE_UNLOCKED, MAYBE_AWAKE, LOCKED)

    kind = "(D-Bus type s, not b)"
    lies = [f"LockedHint with 'yes' {kind}", f"Active with 'perhaps' {kind}"]
    with caplog.at_level(logging.WARNING, "neckguard.desktop.session.login"):
        asyncio.run(story())
    said = "Locking, sleep and user switching may go unnoticed: logind answered "
    assert caplog.messages == [f"{said}{lie}." for lie in lies]


def test_a_refusal_is_said_in_logind_s_words(system: PrivateBus) -> None:
    async def story() -> None:
        logind = system.logind()
        async with following(system) as they:
            await they.knows(ok=True)
            logind.display("gone")
            await they.knows(ok=False)
            assert they.session.status()["problem"].startswith("logind answers with an error: ")
            logind.display("c1")
            await they.knows(ok=True, problem="")

    asyncio.run(story())


def test_a_strangers_word_on_sleep_is_not_believed(system: PrivateBus) -> None:
    async def story() -> None:
        logind = system.logind()
        async with following(system) as they:
            await they.knows(ok=True)
            system.forge(MANAGER, f"{LOGIND}.Manager", "PrepareForSleep", "b", True)
            logind.session("c1", LockedHint=True)
            await they.has_told(LOCKED)
            assert they.status(sleep=False)

    asyncio.run(story())


@pytest.mark.parametrize("announcement", ["PropertiesChanged", "SessionNew", "SessionRemoved"])
def test_a_new_screen_is_followed_and_the_old_lets_go(system: PrivateBus, announcement: str) -> None:
    async def story() -> None:
        logind = system.logind(c1={"LockedHint": True}, c2={"Active": False})
        async with following(system) as they:
            await they.has_told(LOCKED)
            if announcement == "PropertiesChanged":
                logind.display("c2")
            else:
                logind.display_unannounced("c2")
                logind.announce(announcement, "c2" if announcement == "SessionNew" else "c1")
            await they.has_told(LOCKED, BEHIND, UNLOCKED)
            assert they.status(session="c2", locked=False, active=False)
            logind.session("c1", LockedHint=False)
            logind.session("c1", LockedHint=True)
            logind.session("c2", Active=True)
            await they.has_told(LOCKED, BEHIND, UNLOCKED, IN_FRONT)

    asyncio.run(story())


def test_changing_to_a_session_that_is_locked_too_tells_nothing(system: PrivateBus) -> None:
    async def story() -> None:
        logind = system.logind(c1={"LockedHint": True}, c2={"LockedHint": True})
        async with following(system) as they:
            await they.has_told(LOCKED)
            logind.display("c2")
            await they.knows(session="c2", locked=True)
            assert they.trace == [LOCKED]

    asyncio.run(story())


def test_logging_out_ends_a_lock_and_logging_in_is_noticed(system: PrivateBus) -> None:
    async def story() -> None:
        logind = system.logind(c1={"LockedHint": True, "Type": "wayland"})
        async with following(system) as they:
            await they.has_told(LOCKED)
            logind.session("c1", Type="tty")
            logind.display("")
            await they.has_told(LOCKED, UNLOCKED)
            assert they.status(ok=True, problem="no graphical session yet", session="", active=True)
            logind.open("c2")
            logind.announce("SessionNew", "c2")
            logind.display("c2")
            await they.knows(ok=True, problem="", session="c2")

    asyncio.run(story())


def test_without_a_display_the_graphical_session_in_front_is_taken(system: PrivateBus) -> None:
    async def story() -> None:
        system.logind(
            display="",
            text={"Type": "tty"},
            greeter={"Type": "wayland", "Class": "greeter"},
            behind={"Type": "x11", "Active": False, "LockedHint": True},
            front={"Type": "wayland"},
            later={"Type": "x11", "Active": False},
        )
        async with following(system) as they:
            await they.knows(ok=True, session="front", locked=False, active=True)
            assert they.trace == []

    asyncio.run(story())


def test_without_a_display_and_nothing_in_front_the_one_behind_is_taken(system: PrivateBus) -> None:
    async def story() -> None:
        system.logind(display="", text={"Type": "tty"}, behind={"Type": "x11", "Active": False})
        async with following(system) as they:
            await they.has_told(BEHIND)
            assert they.status(ok=True, session="behind")

    asyncio.run(story())
