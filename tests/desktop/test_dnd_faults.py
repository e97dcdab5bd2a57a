"""Do not disturb: which server's switch counts, and what servers that die, hang or lie are believed."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.dnd_helpers import (
    DUNST,
    MAKO,
    NOTIFICATIONS,
    PATH,
    SWAYNC,
    SWAYNC_PATH,
    Server,
    dunst,
    mako,
    plasma,
    server,
    swaync,
    witness,
)
from support.helpers import patient
from support.logind_helpers import PrivateBus, private_bus

from neckguard.desktop.bus.reply import IF_IT_LASTS

IN_PLASMA = "do not disturb (on in Plasma)"
PAUSED = "do not disturb (dunst is paused)"
IN_MAKO = "do not disturb (mako is in the mode do-not-disturb)"
IN_SWAYNC = "do not disturb (on in swaync)"
IN_GNOME = "do not disturb (on in GNOME)"
DCONF = "/ca/desrt/dconf/Writer/user", "ca.desrt.dconf.Writer", "Notify", "sass"
BANNERS = "/org/gnome/desktop/notifications/show-banners"


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[PrivateBus]:
    with private_bus(tmp_path / "bus") as bus:
        yield bus


@pytest.fixture
def gsettings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets what `gsettings` does, in the words of the shell; it notes each run in the file `runs`."""
    place = tmp_path / "bin"
    place.mkdir()
    monkeypatch.setenv("PATH", f"{place}:/usr/bin:/bin")

    def becomes(script: str) -> None:
        new = place / "new"
        new.write_text(f'#!/bin/sh\necho "$$" "$@" >> {tmp_path}/runs\n{script}\n')
        new.chmod(0o755)
        new.rename(place / "gsettings")

    return becomes


def runs(tmp_path: Path) -> list[str]:
    return (tmp_path / "runs").read_text().splitlines()


def startable(bus: PrivateBus, name: str) -> Path:
    """The bus could start this service; the file is there once it did."""
    started = bus.services.with_name("started")
    text = f"[D-BUS Service]\nName={name}\nExec=/usr/bin/touch {started}\n"
    (bus.services / f"{name}.service").write_text(text)
    bus.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "ReloadConfig")
    return started


def nonsense(said: str) -> str:
    return f"answered {said}; {IF_IT_LASTS}"


# ---- right -------------------------------------------------------------------------------------------------


def test_plasma_tells_when_its_switch_turns(bus: PrivateBus) -> None:
    async def scenario() -> None:
        async with witness(bus.address) as seen:
            desktop = plasma(bus, inhibited=False)
            await seen.is_so(source="Plasma", on=False)
            desktop.set(NOTIFICATIONS, "Inhibited", value=True)
            await seen.heard(IN_PLASMA)
            await seen.is_so(source="Plasma", on=True)
            desktop.set(NOTIFICATIONS, "Inhibited", value=False)
            await seen.heard(IN_PLASMA, "")

    asyncio.run(scenario())


def test_another_server_with_the_property_of_plasma_is_followed(bus: PrivateBus) -> None:
    async def scenario() -> None:
        async with witness(bus.address) as seen:
            server(bus, "Notes", (NOTIFICATIONS, "Inhibited", True))
            await seen.heard("do not disturb (on in the notification server)")
            await seen.is_so(source="the notification server", on=True)

    asyncio.run(scenario())


def test_a_newer_mako_announces_its_modes(bus: PrivateBus) -> None:
    async def scenario() -> None:
        async with witness(bus.address) as seen:
            desktop = mako(bus, "as", "ret = ['default']")
            await seen.is_so(source="mako", on=False)
            code = "ret = ['default', 'do-not-disturb']"
            desktop.method("/fr/emersion/Mako", MAKO, "ListModes", "as", code)
            # Mako only says that its modes are no longer what they were.
            invalidated: tuple[tuple[str, Any], ...] = ("s", MAKO), ("a{sv}", {}), ("as", ["Modes"])
            properties = "org.freedesktop.DBus.Properties"
            path = "/fr/emersion/Mako"
            desktop.mock.emit(path, properties, "PropertiesChanged", "sa{sv}as", *invalidated)
            await seen.heard(IN_MAKO)

    asyncio.run(scenario())


