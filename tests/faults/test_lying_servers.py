"""Every service of the desktop answers at random, in well-formed D-Bus; no adapter may take harm."""

import asyncio
import gc
import json
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.wrappers import unwrap_msg
from support.chance import Chance
from support.helpers import eventually
from support.notification_helpers import NAME, POSTURE, SETTINGS, PrivateBus

from neckguard.core.events import Delivered, Event
from neckguard.daemon.outside import Desktop
from neckguard.daemon.wiring import make_desktop
from neckguard.desktop.bus import signals
from neckguard.desktop.notify import server as notify_server
from neckguard.desktop.presence import inhibitors, mutter, source

ROOT = ("/org/freedesktop/Notifications", "/org/freedesktop/login1", "/org/gnome/ScreenSaver", "/")
NAMES = (
    NAME,
    "org.freedesktop.login1",
    "org.freedesktop.systemd1",
    "org.gnome.Mutter.IdleMonitor",
    "org.gnome.SessionManager",
    "org.gnome.ScreenSaver",
    "org.freedesktop.ScreenSaver",
    "org.freedesktop.PowerManagement",
    "org.kde.Solid.PowerManagement.PolicyAgent",
    "org.a11y.Bus",
    "org.xfce.Xfconf",
    "org.erikreider.swaync.cc",
)
SIGNALS = (  # interface, member and its right signature
    (NAME, "ActionInvoked", "us"),
    (NAME, "NotificationClosed", "uu"),
    ("org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as"),
    ("org.freedesktop.login1.Manager", "PrepareForSleep", "b"),
    ("org.gnome.ScreenSaver", "ActiveChanged", "b"),
    ("org.gnome.Mutter.IdleMonitor", "WatchFired", "u"),
    ("org.gnome.SessionManager", "InhibitorAdded", "o"),
    ("ca.desrt.dconf.Writer", "Notify", "sass"),
)
TRUTHS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "GetServerInformation": ("ssss", ("liar", "tests", "1.0", "1.2")),
    "GetCapabilities": ("as", (["actions", "body", "persistence"],)),
    "Notify": ("u", (7,)),
    "CloseNotification": ("", ()),
    "GetIdletime": ("t", (3000,)),
    "AddUserActiveWatch": ("u", (3,)),
    "GetActive": ("b", (True,)),
    "ListInhibitors": ("a(ssssuu)", ([("idle", "film", "", "block", os.getuid(), 1)],)),
    "GetInhibitors": ("ao", (["/i/1"],)),
    "GetFlags": ("u", (8,)),
    "HasInhibition": ("b", (True,)),
    "ListInhibitions": ("a(ss)", ([("film", "")],)),
    "Inhibit": ("u", (9,)),
}
PROPERTIES: dict[str, tuple[str, Any]] = {
    "Display": ("(so)", ("c1", "/c1")),
    "Sessions": ("a(so)", [("c1", "/c1")]),
    "Type": ("s", "x11"),
    "Class": ("s", "user"),
    "Active": ("b", True),
    "LockedHint": ("b", True),
    "IdleHint": ("b", True),
    "IdleSinceHintMonotonic": ("t", 5_000_000),
    "PreparingForSleep": ("b", False),
    "ScreenReaderEnabled": ("b", True),
    "Environment": ("as", ["LANG=C"]),
}


