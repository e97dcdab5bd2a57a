"""The history on disks that fail: the daemon goes on, says so, and loses nothing it could keep."""

import asyncio
import errno
import logging
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from support.helpers import own_disk, patient
from support.history_helpers import Clock, crash, history, in_file, outcome, settled_in, spans_in

from neckguard import process
from neckguard.storage.history.writer import HistoryWriter

PRESENT = {("present", ""): 900.0}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "history.db"


@pytest.fixture
def clock() -> Clock:
    return Clock()


def waits(path: Path, reason: str, count: int) -> str:
    """What is said while nothing can be written."""
    return f"{path} cannot be written: {reason}. {count} changes wait to be written."


# ---- others at work ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statements",
    [
        ["BEGIN IMMEDIATE"],
        ["PRAGMA locking_mode = EXCLUSIVE", "INSERT INTO entries VALUES (NULL, 1, 0, '', 0, '', '')"],
    ],
)
def test_a_locked_file_is_written_later_and_nobody_waits_for_it(
    path: Path, clock: Clock, statements: list[str]
) -> None:
    history(path).settled(outcome(1000))
    crash()
    writer = history(path, clock=clock)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for statement in statements:
            other.execute(statement)
        began = time.monotonic()
        writer.settled(outcome(2000))
        writer.settled(outcome(3000))
        took = time.monotonic() - began
        assert writer.problem == waits(path, "another program keeps it locked", 2)
    assert took < patient(1.0)  # some twenty milliseconds, where there is nothing else to do
    clock.now += 1.0
    writer.spans_are(3000, 0, PRESENT)
    assert (settled_in(path), writer.problem) == ([1000, 2000, 3000], "")


def test_attempts_grow_rare_and_a_failure_is_logged_once(
    path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    writer = history(path, clock=clock)

    def tried(seconds: int) -> list[int]:
        """In which of so many seconds it tries while another program has the file."""
        found = []
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for second in range(seconds):
                before = writer._retry_at
                writer.settled(outcome(second))
                found += [second] if writer._retry_at != before else []
                clock.now += 1.0
        return found

    writer.settled(outcome(0))
    assert tried(200) == [0, 1, 3, 7, 15, 31, 63, 123, 183]
    clock.now += 60.0
    writer.spans_are(1200, 0, {})
    assert len(settled_in(path)) == 201
    assert tried(4) == [0, 1, 3]
    reason = f"{path} cannot be written: another program keeps it locked."
    waiting, again = f"{reason} What happens meanwhile waits until it can be.", f"{path} is written again."
    assert caplog.messages == [waiting, again, waiting]


def test_what_fails_halfway_is_written_once(path: Path, clock: Clock) -> None:
    writer = history(path, clock=clock)
    writer.settled(outcome(0))
    writer._retry_at += 1.0
    for number in range(1, 500):
        writer.settled(outcome(number))
    assert writer._file
    assert writer._file._connection
    writer._file._connection.execute("PRAGMA max_page_count = 16")
    clock.now += 1.0
    writer.settled(outcome(500))
    assert (settled_in(path), writer.problem) == ([0], waits(path, "the disk is full", 500))
    clock.now += 1.0
    writer.settled(outcome(501))
    assert settled_in(path) == [float(number) for number in range(502)]


def test_what_waits_is_bounded_and_what_had_no_room_is_counted(path: Path, clock: Clock) -> None:
    path.mkdir(parents=True)  # in the way
    writer = history(path, clock=clock)
    for number in range(5003):
        writer.settled(outcome(number))
    assert writer.problem == f"{waits(path, 'Is a directory', 5000)} 3 changes were lost."
    path.rmdir()
    clock.now += 3600
    writer.settled(outcome(5003))
    assert settled_in(path) == [float(number) for number in range(4, 5004)]
    assert writer.problem == "4 changes were lost."


def test_an_end_on_a_failing_disk_says_what_is_lost(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.mkdir(parents=True)
    writer = history(path)
    writer.settled(outcome(1000))
    writer.close()
    assert (
        caplog.messages[-1] == f"{path} cannot be written: Is a directory. 1 changes of the history are lost."
    )


# ---- files that are not what they were ---------------------------------------------------------------------


def damage_start(path: Path) -> None:
    path.write_bytes(b"x" * 100 + path.read_bytes()[100:])


def damage_pages(path: Path) -> None:
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:4096] + os.urandom(size - 4096))


def cut_to(length: int) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, length)


def fill_with_text(path: Path) -> None:
    path.write_text("Dear diary, " * 1000)