def test_swaync_that_an_application_inhibits_is_quiet(bus: PrivateBus) -> None:
    async def story() -> None:
        async with witness(bus.address) as seen:
            desktop = swaync(bus, "b", "ret = False")
            desktop.method(SWAYNC_PATH, SWAYNC, "IsInhibited", "b", "ret = True")
            await seen.dnd.look()
            await seen.heard(IN_SWAYNC)
            desktop.method(SWAYNC_PATH, SWAYNC, "IsInhibited", "b", "ret = False")
            told = ("u", 0), ("b", False), ("b", False), ("b", False)
            desktop.mock.emit(SWAYNC_PATH, SWAYNC, "SubscribeV2", "ubbb", *told)
            await seen.heard(IN_SWAYNC, "")
            await seen.is_so(source="swaync", on=False)

    asyncio.run(story())


def test_what_changed_untold_is_found_by_asking_again(bus: PrivateBus) -> None:
    async def scenario() -> None:
        async with witness(bus.address) as seen:
            desktop = mako(bus, "as", "ret = ['do-not-disturb']")
            await seen.heard(IN_MAKO)
            desktop.method("/fr/emersion/Mako", MAKO, "ListModes", "as", "ret = ['default']")
            seen.dnd.renew()
            await seen.heard(IN_MAKO, "")
            desktop.method("/fr/emersion/Mako", MAKO, "ListModes", "as", "ret = ['do-not-disturb']")
            await seen.dnd.look()
            assert seen.trace == [IN_MAKO, "", IN_MAKO]

    asyncio.run(scenario())


# ---- absent, and whose switch counts -----------------------------------------------------------------------


def test_no_server_is_no_fault_and_none_is_started(bus: PrivateBus) -> None:
    started = startable(bus, NOTIFICATIONS)

    async def scenario() -> None:
        async with witness(bus.address) as seen:
            await seen.is_so(source="", on=False)
            await seen.dnd.look()
            assert (seen.trace, started.exists()) == ([], False)

    asyncio.run(scenario())


@pytest.mark.parametrize("name", ["Notes", "mako", "SwayNotificationCenter", "Xfce Notify Daemon"])
def test_a_server_without_a_switch_is_no_fault(bus: PrivateBus, name: str) -> None:
    started = startable(bus, "org.xfce.Xfconf")

    async def scenario() -> None:
        async with witness(bus.address) as seen:
            server(bus, name)
            seen.dnd.renew()
            await seen.dnd.look()
            await seen.is_so(source="", on=False)
            assert (seen.trace, started.exists()) == ([], False)

    asyncio.run(scenario())


def test_only_the_switch_of_the_server_that_runs_counts(bus: PrivateBus) -> None:
    async def scenario() -> None:
        async with witness(bus.address) as seen:
            server(bus, "dunst", (DUNST, "paused", False), (NOTIFICATIONS, "Inhibited", True))
            await seen.is_so(source="dunst", on=False)
            assert seen.trace == []

    asyncio.run(scenario())


def test_the_claim_follows_from_one_server_to_the_next(bus: PrivateBus) -> None:
    async def scenario() -> None:
        async with witness(bus.address) as seen:
            first = plasma(bus, inhibited=True)
            await seen.heard(IN_PLASMA)
            first.mock.die()
            await seen.heard(IN_PLASMA, "")
            second = dunst(bus, paused=False)
            await seen.is_so(source="dunst", on=False)
            second.set(DUNST, "paused", value=True)
            await seen.heard(IN_PLASMA, "", PAUSED)
            second.mock.die()
            await seen.heard(IN_PLASMA, "", PAUSED, "")
            swaync(bus, "b", "ret = True")
            await seen.heard(IN_PLASMA, "", PAUSED, "", "do not disturb (on in swaync)")

    asyncio.run(scenario())


