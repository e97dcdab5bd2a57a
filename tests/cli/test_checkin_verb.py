"""`checkin`: a score, and maybe a note that leaves no trace in the shell's history."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import Outcome, neckguard, nowhere
from support.fake_daemon import FakeDaemon, fake_daemon
from support.terminal import Home

from neckguard.control.protocol import Request
from neckguard.core import Reply

SCORE = "A score is a whole number from 0 (no pain) to 10 (the worst pain)"
ASKED = Request("status", {})  # whether there is somebody to note it


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with fake_daemon() as running:
        running.replies["checkin"] = Reply(ok=True, message="Noted: 3 of 10.")
        yield running


@pytest.mark.parametrize("score", [0, 3, 10])
def test_a_score_is_noted(daemon: FakeDaemon, score: int) -> None:
    assert neckguard("checkin", str(score), env=daemon.env) == Outcome(0, "Noted: 3 of 10.\n", "")
    assert daemon.requests == [Request("checkin", {"score": score})]


def test_a_note_can_be_piped_in(daemon: FakeDaemon) -> None:
    shown = neckguard("checkin", "3", "--note", env=daemon.env, typed="  slept\ton it,\x1b[D badly \nmore\n")
    assert shown == Outcome(0, "Your note, in one line:\nNoted: 3 of 10.\n", "")
    assert daemon.requests == [ASKED, Request("checkin", {"score": 3, "note": "slept on it, [D badly"})]


@pytest.mark.parametrize("typed", ["", "\n", " \n"])
def test_no_note_is_no_note(daemon: FakeDaemon, typed: str) -> None:
    assert neckguard("checkin", "3", "--note", env=daemon.env, typed=typed).code == 0
    assert daemon.requests == [ASKED, Request("checkin", {"score": 3})]


def test_a_note_that_is_too_long_may_be_said_shorter(daemon: FakeDaemon) -> None:
    shown = neckguard("checkin", "3", "--note", env=daemon.env, typed=f"{'x' * 2001}\n{'x' * 2000}\n")
    assert "That is too long: a note has at most 2000 characters." in shown.out
    assert daemon.requests[1] == Request("checkin", {"score": 3, "note": "x" * 2000})


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["11"], f"{SCORE}, not '11'"),
        (["-1"], f"{SCORE}, not '-1'"),
        (["3.5"], f"{SCORE}, not '3.5'"),
        (["a bit"], f"{SCORE}, not 'a bit'"),
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
    terminal = home.open("checkin", "--note")
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


def test_who_leaves_the_question_has_noted_nothing(home: Home) -> None:
    terminal = home.open("checkin")
    terminal.until("> ")
    terminal.type("\x04")
    terminal.until("neckguard: Nothing was noted.")
    assert terminal.end() == 1
    assert home.daemon.requests == [ASKED]


def test_nobody_is_asked_for_what_could_not_be_noted(home: Home, tmp_path: Path) -> None:
    terminal = home.open("checkin", env=nowhere(tmp_path))
    terminal.until("neckguard is not running.")
    assert terminal.end() == 3
    assert "Your neck now" not in terminal.shown
