"""`neckguard export` leaves nothing out: a history that is made of it has the same figures."""

import csv
import io
import json
import os
import time
from collections.abc import Iterator
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.exported_rows import rebuilt
from support.history_helpers import write_history
from support.small_history import ENTRIES, NOW, OUTCOMES, SPANS, at, outcome

from neckguard.cli import main
from neckguard.core.model import Moment
from neckguard.storage.heartbeat import Heartbeat
from neckguard.storage.history.rows import OutcomeRow, SpanRow

KOLKATA = 19800


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A history of some days, and of an hour elsewhere that is not so round; it is Wednesday in Berlin."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "first"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setattr(time, "time", lambda: NOW)
    time.tzset()
    start = at("3 15:00") + 0.125
    write_history(
        history(tmp_path / "first"),
        outcomes=[*OUTCOMES, outcome("stretch", "3 15:30", "done", 'chin, "tuck"\nslowly', "both")],
        spans=sorted([*SPANS, ("present", "", start, start + 3599.877, KOLKATA)], key=lambda row: row[2]),
        entries=[*ENTRIES, (start, KOLKATA, "checkin", 0, "", "=1+1;")],
    )
    heartbeat = Heartbeat(os.path.join(tmp_path, "run", "neckguard", "heartbeat"))
    heartbeat.touch(Moment(0.0, datetime.fromtimestamp(at("4 13:25"), UTC)))
    heartbeat.close()
    yield tmp_path
    monkeypatch.undo()
    time.tzset()


def history(state: Path) -> Path:
    return state / "neckguard" / "history.db"


def rows_of(form: str, text: str) -> list[dict[str, Any]]:
    if form == "csv":
        rows = csv.DictReader(io.StringIO(text))
        return [{name: value.removeprefix("'") for name, value in row.items()} for row in rows]
    return [row for table in json.loads(text).values() for row in table]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_same_figures_come_from_what_was_exported(
    form: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*words: str) -> str:
        assert main.main([*words]) == 0
        return capsys.readouterr().out

    def figures() -> dict[str, Any]:
        found: dict[str, Any] = json.loads(said("stats", "--json", "--days", "30"))
        return found

    exported, told = said("export", "--format", form), figures()
    assert told["sitting"] == (328 + 30) * 60 + 3599.877  # 30 of the day before those three
    rows = [rebuilt(row) for row in rows_of(form, exported)]
    outcomes = [astuple(row) for row in rows if isinstance(row, OutcomeRow)]
    spans = [astuple(row) for row in rows if isinstance(row, SpanRow)]
    entries = [astuple(row) for row in rows if not isinstance(row, OutcomeRow | SpanRow)]

    monkeypatch.setenv("XDG_STATE_HOME", str(home / "second"))
    assert figures()["sitting"] == 0.0
    write_history(history(home / "second"), outcomes=outcomes, spans=spans, entries=entries)
    assert figures() == told
    assert said("export", "--format", form) == exported
