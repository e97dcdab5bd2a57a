import asyncio
import logging
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_method_call,
    new_method_return,
    new_signal,
)
from support.bus_helpers import connected, listening, pretended_bus, running
from support.helpers import eventually, patient
from support.notification_helpers import NAME, PATH, Desk, PrivateBus

from neckguard.desktop.bus import bus as bus_module
from neckguard.desktop.bus.bus import (
    DBUS,
    DBUS_PATH,
    Bus,
    BusError,
    BusLost,
    BusTimeout,
    Signal,
    session_address,
    system_address,
)

NOBODY = "org.example.Nobody"
INTERFACE = "org.example.Test"


async def ask_bus(bus: Bus, member: str, signature: str = "", *body: Any) -> tuple[Any, ...]:
    return await bus.call(DBUS, DBUS_PATH, DBUS, member, signature, body)


def send(session: PrivateBus, signal: Signal, *, to: str | None = None) -> str:
    """A stranger sends this signal; its unique name."""
    with session.connect() as stranger:
        emitter = DBusAddress(signal.path, interface=signal.interface)
        message = new_signal(emitter, signal.member, "s" * len(signal.body), signal.body)
        if to:
            message.header.fields[HeaderFields.destination] = to
        stranger.send(message)
        return str(stranger.unique_name)


def news(*body: str, member: str = "News", path: str = "/a") -> Signal:
    return Signal("", path, INTERFACE, member, body)


# ---- calls ------------------------------------------------------------------------------------------------


def test_a_call_brings_the_answer(session: PrivateBus) -> None:
    async def story() -> None:
        async with connected(session.address) as bus:
            assert await ask_bus(bus, "GetNameOwner", "s", DBUS) == (DBUS,)
            assert (bus.problem, bool(bus.bus_id)) == ("", True)

    asyncio.run(story())


def test_an_error_in_answer_is_raised_with_its_name(session: PrivateBus) -> None:
    async def story() -> None:
        async with connected(session.address) as bus:
            with pytest.raises(BusError, match="no such name") as caught:
                await ask_bus(bus, "GetNameOwner", "s", NOBODY)
            assert caught.value.name == "org.freedesktop.DBus.Error.NameHasNoOwner"

    asyncio.run(story())


def test_an_error_is_repeated_in_one_clean_line_that_ends() -> None:
    said = str(BusError("org.example.Error", "No\nroom.\x1b[31m" + "x" * 100_000))
    assert said == f"No room.[31m{'x' * 487}"


