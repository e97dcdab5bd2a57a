"""The history's writer, on real files: what is remembered of spans, outcomes and entries."""

import logging
import os
import stat
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.history_helpers import DAY, crash, entry, history, in_file, outcome, settled_in, spans_in

from neckguard.errors import NeckguardError
from neckguard.storage.history.rows import EntryRow, OutcomeRow
from neckguard.storage.history.writer import HistoryWriter, Key

PRESENT, NO_INPUT, LOCKED, STOPPED = (
    ("present", ""),
    ("away", "no input"),
    ("away", "locked"),
    ("away", "not running"),
)
PAUSED, CALL, DND = ("paused", ""), ("quiet", "call"), ("quiet", "dnd")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "history.db"


def tell(writer: HistoryWriter, *reports: tuple[float, dict[Key, float]]) -> None:
    for now, spans in reports:
        writer.spans_are(now, 3600, spans)


def test_outcomes_and_entries_are_kept_to_the_last_field(path: Path) -> None:
    writer = history(path)
    writer.settled(outcome(1000.0625))
    writer.settled(OutcomeRow("tea", "note", "", "", None, None, 1100.0, -12600, "withdrawn"))
    writer.entry(EntryRow(1200.5, 3600, "checkin", 3, "", "“stiff”, since\nnoon — 通話"))
    writer.entry(EntryRow(1300.0, 3600, "flare_end", None, "better", ""))
    assert in_file(path, "SELECT * FROM outcomes") == [
        (1, "stretch", "stretch", "chin-tuck", "left", 940.062, 970.062, 1000.062, 3600, "done"),
        (2, "tea", "note", "", "", None, None, 1100.0, -12600, "withdrawn"),
    ]
    assert in_file(path, "SELECT * FROM entries") == [
        (1, 1200.5, 3600, "checkin", 3, "", "“stiff”, since\nnoon — 通話"),
        (2, 1300.0, 3600, "flare_end", None, "better", ""),
    ]
    assert writer.problem == ""


