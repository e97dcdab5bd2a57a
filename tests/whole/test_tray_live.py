"""The icon in the tray of the running program: what its menu says, and what a click does."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.helpers import wait_until
from support.life import Life
from support.notification_helpers import Desk, FakeServer, PrivateBus
from support.tray_helpers import Host

MENU = [
    "Pause for 30 min",
    "Pause for 1 h",
    "Pause until tomorrow",
    "Stretch now",
    "Break now",
    "Break now: 15 min",
    "Flare-up…",
    "Statistics",
    "Settings",
]


@pytest.fixture
def server(desk: Desk) -> FakeServer:
    return desk.server()


@pytest.fixture
def host(session: PrivateBus, server: FakeServer, life: Life) -> Iterator[Host]:
    host = Host(session)
    programs = life.base / "programs"
    programs.mkdir()
    life.env["PATH"] = f"{programs}:{os.environ['PATH']}"
    opener(life, exit_code=0)
    life.start()
    host.take()
    wait_until(lambda: life.ask("status").code == 0)
    wait_until(lambda: life.status()["services"]["tray"] == {"ok": True, "problem": "", "shown": True})
    yield host
    host.end()


def opener(life: Life, *, exit_code: int) -> None:
    """What the desktop opens files with notes them."""
    tool = life.base / "programs" / "xdg-open"
    tool.write_text(f'#!/bin/sh\necho "$1" >> {life.base}/opened\nexit {exit_code}\n')
    tool.chmod(0o755)


def opened(life: Life) -> str:
    return wait_until(lambda: text(life.base / "opened")).strip()


def text(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def test_the_menu_pauses_and_resumes_and_the_icon_shows_it(life: Life, host: Host) -> None:
    first, *labels = host.open()
    assert first.startswith("Next: posture about ")
    assert labels[-len(MENU) :] == MENU
    assert host.properties()["IconName"] == "neckguard-symbolic"  # no system bus is no fault
    assert host.properties()["ToolTip"][3].startswith("Next: posture about ")
    assert "\nProblem: session: cannot use the system bus" in host.properties()["ToolTip"][3]
    host.click(host.open()["Pause for 1 h"])
    while host.told() != ("NewIcon", ()):
        pass
    assert life.status()["state"] == "paused"
    assert host.properties()["IconName"] == "neckguard-paused-symbolic"
    paused = host.open()
    assert next(iter(paused)).startswith("Paused until ")
    assert [label for label in paused if "ause for" in label] == []
    host.click(paused["Resume"])
    wait_until(lambda: life.status()["state"] == "running")


def test_a_prompt_comes_at_a_click_and_what_is_refused_is_said_in_a_card(
    life: Life, host: Host, server: FakeServer
) -> None:
    host.click(host.open()["Break now"])
    wait_until(lambda: "Time away from the desk: 5 min" in server.titles)
    life.ask("skip")
    host.click(host.open()["Pause until tomorrow"])
    wait_until(lambda: life.status()["state"] == "paused")
    host.click(host.open()["Stretch now"])
    wait_until(lambda: server.titles[-1] == "Stretch now")
    assert server.notes[-1][4].startswith("Paused; run: ")
    host.click(host.open()["Flare-up…"])
    wait_until(lambda: server.titles[-1] == "Flare-up…")


def test_settings_opens_the_file_which_is_made_if_there_is_none(
    life: Life, host: Host, server: FakeServer
) -> None:
    assert not life.config.exists()
    host.click(host.open()["Settings"])
    assert opened(life) == str(life.config)
    assert "[reminders.posture]" in life.config.read_text()
    life.config.write_text("# mine\n")
    opener(life, exit_code=3)
    host.click(host.open()["Settings"])
    wait_until(lambda: server.titles[-1] == "Settings")
    assert life.config.read_text() == "# mine\n"
    assert str(life.config) in server.notes[-1][4]


def test_statistics_opens_the_report(life: Life, host: Host, server: FakeServer) -> None:
    host.click(host.open()["Statistics"])
    assert opened(life) == f"{life.base}/neckguard-report.html"
    assert "<html" in (life.base / "neckguard-report.html").read_text()
    opener(life, exit_code=3)
    host.click(host.open()["Statistics"])
    wait_until(lambda: server.titles[-1] == "Statistics")


def test_settings_take_the_icon_out_of_the_tray(life: Life, host: Host) -> None:
    life.save('[tray]\nshow = "never"\n')
    while host.told() != ("NewStatus", ("Passive",)):
        pass
    assert host.properties()["Status"] == "Passive"
    assert not life.status()["services"]["tray"]["shown"]
    life.save("")
    while host.told() != ("NewStatus", ("Active",)):
        pass
    assert life.status()["services"]["tray"]["shown"]
