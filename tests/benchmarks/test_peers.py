"""What other programs take is measured whole: all their processes, threads and children."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from benchmarks import peers
from benchmarks.peers import Life, Look, Peer, as_rows, measure_peers, spend, version
from benchmarks.processes import Usage, family, memory_of_all, usage, usage_of_all
from benchmarks.tray import tray
from jeepney import DBusAddress, Message, new_method_call, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.low_level import HeaderFields
from jeepney.wrappers import unwrap_msg
from support.helpers import need, patient, wait_until
from support.notification_helpers import PrivateBus

GONE = 2**22  # a number that no process has: the kernel's limit
WATCHER = DBusAddress(
    "/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher", "org.kde.StatusNotifierWatcher"
)


@contextmanager
def python(code: str) -> Iterator[subprocess.Popen[str]]:
    """An interpreter that has started, goes through the code at the first line it is told, and then waits."""
    told = f"import sys\nprint('here', flush=True)\ninput()\n{code}\nprint('done', flush=True)\ninput()"
    command, pipe = [sys.executable, "-c", told], subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe) as process:
        assert process.stdout
        assert process.stdout.readline() == "here\n"
        yield process
        process.kill()


def go_through(process: subprocess.Popen[str]) -> None:
    """Let it do what it is for."""
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.stdout.readline() == "done\n"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for programs that are found before all others."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return tmp_path


def write_program(file: Path, text: str) -> None:
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


# ---- processes ---------------------------------------------------------------------------------------------


def test_a_family_is_all_that_comes_from_a_process() -> None:
    with subprocess.Popen(["sh", "-c", "sh -c 'sleep 60 & sleep 60 & wait' & sleep 60 & wait"]) as process:
        wait_until(lambda: len(family(process.pid)) == 5)
        found = family(process.pid)
        assert found[0] == process.pid
        assert os.getpid() not in found
        for pid in found:
            os.kill(pid, signal.SIGKILL)


NAPS = """
import threading, time
def nap():
    for _ in range(60):
        time.sleep(0.001)
    rested.set()
    time.sleep(60)
