import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from support.helpers import eventually
from support.logind_helpers import PrivateBus, Witness, connection_to, private_bus, running

from neckguard.core.events import AwayBegan, AwayEnded
from neckguard.core.model import Away
from neckguard.desktop.bus.bus import IF_IT_LASTS, BusError, BusTimeout
from neckguard.desktop.session.login import LoginSession
from neckguard.desktop.session.screensaver import ScreenSavers

BEGAN, ENDED = AwayBegan(Away.LOCKED), AwayEnded(Away.LOCKED)
PERHAPS = AwayEnded(Away.LOCKED, certain=False)  # nobody can tell any more
GNOME, GNOME_PATH = "org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"
KDE, KDE_PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
NONSENSE = f"{GNOME} answered GetActive with 'on' (D-Bus type s, not b); {IF_IT_LASTS}"


class Follower(Witness):
    """The adapter at work, and what it told."""

    def __init__(self, desk: PrivateBus) -> None:
        super().__init__()
        self.bus = connection_to(desk)
        self.savers = ScreenSavers(self.bus, self.absence.claim)

    async def connected(self) -> None:
        """Connected, and all have been asked: the questions went out before this one."""
        await eventually(lambda: self.bus.connected)
        await self.bus.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId")

    async def has_told(self, *trace: AwayBegan | AwayEnded) -> None:
        await eventually(lambda: len(self.trace) >= len(trace))
        assert self.trace == list(trace)


@asynccontextmanager
async def following(desk: PrivateBus) -> AsyncIterator[Follower]:
    follower = Follower(desk)
    async with running(follower.bus.run, follower.savers.run):
        yield follower


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    with private_bus(tmp_path / "desk") as bus:
        yield bus


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (GNOME, GNOME_PATH),
        (KDE, KDE_PATH),
        (KDE, "/ScreenSaver"),
        ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
        ("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
        ("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"),
    ],
)
def test_each_desktop_s_screen_saver_is_a_lock(desk: PrivateBus, name: str, path: str) -> None:
    async def story() -> None:
        saver = desk.saver(name, path, answer=True)
        async with following(desk) as they:
            await they.has_told(BEGAN)  # it was asked
            assert they.savers.status() == {"ok": True, "problem": "", "active": [name]}
            saver.set_active(path, False)
            await they.has_told(BEGAN, ENDED)  # it told
            saver.set_active(path, True)
            await they.has_told(BEGAN, ENDED, BEGAN)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("signature", "answer", "trace"),
    [
        ("b", "ret = False", [BEGAN, ENDED]),  # the unlocking was never told
        ("b", "raise dbus.exceptions.DBusException('not now')", [BEGAN, PERHAPS]),
        ("s", "ret = 'on'", [BEGAN, PERHAPS]),
    ],
)
def test_a_lock_that_is_not_confirmed_when_it_is_doubted_is_over(
    desk: PrivateBus, signature: str, answer: str, trace: list[AwayBegan | AwayEnded]
) -> None:
    async def story() -> None:
        saver = desk.saver(GNOME, GNOME_PATH, answer=True)
        async with following(desk) as they:
            await they.has_told(BEGAN)
            saver.do(GNOME_PATH, "AddMethod", "sssss", GNOME, "GetActive", "", signature, answer)
            they.savers.doubt()
            await they.has_told(*trace)
            assert they.savers.status()["active"] == []

    asyncio.run(story())


def test_one_that_confirms_the_lock_keeps_it_and_the_others_are_not_asked(desk: PrivateBus) -> None:
    async def story() -> None:
        saver, other = desk.saver(GNOME, GNOME_PATH, answer=True), desk.saver(KDE, KDE_PATH)
        async with following(desk) as they:
            await they.has_told(BEGAN)
            await eventually(lambda: other.times_asked(KDE_PATH, "GetActive") == 1)
            they.savers.doubt()
            await eventually(lambda: saver.times_asked(GNOME_PATH, "GetActive") == 2)
            saver.set_active(GNOME_PATH, False)
            await they.has_told(BEGAN, ENDED)
            assert other.times_asked(KDE_PATH, "GetActive") == 1

    asyncio.run(story())


