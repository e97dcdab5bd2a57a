"""What the daemon keeps of a life, through crashes and on bad files: the installed program."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.command import Outcome, neckguard
from support.helpers import own_disk, wait_until
from support.history_helpers import in_file, write_history
from support.life import QUICK, Life
from support.logind_helpers import private_bus
from support.notification_helpers import Desk, FakeServer

NOTE = "worse after the zebra call"
BEATING = '[presence]\nidle_after = "1s"\n'  # a heartbeat each second
OFF = "[history]\nenabled = false\n"
Tables = dict[str, list[dict[str, Any]]]


def exported(life: Life) -> Tables:
    said = life.ask("export", "--format", "json")
    assert said.code == 0, said
    found: Tables = json.loads(said.out)
    return found


def stats(life: Life) -> dict[str, Any]:
    said = life.ask("stats", "--json")
    assert (said.code, said.err) == (0, "")
    found: dict[str, Any] = json.loads(said.out)
    return found


def told(life: Life) -> dict[str, Any]:
    """How the history is, by the daemon's own account."""
    found: dict[str, Any] = life.status()["services"]["history"]
    return found


def check_in(life: Life) -> Outcome:
    """Three of ten, and a note that was piped in."""
    said = neckguard("checkin", "3", "--note", env=life.env, typed=f"{NOTE}\n")
    assert said.code == 0, said
    return said


def prompt(life: Life) -> None:
    wait_until(lambda: life.status()["prompt"])


def has_sqlite(life: Life) -> bool:
    """Whether the daemon has loaded it, which takes 1.5 MB."""
    assert life.process is not None
    return "sqlite3" in Path(f"/proc/{life.process.pid}/maps").read_text()


def some_of_everything(life: Life, server: FakeServer) -> None:
    """A prompt done and one skipped, then in a pause a check-in and a flare-up that begins and ends."""
    prompt(life)
    server.act(server.last_id, "done")
    wait_until(lambda: "posture: done" in life.text())
    prompt(life)
    assert life.ask("skip").code == 0
    assert life.ask("pause", "1h").code == 0
    check_in(life)
    assert life.ask("flare", "start", "--severity", "6", "--side", "left", "--none").code == 0
    assert life.ask("flare", "end").code == 0
    assert life.ask("resume").code == 0


def traces(life: Life) -> list[str]:
    """The files of this home that have the note in them."""
    files = (Path(folder, name) for folder, _, names in os.walk(life.base) for name in names)
    return sorted(file.name for file in files if file.is_file() and NOTE.encode() in file.read_bytes())


# ---- a life and what is told of it -------------------------------------------------------------------------


def test_what_happened_is_in_the_figures_the_export_and_the_report(life: Life, desk: Desk) -> None:
    life.begin(QUICK)
    some_of_everything(life, desk.server())
    rows = exported(life)
    # A prompt that was open when the flare-up began was withdrawn.
    settled = [(row["reminder"], row["how"]) for row in rows["outcomes"] if row["how"] != "withdrawn"]
    assert settled == [("posture", "done"), ("posture", "skipped")]
    assert all(row["due"] <= row["shown"] <= row["settled"] and row["item"] for row in rows["outcomes"])
    ended = [(row["kind"], row["end"] is not None) for row in rows["spans"]]
    assert [each for each in ended if each[0] != "server"] == [("present", False), ("paused", True)]
    assert {row["reason"] for row in rows["spans"] if row["kind"] == "server"} == {"keeps"}
    assert json.loads(life.ask("preview", "--hours", "0.1", "--json").out)["server"] == "keeps"
    assert [(row["what"], row["score"], row["detail"], row["note"]) for row in rows["entries"]] == [
        ("checkin", 3, "", NOTE),
        ("flare_start", 6, "left", ""),
        ("flare_end", None, "by you", ""),
    ]

    figures = stats(life)
    posture = figures["kinds"]["posture"]
    assert (posture["done"], posture["skipped"]) == (1, 1)
    assert 1.0 < figures["longest"]["sitting"] == figures["sitting"] < 60.0
    assert [each["score"] for each in figures["checkins"]] == [3]
    assert [(each["severity"], each["side"], each["ended"]) for each in figures["flares"]] == [
        (6, "left", "by you")
    ]

    page = life.base / "report.html"
    assert life.ask("report", "--days", "1", "--output", str(page)).code == 0
    text = page.read_text()
    assert "Check-ins" in text
    assert NOTE not in text
    assert life.ask("report", "--days", "1", "--output", str(page), "--notes").code == 0
    assert NOTE in page.read_text()


