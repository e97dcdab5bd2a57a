"""What cannot be saved is said, kept as far as that goes, and saved once it can be: the installed program."""

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.command import PROGRAM
from support.helpers import give_up, immutable, need, own_disk, patient, wait_until
from support.history_helpers import in_file
from support.life import QUICK, Life
from support.notification_helpers import Desk

from neckguard.control.client import ask

FORGOTTEN = "After a restart it is forgotten.\n"
SCORES = "SELECT score FROM entries ORDER BY id"


@pytest.fixture
def disk(life: Life) -> Life:
    """A home whose state lies on a disk of its own, of 400 kB, that only the daemon sees."""
    life.wrapper = own_disk(life.state.parent)
    return life


def within(life: Life, script: str) -> None:
    """Do it where the daemon lives, which may see other disks than we do."""
    need("nsenter")
    assert life.process is not None
    user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    enter = ["nsenter", "--target", str(life.process.pid), "--mount", *user]
    subprocess.run([*enter, "sh", "-ec", script], check=True, timeout=patient(20))


def fill(life: Life) -> None:
    within(life, f"head -c 1M /dev/zero >{life.state.parent}/ballast 2>/dev/null || true")


def make_room(life: Life) -> None:
    within(life, f"rm {life.state.parent}/ballast")


def kept(life: Life) -> dict[str, Any]:
    """The state as the daemon's disk has it."""
    assert life.process is not None
    path = Path(f"/proc/{life.process.pid}/root{life.state}/state.json")
    state: dict[str, Any] = json.loads(path.read_text())["state"]
    return state


def problem(life: Life, of: str = "state") -> str:
    return str(life.status()["services"][of]["problem"])


def note(life: Life) -> str:
    return str(life.status()["services"]["state"]["note"])


