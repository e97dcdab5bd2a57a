"""How the desktop comes to know neckguard, and what a click on its own notices does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.helpers import patient, wait_until
from support.life import Life
from support.notification_helpers import Desk

ENTRY = ".local/share/applications/neckguard.desktop"
ICON = ".local/share/icons/hicolor/scalable/apps/neckguard.svg"


@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_the_first_run_on_a_desktop_makes_neckguard_known_there(
    life: Life, desk: Desk, variable: str
) -> None:
    server = desk.server()
    life.env[variable] = "none-here"
    life.begin()
    wait_until((life.base / ENTRY).is_file)
    wait_until(lambda: server.notes)
    assert life.ask("now", "posture").code == 0
    wait_until(lambda: len(server.notes) == 2)
    assert server.notes[1][2] == "neckguard"


def test_the_start_does_not_wait_until_it_is_known_there(tmp_path: Path) -> None:
    held, known = tmp_path / "held", tmp_path / "known"
    os.mkfifo(held)
    slow = f"lambda _: open({str(known)!r}, 'w').write(open({str(held)!r}).read())"
    install = f"from neckguard.cli.service import launcher; launcher.install = {slow}"
    code = f"{install}; from neckguard.cli import run; run._introduce()"
    with subprocess.Popen([sys.executable, "-c", code]) as start:
        try:
            assert (start.wait(patient(10)), known.exists()) == (0, False)
        finally:
            held.write_text("by now")  # a pipe: whoever is held by it goes on
    wait_until(lambda: known.exists() and known.read_text() == "by now")


def test_without_a_desktop_nothing_is_written(life: Life) -> None:
    life.begin()
    assert life.end() == 0
    assert not (life.base / ".local").exists()


def test_a_later_run_leaves_the_entry_as_it_is_unless_its_program_is_gone(life: Life) -> None:
    life.env["DISPLAY"] = "none-here"
    entry = life.base / ENTRY
    entry.parent.mkdir(parents=True)
    entry.write_text("[Desktop Entry]\nTryExec=/bin/sh\n")
    life.begin()
    assert (entry.read_text(), life.end()) == ("[Desktop Entry]\nTryExec=/bin/sh\n", 0)
    entry.write_text("[Desktop Entry]\nTryExec=/no/such/neckguard\n")
    life.begin()
    wait_until(lambda: "/no/such/neckguard" not in entry.read_text())


def test_an_entry_for_everybody_will_do(life: Life) -> None:
    life.env |= {"DISPLAY": "none-here", "XDG_DATA_DIRS": str(life.base / "share")}
    entry = life.base / "share/applications/neckguard.desktop"
    entry.parent.mkdir(parents=True)
    entry.write_text("[Desktop Entry]\nTryExec=/bin/sh\n")
    life.begin()
    assert life.end() == 0
    assert not (life.base / ENTRY).exists()


def test_where_it_cannot_be_made_known_it_runs_and_says_so(life: Life) -> None:
    life.env["DISPLAY"] = "none-here"
    (life.base / ".local").write_text("in the way")
    life.begin()
    assert life.ask("status").code == 0
    said = "neckguard has no icon and no launcher entry on this desktop: cannot write"
    wait_until(lambda: said in life.text())


def test_a_click_on_the_notice_of_broken_settings_opens_the_file(life: Life, desk: Desk) -> None:
    opened = an_opener(life, "exit 0")
    server = desk.server()
    life.begin("[remind")
    wait_until(lambda: "Your neckguard settings" in server.shown.values())
    titles = [note[3] for note in server.notes]
    number = titles.index("Your neckguard settings")
    assert server.notes[number][5] == ["default", "Open the file"]
    server.act(number + 1, "default")
    wait_until(opened.exists)
    wait_until(lambda: opened.read_text() == f"{life.config}\n")


def test_a_file_that_cannot_be_opened_is_in_the_log(life: Life, desk: Desk) -> None:
    an_opener(life, "exit 4")
    server = desk.server()
    life.begin("[remind")
    wait_until(lambda: "Your neckguard settings" in server.shown.values())
    server.act([note[3] for note in server.notes].index("Your neckguard settings") + 1, "default")
    wait_until(lambda: f"{life.config} was not opened: xdg-open ended with exit code 4." in life.text())


def an_opener(life: Life, does: str) -> Path:
    """An `xdg-open` that writes down what it is to open."""
    place, opened = life.base / "bin", life.base / "opened"
    place.mkdir()
    (place / "xdg-open").write_text(f'#!/bin/sh\necho "$1" > {opened}\n{does}\n')
    (place / "xdg-open").chmod(0o755)
    life.env["PATH"] = f"{place}:{life.env['PATH']}"
    return opened
