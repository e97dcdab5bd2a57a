"""Keeping the machine awake: the real systemd-inhibit on a mocked logind, mocked services of the session."""

import asyncio
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from support.dnd_helpers import do
from support.helpers import eventually, need, wait_until
from support.logind_helpers import (
    LOGIND,
    MANAGER,
    Logind,
    Mock,
    PrivateBus,
    connection_to,
    private_bus,
    running,
)

from neckguard.desktop.alarm import awake
from neckguard.desktop.alarm.awake import Awake

WHY = "a cold pack"
GNOME, GNOME_PATH = "org.gnome.SessionManager", "/org/gnome/SessionManager"
POWER, POWER_PATH = "org.freedesktop.PowerManagement", "/org/freedesktop/PowerManagement/Inhibit"
PROBLEM = "nothing here can keep the machine awake; keep an eye on the clock"

TEMPLATE = """
BUS_NAME, MAIN_OBJ, MAIN_IFACE, SYSTEM_BUS = {name!r}, {path!r}, {interface!r}, False

def load(mock, parameters):
    mock.held = {{}}
    mock.AddMethods(MAIN_IFACE, [
        ("Inhibit", {signature!r}, {answer!r}, {code!r}),
        ({release!r}, "u", "", "del self.held[args[0]]"),
        ("List", "", "s", "ret = repr(list(self.held.items()))"),
    ])
"""
GRANT = "ret = 7 + len(self.held); self.held[ret] = tuple(str(each) for each in args)"


class Service:
    """A mocked service of the session."""

    def __init__(
        self,
        desk: PrivateBus,
        *,
        name: str = GNOME,
        path: str = GNOME_PATH,
        interface: str = GNOME,
        signature: str = "susu",
        release: str = "Uninhibit",
        answer: str = "u",
        code: str = GRANT,
    ) -> None:
        self.desk, self.name, self.path, self.interface = desk, name, path, interface
        values = {"signature": signature, "release": release, "answer": answer, "code": code}
        template = TEMPLATE.format(name=name, path=path, interface=interface, **values)
        self.mock: Mock = desk.mock(name, template)

    def held(self) -> list[tuple[int, tuple[str, ...]]]:
        found: list[tuple[int, tuple[str, ...]]] = eval(
            self.desk.call(self.name, self.path, self.interface, "List")[0]
        )
        return found


def gnome(desk: PrivateBus, **changes: str) -> Service:
    return Service(desk, **changes)


def power(desk: PrivateBus) -> Service:
    interface = f"{POWER}.Inhibit"
    return Service(
        desk, name=POWER, path=POWER_PATH, interface=interface, signature="ss", release="UnInhibit"
    )


class Wanting:
    """The adapter at work."""

    def __init__(self, desk: PrivateBus) -> None:
        self.bus = connection_to(desk)
        self.awake = Awake(self.bus)

    async def is_so(self, by: str, problem: str = "") -> None:
        await eventually(lambda: self.awake.status() == {"ok": not problem, "problem": problem, "by": by})


@asynccontextmanager
async def at_work(desk: PrivateBus, *, why: str = WHY) -> AsyncIterator[Wanting]:
    they = Wanting(desk)
    async with running(they.bus.run, they.awake.run):
        await eventually(lambda: they.bus.connected)
        they.awake.want(why)
        yield they


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PrivateBus]:
    with private_bus(tmp_path / "desk") as bus:
        yield bus


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    """A system bus on which systemd-inhibit looks for logind."""
    need("systemd-inhibit")
    with private_bus(tmp_path / "system") as bus:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
        yield bus


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where tools are found; nothing there can lock."""
    folder = tmp_path / "tools"
    folder.mkdir()
    (folder / "dbus-daemon").symlink_to(shutil.which("dbus-daemon") or "")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(awake, "_BREATH", 0.05)
    return folder


def tool(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def locks(logind: Logind) -> list[tuple[str, str, str, str]]:
    """What, who, why and mode of each lock that logind has given away."""
    listed = logind.mock.bus.call(LOGIND, MANAGER, f"{LOGIND}.Manager", "ListInhibitors")[0]
    return [(what, who, why, mode) for what, who, why, mode, *_ in listed]


# ---- logind -----------------------------------------------------------------------------------------------


def test_logind_holds_a_lock_as_long_as_it_is_wanted(desk: PrivateBus, system: PrivateBus) -> None:
    async def story() -> None:
        logind, other = system.logind(), gnome(desk)
        async with at_work(desk, why="") as they:
            await they.is_so(by="")
            assert locks(logind) == []
            they.awake.want(WHY)
            await they.is_so(by="logind")
            assert (locks(logind), other.held()) == ([("sleep", "neckguard", WHY, "block")], [])
            they.awake.want("heat")
            await eventually(lambda: locks(logind) == [("sleep", "neckguard", "heat", "block")])
            they.awake.want("")
            await eventually(lambda: not locks(logind))
            await they.is_so(by="")

    asyncio.run(story())


def test_a_lock_ends_with_the_adapter(desk: PrivateBus, system: PrivateBus) -> None:
    async def story() -> None:
        async with at_work(desk) as they:
            await they.is_so(by="logind")

    logind = system.logind()
    asyncio.run(story())
    wait_until(lambda: not locks(logind))


def test_a_lock_ends_with_a_daemon_that_is_killed(desk: PrivateBus, system: PrivateBus) -> None:
    program = f"""
