"""What waits for the file of the history is kept elsewhere meanwhile, and written exactly once."""

import json
import sqlite3
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.history_helpers import (
    FOR_EVER,
    Clock,
    crash,
    entry,
    history,
    in_file,
    outcome,
    settled_in,
)

from neckguard.storage.history.writer import HistoryWriter


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "history.db"


def blocked(path: Path) -> HistoryWriter:
    """A writer with a directory in its way."""
    path.mkdir(parents=True)
    return history(path)


def kept(writer: HistoryWriter) -> Any:
    """What waits, as the next life finds it."""
    return json.loads(json.dumps(writer.waiting()))


def test_rows_of_all_kinds_wait_for_the_next_life(path: Path) -> None:
    def live(writer: HistoryWriter) -> None:
        writer.spans_are(1000, 3600, {("present", ""): 900.0})
        writer.settled(outcome(1100, due=None))
        writer.entry(entry(1200, "näher"))
        writer.entry(entry(1300, "a slip"))
        writer.no_entry("checkin", 1300)
        writer.spans_are(1400, 3600, {("away", "locked"): 1350.0})

    first = blocked(path)
    live(first)
    waiting = kept(first)
    crash()
    path.rmdir()
    history(path).revive(1500.0, waiting)
    crash()
    straight = path.with_name("straight.db")
    writer = history(straight)
    live(writer)
    writer.revive(1500.0)
    for table in ("outcomes", "spans", "entries"):
        rows = in_file(path, f"SELECT * FROM {table} ORDER BY id")
        assert rows == in_file(straight, f"SELECT * FROM {table} ORDER BY id")
        assert rows != []


def test_nothing_waits_once_it_is_written(path: Path) -> None:
    clock = Clock()
    writer = history(path, clock=clock)
    path.mkdir(parents=True)
    writer.settled(outcome(1000))
    assert len(kept(writer)) == 1
    path.rmdir()
    clock.now += 1.0
    writer.spans_are(1000, 0, {})
    assert (settled_in(path), kept(writer)) == ([1000], [])
    (arrived,) = in_file(path, "SELECT number FROM arrived")
    writer.settled(outcome(2000))
    assert in_file(path, "SELECT number FROM arrived") == [arrived]  # what never waited needs no number


def test_the_last_of_what_waits_is_kept_if_it_is_too_much(path: Path) -> None:
    writer = blocked(path)
    for number in range(503):
        writer.settled(outcome(number))
    assert len(kept(writer)) == 500
    waiting = kept(writer)
    crash()
    path.rmdir()
    history(path).revive(0.0, waiting)
    assert settled_in(path) == [float(number) for number in range(3, 503)]


@pytest.mark.parametrize(
    "waiting", ["no list", [1], [{"life": "a"}], [{"life": "a", "number": "1", "change": []}]]
)
def test_what_is_unusable_is_left_out_and_said(
    path: Path, waiting: Any, caplog: pytest.LogCaptureFixture
) -> None:
    writer = history(path)
    writer.revive(0.0, waiting)
    writer.settled(outcome(1000))
    assert settled_in(path) == [1000]
    (said,) = caplog.messages
    assert said.startswith(f"What was to be written into {path} is unusable: ")


def test_a_statement_that_is_none_of_ours_is_left_out(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    first = blocked(path)
    first.settled(outcome(1000))
    waiting = kept(first)
    foreign = [{"life": "a", "number": 1, "change": [["DROP TABLE outcomes", []]]}]
    crash()
    path.rmdir()
    history(path).revive(0.0, foreign + waiting)
    assert settled_in(path) == [1000]
    assert caplog.messages[-1] == "Something cannot be kept in the history: 'DROP TABLE outcomes'"


def test_switched_off_nothing_that_waited_is_written(path: Path) -> None:
    first = blocked(path)
    first.settled(outcome(1000))
    waiting = kept(first)
    path.rmdir()
    off = HistoryWriter(str(path), enabled=False, keep=FOR_EVER)
    off.revive(0.0, waiting)
    assert off.waiting() == []
    off.close()
    assert not path.exists()


STEPS = st.lists(
    st.sampled_from(["row", "row", "lock", "unlock", "keep", "full", "time", "crash", "end"]), max_size=30
)


@settings(max_examples=60)
@example(["lock", "row", "keep", "full", "unlock", "time", "crash"])  # written, and that was not saved
@example(["lock", "row", "keep", "full", "unlock", "time", "row", "lock", "row", "keep", "crash", "crash"])
@example(["lock", "row", "crash", "row", "crash", "row", "full", "unlock", "time", "row", "crash", "row"])
@given(STEPS)
def test_what_was_kept_or_written_is_there_once_whatever_ends_when(steps: list[str]) -> None:
    """`keep` saves the state and acknowledges what was told; `full`: from now on that fails, until `keep`."""
    with TemporaryDirectory() as folder:
        path, clock = Path(folder) / "history.db", Clock()
        history(path, clock=clock).settled(outcome(0))
        crash()
        writer, other = history(path, clock=clock), sqlite3.connect(path, isolation_level=None)
        told, known, saved, saves = [0.0], {0.0}, {0.0}, True
        state: list[Any] = []
        for step in [*steps, "unlock", "keep", "crash"]:
            match step:
                case "row":
                    told.append(float(len(told)))
                    known.add(told[-1])
                    writer.settled(outcome(told[-1]))
                case "lock" | "unlock":
                    with suppress(sqlite3.Error):
                        other.execute("BEGIN IMMEDIATE" if step == "lock" else "COMMIT")
                case "time":
                    clock.now += 100.0
                    writer.spans_are(clock.now, 0, {})
                case "crash" | "end":
                    if step == "end":
                        writer.close(kept=saves)
                    crash()
                    known = set(saved)  # the rest may be lost
                    writer = history(path, clock=clock)
                    writer.revive(0.0, state)
                    clock.now += 100.0
                case _:
                    saves = step == "keep"
            waiting = kept(writer)
            if saves:
                state, saved = waiting, saved | known
        other.close()
        clock.now += 100.0
        writer.spans_are(clock.now, 0, {})
        found = settled_in(path)
        assert len(found) == len(set(found))
        assert saved <= set(found) <= set(told)
        assert found == sorted(found)
        crash()