DAMAGES = {
    "start": damage_start,
    "pages": damage_pages,
    "half a page": cut_to(2000),
    "one page": cut_to(4096),
    "some pages": cut_to(9000),
    "text": fill_with_text,
}


def lived(path: Path) -> bytes:
    """A history of some pages, closed; what is in the file."""
    writer = history(path)
    for number in range(300):
        writer.settled(outcome(number))
    writer.close()
    return path.read_bytes()


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(
    path: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    lived(path)
    damage(path)
    damaged = path.read_bytes()
    older = path.with_name("history.db.broken-1")
    older.write_text("an earlier mishap")

    writer = history(path)
    writer.spans_are(1000, 0, PRESENT)
    writer.settled(outcome(2000))
    assert (settled_in(path), spans_in(path)) == ([2000], [("present", 900, None)])
    aside = path.with_name("history.db.broken-2")
    assert (aside.read_bytes(), older.read_text()) == (damaged, "an earlier mishap")
    assert writer.problem.startswith(f"{path} was damaged (")
    assert writer.problem.endswith(f"); it is now {aside}, and a new one was begun.")
    assert caplog.messages == [writer.problem]


def test_a_file_with_other_tables_is_set_aside(path: Path) -> None:
    lived(path)
    in_file(path, "DROP TABLE spans")
    writer = history(path)
    writer.settled(outcome(2000))
    aside = path.with_name("history.db.broken-1")
    assert (settled_in(path), len(settled_in(aside))) == ([2000], 300)
    assert f"no such table: spans); it is now {aside}" in writer.problem


@pytest.mark.parametrize("damage", ["pages", "half a page", "one page", "some pages", "text"])
def test_a_file_damaged_while_it_is_open_is_set_aside_too(path: Path, damage: str) -> None:
    lived(path)
    writer = history(path)
    writer.spans_are(1000, 0, PRESENT)
    in_file(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    DAMAGES[damage](path)
    for number in range(2000, 2200):
        writer.settled(outcome(number))
    writer.close()
    kept = settled_in(path)  # all but what SQLite took before it noticed
    assert kept == [float(number) for number in range(2200 - len(kept), 2200)]
    assert len(kept) > 150
    assert in_file(path, "PRAGMA integrity_check") == [("ok",)]
    assert path.with_name("history.db.broken-1").exists()


def spoil_a_page(path: Path) -> bytes:
    """A page in the middle is of no kind any more; what is added never leads there. What the file is then."""
    in_file(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    page = len(content) // 2 // 4096 * 4096
    content[page] = 0x77
    path.write_bytes(content)
    return bytes(content)


def check(writer: HistoryWriter) -> None:
    asyncio.run(writer.check())


def test_a_page_that_went_bad_is_found_by_the_check_and_the_file_set_aside(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lived(path)
    writer = history(path)
    writer.spans_are(1000, 0, PRESENT)
    spoilt = spoil_a_page(path)
    writer.settled(outcome(2000))
    assert writer.problem == ""  # so it goes unnoticed
    check(writer)
    aside = path.with_name("history.db.broken-1")
    assert aside.read_bytes()[: len(spoilt)] == spoilt
    assert (settled_in(path), spans_in(path)) == ([], [("present", 900, None)])
    writer.settled(outcome(3000))
    assert settled_in(path) == [3000]
    assert re.fullmatch(
        rf"{path} was damaged \(.*[Pp]age.*\); it is now {aside}, and a new one was begun\.", writer.problem
    )
    assert caplog.messages == [writer.problem]


def test_a_file_that_is_no_database_any_more_is_found_by_the_check(path: Path) -> None:
    lived(path)
    writer = history(path)
    writer.spans_are(1000, 0, PRESENT)
    in_file(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    damage_start(path)
    check(writer)
    assert "was damaged (file is not a database)" in writer.problem


def test_a_whole_file_is_left_alone_by_the_check_though_it_is_written_meanwhile(path: Path) -> None:
    lived(path)
    writer = history(path)
    writer.spans_are(1000, 0, PRESENT)

    async def write_meanwhile() -> None:
        checking = asyncio.create_task(writer.check())
        for number in range(300, 600):
            writer.settled(outcome(number))
            await asyncio.sleep(0)
        await checking

    asyncio.run(write_meanwhile())
    assert settled_in(path) == [float(number) for number in range(600)]
    assert (writer.problem, list(path.parent.glob("*broken*"))) == ("", [])


def test_a_file_that_cannot_be_checked_is_no_problem(path: Path) -> None:
    writer = history(path)
    check(writer)  # there is none yet
    assert list(path.parent.parent.iterdir()) == []
    writer.settled(outcome(1000))
    path.rename(path.with_name("mine.db"))
    check(writer)
    assert (writer.problem, list(path.parent.glob("*broken*"))) == ("", [])


def erase_it(writer: HistoryWriter) -> None:
    writer.erase()
    writer.settled(outcome(2000))


def turn_it_off(writer: HistoryWriter) -> None:
    writer.configure(enabled=False, keep=1e12)


@pytest.mark.parametrize("meanwhile", [erase_it, turn_it_off])
def test_what_the_check_found_of_a_file_that_is_no_longer_ours_is_nothing_to_the_next_one(
    path: Path, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[HistoryWriter], None]
) -> None:
    writer = history(path)
    writer.settled(outcome(2000))

    async def found_broken(*_: str, limit: float) -> str:
        meanwhile(writer)
        return "page 3 is broken"

    monkeypatch.setattr(process, "ask", found_broken)
    check(writer)
    assert (settled_in(path), list(path.parent.glob("*broken*"))) == ([2000], [])


def test_a_damaged_file_that_cannot_be_set_aside_is_a_problem(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(path)
    writer = history(path)
    writer.spans_are(1000, 0, PRESENT)
    spoil_a_page(path)

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "rename", refuse)
    check(writer)
    assert writer.problem.startswith(f"{path} is damaged (")
    assert writer.problem.endswith(") and cannot be put aside: Read-only file system.")


def test_a_file_emptied_while_it_is_open_is_noticed_at_once(path: Path) -> None:
    lived(path)
    writer = history(path)
    writer.spans_are(1000, 0, PRESENT)
    os.truncate(path, 0)
    for number in range(2000, 2200):
        writer.settled(outcome(number))
    assert settled_in(path) == [float(number) for number in range(2000, 2200)]
    assert spans_in(path) == [("present", 900, None)]
    assert "was damaged (it was emptied)" in writer.problem


@pytest.mark.parametrize("leftovers", [False, True])
def test_an_emptied_file_begins_anew(path: Path, leftovers: bool) -> None:
    lived(path)
    if leftovers:
        path.with_name("history.db-wal").write_bytes(os.urandom(5000))
    os.truncate(path, 0)
    writer = history(path)
    writer.settled(outcome(2000))
    assert (settled_in(path), writer.problem) == ([2000], "")


@pytest.mark.parametrize("what", ["file", "all files", "directory", "moved", "replaced"])
def test_a_file_that_goes_away_is_made_again_and_told_what_goes_on(path: Path, what: str) -> None:
    writer = history(path)
    writer.settled(outcome(500))
    writer.spans_are(1000, 0, PRESENT)
    if what == "file":
        path.unlink()
    elif what == "all files":
        for each in path.parent.iterdir():
            each.unlink()
    elif what == "directory":
        shutil.rmtree(path.parent)
    elif what == "moved":
        path.rename(path.with_name("mine.db"))
    else:
        path.with_name("new").touch()
        path.with_name("new").rename(path)
    writer.settled(outcome(2000))
    assert (settled_in(path), spans_in(path)) == ([2000], [("present", 900, None)])
    writer.spans_are(3000, 0, {})
    writer.close()
    assert spans_in(path) == [("present", 900, 3000)]
    assert in_file(path, "PRAGMA integrity_check") == [("ok",)]
    assert writer.problem == ""


def test_a_file_of_a_newer_neckguard_is_left_alone(path: Path, clock: Clock) -> None:
    lived(path)
    in_file(path, "PRAGMA user_version = 99")
    before = path.read_bytes()
    writer = history(path, clock=clock)
    for _ in range(3):
        writer.settled(outcome(1000))
        clock.now += 10
    assert writer.problem == (
        f"{path} was written by a newer neckguard. Update neckguard; it is left as it is."
        " 3 changes wait to be written."
    )
    writer.close()
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["history.db"]


@pytest.mark.parametrize("kind", ["directory", "pipe", "link"])
def test_what_is_no_file_is_left_alone_and_does_not_hang(path: Path, kind: str) -> None:
    path.parent.mkdir()
    reason = f"{path} cannot be written: "
    if kind == "directory":
        path.mkdir()
        reason += "Is a directory."
    elif kind == "pipe":
        os.mkfifo(path)
        reason = f"{path} is no file; remove it."
    else:
        path.symlink_to(path.with_name("elsewhere"))
        reason += "Too many levels of symbolic links."
    writer = history(path)
    writer.settled(outcome(1000))
    assert writer.problem == f"{reason} 1 changes wait to be written."
    assert [each.name for each in path.parent.iterdir()] == ["history.db"]


# ---- disks that are full, or only to be read ---------------------------------------------------------------


def test_a_limit_of_the_files_size_is_a_full_disk(path: Path, clock: Clock) -> None:
    """As a full disk looks with a quota; tmpfs below is the other kind."""
    code = (
        "import resource, sys; from pathlib import Path; from support.history_helpers import *\n"
        "clock = Clock()\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, resource.RLIM_INFINITY))\n"
        "writer = history(Path(sys.argv[1]), clock=clock); number = 0\n"
        "while not writer.problem: writer.settled(outcome(number)); number += 1\n"
        "print(number, settled_in(Path(sys.argv[1])) == list(range(number - 1)), writer.problem)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n"
        "clock.now += 9; writer.settled(outcome(number))\n"
        "print(settled_in(Path(sys.argv[1])) == list(range(number + 1)), writer.problem or 'fine')\n"
    )
    first, second = run(code, str(path))
    assert int(first.split()[0]) > 50
    assert first.split(" ", 1)[1].startswith(f"True {path} cannot be written: ")
    assert first.endswith(" 1 changes wait to be written.")
    assert second == "True fine"


FULL = """
import os, sys
from pathlib import Path
from support.history_helpers import *
path, ballast, clock = Path(sys.argv[1]) / "ng" / "history.db", Path(sys.argv[1]) / "ballast", Clock()
writer = history(path, clock=clock)
writer.settled(outcome(1))
def fill():
    with open(ballast, "wb", 0) as file:
        try:
            while True:
                file.write(bytes(512))
        except OSError:
            pass
number = 1
fill()
while not writer.problem:
    number += 1
    writer.settled(outcome(number))
print(writer.problem)
number += 1
writer.settled(outcome(number))
print(settled_in(path) == list(range(1, number - 1)))
ballast.unlink()
clock.now += 9
writer.spans_are(1000, 0, {("present", ""): 900})
print(settled_in(path) == list(range(1, number + 1)), spans_in(path), writer.problem or "fine")
fill()
other = history(Path(sys.argv[1]) / "other" / "history.db", clock=clock)
other.settled(outcome(1))
print(other.problem)
"""

READ_ONLY = """
import subprocess, sys
from pathlib import Path
from support.history_helpers import *
from neckguard.storage.history.reader import open_history, outcomes
path, clock = Path(sys.argv[1]) / "ng" / "history.db", Clock()
writer = history(path, clock=clock)
writer.settled(outcome(1))
writer.close()
def remount(how):
    subprocess.run(["mount", "-o", f"remount,{how}", sys.argv[1]], check=True)
remount("ro")
writer.settled(outcome(2))
print(writer.problem)
connection = open_history(str(path))
print([row[6] for row in outcomes(connection, 0, FOR_EVER)])
connection.close()
remount("rw")
clock.now += 9
writer.settled(outcome(3))
print(settled_in(path), writer.problem or "fine")
"""


def test_a_full_disk_costs_nothing_once_there_is_room_again(tmp_path: Path) -> None:
    place = tmp_path / "disk"
    first, second, third, fourth = in_own_mounts(FULL, place)
    assert first.startswith(f"{place}/ng/history.db cannot be written: ")
    assert first.endswith(" 1 changes wait to be written.")
    assert second == "True"
    assert third == "True [('present', 900.0, None)] fine"
    assert fourth == waits(place / "other" / "history.db", "the disk is full", 1)


def test_a_disk_only_to_be_read_is_said_and_still_read(tmp_path: Path) -> None:
    place = tmp_path / "disk"
    first, second, third = in_own_mounts(READ_ONLY, place)
    assert first == waits(place / "ng" / "history.db", "Read-only file system", 1)
    assert (second, third) == ("[1.0]", "[1.0, 2.0, 3.0] fine")


def test_a_directory_of_somebody_else_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir()
    mine = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    writer = history(path)
    writer.settled(outcome(1000))
    assert writer.problem.startswith(f"{path.parent} is not a directory of yours; remove it and try again.")


def in_own_mounts(code: str, place: Path) -> list[str]:
    """What it prints, run where `place` is a disk of 400 kB that nobody else sees."""
    place.mkdir()
    return run(code, str(place), wrapper=own_disk(place))


def run(code: str, place: str, wrapper: Sequence[str] = ()) -> list[str]:
    """The lines that a program prints which knows our helpers."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [*wrapper, sys.executable, "-c", code, place]
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()
