"""What is written into the history: statements that may be tried again until they succeed."""

import logging
import sqlite3
from collections.abc import Iterable

from neckguard.storage.history_schema import ENTRIES, OUTCOMES, SPANS
from neckguard.storage.rows import EntryRow, OutcomeRow, SpanRow

_log = logging.getLogger(__name__)

Change = tuple[tuple[str, tuple[str | float | None, ...]], ...]  # statements that belong together

_OUTCOME = f"INSERT INTO outcomes ({OUTCOMES}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - fixed names
_ENTRY = f"INSERT INTO entries ({ENTRIES}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608 - fixed names
_SAME = "start = ? AND kind = ? AND reason = ?"
_CHANGE = f'UPDATE spans SET "end" = ? WHERE {_SAME}'  # noqa: S608 - fixed names
_ELSE_ADD = f"INSERT INTO spans ({SPANS}) SELECT ?, ?, ?, ?, ? WHERE changes() = 0"
_PRESENCE = "kind IN ('present', 'away')"
_CUT = f'UPDATE spans SET "end" = ? WHERE "end" > ? AND start < ? AND {_PRESENCE}'  # noqa: S608 - fixed names
_CUT_ALL = f'DELETE FROM spans WHERE "end" > ? AND start >= ? AND {_PRESENCE}'  # noqa: S608 - fixed names
_REMOVE = f"DELETE FROM spans WHERE {_SAME}"  # noqa: S608 - fixed names
_OLD = (("outcomes", "settled"), ("spans", '"end"'), ("entries", "at"))
_SOME = 200  # rows, or pages, that are removed in one go: some milliseconds
# No disk is to blame for these; what leads to them would never be written.
_MISFITS = (
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    ValueError,
    OverflowError,
)


def outcome(row: OutcomeRow) -> Change:
    """A round of a reminder ended."""
    times = (_instant(row.due), _instant(row.shown), _instant(row.settled))
    return ((_OUTCOME, (row.reminder, row.kind, row.item, row.side, *times, row.offset, row.how)),)


def entry(row: EntryRow) -> Change:
    """The person said or did something."""
    return ((_ENTRY, (_instant(row.at), row.offset, row.what, row.score, row.detail, row.note)),)


def span(row: SpanRow) -> Change:
    """A span began or ended. Known by its start, so that it may begin and end more than once."""
    known = (row.start, row.kind, row.reason)
    return (
        (_CHANGE, (row.end, *known)),
        (_ELSE_ADD, (row.kind, row.reason, row.start, row.end, row.offset)),
    )


def no_span(row: SpanRow) -> Change:
    """A span turned out never to have been."""
    return ((_REMOVE, (row.start, row.kind, row.reason)),)


def end_all(at: float) -> Change:
    """Everything that went on ended, at the latest then."""
    return (
        ('UPDATE spans SET "end" = ? WHERE "end" IS NULL AND start < ?', (at, at)),
        ('DELETE FROM spans WHERE "end" IS NULL', ()),
    )


def cut_presence(at: float) -> Change:
    """It turns out that somebody came or went then already: what was written of the time since is not so."""
    return ((_CUT, (at, at, at)), (_CUT_ALL, (at, at)))


def apply(connection: sqlite3.Connection, changes: Iterable[Change]) -> None:
    """Write it all, except what cannot be written anywhere.

    Raises:
        sqlite3.Error: the file cannot be written.
    """
    for change in changes:
        try:
            for statement, values in change:
                connection.execute(statement, values)
        except _MISFITS as error:
            _log.warning("Something cannot be kept in the history: %s", error)


def prune(connection: sqlite3.Connection, before: float) -> bool:
    """Remove some of what was over before then, and give the room back; whether nothing is left of it."""
    done = True
    for table, over in _OLD:
        some = f"SELECT id FROM {table} WHERE {over} < ? LIMIT {_SOME}"  # noqa: S608 - fixed names
        removed = connection.execute(f"DELETE FROM {table} WHERE id IN ({some})", (before,))  # noqa: S608 - fixed names
        done = done and removed.rowcount < _SOME
    connection.execute(f"PRAGMA incremental_vacuum({_SOME})").fetchall()
    return done


def _instant(seconds: float | None) -> float | None:
    """To the millisecond: as exact as `export` tells it."""
    return None if seconds is None else round(seconds, 3)
