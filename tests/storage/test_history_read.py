"""The history as the command line reads it, and the versions of its tables."""

import math
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest
from support.history_helpers import Clock, crash, entry, history, in_file, outcome

from neckguard.errors import NeckguardError
from neckguard.storage.history import tables
from neckguard.storage.history.reader import entries, open_history, outcomes, spans
from neckguard.storage.history.rows import ENTRIES, OUTCOMES, SPANS, EntryRow, OutcomeRow, SpanRow

FUTURE = (*tables.STEPS, ("ALTER TABLE entries ADD COLUMN mood TEXT NOT NULL DEFAULT 'fair'",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def read(path: Path, since: float = -math.inf, until: float = math.inf) -> list[list[object]]:
    """What there is in the period, as rows."""
    connection = open_history(str(path))
    assert connection
    with closing(connection):
        return [
            [OutcomeRow(*row) for row in outcomes(connection, since, until)],
            [SpanRow(*row) for row in spans(connection, since, until)],
            [EntryRow(*row) for row in entries(connection, since, until)],
        ]


def write(path: Path) -> None:
    writer = history(path)
    for at in (3000.0, 1000.0, 2000.0):
        writer.settled(outcome(at))
        writer.entry(entry(at, note=f"{at:.0f}"))
    writer.spans_are(1000, 60, {("present", ""): 1000.0, ("quiet", "dnd"): 500.0})
    writer.spans_are(2000, 60, {("away", "locked"): 2000.0, ("quiet", "dnd"): 500.0})


def test_rows_come_back_as_they_were_written_oldest_first(path: Path) -> None:
    write(path)  # and the writer still has it open
    assert read(path) == [
        [outcome(1000.0), outcome(2000.0), outcome(3000.0)],
        [
            SpanRow("quiet", "dnd", 500.0, None, 60),
            SpanRow("present", "", 1000.0, 2000.0, 60),
            SpanRow("away", "locked", 2000.0, None, 60),
        ],
        [entry(1000.0, "1000"), entry(2000.0, "2000"), entry(3000.0, "3000")],
    ]


def test_a_period_holds_what_was_settled_or_said_in_it_and_what_overlaps_it(path: Path) -> None:
    write(path)
    settled, lasted, said = read(path, 2000.0, 3000.0)
    assert (settled, said) == ([outcome(2000.0)], [entry(2000.0, "2000")])
    assert [(row.kind, row.start) for row in lasted if isinstance(row, SpanRow)] == [
        ("quiet", 500.0),
        ("away", 2000.0),
    ]
    assert [len(found) for found in read(path, 400.0, 500.0)] == [0, 0, 0]
    assert [len(found) for found in read(path, 1999.0, 2000.0)] == [0, 2, 0]


def test_the_columns_are_the_fields(path: Path) -> None:
    columns = {OutcomeRow: OUTCOMES, SpanRow: SPANS, EntryRow: ENTRIES}
    for row, named in columns.items():
        assert named.replace('"', "").split(", ") == [field.name for field in fields(row)]


def test_one_day_is_found_without_going_through_the_years_before(path: Path) -> None:
    write(path)
    connection = open_history(str(path))
    assert connection
    with closing(connection):
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        for read_table in (outcomes, spans, entries):
            list(read_table(connection, 1000, 2000))
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {query}").fetchall() for query in tuple(asked)]
    for plan in plans:
        assert not any(step.startswith("SCAN") for (*_, step) in plan)
    assert "spans_end" in str(plans[1])


def test_there_may_be_no_history_yet(path: Path) -> None:
    assert open_history(str(path)) is None
    assert open_history(str(path / "below")) is None
    assert not path.exists()


def test_reading_changes_nothing(path: Path) -> None:
    write(path)
    crash()
    before = path.read_bytes()
    read(path)
    assert path.read_bytes() == before
    connection = open_history(str(path))
    assert connection
    with closing(connection), pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM outcomes")


def test_a_path_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "50% of #1?x=y" / "history.db"
    write(path)
    assert len(read(path)[0]) == 3


def test_what_a_crash_left_beside_the_file_is_read_too(path: Path, tmp_path: Path) -> None:
    write(path)
    copy = tmp_path / "crashed" / "history.db"
    copy.parent.mkdir()
    for each in ("history.db", "history.db-wal"):
        (copy.parent / each).write_bytes((path.parent / each).read_bytes())
    assert len(read(copy)[0]) == 3


@pytest.mark.parametrize("damage", ["text", "cut", "pages", "tables"])
def test_a_damaged_file_is_explained(path: Path, damage: str) -> None:
    writer = history(path)
    for number in range(300):
        writer.settled(outcome(number))
    writer.close()
    whole = path.read_bytes()
    if damage == "text":
        path.write_text("Dear diary, " * 100)
    elif damage == "cut":
        os.truncate(path, 9000)
    elif damage == "pages":
        path.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
    else:
        in_file(path, "DROP TABLE outcomes")
    with pytest.raises(NeckguardError) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path} cannot be read: ")
    assert str(raised.value).endswith(
        f" To save what can be saved: sqlite3 {path} .recover; to begin a new one: neckguard history erase."
    )


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_explained(path: Path, make: Callable[[Path], None]) -> None:
    path.parent.mkdir(exist_ok=True)
    make(path)
    with pytest.raises(NeckguardError, match=r"history\.db is no file; remove it\."):
        open_history(str(path))


# ---- versions ----------------------------------------------------------------------------------------------


def made_by(path: Path, steps: Sequence[Sequence[str]]) -> None:
    """A file with the tables of these steps, and an entry if there is room for one."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        tables.migrate(connection, str(path), steps)
        if steps:
            connection.execute(
                "INSERT INTO entries (at, offset, what, detail, note) VALUES (1, 2, '', '', '')"
            )


def layout(path: Path) -> list[tuple[object, ...]]:
    return in_file(path, "SELECT sql FROM sqlite_schema UNION SELECT user_version FROM pragma_user_version")


@pytest.mark.parametrize("version", range(tables.VERSION + 1))
def test_from_every_older_version_the_way_leads_to_the_newest(
    path: Path, tmp_path: Path, version: int
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for step in tables.STEPS[:version]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version}")
        assert tables.migrate(connection, str(path)) == version
        assert tables.migrate(connection, str(path)) == tables.VERSION
    fresh = tmp_path / "fresh.db"
    made_by(fresh, tables.STEPS)
    assert layout(path) == layout(fresh)


def test_a_later_step_keeps_what_was_there(path: Path) -> None:
    made_by(path, tables.STEPS)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert tables.migrate(connection, str(path), FUTURE) == tables.VERSION
    assert in_file(path, "SELECT at, mood FROM entries") == [(1.0, "fair")]
    assert in_file(path, "PRAGMA user_version") == [(tables.VERSION + 1,)]


def test_a_step_that_fails_changes_nothing(path: Path) -> None:
    made_by(path, tables.STEPS)
    before = layout(path)
    broken = (*FUTURE, ("ALTER TABLE nowhere ADD COLUMN mood TEXT",))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            tables.migrate(connection, str(path), broken)
        assert not connection.in_transaction
    assert layout(path) == before


def test_the_writer_brings_an_older_file_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_by(path, tables.STEPS)
    monkeypatch.setattr(tables.migrate, "__defaults__", (FUTURE,))
    monkeypatch.setattr(tables.version_of, "__defaults__", (len(FUTURE),))
    writer = history(path)
    writer.entry(entry(2.0))
    assert in_file(path, "SELECT at, mood FROM entries") == [(1.0, "fair"), (2.0, "fair")]
    assert writer.problem == ""


def test_a_reader_brings_an_older_file_up_to_date_in_memory_only(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_by(path, tables.STEPS)
    before = path.read_bytes()
    monkeypatch.setattr(tables.migrate, "__defaults__", (FUTURE,))
    monkeypatch.setattr(tables.version_of, "__defaults__", (len(FUTURE),))
    monkeypatch.setattr("neckguard.storage.history.reader.VERSION", len(FUTURE))
    connection = open_history(str(path))
    assert connection
    with closing(connection):
        assert connection.execute("SELECT at, mood FROM entries").fetchall() == [(1.0, "fair")]
    assert path.read_bytes() == before


def test_an_empty_file_is_an_empty_history(path: Path) -> None:
    path.touch()
    assert read(path) == [[], [], []]
    assert path.read_bytes() == b""


def test_a_newer_file_is_neither_read_nor_touched(path: Path) -> None:
    made_by(path, FUTURE)
    before = path.read_bytes()
    with pytest.raises(NeckguardError, match=r"newer neckguard\. Update neckguard"):
        open_history(str(path))
    writer = history(path, clock=Clock())
    writer.entry(entry(2.0))
    assert "newer neckguard" in writer.problem
    assert path.read_bytes() == before
