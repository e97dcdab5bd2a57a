"""A history database made of the rows a test names."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from neckguard.stats.gather import EntryTuple, OutcomeTuple
from neckguard.stats.sitting_time import SpanTuple
from neckguard.storage.history.rows import ENTRIES, OUTCOMES, SPANS
from neckguard.storage.history.schema import migrate


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
