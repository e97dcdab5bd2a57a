"""`neckguard history erase`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import Outcome, neckguard, nowhere
from support.fake_daemon import fake_daemon, short_directory
from support.history_helpers import history, outcome
from support.terminal import Home, terminal_home

from neckguard.control.protocol import Request
from neckguard.core import Reply

NOBODY = "neckguard: nobody is here to ask; to erase without: neckguard history erase --yes\n"
NONE = "There is no history to erase.\n"
OTHERS = ["history.db.mine", "state.json"]
QUESTION = "Erase everything that neckguard remembers of what happened?"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state" / "neckguard"


@pytest.fixture
def env(tmp_path: Path, state: Path) -> dict[str, str]:
    return {**nowhere(tmp_path), "XDG_STATE_HOME": str(state.parent)}


def live(state: Path) -> None:
    """A daemon that was killed, and an earlier mishap."""
    writer = history(state / "history.db")
    writer.settled(outcome(1000))
    beside = {each: each.read_bytes() for each in state.iterdir()}
    writer.close()
    for each, content in beside.items():
        each.write_bytes(content)
    for name in (
        "history.db.broken-1",
        "history.db.broken-12",
        "history.db.broken-12-wal",
        "state.json",
        "history.db.mine",
    ):
        (state / name).write_text(name)


def names(state: Path) -> list[str]:
    return sorted(each.name for each in state.iterdir())


def test_without_a_daemon_it_leaves_no_trace(env: dict[str, str], state: Path) -> None:
    live(state)
    assert {"history.db", "history.db-wal", "history.db-shm"} < set(names(state))
    assert neckguard("history", "erase", "--yes", env=env) == Outcome(0, "The history is erased.\n", "")
    assert names(state) == ["history.db.mine", "state.json"]
    assert neckguard("history", "erase", "--yes", env=env) == Outcome(
        0, "There is no history to erase.\n", ""
    )


def test_where_nothing_ever_was_there_is_nothing_to_erase(env: dict[str, str], state: Path) -> None:
    assert neckguard("history", "erase", "--yes", env=env).out == NONE
    assert not state.exists()


def test_where_nobody_can_be_asked_nothing_is_erased(env: dict[str, str], state: Path) -> None:
    live(state)
    before = names(state)
    assert neckguard("history", "erase", env=env) == Outcome(1, "", NOBODY)
    assert names(state) == before


def test_what_cannot_be_erased_is_said(env: dict[str, str], state: Path) -> None:
    (state / "history.db").mkdir(parents=True)
    shown = neckguard("history", "erase", "--yes", env=env)
    assert shown == Outcome(1, "", f"neckguard: {state}/history.db cannot be removed: Is a directory.\n")


def test_a_running_daemon_does_it_itself(env: dict[str, str], state: Path) -> None:
    live(state)
    before = names(state)
    with fake_daemon() as daemon:
        daemon.replies["history_erase"] = Reply(ok=True, message="Forgotten.")
        theirs = {**env, "XDG_RUNTIME_DIR": str(daemon.base)}
        assert neckguard("history", "erase", "--yes", env=theirs) == Outcome(0, "Forgotten.\n", "")
        assert daemon.requests == [Request("history_erase", {})]
        daemon.replies["history_erase"] = Reply(ok=False, message="It cannot be removed.")
        refused = Outcome(1, "", "neckguard: It cannot be removed.\n")
        assert neckguard("history", "erase", "--yes", env=theirs) == refused
    assert names(state) == before


@pytest.fixture
def home() -> Iterator[Home]:
    with short_directory() as base, terminal_home(base) as home:
        yield home


@pytest.mark.parametrize("answer", ["yes", "y", "YES"])
def test_in_a_terminal_it_asks_first(home: Home, answer: str) -> None:
    terminal = home.open("history", "erase")
    terminal.until(QUESTION)
    terminal.until("> ")
    assert home.daemon.requests == []
    terminal.type(f"{answer}\n")
    assert terminal.end() == 0
    assert "history_erase: yes." in terminal.shown
    assert home.daemon.requests == [Request("history_erase", {})]


@pytest.mark.parametrize("answer", ["no\n", "\n", "yes please\n", "\x04"])
def test_anything_else_than_yes_erases_nothing(home: Home, answer: str) -> None:
    terminal = home.open("history", "erase")
    terminal.until("> ")
    terminal.type(answer)
    assert terminal.end() == 1
    assert "Nothing was erased." in terminal.shown
    assert home.daemon.requests == []


@pytest.mark.parametrize("words", [[], ["forget"], ["erase", "now"]])
def test_wrong_usage_is_told_apart(env: dict[str, str], words: list[str]) -> None:
    assert neckguard("history", *words, env=env).code == 2