class Invention:
    """Well-formed D-Bus types and values, drawn at random."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance

    def type(self, depth: int = 3) -> str:
        kind = self._chance.choice("ybnqiuxtdsog" + "a(v{" * (depth > 0))
        if kind == "a":
            return f"a{self.type(depth - 1)}"
        if kind == "(":
            return f"({''.join(self.type(depth - 1) for _ in range(self._chance.randint(1, 3)))})"
        if kind == "{":
            return f"a{{{self._chance.choice('sut')}{self.type(depth - 1)}}}"
        return kind

    def body(self) -> tuple[str, tuple[Any, ...]]:
        types = [self.type() for _ in range(self._chance.randint(0, 3))]
        return "".join(types), tuple(self.value(list(each)) for each in types)

    def value(self, rest: list[str]) -> Any:
        """One of the complete type at the head of `rest`, which is taken off."""
        kind = rest.pop(0)
        if kind == "a":
            return self._array(rest)
        if kind == "(":
            return self._struct(rest)
        if kind == "v":
            inner = self.type(1)
            return inner, self.value(list(inner))
        return self._basic(kind)

    def _array(self, rest: list[str]) -> Any:
        element = list(rest)
        end = self._skip(rest)
        count = self._chance.choice((0, 1, 3))
        if element[0] == "{":
            inner = element[1 : end - 1]
            return {self._basic(inner[0]): self.value(list(inner[1:])) for _ in range(count)}
        return [self.value(element[:end]) for _ in range(count)]

    def _struct(self, rest: list[str]) -> tuple[Any, ...]:
        found = []
        while rest[0] != ")":
            found.append(self.value(rest))
        rest.pop(0)
        return tuple(found)

    @staticmethod
    def _skip(rest: list[str]) -> int:
        """Take a complete type off; its length."""
        before, depth = len(rest), 0
        while True:
            kind = rest.pop(0)
            depth += (kind in "({") - (kind in ")}")
            if depth == 0 and kind != "a":
                return before - len(rest)

    def _basic(self, kind: str) -> Any:
        sizes = {"y": 8, "q": 16, "u": 32, "t": 64, "n": -15, "i": -31, "x": -63}
        if kind in sizes:
            top = 2 ** abs(sizes[kind]) - 1
            low = -top - 1 if sizes[kind] < 0 else 0
            return self._chance.choice((low, top, 0, 1, self._chance.randint(low, top)))
        others: dict[str, tuple[Any, ...]] = {
            "b": (True, False),
            "d": (float("nan"), float("inf"), -0.0, 1e308),
            "s": ("", "no\nroom", "\x1b[31m\u202e", "x" * 5000, "default", "LockedHint"),
            "o": ("/", "/c1", "/org/freedesktop/login1"),
            "g": ("", "u", "a{sv}"),
        }
        return self._chance.choice(others[kind])


class Liar(threading.Thread):
    """All services in one. Every second answer is a lie; none is once `honest` is set."""

    def __init__(self, bus: PrivateBus, chance: Chance) -> None:
        super().__init__(daemon=True)
        self.honest = threading.Event()
        self.ended = threading.Event()
        self.answered = self.told = 0
        self._chance = chance
        self._invention = Invention(chance)
        self._connection = bus.connect()
        for name in NAMES:
            unwrap_msg(self._connection.send_and_get_reply(message_bus.RequestName(name)))

    def run(self) -> None:
        while not self.ended.is_set():
            with suppress(TimeoutError):
                message = self._connection.receive(timeout=0.02)
                if message.header.message_type is MessageType.method_call:
                    self._connection.send(self._answer(message))
                    self.answered += 1
            if not self.honest.is_set():
                self._disturb()
        self._connection.close()

    def _answer(self, call: Message) -> Message:
        member = call.header.fields[HeaderFields.member]
        if not self.honest.is_set() and self._chance.one_in(2):
            if self._chance.one_in(5):
                return new_error(call, "org.example.Bad", *self._invention.body())
            if self._chance.one_in(4):  # the right frame around a lie
                inner = self._invention.type()
                return new_method_return(call, "v", ((inner, self._invention.value(list(inner))),))
            return new_method_return(call, *self._invention.body())
        if member == "Get" and call.body[1] in PROPERTIES:
            return new_method_return(call, "v", (PROPERTIES[call.body[1]],))
        if member in TRUTHS:
            signature, body = TRUTHS[member]
            return new_method_return(call, signature or None, body)
        return new_error(call, "org.freedesktop.DBus.Error.UnknownMethod", "s", (member,))

    def _disturb(self) -> None:
        """Say something unasked, or be another one."""
        if self._chance.one_in(2):
            interface, member, right = self._chance.choice(SIGNALS)
            types, body = self._invention.body()
            if self._chance.one_in(2):
                rest, body = list(right), ()
                while rest:
                    body += (self._invention.value(rest),)
                types = right
            emitter = DBusAddress(self._chance.choice(ROOT), interface=interface)
            self._connection.send(new_signal(emitter, member, types, body))
            self.told += 1
        elif self._chance.one_in(5):
            name = self._chance.choice(NAMES)
            self._connection.send(message_bus.ReleaseName(name))
            self._connection.send(message_bus.RequestName(name))


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits long before it is tried again."""
    for module, name, seconds in (
        (signals, "_FIRST_RETRY", 0.02),
        (signals, "_LAST_RETRY", 0.05),
        (source, "_FIRST_RETRY", 0.02),
        (source, "_LAST_RETRY", 0.05),
        (source, "LEAST_PAUSE", 0.02),
        (mutter, "_PATIENCE", 0.5),
        (inhibitors, "_PATIENCE", 0.5),
        (notify_server, "FIRST_DELAY", 0.02),
        (notify_server, "LAST_DELAY", 0.05),
        (notify_server, "LAST_RETRY", 0.05),
    ):
        monkeypatch.setattr(module, name, seconds)


