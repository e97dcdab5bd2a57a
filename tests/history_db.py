"""A history database made of the rows a test names."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from neckguard.stats.care import Entry
from neckguard.stats.prompts import Outcome
from neckguard.stats.sitting import Span

SCHEMA = """
CREATE TABLE outcomes (id INTEGER PRIMARY KEY, reminder TEXT NOT NULL, kind TEXT NOT NULL, item TEXT NOT NULL,
    side TEXT NOT NULL DEFAULT '', due REAL, shown REAL, settled REAL NOT NULL, offset INTEGER NOT NULL,
    how TEXT NOT NULL);
CREATE INDEX outcomes_settled ON outcomes (settled);
CREATE TABLE spans (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, reason TEXT NOT NULL, start REAL NOT NULL,
    "end" REAL, offset INTEGER NOT NULL);
CREATE INDEX spans_start ON spans (start);
CREATE TABLE entries (id INTEGER PRIMARY KEY, at REAL NOT NULL, offset INTEGER NOT NULL, what TEXT NOT NULL,
    score INTEGER, detail TEXT NOT NULL, note TEXT NOT NULL);
CREATE INDEX entries_at ON entries (at);
PRAGMA user_version = 1;
"""


def write_history(
    path: Path,
    *,
    outcomes: Iterable[Outcome] = (),
    spans: Iterable[Span] = (),
    entries: Iterable[Entry] = (),
) -> None:
    """Make the file, with these rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    with connection:
        connection.executescript(SCHEMA)
        _insert(
            connection, "outcomes (reminder, kind, item, side, due, shown, settled, offset, how)", outcomes
        )
        _insert(connection, 'spans (kind, reason, start, "end", offset)', spans)
        _insert(connection, "entries (at, offset, what, score, detail, note)", entries)
    connection.close()


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    places = ", ".join("?" * (table.count(",") + 1))
    connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