# ---- dying -------------------------------------------------------------------------------------------------


def test_the_end_of_the_bus_is_the_end_of_the_claim(bus: PrivateBus) -> None:
    async def scenario() -> None:
        async with witness(bus.address) as seen:
            plasma(bus, inhibited=True)
            await seen.heard(IN_PLASMA)
            bus.stop()
            await seen.heard(IN_PLASMA, "")
            await seen.dnd.look()
            assert seen.dnd.status()["ok"] is False
            bus.start()
            plasma(bus, inhibited=True)
            await seen.heard(IN_PLASMA, "", IN_PLASMA)
            await seen.is_so(source="Plasma", on=True)

    asyncio.run(scenario())


# ---- hanging -----------------------------------------------------------------------------------------------


def test_a_server_that_hangs_claims_nothing_until_it_answers(
    bus: PrivateBus, caplog: pytest.LogCaptureFixture
) -> None:
    problem = f"the notification server does not answer; {IF_IT_LASTS}"

    async def scenario() -> None:
        async with witness(bus.address) as seen:
            desktop = plasma(bus, inhibited=True)
            await seen.heard(IN_PLASMA)
            desktop.mock.stall()
            async with asyncio.timeout(patient(15)):
                while seen.trace == [IN_PLASMA]:
                    await seen.dnd.look()  # however often it is asked, the claim is not prolonged
            await seen.heard(IN_PLASMA, "")
            await seen.is_so(source="", on=False, problem=problem)
            await seen.dnd.look()
            desktop.mock.go_on()
            await seen.heard(IN_PLASMA, "", IN_PLASMA)
            await seen.is_so(source="Plasma", on=True)

    with caplog.at_level(logging.WARNING, "neckguard.desktop.quiet.dnd"):
        asyncio.run(scenario())
    assert caplog.messages == [f'"Do not disturb" may go unnoticed: {problem}.']


def test_a_switch_that_hangs_is_named(bus: PrivateBus) -> None:
    async def scenario() -> None:
        async with witness(bus.address) as seen:
            swaync(bus, "b", "import time; time.sleep(30)")
            await seen.is_so(source="swaync", on=False, problem=f"swaync does not answer; {IF_IT_LASTS}")
            assert seen.trace == []

    asyncio.run(scenario())


def test_a_gsettings_that_hangs_is_ended(
    bus: PrivateBus, gsettings: Callable[[str], None], tmp_path: Path
) -> None:
    gsettings("exec sleep 60")

    async def scenario() -> None:
        async with witness(bus.address) as seen:
            server(bus, "gnome-shell")
            await seen.is_so(source="GNOME", on=False, problem=f"GNOME does not answer; {IF_IT_LASTS}")
            first = Path("/proc") / runs(tmp_path)[0].split()[0]
            assert not first.exists()
            gsettings("echo false")
            await seen.heard(IN_GNOME)

    asyncio.run(scenario())


# ---- lying -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "source", "problem"),
    [
        (lambda bus: plasma(bus, "yes"), "Plasma", "Inhibited with 'yes' (D-Bus type s, not b)"),
        (lambda bus: dunst(bus, -1), "dunst", "paused with -1 (D-Bus type i, not b)"),
        (
            lambda bus: mako(bus, "s", "ret = 'do-not-disturb'"),
            "mako",
            "ListModes with 'do-not-disturb' (D-Bus type s, not as)",
        ),
        (lambda bus: mako(bus, "", ""), "mako", "ListModes with nothing"),
        (lambda bus: swaync(bus, "u", "ret = 1"), "swaync", "GetDnd with 1 (D-Bus type u, not b)"),
        (
            lambda bus: swaync(bus, "s", "ret = 'x' * 1000"),
            "swaync",
            f"GetDnd with '{'x' * 12}...{'x' * 13}' (D-Bus type s, not b)",
        ),
        (lambda bus: swaync(bus, "", ""), "swaync", "GetDnd with nothing"),
    ],
)
def test_a_server_that_lies_claims_nothing(
    bus: PrivateBus, start: Callable[[PrivateBus], Server], source: str, problem: str
) -> None:
    async def scenario() -> None:
        async with witness(bus.address) as seen:
            start(bus)
            await seen.is_so(source=source, on=False, problem=f"{source} {nonsense(problem)}")
            assert seen.trace == []

    asyncio.run(scenario())


