"""`bar`: modules that real status bars take, and their clicks."""

import configparser
import json
import os
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
from support.command import PROGRAM, Outcome, neckguard, nowhere, started
from support.fake_daemon import FakeDaemon, fake_daemon
from support.helpers import need, wait_until

STRETCH = {"id": 1, "reminder": "stretch", "shown_at": "2026-03-02T10:00:00+01:00", "title": "Ease your neck"}


def module(bar: str, base: Path) -> str:
    printed = neckguard("bar", bar, env=nowhere(base))
    assert (printed.code, printed.err) == (0, "")
    return printed.out


def asked(daemon: FakeDaemon) -> list[tuple[str, dict[str, object]]]:
    return [(each.command, dict(each.args)) for each in daemon.requests if each.command != "status"]


def test_waybar_gets_a_module_and_its_style(tmp_path: Path) -> None:
    settings, style = module("waybar", tmp_path).split("\n\n")
    lines = [line for line in settings.splitlines() if not line.startswith("//")]
    assert json.loads(f"{{{''.join(lines)}}}") == {
        "custom/neckguard": {
            "exec": f"{PROGRAM} status --follow --format waybar",
            "return-type": "json",
            "on-click": f"{PROGRAM} bar click",
            "on-click-right": f"{PROGRAM} pause --toggle",
        }
    }
    for name in ("prompt", "paused", "off_hours", "away", "quiet", "stopped"):
        assert f"#custom-neckguard.{name}" in style


def test_polybar_gets_a_module(tmp_path: Path) -> None:
    parser = configparser.ConfigParser()
    parser.read_string(module("polybar", tmp_path))
    assert dict(parser["module/neckguard"]) == {
        "type": "custom/script",
        "exec": f"{PROGRAM} status --follow --format polybar",
        "tail": "true",
        "format-padding": "1",
        "click-left": f"{PROGRAM} bar click",
        "click-right": f"{PROGRAM} pause --toggle",
    }


def test_i3status_rust_gets_a_block(tmp_path: Path) -> None:
    assert tomllib.loads(module("i3status-rust", tmp_path)) == {
        "block": [
            {
                "block": "custom",
                "command": f"{PROGRAM} status --follow --format polybar",
                "persistent": True,
                "click": [
                    {"button": "left", "cmd": f"{PROGRAM} bar click"},
                    {"button": "right", "cmd": f"{PROGRAM} pause --toggle"},
                ],
            }
        ]
    }


def test_tmux_itself_takes_its_lines(tmp_path: Path) -> None:
    need("tmux")
    settings = tmp_path / "tmux.conf"
    settings.write_text(module("tmux", tmp_path))
    tmux = ["tmux", "-S", str(tmp_path / "socket"), "-f", str(settings)]
    ask = "start ; show -gv status-right ; list-keys -T root"
    env = {**os.environ, "TERM": "xterm"}
    ran = subprocess.run([*tmux, *shlex.split(ask)], env=env, capture_output=True, text=True, check=True)
    status, *bound = ran.stdout.splitlines()
    assert status.endswith(f" #({PROGRAM} status --follow --format polybar)")
    keys = {line.split()[3]: line for line in bound}
    assert f"{PROGRAM} bar click >" in keys["MouseDown1StatusRight"]
    assert f"{PROGRAM} pause --toggle >" in keys["MouseDown3StatusRight"]


@pytest.mark.parametrize(
    ("button", "command"), [(1, ("now", {"reminder": "stretch"})), (3, ("pause", {"toggle": True}))]
)
def test_i3blocks_itself_shows_it_and_hands_on_a_click(
    button: int, command: tuple[str, dict[str, object]]
) -> None:
    need("i3blocks")
    with fake_daemon() as daemon:
        settings = daemon.base / "i3blocks.conf"
        settings.write_text(module("i3blocks", daemon.base))
        pipes = {"env": daemon.env, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with started("i3blocks", "-c", settings, **pipes) as bar:
            assert bar.stdin
            assert bar.stdout
            while '"full_text":"posture 12m"' not in bar.stdout.readline():
                pass
            click = f'[\n{{"name":"neckguard","button":{button},"x":1,"y":1}}'
            print(click, file=bar.stdin, flush=True)
            wait_until(lambda: asked(daemon))
        assert asked(daemon) == [command]


@pytest.mark.parametrize(
    ("prompt", "command"), [(STRETCH, ("start", {})), (None, ("now", {"reminder": "stretch"}))]
)
def test_a_click_answers_the_prompt_or_brings_a_stretch(
    prompt: dict[str, object] | None, command: tuple[str, dict[str, object]]
) -> None:
    with fake_daemon() as daemon:
        daemon.change(prompt=prompt)
        assert neckguard("bar", "click", env=daemon.env) == Outcome(0, f"{command[0]}: yes.\n", "")
        assert asked(daemon) == [command]
