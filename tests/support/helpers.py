"""What several tests share."""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")
PATIENCE = float(os.environ.get("NECKGUARD_TEST_PATIENCE", "1"))
"""How many times longer than on a machine that is neither slow nor busy something may take."""


def patient(seconds: float) -> float:
    """The limit for what takes less than this on a machine that is neither slow nor busy."""
    return seconds * PATIENCE


def need(*programs: str) -> None:
    """Skip the test where a system program is missing; fail instead where the run must be complete (CI)."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        give_up(f"needs {', '.join(missing)}")


def give_up(reason: str) -> None:
    """Skip with the reason, or fail where NECKGUARD_TEST_NO_SKIP=1."""
    if os.environ.get("NECKGUARD_TEST_NO_SKIP") == "1":
        pytest.fail(f"this run allows no skips: {reason}")
    pytest.skip(reason)


def wait_until(condition: Callable[[], T], seconds: float = 30.0) -> T:
    """The first true value of `condition`; asked often, and the test fails if none comes in its time."""
    limit = patient(seconds)
    end = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            pytest.fail(f"did not happen within {limit:g} s: {condition}")
        time.sleep(0.02)


async def eventually(condition: Callable[[], T], seconds: float = 30.0) -> T:
    """As `wait_until`, inside a running loop."""
    limit = patient(seconds)
    try:
        async with asyncio.timeout(limit):
            while not (value := condition()):  # noqa: ASYNC110 - conditions outside have no event to wait for
                await asyncio.sleep(0.01)
    except TimeoutError:
        pytest.fail(f"did not happen within {limit:g} s: {condition}")
    return value


def own_disk(place: Path, then: str = "true") -> list[str]:
    """What, put before a command, runs it where `place` is a disk of 400 kB that nobody else sees.

    Before the command, `then` is done by the shell. Skips the test where that is not allowed.
    """
    need("unshare", "mount")
    alone = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
    mount = f"mount -t tmpfs -o size=400k,mode=700 disk {place}"
    tried = subprocess.run([*alone, "sh", "-c", mount], capture_output=True, text=True, check=False)
    if tried.returncode:
        give_up(f"needs mounts of its own: {tried.stderr}")
    return [*alone, "sh", "-c", f'{mount} && {then} && exec "$@"', "sh"]


@contextmanager
def immutable(path: Path) -> Iterator[None]:
    """Not even root can change this file, or make or delete anything in this directory."""
    need("chattr")
    tried = subprocess.run(["chattr", "+i", path], capture_output=True, text=True, check=False)
    if tried.returncode:
        give_up(f"needs chattr +i, root, and a file system that knows it: {tried.stderr}")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", path], check=True)
