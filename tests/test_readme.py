"""What the README promises: its two first commands, on a bare machine; its examples; its figures."""

import argparse
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import neckguard, nowhere

from neckguard.cli.arguments import parser_of
from neckguard.cli.verbs import VERBS, module_of
from neckguard.content.loader import load_postures, load_stretches

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
LINES = [line for line in README.splitlines() if "(python3 -m venv" in line]
DEFAULTS = tomllib.loads((ROOT / "config.example.toml").read_text())

APT_GET = """
case "$*" in
    *update*) touch lists ;;
    *install*python3-venv*) test -e lists || exit 100; touch venv ;;
esac
"""
PYTHON = """
test -e venv || exit 1
mkdir -p .venv/bin
for name in pip neckguard pytest; do
    printf '#!/bin/sh\\necho %s $*\\n' $name > .venv/bin/$name
    chmod +x .venv/bin/$name
done
"""


@pytest.mark.parametrize("sudo", [True, False])
@pytest.mark.parametrize(
    ("number", "ends"),
    [(0, "pip install -q .\nneckguard run\n"), (1, "pip install -q -e .[test]\npytest -n 3\n")],
)
def test_they_bring_what_is_missing(tmp_path: Path, number: int, ends: str, *, sudo: bool) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "touch", "mkdir", "chmod"):
        (programs / name).symlink_to(str(shutil.which(name)))
    scripts = {"apt-get": APT_GET, "python3": PYTHON} | ({"sudo": 'exec "$@"'} if sudo else {})
    for name, script in scripts.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    assert len(LINES) == 2
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", LINES[number]],
        cwd=tmp_path,
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
        executable=shutil.which("bash"),
    )
    assert (ran.returncode, ran.stdout) == (0, ends), ran.stderr


def test_the_day_in_it_is_a_day_with_neckguard(tmp_path: Path) -> None:
    told = re.search(r"\$ cat day.txt\n(.*?)\$ neckguard (preview.*?)\n(.*?)```", README, flags=re.DOTALL)
    assert told
    day, command, shown = told.groups()
    (tmp_path / "day.txt").write_text(day)
    words = [str(tmp_path / word) if word == "day.txt" else word for word in command.split()]
    assert neckguard(*words, env=nowhere(tmp_path)).out == shown


def test_every_example_of_settings_in_it_is_valid(tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", README, flags=re.DOTALL)
    assert len(examples) >= 3
    (tmp_path / "ssh").symlink_to("/bin/sh")  # one of them is for machines that have it
    env = nowhere(tmp_path)
    env["PATH"] += f":{tmp_path}"
    for number, example in enumerate(examples):
        file = tmp_path / f"{number}.toml"
        file.write_text(example)
        assert neckguard("config", "check", str(file), env=env).out.endswith("ok\n"), example


def test_its_pictures_are_there_and_small() -> None:
    pictures = set(re.findall(r"\.github/pictures/[a-z-]+\.png", README))
    assert pictures
    assert all(0 < (ROOT / picture).stat().st_size < 60_000 for picture in pictures)


def test_its_figures_are_those_of_the_program() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) min \| (\d+) (min|s) \|", README, flags=re.MULTILINE)
    assert {name: (f"{every}m", span + unit[0]) for name, every, span, unit in rows} == {
        name: (reminder["every"], reminder["duration"])
        for name, reminder in DEFAULTS["reminders"].items()
        if reminder["enabled"]
    }
    off = re.search(r"^Built in but off: (.*?), which asks", README, flags=re.MULTILINE | re.DOTALL)
    assert off
    assert re.findall(r"`(\w+)`", off[1]) == [
        name for name, reminder in DEFAULTS["reminders"].items() if not reminder["enabled"]
    ]
    assert f"{len(load_stretches())} small movements and {len(load_postures())} posture checks" in README


def test_every_key_that_it_names_exists() -> None:
    named = re.findall(rf"`({'|'.join(DEFAULTS)})\.(\w+)\b", README)
    assert {section for section, _ in named} >= {"quiet", "history"}
    for section, key in named:
        assert key in DEFAULTS[section]


def _verbs() -> Iterator[tuple[str, str]]:
    """Each verb of its table, with all that is said of how to write it."""
    table = README[README.index("| verb | does |") : README.index("Each has `--help`")]
    for row in table.splitlines()[2:]:
        for code in re.findall(r"`([^`]+)`", row.replace("\\|", "/").split(" | ")[0]):
            verb, _, rest = code.partition(" ")
            yield verb, rest


def _options(parser: argparse.ArgumentParser) -> set[str]:
    """The long ones that its help shows, but for that of the help."""
    shown = (action for action in parser._actions if action.help != argparse.SUPPRESS)
    return {option for action in shown for option in action.option_strings if option.startswith("--")} - {
        "--help"
    }


def _actions(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    inner = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return {name: below for action in inner for name, below in action.choices.items()}


def test_its_table_names_every_verb_with_all_its_options_and_actions() -> None:
    assert sorted(verb for verb, _ in _verbs()) == sorted(VERBS)
    for verb, rest in _verbs():
        parser = parser_of(verb, VERBS[verb][1], module_of(verb).add)
        named = set(re.findall(r"--[a-z-]+", rest))
        actions = _actions(parser)
        assert _options(parser) <= named <= _options(parser).union(*map(_options, actions.values())), verb
        words = set(re.findall(r"\b[a-z]+\b", re.sub(r"--[a-z-]+", "", rest)))
        assert words == set(actions) or not actions, verb


def test_its_lines_can_be_read_in_a_terminal() -> None:
    long = [line for line in README.splitlines() if len(line) > 120 and line not in LINES]
    assert [line for line in long if not line.lstrip().startswith(("|", "<"))] == []
