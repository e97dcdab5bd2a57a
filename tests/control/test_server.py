"""The control server with clients of every sort. What matters each time: the next good client is served."""

import asyncio
import errno
import json
import os
import re
import resource
import shutil
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from support.fake_daemon import FakeDaemon, fake_daemon
from support.helpers import give_up, wait_until

from neckguard.control.door import Door
from neckguard.control.protocol import Request
from neckguard.control.server import MAX_CLIENTS, MAX_FOLLOWERS, ControlServer
from neckguard.core import Reply


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with fake_daemon(patience=0.5) as running:
        yield running
        assert ask(running, command="resume")["ok"], "the daemon must still serve others after this test"


def connect(daemon: FakeDaemon) -> socket.socket:
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(5)
    link.connect(str(daemon.path))
    return link


def answers(link: socket.socket) -> list[dict[str, Any]]:
    """All it gets until the server hangs up."""
    got = b""
    try:
        while chunk := link.recv(65536):
            got += chunk
    except ConnectionResetError:
        pass
    return [json.loads(line) for line in got.splitlines()]


def next_reply(link: socket.socket) -> dict[str, Any]:
    with link.makefile("rb", buffering=0) as lines:
        reply: dict[str, Any] = json.loads(lines.readline())
        return reply


def next_state(link: socket.socket) -> str:
    return str(next_reply(link)["data"]["state"])


def ask_raw(daemon: FakeDaemon, message: bytes) -> dict[str, Any]:
    with connect(daemon) as link:
        with suppress(BrokenPipeError):  # refused before it was heard
            link.sendall(message)
        return next_reply(link)


def ask(daemon: FakeDaemon, **fields: Any) -> dict[str, Any]:
    return ask_raw(daemon, json.dumps({"v": 1, **fields}).encode() + b"\n")


FOLLOW = b'{"v": 1, "command": "follow"}\n'
RESUME = b'{"v": 1, "command": "resume"}\n'


def test_a_command_reaches_the_daemon_and_its_reply_the_client(daemon: FakeDaemon) -> None:
    daemon.replies["pause"] = Reply(ok=True, message="Paused until 15:30.", data={"until": "x"})
    assert ask(daemon, command="pause", duration=1800) == {
        "v": 1,
        "ok": True,
        "message": "Paused until 15:30.",
        "data": {"until": "x"},
    }
    assert daemon.requests == [Request("pause", {"duration": 1800.0})]


def test_one_client_may_ask_several_things(daemon: FakeDaemon) -> None:
    with connect(daemon) as link:
        link.sendall(RESUME + b"nonsense\n" + RESUME)
        link.shutdown(socket.SHUT_WR)
        assert [reply["ok"] for reply in answers(link)] == [True, False, True]


