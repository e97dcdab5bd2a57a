"""What the tests of the history share: rows, and a look into the file that trusts nothing of ours."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from neckguard.stats.flares import EntryTuple
from neckguard.stats.gather import OutcomeTuple
from neckguard.stats.sitting_time import SpanTuple
from neckguard.storage.history.rows import ENTRIES, OUTCOMES, SPANS, EntryRow, OutcomeRow
from neckguard.storage.history.tables import migrate
from neckguard.storage.history.writer import HistoryWriter

FOR_EVER = 1e12
DAY = 86400.0


class Clock:
    """Seconds, as the test lets them pass."""

    def __init__(self) -> None:
        self.now = 5.0

    def __call__(self) -> float:
        return self.now


_made: list[HistoryWriter] = []


def history(path: Path, *, keep: float = FOR_EVER, clock: Clock | None = None) -> HistoryWriter:
    """A writer whose retries are due when the clock says so."""
    _made.append(HistoryWriter(str(path), enabled=True, keep=keep, clock=clock or Clock()))
    return _made[-1]


def crash() -> None:
    """All writers of this test come to an end without knowing it."""
    while _made:
        file = _made.pop()._file
        if file:
            file.close()


def outcome(settled: float, how: str = "done", **fields: Any) -> OutcomeRow:
    """A round of the stretch."""
    given: dict[str, Any] = {"due": settled - 60, "shown": settled - 30, "item": "chin-tuck", "side": "left"}
    return OutcomeRow("stretch", "stretch", settled=settled, offset=3600, how=how, **{**given, **fields})


def entry(at: float, note: str = "") -> EntryRow:
    """A check-in."""
    return EntryRow(at, 3600, "checkin", 4, "", note)


def in_file(path: Path, query: str) -> list[tuple[Any, ...]]:
    """What SQLite says by itself."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def spans_in(path: Path) -> list[tuple[Any, ...]]:
    """Kind and reason, from and to."""
    return in_file(path, 'SELECT trim(kind || " " || reason), start, "end" FROM spans ORDER BY start, "end"')


def settled_in(path: Path) -> list[float]:
    """When which outcomes were settled, in the order of writing."""
    return [settled for (settled,) in in_file(path, "SELECT settled FROM outcomes ORDER BY id")]


def write_history(
    path: Path,
    *,
    outcomes: Iterable[OutcomeTuple] = (),
    spans: Iterable[SpanTuple] = (),
    entries: Iterable[EntryTuple] = (),
) -> None:
    """Make the file, with these rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    with connection:
        migrate(connection, str(path))
        _insert(connection, f"outcomes ({OUTCOMES})", outcomes)
        _insert(connection, f"spans ({SPANS})", spans)
        _insert(connection, f"entries ({ENTRIES})", entries)
    connection.close()


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    places = ", ".join("?" * (table.count(",") + 1))
    connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
