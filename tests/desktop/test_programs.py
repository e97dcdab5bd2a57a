"""Programs that were named and run: real processes, and some that only a test can arrange."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.dnd_helpers import running
from support.helpers import give_up, need, wait_until

from neckguard.core import QuietChanged, QuietReason
from neckguard.desktop.quiet.programs import Programs

RUNS = "a program you named is running"
LONG = "neckguard-test-recorder"  # the kernel calls it neckguard-test-
NOBODY = 65534


def seen(*names: str, proc: str = "/proc") -> str:
    """Which of these are said to run."""
    told: list[QuietChanged] = []
    programs = Programs(told.append, proc=proc)
    programs.configure(names)
    asyncio.run(programs.look())
    (event,) = told
    assert (event.reason, event.detail) == (QuietReason.PROGRAM, RUNS if event.by else "")
    assert programs.status() == {"ok": True, "problem": "", "running": event.by}
    return event.by


def copy_of(program: str, name: str, folder: Path) -> Path:
    found = shutil.which(program)
    assert found is not None
    return Path(shutil.copy(found, folder / name))


def test_a_program_is_known_by_the_name_of_its_file_in_any_case(tmp_path: Path) -> None:
    program = copy_of("sleep", "ngt-game", tmp_path)
    assert seen("ngt-game") == ""
    with running({}, str(program), "600"):
        assert seen("NGT-Game", "ngt-other", "ngt-gam", "gt-game") == "NGT-Game"
    assert seen("ngt-game") == ""


def test_a_long_name_is_known_whole_and_as_the_kernel_cuts_it(tmp_path: Path) -> None:
    with running({}, str(copy_of("sleep", LONG, tmp_path)), "600"):
        # The kernel names a program a little after it has begun, as far as whoever started it can see.
        wait_until(lambda: seen(LONG, LONG[:15]) == f"{LONG[:15]}, {LONG}")
        assert seen(LONG[:16]) == ""


def test_a_script_is_known_by_its_own_name_however_long(tmp_path: Path) -> None:
    for name in ("ngt-script", f"{LONG}.py"):
        script = tmp_path / name
        script.write_text("#!/bin/sh\nread forever < fifo\n")
        script.chmod(0o755)
    os.mkfifo(tmp_path / "fifo")
    with (
        running({}, "env", "-C", str(tmp_path), "./ngt-script"),
        running({}, "env", "-C", str(tmp_path), f"./{LONG}.py"),
    ):
        names = ("ngt-script", f"{LONG}.py", f"{LONG}.sh")
        wait_until(lambda: seen(*names) == f"{LONG}.py, ngt-script")


def test_a_program_whose_file_was_replaced_by_an_update_is_known(tmp_path: Path) -> None:
    program = copy_of("sleep", "ngt-updated", tmp_path)
    (tmp_path / "ngt-link").symlink_to(program)
    with running({}, str(tmp_path / "ngt-link"), "600"):
        program.unlink()
        wait_until(lambda: seen("ngt-updated", "ngt-link") == "ngt-link, ngt-updated")


def test_what_it_calls_itself_counts_too(tmp_path: Path) -> None:
    name = "import sys; open('/proc/self/comm', 'w').write('ngt renamed'); sys.stdin.read()"
    process = subprocess.Popen([sys.executable, "-c", name], stdin=subprocess.PIPE)
    try:
        wait_until(lambda: seen("ngt renamed") == "ngt renamed")
    finally:
        process.communicate()


def test_one_that_is_dead_and_not_yet_noticed_does_not_run(tmp_path: Path) -> None:
    process = subprocess.Popen([str(copy_of("true", "ngt-zombie", tmp_path))])
    wait_until(lambda: Path(f"/proc/{process.pid}/stat").read_text().split()[2] == "Z")
    assert Path(f"/proc/{process.pid}/comm").read_text() == "ngt-zombie\n"
    assert seen("ngt-zombie") == ""
    process.wait()


def test_the_programs_of_other_users_do_not_count(tmp_path: Path) -> None:
    need("setpriv")
    if os.geteuid() != 0:
        give_up("needs another user")
    name = f"ngt-{os.getpid()}"
    program = shutil.copy("/bin/sleep", f"/tmp/{name}")  # where others may look
    try:
        drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        with running({}, *drop, program, "600") as process:
            wait_until(lambda: Path(f"/proc/{process.pid}/comm").read_text() == f"{name}\n")
            assert seen(name) == ""
        with running({}, str(program), "600"):
            assert seen(name) == name
    finally:
        os.unlink(program)


def test_without_programs_named_the_processes_are_not_looked_at() -> None:
    assert seen(proc="/nonexistent") == ""


@pytest.mark.parametrize("proc", ["/nonexistent", "/etc"])
def test_where_no_processes_are_shown_none_run(proc: str) -> None:
    assert seen("sleep", proc=proc) == ""


def test_a_process_that_keeps_its_file_secret_is_known_by_its_name(tmp_path: Path) -> None:
    # Its directory is root's then, as are those of all processes that are not ours.
    for user, found in ((os.getuid(), "ngt-secret"), (os.getuid() + 1, "")):
        pretend(tmp_path, "7", user)
        assert seen("ngt-secret", proc=str(tmp_path)) == found


def test_neckguard_itself_is_not_meant(tmp_path: Path) -> None:
    pretend(tmp_path, str(os.getpid()), os.getuid())
    assert seen("ngt-secret", proc=str(tmp_path)) == ""
    pretend(tmp_path, str(os.getpid() + 1), os.getuid())
    assert seen("ngt-secret", proc=str(tmp_path)) == "ngt-secret"


def pretend(proc: Path, pid: str, user: int) -> None:
    """A process as the kernel shows it."""
    (proc / pid).mkdir(exist_ok=True)
    (proc / pid / "comm").write_text("ngt-secret\n")
    (proc / pid / "status").write_text(f"Name:\tngt-secret\nUid:\t{user}\t0\t0\t0\n")