def test_only_the_owner_can_open_the_socket(daemon: FakeDaemon) -> None:
    assert stat.S_IMODE(daemon.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(daemon.path.parent.stat().st_mode) == 0o700


def test_another_user_is_refused_even_if_the_files_let_him(daemon: FakeDaemon) -> None:
    if os.getuid() != 0:
        give_up("needs root, to become somebody else")
    for path, mode in ((daemon.base, 0o755), (daemon.path.parent, 0o755), (daemon.path, 0o666)):
        path.chmod(mode)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgid(65534)
            os.setuid(65534)
            os.write(writing, json.dumps(ask_raw(daemon, RESUME)).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as told:
        assert json.load(told)["error"] == "This neckguard belongs to another user."
    assert daemon.requests == []


def test_half_a_line_is_waited_for_only_so_long(daemon: FakeDaemon) -> None:
    with connect(daemon) as link:
        link.sendall(RESUME[:10])
        assert answers(link) == []
    with connect(daemon) as link:
        assert answers(link) == []
    assert daemon.requests == []


def test_half_a_line_and_gone_is_no_request(daemon: FakeDaemon) -> None:
    with connect(daemon) as link:
        link.sendall(RESUME[:-1])
        link.shutdown(socket.SHUT_WR)
        assert answers(link) == []
    assert daemon.requests == []


def test_a_huge_line_is_cut_off(daemon: FakeDaemon) -> None:
    with connect(daemon) as link:
        try:
            link.sendall(b"x" * 1_000_000)
        except OSError as error:
            assert error.errno in (errno.EPIPE, errno.ECONNRESET)  # noqa: PT017 - both are right, as is none
        assert [reply["error"] for reply in answers(link)] == ["A message has at most 65536 bytes."]


@pytest.mark.parametrize(
    "garbage",
    [
        bytes(range(256)) + b"\n",
        b"\xc3\x28\n",
        b"\x00" * 1000 + b"\n",
        b"[" * 65_000 + b"\n",
        b'{"a":' * 13_000 + b"\n",
    ],
    ids=["binary", "invalid UTF-8", "zeros", "deep list", "deep object"],
)
def test_garbage_gets_an_error_and_no_more(daemon: FakeDaemon, garbage: bytes) -> None:
    assert ask_raw(daemon, garbage)["code"] == 2


def test_a_hundred_thousand_brackets_are_too_long_already(daemon: FakeDaemon) -> None:
    assert ask_raw(daemon, b"[" * 100_000 + b"\n")["error"] == "A message has at most 65536 bytes."


def test_a_client_that_leaves_before_the_reply_is_obeyed_all_the_same(daemon: FakeDaemon) -> None:
    left = asyncio.Event()
    daemon.before_reply = left.wait
    with connect(daemon) as link:
        link.sendall(RESUME)
        wait_until(lambda: daemon.requests)
    daemon.before_reply = None
    daemon.loop.call_soon_threadsafe(left.set)
    assert daemon.requests == [Request("resume", {})]


def test_a_client_that_asks_and_asks_and_never_reads_is_dropped(daemon: FakeDaemon) -> None:
    with connect(daemon) as link:
        link.settimeout(0.1)
        with pytest.raises(OSError, match=r"timed out|Broken pipe|reset"):  # noqa: PT012 - some time or other
            while True:
                link.sendall(b'{"v": 1, "command": "status"}\n' * 1000)
        wait_until(lambda: not daemon.server._conversations)


def test_a_client_that_comes_as_the_daemon_ends_is_not_left_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    welcome = ControlServer._welcome

    def welcome_at_the_end(server: ControlServer, client: socket.socket) -> None:
        welcome(server, client)
        for conversation in server._conversations:
            conversation.cancel()  # before it began

    monkeypatch.setattr(ControlServer, "_welcome", welcome_at_the_end)
    with fake_daemon() as daemon, connect(daemon) as link:
        assert answers(link) == []


@pytest.mark.parametrize("number", [MAX_CLIENTS + 1, 4 * MAX_CLIENTS])
def test_however_many_ask_at_once_each_is_answered(daemon: FakeDaemon, number: int) -> None:
    """Nobody is turned away, and nobody's place is taken by who came later, however slow the answers are."""
    together, most = 0, 0

    async def take_time() -> None:
        nonlocal together, most
        together += 1
        most = max(most, together)
        await asyncio.sleep(0.3)  # longer than anybody may be silent
        together -= 1

    daemon.before_reply = take_time
    links = [connect(daemon) for _ in range(number)]
    for link in links:
        link.sendall(RESUME)
    assert [next_reply(link)["ok"] for link in links] == [True] * number
    assert most == MAX_CLIENTS
    daemon.before_reply = None
    for link in links:
        link.close()


def test_those_who_say_nothing_make_room_the_longest_silent_first(daemon: FakeDaemon) -> None:
    daemon.server._patience = 60.0
    followers = [connect(daemon) for _ in range(2)]
    for link in followers:
        link.sendall(FOLLOW)
        assert next_state(link) == "running"
    silent = [connect(daemon) for _ in range(MAX_CLIENTS - len(followers))]
    wait_until(lambda: len(daemon.server._awaited) == len(silent))
    silent[0].sendall(RESUME)
    assert next_reply(silent[0])["ok"]  # it spoke last
    for victim in silent[1:3]:
        assert ask(daemon, command="pause")["ok"]
        assert answers(victim) == []
        wait_until(lambda: len(daemon.server._conversations) == MAX_CLIENTS - 1)
        silent.append(connect(daemon))
        wait_until(lambda: len(daemon.server._conversations) == MAX_CLIENTS)
    daemon.change(state="paused")
    assert [next_state(link) for link in followers] == ["paused", "paused"]
    for link in (*silent[:1], *silent[3:]):
        link.setblocking(False)
        with pytest.raises(BlockingIOError):  # still connected, and told nothing
            link.recv(1)
    for link in (*silent, *followers):
        link.close()


def test_who_does_not_read_its_answer_makes_room_too(daemon: FakeDaemon) -> None:
    daemon.server._patience = 60.0
    daemon.replies["status"] = Reply(ok=True, data={"ballast": "x" * 2**20})
    deaf = [connect(daemon) for _ in range(MAX_CLIENTS)]
    for link in deaf:
        link.sendall(b'{"v": 1, "command": "status"}\n')
    assert ask(daemon, command="pause")["ok"]
    for link in deaf:
        link.close()


@contextmanager
def no_descriptors_left() -> Iterator[None]:
    """Nothing can be opened in this process; what is open stays so."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_without_descriptors_it_is_tried_ever_more_seldom_and_said_once(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The kernel calls the listener readable all the while: who just tries again does nothing else."""
    waits: list[float] = []
    shut = Door._shut

    def shut_for_less(door: Door, listener: socket.socket, seconds: float) -> None:
        waits.append(seconds)
        shut(door, listener, seconds / 20)

    monkeypatch.setattr(Door, "_shut", shut_for_less)
    for _ in range(2):
        waits.clear()
        caplog.clear()
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(5)
            with no_descriptors_left():
                link.connect(str(daemon.path))
                link.sendall(RESUME)
                wait_until(lambda: len(waits) == 6)
                assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0]
                assert daemon.server.problem == "cannot let in who asks: Too many open files."
            assert next_reply(link)["ok"]
        assert daemon.server.problem == ""
        assert caplog.messages == ["cannot let in who asks: Too many open files. Trying again."]


def test_a_failing_handler_is_an_error_for_its_client_only(daemon: FakeDaemon) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    daemon.before_reply = fail
    assert ask(daemon, command="start")["code"] == 1
    daemon.before_reply = None


def test_followers_hear_every_change_once(daemon: FakeDaemon) -> None:
    with connect(daemon) as link:
        link.sendall(FOLLOW)
        assert next_state(link) == "running"
        daemon.change()
        daemon.change(state="paused")
        assert next_state(link) == "paused"
        daemon.change(state="running")
        assert next_state(link) == "running"
    wait_until(lambda: not daemon.server._followers)


def test_a_follower_may_be_silent_for_longer_than_a_request_may_take(daemon: FakeDaemon) -> None:
    with connect(daemon) as link, connect(daemon) as idle:
        link.sendall(FOLLOW)
        assert next_state(link) == "running"
        assert answers(idle) == []  # its patience is over by now
        daemon.change(state="away")
        assert next_state(link) == "away"


def test_a_follower_that_never_reads_is_dropped_and_blocks_nobody(daemon: FakeDaemon) -> None:
    with connect(daemon) as link:
        link.sendall(FOLLOW)
        wait_until(lambda: daemon.server._followers)
        for number in range(200):
            daemon.change(flare="x" * 10_000 + str(number))
        wait_until(lambda: not daemon.server._followers)


def test_followers_leave_room_for_commands(daemon: FakeDaemon) -> None:
    followers = [connect(daemon) for _ in range(MAX_FOLLOWERS)]
    for link in followers:
        link.sendall(FOLLOW)
    wait_until(lambda: len(daemon.server._followers) == MAX_FOLLOWERS)
    assert not ask(daemon, command="follow")["ok"]
    assert ask(daemon, command="pause")["ok"]
    for link in followers:
        link.close()


def test_a_stale_socket_is_replaced_and_ours_taken_away_at_the_end() -> None:
    with fake_daemon() as daemon:
        daemon.run(daemon.server.close())
        assert not daemon.path.exists()
        with socket.socket(socket.AF_UNIX) as stale:
            stale.bind(str(daemon.path))
        daemon.listen()
        assert ask(daemon, command="resume")["ok"]


@pytest.mark.parametrize("loss", ["socket", "directory", "replaced"])
def test_what_was_deleted_is_made_again_and_followers_stay(daemon: FakeDaemon, loss: str) -> None:
    with connect(daemon) as follower:
        follower.sendall(FOLLOW)
        assert next_state(follower) == "running"
        if loss == "directory":
            shutil.rmtree(daemon.path.parent)
        else:
            daemon.path.unlink()
        if loss == "replaced":
            daemon.path.write_text("something else")
        daemon.listen()
        assert ask(daemon, command="resume")["ok"]
        assert stat.S_IMODE(daemon.path.stat().st_mode) == 0o600
        daemon.change(state="paused")
        assert next_state(follower) == "paused"


def test_ensuring_what_is_there_changes_nothing(daemon: FakeDaemon) -> None:
    before = daemon.path.stat().st_ino
    daemon.listen()
    assert daemon.path.stat().st_ino == before


def test_a_socket_that_cannot_be_made_is_a_problem_until_it_can(daemon: FakeDaemon) -> None:
    daemon.path.unlink()
    daemon.path.mkdir()
    daemon.listen()
    daemon.listen()
    assert "cannot make the socket" in daemon.server.problem
    daemon.path.rmdir()
    daemon.listen()
    assert daemon.server.problem == ""


def test_a_path_too_long_for_a_socket_is_said() -> None:
    with fake_daemon() as daemon:
        daemon.path.unlink()
        daemon.server._door._path = f"{daemon.base}/{'long' * 40}/control.sock"
        daemon.listen()
        assert re.fullmatch(r"cannot make the socket .*: AF_UNIX path too long\.", daemon.server.problem)
