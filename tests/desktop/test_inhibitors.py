import asyncio
import logging
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from support.helpers import eventually
from support.logind_helpers import Mock, PrivateBus, connection_to, private_bus, running

from neckguard.desktop.bus.bus import DBUS, DBUS_PATH, IF_IT_LASTS, PROPERTIES, Bus
from neckguard.desktop.presence import inhibitors
from neckguard.desktop.presence.holders import Holder
from neckguard.desktop.presence.inhibitors import Inhibitors

LOGIND, LOGIND_PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
GNOME, GNOME_PATH = "org.gnome.SessionManager", "/org/gnome/SessionManager"
PLASMA = "org.kde.Solid.PowerManagement.PolicyAgent"
PLASMA_PATH = "/org/kde/Solid/PowerManagement/PolicyAgent"
ME, NOBODY = os.getuid(), {"ok": True, "problem": "", "holders": []}

TEMPLATE = """
BUS_NAME, MAIN_IFACE, MAIN_OBJ, SYSTEM_BUS = {name!r}, {interface!r}, {path!r}, False

def load(mock, parameters):
    mock.answers = {{}}
    methods = [("Change", "ss", "", "self.answers[args[0]] = eval(args[1])")]
    for member, arguments, signature, answer in {methods!r}:
        mock.answers[member] = answer
        methods.append((member, arguments, signature, f"ret = self.answers[{{member!r}}]"))
    mock.AddMethods(MAIN_IFACE, methods)
"""


class Service:
    """A service that takes inhibitors; subclasses speak its dialect."""

    name = interface = path = ""

    def __init__(self, desk: PrivateBus, *methods: tuple[str, str, str, Any]) -> None:
        values = {"name": self.name, "interface": self.interface, "path": self.path, "methods": methods}
        self.mock: Mock = desk.mock(self.name, TEMPLATE.format(**values))

    def change(self, member: str, answer: Any) -> None:
        self.mock.do(self.path, "Change", "ss", member, repr(answer), interface=self.interface)

    def news(self) -> None:
        raise NotImplementedError

    def hold(self, *names: str) -> None:
        raise NotImplementedError


class OnLogind(Service):
    name, interface, path = LOGIND, f"{LOGIND}.Manager", LOGIND_PATH

    def __init__(self, desk: PrivateBus, signature: str = "a(ssssuu)", answer: Any = ()) -> None:
        super().__init__(desk, ("ListInhibitors", "", signature, answer))

    def news(self) -> None:
        changed = ("a{sv}", {"BlockInhibited": ("s", "idle")})
        self.mock.emit(
            self.path, PROPERTIES, "PropertiesChanged", "sa{sv}as", ("s", self.interface), changed, ("as", [])
        )

    def hold(self, *names: str) -> None:
        self.change("ListInhibitors", [("sleep:idle", name, "why", "block", ME, 7) for name in names])
        self.news()


class OnGnome(Service):
    name, interface, path = GNOME, GNOME, GNOME_PATH

    def __init__(self, desk: PrivateBus, signature: str = "ao", answer: Any = ()) -> None:
        super().__init__(desk, ("GetInhibitors", "", signature, answer))
        self.number = 0

    def news(self) -> None:
        self.mock.emit(self.path, GNOME, "InhibitorRemoved", "o", ("o", f"{GNOME_PATH}/Inhibitor1"))

    def inhibitor(self, name: str, flags: Any = "12", signature: str = "u", *, why: str = "why") -> str:
        """One more object; its path."""
        self.number += 1
        path = f"{GNOME_PATH}/Inhibitor{self.number}"
        methods = [
            ("GetAppId", "", "s", f"ret = {name!r}"),
            ("GetReason", "", "s", f"ret = {why!r}"),
            ("GetFlags", "", signature, f"ret = {flags}"),
        ]
        self.mock.do(self.path, "AddObject", "ssa{sv}a(ssss)", path, f"{GNOME}.Inhibitor", {}, methods)
        return path

    def hold(self, *names: str) -> None:
        self.change("GetInhibitors", [self.inhibitor(name) for name in names])
        path = f"{GNOME_PATH}/Inhibitor{self.number}"
        self.mock.emit(self.path, GNOME, "InhibitorAdded", "o", ("o", path))


