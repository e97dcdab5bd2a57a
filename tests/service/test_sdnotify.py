"""What the service manager hears."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.helpers import patient

from neckguard.daemon import journal


class Manager:
    """The manager's end of NOTIFY_SOCKET."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.setblocking(False)

    def heard(self) -> list[str]:
        messages: list[str] = []
        while True:
            try:
                messages.append(self.socket.recv(4096).decode())
            except BlockingIOError:
                return messages


@pytest.fixture(params=["path", "abstract"])
def manager(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Manager]:
    if request.param == "path":
        shown = address = str(tmp_path / "notify")
    else:
        name = f"neckguard-test-{os.getpid()}"
        shown, address = f"@{name}", f"\0{name}"
    monkeypatch.setenv("NOTIFY_SOCKET", shown)
    listening = Manager(address)
    yield listening
    listening.socket.close()


def test_each_turn_of_its_life_is_one_datagram(manager: Manager) -> None:
    journal.ready("Next: posture in 20 min")
    journal.ready()
    journal.status("Paused until 15:30")
    journal.watchdog()
    journal.stopping()
    assert manager.heard() == [
        "READY=1\nSTATUS=Next: posture in 20 min",
        "READY=1",
        "STATUS=Paused until 15:30",
        "WATCHDOG=1",
        "STOPPING=1",
    ]


def test_a_reload_carries_the_monotonic_time(manager: Manager) -> None:
    before = time.monotonic_ns() // 1000
    journal.reloading()
    first, second = manager.heard()[0].split("\n")
    assert first == "RELOADING=1"
    assert before <= int(second.removeprefix("MONOTONIC_USEC=")) <= time.monotonic_ns() // 1000


def test_a_status_cannot_smuggle_in_a_second_assignment(manager: Manager) -> None:
    journal.status("Tea\nMAINPID=1\r\n\udcff")
    journal.status(" \n")
    assert manager.heard() == ["STATUS=Tea MAINPID=1 \ufffd"]


@pytest.fixture
def spoken_to(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses to which something is sent; nobody may be there."""
    addresses: list[str] = []

    class Socket(socket.socket):
        def sendto(self, data: bytes, flags: int, address: str) -> int:  # type: ignore[override]
            addresses.append(address)
            return super().sendto(data, flags, address)

    monkeypatch.setattr(socket, "socket", Socket)
    return addresses


@pytest.mark.parametrize("address", [None, "", "relative", "vsock:2:1"])
def test_without_a_manager_nothing_is_sent(
    address: str | None, spoken_to: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if address is None:
        monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    else:
        monkeypatch.setenv("NOTIFY_SOCKET", address)
    journal.ready("well")
    assert spoken_to == []


@pytest.mark.parametrize(
    ("shown", "address"),
    [("/nowhere/at/all", "/nowhere/at/all"), ("@nobody", "\0nobody"), ("/" + "x" * 200, "/" + "x" * 200)],
)
def test_a_manager_that_is_not_there_is_no_trouble(
    shown: str, address: str, spoken_to: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", shown)
    journal.ready("well")
    assert spoken_to == [address]


def test_a_manager_may_vanish_and_return(manager: Manager) -> None:
    address = manager.socket.getsockname()
    manager.socket.close()
    journal.watchdog()
    if isinstance(address, str):
        os.unlink(address)
    returned = Manager(os.fsdecode(address))
    journal.stopping()
    assert returned.heard() == ["STOPPING=1"]
    returned.socket.close()


def test_a_manager_that_does_not_listen_never_blocks_the_daemon(manager: Manager) -> None:
    began = time.monotonic()
    for _ in range(5000):
        journal.watchdog()
    assert time.monotonic() - began < patient(5)
    assert set(manager.heard()) == {"WATCHDOG=1"}


@pytest.mark.parametrize(
    ("usec", "pid", "interval"),
    [
        ("600000000", None, 300.0),
        ("600000000", "me", 300.0),
        ("600000000", "1", None),
        ("600000000", "nonsense", None),
        ("0", None, None),
        ("-5", None, None),
        ("nonsense", None, None),
        ("", None, None),
        (None, "me", None),
    ],
)
def test_the_watchdog_is_fed_at_half_of_its_patience(
    usec: str | None, pid: str | None, interval: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("WATCHDOG_USEC", usec), ("WATCHDOG_PID", str(os.getpid()) if pid == "me" else pid)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert journal.watchdog_interval() == interval
