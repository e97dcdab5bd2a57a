"""The questions about a person's health, in a real terminal."""

import json
import stat

import pytest
from support.terminal import Home

from neckguard.core.plan import Answers
from neckguard.storage.health import load_answers

BEGIN = "Press space to begin, q to leave."


def test_the_first_time_the_health_questions_come_first(home: Home) -> None:
    terminal = home.open("stretch")
    terminal.until("These movements suit most healthy adults, but not everyone.")
    terminal.until("  2  Osteoporosis, or a broken bone")
    for mistake in ("\n", "11\n", "0\n", "2 none\n", "maybe\n"):
        terminal.until("> ")
        terminal.type(mistake)
        terminal.until("Numbers from 1 to 10")
    terminal.until("> ")
    terminal.type("7, 2\n")
    terminal.until("four legs, no wheels?")
    terminal.until("> ")
    terminal.type("\n")
    terminal.until('"yes" or "no", please')
    terminal.type("Yes\n")
    terminal.until("ask a clinician first")
    terminal.until(BEGIN)
    terminal.type("q")
    assert terminal.end() == 0
    assert "Shoulder blade squeeze" in terminal.shown  # what the daemon suggested is not for them
    file = home.state / "health.json"
    assert json.loads(file.read_text()) == {
        "version": 1,
        "answers": {"conditions": ["osteoporosis", "heart"], "stable_chair": True},
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    again = home.open("stretch")
    again.until(BEGIN)
    assert "Type the numbers" not in again.shown


@pytest.mark.parametrize("word", ["later\n", "\x04"])
def test_the_questions_can_wait(home: Home, word: str) -> None:
    terminal = home.open("stretch")
    terminal.until("> ")
    terminal.type(word)
    terminal.until("All right.")
    terminal.until("Seated twist")
    terminal.until("You have not answered the health questions yet")
    terminal.until(BEGIN)
    terminal.type("q")
    assert terminal.end() == 0
    assert not home.state.exists()


def test_ctrl_c_leaves_the_questions(home: Home) -> None:
    terminal = home.open("stretch")
    terminal.until("> ")
    terminal.type("\x03")
    # Maybe again: one that comes just before `input` begins to read is only seen with the next.
    assert terminal.end(again="\x03") == 130
    assert not home.state.exists()


@pytest.mark.parametrize("words", [["--list"], ["nod", "--plain"]])
def test_list_and_plain_ask_nothing(home: Home, words: list[str]) -> None:
    terminal = home.open("stretch", *words)
    terminal.until("not answered the health questions yet")
    assert "Type the numbers" not in terminal.shown


def test_the_questions_can_be_answered_anew(known: Home) -> None:
    terminal = known.open("stretch", "--questions")
    terminal.until("> ")
    terminal.type("10\n")
    terminal.until("> ")
    terminal.type("n\n")
    assert terminal.end() == 0
    assert load_answers(str(known.state)) == Answers(("pregnancy",), stable_chair=False)
    assert known.daemon.requests == []


def test_answers_that_cannot_be_kept_hold_for_this_time(home: Home) -> None:
    home.state.parent.mkdir()
    home.state.write_text("in the way")
    terminal = home.open("stretch")
    terminal.until("> ")
    terminal.type("none\n")
    terminal.until("> ")
    terminal.type("y\n")
    terminal.until("Your answers hold for now; you will be asked again.")
    terminal.until("Seated twist")
    terminal.until(BEGIN)
    assert "not answered" not in terminal.shown


def test_a_new_settings_file_brings_the_questions(home: Home) -> None:
    terminal = home.open("config", "init")
    terminal.until("Wrote ")
    terminal.until("> ")
    terminal.type("none\n")
    terminal.until("> ")
    terminal.type("yes\n")
    assert terminal.end() == 0
    assert load_answers(str(home.state)) == Answers((), stable_chair=True)
