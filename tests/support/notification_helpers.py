"""A private session bus, a notification server that does as it is told, and a notifier at work on them."""

import asyncio
import io
import os
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from jeepney import (
    DBusAddress,
    Message,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.low_level import HeaderFields
from jeepney.wrappers import unwrap_msg

from neckguard.core.events import Answered, Closed, Delivered, Event
from neckguard.core.model import Button, Card
from neckguard.core.plan import NotifySettings
from neckguard.desktop.bus.bus import Bus
from neckguard.desktop.notify.notifier import Notifier, Remembered
from support.helpers import eventually, need, wait_until

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
FULL = ("actions", "body", "body-markup", "persistence")
SETTINGS = NotifySettings(backend="auto", urgency="normal", buttons=True, sound="", icon="")
POSTURE = Card(
    key="posture-1",
    title="Shift a little",
    lines=("Try letting your shoulders drop, and look far away for a moment.",),
    buttons=(Button("done", "Done"), Button("skip", "Not now")),
    verbs="Answer with: neckguard done, neckguard skip",
    kind="posture",
)

CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>
  </policy>
</busconfig>
"""


class PrivateBus:
    """A dbus-daemon that can die and come back at the same address."""

    def __init__(self, socket: Path) -> None:
        need("dbus-daemon")
        self.socket = socket
        self.address = f"unix:path={socket}"
        self.services = socket.with_name("services")
        self.services.mkdir()
        self.process: subprocess.Popen[bytes] | None = None
        self._config = socket.with_name("bus.conf")
        self._config.write_text(CONFIG.format(socket=socket, services=self.services))

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["dbus-daemon", f"--config-file={self._config}", "--nofork", "--nopidfile"],
            env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": self.address},
        )
        wait_until(self._accepts)

    def limit(self, name: str, most: int) -> None:
        """From its next start on it allows no more of this."""
        limit = f'<limit name="{name}">{most}</limit>'
        self._config.write_text(self._config.read_text().replace("</busconfig>", f"{limit}</busconfig>"))

    def end(self) -> None:
        """Killed, as by a crash: the socket stays behind."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def connect(self) -> DBusConnection:
        return open_dbus_connection(self.address)

    def clients(self) -> list[str]:
        """The unique names of all that are connected, but for whoever asks."""
        with self.connect() as asking:
            (names,) = unwrap_msg(asking.send_and_get_reply(message_bus.ListNames()))
            return [name for name in names if name.startswith(":") and name != asking.unique_name]

    def _accepts(self) -> bool:
        with suppress(OSError):
            self.connect().close()
            return True
        return False


class FakeServer:
    """A notification server. It notes what it is asked and answers as its fields say."""

    def __init__(self, bus: PrivateBus, capabilities: tuple[str, ...] = FULL, name: str = "fake") -> None:
        self.capabilities = list(capabilities)
        self.name = name
        self.notes: list[tuple[Any, ...]] = []  # the arguments of each Notify
        self.closed: list[int] = []
        self.shown: dict[int, str] = {}  # titles on the screen
        self.said: list[tuple[str, tuple[Any, ...]]] = []  # signals to send before Notify is answered
        self.error = ""
        self.words = "no room"  # that come with the error
        self.lies: dict[str, tuple[str | None, tuple[Any, ...]]] = {}  # other answers, by member
        self.dies = False  # at the next Notify
        self.reuses_ids = True  # what replaces a notification that is gone has its id, as with dunst
        self.answers = threading.Event()
        self.answers.set()
        self.last_id = 0
        self._ended = False
        self._connection = bus.connect()
        self.owner = self._connection.unique_name
        unwrap_msg(self._connection.send_and_get_reply(message_bus.RequestName(NAME)))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def say(self, member: str, signature: str, *body: Any) -> None:
        self._connection.send(new_signal(DBusAddress(PATH, interface=NAME), member, signature, body))

    def act(self, number: int, action: str) -> None:
        self.say("ActionInvoked", "us", number, action)

    def dismiss(self, number: int, reason: int = 2) -> None:
        self.shown.pop(number, None)
        self.say("NotificationClosed", "uu", number, reason)

    def end(self) -> None:
        self._ended = True
        self.answers.set()
        self._thread.join()
        self._connection.close()

    @property
    def titles(self) -> list[str]:
        return [note[3] for note in self.notes]

    def _serve(self) -> None:
        while not self._ended:
            with suppress(TimeoutError, ConnectionError):
                message = self._connection.receive(timeout=0.05)
                if message.header.message_type is MessageType.method_call:
                    self._answer(message)

    def _answer(self, message: Message) -> None:
        member = message.header.fields[HeaderFields.member]
        if member == "Notify":
            self.notes.append(message.body)
        self.answers.wait()
        if member == "Notify" and self.dies:
            self._ended = True
            self._connection.close()
        elif self._ended:
            return
        elif member == "Notify" and self.error:
            self._connection.send(new_error(message, self.error, "s", (self.words,)))
        elif not hasattr(self, f"_{member}"):  # what other servers offer
            unknown = "org.freedesktop.DBus.Error.UnknownMethod"
            self._connection.send(new_error(message, unknown, "s", (member,)))
        else:
            signature, body = self.lies.get(member) or getattr(self, f"_{member}")(*message.body)
            for name, arguments in self.said:
                self.say(name, "us" if name == "ActionInvoked" else "uu", *arguments)
            self._connection.send(new_method_return(message, signature, body))

    def _GetCapabilities(self) -> tuple[str, tuple[Any, ...]]:  # noqa: N802 -- named as on the bus
        return "as", (self.capabilities,)

    def _GetServerInformation(self) -> tuple[str, tuple[Any, ...]]:  # noqa: N802 -- named as on the bus
        return "ssss", (self.name, "tests", "1.0", "1.2")

    def _CloseNotification(self, number: int) -> tuple[str | None, tuple[Any, ...]]:  # noqa: N802 -- same
        self.closed.append(number)
        self.shown.pop(number, None)
        self.say("NotificationClosed", "uu", number, 3)
        return None, ()

    def _Notify(  # noqa: N802 -- same
        self, _app: str, replaces: int, _icon: str, title: str, *_: Any
    ) -> tuple[str, tuple[Any, ...]]:
        number = replaces if self.reuses_ids or replaces in self.shown else 0
        if not number:
            self.last_id += 1
            number = self.last_id
        self.shown[number] = title
        return "u", (number,)


class Desk:
    """Where fake servers come and go."""

    def __init__(self, bus: PrivateBus) -> None:
        self.bus = bus
        self._servers: list[FakeServer] = []

    def server(self, *capabilities: str, name: str = "fake") -> FakeServer:
        server = FakeServer(self.bus, capabilities or FULL, name)
        self._servers.append(server)
        return server

    def clear(self) -> None:
        for server in self._servers:
            server.end()


class Work:
    """A notifier and what it told."""

    def __init__(
        self, bus: Bus, settings: NotifySettings, remembered: Iterable[Remembered], out: io.StringIO
    ) -> None:
        self.bus = bus
        self.events: list[Event] = []
        self.saved: list[tuple[Remembered, ...]] = []
        self.out = out
        self.react: Callable[[Event], None] = lambda _: None
        self.notifier = Notifier(
            bus,
            self._hear,
            settings,
            remembered=remembered,
            on_ids_changed=lambda: self.saved.append(self.notifier.remembered()),
            out=out,
        )

    def _hear(self, event: Event) -> None:
        self.events.append(event)
        self.react(event)

    async def told(self, *events: Event) -> None:
        """Exactly these events come, in this order; those of before are forgotten."""
        await eventually(lambda: len(self.events) >= len(events))
        assert self.events == list(events)
        self.events.clear()

    async def quiet(self) -> None:
        """All that is on its way has arrived, and nothing was told of it."""
        for _ in range(3):
            await self.bus.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetId")
        assert self.events == []


async def showing(work: Work, card: Card = POSTURE) -> None:
    """The server is known and shows the card."""
    await eventually(lambda: work.notifier.status()["ok"])
    work.events.clear()
    work.notifier.show(card)
    await work.told(Delivered(card.key))


def goes_on_with(work: Work, card: Card) -> Callable[[Event], None]:
    """What the engine does: it answers an answer at once."""
    return lambda event: work.notifier.show(card) if isinstance(event, Answered) else None


async def another_is_closed(server: FakeServer, work: Work) -> None:
    """Its closing is told, and so would be one that was waiting from before."""
    work.notifier.show(replace(POSTURE, key="another"))
    await work.told(Delivered("another"))
    server.dismiss(server.last_id)
    await work.told(Closed("another", expired=False))


class Terminal(io.StringIO):
    """Text output to a person."""

    def isatty(self) -> bool:
        return True


@asynccontextmanager
async def at_work(
    address: str | None,
    settings: NotifySettings = SETTINGS,
    remembered: Iterable[Remembered] = (),
    out: io.StringIO | None = None,
) -> AsyncIterator[Work]:
    """A notifier that runs meanwhile."""
    work = Work(Bus("session", lambda: address), settings, remembered, out or io.StringIO())
    tasks = [asyncio.create_task(work.bus.run()), asyncio.create_task(work.notifier.run())]
    try:
        yield work
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