def test_one_that_hangs_does_not_keep_the_lock_and_is_asked_until_it_answers(desk: PrivateBus) -> None:
    async def story() -> None:
        saver = desk.saver(GNOME, GNOME_PATH, answer=True)
        async with following(desk) as they:
            await they.has_told(BEGAN)
            saver.stall()
            they.savers.doubt()
            await they.has_told(BEGAN, PERHAPS)
            saver.go_on()
            await they.has_told(BEGAN, PERHAPS, BEGAN)

    asyncio.run(story())


def test_none_is_no_fault(desk: PrivateBus) -> None:
    async def story() -> None:
        async with following(desk) as they:
            await they.connected()
            assert they.savers.status() == {"ok": True, "problem": "", "active": []}
            assert they.trace == []

    asyncio.run(story())


def test_no_bus_is_a_fault_that_the_bus_tells_itself(tmp_path: Path) -> None:
    async def story(desk: PrivateBus) -> None:
        async with following(desk) as they:
            await eventually(lambda: they.bus.problem)
            assert they.savers.status() == {"ok": False, "problem": "", "active": []}
            desk.start()
            await they.connected()
            assert they.savers.status() == {"ok": True, "problem": "", "active": []}

    with private_bus(tmp_path / "desk", started=False) as desk:
        asyncio.run(story(desk))


def test_one_that_comes_later_is_asked_and_one_that_dies_lets_go(desk: PrivateBus) -> None:
    async def story() -> None:
        async with following(desk) as they:
            await they.connected()
            saver = desk.saver(GNOME, GNOME_PATH, answer=True)
            await they.has_told(BEGAN)
            saver.die()
            await they.has_told(BEGAN, PERHAPS)
            desk.saver(GNOME, GNOME_PATH, answer=True)
            await they.has_told(BEGAN, PERHAPS, BEGAN)

    asyncio.run(story())


def test_a_dead_bus_lets_go_and_a_new_one_is_followed(desk: PrivateBus) -> None:
    async def story() -> None:
        desk.saver(GNOME, GNOME_PATH, answer=True)
        async with following(desk) as they:
            await they.has_told(BEGAN)
            desk.stop()
            await they.has_told(BEGAN, PERHAPS)
            desk.start()
            desk.saver(KDE, KDE_PATH, answer=True)
            await they.has_told(BEGAN, PERHAPS, BEGAN)

    asyncio.run(story())


