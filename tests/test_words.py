"""Words for people: the program by a name they can type, and lines that fit."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.command import PROGRAM, nowhere

from neckguard import words
from neckguard.cli.verbs import VERBS

TEXT = "neckguard is paused; to go on: neckguard resume. `neckguard config check`: /usr/bin/neckguard done"


def found(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "neckguard").write_text("#!/bin/sh\n")
    (folder / "neckguard").chmod(0o755)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with nothing installed, and a program that was started from it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}/tools")
    monkeypatch.setattr(sys, "argv", [".venv/bin/neckguard", "run"])
    return tmp_path


def test_every_verb_is_known_as_one() -> None:
    assert words.VERBS.split() == list(VERBS)


def test_what_is_not_on_the_path_is_named_as_it_was_started(home: Path) -> None:
    named = TEXT.replace(": neckguard", ": .venv/bin/neckguard").replace("`neckguard", "`.venv/bin/neckguard")
    assert words.as_started(TEXT) == named
    assert words.as_started(named) == named


@pytest.mark.parametrize("place", ["tools", ".local/bin"])
def test_what_is_found_by_its_name_is_named_by_it(home: Path, place: str) -> None:
    found(home / place)
    assert words.program() == "neckguard"
    assert words.as_started(TEXT) == TEXT


def test_what_merely_has_its_name_is_not_it(home: Path) -> None:
    (home / "tools" / "neckguard").mkdir(parents=True)
    assert words.program() == ".venv/bin/neckguard"


@pytest.mark.parametrize(
    ("started", "named"),
    [
        (["{home}/my tools/neckguard"], "'{home}/my tools/neckguard'"),
        (["{home}/src/.venv/bin/neckguard"], "~/src/.venv/bin/neckguard"),
        (["/srv/neckguard"], "/srv/neckguard"),
        (["/srv/neckguard/__main__.py"], "python3 -m neckguard"),
        (["pytest"], "neckguard"),
        ([""], "neckguard"),
    ],
)
def test_ways_to_be_started(
    home: Path, monkeypatch: pytest.MonkeyPatch, started: list[str], named: str
) -> None:
    monkeypatch.setattr(sys, "argv", [each.format(home=home) for each in started])
    monkeypatch.setattr(sys, "orig_argv", ["python3", "-m", "neckguard"])
    assert words.program() == named.format(home=home)
    told = words.as_started("To go on: neckguard resume")
    assert told == f"To go on: {named.format(home=home)} resume"
    assert words.as_started(told) == told


def test_lines_are_wrapped_between_words_and_keep_their_indent() -> None:
    text = "Short.\n  Two and two and two make six.\n\n/a/path/that/is/longer/than/any/line: no"
    assert words.wrap(text, 20) == (
        "Short.\n  Two and two and\n  two make six.\n\n/a/path/that/is/longer/than/any/line:\nno"
    )
    assert words.wrap(text, 3) == words.wrap(text, 20)


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_where_there_is_no_terminal_lines_stay_whole(stream: io.StringIO | None) -> None:
    assert words.fit("word " * 50, stream) == "word " * 50


def test_a_program_in_a_virtual_environment_is_told_by_its_path(tmp_path: Path) -> None:
    env = {**nowhere(tmp_path), "HOME": str(tmp_path), "PATH": os.defpath}
    place, name = PROGRAM.parent.parent, f"{PROGRAM.parent.name}/neckguard"

    def said(*arguments: str) -> str:
        ran = subprocess.run(
            [name, *arguments], cwd=place, env=env, capture_output=True, text=True, check=False
        )
        return ran.stdout + ran.stderr

    assert f" or `{name} run` (in this terminal)." in said("status")
    assert f"All of them: {name} --help" in said("juggle")
    assert said("pause", "--help").startswith(f"usage: {name} pause [-h]")
    assert f"\n  {name} pause 30m\n" in said("pause", "--help")
    assert f"such as: {name} checkin 3" in said("checkin")
    assert f"Usage: {name} VERB [...]" in said("--help")
