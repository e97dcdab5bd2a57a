"""Whatever people type and other programs call themselves: it is shown without what could do harm."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.command import PROGRAM, started
from support.helpers import wait_until
from support.life import Life
from support.media_helpers import dump, link, node
from support.notification_helpers import Desk
from support.poison import LEFT, POISON, poison_in, texts_in
from support.window_helpers import ACTIVATED, FULLSCREEN, FakeCompositor, listening

TITLE = f"Tea {POISON} time"
SETTINGS = f"""
[reminders.tea]
every = "1h"
title = {json.dumps(TITLE)}
message = {json.dumps(f"Put{POISON}on.")}
[quiet]
settle = "0s"
calls_ignore = [{json.dumps(POISON)}]
fullscreen = true
fullscreen_ignore = [{json.dumps(f"no{POISON}")}]
programs = [{json.dumps(POISON)}]
[stretches]
avoid = [{json.dumps(POISON)}]
[notify]
sound = {json.dumps(POISON)}
icon = {json.dumps(f"/nowhere/{POISON}")}
[hooks]
on_prompt = [{json.dumps(sys.executable)}, "-c", "HOOK", {json.dumps(POISON)}]
on_outcome = [{json.dumps(f"no-{POISON}")}]
"""
HOOK = "import os, json; json.dump(dict(os.environ), open('{out}', 'w'))"
FORMS = ("waybar", "i3blocks", "polybar", "{prompt} {quiet} {holds}")
WORDS = (
    "status",
    "status --json",
    "why",
    "config check",
    "config show",
    "config path",
    "reload",
    "preview --hours 2",
    "preview --hours 2 --brief",
    "preview --now --hours 2",
    "stats",
    "report --notes --output -",
    "export",
    "export --format json",
    "now {poison}",
    "{poison}",
    "stretch {poison}",
    "pause {poison}",
    "status --format {poison}",
    "preview --scenario /{poison}",
)


def poisoned(life: Life) -> Life:
    """The home of somebody who named the settings file so, whose microphone is held by such a program."""
    life.env["NECKGUARD_CONFIG"] = str(life.base / f"set{POISON}.toml")
    life.config = Path(life.env["NECKGUARD_CONFIG"])
    tools = life.base / "tools"
    tools.mkdir()
    microphone = node(40, "Audio/Source", node__name="mic")
    caller = node(51, "Stream/Input/Audio", application__name=f"Call{POISON}")
    (tools / "graph").write_text(dump(microphone, caller, link(60, 40, 51)))
    (tools / "pw-dump").write_text(f"#!/bin/sh\nexec cat {tools}/graph\n")
    (tools / "pw-dump").chmod(0o755)
    (life.base / "run" / "pipewire-0").touch()
    life.env["WAYLAND_DISPLAY"] = "wayland-7"
    life.env["PATH"] = f"{tools}:{life.env['PATH']}"
    return life


@pytest.fixture
def around() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_nothing_that_could_do_harm_comes_out_anywhere(life: Life, desk: Desk, around: ExitStack) -> None:
    server = desk.server(name=f"Server{POISON}")
    out = life.base / "hook"
    filled = FakeCompositor(windows=[(f"Film{POISON}", (ACTIVATED, FULLSCREEN))])
    around.enter_context(listening(filled, life.base / "run" / "wayland-7"))
    poisoned(life).begin(SETTINGS.replace("HOOK", HOOK.format(out=out)))
    said = [life.ask("now", "tea"), life.ask("checkin", "3")]
    assert [each.code for each in said] == [0, 0]
    wait_until(lambda: f"Tea {LEFT} time" in server.titles)
    said.append(life.ask("config", "show"))
    assert tomllib.loads(said[-1].out)["reminders"]["tea"]["title"] == TITLE
    data = [life.status()]
    assert data[0]["prompt"]["title"] == f"Tea {LEFT} time"
    waybar = life.ask("status", "--format", "waybar")
    data.append(json.loads(waybar.out))
    assert "Tea" in data[-1]["tooltip"]
    data.append(json.loads(life.ask("preview", "--hours", "2", "--json").out))
    assert TITLE.replace(POISON, LEFT) in set(texts_in(data[-1]))
    with started(PROGRAM, "status", "--follow", env=life.env, stdout=subprocess.PIPE, text=True) as follow:
        assert follow.stdout
        assert not poison_in(follow.stdout.readline())

    said += [waybar, *(life.ask("status", "--format", form) for form in FORMS)]
    said += [life.ask(*(word.format(poison=POISON) for word in words.split(" "))) for words in WORDS]
    said += [life.ask("done"), life.ask("why")]
    assert f"icrophone in use by Call{LEFT[:9]}" in said[-1].out
    assert f"Film{LEFT[:9]}" in said[-1].out
    assert "fills the screen: a prompt would wait for that." in said[-1].out
    said += [life.ask("pause", "1h", "--reason", POISON), life.ask("status"), life.ask("resume")]
    assert f"({' '.join(LEFT.split())})" in said[-2].out
    life.save('[notify]\nbackend = "console"\n' + SETTINGS.replace("[notify]\n", "").replace("every", "evry"))
    wait_until(lambda: life.status()["config"]["problems"])
    said += [life.ask("status"), life.ask("config", "check"), life.ask("reload")]

    found = {words for each in said for words in (each.out, each.err) if poison_in(words)}
    assert found == set()
    assert not poison_in("".join(texts_in([data, [list(note) for note in server.notes]])))
    assert not poison_in(life.text())
    assert not poison_in("".join(v for k, v in json.loads(out.read_text()).items() if "HOOK" in k))


def test_a_console_shows_no_more(life: Life) -> None:
    settings = SETTINGS.replace("[notify]", '[notify]\nbackend = "console"').replace("HOOK", "0")
    poisoned(life).begin(settings)
    assert life.ask("now", "tea").code == 0
    wait_until(lambda: f"Tea {LEFT} time" in life.text())
    assert not poison_in(life.text())