def test_the_file_is_private_and_so_is_all_beside_it(path: Path) -> None:
    before = os.umask(0)
    try:
        writer = history(path)
        writer.settled(outcome(1000))
        found = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert found == {"history.db": 0o600, "history.db-wal": 0o600, "history.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    writer.close()
    assert [each.name for each in path.parent.iterdir()] == ["history.db"]


def test_a_file_that_others_could_read_is_made_private(path: Path) -> None:
    history(path).settled(outcome(1000))
    crash()
    path.chmod(0o644)
    history(path).settled(outcome(2000))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# ---- spans -------------------------------------------------------------------------------------------------


def test_one_is_present_or_away_and_each_ends_where_the_other_began(path: Path) -> None:
    writer = history(path)
    tell(
        writer,
        (1000, {PRESENT: 1000}),
        (2000, {PRESENT: 1000}),
        (2300, {NO_INPUT: 2000}),  # noticed five minutes later
        (2400, {LOCKED: 2390}),
        (3010, {PRESENT: 3000}),
    )
    assert spans_in(path) == [
        ("present", 1000, 2000),
        ("away no input", 2000, 2390),
        ("away locked", 2390, 3000),
        ("present", 3000, None),
    ]


def test_what_holds_and_hushes_ends_when_it_is_no_longer_told(path: Path) -> None:
    writer = history(path)
    tell(
        writer,
        (1000, {PRESENT: 1000, CALL: 1000}),
        (1100, {PRESENT: 1000, CALL: 1000, DND: 1090, PAUSED: 1100}),
        (1200, {PRESENT: 1000, DND: 1090, PAUSED: 1190}),  # a new pause in place of the old one
        (1300, {PRESENT: 1000}),
    )
    assert spans_in(path) == [
        ("present", 1000, None),
        ("quiet call", 1000, 1200),
        ("quiet dnd", 1090, 1300),
        ("paused", 1100, 1190),
        ("paused", 1190, 1300),
    ]


def test_what_turns_out_never_to_have_been_is_not_remembered(path: Path) -> None:
    writer = history(path)
    tell(
        writer,
        (1000, {NO_INPUT: 900}),
        (1100, {PRESENT: 1095}),
        (1130, {NO_INPUT: 900}),  # a bumped mouse was no return
        (1200, {PRESENT: 1200, CALL: 1200}),
        (1200, {PRESENT: 1200}),
    )
    assert spans_in(path) == [("away no input", 900, 1200), ("present", 1200, None)]


def test_the_same_beginning_told_a_little_differently_is_the_same(path: Path) -> None:
    writer = history(path)
    tell(writer, (1000, {PRESENT: 900.0}), (1100, {PRESENT: 900.7}), (1200, {PRESENT: 899.4}), (1300, {}))
    assert spans_in(path) == [("present", 900, 1300)]


def test_nothing_new_writes_nothing(path: Path) -> None:
    writer = history(path)
    tell(writer, (1000, {PRESENT: 1000}))
    before = (path.with_name("history.db-wal").stat().st_size, path.stat().st_mtime_ns)
    tell(writer, (1100, {PRESENT: 1000}), (1200, {PRESENT: 1000}))
    assert (path.with_name("history.db-wal").stat().st_size, path.stat().st_mtime_ns) == before


@settings(max_examples=40)
@given(
    turns=st.lists(
        st.tuples(
            st.integers(min_value=1, max_value=500),  # until the next report
            st.sampled_from([PRESENT, NO_INPUT, LOCKED, None]),  # what began
            st.integers(min_value=0, max_value=500),  # and how long before the report
        ),
        max_size=30,
    )
)
def test_present_and_away_add_up_to_the_time_that_passed(
    tmp_path_factory: pytest.TempPathFactory, turns: list[tuple[int, Key | None, int]]
) -> None:
    path = tmp_path_factory.mktemp("any") / "history.db"
    writer = history(path)
    now, current, since = 1000, PRESENT, 1000
    tell(writer, (now, {current: since}))
    for step, began, ago in turns:
        now += step
        if began and began != current:
            current, since = began, max(since + 1, now - ago)
        tell(writer, (now, {current: since}))
    writer.close()
    found = spans_in(path)
    assert sum(end - start for _, start, end in found) == now - 1000
    assert all(earlier[2] == later[1] for earlier, later in pairwise(found))


# ---- its lives ---------------------------------------------------------------------------------------------


def test_what_a_crash_left_open_ended_with_the_last_sign_of_life(path: Path) -> None:
    tell(history(path), (1000, {PRESENT: 900, PAUSED: 950, CALL: 1000}))
    crash()
    writer = history(path)
    writer.revive(1000.0)
    tell(writer, (1060, {STOPPED: 1000, PAUSED: 950}), (1070, {PRESENT: 1065, PAUSED: 950}))
    assert spans_in(path) == [
        ("present", 900, 1000),
        ("paused", 950, None),  # the same pause goes on
        ("away not running", 1000, 1065),
        ("present", 1065, None),
    ]


def test_an_orderly_end_ends_what_goes_on_and_the_next_life_may_go_on_with_it(path: Path) -> None:
    writer = history(path)
    tell(writer, (1000, {PRESENT: 900, PAUSED: 950}), (1100, {PRESENT: 900, PAUSED: 950}))
    writer.close()
    assert spans_in(path) == [("present", 900, 1100), ("paused", 950, 1100)]
    writer = history(path)
    writer.revive(1100)
    tell(writer, (1103, {STOPPED: 1100, PAUSED: 950}), (1200, {PRESENT: 1103}))
    assert spans_in(path) == [
        ("present", 900, 1100),
        ("paused", 950, 1200),
        ("away not running", 1100, 1103),
        ("present", 1103, None),
    ]


def test_a_kill_at_any_moment_loses_nothing_that_was_written(path: Path) -> None:
    code = (
        "import sys; from support.history_helpers import history, outcome; from pathlib import Path\n"
        "writer = history(Path(sys.argv[1])); number = 0\n"
        "while True: number += 1; writer.settled(outcome(number)); print(number, flush=True)"
    )
    for _ in range(3):
        already = len(settled_in(path)) if path.exists() else 0
        helpers = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        with subprocess.Popen(
            [sys.executable, "-c", code, str(path)], env=helpers, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout
            for line in child.stdout:
                if int(line) >= 200:
                    break
            child.kill()
            said = int((line + child.stdout.read()).split("\n")[-2])
        assert path.with_name("history.db-wal").exists()
        assert len(settled_in(path)) - already in (said, said + 1)


def test_what_is_too_old_goes_once_a_day_and_little_by_little(path: Path) -> None:
    writer = history(path, keep=30 * DAY)
    for number in range(700):
        writer.settled(outcome(DAY + number))
    writer.settled(outcome(35 * DAY))
    tell(writer, (DAY, {PRESENT: DAY, CALL: DAY}), (34 * DAY, {PRESENT: DAY}), (40 * DAY, {PRESENT: DAY}))
    writer.entry(entry(DAY))
    writer.entry(entry(39 * DAY))
    size = path.stat().st_size

    writer.tidy(40 * DAY)
    assert 400 < len(settled_in(path)) < 700
    for _ in range(5):
        writer.tidy(40 * DAY)
    assert settled_in(path) == [35 * DAY]
    assert in_file(path, "SELECT at FROM entries") == [(39 * DAY,)]
    assert spans_in(path) == [("present", DAY, None), ("quiet call", DAY, 34 * DAY)]
    writer.settled(outcome(DAY))
    writer.tidy(40 * DAY + 3600)
    assert settled_in(path) == [35 * DAY, DAY]  # that day is done
    writer.tidy(41 * DAY)
    assert settled_in(path) == [35 * DAY]
    writer.configure(enabled=True, keep=2 * DAY)
    writer.tidy(41 * DAY + 60)
    assert settled_in(path) == []
    writer.close()
    assert path.stat().st_size < size


def test_what_was_removed_is_not_in_the_file_either(path: Path) -> None:
    writer = history(path, keep=DAY)
    writer.entry(entry(DAY, note="something very private"))
    writer.tidy(3 * DAY)
    writer.close()
    assert b"very private" not in path.read_bytes()


def test_switched_off_it_makes_no_file_and_leaves_one_alone(path: Path) -> None:
    def live(writer: HistoryWriter) -> None:
        writer.revive(900)
        tell(writer, (1000, {PRESENT: 900}))
        writer.settled(outcome(1000))
        writer.entry(entry(1000))
        writer.tidy(1000 * DAY)
        writer.close()
        assert writer.problem == ""

    live(HistoryWriter(str(path), enabled=False, keep=DAY))
    assert not path.parent.exists()
    live(history(path))
    before = path.read_bytes()
    live(HistoryWriter(str(path), enabled=False, keep=DAY))
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["history.db"]


def test_nothing_of_the_time_in_which_it_was_switched_off_is_remembered(path: Path) -> None:
    writer = history(path)
    tell(writer, (1000, {PRESENT: 900}))
    writer.configure(enabled=False, keep=DAY)
    tell(writer, (2000, {PRESENT: 900, CALL: 1500}))
    writer.settled(outcome(2000))
    writer.configure(enabled=True, keep=DAY)
    tell(writer, (2010, {PRESENT: 900, CALL: 1500}), (2100, {}))
    assert spans_in(path) == [("present", 900, 1000), ("present", 2000, 2100), ("quiet call", 2000, 2100)]
    assert settled_in(path) == []


def test_erased_it_leaves_no_trace_and_begins_with_what_comes(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 1000)
    other = path.with_name("history.db.bak")
    other.write_text("the person's own")
    writer = history(path)
    tell(writer, (1000, {PRESENT: 900}))
    assert sorted(each.name for each in path.parent.iterdir()) == [
        *("history.db", "history.db-shm", "history.db-wal", "history.db.bak", "history.db.broken-1"),
    ]
    writer.erase()
    assert (list(path.parent.iterdir()), writer.problem) == ([other], "")
    tell(writer, (1100, {PRESENT: 900}))
    assert spans_in(path) == [("present", 1000, None)]


def test_what_cannot_be_erased_is_said(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(NeckguardError, match=r"history\.db cannot be removed: Is a directory\."):
        history(path).erase()


def test_what_fits_into_no_file_is_left_out_and_holds_nothing_up(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writer = history(path)
    writer.entry(entry(1000, note="\ud800"))
    writer.settled(outcome(float("nan")))
    writer.settled(outcome(2000))
    assert (settled_in(path), in_file(path, "SELECT * FROM entries"), writer.problem) == ([2000], [], "")
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2


def test_an_instance_needs_no_clock_of_ours(path: Path) -> None:
    writer = HistoryWriter(str(path), enabled=True, keep=DAY)
    writer.settled(outcome(1000))
    writer.close()
    assert settled_in(path) == [1000]
