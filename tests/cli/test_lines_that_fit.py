"""What the command line prints, in a terminal of some width; and what Ctrl-C leaves there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import neckguard
from support.fake_daemon import SAMPLE
from support.terminal import Home, terminal_home

from neckguard.cli.terminal import say
from neckguard.core import Reply

PROBLEM = "nobody can tell whether you are at the screen, so time counts always; lock it when you leave"
STATUS = SAMPLE | {
    "reminders": SAMPLE["reminders"][:1],
    "services": {"presence": {"ok": False, "source": "none", "problem": PROBLEM, "note": ""}},
}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with terminal_home(tmp_path) as home:
        home.daemon.replies |= {
            "status": Reply(ok=True, data=STATUS),
            "hurt": Reply(ok=True, message="Chin tuck is put away for two weeks.\nStop if anything hurts."),
            "pause": Reply(ok=False, message="A refusal that is longer than such a narrow terminal is wide."),
        }
        yield home


def lines(home: Home, *words: str, columns: int, code: int = 0) -> list[str]:
    terminal = home.open(*words, size=(columns, 24))
    assert terminal.end() == code
    return re.sub(r"\x1b\[[0-9;]*m", "", terminal.shown).split("\r\n")


@pytest.mark.parametrize("columns", [40, 80])
def test_the_status_fits(home: Home, columns: int) -> None:
    shown = lines(home, "status", columns=columns)
    assert max(map(len, shown)) <= columns
    assert f"Problem: presence: {PROBLEM}" in " ".join(shown)


def test_a_message_keeps_its_lines_and_fits(home: Home) -> None:
    assert lines(home, "hurt", columns=30) == [
        "Chin tuck is put away for two",
        "weeks.",
        "Stop if anything hurts.",
        "",
    ]


def test_an_error_fits(home: Home) -> None:
    assert lines(home, "pause", columns=30, code=1) == [
        "neckguard: A refusal that is",
        "longer than such a narrow",
        "terminal is wide.",
        "",
    ]


def test_wrong_usage_fits(home: Home) -> None:
    shown = lines(home, "pause", "900d", columns=40, code=2)
    assert max(map(len, shown)) <= 40
    assert " ".join(shown[-4:]).strip().endswith("'900d' is not between 1s and 366d")


def test_in_a_pipe_each_line_stays_whole(home: Home) -> None:
    assert f"Problem: presence: {PROBLEM}\n" in neckguard("status", env=home.env).out


def test_what_comes_after_ctrl_c_begins_on_a_line_of_its_own(home: Home) -> None:
    terminal = home.open("checkin")
    terminal.until("> ")
    terminal.type("\x03")
    # Maybe again: one that comes just before `input` begins to read is only seen with the next.
    assert terminal.end(again="\x03") == 130
    assert terminal.shown.endswith("^C\r\n")


def test_what_a_long_command_does_breaks_between_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "40")
        say("a cold pack with a timer (or: heat)", before="  /opt/bin/neckguard flare cold  ")
        say("note how it goes", before="  flare log  ")
    assert capsys.readouterr().out == (
        "  /opt/bin/neckguard flare cold  a cold\n    pack with a timer (or: heat)\n"
        "  flare log  note how it goes\n"
    )