def test_one_that_hangs_is_said_once_and_asked_again(
    desk: PrivateBus, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        saver = desk.saver(GNOME, GNOME_PATH, answer=True)
        other = desk.saver(KDE, KDE_PATH)
        saver.stall()
        async with following(desk) as they:
            await they.connected()
            other.set_active(KDE_PATH, True)  # does not wait for its neighbour
            await they.has_told(BEGAN)
            other.set_active(KDE_PATH, False)
            await they.has_told(BEGAN, ENDED)
            problem = f"org.gnome.ScreenSaver does not answer; {IF_IT_LASTS}"
            await eventually(lambda: they.savers.status() == {"ok": False, "problem": problem, "active": []})
            saver.go_on()
            await they.has_told(BEGAN, ENDED, BEGAN)
            await eventually(lambda: they.savers.status() == {"ok": True, "problem": "", "active": [GNOME]})

    with caplog.at_level(logging.WARNING, "neckguard.desktop.session.screensaver"):
        asyncio.run(story())
    assert caplog.messages == [
        f"A locked screen may go unnoticed: org.gnome.ScreenSaver does not answer; {IF_IT_LASTS}."
    ]


def test_nonsense_is_said_once_and_asked_again(desk: PrivateBus, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        saver = desk.saver(GNOME, GNOME_PATH, answer="on", signature="s")
        async with following(desk) as they:
            await eventually(lambda: saver.times_asked(GNOME_PATH, "GetActive") == 2)
            saver.set_active(GNOME_PATH, True)  # comes after the second answer
            await they.has_told(BEGAN)

    with caplog.at_level(logging.WARNING, "neckguard.desktop.session.screensaver"):
        asyncio.run(story())
    assert caplog.messages == [f"A locked screen may go unnoticed: {NONSENSE}."]


def test_nonsense_is_no_lock(desk: PrivateBus) -> None:
    async def story() -> None:
        saver, marker = desk.saver(GNOME, GNOME_PATH, answer="on", signature="s"), desk.saver(KDE, KDE_PATH)
        async with following(desk) as they:
            wrong = {"ok": False, "problem": NONSENSE, "active": []}
            await eventually(lambda: they.savers.status() == wrong)
            saver.emit(GNOME_PATH, GNOME, "ActiveChanged", "s", ("s", "on"))
            saver.emit(GNOME_PATH, GNOME, "ActiveChanged", "u", ("u", 1))
            saver.emit(GNOME_PATH, GNOME, "ActiveChanged", "")
            saver.emit(GNOME_PATH, GNOME, "ActiveChanged", "bb", ("b", True), ("b", True))
            marker.set_active(KDE_PATH, True)
            await they.has_told(BEGAN)
            assert they.savers.status()["active"] == [KDE]

    asyncio.run(story())


def test_one_that_only_takes_inhibitions_is_no_fault(desk: PrivateBus) -> None:
    async def story() -> None:
        desk.saver(KDE, KDE_PATH, signature="")
        desk.saver(GNOME, GNOME_PATH, answer=True)
        async with following(desk) as they:
            await they.has_told(BEGAN)
            await they.connected()
            assert they.savers.status() == {"ok": True, "problem": "", "active": [GNOME]}

    asyncio.run(story())


def test_asking_starts_no_screen_saver(tmp_path: Path) -> None:
    async def story(desk: PrivateBus) -> None:
        async with following(desk) as they:
            await they.connected()
            with suppress(BusError, BusTimeout):
                await they.bus.call(other, GNOME_PATH, other, "GetActive", timeout=0.1)
            await eventually((tmp_path / other).exists)
            assert not (tmp_path / GNOME).exists()

    other = "org.example.ScreenSaver"
    with private_bus(tmp_path / "desk", started=False) as desk:
        for name in (GNOME, other):
            service = f"[D-BUS Service]\nName={name}\nExec=/usr/bin/touch {tmp_path / name}\n"
            (desk.services / f"{name}.service").write_text(service)
        desk.start()
        asyncio.run(story(desk))


def test_a_stranger_s_word_is_not_believed(desk: PrivateBus) -> None:
    async def story() -> None:
        desk.saver(GNOME, GNOME_PATH)
        marker = desk.saver("org.mate.ScreenSaver", "/org/mate/ScreenSaver")
        async with following(desk) as they:
            await they.connected()
            desk.forge(GNOME_PATH, GNOME, "ActiveChanged", "b", True)
            desk.forge(KDE_PATH, KDE, "ActiveChanged", "b", True)
            marker.set_active("/org/mate/ScreenSaver", True)
            await eventually(lambda: "org.mate.ScreenSaver" in they.savers.status()["active"])
            assert they.savers.status()["active"] == ["org.mate.ScreenSaver"]

    asyncio.run(story())


def test_a_lock_that_three_tell_begins_once_and_ends_once(desk: PrivateBus, tmp_path: Path) -> None:
    async def story(system: PrivateBus) -> None:
        logind = system.logind()
        gnome, kde = desk.saver(GNOME, GNOME_PATH), desk.saver(KDE, KDE_PATH)
        async with following(desk) as they:
            system_bus = connection_to(system)
            session = LoginSession(system_bus, they.absence.claim)
            async with running(system_bus.run, session.run):
                await they.connected()
                await eventually(lambda: session.status()["ok"])
                gnome.set_active(GNOME_PATH, True)
                logind.session("c1", LockedHint=True)
                await eventually(lambda: session.status()["locked"])
                kde.set_active(KDE_PATH, True)
                await eventually(lambda: they.savers.status()["active"] == [KDE, GNOME])
                gnome.set_active(GNOME_PATH, False)
                await eventually(lambda: they.savers.status()["active"] == [KDE])
                kde.die()
                await eventually(lambda: they.savers.status()["active"] == [])
                assert they.trace == [BEGAN]
                logind.session("c1", LockedHint=False)
                await they.has_told(BEGAN, ENDED)

    with private_bus(tmp_path / "system") as system:
        asyncio.run(story(system))
