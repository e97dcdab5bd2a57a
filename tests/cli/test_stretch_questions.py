"""The questions about a person's health, in a real terminal."""

import json
import stat

import pytest
from support.terminal import Home

from neckguard.core.model import Reply
from neckguard.core.plan import Answers
from neckguard.storage.health import load_answers

BEGIN = "Press space to begin, q to leave."


def test_the_first_time_the_health_questions_come_first(home: Home) -> None:
    terminal = home.open("stretch")
    terminal.until("These movements suit most healthy adults, but not everyone.")
    terminal.until("  3  Weak bones, or a bone broken by a small fall")
    for mistake in ("\n", "14\n", "0 3\n", "2 none\n", "maybe\n"):
        terminal.until("> ")
        terminal.type(mistake)
        terminal.until("Numbers from 1 to 13")
    terminal.until("> ")
    terminal.type("10, 3\n")
    terminal.until("  2  I use one hand")
    terminal.until("> ")
    terminal.type("none\n")
    terminal.until("Is your chair without wheels, and its back no higher than your shoulder")
    terminal.until("> ")
    terminal.type("\n")
    terminal.until('"yes" or "no", please')
    terminal.type("Yes\n")
    terminal.until("Movements that may not suit it are left out.")
    terminal.until(BEGIN)
    terminal.type("q")
    assert terminal.end() == 0
    assert "Chin tuck" in terminal.shown  # what the daemon suggested is not for them
    file = home.state / "health.json"
    assert json.loads(file.read_text()) == {
        "version": 2,
        "answers": {"conditions": ["osteoporosis", "heart"], "needs": [], "stable_chair": True},
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


@pytest.mark.parametrize("words", [[], ["levator"]])
def test_nobody_is_asked_on_the_heels_of_a_red_flag(home: Home, words: list[str]) -> None:
    home.daemon.replies["suggest"] = Reply(ok=True, data={"stretch": None, "scope": 0, "hurt": {}})
    terminal = home.open("stretch", *words)
    terminal.until("no exercises until somebody has looked")
    assert terminal.end() == 1
    assert "question" not in terminal.shown
    assert "--list" not in terminal.shown  # nor sent to look for others


def test_the_questions_can_be_answered_anew(known: Home) -> None:
    terminal = known.open("stretch", "--questions")
    terminal.until("> ")
    terminal.type("13\n")
    terminal.until("> ")
    terminal.type("3\n")
    terminal.until("Ask your midwife or doctor first.")
    assert terminal.end() == 0  # and of the chair of somebody in a wheelchair nothing is asked
    assert load_answers(str(known.state)) == Answers(("pregnancy",), ("wheelchair",))
    assert known.daemon.requests == []


def test_answers_that_cannot_be_kept_hold_for_this_time(home: Home) -> None:
    home.state.parent.mkdir()
    home.state.write_text("in the way")
    terminal = home.open("stretch")
    terminal.until("> ")
    terminal.type("none\n")
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
    terminal.type("4\n")
    terminal.until("> ")
    terminal.type("yes\n")
    assert terminal.end() == 0
    assert load_answers(str(home.state)) == Answers((), ("magnifier",), stable_chair=True)


@pytest.mark.parametrize("reply", ["later\n", "2\n"])
def test_who_answered_an_earlier_version_is_asked_once_more_and_may_put_it_off(
    home: Home, reply: str
) -> None:
    home.state.mkdir(parents=True)
    old = '{"version": 1, "answers": {"conditions": ["heart"], "stable_chair": true}}'
    (home.state / "health.json").write_text(old)
    terminal = home.open("stretch")
    terminal.until("There are new questions since you answered")
    terminal.until("> ")
    terminal.type(reply)
    if reply == "2\n":
        terminal.until("> ")
        terminal.type("none\n")
        terminal.until("> ")
        terminal.type("no\n")
    terminal.until(BEGIN)
    terminal.type("q")
    assert terminal.end() == 0
    assert "not answered the health questions" not in terminal.shown
    expected = Answers(("blow",), ()) if reply == "2\n" else Answers(("heart",), None)
    assert load_answers(str(home.state)) == expected
