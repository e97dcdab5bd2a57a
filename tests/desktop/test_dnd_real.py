"""The do-not-disturb switches of real servers and of the real stores of GNOME's and Xfce's settings."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.dnd_helpers import do, running, server, startable, sway, witness
from support.dunst_helpers import Dunst, x_server
from support.helpers import need
from support.logind_helpers import PrivateBus, private_bus
from support.notification_helpers import PrivateBus as SessionBus

from neckguard.desktop.bus.reply import IF_IT_LASTS

PAUSED = "do not disturb (dunst is paused)"
MAKO = "do not disturb (mako is in the mode do-not-disturb)"
SWAYNC = "do not disturb (on in swaync)"
XFCE = "do not disturb (on in Xfce)"
GNOME = "do not disturb (on in GNOME)"


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    """A session bus that starts the real dconf and xfconfd, with settings of the test's own."""
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        (tmp_path / name).mkdir(mode=0o700)
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.delenv("GSETTINGS_BACKEND", raising=False)
    with private_bus(tmp_path / "bus", started=False) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        startable(bus.services, "ca.desrt.dconf")
        startable(bus.services, "org.xfce.Xfconf")
        bus.start()
        yield bus


def test_dunst_tells_that_it_is_paused_and_takes_that_along_when_it_dies(
    session: SessionBus, tmp_path: Path
) -> None:
    need("dunst", "dunstctl")

    async def scenario() -> None:
        async with witness(session.address) as seen:
            await seen.is_so(source="", on=False)
            dunst.start()
            await seen.is_so(source="dunst", on=False)
            await dunst.do("set-paused", "true")
            await seen.heard(PAUSED)
            await seen.is_so(source="dunst", on=True)
            await dunst.do("set-paused", "false")
            await seen.heard(PAUSED, "")
            await dunst.do("set-paused", "true")
            await seen.heard(PAUSED, "", PAUSED)
            dunst.kill()
            await seen.heard(PAUSED, "", PAUSED, "")
            await seen.is_so(source="", on=False)

    with x_server() as display:
        dunst = Dunst(session, display, tmp_path)
        try:
            asyncio.run(scenario())
        finally:
            dunst.kill()


def test_the_mode_of_mako_is_told_when_asked_for(session: SessionBus) -> None:
    need("mako", "makoctl")
    address = {"DBUS_SESSION_BUS_ADDRESS": session.address}

    async def scenario() -> None:
        async with witness(session.address) as seen:
            with running({**wayland, **address}, "mako") as mako:
                await seen.is_so(source="mako", on=False)
                await do(address, "makoctl", "mode", "-a", "do-not-disturb")
                await seen.dnd.look()
                assert seen.trace == [MAKO]
                await do(address, "makoctl", "mode", "-r", "do-not-disturb")
                await seen.dnd.look()
                assert seen.trace == [MAKO, ""]
                await do(address, "makoctl", "mode", "-a", "do-not-disturb")
                await seen.dnd.look()
                mako.kill()
                await seen.heard(MAKO, "", MAKO, "")

    with sway() as wayland:
        asyncio.run(scenario())


def test_swaync_tells_when_its_switch_turns(session: SessionBus, tmp_path: Path) -> None:
    need("swaync", "swaync-client")
    address = {"DBUS_SESSION_BUS_ADDRESS": session.address}
    # Its memory of the switch is the test's own, and no accessibility bus is looked for.
    own = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "NO_AT_BRIDGE": "1", "GSETTINGS_BACKEND": "memory"}

    async def scenario() -> None:
        async with witness(session.address) as seen:
            with running({**wayland, **address, **own}, "swaync") as swaync:
                await seen.is_so(source="swaync", on=False)
                await do({**wayland, **address}, "swaync-client", "--dnd-on")
                await seen.heard(SWAYNC)
                await do({**wayland, **address}, "swaync-client", "--dnd-off")
                await seen.heard(SWAYNC, "")
                await do({**wayland, **address}, "swaync-client", "--dnd-on")
                await seen.heard(SWAYNC, "", SWAYNC)
                swaync.kill()
                await seen.heard(SWAYNC, "", SWAYNC, "")

    with sway() as wayland:
        asyncio.run(scenario())


def test_the_property_of_xfce_counts_while_its_server_runs(stores: PrivateBus) -> None:
    need("xfconf-query")
    switch = "xfconf-query", "-c", "xfce4-notifyd", "-p", "/do-not-disturb"

    async def scenario() -> None:
        async with witness(stores.address) as seen:
            await do({}, *switch, "-n", "-t", "bool", "-s", "true")
            await seen.is_so(source="", on=False)  # left over: another server may run
            notifyd = server(stores, "Xfce Notify Daemon")
            await seen.heard(XFCE)
            await seen.is_so(source="Xfce", on=True)
            await do({}, *switch, "-s", "false")
            await seen.heard(XFCE, "")
            await do({}, *switch, "-s", "true")
            await seen.heard(XFCE, "", XFCE)
            await do({}, *switch, "-r")
            await seen.heard(XFCE, "", XFCE, "")
            await seen.is_so(source="Xfce", on=False)
            await do({}, *switch, "-n", "-t", "string", "-s", "yes")
            lie = "answered GetProperty with 'yes' (D-Bus type s, not b)"
            await seen.is_so(source="Xfce", on=False, problem=f"Xfce {lie}; {IF_IT_LASTS}")
            await do({}, *switch, "-n", "-t", "bool", "-s", "true")
            await seen.heard(XFCE, "", XFCE, "", XFCE)
            notifyd.mock.die()
            await seen.heard(XFCE, "", XFCE, "", XFCE, "")

    asyncio.run(scenario())


def test_the_setting_of_gnome_counts_while_gnome_shell_runs(stores: PrivateBus) -> None:
    need("gsettings")
    key = "org.gnome.desktop.notifications", "show-banners"

    async def scenario() -> None:
        async with witness(stores.address) as seen:
            await do({}, "gsettings", "set", *key, "false")
            await seen.is_so(source="", on=False)
            shell = server(stores, "gnome-shell")
            await seen.heard(GNOME)
            await seen.is_so(source="GNOME", on=True)
            await do({}, "gsettings", "set", *key, "true")
            await seen.heard(GNOME, "")
            await do({}, "gsettings", "set", *key, "false")
            await seen.heard(GNOME, "", GNOME)
            await do({}, "gsettings", "reset-recursively", key[0])
            await seen.heard(GNOME, "", GNOME, "")
            await do({}, "gsettings", "set", *key, "false")
            await seen.heard(GNOME, "", GNOME, "", GNOME)
            shell.mock.die()
            await seen.heard(GNOME, "", GNOME, "", GNOME, "")

    asyncio.run(scenario())
