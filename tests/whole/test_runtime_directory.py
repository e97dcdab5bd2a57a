"""Whatever becomes of the runtime directory: the daemon reminds, and is within reach when it can be."""

import os
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from support.helpers import immutable, own_disk, patient, wait_until
from support.life import Life
from support.notification_helpers import Desk, FakeServer

OFTEN = """
[reminders.tea]
every = "1s"
expire_after = "1s"
message = "Tea."
[quiet]
settle = "0s"
merge_window = "0s"
typing_max_wait = "1s"
"""


def file_in_its_place(life: Life) -> Callable[[], None]:
    shutil.rmtree(life.runtime, ignore_errors=True)
    life.runtime.touch()
    return life.runtime.unlink


def parent_gone(life: Life) -> Callable[[], None]:
    parent = life.runtime.parent
    shutil.rmtree(parent)
    parent.touch()  # root could just make it again

    def back() -> None:
        parent.unlink()
        parent.mkdir()

    return back


def lock_file_unusable(life: Life) -> Callable[[], None]:
    lock = life.runtime / "flock"
    lock.unlink(missing_ok=True)
    lock.mkdir(parents=True)
    return lock.rmdir


def immutable_parent(life: Life) -> Callable[[], None]:
    shutil.rmtree(life.runtime, ignore_errors=True)
    kept = ExitStack()
    kept.enter_context(immutable(life.runtime.parent))
    return kept.close


OBSTACLES = [file_in_its_place, parent_gone, lock_file_unusable, immutable_parent]


@contextmanager
def standing_still(life: Life) -> Iterator[None]:
    """Not to be disturbed: it is quick to make again what is deleted."""
    assert life.process is not None
    life.process.send_signal(signal.SIGSTOP)
    yield
    life.process.send_signal(signal.SIGCONT)


def reminds(server: FakeServer) -> None:
    """Two more prompts come."""
    before = len(server.titles)
    wait_until(lambda: len(server.titles) >= before + 2)


def is_within_reach(life: Life) -> None:
    """All that belongs into the directory is there, works, and nothing is wrong with it."""

    process = life.process
    assert process is not None

    def reached() -> bool:
        process.send_signal(signal.SIGHUP)  # a wake
        return life.ask("status").code == 0

    wait_until(reached)
    services = life.status()["services"]
    assert [services[name] for name in ("runtime", "control")] == [{"ok": True, "problem": ""}] * 2
    assert {"control.sock", "flock", "heartbeat"} <= {each.name for each in life.runtime.iterdir()}
    second = life.ask("run")
    assert (second.code, f"pid {process.pid}" in second.err) == (1, True)


@pytest.mark.parametrize("obstacle", OBSTACLES)
@pytest.mark.parametrize("when", ["while it lives", "before it starts"])
def test_a_directory_that_cannot_be_used_is_a_problem_and_no_end(
    life: Life, desk: Desk, obstacle: Callable[[Life], Callable[[], None]], when: str
) -> None:
    server = desk.server("actions", "body")
    if when == "while it lives":
        with standing_still(life.begin(OFTEN)):
            mend = obstacle(life)
    else:
        mend = obstacle(life)
        life.start(OFTEN)
    try:
        wait_until(lambda: "Reminders go on" in life.text())
        reminds(server)
    finally:
        mend()
    is_within_reach(life)
    assert life.text().count("Reminders go on") == 1
    assert life.end() == 0
    assert "Traceback" not in life.text()


def test_a_socket_that_stands_tells_that_the_lock_does_not(life: Life) -> None:
    with standing_still(life.begin()):
        lock_file_unusable(life)
    wait_until(lambda: "Reminders go on" in life.text())
    assert f"Problem: runtime: cannot lock {life.runtime}/flock: Is a directory." in life.ask("status").out
    assert life.ask("pause").code == 0


def test_who_cannot_lock_leaves_the_socket_to_whom_it_may_belong(life: Life) -> None:
    first = life.begin().process
    assert first is not None
    with standing_still(life):
        lock_file_unusable(life)
    life.start()
    try:
        wait_until(lambda: life.text().count("Connected to the session bus.") == 2)  # both live
        wait_until(lambda: life.text().count("Reminders go on") == 2)
        assert life.status()["pid"] == first.pid
        assert life.end() == 0
        assert life.status()["pid"] == first.pid
    finally:
        first.kill()
        first.wait()


def test_a_full_disk_costs_no_more_than_the_heartbeat(life: Life) -> None:
    place = life.runtime.parent
    life.wrapper = own_disk(place, f"{{ cat /dev/zero > {place}/ballast 2>{os.devnull}; true; }}")
    process = life.start()
    inside = Path(f"/proc/{process.pid}/root{place}")
    wait_until((inside / "neckguard" / "control.sock").exists)
    life.env["XDG_RUNTIME_DIR"] = str(inside)
    heartbeat = life.runtime / "heartbeat"
    assert life.status()["services"]["runtime"]["problem"] == (
        f"{heartbeat} cannot be written: No space left on device."
        " After a crash, the time before it may be counted wrongly."
    )
    assert life.ask("pause").code == 0
    (inside / "ballast").unlink()
    assert life.ask("resume").code == 0
    assert life.status()["services"]["runtime"]["problem"] == ""
    assert life.text().count("No space left on device") == 1


def test_a_socket_that_cannot_be_taken_away_is_left_behind(life: Life) -> None:
    life.begin()
    with immutable(life.runtime):
        assert life.end() == 0
    assert "Traceback" not in life.text()
    assert life.begin().ask("pause").code == 0


def test_only_another_one_that_lives_ends_it(life: Life) -> None:
    first = life.begin().process
    assert first is not None
    first.send_signal(signal.SIGSTOP)
    shutil.rmtree(life.runtime)
    second = life.begin().process
    assert second is not None
    first.send_signal(signal.SIGCONT)
    assert first.wait(patient(30)) == 1
    assert f"neckguard already runs (pid {second.pid})" in life.text()
    assert life.ask("status").code == 0


def test_without_descriptors_it_lives_and_rests_until_there_are_some(life: Life) -> None:
    process = life.begin().process
    assert process is not None
    assert life.ask("reload").code == 0  # by then it no longer reads what only a start reads
    before = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (3, before[1]))  # those are taken
    refused = life.ask("status")
    assert (refused.code, f"does not answer (pid {process.pid})" in refused.err) == (1, True)
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, before)
    wait_until(lambda: life.ask("status").code == 0)
    assert life.status()["services"]["control"] == {"ok": True, "problem": ""}
    assert life.text().count("cannot let in who asks: Too many open files") == 1
    assert "Traceback" not in life.text()
