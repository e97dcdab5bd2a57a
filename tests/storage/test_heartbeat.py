"""The heartbeat: what the next daemon can know about the last one."""

import os
import shutil
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from neckguard.core.model import Moment
from neckguard.storage.heartbeat import Beat, Heartbeat, boot_id

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "heartbeat"


def at(seconds: float) -> Moment:
    return Moment(1000.25 + seconds, NOON + timedelta(seconds=seconds))


def beat(seconds: float) -> Beat:
    return Beat(boot_id(), 1000.25 + seconds, datetime(2026, 3, 1, 11, 0, tzinfo=UTC).timestamp() + seconds)


def last(path: Path) -> Beat | None:
    return Heartbeat(str(path)).last()


def test_the_last_beat_counts(path: Path) -> None:
    heart = Heartbeat(str(path))
    seen = []
    for seconds in (0, 240, 1e9, 480):
        heart.touch(at(seconds))
        seen.append(last(path))
    heart.close()
    assert seen == [beat(0), beat(240), beat(1e9), beat(480)]
    assert last(path) == beat(480)


def test_the_next_daemon_reads_before_it_beats_itself(path: Path) -> None:
    first = Heartbeat(str(path))
    first.touch(at(0))
    first.close()
    second = Heartbeat(str(path))
    before = second.last()
    second.touch(at(60))
    second.close()
    assert (before, last(path)) == (beat(0), beat(60))


def test_without_a_file_there_is_no_beat(path: Path) -> None:
    assert last(path) is None


def test_the_file_is_private(path: Path) -> None:
    heart = Heartbeat(str(path))
    heart.touch(at(0))
    heart.close()
    assert [stat.S_IMODE(found.stat().st_mode) for found in (path.parent, path)] == [0o700, 0o600]


@pytest.mark.parametrize(
    "content", [b"", b"a b", b"a b c", b"id nan 1", b"id 1 inf", b"\xff" * 200, b"a 1 2 3"]
)
def test_garbage_is_no_beat_and_is_written_over(content: bytes, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    before = last(path)
    heart = Heartbeat(str(path))
    heart.touch(at(0))
    heart.close()
    assert (before, last(path)) == (None, beat(0))


@pytest.mark.parametrize("removal", ["file", "directory", "replaced"])
def test_a_deleted_file_is_made_again(removal: str, path: Path) -> None:
    heart = Heartbeat(str(path))
    heart.touch(at(0))
    if removal == "file":
        path.unlink()
    elif removal == "directory":
        shutil.rmtree(path.parent)
    else:
        path.with_name("other").write_text("other")
        path.with_name("other").rename(path)
    heart.touch(at(60))
    heart.close()
    assert last(path) == beat(60)


def test_a_directory_that_cannot_be_used_is_said_once(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.write_text("in the way")
    heart = Heartbeat(str(path))
    heart.touch(at(0))
    heart.touch(at(60))
    assert len(caplog.messages) == 1
    path.parent.unlink()
    heart.touch(at(120))
    heart.close()
    assert last(path) == beat(120)


def test_a_pipe_in_its_place_does_not_hang_us(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    heart = Heartbeat(str(path))
    heart.touch(at(0))
    heart.close()
    assert heart.last() is None


def test_every_boot_has_a_name() -> None:
    assert boot_id() == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
