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
_HELP = """\
outcomes  how each round of a reminder ended
  settled   when
  reminder  its name in the settings
  kind      posture, stretch, break or note
  item      the stretch or posture check it suggested
  side      left, right or both, where there are sides
  due       when it was due
  shown     when it was shown; empty: it was not
  how       done, snoozed, skipped, dismissed (closed), ignored (unanswered), covered (by a longer one),
            natural_break (an absence long enough), withdrawn or undelivered
spans     what lasted
  start, end  from when to when; no end: it goes on
  seconds   how long
  kind      present (at the screen), away, paused, off_hours, quiet, or server (for notifications)
  reason    of an absence or of quiet; plain, or keeps: a server that keeps unanswered notifications
entries   what you said about your neck, or did for it
  at        when
  what      checkin, flare_start, flare_side, flare_flags (red flags named), flare_cleared (somebody had
            looked), flare_end, lost_days, hurt, strength, timer_start or timer_end
  score     pain, 0 to 10; with strength, how many repetitions
  detail    a side, a stretch, a band, a pack, what ended it, the ids of red flags, the days that the flare-up
            cost so far; of a check-in the button, and whether turning was comfortable (turning yes, or no)
  note      your own words

days      a row for each day since the first on record, with or without anything in it; only by its name
  date             the local day
  sitting_minutes  at the screen
  longest_minutes  the longest sitting without a break that began on that day
  over_60          how many sittings without a break were over 60 minutes
  prompts          how many were shown
  breaks           done when a prompt asked
  natural_breaks   taken without being asked
  stretches, postures  done
  checkins         how many
  pain             their mean, 0 to 10; empty: nobody said
  hurts            how often a stretch hurt
  packs            how many timers for a cold or warm pack
  flare_up         1 on the days of one, else 0

Times are ISO 8601 with their distance from UTC: local time as it was when the row began.
In CSV, a text that a spreadsheet might take for a formula has an apostrophe in front.
CSV (UTF-8) has one header and, before the columns of each kind of row, one named `table`, unless one table
is chosen. JSON is one object with the three lists (not days), or with the one chosen.

Examples:
  neckguard export > everything.csv
  neckguard export --table days > days.csv
  neckguard export --table outcomes --since 2026-01-01 > outcomes.csv
  neckguard export --format json"""


# What begins one, or would be taken for our own mark; there are no control characters in a note.
_FORMULAS = ("=", "+", "-", "@", "'")
_MIDDLE_AGES = 1000  # a year


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments, and what comes out."""
    parser.add_argument("--format", choices=("csv", "json"), default="csv", help="csv unless said")
    parser.add_argument("--table", choices=(*_COLUMNS, _DAYS, "all"), default="all", help="all unless said")
    parser.add_argument(
        "--since", metavar="D", type=_moment, default=-math.inf, help="from this day on, such as 2026-03-01"
    )
    parser.epilog = _HELP


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


def _moment(text: str) -> float:
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as 2026-03-01") from None
    try:
        return day.astimezone().timestamp()
    except (ValueError, OverflowError):  # at the ends of the calendar
        return math.copysign(math.inf, day.year - _MIDDLE_AGES)