class OnPlasma(Service):
    name, interface, path = PLASMA, PLASMA, PLASMA_PATH

    def __init__(
        self,
        desk: PrivateBus,
        signature: str = "a(ss)",
        answer: Any = (),
        has: tuple[str, Any] = ("b", False),
    ) -> None:
        super().__init__(
            desk, ("ListInhibitions", "", signature, answer), ("HasInhibition", "u", has[0], has[1])
        )

    def news(self) -> None:
        nothing: list[Any] = []
        changes = (("a(ss)", nothing), ("as", nothing))
        self.mock.emit(self.path, PLASMA, "InhibitionsChanged", "a(ss)as", *changes)

    def hold(self, *names: str) -> None:
        self.change("HasInhibition", bool(names))
        self.change("ListInhibitions", [(name, "why") for name in names])
        self.news()


SERVICES = [OnLogind, OnGnome, OnPlasma]


class Follower:
    """The adapter at work, and what it told."""

    def __init__(self, desk: PrivateBus, system: PrivateBus | None = None) -> None:
        self.buses: list[Bus] = [connection_to(desk), connection_to(system or desk)]
        self.trace: list[str] = []
        self.words: set[str] = set()  # of those that were told last
        self.inhibitors = Inhibitors(self.buses[0], self.buses[1], self._hear)

    def _hear(self, holders: frozenset[Holder]) -> None:
        self.trace.append(", ".join(sorted(each.who for each in holders)))
        self.words = {each.words for each in holders}

    async def has_told(self, *trace: str) -> None:
        await eventually(lambda: len(self.trace) >= len(trace))
        assert self.trace == list(trace)

    async def asked(self) -> None:
        """Connected, and all have been asked: the questions went out before this one."""
        await eventually(lambda: all(bus.connected for bus in self.buses))
        for bus in self.buses:
            await bus.call(DBUS, DBUS_PATH, DBUS, "GetId")

    def holders(self, service: str) -> frozenset[Holder]:
        """Whom this service named."""
        (found,) = (each.holders for each in self.inhibitors._lists if each._list.name == service)
        return found

    async def complains(self) -> str:
        return str(await eventually(lambda: self.inhibitors.status()["problem"]))


@asynccontextmanager
async def following(desk: PrivateBus, system: PrivateBus | None = None) -> AsyncIterator[Follower]:
    follower = Follower(desk, system)
    async with running(*(bus.run for bus in follower.buses), follower.inhibitors.run):
        yield follower


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PrivateBus]:
    with private_bus(tmp_path / "desk") as bus:
        yield bus


@pytest.mark.parametrize("kind", SERVICES)
def test_holders_are_told_as_they_come_and_go(desk: PrivateBus, kind: Any) -> None:
    async def story() -> None:
        service = kind(desk)
        service.hold("film")
        async with following(desk) as they:
            await they.has_told("film")
            assert they.inhibitors.status() == {"ok": True, "problem": "", "holders": ["film"]}
            assert they.words == {"film: why"}
            service.hold("film", "call")
            await they.has_told("film", "call, film")
            service.hold()
            await they.has_told("film", "call, film", "")
            assert they.inhibitors.status() == NOBODY

    asyncio.run(story())


def test_all_services_count_together(desk: PrivateBus) -> None:
    async def story() -> None:
        logind, gnome, plasma = (kind(desk) for kind in SERVICES)
        async with following(desk) as they:
            await they.asked()
            logind.hold("film")
            await they.has_told("film")
            gnome.hold("talk")
            await they.has_told("film", "film, talk")
            plasma.hold("film")
            await eventually(lambda: they.holders(PLASMA))
            logind.hold()
            await eventually(lambda: not they.holders(LOGIND))
            gnome.hold()
            await they.has_told("film", "film, talk", "film")
            plasma.hold()
            await they.has_told("film", "film, talk", "film", "")

    asyncio.run(story())


