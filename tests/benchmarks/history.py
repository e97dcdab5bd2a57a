"""A history of many years, the same each time, and how long it takes to write into it and to read it.

clean/bin/python tests/benchmarks/history.py             # makes ten years of history in a temporary directory
clean/bin/python tests/benchmarks/history.py FILE DAYS   # makes so many days of it in a file, and no more
"""

import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from neckguard.storage.history.reader import entries, open_history, outcomes, spans
from neckguard.storage.history.rows import ENTRIES, OUTCOMES, SPANS, EntryRow, OutcomeRow, SpanRow
from neckguard.storage.history.tables import migrate
from neckguard.storage.history.writer import HistoryWriter

NECKGUARD = str(Path(sys.executable).with_name("neckguard"))

T = TypeVar("T")
Row = OutcomeRow | SpanRow | EntryRow
Reader = Callable[[sqlite3.Connection, float, float], Iterator[tuple[object, ...]]]

TEN_YEARS = 3653  # days
LAST_DAY = datetime(2026, 6, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
_SEED = 1
_TABLES: dict[type[Row], str] = {
    OutcomeRow: f"INSERT INTO outcomes ({OUTCOMES}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    SpanRow: f"INSERT INTO spans ({SPANS}) VALUES (?, ?, ?, ?, ?)",
    EntryRow: f"INSERT INTO entries ({ENTRIES}) VALUES (?, ?, ?, ?, ?, ?)",
}
_REMINDERS = {
    "posture": 1200.0, "stretch": 2400.0, "break": 3600.0, "eyes": 660.0, "water": 3600.0, "stand": 2400.0,
}  # fmt: skip
_STRETCHES = (("chin-tuck", ""), ("side-tilt", "left"), ("side-tilt", "right"), ("shoulder-roll", "both"))
_HOW = {
    "done": 50, "natural_break": 14, "snoozed": 12, "skipped": 8, "covered": 8, "ignored": 5, "dismissed": 2,
    "withdrawn": 1,
}  # fmt: skip
_AWAY = {"no input": 8, "locked": 3, "asleep": 1}
_QUIET = {"call": 6, "presenting": 2, "dnd": 3}


def make_history(
    path: Path, days: int = TEN_YEARS, *, last: datetime = LAST_DAY, zone: tzinfo = BERLIN
) -> int:
    """Write so many days up to the last one into a new file; the number of rows."""
    chance = random.Random(_SEED)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    migrate(connection, str(path))
    connection.execute("BEGIN")
    count = 0
    for number in range(days, 0, -1):
        for row in _day(chance, last - timedelta(days=number - 1), zone):
            connection.execute(_TABLES[type(row)], astuple(row))
            count += 1
    connection.execute("COMMIT")
    connection.close()
    return count


def _day(chance: random.Random, day: datetime, zone: tzinfo) -> Iterator[Row]:
    """What happened on one day: long at the desk on weekdays, an evening or two at the weekend."""
    works = day.weekday() < 5
    local = datetime(day.year, day.month, day.day, 8 if works else 19, tzinfo=zone)
    offset = int((local.utcoffset() or timedelta()).total_seconds())
    start = round(local.timestamp() + chance.uniform(0, 5400), 3)
    end = start + (chance.gauss(9.5, 1) if works else chance.uniform(0, 4)) * 3600
    yield SpanRow("off_hours", "", local.timestamp() - 8 * 3600, start, offset)
    yield from _presence(chance, start, end, offset)
    yield from _lasting(chance, start, end, offset)
    for reminder, every in _REMINDERS.items():
        yield from _rounds(chance, reminder, every, (start, end), offset)
    if works:
        yield from _said(chance, end, offset)


def _presence(chance: random.Random, start: float, end: float, offset: int) -> Iterator[SpanRow]:
    """Sitting and being away take turns."""
    at = start
    while at < end:
        leaves = at + chance.lognormvariate(6.3, 0.7)
        yield SpanRow("present", "", round(at, 3), round(leaves, 3), offset)
        at = leaves + chance.lognormvariate(5.8, 0.9)
        yield SpanRow("away", _pick(chance, _AWAY), round(leaves, 3), round(at, 3), offset)


def _lasting(chance: random.Random, start: float, end: float, offset: int) -> Iterator[SpanRow]:
    """Calls and the like, and now and then a pause."""
    instants = sorted(round(chance.uniform(start, end), 3) for _ in range(chance.randint(0, 60)))
    for begin, over in zip(instants[::2], instants[1::2], strict=False):
        kind, reason = ("quiet", _pick(chance, _QUIET)) if chance.random() < 0.95 else ("paused", "")
        yield SpanRow(kind, reason, begin, over, offset)


def _rounds(
    chance: random.Random, reminder: str, every: float, day: tuple[float, float], offset: int
) -> Iterator[OutcomeRow]:
    """The rounds of one reminder."""
    kind = reminder if reminder in ("posture", "stretch", "break") else "note"
    due = day[0] + every
    while due < day[1]:
        how = _pick(chance, _HOW)
        was_shown = how not in ("natural_break", "covered")
        shown = round(due + chance.expovariate(1 / 60), 3) if was_shown else None
        settled = round((shown or due) + chance.uniform(2, 45), 3)
        item, side = chance.choice(_STRETCHES) if kind == "stretch" else ("", "")
        yield OutcomeRow(reminder, kind, item, side, round(due, 3), shown, settled, offset, how)
        due = settled + every * chance.uniform(0.6, 1.2)


def _said(chance: random.Random, evening: float, offset: int) -> Iterator[EntryRow]:
    """A check-in most evenings, now and then a flare-up that lasts a few days."""
    if chance.random() < 0.7:
        note = "a long day, stiff on the left" if chance.random() < 0.1 else ""
        yield EntryRow(round(evening, 3), offset, "checkin", chance.randint(0, 6), "", note)
    if chance.random() < 0.02:
        yield EntryRow(round(evening, 3), offset, "flare_start", chance.randint(4, 9), "left", "")
        over = round(evening + chance.uniform(1, 6) * 86400, 3)
        yield EntryRow(over, offset, "flare_end", None, "better", "")


def _pick(chance: random.Random, weights: dict[str, int]) -> str:
    return chance.choices(tuple(weights), tuple(weights.values()))[0]


# ---- how long it takes -------------------------------------------------------------------------------------


def measure_history() -> None:
    """Make ten years of history up to today, read and write it, and print how long each took."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    with tempfile.TemporaryDirectory(prefix="ng-") as folder:
        path = Path(folder) / "neckguard" / "history.db"
        path.parent.mkdir(mode=0o700)
        count, took = timed(lambda: make_history(path, last=today))
        print(f"ten years of history    {took:6.2f} s    {count} rows, {path.stat().st_size / 1e6:.0f} MB")
        reading(path, today.timestamp())
        verb(Path(folder), "stats", "--days", "400", budget="budget 0.3")
        verb(Path(folder), "stats", "--days", str(TEN_YEARS), budget="budget 2")
        verb(Path(folder), "report", "--days", str(TEN_YEARS), "--output", "-", budget="budget 3")
        verb(Path(folder), "export", times=1)
        inserts(path, today.timestamp() + 90000)


def inserts(path: Path, now: float) -> None:
    """What the daemon waits for: one outcome, or a turn of presence, at a time."""
    history, began = timed(lambda: HistoryWriter(str(path), enabled=True, keep=1e12))
    _, revived = timed(lambda: history.revive(now))
    times = []
    for number in range(2000):
        at = now + 60.0 * number
        row = OutcomeRow("posture", "posture", "", "", at, at, at, 7200, "done")
        key = ("present", "") if number % 2 else ("away", "no input")
        times += [
            timed(partial(history.settled, row))[1],
            timed(partial(history.spans_are, at, 7200, {key: at}))[1],
        ]
    history.configure(enabled=True, keep=30 * 86400.0)
    tidied = [timed(lambda: history.tidy(now))[1] for _ in range(100)]
    history.close()
    assert not history.problem, history.problem
    times.sort()
    print(
        f"insert into ten years   {statistics.median(times) * 1000:6.2f} ms   "
        f"(budget 2; 99 %: {times[-len(times) // 100] * 1000:.2f}, longest {times[-1] * 1000:.1f};"
        f" first {(began + revived) * 1000:.1f}; tidying {max(tidied) * 1000:.1f} at once)"
    )


def reading(path: Path, last: float) -> None:
    """Everything, and the last day, as the verbs read them."""
    connection = open_history(str(path))
    assert connection
    tables: tuple[tuple[str, Reader], ...] = (("outcomes", outcomes), ("spans", spans), ("entries", entries))
    for name, read in tables:
        everything, whole = timed(partial(count_rows, read(connection, 0.0, 1e12)))
        _, day = timed(partial(count_rows, read(connection, last, 1e12)))
        print(f"read {name:<19}{whole:6.2f} s    {everything} rows; one day {day * 1000:.1f} ms")
    connection.close()


def count_rows(rows: Iterable[object]) -> int:
    """How many there are, each of them made."""
    return sum(1 for _ in rows)


def verb(folder: Path, *words: str, budget: str = "no budget", times: int = 5) -> None:
    """Run the program, from its start to its end, and print the median of the times it took."""
    env = {**os.environ, "XDG_STATE_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    run = partial(subprocess.run, [NECKGUARD, *words], env=env, stdout=subprocess.DEVNULL, check=True)
    took = [timed(run)[1] for _ in range(times)]
    name = " ".join(words[:3])
    print(f"{name:<22}  {statistics.median(took):6.2f} s    ({budget}; longest {max(took):.2f})")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gave, and how long it took."""
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(make_history(Path(sys.argv[1]), int(sys.argv[2])), "rows")
    else:
        measure_history()