def test_a_note_is_in_the_history_and_nowhere_else(life: Life, desk: Desk) -> None:
    life.begin(f'{QUICK}[log]\nlevel = "debug"\n')
    some_of_everything(life, desk.server())
    assert life.ask("flare", "start", "--severity", "6", "--none").code == 0
    assert neckguard("flare", "log", "4", "--note", env=life.env, typed=f"{NOTE}\n").code == 0
    assert NOTE not in life.ask("status", "--json").out
    assert NOTE not in life.ask("why").out
    assert life.end() == 0
    assert "checkin" in life.text()
    assert traces(life) == ["history.db"]


def test_a_crash_ends_what_went_on_and_loses_nothing(life: Life, desk: Desk) -> None:
    # Once settled it knows its server: what was open is shown again, and never was undelivered.
    life.begin(QUICK.replace('settle = "0s"', 'settle = "2s"') + BEATING)
    some_of_everything(life, desk.server())
    wait_until(lambda: life.status()["prompt"])
    before = exported(life)
    life.kill()
    assert exported(life) == before
    assert stats(life)["sitting"] > 1.0  # up to the last heartbeat

    life.begin()
    check_in(life)
    after = exported(life)
    assert after["outcomes"] == before["outcomes"]
    assert [*before["entries"], after["entries"][-1]] == after["entries"]
    there = [row for row in after["spans"] if row["kind"] in ("present", "away")]
    assert [(row["kind"], row["reason"]) for row in there] == [
        ("present", ""),
        ("away", "not running"),
        ("present", ""),
    ]
    assert there[0]["start"] == before["spans"][0]["start"]
    assert [row["end"] for row in there] == [there[1]["start"], there[2]["start"], None]


def test_a_pause_goes_on_through_a_crash_as_one(life: Life) -> None:
    life.begin()
    life.ask("pause", "1h")
    before = [row for row in exported(life)["spans"] if row["kind"] == "paused"]
    life.kill()
    life.begin()
    assert [row for row in exported(life)["spans"] if row["kind"] == "paused"] == before
    life.end()
    (paused,) = [row for row in exported(life)["spans"] if row["kind"] == "paused"]
    assert paused["start"] == before[0]["start"]
    assert paused["end"] is not None


# ---- switched off ------------------------------------------------------------------------------------------


def test_switched_off_nothing_is_written(life: Life, desk: Desk) -> None:
    life.begin(QUICK + OFF)
    some_of_everything(life, desk.server())
    assert "not kept" in check_in(life).out
    assert not has_sqlite(life)
    life.end()
    assert not list(life.state.glob("history.db*"))
    assert traces(life) == []
    assert life.ask("export").err == "neckguard: there is no history yet.\n"


def test_switched_off_and_on_while_it_runs(life: Life, desk: Desk) -> None:
    server = desk.server()
    life.begin(QUICK)
    some_of_everything(life, server)
    assert has_sqlite(life)
    life.save(QUICK + OFF)
    assert life.ask("reload").code == 0
    before = {each.name: each.read_bytes() for each in life.state.glob("history.db*")}
    some_of_everything(life, server)
    assert {each.name: each.read_bytes() for each in life.state.glob("history.db*")} == before
    rows = exported(life)
    assert all(row["end"] is not None for row in rows["spans"])

    life.save(QUICK)
    assert life.ask("reload").code == 0
    check_in(life)
    again = exported(life)
    assert [row["what"] for row in again["entries"]] == [*(row["what"] for row in rows["entries"]), "checkin"]
    present, *others = [row for row in again["spans"] if row not in rows["spans"]]
    assert (present["kind"], present["end"]) == ("present", None)
    assert [(row["kind"], row["end"]) for row in others] == [("server", None)]
    assert present["start"] > rows["spans"][0]["end"]  # the time between is not made up for


def test_a_preview_goes_on_from_the_countdowns_of_the_daemon(life: Life) -> None:
    life.begin('[reminders.tea]\nevery = "30m"\nmessage = "Tea."\n')
    wait_until(lambda: life.reminder("tea")["sat"] > 0)
    assert life.ask("pause", "5m").code == 0
    due_in = life.reminder("tea")["due_in"]
    found = json.loads(life.ask("preview", "--now", "--hours", "1", "--json").out)
    began = datetime.fromisoformat(found["from"])
    what = [(each["what"], datetime.fromisoformat(each["at"]) - began) for each in found["events"]]
    (resumed,) = [after for what_, after in what if what_ == "resumed"]
    assert 290 <= resumed.total_seconds() <= 300
    of_tea = (each["at"] for each in found["events"] if each["reminder"] == "tea")
    tea = datetime.fromisoformat(min(of_tea)) - began
    assert tea - resumed == pytest.approx(timedelta(seconds=due_in), abs=timedelta(seconds=2))


# ---- files that cannot be used -----------------------------------------------------------------------------


