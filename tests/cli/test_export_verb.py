"""`neckguard export`: all that is kept, and nothing else."""

import csv
import io
import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from support import small_history as small
from support.command import PROGRAM, Outcome, neckguard, nowhere
from support.exported_rows import rebuilt
from support.helpers import patient
from support.history_helpers import crash, history, write_history

from neckguard.stats.gather import DayRow
from neckguard.storage.history.rows import EntryRow, OutcomeRow, SpanRow

BERLIN, KOLKATA = 7200, 19800
HEADER = (
    "table,settled,reminder,kind,item,side,due,shown,how,start,end,seconds,reason,at,what,score,detail,note"
)
# 1772355600 is 2026-03-01 10:00 in Berlin, where summer began on 2026-03-29.
FIRST = 1772355600.0
OUTCOMES = [
    OutcomeRow("stretch", "stretch", "chin-tuck", "left", FIRST, FIRST + 5.25, FIRST + 65.5, 3600, "done"),
    OutcomeRow("tea", "note", "", "", None, None, FIRST + 40 * 86400, BERLIN, "withdrawn"),
]
SPANS = [
    SpanRow("present", "", FIRST, FIRST + 3600.125, 3600),
    SpanRow("away", "locked", FIRST + 3600.125, FIRST + 40 * 86400, 3600),
    SpanRow("present", "", FIRST + 40 * 86400, None, KOLKATA),
]
ENTRIES = [
    EntryRow(FIRST + 60, 3600, "checkin", 3, "", '=1+1, “stiff”;\nsince "noon" — 通話'),
    EntryRow(FIRST + 40 * 86400, BERLIN, "flare_end", None, "better", ""),
]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {**nowhere(tmp_path), "XDG_STATE_HOME": str(tmp_path), "TZ": "Europe/Berlin"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "neckguard" / "history.db"


@pytest.fixture
def lived(file: Path) -> Iterator[None]:
    """A daemon that wrote this, and goes on."""
    writer = history(file)
    for row in OUTCOMES:
        writer.settled(row)
    for span in SPANS:
        writer.spans_are(span.start, span.offset, {(span.kind, span.reason): span.start})
    for entry in ENTRIES:
        writer.entry(entry)
    yield
    crash()


def exported(env: dict[str, str], *words: str) -> str:
    shown = neckguard("export", *words, env=env)
    assert (shown.code, shown.err) == (0, "")
    return shown.out


def table(env: dict[str, str], *words: str) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(exported(env, *words)))
    return [{name: value.removeprefix("'") for name, value in row.items()} for row in rows]


def test_a_table_for_spreadsheets_holds_everything(env: dict[str, str], lived: None) -> None:
    assert exported(env).splitlines()[0] == HEADER
    rows = table(env)
    assert [row["table"] for row in rows] == ["outcomes"] * 2 + ["spans"] * 3 + ["entries"] * 2
    assert [rebuilt(row) for row in rows] == [*OUTCOMES, *SPANS, *ENTRIES]


def test_no_text_is_a_formula_to_a_spreadsheet(env: dict[str, str], file: Path) -> None:
    writer = history(file)
    notes = ["=1+1", "+1", "-1", "@SUM(A1)", "'tis stiff", "1+1=2, it's fine - really @ noon"]
    for number, note in enumerate(notes):
        writer.entry(EntryRow(FIRST + number, 3600, "checkin", 3, "", note))
    crash()
    rows = csv.DictReader(io.StringIO(exported(env, "--table", "entries")))
    assert [row["note"] for row in rows] == [*(f"'{note}" for note in notes[:-1]), notes[-1]]


def test_since_the_beginning_of_the_calendar_there_is_everything(env: dict[str, str], lived: None) -> None:
    assert exported(env, "--since", "0001-01-01") == exported(env)


def test_json_holds_everything(env: dict[str, str], lived: None) -> None:
    found = json.loads(exported(env, "--format", "json"))
    assert {name: [rebuilt(row) for row in rows] for name, rows in found.items()} == {
        "outcomes": OUTCOMES,
        "spans": SPANS,
        "entries": ENTRIES,
    }
    assert found["outcomes"][0] == {
        "settled": "2026-03-01T10:01:05.500+01:00",
        "reminder": "stretch",
        "kind": "stretch",
        "item": "chin-tuck",
        "side": "left",
        "due": "2026-03-01T10:00:00.000+01:00",
        "shown": "2026-03-01T10:00:05.250+01:00",
        "how": "done",
    }
    assert found["spans"][2] == {
        "start": "2026-04-10T14:30:00.000+05:30",
        "end": None,
        "seconds": None,
        "kind": "present",
        "reason": "",
    }


def test_one_table_has_its_own_columns_only(env: dict[str, str], lived: None) -> None:
    assert exported(env, "--table", "spans").splitlines() == [
        "start,end,seconds,kind,reason",
        "2026-03-01T10:00:00.000+01:00,2026-03-01T11:00:00.125+01:00,3600.125,present,",
        "2026-03-01T11:00:00.125+01:00,2026-04-10T10:00:00.000+01:00,3452399.875,away,locked",
        "2026-04-10T14:30:00.000+05:30,,,present,",
    ]
    assert list(json.loads(exported(env, "--format", "json", "--table", "entries"))) == ["entries"]