@pytest.fixture
def everybody(hasty: None, chance: Chance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Liar]:
    session = PrivateBus(tmp_path / "bus")
    session.start()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session.address)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", session.address)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "PATH"):  # nothing but the bus is there
        monkeypatch.setenv(name, "")
    liar = Liar(session, chance)
    liar.start()
    yield liar
    liar.ended.set()
    liar.join()
    session.end()


async def use(desktop: Desktop, chance: Chance) -> None:
    """Do what the daemon might do next."""
    card = replace(POSTURE, key=f"card-{chance.randrange(4)}", resident=chance.one_in(2))
    match chance.randrange(6):
        case 0 | 1:
            desktop.notifier.show(replace(card, silent=chance.one_in(2)))
        case 2:
            desktop.notifier.hide(card.key)
        case 3:
            await desktop.quiet.look()
        case 4:
            desktop.awake.want(chance.choice(("", "a timer")))
        case 5:
            desktop.presence.watch(chance.choice((1.0, 2.0, 240.0)))
    said = json.dumps(desktop.status())
    assert "fault of neckguard" not in said
    for service in desktop.status().values():
        assert service["problem"].isprintable(), service
    await asyncio.sleep(0.01)


def test_no_adapter_takes_harm_from_lies_and_all_is_well_when_they_end(
    everybody: Liar, chance: Chance, caplog: pytest.LogCaptureFixture
) -> None:
    events: list[Event] = []

    async def story() -> None:
        desktop = make_desktop(events.append, SETTINGS)
        lives = [asyncio.create_task(life()) for life in desktop.lives]
        try:
            for _ in chance.rounds():
                await use(desktop, chance)
            assert not any(life.done() for life in lives)
            await all_is_well(desktop)
        finally:
            for life in lives:
                life.cancel()
            await asyncio.gather(*lives, return_exceptions=True)
        gc.collect()  # an error that nobody asked for is told when its task is forgotten

    async def all_is_well(desktop: Desktop) -> None:
        everybody.honest.set()
        await eventually(lambda: desktop.notifier.status()["server"])
        events.clear()
        desktop.notifier.show(replace(POSTURE, key="at last"))
        await eventually(lambda: Delivered("at last") in events)
        await eventually(lambda: desktop.session.status()["ok"])
        await eventually(lambda: desktop.inhibitors.status()["holders"] == ["film"])
        await eventually(lambda: desktop.presence.status()["source"] == "mutter")

    asyncio.run(story())
    assert everybody.answered > 100
    assert everybody.told > 100
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
