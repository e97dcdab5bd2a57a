"""Whether a screen reader is on: the real accessibility bus, and mocked ones that do as they are told."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.dnd_helpers import startable
from support.helpers import eventually
from support.logind_helpers import Mock, PrivateBus, connection_to, private_bus, running

from neckguard.desktop.bus.bus import DBUS, DBUS_PATH, IF_IT_LASTS, PROPERTIES
from neckguard.desktop.notify import screen_reader
from neckguard.desktop.notify.screen_reader import ScreenReaderWatch

NAME, PATH, STATUS = "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Status"
ENABLED = "ScreenReaderEnabled"
TEMPLATE = """
BUS_NAME, MAIN_OBJ, MAIN_IFACE, SYSTEM_BUS = "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", False

def load(mock, parameters):
    mock.AddProperties("org.a11y.Status", {{"IsEnabled": True, {property!r}: {value!r}}})
"""


class Service:
    """A mocked accessibility bus."""

    def __init__(self, desk: PrivateBus, value: object = False, *, knows: str = ENABLED) -> None:
        self.mock: Mock = desk.mock(NAME, TEMPLATE.format(property=knows, value=value))

    def switch(self, signature: str, value: object, name: str = ENABLED) -> None:
        """A property changes, and PropertiesChanged says so."""
        self.mock.do(PATH, "UpdateProperties", "sa{sv}", STATUS, {name: (signature, value)})


class Follower:
    """The adapter at work, and what it told."""

    def __init__(self, desk: PrivateBus) -> None:
        self.told: list[bool] = []
        self.bus = connection_to(desk)
        self.reader = ScreenReaderWatch(self.bus, self.told.append)

    async def connected(self) -> None:
        """Connected, and it was asked: that question went out before this one."""
        await eventually(lambda: self.bus.connected)
        await self.bus.call(DBUS, DBUS_PATH, DBUS, "GetId")

    async def knows_the_news(self) -> None:
        """What the bus said so far was heard, asked about and taken in."""
        for _ in range(3):
            await self.connected()

    async def has_told(self, *told: bool) -> None:
        await eventually(lambda: len(self.told) >= len(told))
        assert self.told == list(told)

    async def is_so(self, *, on: bool, problem: str = "") -> None:
        await eventually(lambda: self.reader.status() == {"ok": not problem, "problem": problem, "on": on})


@asynccontextmanager
async def following(desk: PrivateBus) -> AsyncIterator[Follower]:
    follower = Follower(desk)
    async with running(follower.bus.run, follower.reader.run):
        yield follower


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PrivateBus]:
    with private_bus(tmp_path / "desk") as bus:
        yield bus


def test_the_switch_of_the_real_service_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GSETTINGS_BACKEND", "memory")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    async def story(desk: PrivateBus) -> None:
        def switch(on: bool) -> None:
            desk.call(NAME, PATH, PROPERTIES, "Set", "ssv", STATUS, ENABLED, ("b", on))

        async with following(desk) as they:
            await they.connected()
            await they.is_so(on=False)
            assert not desk.owned(NAME)  # asking started nothing
            switch(True)
            await they.has_told(True)
            switch(False)
            await they.has_told(True, False)

    with private_bus(tmp_path / "desk", started=False) as desk:
        startable(desk.services, NAME)
        desk.start()
        asyncio.run(story(desk))


def test_one_that_is_on_from_the_start_is_told_and_what_does_not_change_is_not(desk: PrivateBus) -> None:
    async def story() -> None:
        service = Service(desk, value=True)
        async with following(desk) as they:
            await they.has_told(True)
            service.switch("b", True)
            service.switch("b", False, name="IsEnabled")
            service.switch("b", False)
            await they.has_told(True, False)

    asyncio.run(story())


def test_none_is_off_and_no_fault(desk: PrivateBus) -> None:
    async def story() -> None:
        async with following(desk) as they:
            await they.connected()
            await they.is_so(on=False)
            other = Service(desk, knows="Other", value=True)
            await they.connected()
            await they.is_so(on=False)
            other.mock.die()
            Service(desk, value=True)
            await they.has_told(True)

    asyncio.run(story())


def test_one_that_is_only_restarted_stays_on(desk: PrivateBus) -> None:
    async def story() -> None:
        service = Service(desk, value=True)
        async with following(desk) as they:
            await they.has_told(True)
            service.mock.die()
            await they.knows_the_news()
            service = Service(desk, value=True)
            await they.knows_the_news()
            await they.has_told(True)
            service.switch("b", False)
            await they.has_told(True, False)

    asyncio.run(story())


def test_one_that_comes_back_knowing_nothing_is_off(
    desk: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_reader, "_RETURNS_WITHIN", 0.1)

    async def story() -> None:
        service = Service(desk, value=True)
        async with following(desk) as they:
            await they.has_told(True)
            service.mock.die()
            await they.knows_the_news()
            Service(desk, knows="Other")
            await they.has_told(True, False)
            await they.is_so(on=False)

    asyncio.run(story())


def test_one_that_dies_is_off_and_the_next_one_is_asked(
    desk: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_reader, "_RETURNS_WITHIN", 0.1)

    async def story() -> None:
        service = Service(desk, value=True)
        async with following(desk) as they:
            await they.has_told(True)
            service.mock.die()
            await they.has_told(True, False)
            Service(desk, value=True)
            await they.has_told(True, False, True)

    asyncio.run(story())


def test_a_dead_bus_is_off_and_a_new_one_is_followed(
    desk: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_reader, "_RETURNS_WITHIN", 0.0)

    async def story() -> None:
        Service(desk, value=True)
        async with following(desk) as they:
            await they.has_told(True)
            desk.stop()
            await they.has_told(True, False)
            desk.start()
            Service(desk, value=True)
            await they.has_told(True, False, True)

    asyncio.run(story())


def test_one_that_hangs_is_off_said_once_and_asked_again(
    desk: PrivateBus, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_reader, "_PATIENCE", 0.2)

    async def story() -> None:
        service = Service(desk, value=True)
        service.mock.stall()
        async with following(desk) as they:
            await they.is_so(on=False, problem=f"org.a11y.Bus does not answer; {IF_IT_LASTS}")
            service.mock.go_on()
            await they.has_told(True)
            await they.is_so(on=True)

    with caplog.at_level(logging.WARNING, "neckguard.desktop.notify.screen_reader"):
        asyncio.run(story())
    assert caplog.messages == [
        f"A screen reader may go unnoticed: org.a11y.Bus does not answer; {IF_IT_LASTS}."
    ]


@pytest.mark.parametrize(("signature", "value"), [("s", "yes"), ("i", 1)])
def test_nonsense_is_off_and_seen(signature: str, value: object, desk: PrivateBus) -> None:
    async def story() -> None:
        service = Service(desk, value=True)
        async with following(desk) as they:
            await they.has_told(True)
            service.switch(signature, value)
            await they.has_told(True, False)
            answer = f"ScreenReaderEnabled with {value!r} (D-Bus type {signature}, not b)"
            await they.is_so(on=False, problem=f"org.a11y.Bus answered {answer}; {IF_IT_LASTS}")
            service.switch("b", True)
            await they.has_told(True, False, True)
            await they.is_so(on=True)

    asyncio.run(story())
