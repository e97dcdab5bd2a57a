"""The reader of the history, for the command line. Never writes, and never makes the file.

Rows come as tuples in the order of the fields in `rows`, so that `OutcomeRow(*row)` builds one: ten
years are 600,000 of them, and making dataclasses would take longer than all the rest.
"""

import os
import sqlite3
from collections.abc import Iterator
from typing import Any

from neckguard.errors import NeckguardError
from neckguard.storage.history.rows import ENTRIES, OUTCOMES, SPANS
from neckguard.storage.history.tables import VERSION, code_of, is_damage, migrate, version_of

OutcomeTuple = tuple[str, str, str, str, float | None, float | None, float, int, str]
SpanTuple = tuple[str, str, float, float | None, int]
EntryTuple = tuple[float, int, str, int | None, str, str]

_PATIENCE = 2.0  # seconds, while the daemon writes
_UNWRITABLE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
_FOR_URIS = str.maketrans({"%": "%25", "?": "%3f", "#": "%23"})  # urllib would cost 14 ms


def open_history(path: str) -> sqlite3.Connection | None:
    """The history, to be read only and closed by the caller; None if there is none.

    Older tables are brought up to date in memory.

    Raises:
        NeckguardError: it is damaged, of a newer neckguard, or cannot be read; the message says so.
    """
    if not os.path.exists(path):
        return None
    if not os.path.isfile(path):  # to open a pipe would wait for somebody at its other end
        raise NeckguardError(f"{path} is no file; remove it.")
    try:
        try:
            return _open(path, "mode=ro")
        except sqlite3.OperationalError as error:
            # Where nothing can be written, what readers and writers share cannot be made. Without a journal
            # there is no writer, and the file can be read as it lies there.
            if code_of(error) not in _UNWRITABLE or os.path.exists(f"{path}-wal"):
                raise
            return _open(path, "immutable=1")
    except sqlite3.Error as error:
        raise _unreadable(path, error) from None


_SANE = "abs(offset) < 86400"  # there is no such clock: the row is damaged, and the others are not


def outcomes(connection: sqlite3.Connection, since: float, until: float) -> Iterator[OutcomeTuple]:
    """What was settled from `since` until before `until`, oldest first."""
    where = f"settled >= ? AND settled < ? AND {_SANE} ORDER BY settled"
    return _rows(connection, f"SELECT {OUTCOMES} FROM outcomes WHERE {where}", (since, until))  # noqa: S608 - fixed


def spans(
    connection: sqlite3.Connection, since: float, until: float, kind: str | None = None
) -> Iterator[SpanTuple]:
    """What lasted at some time between `since` and `until`, whole, by its start; of all kinds or of one."""
    # Left to itself, SQLite goes by the start: through all the years before.
    query = f'SELECT {SPANS} FROM spans INDEXED BY spans_end WHERE ("end" IS NULL OR "end" > ?) AND start < ?'  # noqa: S608 - fixed
    narrow = f"AND kind = coalesce(?, kind) AND {_SANE} ORDER BY start"
    return _rows(connection, f"{query} {narrow}", (since, until, kind))


def entries(connection: sqlite3.Connection, since: float, until: float) -> Iterator[EntryTuple]:
    """What the person said from `since` until before `until`, oldest first."""
    where = f"at >= ? AND at < ? AND {_SANE} ORDER BY at"
    return _rows(connection, f"SELECT {ENTRIES} FROM entries WHERE {where}", (since, until))  # noqa: S608 - fixed


def strength(connection: sqlite3.Connection, since: float, until: float) -> Iterator[tuple[float, int]]:
    """When the strength exercise was done from `since` until before `until`, and how far ahead of UTC."""
    done = "reminder = 'strength' AND how = 'done' AND item > ''"  # without an item they merely left
    where = f"settled >= ? AND settled < ? AND {done} AND {_SANE}"
    return _rows(connection, f"SELECT settled, offset FROM outcomes WHERE {where}", (since, until))  # noqa: S608 - fixed


def first_instant(connection: sqlite3.Connection) -> float | None:
    """The earliest instant on record, on the person's own clock (offset added); None: nothing is."""
    earliest = " UNION ALL ".join(
        f"SELECT min({at} + offset) AS first FROM {table} WHERE {_SANE}"  # noqa: S608 - fixed names
        for table, at in (("outcomes", "settled"), ("spans", "start"), ("entries", "at"))
    )
    ((first,),) = _rows(connection, f"SELECT min(first) FROM ({earliest})", ())  # noqa: S608 - fixed names
    return None if first is None else float(first)


def last_server(connection: sqlite3.Connection) -> str:
    """Which kind of notification server there was last, `plain` or `keeps`; empty: nobody wrote it down."""
    query = f"SELECT reason FROM spans WHERE kind = 'server' AND {_SANE} ORDER BY start DESC LIMIT 1"  # noqa: S608 - fixed
    return next((str(reason) for (reason,) in _rows(connection, query, ())), "")


def _open(path: str, how: str) -> sqlite3.Connection:
    uri = f"file:{path.translate(_FOR_URIS)}?{how}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_PATIENCE)
    try:
        if version_of(connection, path) < VERSION:
            return _up_to_date(connection, path)
        migrate(connection, path)  # has nothing to do but look whether these are our tables
    except BaseException:
        connection.close()
        raise
    return connection


def _up_to_date(older: sqlite3.Connection, path: str) -> sqlite3.Connection:
    """A copy in memory with the newest tables: the file itself is the daemon's to change."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    try:
        older.backup(copy)
        migrate(copy, path)
    except BaseException:
        copy.close()
        raise
    older.close()
    return copy


def _rows(
    connection: sqlite3.Connection, query: str, values: tuple[float | str | None, ...]
) -> Iterator[tuple[Any, ...]]:
    try:
        for row in connection.execute(query, values):  # noqa: UP028 - it would close the cursor: too late, maybe
            yield row
    except sqlite3.Error as error:
        (_, _, path) = connection.execute("PRAGMA database_list").fetchone()
        raise _unreadable(path, error) from None


def _unreadable(path: str, error: sqlite3.Error) -> NeckguardError:
    advice = ""
    if is_damage(error):
        advice = (
            f" To save what can be saved: sqlite3 {path} .recover;"
            " to begin a new one: neckguard history erase."
        )
    return NeckguardError(f"{path} cannot be read: {error}.{advice}")
