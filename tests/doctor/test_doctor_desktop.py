"""Lock, sleep, presence and the quiet sources on mocked desktops."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from support.logind_helpers import PrivateBus, private_bus
from support.wayland_helpers import answering, compositor
from support.window_helpers import ACTIVATED, FULLSCREEN, FakeCompositor, message, said

from neckguard.cli import doctor
from neckguard.core.plan import Plan
from neckguard.daemon.validator import validate
from neckguard.desktop.bus.bus import IF_IT_LASTS
from neckguard.desktop.presence.wayland_seat import VERSION_1
from neckguard.desktop.quiet.fullscreen import NOT_TOLD
from neckguard.doctor import probe
from neckguard.doctor.desktop import (
    check_lock,
    check_presence,
    check_quiet,
    check_session_bus,
    check_sleep,
    check_system_bus,
)
from neckguard.doctor.finding import Finding, Level, ok, problem, warning
from neckguard.doctor.probe import Probe, probing

LOCK_REMEDY = "install systemd-logind or elogind, and log in through a display manager"
SAVER, SAVER_PATH = "org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"
MUTTER, MUTTER_PATH = "org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core"
MUTTER_TEMPLATE = f"""
BUS_NAME = MAIN_IFACE = {MUTTER!r}
MAIN_OBJ = {MUTTER_PATH!r}
SYSTEM_BUS = False

def load(mock, parameters):
    mock.AddMethod(MAIN_IFACE, "GetIdletime", "", "t", "ret = 1500")
