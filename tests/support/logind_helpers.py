"""Private buses, a mocked logind and mocked screen savers, and somebody who watches what is made of them."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, new_method_call, new_signal
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import unwrap_msg

from neckguard.core.events import AwayBegan, AwayEnded
from neckguard.core.person.presence import Absence
from neckguard.desktop.bus.bus import Bus
from support.helpers import give_up, need, patient, wait_until

MOCK = "org.freedesktop.DBus.Mock"
LOGIND = "org.freedesktop.login1"
MANAGER = "/org/freedesktop/login1"
SELF = "/org/freedesktop/login1/user/self"
SYSTEM_PYTHON = "/usr/bin/python3"

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <servicedir>{services}</servicedir>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>
  </policy>
</busconfig>
"""

# The objects are there before the first question is answered: logind is not half there either.
LOGIND_TEMPLATE = """
import dbus
from dbusmock.templates.logind import *
from dbusmock.templates import logind

def load(mock, parameters):
    logind.load(mock, parameters)
    paths = {}
    for name, facts in parameters["sessions"].items():
        paths[name] = mock.AddSession(name, "seat0", 1000, "nora", True)
        session = mockobject.objects[paths[name]]
        session.props["org.freedesktop.login1.Session"].update(facts)
        untold = "self.props['org.freedesktop.login1.Session'][args[0]] = args[1]"
        session.AddMethod("org.freedesktop.DBus.Mock", "Untold", "sb", "", untold)
    display = parameters["display"]
    mock.AddObject("/org/freedesktop/login1/user/self", "org.freedesktop.login1.User", {
        "Display": dbus.Struct((display, dbus.ObjectPath(paths.get(display, "/"))), signature="so"),
        "Sessions": dbus.Array([(n, dbus.ObjectPath(p)) for n, p in paths.items()], signature="(so)"),
    }, [])
"""

SAVER_TEMPLATE = """
BUS_NAME = MAIN_IFACE = {name!r}
MAIN_OBJ = {path!r}
SYSTEM_BUS = False

def load(mock, parameters):
    mock.answer = {answer!r}
    methods = [
        ("GetActive", "", {signature!r}, "ret = self.answer"),
        ("SetActive", "b", "", "self.answer = args[0]; self.EmitSignal('', 'ActiveChanged', 'b', [args[0]])"),
    ]
    mock.AddMethods(MAIN_IFACE, methods if {signature!r} else [])
"""


class PrivateBus:
    """A dbus-daemon of our own that can be killed and started again, and a client on it."""

    def __init__(self, folder: Path) -> None:
        need("dbus-daemon")
        folder.mkdir()
        self.services = folder / "services"
        self.services.mkdir()
        self.socket = folder / "bus"
        self.address = f"unix:path={self.socket}"
        self._config = folder / "bus.conf"
        self._config.write_text(BUS_CONFIG.format(socket=self.socket, services=self.services))
        self._folder = folder
        self.environment = dict(os.environ)  # of what it starts
        self._stack = ExitStack()
        self._client: Any = None

    def start(self) -> None:
        self._spawn(["dbus-daemon", f"--config-file={self._config}", "--nofork", "--nopidfile"])
        client = wait_until(self._connect)
        self._stack.callback(client.close)
        self._client = client

    def stop(self) -> None:
        """The bus dies, and all that is on it."""
        self._stack.close()
        self.socket.unlink(missing_ok=True)
        self._client = None

    def call(self, name: str, path: str, interface: str, member: str, signature: str = "", *body: Any) -> Any:
        message = new_method_call(DBusAddress(path, name, interface), member, signature or None, body)
        return unwrap_msg(self._client.send_and_get_reply(message, timeout=patient(10)))

    def forge(self, path: str, interface: str, member: str, signature: str, *body: Any) -> None:
        """A signal of a stranger; it is through when the bus has answered."""
        self._client.send(new_signal(DBusAddress(path, interface=interface), member, signature, body))
        self.owned("org.freedesktop.DBus")

    def owned(self, name: str) -> bool:
        bus = "org.freedesktop.DBus"
        return bool(self.call(bus, "/org/freedesktop/DBus", bus, "NameHasOwner", "s", name)[0])

    def mock(self, name: str, template: str, parameters: dict[str, Any] | None = None) -> "Mock":
        if not has_dbusmock():
            give_up("needs python3-dbusmock")
        file = self._folder / f"{name.replace('.', '_')}.py"
        file.write_text(template)
        arguments = ["--session", "--template", str(file), "--parameters", json.dumps(parameters or {})]
        mock = Mock(self, name, self._spawn([SYSTEM_PYTHON, "-m", "dbusmock", *arguments]))
        wait_until(lambda: self.owned(name))
        return mock

    def logind(self, display: str = "c1", **sessions: dict[str, Any]) -> "Logind":
        """A logind with these sessions, `facts` changing what the mock says of them; c1 if none is given."""
        parameters = {"display": display, "sessions": sessions or {"c1": {}}}
        return Logind(self.mock(LOGIND, LOGIND_TEMPLATE, parameters))

    def saver(self, name: str, path: str, *, answer: Any = False, signature: str = "b") -> "Mock":
        """A screen saver that answers GetActive with `answer`; without signature it has no such method."""
        template = SAVER_TEMPLATE.format(name=name, path=path, answer=answer, signature=signature)
        return self.mock(name, template)

    def _spawn(self, command: list[str]) -> "subprocess.Popen[bytes]":
        buses = {"DBUS_SESSION_BUS_ADDRESS": self.address, "DBUS_SYSTEM_BUS_ADDRESS": self.address}
        process = subprocess.Popen(command, env={**self.environment, **buses})
        self._stack.callback(_end, process)
        return process

    def _connect(self) -> Any:
        with suppress(OSError):
            return open_dbus_connection(self.address)
        return None