rested = threading.Event()
threading.Thread(target=nap, daemon=True).start()
rested.wait()
"""


def test_the_sleeps_of_all_threads_count() -> None:
    with python(NAPS) as process:
        before = usage(process.pid)
        go_through(process)
        assert 60 <= usage(process.pid).since(before).wakeups < 120


def test_what_a_thread_did_that_has_ended_takes_nothing_away() -> None:
    early, late = Usage(0.0, 0.0, {1: 5, 2: 100}), Usage(0.0, 0.0, {1: 8, 3: 4})
    assert late.since(early).wakeups == 3 + 4


def test_the_time_of_children_that_have_ended_counts() -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    with python(f"import subprocess\nsubprocess.run([sys.executable, '-c', {burn!r}])") as process:
        before = usage(process.pid)
        go_through(process)
        taken = usage(process.pid).since(before)
    assert 0.25 < taken.children < 0.6
    assert 0.0 < taken.cpu < 0.2


def test_several_processes_add_up_whoever_has_ended() -> None:
    with python("") as one, python("much = bytes(range(256)) * 120_000") as other:
        go_through(other)
        both = usage_of_all([one.pid, GONE, other.pid])
        parts = [usage(pid) for pid in (one.pid, other.pid)]
        assert both.cpu == pytest.approx(sum(part.cpu for part in parts), rel=0.01)
        assert both.sleeps == parts[0].sleeps | parts[1].sleeps
        small, large = memory_of_all([one.pid]), memory_of_all([other.pid])
        assert 29_000 < large[0] - small[0] < 33_000
        assert memory_of_all([one.pid, GONE, other.pid])[0] == small[0] + large[0]
        assert 0 < small[1] < small[0]  # they share the interpreter


# ---- the tray ----------------------------------------------------------------------------------------------


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[PrivateBus]:
    private = PrivateBus(tmp_path / "bus")
    private.start()
    yield private
    private.end()


class Shown:
    """A program that comes into the tray as soon as there is one, in a thread of its own."""

    def __init__(self, bus: PrivateBus, path: str, *, tells_path: bool) -> None:
        self.asked: list[str] = []
        self.watcher_has: dict[str, object] = {}
        self.path = path
        self._connection = bus.connect()
        self._told = path if tells_path else self._connection.unique_name
        self.thread = threading.Thread(target=self._live, daemon=True)
        self.thread.start()

    def _live(self) -> None:
        wait_until(lambda: self._ask(message_bus.NameHasOwner(WATCHER.bus_name)) == (True,))
        properties = WATCHER.with_interface("org.freedesktop.DBus.Properties")
        for name in ("ProtocolVersion", "IsStatusNotifierHostRegistered"):
            (self.watcher_has[name],) = self._ask(new_method_call(properties, "Get", "ss", ("", name)))
        assert self._ask(new_method_call(properties, "GetAll", "s", ("",))) == (self.watcher_has,)
        self._ask(new_method_call(WATCHER, "RegisterStatusNotifierItem", "s", (self._told,)))
        look = {"Menu": ("o", "/menu")}
        answers = {"GetAll": ("a{sv}", (look,)), "AboutToShow": ("b", (False,)), "GetLayout": ("u", (1,))}
        while len(self.asked) < len(answers):
            question = self._connection.receive(timeout=patient(20))
            fields = question.header.fields
            if (member := fields[HeaderFields.member]) in answers:  # the bus tells of names, too
                self.asked.append(f"{fields[HeaderFields.path]} {member}")
                self._connection.send(new_method_return(question, *answers[member]))
        self._connection.close()

    def _ask(self, question: Message) -> Any:
        return unwrap_msg(self._connection.send_and_get_reply(question, timeout=patient(20)))


@pytest.mark.parametrize(("path", "tells_path"), [("/StatusNotifierItem", False), ("/org/own/item", True)])
def test_a_tray_takes_who_tells_their_name_and_who_tells_a_path(
    bus: PrivateBus, path: str, tells_path: bool
) -> None:
    program = Shown(bus, path, tells_path=tells_path)
    with tray(bus.address):
        program.thread.join(patient(20))
    assert program.asked == [f"{path} GetAll", "/menu AboutToShow", "/menu GetLayout"]
    assert program.watcher_has == {
        "ProtocolVersion": ("i", 0),
        "IsStatusNotifierHostRegistered": ("b", True),
    }


def test_a_tray_does_not_wait_for_ever(bus: PrivateBus) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError), tray(bus.address, 0.1):
        pass
    assert time.monotonic() - began < patient(10)


# ---- side by side ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("short")
def test_programs_are_watched_side_by_side(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    need("dbus-daemon", "Xvfb", "xdotool")
    napping = 'while read line; do sleep 0.1; done < "$XDG_CONFIG_HOME/lines"'
    write_program(programs / "napper", f"sleep 60 & echo $! > {programs}/child; {napping}")
    write_program(programs / "dpkg-query", "printf 4:0.12.15-1")
    known = (Peer("Napper", "napper", ((".config/lines", "nap\n" * 600),)), Peer("Nobody", "no-such-program"))
    measure_peers(0.02, known, markdown=True)
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == [
        "Nobody is not measured: the package no-such-program is not installed",
        "Napper shows nothing in the tray",
        "|  | neckguard | Napper 0.12.15 |",
    ]
    figures = {row[0]: [float(cell.split()[0]) for cell in row[1:]] for row in map(cells, said[4:])}
    ours, theirs = figures["memory"]
    assert ours > 15
    assert 1 < theirs < 15  # a shell's, and a sleep's that is its child
    assert 300 < figures["wake-ups a minute, hands off"][1] < 2000
    child = int((programs / "child").read_text())
    wait_until(lambda: not is_running(child))


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "FIRST_MINUTE", 0.2)
    monkeypatch.setattr(peers, "COMES_UP_WITHIN", 0.3)


def is_running(pid: int) -> bool:
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_text())  # empty: it waits for its end to be noticed
    except FileNotFoundError:
        return False


def cells(row: str) -> list[str]:
    return row.strip("| ").split(" | ")


@pytest.mark.usefixtures("short")
def test_a_program_that_ended_is_not_measured() -> None:
    with subprocess.Popen(["sh", "-c", "exit 3"]) as process:
        process.wait()
    with pytest.raises(SystemExit, match="Gone ended by itself, with 3"):
        spend([Life("Gone", {}, process)], 0.001)


def test_a_version_is_told_without_what_debian_adds(programs: Path) -> None:
    write_program(programs / "dpkg-query", 'case "$3" in tea) printf 4:0.12.15-1+b2;; *) exit 1;; esac')
    assert version("tea") == "0.12.15"
    assert version("coffee") == ""


def test_the_table_has_a_row_for_each_figure() -> None:
    looks = [
        Look("a", 22528, 14336, (1.0, 2.04), (3.0, 0.26)),
        Look("b 2", 102400, 51200, (250.0, 9.0), (80.0, 5.0)),
    ]
    assert as_rows(looks) == [
        ["", "a", "b 2"],
        ["memory", "22.0 MB", "100.0 MB"],
        ["memory, what is shared divided", "14.0 MB", "50.0 MB"],
        ["wake-ups a minute, hands off", "1.0", "250.0"],
        ["… while typing", "2.0", "9.0"],
        ["CPU a minute, hands off", "3.0 ms", "80.0 ms"],
        ["… while typing", "0.3 ms", "5.0 ms"],
    ]
