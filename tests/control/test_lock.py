"""One daemon at a time."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from neckguard.control.lock import InstanceLock
from neckguard.errors import NeckguardError


def test_a_second_instance_is_refused_and_told_the_first_ones_pid(tmp_path: Path) -> None:
    path = str(tmp_path / "run" / "flock")
    first, second = InstanceLock(path), InstanceLock(path)
    first.acquire()
    with pytest.raises(NeckguardError) as refused:
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
    with pytest.raises(NeckguardError, match="already runs"):
        InstanceLock(str(path)).acquire()
    first.release()


def test_who_lost_the_lock_to_another_learns_it(tmp_path: Path) -> None:
    path = tmp_path / "flock"
    first, second = InstanceLock(str(path)), InstanceLock(str(path))
    first.acquire()
    path.unlink()
    second.acquire()
    with pytest.raises(NeckguardError, match="already runs"):
        first.acquire()
    second.release()


def test_a_lock_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "flock").mkdir()
    with pytest.raises(NeckguardError, match=r"cannot lock .*: Is a directory"):
        InstanceLock(str(tmp_path / "flock")).acquire()