class Mock:
    """A mocked service in a process of its own."""

    def __init__(self, bus: PrivateBus, name: str, process: "subprocess.Popen[bytes]") -> None:
        self.bus = bus
        self.name = name
        self.process = process

    def do(self, path: str, member: str, signature: str, *body: Any, interface: str = MOCK) -> None:
        self.bus.call(self.name, path, interface, member, signature, *body)

    def times_asked(self, path: str, member: str) -> int:
        return len(self.bus.call(self.name, path, MOCK, "GetMethodCalls", "s", member)[0])

    def set_active(self, path: str, active: bool) -> None:
        self.do(path, "SetActive", "b", active, interface=self.name)

    def emit(self, path: str, interface: str, member: str, signature: str, *values: tuple[str, Any]) -> None:
        self.do(path, "EmitSignal", "sssav", interface, member, signature, list(values))

    def stall(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def die(self) -> None:
        _end(self.process)
        wait_until(lambda: not self.bus.owned(self.name))


class Logind:
    """The mocked logind, in its own words."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock

    def session(self, name: str, **facts: Any) -> None:
        """Properties of a session change: booleans, or strings for lies."""
        values = {key: ("b" if isinstance(value, bool) else "s", value) for key, value in facts.items()}
        self.mock.do(session_path(name), "UpdateProperties", "sa{sv}", f"{LOGIND}.Session", values)

    def untold(self, name: str, fact: str, value: bool) -> None:
        """A property of a session changes, and no signal tells it."""
        self.mock.do(session_path(name), "Untold", "sb", fact, value)

    def request_lock(self, name: str) -> None:
        """What `loginctl lock-session` does: it asks, nobody has locked yet."""
        self.mock.do(session_path(name), "Lock", "", interface=f"{LOGIND}.Session")

    def display(self, name: str) -> None:
        """Another session (or none) becomes the person's screen, told by PropertiesChanged."""
        value = ("(so)", (name, session_path(name) if name else "/"))
        properties = "org.freedesktop.DBus.Properties"
        self.mock.do(SELF, "Set", "ssv", f"{LOGIND}.User", "Display", value, interface=properties)

    def display_unannounced(self, name: str) -> None:
        """The same, told only by what comes next."""
        values = {"Display": ("(so)", (name, session_path(name)))}
        self.mock.do(SELF, "RemoveObject", "s", SELF)
        self.mock.do(MANAGER, "AddObject", "ssa{sv}a(ssss)", SELF, f"{LOGIND}.User", values, [])

    def open(self, name: str) -> None:
        self.mock.do(MANAGER, "AddSession", "ssusb", name, "seat0", 1000, "nora", True)

    def announce(self, member: str, name: str) -> None:
        """SessionNew or SessionRemoved."""
        arguments = (("s", name), ("o", session_path(name)))
        self.mock.emit(MANAGER, f"{LOGIND}.Manager", member, "so", *arguments)

    def is_preparing(self, about_to: bool) -> None:
        """What it says when it is asked whether the machine is about to sleep."""
        values = {"PreparingForSleep": ("b", about_to)}
        self.mock.do(MANAGER, "UpdateProperties", "sa{sv}", f"{LOGIND}.Manager", values)

    def prepare_for_sleep(self, about_to: bool) -> None:
        self.mock.emit(MANAGER, f"{LOGIND}.Manager", "PrepareForSleep", "b", ("b", about_to))


class Witness:
    """Everything that was told, as the daemon would hear it."""

    def __init__(self) -> None:
        self.trace: list[AwayBegan | AwayEnded] = []
        self.absence = Absence(self.trace.append)


@cache
def has_dbusmock() -> bool:
    asked = [SYSTEM_PYTHON, "-c", "import dbusmock"]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


def session_path(name: str) -> str:
    return f"{MANAGER}/session/{name}"


@asynccontextmanager
async def running(*parts: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """These run meanwhile; that one of them ends or fails is an error."""
    tasks = [asyncio.ensure_future(part()) for part in parts]
    try:
        yield
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def private_bus(folder: Path, *, started: bool = True) -> Iterator[PrivateBus]:
    bus = PrivateBus(folder)
    try:
        if started:
            bus.start()
        yield bus
    finally:
        bus.stop()


def connection_to(bus: PrivateBus) -> Bus:
    return Bus("test", lambda: bus.address)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
