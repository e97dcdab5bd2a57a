"""`checkin`: a score, and maybe a note that leaves no trace in the shell's history."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import Outcome, neckguard, nowhere
from support.fake_daemon import FakeDaemon, fake_daemon
from support.terminal import Home

from neckguard.control.protocol import Request
from neckguard.core import Reply
from neckguard.storage.history.rows import EntryRow
from neckguard.storage.history.writer import HistoryWriter

SCORE = "A score is a whole number from 0 (no pain) to 10 (the worst pain)"
ASKED = Request("status", {})  # whether there is somebody to note it


NOT_KEPT = "No check-in is kept.\n"
NOW = 1772445600.0  # Mon 2 Mar 2026 10:00 UTC


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDaemon]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with fake_daemon() as running:
        running.replies["checkin"] = Reply(ok=True, message="Noted: 3 of 10.")
        running.replies["checkin_undo"] = Reply(ok=True, message="Taken back: 3 of 10, 08:30.")
        yield running


def kept(base: Path, *rows: EntryRow) -> None:
    """A history with these entries."""
    writer = HistoryWriter(str(base / "neckguard" / "history.db"), enabled=True, keep=1e9)
    for row in rows:
        writer.entry(row)
    writer.close()


def scored(at: float, score: int | None, what: str = "checkin") -> EntryRow:
    return EntryRow(at=at, offset=3600, what=what, score=score, detail="", note="a secret")


@pytest.mark.parametrize("score", [0, 3, 10])
def test_a_score_is_noted(daemon: FakeDaemon, score: int) -> None:
    shown = neckguard("checkin", str(score), env=daemon.env)
    assert shown == Outcome(0, f"Noted: 3 of 10.\n{NOT_KEPT}", "")
    assert daemon.requests == [Request("checkin", {"score": score})]


def test_the_last_seven_are_shown(daemon: FakeDaemon, tmp_path: Path) -> None:
    days = [scored(NOW - day * 86400, day) for day in range(1, 10)]
    kept(tmp_path, *days, scored(NOW, 10), scored(NOW + 60, None), scored(NOW + 90, 6, "flare_start"))
    assert neckguard("checkin", "3", env=daemon.env).out.splitlines() == [
        "Noted: 3 of 10.",
        "The last check-ins:",
        "  Tue 24 Feb 11:00   6 of 10",
        "  Wed 25 Feb 11:00   5 of 10",
        "  Thu 26 Feb 11:00   4 of 10",
        "  Fri 27 Feb 11:00   3 of 10",
        "  Sat 28 Feb 11:00   2 of 10",
        "  Sun 1 Mar 11:00    1 of 10",
        "  Mon 2 Mar 11:00   10 of 10",
    ]


@pytest.mark.parametrize(("verb", "words"), [("checkin", ["3"]), ("checkin_undo", ["--undo"])])
def test_a_history_that_is_switched_off_is_left_alone(
    daemon: FakeDaemon, tmp_path: Path, verb: str, words: list[str]
) -> None:
    kept(tmp_path, scored(NOW, 10))
    daemon.replies[verb] = Reply(ok=True, message="Said.", data={"kept": False})
    assert neckguard("checkin", *words, env=daemon.env) == Outcome(0, "Said.\n", "")


def test_a_history_that_cannot_be_read_costs_no_check_in(daemon: FakeDaemon, tmp_path: Path) -> None:
    (tmp_path / "neckguard").mkdir()
    (tmp_path / "neckguard" / "history.db").write_bytes(b"no database" * 100)
    shown = neckguard("checkin", "3", env=daemon.env)
    assert shown.code == 0
    assert shown.out.startswith("Noted: 3 of 10.\n")
    assert "cannot be read" in shown.out


def test_a_time_that_is_past_is_passed_on_in_one_spelling(daemon: FakeDaemon) -> None:
    assert neckguard("checkin", "3", "--at", "Yesterday  9:05", env=daemon.env).code == 0
    assert daemon.requests == [Request("checkin", {"score": 3, "at": "yesterday 09:05"})]


def test_a_slip_is_taken_back_and_what_is_left_shown(daemon: FakeDaemon, tmp_path: Path) -> None:
    kept(tmp_path, scored(NOW, 4))
    shown = neckguard("checkin", "--undo", env=daemon.env)
    left = "The last check-ins:\n  Mon 2 Mar 11:00   4 of 10\n"
    assert shown == Outcome(0, f"Taken back: 3 of 10, 08:30.\n{left}", "")
    assert daemon.requests == [Request("checkin_undo", {})]


def test_a_note_can_be_piped_in(daemon: FakeDaemon) -> None:
    shown = neckguard("checkin", "3", "--note", env=daemon.env, typed="  slept\ton it,\x1b[D badly \nmore\n")
    assert shown == Outcome(0, f"Your note, in one line:\nNoted: 3 of 10.\n{NOT_KEPT}", "")
    assert daemon.requests == [ASKED, Request("checkin", {"score": 3, "note": "slept on it,[D badly"})]


@pytest.mark.parametrize("typed", ["", "\n", " \n"])
def test_no_note_is_no_note(daemon: FakeDaemon, typed: str) -> None:
    assert neckguard("checkin", "3", "--note", env=daemon.env, typed=typed).code == 0
    assert daemon.requests == [ASKED, Request("checkin", {"score": 3})]


def test_a_note_that_is_too_long_may_be_said_shorter(daemon: FakeDaemon) -> None:
    shown = neckguard("checkin", "3", "--note", env=daemon.env, typed=f"{'x' * 2001}\n{'x' * 2000}\n")
    assert "That is too long: a note has at most 2,000 characters, and this one 2,001." in shown.out
    assert daemon.requests[1] == Request("checkin", {"score": 3, "note": "x" * 2000})


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["11"], f"{SCORE}, not '11'"),
        (["-1"], f"{SCORE}, not '-1'"),
        (["3.5"], f"{SCORE}, not '3.5'"),
        (["a bit"], f"{SCORE}, not 'a bit'"),
        (["3", "--at", "tomorrow"], "'tomorrow' is not a time; write 08:30, \"yesterday 22:00\" or"),
        (["3", "--undo"], "--undo takes the last check-in back, and nothing besides"),
        (["--undo", "--at", "08:30"], "--undo takes the last check-in back, and nothing besides"),
        (["--undo", "--note"], "--undo takes the last check-in back, and nothing besides"),
        (["3", "--note", "in the history"], "unrecognized arguments: in the history"),
        ([], "say how your neck is, from 0 (no pain) to 10, such as: neckguard checkin 3"),
        (["--note"], "say how your neck is, from 0 (no pain) to 10, such as: neckguard checkin 3"),
    ],
)
def test_what_is_no_score_is_explained_and_does_nothing(
    daemon: FakeDaemon, words: list[str], says: str
) -> None:
    shown = neckguard("checkin", *words, env=daemon.env)
    assert (shown.code, shown.out) == (2, "")
    assert says in shown.err
    assert daemon.requests == []


def test_in_a_terminal_it_asks(home: Home) -> None:
    kept(home.state.parent, scored(NOW, 4))
    terminal = home.open("checkin", "--note")
    terminal.until("Mon 2 Mar 11:00   4 of 10\r\n")
    terminal.until("Your neck now, 0 (no pain) to 10:")
    for mistake, answer in (("\n", f"{SCORE}\r"), ("11\n", f"{SCORE}, not '11'")):
        terminal.until("> ")
        terminal.type(mistake)
        terminal.until(answer)
    terminal.until("> ")
    terminal.type("4\n")
    terminal.until("Your note, in one line:")
    terminal.until("> ")
    terminal.type("at my desk\n")
    terminal.until("checkin: yes.")
    assert terminal.end() == 0
    assert home.daemon.requests == [ASKED, Request("checkin", {"score": 4, "note": "at my desk"})]


def test_a_time_that_is_past_is_asked_about_as_such(home: Home) -> None:
    terminal = home.open("checkin", "--at", "08:30")
    terminal.until("Your neck then, 0 (no pain) to 10:")
    terminal.until("> ")
    terminal.type("4\n")
    assert terminal.end() == 0
    assert home.daemon.requests == [ASKED, Request("checkin", {"score": 4, "at": "08:30"})]


def test_who_leaves_the_question_has_noted_nothing(home: Home) -> None:
    terminal = home.open("checkin")
    terminal.until("> ")
    terminal.type("\x04")
    terminal.until("neckguard: Not noted: no answer came.")
    assert terminal.end() == 1
    assert home.daemon.requests == [ASKED]


def test_nobody_is_asked_for_what_could_not_be_noted(home: Home, tmp_path: Path) -> None:
    terminal = home.open("checkin", env=nowhere(tmp_path))
    terminal.until("neckguard is not running.")
    assert terminal.end() == 3
    assert "Your neck now" not in terminal.shown