import asyncio
from neckguard.desktop.alarm.awake import Awake
from neckguard.desktop.bus.bus import Bus

async def live():
    keeper = Awake(Bus("session", lambda: {desk.address!r}))
    keeper.want({WHY!r})
    await keeper.run()

asyncio.run(live())
"""
    logind = system.logind()
    with subprocess.Popen([sys.executable, "-c", program]) as daemon:
        wait_until(lambda: locks(logind))
        daemon.kill()
    wait_until(lambda: not locks(logind))


# ---- other programs that lock, or do not -----------------------------------------------------------------

HOLDS = 'echo $$ "$@" >> {log}; exec /bin/cat'


def test_a_lock_that_is_lost_is_taken_again(desk: PrivateBus, tools: Path) -> None:
    log = tools / "log"
    tool(tools, "systemd-inhibit", HOLDS.format(log=log))

    async def story() -> None:
        async with at_work(desk) as they:
            await they.is_so(by="logind")
            os.kill(int(log.read_text().split()[0]), signal.SIGKILL)
            await eventually(lambda: len(log.read_text().splitlines()) == 2)
            await they.is_so(by="logind")

    asyncio.run(story())


def test_elogind_has_a_program_of_its_own(desk: PrivateBus, tools: Path) -> None:
    log = tools / "log"
    tool(tools, "elogind-inhibit", HOLDS.format(log=log))

    async def story() -> None:
        async with at_work(desk) as they:
            await they.is_so(by="logind")

    asyncio.run(story())
    _pid, _, asked = log.read_text().strip().partition(" ")
    assert asked == "--what=sleep --mode=block --who=neckguard --why=a cold pack cat"


def test_a_lock_that_does_not_last_keeps_nobody_busy(
    desk: PrivateBus, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(awake, "_BREATH", 1000.0)
    log = tools / "log"
    tool(tools, "systemd-inhibit", f"echo again >> {log}; echo")

    async def story() -> None:
        async with at_work(desk) as they:
            await eventually(log.exists)
            await they.is_so(by="")
            for _ in range(5):
                await do({}, "/bin/sh", "-c", "/bin/true")  # as long as it takes to lock anew
            assert log.read_text() == "again\n"

    asyncio.run(story())


@pytest.mark.parametrize("script", ["exit 1", "#"])
def test_where_logind_refuses_the_session_is_asked(script: str, desk: PrivateBus, tools: Path) -> None:
    tool(tools, "systemd-inhibit", script)

    async def story() -> None:
        service = gnome(desk)
        async with at_work(desk) as they:
            await they.is_so(by=GNOME)
            assert service.held() == [(7, ("neckguard", "0", WHY, "4"))]

    asyncio.run(story())


def test_a_program_that_cannot_be_run_is_named(
    desk: PrivateBus, tools: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tools / "systemd-inhibit").write_text("#!/nowhere/sh\n")
    (tools / "systemd-inhibit").chmod(0o755)

    async def story() -> None:
        gnome(desk)
        async with at_work(desk) as they:
            await they.is_so(by=GNOME)

    with caplog.at_level(logging.WARNING, "neckguard.desktop.alarm.awake"):
        asyncio.run(story())
    assert caplog.messages == ["systemd-inhibit cannot be run: No such file or directory."]


def test_a_program_that_hangs_is_killed_and_the_session_is_asked(
    desk: PrivateBus, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(awake, "_PATIENCE", 0.5)
    log = tools / "log"
    tool(tools, "systemd-inhibit", f"echo $$ > {log}; exec /bin/sleep 1000")

    async def story() -> None:
        gnome(desk)
        async with at_work(desk) as they:
            await they.is_so(by=GNOME)
            await eventually(lambda: not Path(f"/proc/{log.read_text().strip()}").exists())

    asyncio.run(story())


# ---- services of the session ------------------------------------------------------------------------------


def test_plasma_and_xfce_are_asked_where_there_is_no_gnome(desk: PrivateBus, tools: Path) -> None:
    async def story() -> None:
        service = power(desk)
        async with at_work(desk) as they:
            await they.is_so(by=POWER)
            assert service.held() == [(7, ("neckguard", WHY))]
            they.awake.want("")
            await eventually(lambda: not service.held())
            await they.is_so(by="")

    asyncio.run(story())


def test_another_reason_takes_the_place_of_the_first(desk: PrivateBus, tools: Path) -> None:
    async def story() -> None:
        service = gnome(desk)
        async with at_work(desk) as they:
            await they.is_so(by=GNOME)
            they.awake.want("heat")
            await eventually(lambda: service.held() == [(7, ("neckguard", "0", "heat", "4"))])
            they.awake.want("")
            await eventually(lambda: not service.held())

    asyncio.run(story())


def test_one_that_comes_later_is_asked_and_its_successor_too(
    desk: PrivateBus, tools: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with at_work(desk, why="") as they:
            await they.is_so(by="")
            they.awake.want(WHY)
            await they.is_so(by="", problem=PROBLEM)
            service = gnome(desk)
            await they.is_so(by=GNOME)
            service.mock.die()
            await they.is_so(by="", problem=PROBLEM)
            power(desk)
            await they.is_so(by=POWER)
            they.awake.want("")
            await they.is_so(by="")

    with caplog.at_level(logging.WARNING, "neckguard.desktop.alarm.awake"):
        asyncio.run(story())
    assert caplog.messages == [f"A timer runs, and {PROBLEM}."] * 2


def test_that_nobody_can_is_a_problem_only_while_it_is_wanted(desk: PrivateBus, tools: Path) -> None:
    async def story() -> None:
        async with at_work(desk) as they:
            await they.is_so(by="", problem=PROBLEM)
            they.awake.want("")
            await they.is_so(by="")

    asyncio.run(story())


def test_it_is_asked_for_again_on_another_bus(desk: PrivateBus, tools: Path) -> None:
    async def story() -> None:
        gnome(desk)
        async with at_work(desk) as they:
            await they.is_so(by=GNOME)
            desk.stop()
            await they.is_so(by="", problem=PROBLEM)
            desk.start()
            service = gnome(desk)
            await they.is_so(by=GNOME)
            assert len(service.held()) == 1

    asyncio.run(story())


def test_it_is_asked_for_again_when_our_connection_broke(desk: PrivateBus, tools: Path) -> None:
    async def story() -> None:
        service = gnome(desk)
        async with at_work(desk) as they:
            await they.is_so(by=GNOME)
            assert they.bus._link is not None
            they.bus._link._writer.transport.abort()
            await eventually(lambda: len(service.held()) == 2)  # this one does not notice who is gone
            await they.is_so(by=GNOME)

    asyncio.run(story())


def test_one_that_hangs_is_passed_over(
    desk: PrivateBus, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(awake, "_PATIENCE", 0.2)

    async def story() -> None:
        gnome(desk).mock.stall()
        power(desk)
        async with at_work(desk) as they:
            await they.is_so(by=POWER)

    asyncio.run(story())


@pytest.mark.parametrize(
    "answer",
    [
        {"answer": "s", "code": "ret = 'yes'"},
        {"answer": "", "code": ""},
        {"answer": "i", "code": "ret = -1"},
        {"answer": "u", "code": "raise dbus.exceptions.DBusException('no', name='org.example.No')"},
    ],
)
def test_nonsense_and_refusals_keep_nothing_awake(answer: Any, desk: PrivateBus, tools: Path) -> None:
    async def story() -> None:
        gnome(desk, **answer)
        async with at_work(desk) as they:
            await they.is_so(by="", problem=PROBLEM)

    asyncio.run(story())
