"""`completion`: what the shells are offered, and that they offer it."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import PROGRAM, installed, neckguard, nowhere, started
from support.fake_daemon import fake_daemon, reminder
from support.helpers import need, wait_until

from neckguard.cli.arguments import parser_of
from neckguard.cli.candidates import candidates
from neckguard.cli.verbs import VERBS, module_of
from neckguard.core import DAY_NAMES

BUILT_IN = ["posture", "stretch", "break", "eyes", "water", "strength", "checkin", "winddown", "dayend"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("pa", ["pause"]),
        ("-", ["--help", "--version"]),
        ("xyzzy ", []),
        ("config ", ["path", "init", "check", "show", "schema", "edit", "open"]),
        ("config s", ["show", "schema"]),
        ("config xyzzy ", []),
        ("config check ", [":files"]),
        ("config check some.toml --", ["--help", "--json"]),
        ("run --config ", [":files"]),
        ("run --config=", [":files"]),
        ("pause --t", ["--toggle"]),
        ("pause --reason lunch --t", ["--toggle"]),
        ("pause --reason=lunch --t", ["--toggle"]),
        ("pause --reason ", []),
        ("pause --until to", ["tomorrow"]),
        ("pause --until=to", ["--until=tomorrow"]),
        ("pause --until = t", ["tomorrow", "tuesday", "thursday"]),
        ("pause --until =", ["tomorrow", "resumed", *DAY_NAMES]),
        ("pause --toggle --u", ["--until"]),
        ("pause 30m ", ["--help", "--until", "--reason", "--toggle"]),
        ("resume ", ["--help"]),
        ("status --format ", ["waybar", "i3blocks", "polybar"]),
        ("hurt chin-t", ["chin-tuck"]),
        ("stretch chin-t", ["chin-tuck"]),
        ("flare start --side ", ["left", "right", "both"]),
        ("completion ", ["bash", "zsh", "fish"]),
        ("completion --", ["--help"]),
    ],
)
def test_what_may_come_next_is_offered(typed: str, offered: list[str]) -> None:
    assert list(candidates(typed.split(" "))) == offered


def test_every_verb_and_every_option_of_it_is_offered() -> None:
    assert list(candidates([""])) == list(VERBS)
    for verb in VERBS:
        taken = [each.option_strings for each in parser_of(verb, "", module_of(verb).add).takes()]
        hidden = {"--words"}
        assert set(candidates([verb, "-"])) == {names[-1] for names in taken if names} - hidden


SLOW = {
    "asyncio",
    "dataclasses",
    "inspect",
    "pydantic",
    "sqlite3",
    "tomllib",
    "typing",
    "neckguard.core.model",
}


@pytest.mark.parametrize(
    ("verb", "typed", "needed"),
    [
        ("now", "", {"tomllib", "typing"}),  # the settings name reminders
        ("hurt", "", set()),
        *((verb, "-", set()) for verb in VERBS),
    ],
)
def test_nothing_slow_is_imported_for_it(verb: str, typed: str, needed: set[str], tmp_path: Path) -> None:
    asked = ["completion", "--words", verb, typed]
    code = (
        f"import sys; from neckguard.cli.main import main; main({asked});"
        f" print(*{SLOW - needed} & set(sys.modules), file=sys.stderr)"
    )
    run = [sys.executable, "-c", code]
    ran = subprocess.run(run, env=nowhere(tmp_path), capture_output=True, text=True, check=True)
    assert ran.stdout
    assert ran.stderr == "\n"


def test_each_word_says_what_it_is_for(tmp_path: Path) -> None:
    shown = neckguard("completion", "--words", "res", env=nowhere(tmp_path))
    assert (shown.code, shown.out, shown.err) == (0, "resume\tend the pause\n", "")


def test_reminders_are_those_of_the_daemon() -> None:
    with fake_daemon() as daemon:
        daemon.change(reminders=[reminder("posture"), reminder("tea")])
        assert neckguard("completion", "--words", "why", "", env=daemon.env).out == "posture\ntea\n"


@pytest.mark.parametrize(
    ("settings", "own"),
    [
        ('[reminders.tea]\nat = ["10:30"]', ["tea"]),
        ("[reminders.posture]\nenabled = false", []),
        ("[reminders", []),
        ("reminders = 3", []),
    ],
)
def test_without_a_daemon_they_are_those_of_the_settings(
    settings: str, own: list[str], tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text(settings)
    env = {**nowhere(tmp_path), "NECKGUARD_CONFIG": str(tmp_path / "config.toml")}
    shown = neckguard("completion", "--words", "why", "", env=env)
    assert (shown.code, shown.out.split(), shown.err) == (0, BUILT_IN + own, "")


SHELLS = {
    "bash": ["--norc", "--noprofile", "-i"],
    "zsh": ["-f", "-i"],
    "fish": ["--no-config", "-i"],
}
SET_UP = {
    "bash": 'eval "$(neckguard completion bash)"',
    "zsh": 'autoload -Uz compinit; compinit -u; eval "$(neckguard completion zsh)"',
    "fish": "neckguard completion fish | source",
}


@pytest.fixture(params=SHELLS)
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[int]:
    """A shell that was told to complete, in a terminal."""
    shell = request.param
    need(shell, "setsid")
    ours, theirs = pty.openpty()
    env = installed({**nowhere(tmp_path), "TERM": "xterm", "HOME": str(tmp_path)})
    how = {"env": env, "cwd": tmp_path, "stdin": theirs, "stdout": theirs, "stderr": theirs}
    (tmp_path / "mine.toml").touch()
    with started("setsid", "--ctty", shell, *SHELLS[shell], **how):
        os.close(theirs)
        os.write(ours, f"{SET_UP[shell]}\necho re''ady\n".encode())
        shows(ours, "ready")
        yield ours
    os.close(ours)


def shows(terminal: int, text: str) -> None:
    """Wait until it does."""
    shown = ""

    def read() -> bool:
        nonlocal shown
        shown += os.read(terminal, 65536).decode(errors="replace")
        return text in shown

    wait_until(read)


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("neckguard hurt chin-t", "chin-tuck"),
        (f"{PROGRAM} conf", "config"),
        ("neckguard pause --until=tom", "tomorrow"),
        ("neckguard config check mi", "mine.toml"),
    ],
)
def test_a_real_shell_completes(terminal: int, typed: str, becomes: str) -> None:
    os.write(terminal, f"{typed}\t\n".encode())
    shows(terminal, becomes)
