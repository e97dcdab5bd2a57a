"""The tables of the history, and the way to them from those of every older version."""

import sqlite3
from collections.abc import Sequence

from neckguard.errors import NeckguardError
from neckguard.storage.history.rows import ENTRIES, OUTCOMES, SPANS

# What leads from version n of the tables (`user_version`; 0 is an empty file) to n + 1. Only ever added to.
STEPS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE outcomes (
            id INTEGER PRIMARY KEY, reminder TEXT NOT NULL, kind TEXT NOT NULL, item TEXT NOT NULL,
            side TEXT NOT NULL DEFAULT '', due REAL, shown REAL, settled REAL NOT NULL,
            offset INTEGER NOT NULL, how TEXT NOT NULL
        )
        """,
        "CREATE INDEX outcomes_settled ON outcomes (settled)",
        """
        CREATE TABLE spans (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, reason TEXT NOT NULL,
            start REAL NOT NULL, "end" REAL, offset INTEGER NOT NULL
        )
        """,
        "CREATE INDEX spans_start ON spans (start)",
        # What goes on and what ended lately are found without going through the years before.
        'CREATE INDEX spans_end ON spans ("end")',
        """
        CREATE TABLE entries (
            id INTEGER PRIMARY KEY, at REAL NOT NULL, offset INTEGER NOT NULL, what TEXT NOT NULL,
            score INTEGER, detail TEXT NOT NULL, note TEXT NOT NULL
        )
        """,
        "CREATE INDEX entries_at ON entries (at)",
    ),
    # Of what was kept elsewhere while it waited for the disk: the last that is here, of each writer's life.
    ("CREATE TABLE arrived (life TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID",),
)
VERSION = len(STEPS)


class NewerHistory(NeckguardError):  # noqa: N818 - a state of affairs, not a fault
    """The file was written by a later neckguard; it must not be touched."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} was written by a newer neckguard. Update neckguard; it is left as it is.")


def version_of(connection: sqlite3.Connection, path: str, newest: int = VERSION) -> int:
    """The version of the tables in the file.

    Raises:
        NewerHistory: later than `newest`.
        sqlite3.Error: it cannot be read.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > newest:
        raise NewerHistory(path)
    return int(version)


def migrate(connection: sqlite3.Connection, path: str, steps: Sequence[Sequence[str]] = STEPS) -> int:
    """Bring the tables to the newest version, all or nothing; the version they had.

    Raises:
        NewerHistory: they are newer; nothing was changed.
        sqlite3.Error: that failed; nothing was changed.
    """
    if version_of(connection, path, len(steps)) < len(steps):
        connection.execute("BEGIN IMMEDIATE")
    try:
        version = version_of(connection, path, len(steps))  # once more: somebody may have been faster
        for step in steps[version:]:
            for statement in step:
                connection.execute(statement)
        if version < len(steps):
            connection.execute(f"PRAGMA user_version = {len(steps)}")
        for table, columns in (("outcomes", OUTCOMES), ("spans", SPANS), ("entries", ENTRIES)):
            connection.execute(f"SELECT {columns} FROM {table} LIMIT 0")  # noqa: S608 - fixed names
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    if connection.in_transaction:
        connection.execute("COMMIT")
    return version


def code_of(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 where the error is not SQLite's own."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is damaged, or none of ours: SQLITE_ERROR says that a table or a column is missing."""
    return code_of(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