"""


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    """Session and system bus of this very process."""
    with private_bus(tmp_path / "private") as bus:
        for which in ("SESSION", "SYSTEM"):
            monkeypatch.setenv(f"DBUS_{which}_BUS_ADDRESS", bus.address)
        for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        yield bus


def found(*checks: Callable[[Probe], Awaitable[list[Finding]]], plan: Plan | None = None) -> list[Finding]:
    async def examined() -> list[Finding]:
        async with probing(plan) as made:
            return [finding for check in checks for finding in await check(made)]

    return asyncio.run(examined())


def test_a_session_known_to_logind_tells_lock_and_sleep(bus: PrivateBus) -> None:
    bus.logind()
    assert found(check_lock, check_sleep) == [
        ok("lock", "told by the session's LockedHint in logind; screen savers: none on the session bus"),
        ok("sleep", "announced by logind (PrepareForSleep)"),
    ]


def test_a_screen_saver_tells_the_lock_where_logind_does_not(bus: PrivateBus) -> None:
    bus.saver(SAVER, SAVER_PATH)
    assert found(check_lock) == [ok("lock", f"told by {SAVER} (logind: logind is not running)")]


def test_a_screen_saver_that_hangs_is_a_warning(bus: PrivateBus) -> None:
    bus.logind()
    bus.saver(SAVER, SAVER_PATH).stall()
    text = f"{SAVER} does not answer; a locked screen may go unnoticed"
    assert found(check_lock) == [warning("lock", text, "restart the screen saver")]


def test_without_logind_and_screen_saver_lock_and_sleep_are_warnings(bus: PrivateBus) -> None:
    lock, sleep = found(check_lock, check_sleep)
    assert lock == warning(
        "lock",
        "a locked screen goes unnoticed: logind is not running; no screen saver",
        LOCK_REMEDY,
    )
    assert (sleep.level, sleep.remedy) == (Level.WARNING, LOCK_REMEDY)


def test_a_logind_that_hangs_is_a_warning(bus: PrivateBus) -> None:
    bus.logind().mock.stall()
    assert found(check_sleep) == [
        warning(
            "sleep",
            "not announced (logind does not answer); neckguard sees it afterwards by its clocks",
            LOCK_REMEDY,
        )
    ]


def test_presence_is_read_three_times_and_the_rest_is_explained(bus: PrivateBus) -> None:
    bus.mock(MUTTER, MUTTER_TEMPLATE)
    first, *others = found(check_presence)
    assert first == ok("presence", "told by mutter: idle 1.5 s, 1.5 s, 1.5 s")
    assert all(each.text.startswith("not used: ") for each in others)


def test_what_the_source_can_never_tell_is_explained(
    bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with compositor(tmp_path, version=1) as server:
        monkeypatch.setenv("WAYLAND_DISPLAY", server.path)
        first, limits, *_ = found(check_presence)
    assert first.text.startswith("told by wayland: idle ")
    assert limits == ok("presence", VERSION_1)


def test_without_a_source_presence_says_why_each_is_not_used(bus: PrivateBus) -> None:
    first, *others = found(check_presence)
    assert (first.level, first.text) == (
        Level.WARNING,
        "nobody can tell whether you are there, so time counts always",
    )
    names = [each.text.removeprefix("not used: ").partition(",")[0] for each in others]
    assert names == ["mutter", "wayland", "x11", "logind"]


def test_on_a_quiet_desktop_every_source_has_its_line(bus: PrivateBus) -> None:
    bus.logind()
    dnd, calls, screen, full, programs, awake = found(check_quiet)
    assert dnd == ok("do not disturb", "this desktop has no switch for it that neckguard knows")
    assert (calls.name, calls.level) == ("calls", Level.OK)
    assert (screen.name, screen.level) == ("shared screen", Level.OK)
    off = "not looked for: switched off in the settings"
    assert (full, programs) == (ok("full screen", off), ok("programs", off))
    assert awake == ok("idle inhibitors", "no application keeps the session awake")


def test_what_the_settings_switch_off_is_not_looked_for(bus: PrivateBus, tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text(
        "[quiet]\ndnd = false\ncalls = false\npresenting = false\n[presence]\nstill_counts = false\n"
    )
    plan, _, _ = asyncio.run(validate(str(settings)))
    names = ("do not disturb", "calls", "shared screen", "full screen", "programs", "idle inhibitors")
    assert found(check_quiet, plan=plan) == [
        ok(name, "not looked for: switched off in the settings") for name in names
    ]


@pytest.mark.parametrize(
    ("compositor", "finding"),
    [
        (None, ok("full screen", "there is no display here")),
        (FakeCompositor(), ok("full screen", "nothing fills it now, told by wayland")),
        (
            FakeCompositor(windows=[("", (ACTIVATED, FULLSCREEN))]),
            ok("full screen", "an application fills it now, told by wayland"),
        ),
        (
            FakeCompositor(0),
            warning("full screen", NOT_TOLD, "name what must not be disturbed in quiet.programs"),
        ),
        (
            FakeCompositor(more=message(1, 0, bytes(8), said("no such luck"))),
            warning("full screen", "the Wayland display reports an error: no such luck", IF_IT_LASTS),
        ),
    ],
)
def test_whether_the_desktop_tells_what_fills_the_screen_is_said(
    compositor: FakeCompositor | None,
    finding: Finding,
    bus: PrivateBus,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", str(tmp_path / "wayland-7"))
    (tmp_path / "config.toml").write_text("[quiet]\nfullscreen = true\n")

    async def examined() -> list[Finding]:
        plan, _, _ = await validate(str(tmp_path / "config.toml"))
        async with AsyncExitStack() as around:
            if compositor:
                await around.enter_async_context(answering(str(tmp_path / "wayland-7"), compositor.talk))
            return await check_quiet(await around.enter_async_context(probing(plan)))

    assert finding in asyncio.run(examined())


def test_a_program_that_was_named_is_seen_and_not_said(bus: PrivateBus, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[quiet]\nprograms = ["dbus-daemon"]\n')
    plan, _, _ = asyncio.run(validate(str(tmp_path / "config.toml")))
    assert ok("programs", "a program you named is running") in found(check_quiet, plan=plan)
    (tmp_path / "config.toml").write_text('[quiet]\nprograms = ["no-such-program"]\n')
    plan, _, _ = asyncio.run(validate(str(tmp_path / "config.toml")))
    assert ok("programs", "none of those you named is running") in found(check_quiet, plan=plan)


def test_buses_that_hang_are_told_apart_from_those_that_are_not_there(
    bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "_BUS_LIMIT", 0.5)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(f"{tmp_path}/silent")
        silent.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/silent")
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/absent")
        session, system = found(check_session_bus, check_system_bus)
    text = f"the bus at unix:path={tmp_path}/silent does not answer"
    assert session == problem("session bus", text, "log out and in again, or restart the machine")
    assert (system.level, system.remedy) == (
        Level.WARNING,
        "install and start dbus and systemd-logind or elogind",
    )


def test_a_check_that_breaks_or_hangs_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_LIMIT", 0.2)

    async def breaks() -> list[Finding]:
        raise RuntimeError("with private words")

    async def hangs() -> list[Finding]:
        await asyncio.Event().wait()
        return []

    async def both() -> list[Finding]:
        return [*await doctor._guarded("lock", breaks()), *await doctor._guarded("sleep", hangs())]

    broken, hanging = asyncio.run(both())
    assert broken.text.startswith("this check broke (RuntimeError at test_doctor_desktop.py:")
    assert (broken.level, broken.remedy) == (Level.WARNING, "please report this line")
    assert hanging == warning("sleep", "this took too long to find out", "run neckguard doctor again")