def test_a_call_without_answer_ends_in_time_and_the_late_answer_harms_nobody(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        server.answers.clear()
        async with connected(desk.bus.address) as bus:
            with pytest.raises(BusTimeout, match=f"{NAME} did not answer GetCapabilities within 0.05 s."):
                await bus.call(NAME, PATH, NAME, "GetCapabilities", timeout=0.05)
            server.answers.set()
            assert (await bus.call(NAME, PATH, NAME, "GetServerInformation"))[0] == "fake"

    asyncio.run(story())


def test_a_call_without_time_limit_ends_when_the_bus_dies(desk: Desk) -> None:
    async def story() -> None:
        desk.server().answers.clear()
        async with connected(desk.bus.address) as bus:
            call = asyncio.create_task(bus.call(NAME, PATH, NAME, "GetCapabilities", timeout=None))
            await ask_bus(bus, "GetId")
            desk.bus.end()
            with pytest.raises(BusLost, match="lost the connection to the session bus: it was closed"):
                await call
            await eventually(lambda: not bus.connected)
            with pytest.raises(BusLost, match="no connection to the session bus"):
                await ask_bus(bus, "GetId")

    asyncio.run(story())


def test_a_cancelled_call_leaves_nothing_behind(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        server.answers.clear()
        async with connected(desk.bus.address) as bus:
            call = asyncio.create_task(bus.call(NAME, PATH, NAME, "GetCapabilities", timeout=None))
            await ask_bus(bus, "GetId")
            call.cancel()
            await asyncio.wait([call])
            await ask_bus(bus, "GetId")
            assert bus._link is not None
            assert bus._link._waiting == {}

    asyncio.run(story())


def test_a_call_can_leave_a_sleeping_service_asleep(session: PrivateBus) -> None:
    service = session.services / "sleeper.service"
    service.write_text(f"[D-BUS Service]\nName={NOBODY}\nExec=/bin/false\n")

    async def story() -> None:
        async with connected(session.address) as bus:
            await ask_bus(bus, "ReloadConfig")
            names = []
            for autostart in (False, True):
                with pytest.raises(BusError) as caught:
                    await bus.call(NOBODY, "/", INTERFACE, "Wake", autostart=autostart)
                names.append(caught.value.name.rpartition(".")[2])
            assert names == ["NameHasNoOwner", "ChildExited"]

    asyncio.run(story())


def test_whoever_calls_us_is_told_that_there_is_nothing_to_call(session: PrivateBus) -> None:
    async def story() -> None:
        async with connected(session.address):
            (our_name,) = session.clients()
            with session.connect() as peer:
                call = new_method_call(DBusAddress("/", our_name, INTERFACE), "Hello")
                answer = await asyncio.to_thread(peer.send_and_get_reply, call, timeout=patient(5))
            assert answer.header.message_type is MessageType.error
            assert answer.header.fields[HeaderFields.error_name].endswith("UnknownMethod")

    asyncio.run(story())


# ---- signals ----------------------------------------------------------------------------------------------


def test_a_watch_brings_just_the_signals_it_asks_for(session: PrivateBus) -> None:
    async def story() -> None:
        heard: list[Signal] = []
        bus = Bus("session", lambda: session.address)
        bus.watch(heard.append, interface=INTERFACE, member="News", path="/a", arg0="yes")
        bus.watch(lambda _: None, interface=INTERFACE)  # brings in the others, too
        async with running(bus):
            await eventually(lambda: bus.connected)
            for signal in (news("no"), news("yes", path="/b"), news("yes", member="Olds"), news()):
                send(session, signal)
            sender = send(session, news("yes", "and more"))
            await eventually(lambda: heard)
            assert heard == [Signal(sender, "/a", INTERFACE, "News", ("yes", "and more"), "ss")]

    asyncio.run(story())


def test_only_the_owner_of_a_watched_name_is_heard(desk: Desk) -> None:
    async def story() -> None:
        heard: list[Any] = []
        bus = Bus("session", lambda: desk.bus.address)
        bus.watch(lambda signal: heard.append((signal.sender, signal.body)), interface=NAME, sender=NAME)
        async with running(bus):
            await eventually(lambda: bus.connected)
            first = desk.server()
            spoof = Signal("", PATH, NAME, "ActionInvoked", ("spoof",))
            send(desk.bus, spoof)
            for name in desk.bus.clients():
                send(desk.bus, spoof, to=name)
            first.act(1, "done")
            await eventually(lambda: heard)
            first.end()
            second = desk.server()
            second.act(2, "skip")
            await eventually(lambda: len(heard) > 1)
            assert heard == [(first.owner, (1, "done")), (second.owner, (2, "skip"))]

    asyncio.run(story())


def test_the_owner_of_a_name_that_was_there_before_us_is_heard(desk: Desk) -> None:
    async def story() -> None:
        heard: list[Any] = []
        server = desk.server()
        async with connected(desk.bus.address) as bus:
            bus.watch(lambda signal: heard.append(signal.body), interface=NAME, sender=NAME)
            await ask_bus(bus, "GetId")
            server.act(1, "done")
            await eventually(lambda: heard)
            assert heard == [(1, "done")]

    asyncio.run(story())


def test_a_newer_word_about_an_owner_is_not_overtaken_by_an_older_answer(tmp_path: Path) -> None:
    async def story() -> None:
        heard: list[Any] = []

        def owner(_call: Message) -> bytes:
            change = new_signal(
                DBusAddress(DBUS_PATH, interface=DBUS), "NameOwnerChanged", "sss", (NAME, ":1.5", ":1.6")
            )
            change.header.fields[HeaderFields.sender] = DBUS
            return bytes(change.serialise(3) + new_method_return(_call, "s", (":1.5",)).serialise(4))

        def tell(call: Message) -> bytes:
            told = b""
            for number, sender in enumerate((":1.5", ":1.6"), 5):
                signal = new_signal(DBusAddress("/a", interface=INTERFACE), "News", "s", (sender,))
                signal.header.fields[HeaderFields.sender] = sender
                told += signal.serialise(number)
            return told + bytes(new_method_return(call).serialise(7))

        script = {"GetNameOwner": owner, "Ask": tell}
        async with pretended_bus(tmp_path / "bus", script) as address, connected(address) as bus:
            bus.watch(lambda signal: heard.append(signal.body[0]), interface=INTERFACE, sender=NAME)
            await bus.call(NOBODY, "/", INTERFACE, "Ask")
            assert heard == [":1.6"]

    asyncio.run(story())


def test_no_signal_of_a_burst_is_lost_and_a_failing_handler_harms_nobody(
    session: PrivateBus, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        heard: list[Any] = []
        bus = Bus("session", lambda: session.address)
        bus.watch(lambda signal: 1 // (signal.body[0] != "7"), interface=INTERFACE)
        bus.watch(lambda signal: heard.append(signal.body[0]), interface=INTERFACE)
        async with running(bus):
            await eventually(lambda: bus.connected)
            with session.connect() as peer:
                for number in range(500):
                    peer.send(new_signal(DBusAddress("/a", interface=INTERFACE), "News", "s", (str(number),)))
            await eventually(lambda: len(heard) == 500)
            assert heard == [str(number) for number in range(500)]

    asyncio.run(story())
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_caller_hears_its_answer_before_the_signal_that_came_with_it(tmp_path: Path) -> None:
    async def story() -> None:
        order: list[str] = []
        signal = new_signal(DBusAddress("/a", interface=INTERFACE), "News", "s", ("signal",))
        script = {"Ask": lambda call: new_method_return(call).serialise(5) + signal.serialise(6)}
        async with pretended_bus(tmp_path / "bus", script) as address, connected(address) as bus:
            bus.watch(lambda signal: order.append(signal.body[0]), interface=INTERFACE)
            await bus.call(NOBODY, "/", INTERFACE, "Ask")
            order.append("answer")
            await eventually(lambda: len(order) == 2)
            assert order == ["answer", "signal"]

    asyncio.run(story())


def test_a_message_that_cannot_be_read_harms_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        heard: list[Any] = []
        good = new_signal(DBusAddress("/a", interface=INTERFACE), "News", "s", ("good",)).serialise(6)
        bad = good[:1] + b"\x09" + good[2:]  # an unknown kind of message
        script = {"Ask": lambda call: bad + good + new_method_return(call).serialise(5)}
        async with pretended_bus(tmp_path / "bus", script) as address, connected(address) as bus:
            bus.watch(lambda signal: heard.append(signal.body[0]), interface=INTERFACE)
            await bus.call(NOBODY, "/", INTERFACE, "Ask")
            assert heard == ["good"]

    asyncio.run(story())
    assert [record.levelname for record in caplog.records] == ["WARNING"]


# ---- the life of the connection ---------------------------------------------------------------------------


def test_a_bus_that_dies_and_comes_back_is_noticed_at_once_and_watches_last(session: PrivateBus) -> None:
    async def story() -> None:
        changes: list[tuple[bool, str]] = []
        heard: list[Signal] = []
        bus = Bus("session", lambda: session.address)
        bus.on_change(lambda up: changes.append((up, bus.problem)))
        bus.watch(heard.append, interface=INTERFACE)
        async with running(bus):
            await eventually(lambda: bus.connected)
            first = bus.bus_id
            session.end()
            await eventually(lambda: not bus.connected, seconds=1)
            session.start()
            await eventually(lambda: bus.connected)
            send(session, news())
            await eventually(lambda: heard)
            gone = f"the session bus at {session.address} closed the connection"
            assert changes == [(True, ""), (False, gone), (True, "")]
            assert bus.bus_id != first

    asyncio.run(story())


def test_the_end_of_run_ends_the_connection(session: PrivateBus) -> None:
    async def story() -> None:
        async with connected(session.address) as bus:
            pass
        assert (bus.connected, session.clients()) == (False, [])
        with pytest.raises(BusLost):
            await ask_bus(bus, "GetId")

    asyncio.run(story())


def test_the_end_of_run_ends_calls_that_wait(desk: Desk) -> None:
    async def story() -> None:
        desk.server().answers.clear()
        async with connected(desk.bus.address) as bus:
            call = asyncio.create_task(bus.call(NAME, PATH, NAME, "GetCapabilities", timeout=None))
            await ask_bus(bus, "GetId")
        with pytest.raises(BusLost):
            await call

    asyncio.run(story())


def test_without_any_bus_attempts_become_rare(monkeypatch: pytest.MonkeyPatch) -> None:
    delays: list[float] = []
    changes: list[bool] = []

    async def sleep(delay: float) -> None:
        delays.append(delay)
        if len(delays) == 11:
            raise asyncio.CancelledError

    monkeypatch.setattr(asyncio, "sleep", sleep)
    bus = Bus("session", lambda: None)
    bus.on_change(changes.append)
    with suppress(asyncio.CancelledError):
        asyncio.run(bus.run())
    assert delays == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30, 30]
    assert (changes, bus.address, bus.problem) == ([False], None, "there is no session bus")


def test_a_fault_is_told_once_in_the_log(session: PrivateBus, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    session.end()

    async def story() -> None:
        attempts: list[str] = []

        def find() -> str:
            attempts.append(session.address)
            return session.address

        bus = Bus("session", find)
        async with running(bus):
            await eventually(lambda: len(attempts) == 3)
            session.start()
            await eventually(lambda: bus.connected)

    asyncio.run(story())
    assert [record.getMessage() for record in caplog.records if record.name == bus_module.__name__] == [
        f"cannot use the session bus at {session.address}: Connection refused; trying again.",
        "Connected to the session bus.",
    ]


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("unix:path=/nowhere/at/all", "No such file or directory"),
        ("tcp:host=127.0.0.1,port=1", "no alternative in 'tcp:host=127.0.0.1,port=1' is a Unix socket"),
        ("disabled:", "no alternative in 'disabled:' is a Unix socket"),
        ("unix:path=" + "/long" * 50, "AF_UNIX path too long"),
        ("unix:path=/dev/null", "Connection refused"),
    ],
)
def test_an_address_that_leads_nowhere_is_a_problem(address: str, problem: str) -> None:
    async def story() -> None:
        async with running(Bus("session", lambda: address)) as bus:
            await eventually(lambda: bus.problem)
            assert bus.problem == f"cannot use the session bus at {address}: {problem}"

    asyncio.run(story())


def test_an_address_may_have_alternatives_escapes_and_a_stale_guid(session: PrivateBus) -> None:
    dead = session.socket.with_name("dead")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(dead))  # left behind: nobody listens
    path = str(session.socket).replace("u", "%75")
    address = f"tcp:host=x;unix:path={dead};unix:path={path},guid=0123456789abcdef;"

    async def story() -> None:
        async with connected(address) as bus:
            assert bus.connected

    asyncio.run(story())


def test_a_bus_may_have_an_abstract_address(tmp_path: Path) -> None:
    async def story() -> None:
        name = f"neckguard-test-{os.getpid()}"
        async with pretended_bus(Path(f"\0{name}"), {}), connected(f"unix:abstract={name}") as bus:
            assert bus.connected

    asyncio.run(story())


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (b"", "{where} does not answer"),
        (b"OK 1234\r\n", "{where} does not answer"),  # and no answer to Hello
        (b"REJECTED EXTERNAL\r\n", "cannot use {where}: it refused us: REJECTED EXTERNAL"),
        (b"x" * 200_000, "cannot use {where}: Separator is not found, and chunk exceed the limit"),
        (
            b"OK 1234\r\n" + b"l" + b"\xff" * 40,
            "cannot use {where}: {lost}: a message of 8589934607 bytes is too large",
        ),
        (
            b"OK 1234\r\n" + b"?" * 40,
            "cannot use {where}: {lost}: it does not speak D-Bus",
        ),
    ],
)
def test_a_bus_that_does_not_behave_is_a_problem(
    words: bytes, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_module, "GREETING_LIMIT", 0.2)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        with suppress(ConnectionError):
            await reader.read()
        writer.close()

    async def story() -> None:
        path = tmp_path / "bus"
        async with listening(path, serve), running(Bus("session", lambda: f"unix:path={path}")) as bus:
            await eventually(lambda: bus.problem)
            where, lost = f"the session bus at unix:path={path}", "lost the connection to the session bus"
            assert bus.problem == problem.format(where=where, lost=lost)

    asyncio.run(story())


# ---- where the buses are ----------------------------------------------------------------------------------


def test_the_session_bus_is_where_the_environment_says_or_in_the_runtime_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = tmp_path / "run, time"
    runtime.mkdir()
    monkeypatch.setattr(os, "getuid", lambda: 4242424)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    found = [session_address()]
    (runtime / "bus").touch()
    found.append(session_address())
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/x")
    found.append(session_address())
    assert found == [None, f"unix:path={tmp_path}/run%2c%20time/bus", "unix:path=/x"]


def test_the_system_bus_is_where_the_environment_says_or_in_the_standard_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DBUS_SYSTEM_BUS_ADDRESS", raising=False)
    assert system_address() == "unix:path=/var/run/dbus/system_bus_socket"
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/x")
    assert system_address() == "unix:path=/x"
