"""A bus that refuses what every client needs, or that only pretends to be one."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, Message, new_error, new_method_return, new_signal
from support.bus_helpers import connected, pretended_bus, running
from support.helpers import eventually
from support.notification_helpers import NAME, PrivateBus

from neckguard.desktop.bus import signals
from neckguard.desktop.bus.bus import DBUS, DBUS_PATH, Bus, BusError, BusNonsense
from neckguard.desktop.bus.reply import IF_IT_LASTS

NOBODY, INTERFACE = "org.example.Nobody", "org.example.Test"


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


# ---- match rules that are refused --------------------------------------------------------------------------


def test_a_bus_that_refuses_match_rules_serves_on_and_that_is_said_once(
    session: PrivateBus, caplog: pytest.LogCaptureFixture
) -> None:
    session.limit("max_match_rules_per_connection", 2)

    async def story() -> None:
        bus = Bus("session", lambda: session.address)
        for number in range(20):
            bus.watch(lambda _: None, interface=f"{INTERFACE}{number}")
        async with running(bus):
            for _ in range(2):
                session.end()
                await eventually(lambda: not bus.connected)
                assert bus.deaf == ""
                session.start()
                await eventually(lambda: bus.connected and bus.deaf)
                said.append(bus.deaf)
                assert await bus.call(DBUS, DBUS_PATH, DBUS, "GetId", answer="s")

    said: list[str] = []
    asyncio.run(story())
    assert [line for line in warnings(caplog) if "news" in line] == [f"{said[0]}."]
    assert said[0].startswith("the session bus does not tell all news, so some may be missed: Connection ")
    assert said[0].endswith(f"; {IF_IT_LASTS}")


def test_what_a_bus_refused_is_asked_for_again_and_all_look_anew_when_it_is_granted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "_FIRST_RETRY", 0.02)
    asked: list[str] = []

    def add_match(call: Message) -> bytes:
        asked.append(call.body[0])
        if len(asked) < 5:
            return bytes(new_error(call, f"{DBUS}.Error.LimitsExceeded", "s", ("too\nmany",)).serialise(2))
        return bytes(new_method_return(call).serialise(2))

    async def story() -> None:
        changes: list[tuple[bool, bool]] = []
        async with pretended_bus(tmp_path / "bus", {"AddMatch": add_match}) as address:
            bus = Bus("session", lambda: address)
            bus.on_change(lambda up: changes.append((up, bus.deaf == "")))
            bus.watch(lambda _: None, interface=INTERFACE)
            async with running(bus):
                await eventually(lambda: len(changes) == 2)
                assert changes == [(True, False), (True, True)]
                assert asked == [f"type='signal',interface='{INTERFACE}'"] * 5

    asyncio.run(story())
    assert warnings(caplog) == [
        f"the session bus does not tell all news, so some may be missed: too many; {IF_IT_LASTS}.",
        "The session bus tells all news again.",
    ]


# ---- messages that make no sense ---------------------------------------------------------------------------


def returns(signature: str | None, body: tuple[Any, ...]) -> Callable[[Message], bytes]:
    return lambda call: bytes(new_method_return(call, signature, body).serialise(5))


def test_an_answer_of_another_type_says_who_answered_what(tmp_path: Path) -> None:
    async def story() -> None:
        script = {
            "Text": returns("s", ("one\ntwo\u202e" + "x" * 1000,)),
            "Nothing": returns(None, ()),
            "Many": returns("asd", (["a"] * 100, float("inf"))),
            "Get": returns("v", (("i", -1),)),
        }
        async with pretended_bus(tmp_path / "bus", script) as address, connected(address) as bus:
            said, many = [], "['a', 'a', 'a', 'a', 'a', 'a', ...]"
            for member in ("Text", "Nothing", "Many"):
                with pytest.raises(BusNonsense) as caught:
                    await bus.call(NOBODY, "/", INTERFACE, member, answer="u as")
                said.append(str(caught.value))
            with pytest.raises(BusNonsense) as caught:
                await bus.get(NOBODY, "/", INTERFACE, "Idle", "b", 5.0)
            said.append(str(caught.value))
            assert said == [
                f"{NOBODY} answered Text with 'one\\ntwo\\u20...{'x' * 13}' (D-Bus type s, not u or as)",
                f"{NOBODY} answered Nothing with nothing",
                f"{NOBODY} answered Many with ({many}, inf) (D-Bus type asd, not u or as)",
                f"{NOBODY} answered Idle with -1 (D-Bus type i, not b)",
            ]
            assert await bus.call(NOBODY, "/", INTERFACE, "Many") == (["a"] * 100, float("inf"))
            assert await bus.call(NOBODY, "/", INTERFACE, "Many", answer="u asd")

    asyncio.run(story())


@pytest.mark.parametrize(
    ("signature", "body", "said"),
    [
        ("s", ("no\n  room\x1b[1m",), "no room[1m"),
        ("s", ("",), "it gave no reason (org.example.Bad)"),
        (None, (), "it gave no reason (org.example.Bad)"),
        ("u", (7,), "it gave no reason (org.example.Bad)"),
    ],
)
def test_an_error_is_one_line_of_its_words(
    signature: str | None, body: tuple[Any, ...], said: str, tmp_path: Path
) -> None:
    def refuse(call: Message) -> bytes:
        return bytes(new_error(call, "org.example.Bad", signature, body).serialise(5))

    async def story() -> None:
        async with pretended_bus(tmp_path / "bus", {"Ask": refuse}) as address, connected(address) as bus:
            with pytest.raises(BusError) as caught:
                await bus.call(NOBODY, "/", INTERFACE, "Ask", answer="u")
            assert (str(caught.value), caught.value.name) == (said, "org.example.Bad")

    asyncio.run(story())


def owner_changed(signature: str, *body: Any) -> Message:
    signal = new_signal(DBusAddress(DBUS_PATH, interface=DBUS), "NameOwnerChanged", signature, body)
    signal.header.fields[HeaderFields.sender] = DBUS
    return signal


def without(field: HeaderFields, message: Message) -> Message:
    del message.header.fields[field]
    return message


def test_signals_that_make_no_sense_are_left_out_and_harm_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = owner_changed("sss", NAME, "", ":1.5")
    told = [
        owner_changed("su", NAME, 1),
        owner_changed("ss", NAME, ""),
        owner_changed("sas", NAME, []),
        without(HeaderFields.path, owner_changed("sss", NAME, "", ":1.3")),
        without(HeaderFields.member, owner_changed("sss", NAME, "", ":1.4")),
        good,
    ]

    def tell(call: Message) -> bytes:
        messages = [*told, new_method_return(call)]
        return b"".join(message.serialise(number) for number, message in enumerate(messages, 5))

    async def story() -> None:
        owners: list[bool] = []
        heard: list[Any] = []
        async with pretended_bus(tmp_path / "bus", {"Ask": tell}) as address, connected(address) as bus:
            bus.on_owner(owners.append, NAME)
            bus.watch(lambda signal: heard.append(signal.body), interface=INTERFACE, sender=NAME)
            await bus.call(NOBODY, "/", INTERFACE, "Ask")
            assert (owners, bus.connected) == ([True], True)

    asyncio.run(story())
    (said,) = warnings(caplog)
    assert said.startswith("A D-Bus message could not be read and is left out: ValueError")
    assert not any(record.exc_info for record in caplog.records)
