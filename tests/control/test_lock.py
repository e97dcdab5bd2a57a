"""One daemon at a time."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.helpers import own_disk

from neckguard.control.lock import AlreadyRuns, InstanceLock


def test_a_second_instance_is_refused_and_told_the_first_ones_pid(tmp_path: Path) -> None:
    path = str(tmp_path / "run" / "flock")
    first, second = InstanceLock(path), InstanceLock(path)
    first.acquire()
    with pytest.raises(AlreadyRuns) as refused:
        second.acquire()
    assert (
        str(refused.value)
        == f"neckguard already runs (pid {os.getpid()}). See what it does: neckguard status."
    )
    first.release()
    second.acquire()
    second.release()


def test_the_lock_ends_with_its_holder_however_that_ends(tmp_path: Path) -> None:
    path = str(tmp_path / "flock")
    code = f"from neckguard.control.lock import *; InstanceLock({path!r}).acquire(); l=InstanceLock({path!r})"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            code.replace("; l=", "; import time; l=") + "; print(flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
    )
    assert holder.stdout
    with holder.stdout as said:
        said.readline()
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    lock = InstanceLock(path)
    lock.acquire()
    assert Path(path).read_text() == f"{os.getpid()}\n"
    lock.release()


def test_a_deleted_lock_file_is_locked_again_at_the_next_wake(tmp_path: Path) -> None:
    path = tmp_path / "run" / "flock"
    first = InstanceLock(str(path))
    first.acquire()
    shutil.rmtree(path.parent)
    first.acquire()
    with pytest.raises(AlreadyRuns, match="already runs"):
        InstanceLock(str(path)).acquire()
    first.release()


def test_who_lost_the_lock_to_another_learns_it(tmp_path: Path) -> None:
    path = tmp_path / "flock"
    first, second = InstanceLock(str(path)), InstanceLock(str(path))
    first.acquire()
    path.unlink()
    second.acquire()
    with pytest.raises(AlreadyRuns, match="already runs"):
        first.acquire()
    second.release()


@pytest.mark.parametrize(
    ("obstacle", "why"),
    [
        ("run", "cannot use {base}/run: File exists."),
        ("run/flock/", "cannot lock {base}/run/flock: Is a directory."),
    ],
)
def test_a_lock_that_cannot_be_had_is_said_once_and_had_when_it_can_be(
    obstacle: str, why: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    path = tmp_path / "run" / "flock"
    lock = InstanceLock(str(path))
    lock.acquire()
    shutil.rmtree(path.parent)
    in_the_way = tmp_path / obstacle
    if obstacle.endswith("/"):
        in_the_way.mkdir(parents=True)
    else:
        in_the_way.touch()
    lock.acquire()
    lock.acquire()
    why = why.format(base=tmp_path)
    assert lock.problem == why
    assert caplog.messages == [f"{why} Reminders go on; commands reach neckguard again once that is mended."]
    if obstacle.endswith("/"):
        in_the_way.rmdir()
    else:
        in_the_way.unlink()
    lock.acquire()
    assert (lock.problem, caplog.messages[1:]) == ("", [f"{path} is locked again."])
    with pytest.raises(AlreadyRuns, match=f"pid {os.getpid()}"):
        InstanceLock(str(path)).acquire()
    lock.release()


def test_on_a_full_disk_the_lock_is_held_without_a_name(tmp_path: Path) -> None:
    code = (
        "import sys; from neckguard.control.lock import *\n"
        "first, second = (InstanceLock(sys.argv[1]) for _ in 'ab')\n"
        "first.acquire(); assert not first.problem, first.problem; second.acquire()"
    )
    full = own_disk(tmp_path, f"cat /dev/zero > {tmp_path}/ballast 2>{os.devnull}; true")
    ran = subprocess.run(
        [*full, sys.executable, "-c", code, str(tmp_path / "flock")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "AlreadyRuns: neckguard already runs (pid unknown)." in ran.stderr


def test_a_pipe_in_its_place_is_locked_as_well(tmp_path: Path) -> None:
    path = str(tmp_path / "flock")
    os.mkfifo(path)
    first = InstanceLock(path)
    first.acquire()
    with pytest.raises(AlreadyRuns, match="pid unknown"):
        InstanceLock(path).acquire()
    first.release()
