"""The state file, on real disks in all conditions."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from support.helpers import give_up

from neckguard.storage import atomic
from neckguard.storage.state import StateFile, change

STATE = {"sat": {"posture": 12.5}, "paused": None}
ANCHOR = {"boot_id": "b", "boot": 1.0}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "state.json"


def saved(path: Path, state: Any = STATE, anchor: Any = ANCHOR) -> StateFile:
    file = StateFile(str(path))
    assert file.save(state, anchor) is True
    return file


def test_what_was_saved_is_loaded(path: Path) -> None:
    saved(path)
    assert StateFile(str(path)).load() == {"anchor": ANCHOR, "state": STATE}


def test_nothing_saved_yet_is_nothing_and_no_problem(path: Path) -> None:
    file = StateFile(str(path))
    assert (file.load(), file.problem) == (None, "")


def test_the_file_is_private_and_alone(path: Path) -> None:
    saved(path)
    assert [(found.name, stat.S_IMODE(found.stat().st_mode)) for found in path.parent.iterdir()] == [
        ("state.json", 0o600)
    ]
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_unchanged_state_is_not_written_again_even_with_other_clocks(path: Path) -> None:
    file = saved(path)
    before = path.stat()
    assert file.save(dict(reversed(STATE.items())), {"boot": 2.0}) is True
    assert os.path.samestat(path.stat(), before)
    assert file.save({**STATE, "paused": 5}, {"boot": 3.0}) is True
    assert StateFile(str(path)).load() == {"anchor": {"boot": 3.0}, "state": {**STATE, "paused": 5}}


def test_the_first_save_after_a_start_writes_the_new_clocks(path: Path) -> None:
    saved(path)
    file = StateFile(str(path))
    file.load()
    file.save(STATE, {"boot": 9.0})
    assert json.loads(path.read_text()) == {"version": 1, "anchor": {"boot": 9.0}, "state": STATE}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b'{"version": 1, "anch', "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"x" * 5_000_000, "far too large"),
        (b"[]", "not a state file"),
        (b'{"version": "1", "anchor": {}, "state": {}}', "not a state file"),
        (b'{"version": 1, "anchor": {}, "state": []}', "not a state file"),
        (b'{"version": 1, "anchor": {}}', "not a state file"),
        (b'{"version": 2, "anchor": {}, "state": {}}', "of a newer neckguard"),
    ],
)
def test_an_unusable_file_is_set_aside_with_a_warning(
    content: bytes, reason: str, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    file = StateFile(str(path))

    assert file.load() is None
    (aside,) = path.parent.iterdir()
    assert aside.name.startswith("state.json.bad-")
    assert aside.read_bytes() == content
    note = f"{path} was unusable ({reason}); it is now {aside}; countdowns start afresh."
    assert caplog.messages == [note]
    assert (file.save(STATE, ANCHOR), file.problem, file.note) == (True, "", note)


@pytest.mark.parametrize("special", ["directory", "pipe", "loop"])
def test_what_is_no_file_is_set_aside(special: str, path: Path) -> None:
    path.parent.mkdir()
    if special == "directory":
        path.mkdir()
    elif special == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(path)
    file = StateFile(str(path))
    assert (file.load(), file.save(STATE, ANCHOR)) == (None, True)
    assert StateFile(str(path)).load() == {"anchor": ANCHOR, "state": STATE}


def test_a_failure_is_said_once_and_tried_again(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.write_text("in the way")
    file = StateFile(str(path))
    assert [file.save(STATE, ANCHOR), file.save(STATE, ANCHOR)] == [False, False]
    assert caplog.messages == [
        f"cannot use {path.parent}: File exists. Until that is mended, a restart forgets what happens now."
    ]
    assert file.problem == caplog.messages[0]

    path.parent.unlink()
    assert (file.save(STATE, ANCHOR), file.problem) == (True, "")


def test_a_full_disk_leaves_the_old_state_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = saved(path)

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert file.save({"new": 1}, ANCHOR) is False
    assert "the disk is full" in file.problem
    assert StateFile(str(path)).load() == {"anchor": ANCHOR, "state": STATE}
    assert [found.name for found in path.parent.iterdir()] == ["state.json"]


def test_what_is_no_json_is_a_failure_and_not_a_crash(path: Path) -> None:
    file = StateFile(str(path))
    assert file.save({"bad": object()}, ANCHOR) is False
    assert "JSON" in file.problem


def test_a_deleted_directory_is_made_again(path: Path) -> None:
    file = saved(path)
    path.unlink()
    path.parent.rmdir()
    assert file.save({"new": 1}, ANCHOR) is True
    assert StateFile(str(path)).load() == {"anchor": ANCHOR, "state": {"new": 1}}


def test_what_a_crash_left_behind_is_no_obstacle_and_no_link_is_followed(path: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    path.parent.mkdir()
    (path.parent / "state.json.new").symlink_to(victim)
    saved(path)
    assert victim.read_text() == "mine"


def test_a_kill_at_any_moment_leaves_a_whole_file(path: Path) -> None:
    code = (
        "import sys; from neckguard.storage.state import StateFile; file = StateFile(sys.argv[1]); n = 0\n"
        "while True: n += 1; file.save({'n': n, 'ballast': 'x' * 5000}, {}); n == 20 and print(flush=True)"
    )
    for _ in range(5):
        child = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
        with child:
            assert child.stdout
            child.stdout.readline()
            child.kill()
        loaded = StateFile(str(path)).load()
        assert loaded is not None
        assert loaded["state"]["n"] >= 20


def test_reading_is_bounded_and_knows_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert (atomic.read(str(tmp_path / "file"), 3), atomic.read(str(tmp_path / "none"), 3)) == (b"123", None)


def test_what_is_saved_can_be_changed_while_no_daemon_runs(path: Path) -> None:
    saved(path)
    assert change(str(path), lambda state: {**state, "paused": 5}) is True
    assert StateFile(str(path)).load() == {"anchor": ANCHOR, "state": {**STATE, "paused": 5}}
    before = path.stat()
    assert change(str(path), lambda state: {**state, "paused": 5}) is False
    assert os.path.samestat(path.stat(), before)


@pytest.mark.parametrize("content", [None, "{", '{"version": 99}'])
def test_what_is_unusable_is_not_changed(path: Path, content: str | None) -> None:
    if content is not None:
        path.parent.mkdir()
        path.write_text(content)
    assert change(str(path), lambda _: {}) is False
    assert (path.read_text() if path.exists() else None) == content


# ---- a disk that is mounted late ---------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A link to a directory; `arrive` lets it lead to another disk."""
    (tmp_path / "here").mkdir()
    home = tmp_path / "home"
    home.symlink_to(tmp_path / "here")
    with TemporaryDirectory(dir="/dev/shm") as other:
        if os.stat(other).st_dev == os.stat(tmp_path).st_dev:
            give_up("needs /dev/shm to be another disk than that of the tests")
        (tmp_path / "other").symlink_to(other)
        yield home