@contextmanager
def locked(history: Path) -> Iterator[None]:
    """Another program is writing."""
    with closing(sqlite3.connect(history, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


# ---- a state that cannot be saved --------------------------------------------------------------------------

CHANGES = (
    ["pause", "2h"],
    ["resume"],
    ["snooze", "5m"],
    ["skip", "break"],
    ["done", "stretch"],
    ["hurt", "chin-tuck"],
    ["checkin", "5"],
    ["checkin", "--undo"],
    ["flare", "start", "--none", "--severity", "6"],
    ["flare", "log", "4"],
    ["flare", "cold"],
    ["flare", "cold", "--stop"],
    ["flare", "end"],
)
NO_CHANGES = (["resume"], ["status"], ["why"], ["flare", "end"], ["reload"])


def test_on_a_full_disk_every_verb_that_changes_something_says_what_a_restart_forgets(disk: Life) -> None:
    life = disk.begin(QUICK)
    fill(life)
    full = f"But this could not be saved: {life.state}/state.json cannot be written: the disk is full. "
    for words in CHANGES:
        said = life.ask(*words)
        assert (said.code, full + FORGOTTEN.strip() in said.out.replace("\n", " ")) == (0, True), said
    for words in NO_CHANGES:
        said = life.ask(*words)
        assert (said.code, "could not be saved" in said.out) == (0, False), said
    assert problem(life) == (
        f"{life.state}/state.json cannot be written: the disk is full."
        " Until that is mended, a restart forgets what happens now."
    )
    assert problem(life) in " ".join(life.ask("status").out.split())
    assert "Traceback" not in life.text()


def test_what_could_not_be_saved_is_saved_at_the_next_wake_with_room(disk: Life) -> None:
    life = disk.begin()
    fill(life)
    assert life.ask("pause", "2h").out.endswith(FORGOTTEN)
    assert kept(life)["pause"] is None
    make_room(life)
    assert problem(life) == ""  # to ask wakes it
    assert kept(life)["pause"] is not None
    assert life.ask("resume").out.startswith("Resumed. Next: ")
    assert (
        life.text().count("the disk is full. Until") == life.text().count("state.json is written again") == 1
    )


def test_a_reply_tells_programs_too(life: Life) -> None:
    life.begin()
    with immutable(life.state), pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(life.runtime.parent))
        reply = ask("pause", duration=60.0)
        assert reply["message"].endswith(reply["data"]["unsaved"])
        assert reply["data"]["unsaved"].startswith("But this could not be saved: ")
        assert ask("status")["data"].get("unsaved") is None


def test_a_directory_that_may_not_be_changed_is_said_and_a_kill_really_forgets(life: Life) -> None:
    life.begin()
    with immutable(life.state):
        said = life.ask("pause", "2h")
        assert (said.code, "Operation not permitted. After a restart it is forgotten" in said.out) == (
            0,
            True,
        )
        life.kill()
    assert life.begin().status()["holds"] == []


def test_a_directory_that_is_gone_is_made_and_filled_again_though_nothing_changed(life: Life) -> None:
    life.begin()
    assert life.ask("pause", "2h").code == 0
    subprocess.run(["rm", "-r", life.state], check=True)
    assert problem(life) == ""  # to ask wakes it
    life.kill()
    assert life.begin().status()["state"] == "paused"


def test_no_verb_without_the_daemon_says_that_it_wrote_what_it_did_not(life: Life) -> None:
    place = life.base / "full"
    place.mkdir()
    full = own_disk(
        place, f"mkdir {place}/config {place}/state && head -c 1M /dev/zero >{place}/ballast || true"
    )
    env = life.env | {f"XDG_{name}_HOME": f"{place}/{name.lower()}" for name in ("CONFIG", "STATE")}
    verbs = "config init; service install --autostart; report --output $F/report.html; export >$F/history.csv"
    script = "".join(f"{PROGRAM} {verb.strip()}; echo $?\n" for verb in verbs.split(";"))
    script += f"find {place} ! -name ballast -type f -size +0 -o -name config.toml"
    ran = subprocess.run(
        [*full, "sh", "-c", script], env=env | {"F": str(place)}, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "1\n" * 4
    assert ran.stderr.count("the disk is full") == 4


# ---- rows of the history that cannot be written ------------------------------------------------------------


def test_a_check_in_while_the_history_is_locked_waits_and_says_so(life: Life) -> None:
    history = life.state / "history.db"
    life.begin()
    life.ask("checkin", "1")
    with locked(history):
        said = " ".join(life.ask("checkin", "5").out.split())
        assert said.startswith("Noted: 5 of 10; before, ")
        assert (
            "But it could not be written to the history yet:"
            f" {history} cannot be written: another program keeps it locked."
            " It waits until it can be, also over a restart." in said
        )
        assert "to the history yet" not in life.ask("pause", "1h").out  # which is saved
        assert "another program keeps it locked" in problem(life, "history")
    wait_until(lambda: problem(life, "history") == "")
    assert in_file(history, SCORES) == [(1,), (5,)]
    assert "unwritten" not in kept(life)


def test_what_waits_outlives_a_kill_and_is_written_once(life: Life) -> None:
    history = life.state / "history.db"
    life.begin()
    life.ask("checkin", "1")
    with locked(history):
        for score in ("2", "3"):
            life.ask("checkin", score, "--at", "yesterday 22:00")
        life.ask("checkin", "--undo")
        life.kill()
        life.begin()
        life.ask("checkin", "4")
        life.kill()
    life.begin()
    assert in_file(history, SCORES) == [(1,), (2,), (4,)]
    assert life.end() == 0
    life.begin()
    assert in_file(history, SCORES) == [(1,), (2,), (4,)]


def test_what_was_written_just_before_a_kill_is_not_written_again(life: Life) -> None:
    history = life.state / "history.db"
    life.begin()
    life.ask("checkin", "1")
    with locked(history):
        life.ask("checkin", "2")
        waiting = (life.state / "state.json").read_bytes()
    wait_until(lambda: problem(life, "history") == "")
    life.kill()
    (life.state / "state.json").write_bytes(
        waiting
    )  # as if the kill had come between the one file and the other
    life.begin()
    assert in_file(history, SCORES) == [(1,), (2,)]
    life.ask("checkin", "3")
    assert in_file(history, SCORES) == [(1,), (2,), (3,)]


def test_an_orderly_end_keeps_what_waits_for_the_next_start(life: Life) -> None:
    life.begin()
    life.ask("checkin", "1")
    with locked(life.state / "history.db"):
        life.ask("checkin", "2")
        assert life.end() == 0
    assert "wait for the next start." in life.text()
    life.begin()
    assert in_file(life.state / "history.db", SCORES) == [(1,), (2,)]


def test_to_erase_the_history_erases_what_waits(life: Life) -> None:
    history = life.state / "history.db"
    life.begin()
    life.ask("checkin", "1")
    with locked(history):
        life.ask("checkin", "2")
        assert life.ask("history", "erase", "--yes").out == "The history is erased.\n"
        life.ask("checkin", "3")
    with locked(history):
        life.ask("checkin", "4")
        life.kill()
        assert life.ask("history", "erase", "--yes").out == "The history is erased.\n"
    life.begin()
    life.ask("checkin", "5")
    assert in_file(history, SCORES) == [(5,)]


def test_a_full_disk_forgets_a_check_in_only_if_the_daemon_is_killed_then(disk: Life) -> None:
    life = disk.begin()
    life.ask("checkin", "1")
    fill(life)
    assert FORGOTTEN.strip() in life.ask("checkin", "2").out
    make_room(life)
    wait_until(lambda: problem(life, "state") == problem(life, "history") == "")
    copy = life.base / "copy.db"
    within(life, f"cat {life.state}/history.db >{copy}; cat {life.state}/history.db-wal >{copy}-wal")
    assert in_file(copy, SCORES) == [(1,), (2,)]


def test_a_history_that_is_erased_only_in_part_is_no_success(life: Life) -> None:
    life.begin()
    life.ask("checkin", "1")
    with immutable(life.state / "state.json"):
        said = life.ask("history", "erase", "--yes")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("neckguard: The history is erased, but not what neckguard remembers of it: ")
    assert life.ask("history", "erase", "--yes").code == 0


# ---- a home that comes late --------------------------------------------------------------------------------


@pytest.fixture
def late(life: Life) -> Life:
    """A home in which nobody can make anything yet; its disk is to come."""
    need("unshare", "mount")
    empty, real = life.base / "empty", life.base / "real"
    for folder in (empty, real):
        folder.mkdir()
    alone = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
    homes = [life.state.parent, life.config.parent.parent]
    bind = " && ".join(f"mount --bind -o ro {empty} {home}" for home in homes)
    tried = subprocess.run([*alone, "sh", "-c", bind], capture_output=True, text=True, check=False)
    if tried.returncode:
        give_up(f"needs mounts of its own: {tried.stderr}")
    life.wrapper = [*alone, "sh", "-c", f'{bind} && exec "$@"', "sh"]
    return life


def arrive(life: Life, state: Path) -> None:
    """The disk with this state is mounted, where the daemon sees it."""
    within(life, f"mount -t tmpfs -o mode=700 home {life.state.parent}; cp -a {state} {life.state}")


def test_where_nothing_can_be_written_it_runs_without_memory_and_says_so(life: Life, desk: Desk) -> None:
    server = desk.server()
    life.env |= {f"XDG_{name}_HOME": "/proc/nowhere" for name in ("STATE", "CONFIG")}
    life.begin()
    wait_until(lambda: life.status()["services"]["notify"]["ok"])
    nowhere = "cannot use /proc/nowhere/neckguard: No such file or directory. "
    assert problem(life).startswith(nowhere)
    assert f"{nowhere}After a restart it is forgotten." in " ".join(life.ask("pause", "1h").out.split())
    assert life.text().count(f"{nowhere}Until that is mended") == 1
    assert server.titles == []  # whoever cannot remember a welcome would say it at each login
    assert life.end() == 0
    assert "Traceback" not in life.text()


def test_a_home_only_to_be_read_is_taken_up_when_it_can_be_written(late: Life) -> None:
    life = late.begin()
    assert "Read-only file system" in problem(life)
    assert FORGOTTEN.strip() in life.ask("pause", "2h").out
    within(life, f"mount -o remount,bind,rw {life.state.parent}")
    wait_until(lambda: problem(life) == problem(life, "history") == "")
    life.kill()
    assert life.begin().status()["state"] == "paused"


def test_an_earlier_life_that_comes_to_light_is_gone_on_with(late: Life) -> None:
    life = late
    kept_before = lived_before(life)
    life.begin()
    assert life.process is not None
    pid = life.status()["pid"]
    assert life.status()["state"] == "running"
    arrive(life, kept_before)
    wait_until(lambda: life.ask("status", "--format", "{state}").out == "paused\n")
    status = life.status()
    assert (status["pid"], status["holds"][0]["reason"], problem(life)) == (pid, "paused", "")
    assert life.ask("checkin", "2").code == 0
    assert scores(life) == [(1,), (2,)]
    assert "goes on with that" in life.text()
    assert life.end() == 0


def test_an_earlier_life_that_comes_to_light_too_late_is_put_aside(late: Life) -> None:
    life = late
    kept_before = lived_before(life)
    life.begin()
    assert life.ask("pause", "--until", "resumed", "--reason", "new").code == 0
    arrive(life, kept_before)
    wait_until(lambda: "came to light" in note(life))
    assert life.status()["holds"][0]["until"] is None
    found = note(life)
    assert found.startswith(
        f"{life.state}/state.json came to light after you had said something new; it is now "
    )
    aside = Path(found.split("it is now ")[1].split(". What")[0])
    inside = Path(f"/proc/{life.status()['pid']}/root")
    assert json.loads((inside / aside.relative_to("/")).read_text())["state"]["pause"]["until_boot"]
    assert kept(life)["pause"]["reason"] == "new"
    assert note(life) == found  # until the next start
    assert life.text().count("came to light") == 1


def test_settings_that_come_late_are_taken_up_and_watched(late: Life) -> None:
    life = late.begin()
    home = life.config.parent.parent

    def save(name: str) -> str:
        return f"printf '[reminders.{name}]\\nevery = \"2h\"\\n' >{life.config}"

    def reminders() -> set[str]:
        return {each["name"] for each in life.status()["reminders"]}

    within(life, f"mount -t tmpfs home {home}; mkdir {home}/neckguard; {save('tea')}")
    wait_until(lambda: "tea" in reminders())
    applied = life.text().count("settings (applied)")
    within(life, save("coffee"))
    wait_until(lambda: life.text().count("settings (applied)") > applied)  # nobody woke it: it heard of it
    assert {"coffee"} == reminders() & {"tea", "coffee"}


def lived_before(life: Life) -> Path:
    """The state of an earlier life, which paused and checked in; it is on the disk that is yet to come."""
    wrapper, life.wrapper = life.wrapper, []
    life.begin()
    assert life.ask("pause", "2h").code == life.ask("checkin", "1").code == 0
    assert life.end() == 0
    life.wrapper = wrapper
    return life.state.rename(life.base / "real" / "neckguard")


def scores(life: Life) -> list[tuple[Any, ...]]:
    """What the history on the daemon's disk has."""
    copy = life.base / "copy.db"
    within(life, f"cp {life.state}/history.db {copy}; cp {life.state}/history.db-wal {copy}-wal")
    return in_file(copy, SCORES)