def test_on_logind_only_the_person_s_idle_blocks_count(desk: PrivateBus) -> None:
    async def story() -> None:
        rows = [
            ("sleep:shutdown", "download", "why", "block", ME, 7),
            ("sleep:idle", "network", "why", "delay", ME, 7),
            ("idle", "backup", "why", "block", ME + 1, 7),
            ("idle", "neckguard", "why", "block", ME, 7),
            ("handle-idle-things", "other", "why", "block", ME, 7),
            ("idle:handle-lid-switch", "", "why", "block", ME, 7),
        ]
        OnLogind(desk, answer=rows)
        async with following(desk) as they:
            await they.has_told("an application")

    asyncio.run(story())


def test_on_gnome_only_the_idle_flag_counts(desk: PrivateBus) -> None:
    async def story() -> None:
        gnome = OnGnome(desk)
        paths = [gnome.inhibitor("download", "4"), gnome.inhibitor("neckguard"), gnome.inhibitor("film", "8")]
        gone = f"{GNOME_PATH}/Inhibitor99"
        gnome.change("GetInhibitors", [*paths[:2], gone, paths[2]])
        async with following(desk) as they:
            await they.has_told("film")

    asyncio.run(story())


def test_on_plasma_those_who_only_forbid_sleep_do_not_count(desk: PrivateBus) -> None:
    async def story() -> None:
        plasma = OnPlasma(desk, answer=[("download", "why")])
        async with following(desk) as they:
            await eventually(lambda: plasma.mock.times_asked(PLASMA_PATH, "HasInhibition"))
            plasma.hold("film")
            await they.has_told("film")

    asyncio.run(story())


@pytest.mark.parametrize(
    ("signature", "answer", "names"),
    [
        ("aas", [["film", "why"]], "film"),
        ("a(ss)", [], "an application"),
        ("a(ss)", [("film\nProblem: \u202e" + "x" * 100_000, "why")], "film Problem: " + "x" * 65),
        ("a(ss)", [("\u2066", "why")], "an application"),
    ],
)
def test_every_plasma_is_understood(desk: PrivateBus, signature: str, answer: Any, names: str) -> None:
    async def story() -> None:
        OnPlasma(desk, signature, answer, has=("b", True))
        async with following(desk) as they:
            await they.has_told(names)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("", "film"),
        ("a\nProblem: \u202e" + "x" * 100_000, "film: a Problem: " + "x" * 68),
        ("\u2066", "film"),
    ],
)
def test_why_they_do_it_is_told_in_one_clean_line(desk: PrivateBus, why: str, words: str) -> None:
    async def story() -> None:
        OnPlasma(desk, answer=[("film", why)], has=("b", True))
        async with following(desk) as they:
            await they.has_told("film")
            assert they.words == {words}

    asyncio.run(story())


def test_the_same_application_for_another_reason_is_another_holder(desk: PrivateBus) -> None:
    async def story() -> None:
        gnome = OnGnome(desk)
        first = gnome.inhibitor("Firefox", "8")
        gnome.change("GetInhibitors", [first, gnome.inhibitor("Firefox", "8", why="video-playing")])
        async with following(desk) as they:
            await they.has_told("Firefox, Firefox")
            assert they.words == {"Firefox: why", "Firefox: video-playing"}
            assert they.inhibitors.status()["holders"] == ["Firefox"]

    asyncio.run(story())