def test_a_server_that_does_not_say_its_name_claims_nothing(bus: PrivateBus) -> None:
    async def scenario() -> None:
        async with witness(bus.address) as seen:
            server(bus, 7, (NOTIFICATIONS, "Inhibited", True), signature="u")
            said = nonsense("GetServerInformation with 7 (D-Bus type u, not ssss or sss)")
            problem = f"the notification server {said}"
            await seen.is_so(source="", on=False, problem=problem)
            assert seen.trace == []

    asyncio.run(scenario())


def test_an_error_is_told_and_asked_about_again(bus: PrivateBus) -> None:
    error = "raise dbus.exceptions.DBusException('no room', name='org.example.Full')"

    async def scenario() -> None:
        async with witness(bus.address) as seen:
            desktop = swaync(bus, "b", error)
            problem = f"swaync answers with an error: no room; {IF_IT_LASTS}"
            await seen.is_so(source="swaync", on=False, problem=problem)
            desktop.method("/org/erikreider/swaync/cc", SWAYNC, "GetDnd", "b", "ret = True")
            await seen.heard("do not disturb (on in swaync)")

    asyncio.run(scenario())


@pytest.mark.parametrize("script", ["echo maybe", "echo true; exit 1", "exit 1", "kill -9 $$"])
def test_a_gsettings_that_fails_claims_nothing(
    bus: PrivateBus, gsettings: Callable[[str], None], script: str
) -> None:
    gsettings(script)

    async def scenario() -> None:
        async with witness(bus.address) as seen:
            server(bus, "gnome-shell")
            problem = "GNOME: gsettings cannot read show-banners of org.gnome.desktop.notifications"
            await seen.is_so(source="GNOME", on=False, problem=problem)
            assert seen.trace == []

    asyncio.run(scenario())


def test_a_missing_gsettings_is_told_with_the_remedy(
    bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with witness(bus.address) as seen:
            server(bus, "gnome-shell")
            missing = "gsettings cannot be run (No such file or directory)"
            problem = f"GNOME: {missing}; install it (libglib2.0-bin or glib2)"
            await seen.is_so(source="GNOME", on=False, problem=problem)

    monkeypatch.setenv("PATH", str(tmp_path))
    asyncio.run(scenario())


# ---- no more questions than needed -------------------------------------------------------------------------


def test_gsettings_runs_only_when_the_setting_may_have_changed(
    bus: PrivateBus, gsettings: Callable[[str], None], tmp_path: Path
) -> None:
    gsettings("echo true")

    async def scenario() -> None:
        async with witness(bus.address) as seen:
            server(bus, "gnome-shell")
            await seen.is_so(source="GNOME", on=False)
            gsettings("echo false")
            await seen.dnd.look()
            lies: list[tuple[Any, ...]] = [("/org/gnome/desktop/", ["sound/theme"], ""), ("/a/", ["x"], "")]
            for body in lies:
                bus.forge(*DCONF, *body)
            bus.forge(*DCONF[:3], "s", BANNERS)
            await seen.bus.call(NOTIFICATIONS, PATH, NOTIFICATIONS, "GetServerInformation")
            assert (len(runs(tmp_path)), seen.trace) == (1, [])
            bus.forge(
                *DCONF, "/org/gnome/desktop/notifications/", ["application-children", "show-banners"], ""
            )
            await seen.heard(IN_GNOME)
            gsettings("echo true")
            bus.forge(*DCONF, "/org/gnome/", [""], "")  # all of it is reset
            await seen.heard(IN_GNOME, "")

    asyncio.run(scenario())
    assert [run.split(" ", 1)[1] for run in runs(tmp_path)] == [
        "get org.gnome.desktop.notifications show-banners"
    ] * 3
