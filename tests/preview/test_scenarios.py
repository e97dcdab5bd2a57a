"""Scenarios that once went wrong, through the program itself: each tells what must happen now."""

import os
import re
from pathlib import Path

import pytest
from support.command import neckguard, nowhere

HERE = Path(__file__).parent / "scenarios"


@pytest.fixture
def played(tmp_path: Path) -> "Played":
    return Played(tmp_path)


class Played:
    """Plays scenarios as a person would."""

    def __init__(self, home: Path) -> None:
        self._env = {**nowhere(home), "COLUMNS": "100", "PATH": os.environ["PATH"]}

    def lines(self, name: str) -> list[str]:
        """What it says to one of them, blanks folded."""
        settings = HERE / f"{name}.toml"
        env = {**self._env, "NECKGUARD_CONFIG": str(settings)} if settings.exists() else self._env
        ran = neckguard("preview", "--scenario", str(HERE / f"{name}.scenario"), env=env)
        assert (ran.code, ran.err) == (0, "")
        return [re.sub(r" +", " ", line) for line in ran.out.splitlines()]


def about(lines: list[str], *words: str) -> list[str]:
    """The lines that hold all of these."""
    return [line for line in lines if all(word in line for word in words)]


def test_different_calls_never_add_up(played: Played) -> None:
    lines = played.lines("calls-never-add-up")
    assert about(lines, "shown") == []
    assert about(lines, "four hours") == []


def test_who_was_idle_and_then_locked_was_away_since_the_last_input(played: Played) -> None:
    lines = played.lines("lock-after-idling")
    assert about(lines, "you back after 5 min") != []
    assert about(lines, "09:45:31 stretch done away long enough") != []
    assert about(lines, "09:45:31 break natural break") != []
    assert about(lines, "posture shown")[1].startswith("10:05")


def test_music_takes_no_break_away(played: Played) -> None:
    lines = played.lines("music-and-breaks")
    assert len(about(lines, "break shown")) == len(about(lines, "break done away long enough")) == 2
    assert about(lines, "break ignored") == []


def test_a_bumped_mouse_ends_no_break(played: Played) -> None:
    lines = played.lines("bumped-mouse-in-a-break")
    assert len(about(lines, "break shown")) == len(about(lines, "break done")) == 1


def test_fridays_walk_does_not_come_on_monday(played: Played) -> None:
    lines = played.lines("snoozed-at-over-the-weekend")
    assert [line.split()[0] for line in about(lines, "team shown")] == ["16:00:28"]
    assert about(lines, "team dropped midnight") != []


def test_what_was_started_two_minutes_early_does_not_come_again(played: Played) -> None:
    lines = played.lines("start-before-at")
    assert len(about(lines, "strength shown")) <= 1
    assert about(lines, "11:00", "shown") == []
