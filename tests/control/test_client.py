"""What the client makes of daemons that are there, are not, or are not themselves."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.fake_daemon import FakeDaemon, fake_daemon, short_directory

from neckguard.control import client
from neckguard.control.client import NotRunning, Refused, ask, follow
from neckguard.control.protocol import Request
from neckguard.core import Reply
from neckguard.errors import NeckguardError


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A runtime directory with nothing in it."""
    with short_directory() as directory:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(directory))
        (directory / "neckguard").mkdir(mode=0o700)
        yield directory


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDaemon]:
    with fake_daemon() as running:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(running.base))
        yield running


@contextmanager
def impostor(base: Path, *, says: bytes | None) -> Iterator[None]:
    """Something at the socket that answers one client with these bytes, or (None) never."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(base / "neckguard" / "control.sock"))
        listener.listen()

        def serve() -> None:
            link, _ = listener.accept()
            with link:
                link.recv(65536)
                link.sendall(says or b"")

        thread = threading.Thread(target=serve)
        if says is not None:
            thread.start()
        yield
        if says is not None:
            thread.join()


def test_a_question_gets_its_answer_and_none_is_not_sent(daemon: FakeDaemon) -> None:
    daemon.replies["pause"] = Reply(ok=True, message="Paused.", data={"until": None})
    assert ask("pause", duration=60, reason=None) == {"message": "Paused.", "data": {"until": None}}
    assert daemon.requests == [Request("pause", {"duration": 60.0})]


def test_a_refusal_carries_the_reason_and_the_exit_code(daemon: FakeDaemon) -> None:
    daemon.replies["now"] = Reply(ok=False, message="Paused until 15:30.", code=1)
    with pytest.raises(Refused, match=r"Paused until 15:30\.") as refused:
        ask("now", reminder="posture")
    assert refused.value.exit_code == 1


@pytest.mark.parametrize("what", ["nothing", "stale socket", "no directory"])
def test_no_daemon_is_said_with_how_to_start_it(base: Path, what: str) -> None:
    directory = base / "neckguard"
    if what == "stale socket":
        with socket.socket(socket.AF_UNIX) as stale:
            stale.bind(str(directory / "control.sock"))
    elif what == "no directory":
        directory.rmdir()
    with pytest.raises(NotRunning, match=r"neckguard service install.*neckguard run") as error:
        ask("status")
    assert error.value.exit_code == 3


def test_a_directory_that_is_none_tells_of_no_daemon_and_does_not_deny_one(base: Path) -> None:
    directory = base / "neckguard"
    directory.rmdir()
    directory.touch()
    with pytest.raises(NeckguardError) as error:
        ask("status")
    assert str(error.value) == f"cannot reach neckguard at {directory}/control.sock: Not a directory."
    assert error.value.exit_code == 1


def test_who_is_turned_away_at_the_door_is_told_why(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon.server, "_allowed", ())
    for _ in range(20):  # the refusal may come before the request is sent
        with pytest.raises(Refused, match="belongs to another user"):
            ask("status")


@pytest.mark.parametrize("owner", ["us", "root"])
def test_ours_and_roots_daemons_are_trusted(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch, owner: str
) -> None:
    us = os.getuid() + 1  # somebody who is not root
    monkeypatch.setattr(os, "getuid", lambda: us)
    monkeypatch.setattr(client, "peer", lambda _: (1, us if owner == "us" else 0))
    assert ask("resume")["message"] == "resume: yes."


def test_another_users_program_at_the_socket_is_told_nothing(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as foreign:
        foreign.setattr(client, "peer", lambda _: (1, os.getuid() + 1))
        with pytest.raises(NeckguardError) as refused:
            ask("resume")
    expected = f"{daemon.path} belongs to another user's program; remove it and start neckguard again."
    assert (str(refused.value), refused.value.exit_code) == (expected, 1)
    ask("start")
    assert daemon.requests == [Request("start", {})]


def test_a_daemon_that_hangs_is_named(base: Path) -> None:
    (base / "neckguard" / "flock").write_text(f"{os.getpid()}\n")
    with impostor(base, says=None), pytest.raises(NeckguardError) as error:
        ask("status", timeout=0.2)
    assert str(error.value).startswith("neckguard does not answer (pid ")
    assert error.value.exit_code == 1


@pytest.mark.parametrize(
    "says", [b"hello\n", b"[]\n", b"{}\n", b'{"ok": true}\n', b'{"ok": false}\n', b"\xff\n"]
)
def test_an_answer_in_another_language_is_said(base: Path, says: bytes) -> None:
    with impostor(base, says=says), pytest.raises(NeckguardError, match="does not know"):
        ask("status")


@pytest.mark.parametrize("says", [b"", b'{"v": 1, "ok": tr'])
def test_a_daemon_that_ends_midway_is_said(base: Path, says: bytes) -> None:
    with impostor(base, says=says), pytest.raises(NeckguardError, match="stopped before it answered"):
        ask("status")


def test_a_daemon_that_lost_its_socket_is_not_denied(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon.path.unlink()
    monkeypatch.setattr(client, "_daemon_pid", lambda: 77)
    with pytest.raises(NeckguardError, match=r"neckguard runs \(pid 77\) but does not listen"):
        ask("status")


def test_a_pid_left_over_by_another_program_is_no_daemon(base: Path) -> None:
    for left in (b"1\n", b"999999999\n", b"\xff", b""):
        (base / "neckguard" / "flock").write_bytes(left)
        with pytest.raises(NotRunning):
            ask("status")


def test_a_follower_outlives_the_daemon(base: Path) -> None:
    reading, writing = os.pipe()
    news = follow(writing)

    def state() -> str:
        status = next(news)
        assert status is not None
        return str(status["state"])

    states = [state()]
    for _ in range(2):
        daemon = FakeDaemon(base)
        daemon.start()
        states.append(state())
        daemon.change(state="paused")
        states.append(state())
        daemon.stop()
        states.append(state())
    assert states == ["stopped", "running", "paused", "stopped", "running", "paused", "stopped"]
    os.close(reading)
    assert list(news) == []
    os.close(writing)


def test_a_follower_hears_of_time_passing_if_it_asked(daemon: FakeDaemon) -> None:
    reading, writing = os.pipe()
    news = follow(writing, tick=0.02)
    assert next(news) == json.loads(json.dumps(daemon.status))
    assert [next(news), next(news)] == [None, None]
    os.close(reading)
    os.close(writing)