@pytest.mark.parametrize(
    ("since", "rows"),
    [
        ("2026-03-01", [*OUTCOMES, *SPANS, *ENTRIES]),
        ("2026-03-02", [*OUTCOMES[1:], *SPANS[1:], *ENTRIES[1:]]),
        ("2026-03-01T10:01+01:00", [*OUTCOMES, *SPANS, *ENTRIES]),
        ("2026-03-01T09:01:00.001Z", [*OUTCOMES, *SPANS, *ENTRIES[1:]]),
        ("2026-04-11", SPANS[2:]),
    ],
)
def test_since_a_day_there_is_what_was_settled_or_said_and_what_still_lasted(
    env: dict[str, str], lived: None, since: str, rows: list[object]
) -> None:
    assert [rebuilt(row) for row in table(env, "--since", since)] == rows


@pytest.mark.parametrize("since", ["yesterday", "2026-02-30", "3 days"])
def test_what_is_no_day_is_a_usage_error(env: dict[str, str], since: str) -> None:
    shown = neckguard("export", "--since", since, env=env)
    assert shown.code == 2
    assert f"'{since}' is not a day; write it as 2026-03-01" in shown.err


def test_without_a_history_there_is_only_the_frame(env: dict[str, str], file: Path) -> None:
    note = "neckguard: there is no history yet.\n"
    assert neckguard("export", env=env) == Outcome(0, f"{HEADER}\n", note)
    shown = neckguard("export", "--format", "json", env=env)
    assert (shown.code, json.loads(shown.out)) == (0, {"outcomes": [], "spans": [], "entries": []})
    assert not file.parent.exists()


def test_a_damaged_history_is_explained(env: dict[str, str], file: Path) -> None:
    file.parent.mkdir()
    file.write_text("Dear diary, " * 1000)
    shown = neckguard("export", env=env)
    assert (shown.code, shown.out) == (1, "")
    assert shown.err.startswith(f"neckguard: {file} cannot be read: file is not a database.")


def test_a_reader_that_leaves_early_is_no_error(env: dict[str, str], file: Path) -> None:
    writer = history(file)
    for number in range(3000):
        writer.entry(EntryRow(FIRST + number, 0, "checkin", 1, "", "x" * 100))
    writer.close()
    reading, writing = os.pipe()
    with subprocess.Popen([PROGRAM, "export"], env=env, stdout=writing, stderr=subprocess.PIPE) as process:
        os.close(writing)
        os.read(reading, 1)
        os.close(reading)
        assert (process.communicate(timeout=patient(10))[1], process.returncode) == (b"", 0)


def test_the_help_names_every_column(env: dict[str, str]) -> None:
    shown = neckguard("export", "--help", env=env).out
    assert set(HEADER.split(",")) - set(shown.replace(",", " ").replace("`", " ").split()) == set()


def test_local_days_are_those_of_the_machine(env: dict[str, str], lived: None) -> None:
    # Midnight of March 2 in Auckland is 12:00 of March 1 in Berlin, after the first two hours of the history.
    east = {**env, "TZ": "Pacific/Auckland"}
    assert [rebuilt(row) for row in table(east, "--table", "entries", "--since", "2026-03-02")] == ENTRIES[1:]
    assert [rebuilt(row) for row in table(east, "--table", "entries", "--since", "2026-03-01")] == ENTRIES


# ---- a row a day -------------------------------------------------------------------------------------------


def test_a_row_for_each_day(env: dict[str, str], file: Path) -> None:
    """The small history, whose table is in `small_history`: its first day is that of a flare-up."""
    write_history(file, outcomes=small.OUTCOMES, spans=small.SPANS, entries=small.ENTRIES)
    rows = table(env, "--table", "days", "--since", "2026-03-01")
    assert list(rows[0]) == [
        *("date", "sitting_minutes", "longest_minutes", "over_60", "prompts", "breaks", "natural_breaks"),
        *("stretches", "postures", "checkins", "pain", "hurts", "packs", "flare_up"),
    ]
    assert [",".join(row.values()) for row in rows[:5]] == [
        "2026-03-01,30.0,30.0,0,1,1,0,0,0,0,,0,0,1",
        "2026-03-02,167.0,117.0,1,5,1,1,2,1,1,6,0,0,1",
        "2026-03-03,116.0,50.0,0,9,1,0,2,0,0,,1,1,1",
        "2026-03-04,20.0,0.0,0,2,0,0,0,0,1,3,0,0,1",  # the sitting began the day before
        "2026-03-05,0.0,0.0,0,0,0,0,0,0,0,,0,0,0",
    ]
    days = [row["date"] for row in table(env, "--table", "days")]
    assert (days[0], days) == ("2026-02-10", sorted(set(days)))
    assert (
        json.loads(exported(env, "--table", "days", "--format", "json"))["days"][20]["sitting_minutes"] == 167
    )


def test_days_without_a_history_are_none(env: dict[str, str], file: Path) -> None:
    assert neckguard("export", "--table", "days", env=env).out.startswith("date,sitting_minutes,")
    write_history(file)
    assert exported(env, "--table", "days").count("\n") == 1
    assert exported(env, "--table", "days", "--since", "9999-12-31").count("\n") == 1


def test_the_help_names_every_column_of_days(env: dict[str, str]) -> None:
    shown = neckguard("export", "--help", env=env).out
    assert {field.name for field in fields(DayRow)} - set(shown.replace(",", " ").split()) == set()
