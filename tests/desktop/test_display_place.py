import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.helpers import eventually
from support.logind_helpers import Mock, PrivateBus, connection_to, private_bus, running

from neckguard.desktop.display import place
from neckguard.desktop.display.place import desktop_environment, wayland_sockets, x_display

SYSTEMD = "org.freedesktop.systemd1"
TEMPLATE = """
import dbus
BUS_NAME = "org.freedesktop.systemd1"
MAIN_OBJ, MAIN_IFACE = "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"
SYSTEM_BUS = False

def load(mock, parameters):
    mock.AddProperty(MAIN_IFACE, "Environment", {value})
"""
VARIABLES = """dbus.Array([
    "LANG=C", "DISPLAY=:7", "XAUTHORITY=/run/keys=1", "WAYLAND_DISPLAY=", "XDG_SESSION_TYPE=x11", "odd"
], signature="s")"""


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in place.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/mine")


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[PrivateBus]:
    with private_bus(tmp_path / "bus") as running_bus:
        yield running_bus


def manager(bus: PrivateBus, value: str = VARIABLES) -> Mock:
    return bus.mock(SYSTEMD, TEMPLATE.format(value=value))


def found_on(bus: PrivateBus) -> dict[str, str]:
    async def story() -> dict[str, str]:
        connection = connection_to(bus)
        async with running(connection.run):
            await eventually(lambda: connection.connected)
            return await desktop_environment(connection)

    return asyncio.run(story())


def test_what_we_lack_the_user_manager_knows(bus: PrivateBus, monkeypatch: pytest.MonkeyPatch) -> None:
    manager(bus)
    monkeypatch.setenv("DISPLAY", ":3")
    assert found_on(bus) == {
        "DISPLAY": ":3",
        "XAUTHORITY": "/run/keys=1",
        "XDG_SESSION_TYPE": "x11",
        "XDG_RUNTIME_DIR": "/run/mine",
    }
    assert "XAUTHORITY" not in os.environ


def test_without_a_user_manager_our_own_variables_are_all(bus: PrivateBus) -> None:
    assert found_on(bus) == {"XDG_RUNTIME_DIR": "/run/mine"}


def test_without_a_bus_our_own_variables_are_all(tmp_path: Path) -> None:
    async def story() -> None:
        with private_bus(tmp_path / "bus", started=False) as bus:
            assert await desktop_environment(connection_to(bus)) == {"XDG_RUNTIME_DIR": "/run/mine"}

    asyncio.run(story())


@pytest.mark.parametrize(
    "value", ['"DISPLAY=:7"', "dbus.Array([1, 2], signature='i')"], ids=["string", "ints"]
)
def test_nonsense_of_the_user_manager_is_nothing(bus: PrivateBus, value: str) -> None:
    manager(bus, value)
    assert found_on(bus) == {"XDG_RUNTIME_DIR": "/run/mine"}


def test_a_user_manager_that_hangs_is_not_waited_for_long(
    bus: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "_LIMIT", 0.3)
    manager(bus).stall()
    assert found_on(bus) == {"XDG_RUNTIME_DIR": "/run/mine"}


def test_the_named_wayland_socket_is_the_one() -> None:
    runtime = {"XDG_RUNTIME_DIR": "/run/mine"}
    assert wayland_sockets({**runtime, "WAYLAND_DISPLAY": "wayland-4"}) == ["/run/mine/wayland-4"]
    assert wayland_sockets({**runtime, "WAYLAND_DISPLAY": "/tmp/w"}) == ["/tmp/w"]
    assert wayland_sockets({"WAYLAND_DISPLAY": "w"}) == [f"/run/user/{os.getuid()}/w"]


def test_else_real_sockets_in_the_runtime_directory_are_tried(tmp_path: Path) -> None:
    for name in ("wayland-1", "wayland-0", "pipewire-0"):
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(tmp_path / name))
    (tmp_path / "wayland-0.lock").touch()
    (tmp_path / "wayland-9").touch()
    (tmp_path / "wayland-8").symlink_to("nowhere")
    both = [str(tmp_path / "wayland-0"), str(tmp_path / "wayland-1")]
    runtime = {"XDG_RUNTIME_DIR": str(tmp_path)}
    assert wayland_sockets(runtime) == both
    assert wayland_sockets({**runtime, "XDG_SESSION_TYPE": "tty"}) == both
    assert wayland_sockets({**runtime, "DISPLAY": ":0"}) == both
    assert wayland_sockets({**runtime, "DISPLAY": ":0", "XDG_SESSION_TYPE": "x11"}) == []
    assert wayland_sockets({**runtime, "DISPLAY": ":0", "XDG_SESSION_TYPE": "tty"}) == []
    assert wayland_sockets({"XDG_RUNTIME_DIR": str(tmp_path / "none")}) == []


def test_an_x_display_has_a_file_of_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/nora")
    assert x_display({}) == ("", "/home/nora/.Xauthority")
    assert x_display({"DISPLAY": ":1", "XAUTHORITY": "/run/key"}) == (":1", "/run/key")