def arrive(home: Path, state: Any = None) -> Path:
    """Let it lead to the other disk, with this state there; its place."""
    other = home.with_name("other").resolve()
    if state is not None:
        saved(other / "state" / "state.json", state)
    home.unlink()
    home.symlink_to(other)
    return other / "state" / "state.json"


@pytest.mark.parametrize("before", [None, {"first": 1}])
def test_a_state_of_another_disk_came_late(home: Path, before: Any) -> None:
    file = StateFile(str(home / "state" / "state.json"))
    file.load()
    assert not file.came_late()
    if before:
        assert file.save(before, ANCHOR)
    assert not file.came_late()
    arrive(home, STATE)
    assert file.came_late()
    assert StateFile(str(home / "state" / "state.json")).load() == {"anchor": ANCHOR, "state": STATE}


def test_a_state_that_came_late_is_put_aside_before_another_takes_its_place(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = StateFile(str(home / "state" / "state.json"))
    file.save({"new": 1}, ANCHOR)
    late = arrive(home, STATE)
    assert file.save({"new": 1}, ANCHOR) is True
    (aside,) = late.parent.glob("state.json.late-*")
    assert json.loads(aside.read_text())["state"] == STATE
    assert json.loads(late.read_text())["state"] == {"new": 1}
    assert file.note == (
        f"{home}/state/state.json came to light after you had said something new;"
        f" it is now {home}/state/{aside.name}. What it kept, such as a pause, is not in force."
    )
    assert caplog.messages == [file.note]
    assert (file.save({"new": 2}, ANCHOR), file.failure, file.problem) == (True, "", "")
    assert len(list(late.parent.iterdir())) == 2


def test_a_state_that_came_late_and_cannot_be_moved_stays(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = StateFile(str(home / "state" / "state.json"))
    late = arrive(home, STATE)

    def fail(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", fail)
        assert [file.save({"new": 1}, ANCHOR), file.save({"new": 1}, ANCHOR)] == [False, False]
    assert file.failure == f"{home}/state/state.json came late and cannot be moved: Read-only file system."
    assert len(caplog.messages) == 1
    assert json.loads(late.read_text())["state"] == STATE


def test_another_disk_without_a_state_is_given_this_one(home: Path) -> None:
    file = StateFile(str(home / "state" / "state.json"))
    assert file.save(STATE, ANCHOR) is True
    place = arrive(home)
    assert (file.came_late(), file.save(STATE, ANCHOR), file.problem) == (False, True, "")
    assert json.loads(place.read_text())["state"] == STATE


def test_a_file_replaced_on_the_same_disk_did_not_come_late(path: Path) -> None:
    file = saved(path)
    saved(path, {"of": "another"})
    assert file.came_late() is False


def test_an_unusable_file_that_cannot_be_moved_did_not_come_late(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir()
    path.write_text("{")
    file = StateFile(str(path))

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", fail)
    assert (file.load(), file.came_late()) == (None, False)
    assert file.problem == f"{path} is unusable (not JSON) and cannot be moved: the disk is full."


def test_a_file_that_is_gone_is_made_again_though_nothing_changed(path: Path) -> None:
    file = saved(path)
    path.unlink()
    assert file.save(STATE, {"boot": 2.0}) is True
    assert StateFile(str(path)).load() == {"anchor": {"boot": 2.0}, "state": STATE}
