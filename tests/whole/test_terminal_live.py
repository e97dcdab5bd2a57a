"""The daemon on a terminal where there is no desktop: what a new person sees in the first minutes."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import installed, neckguard
from support.terminal import Terminal


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A home without any desktop."""
    (tmp_path / "run").mkdir(mode=0o700)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    places = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "STATE")}
    return installed({**kept, **places, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")})


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()


def run(terminals: list[Terminal], env: dict[str, str], columns: int = 80) -> Terminal:
    terminals.append(Terminal(env, ["run"], pace=1.0, size=(columns, 24)))
    return terminals[-1]


def test_prompts_have_the_terminal_for_themselves(terminals: list[Terminal], env: dict[str, str]) -> None:
    terminal = run(terminals, env)
    terminal.until("Welcome to neckguard")
    terminal.until("Quiet it with: neckguard pause.")
    terminal.until("is running. Next: posture in 20 min.\r\n")
    terminal.until("There is no desktop here, so prompts appear on the console.\r\n")
    terminal.until("See one now: neckguard now stretch (in another terminal)\r\n")
    terminal.until("Nobody can tell whether you are at the screen, so time counts always.\r\n")
    terminal.until("neckguard doctor\r\n")
    assert neckguard("now", "stretch", env=env).code == 0
    terminal.until("Ease your neck: chin tuck\r\n")
    terminal.until("Answer: neckguard start, snooze or skip\r\n")
    assert neckguard("skip", env=env).code == 0
    terminal.type("\x03")
    assert terminal.end() == 0
    assert terminal.shown.endswith("^C\r\n")
    assert not re.search(r"\d{4}-\d\d-\d\d \d\d:|warning|skipped", terminal.shown), "that is the log"


def test_that_nothing_can_be_saved_is_said_at_once(terminals: list[Terminal], env: dict[str, str]) -> None:
    terminal = run(terminals, {**env, "XDG_STATE_HOME": "/proc/no"})
    terminal.until("It runs without memory: cannot use /proc/no/neckguard: No such")


@pytest.mark.parametrize("columns", [80, 40])
def test_no_word_is_cut_at_the_edge(terminals: list[Terminal], env: dict[str, str], columns: int) -> None:
    terminal = run(terminals, env, columns)
    terminal.until("neckguard doctor")
    assert neckguard("now", "stretch", env=env).code == 0
    terminal.until("skip\r\n")
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.end() == 0
    lines = terminal.shown.split("\r\n")
    assert max(map(len, lines)) <= columns
    assert max(map(len, lines)) > columns - 12, "it uses the room that there is"


def test_where_no_prompt_can_come_the_log_has_the_terminal(
    terminals: list[Terminal], env: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "config" / "neckguard").mkdir(parents=True)
    (tmp_path / "config" / "neckguard" / "config.toml").write_text('[notify]\nbackend = "dbus"\n')
    terminal = run(terminals, env)
    terminal.until("warning: there is no session bus; trying again.")  # no prompt ever comes to this terminal
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.end() == 0