def test_absence_of_all_is_no_fault(desk: PrivateBus, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        async with following(desk) as they:
            await they.asked()
            assert (they.inhibitors.status(), they.trace) == (NOBODY, [])

    asyncio.run(story())
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_session_manager_without_inhibitors_is_no_fault(desk: PrivateBus) -> None:
    async def story() -> None:
        class Poor(OnGnome):
            interface = "org.example.Other"

        poor = Poor(desk)
        async with following(desk) as they:
            await they.asked()
            await eventually(lambda: poor.mock.bus.owned(GNOME))
            assert (they.inhibitors.status(), they.trace) == (NOBODY, [])

    asyncio.run(story())


@pytest.mark.parametrize("kind", SERVICES)
def test_one_that_comes_later_is_asked_and_one_that_dies_lets_go(
    desk: PrivateBus, kind: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with following(desk) as they:
            await they.asked()
            service = kind(desk)
            service.hold("film")
            await they.has_told("film")
            service.mock.die()
            await they.has_told("film", "")
            await they.asked()
            assert they.inhibitors.status() == NOBODY
            kind(desk).hold("call")
            await they.has_told("film", "", "call")

    asyncio.run(story())
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_dead_bus_lets_go_and_the_other_goes_on(tmp_path: Path) -> None:
    async def story(desk: PrivateBus, system: PrivateBus) -> None:
        OnLogind(system).hold("film")
        gnome = OnGnome(desk)
        gnome.hold("talk")
        async with following(desk, system) as they:
            await eventually(lambda: "film, talk" in they.trace)
            del they.trace[:]
            system.stop()
            await they.has_told("talk")
            gnome.hold()
            await they.has_told("talk", "")
            system.start()
            OnLogind(system).hold("film")
            await they.has_told("talk", "", "film")

    with private_bus(tmp_path / "desk") as desk, private_bus(tmp_path / "system") as system:
        asyncio.run(story(desk, system))


@pytest.mark.parametrize("kind", SERVICES)
def test_silence_is_said_and_asked_again(
    desk: PrivateBus, kind: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inhibitors, "_PATIENCE", 0.5)

    async def story() -> None:
        service = kind(desk)
        service.hold("film")
        service.mock.stall()
        async with following(desk) as they:
            assert await they.complains() == f"{service.name} does not answer; {IF_IT_LASTS}"
            assert they.trace == []
            service.mock.go_on()
            await they.has_told("film")
            assert they.inhibitors.status()["ok"]

    asyncio.run(story())
    warnings = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warnings) == 1
    assert "film" not in warnings[0].removeprefix("A film or a talk may go unnoticed")


def test_one_that_dies_while_asked_is_no_fault(desk: PrivateBus, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        gnome = OnGnome(desk)
        gnome.mock.stall()
        async with following(desk) as they:
            await they.asked()
            gnome.mock.die()
            await they.asked()
            OnGnome(desk).hold("film")
            await they.has_told("film")

    asyncio.run(story())
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        (OnLogind, {"signature": "s", "answer": "nobody"}),
        (OnLogind, {"signature": "i", "answer": -3}),
        (OnLogind, {"signature": "a(su)", "answer": [("idle", 4)]}),
        (OnLogind, {"signature": "a(iussuu)", "answer": [(5, 4, "a", "block", ME, 1)]}),
        (OnLogind, {"signature": "uu", "answer": (1, 2)}),
        (OnGnome, {"signature": "u", "answer": 2**32 - 1}),
        (OnGnome, {"signature": "ai", "answer": [-1]}),
        (OnPlasma, {"has": ("s", "yes")}),
        (OnPlasma, {"has": ("i", -1)}),
        (OnPlasma, {"has": ("b", True), "signature": "as", "answer": ["film"]}),
        (OnPlasma, {"has": ("b", True), "signature": "a(us)", "answer": [(2**32 - 1, "film")]}),
    ],
)
def test_nonsense_holds_nothing(desk: PrivateBus, kind: Any, arguments: dict[str, Any]) -> None:
    async def story() -> None:
        service = kind(desk, **arguments)
        async with following(desk) as they:
            complaint = await they.complains()
            assert complaint.startswith(f"{service.name} answered ")
            assert complaint.endswith(f"; {IF_IT_LASTS}")
            assert they.trace == []

    asyncio.run(story())


@pytest.mark.parametrize(("flags", "signature"), [("'8'", "s"), ("[8]", "ai"), ("-1.5", "d")])
def test_an_inhibitor_with_nonsensical_flags_holds_nothing(
    desk: PrivateBus, flags: str, signature: str
) -> None:
    async def story() -> None:
        gnome = OnGnome(desk)
        gnome.change("GetInhibitors", [gnome.inhibitor("film", flags, signature)])
        async with following(desk) as they:
            assert (await they.complains()).startswith(f"{GNOME} answered GetFlags with ")
            gnome.hold("talk")
            await they.has_told("talk")
            assert they.inhibitors.status()["ok"]

    asyncio.run(story())


def test_an_error_is_said(desk: PrivateBus) -> None:
    async def story() -> None:
        OnPlasma(desk, has=("u", -1))  # the mock cannot say that: it answers with an error
        async with following(desk) as they:
            assert (await they.complains()).startswith(f"{PLASMA} answers with an error")
            assert they.trace == []

    asyncio.run(story())
