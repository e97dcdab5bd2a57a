"""Notification servers with a do-not-disturb switch, real and mocked, and somebody who hears what is told."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from neckguard.core.events import QuietChanged
from neckguard.core.model import QuietReason
from neckguard.desktop.bus.bus import Bus
from neckguard.desktop.quiet.dnd import DoNotDisturb
from support.helpers import eventually, give_up, need, wait_until
from support.logind_helpers import Mock, PrivateBus

NOTIFICATIONS = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
DUNST = "org.dunstproject.cmd0"
SWAYNC = "org.erikreider.swaync.cc"
SWAYNC_PATH = "/org/erikreider/swaync/cc"
MAKO = "fr.emersion.Mako"
NOBODY = 65534

# `methods`: object, interface, name, in, out and code of each; `properties`: interface, name, value.
TEMPLATE = """
import dbus
BUS_NAME = MAIN_IFACE = "org.freedesktop.Notifications"
MAIN_OBJ = "/org/freedesktop/Notifications"
SYSTEM_BUS = False

def load(mock, parameters):
    mock.others = [dbus.service.BusName(name, mock.bus_name.get_bus()) for name in {others!r}]
    mock.AddMethod(MAIN_IFACE, "GetServerInformation", "", {signature!r}, {information!r})
    for interface, name, value in {properties!r}:
        mock.AddProperties(interface, {{name: value}})
    for path, interface, name, takes, gives, code in {methods!r}:
        if path != MAIN_OBJ:
            mock.AddObject(path, interface, {{}}, [(name, takes, gives, code)])
        else:
            mock.AddMethod(interface, name, takes, gives, code)
"""


class Server:
    """A mocked notification server."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock

    def set(self, interface: str, name: str, value: bool) -> None:
        """A property changes, and PropertiesChanged says so."""
        self.mock.do(PATH, "UpdateProperties", "sa{sv}", interface, {name: ("b", value)})

    def method(self, path: str, interface: str, name: str, gives: str, code: str) -> None:
        """From now on this method does this; nobody is told."""
        self.mock.do(path, "AddMethod", "sssss", interface, name, "", gives, code)


def server(
    bus: PrivateBus,
    name: object,
    *properties: tuple[str, str, Any],
    methods: tuple[tuple[str, ...], ...] = (),
    others: tuple[str, ...] = (),
    signature: str = "ssss",
) -> Server:
    """One that calls itself `name`; `others` are further names that it owns on the bus."""
    information = f"ret = ({name!r}, 'tests', '1', '1.2')" if signature == "ssss" else f"ret = {name!r}"
    template = TEMPLATE.format(
        others=others, signature=signature, information=information, properties=properties, methods=methods
    )
    return Server(bus.mock(NOTIFICATIONS, template))


def plasma(bus: PrivateBus, inhibited: Any) -> Server:
    return server(bus, "Plasma", (NOTIFICATIONS, "Inhibited", inhibited))


def dunst(bus: PrivateBus, paused: Any) -> Server:
    return server(bus, "dunst", (DUNST, "paused", paused))


def mako(bus: PrivateBus, gives: str, code: str) -> Server:
    return server(bus, "mako", methods=(("/fr/emersion/Mako", MAKO, "ListModes", "", gives, code),))


def swaync(bus: PrivateBus, gives: str, code: str) -> Server:
    methods = ((SWAYNC_PATH, SWAYNC, "GetDnd", "", gives, code),)
    return server(bus, "SwayNotificationCenter", methods=methods, others=(SWAYNC,))


def startable(services: Path, name: str) -> None:
    """What this machine starts for that name a bus with these services starts, too; before the bus starts."""
    file = Path("/usr/share/dbus-1/services") / f"{name}.service"
    if not file.exists():
        give_up(f"needs the D-Bus service {name}")
    shutil.copy(file, services)


class Witness:
    """A DoNotDisturb and all it told: the details, empty ones for its end."""

    def __init__(self, address: str) -> None:
        self.trace: list[str] = []
        self.bus = Bus("test", lambda: address)
        self.dnd = DoNotDisturb(self.bus, self._hear)

    async def heard(self, *details: str) -> None:
        """Exactly this was told so far."""
        await eventually(lambda: len(self.trace) >= len(details))
        assert self.trace == list(details)

    async def is_so(self, *, source: str, on: bool, problem: str = "") -> None:
        """The status comes to this."""
        wanted = {"ok": not problem, "problem": problem, "source": source, "on": on}
        await eventually(lambda: self.bus.connected and self.dnd.status() == wanted)

    def _hear(self, event: QuietChanged) -> None:
        assert event.reason is QuietReason.DND
        self.trace.append(event.detail)


@asynccontextmanager
async def witness(address: str) -> AsyncIterator[Witness]:
    """One that follows what is on the bus there."""
    hearer = Witness(address)
    tasks = [asyncio.create_task(hearer.bus.run()), asyncio.create_task(hearer.dnd.run())]
    try:
        yield hearer
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def do(environment: Mapping[str, str], *command: str) -> None:
    """Run a program to its end, while the loop goes on."""
    child = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    assert await child.wait() == 0


@contextmanager
def running(environment: Mapping[str, str], *command: str) -> "Iterator[subprocess.Popen[bytes]]":
    """A program that is killed at the end, if it still lives."""
    process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def sway(*settings: str) -> Iterator[dict[str, str]]:
    """What a Wayland client must know of a sway without a screen. It refuses to run as root."""
    need("sway", "setpriv")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config").write_text("\n".join(("xwayland disable", *settings, "")))
        environment = {
            "HOME": name,
            "XDG_RUNTIME_DIR": name,
            "WLR_BACKENDS": "headless",
            "WLR_RENDERER": "pixman",
            "WLR_LIBINPUT_NO_DEVICES": "1",
        }
        command = ["sway", "-c", str(folder / "config")]
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
            command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
        with running(environment, *command):
            socket = wait_until(lambda: [*folder.glob("wayland-[0-9]")])[0]
            yield {"WAYLAND_DISPLAY": str(socket), "XDG_RUNTIME_DIR": name, "GDK_BACKEND": "wayland"}
