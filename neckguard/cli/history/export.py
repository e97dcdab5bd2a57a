"""`neckguard export`: everything the history holds, for spreadsheets and programs."""

import argparse
import csv
import json
import math
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, nullcontext
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any

from neckguard import paths
from neckguard.storage.history import reader
from neckguard.storage.history.rows import EntryRow, OutcomeRow, SpanRow

Row = dict[str, Any]
Reader = Callable[[sqlite3.Connection, float, float], Iterator[tuple[Any, ...]]]

_COLUMNS = {
    "outcomes": ("settled", "reminder", "kind", "item", "side", "due", "shown", "how"),
    "spans": ("start", "end", "seconds", "kind", "reason"),
    "entries": ("at", "what", "score", "detail", "note"),
}
_DAYS = "days"  # is no table of the history: it is worked out
_TIMES = {"settled", "due", "shown", "start", "end", "at"}
_TABLES: dict[str, tuple[type, Reader]] = {
    "outcomes": (OutcomeRow, reader.outcomes),
    "spans": (SpanRow, reader.spans),
    "entries": (EntryRow, reader.entries),
}


# What begins one, or would be taken for our own mark; there are no control characters in a note.
_FORMULAS = ("=", "+", "-", "@", "'")


def run(args: argparse.Namespace) -> int:
    """Print it.

    Raises:
        NeckguardError: the history cannot be read.
    """
    tables = tuple(_COLUMNS) if args.table == "all" else (args.table,)
    connection = reader.open_history(paths.history_file())
    if connection is None:
        print("neckguard: there is no history yet.", file=sys.stderr)
    columns = [column for table in tables for column in _columns(table)]
    rows = {table: _rows(connection, table, args.since) for table in tables}
    with closing(connection) if connection else nullcontext():
        if args.format == "json":
            _print_json(rows)
        else:
            _print_csv(rows, columns)
    return 0


def _columns(table: str) -> Iterable[str]:
    if table != _DAYS:
        return _COLUMNS[table]
    from neckguard.stats.gather import DayRow

    return (field.name for field in fields(DayRow))


def _rows(connection: sqlite3.Connection | None, table: str, since: float) -> Iterator[Row]:
    """The rows of a table as they are told; read from the file while they are printed."""
    if connection is None:
        return
    if table == _DAYS:
        yield from _day_rows(connection, since)
        return
    kind, read = _TABLES[table]
    names = [field.name for field in fields(kind)]
    for values in read(connection, since, math.inf):
        row: Row = dict(zip(names, values, strict=True))
        if table == "spans" and row["end"] is not None:
            row["seconds"] = round(row["end"] - row["start"], 3)
        yield {column: _told(row, column) for column in _COLUMNS[table]}


def _day_rows(connection: sqlite3.Connection, since: float) -> Iterator[Row]:
    """A row for each day, from the first that is wanted and on record until today."""
    from neckguard.cli.history import recent
    from neckguard.stats.gather import by_day

    first, today = reader.first_instant(connection), recent.period(1)
    if first is None or since > today.now:
        return
    begin = datetime.fromtimestamp(first, UTC).date()
    if since > -math.inf:
        begin = max(begin, datetime.fromtimestamp(since).astimezone().date())
    period = replace(today, first=min(begin, today.last))
    for row in by_day(period, **recent.records(connection, period)):
        yield {**asdict(row), "date": str(row.date)}


def _told(row: Row, column: str) -> Any:
    value = row.get(column)
    if value is None or column not in _TIMES:
        return value
    return datetime.fromtimestamp(value, _zone(row["offset"])).isoformat(timespec="milliseconds")


def _as_text(value: Any) -> Any:
    """The value such that no spreadsheet computes it (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value[:1] in _FORMULAS else value


def _print_csv(tables: dict[str, Iterator[Row]], columns: Iterable[str]) -> None:
    named = ("table",) if len(tables) > 1 else ()
    writer = csv.DictWriter(
        sys.stdout, (*named, *dict.fromkeys(columns)), lineterminator="\n", extrasaction="ignore"
    )
    writer.writeheader()
    for table, rows in tables.items():
        writer.writerows({"table": table, **{name: _as_text(row[name]) for name in row}} for row in rows)


def _print_json(tables: dict[str, Iterator[Row]]) -> None:
    """One row a line, as they come: all at once would take a gigabyte for ten years."""
    before = "{"
    for table, rows in tables.items():
        print(f"{before}{json.dumps(table)}: [", end="")
        separator = "\n  "
        for row in rows:
            print(f"{separator}{json.dumps(row)}", end="")
            separator = ",\n  "
        print("\n]", end="")
        before = ",\n"
    print("}")


@cache
def _zone(offset: int) -> timezone:
    return timezone(timedelta(seconds=offset))