def test_a_damaged_file_is_set_aside_and_the_daemon_goes_on(life: Life, desk: Desk) -> None:
    garbage = "Dear diary, " * 1000
    life.state.mkdir(parents=True)
    (life.state / "history.db").write_text(garbage)
    life.begin(QUICK)
    some_of_everything(life, desk.server())
    aside = life.state / "history.db.broken-1"
    assert aside.read_text() == garbage
    problem = told(life)["problem"]
    assert told(life)["ok"] is False
    assert problem.endswith(f"; it is now {aside}, and a new one was begun.")
    assert f"history: {problem}" in life.ask("status").out
    assert [row["what"] for row in exported(life)["entries"]] == ["checkin", "flare_start", "flare_end"]
    assert "Traceback" not in life.text()


def test_a_file_of_a_newer_neckguard_is_left_alone_and_said(life: Life, desk: Desk) -> None:
    life.begin()
    check_in(life)
    life.end()
    file = life.state / "history.db"
    in_file(file, "PRAGMA user_version = 99")
    before = file.read_bytes()
    life.begin(QUICK)
    some_of_everything(life, desk.server())
    newer = f"{file} was written by a newer neckguard. Update neckguard; it is left as it is."
    assert told(life)["ok"] is False
    assert told(life)["problem"].startswith(newer)
    assert f"history: {newer}" in life.ask("status").out
    for words in (["stats"], ["export"], ["report", "--output", "-"]):
        assert life.ask(*words) == Outcome(1, "", f"neckguard: {newer}\n")
    assert life.end() == 0
    assert file.read_bytes() == before
    assert "Traceback" not in life.text()


def test_a_disk_only_to_be_read_is_said_and_the_daemon_goes_on(life: Life, desk: Desk) -> None:
    place = life.state.parent
    life.wrapper = own_disk(place, f"mkdir -m 700 {life.state} && mount -o remount,ro {place}")
    life.begin(QUICK)
    some_of_everything(life, desk.server())
    history = told(life)
    assert history["ok"] is False
    assert history["problem"].startswith(
        f"{life.state}/history.db cannot be written: Read-only file system. "
    )
    assert history["problem"].endswith(" changes wait to be written.")
    assert f"history: {history['problem'].split('.')[0]}" in life.ask("status").out
    assert life.end() == 0
    assert life.text().count("What happens meanwhile waits until it can be.") == 1
    assert "Traceback" not in life.text()


# ---- erased ------------------------------------------------------------------------------------------------


def test_a_daemon_that_forgets_leaves_no_trace_and_goes_on(life: Life, desk: Desk) -> None:
    life.begin(QUICK)
    some_of_everything(life, desk.server())
    assert life.ask("pause", "1h").code == 0
    assert set(traces(life)) & {"history.db", "history.db-wal"}
    began = exported(life)["spans"][0]["start"]
    assert life.ask("history", "erase", "--yes") == Outcome(0, "The history is erased.\n", "")
    assert traces(life) == []
    assert forgotten(life)
    rows = exported(life)
    assert (rows["outcomes"], rows["entries"]) == ([], [])
    assert all(row["start"] > began for row in rows["spans"])
    check_in(life)
    assert [row["what"] for row in exported(life)["entries"]] == ["checkin"]


def test_without_a_daemon_no_trace_is_left_either(life: Life, desk: Desk) -> None:
    life.begin(QUICK)
    some_of_everything(life, desk.server())
    life.kill()
    assert set(traces(life)) & {"history.db", "history.db-wal"}
    assert not forgotten(life)
    assert life.ask("history", "erase", "--yes") == Outcome(0, "The history is erased.\n", "")
    assert traces(life) == []
    assert forgotten(life)
    assert not list(life.state.glob("history.db*"))
    life.begin()
    assert told(life) == {"ok": True, "problem": ""}
    assert life.status()["services"]["state"] == {"ok": True, "problem": "", "note": ""}
    rows = exported(life)
    assert (rows["outcomes"], rows["entries"]) == ([], [])


def forgotten(life: Life) -> bool:
    """Whether the daemon's own memory tells nothing of the neck, nor of prompts."""
    state = json.loads((life.state / "state.json").read_text())["state"]
    care = state["care"]
    return not (state["decisions"] or care["flares"] or care["scored"])


def test_a_page_that_went_bad_is_found_when_somebody_leaves(life: Life, home: Path) -> None:
    outcomes = [("posture", "posture", "", "", 1.0, 2.0, 60.0 * minute, 0, "done") for minute in range(5000)]
    file = life.state / "history.db"
    write_history(file, outcomes=outcomes)
    with private_bus(home / "system") as system:
        life.env["DBUS_SYSTEM_BUS_ADDRESS"] = system.address
        logind = system.logind()
        life.begin("")
        wait_until(lambda: life.status()["services"]["session"]["ok"])
        with file.open("r+b") as opened:
            opened.seek(file.stat().st_size // 2 // 4096 * 4096)
            opened.write(b"\x77")
        logind.session("c1", LockedHint=True)
        problem = wait_until(lambda: told(life)["problem"])
    assert "history.db was damaged (" in problem
    assert stats(life)
