"""Starting, pausing, crashing, restarting, stopping: the installed program."""

import json
import os
import shutil
import stat
import subprocess
import time
from datetime import datetime
from pathlib import Path

from support.command import PROGRAM
from support.helpers import wait_until
from support.life import QUICK, Life
from support.notification_helpers import Desk

WITHOUT_DAEMON = (
    ["pause"],
    ["resume"],
    ["status"],
    ["status", "--json"],
    ["why"],
    ["now", "posture"],
    ["start"],
    ["snooze"],
    ["skip"],
    ["done"],
    ["reload"],
)


def test_every_verb_says_how_to_start_a_daemon_that_does_not_run(life: Life) -> None:
    for words in WITHOUT_DAEMON:
        said = life.ask(*words)
        assert (said.code, said.out) == (3, ""), words
        assert "neckguard run" in said.err


def test_defaults_work_at_once(life: Life) -> None:
    life.begin()
    status = life.status()
    assert status["state"] == "running"
    assert status["next"]["name"] == "posture"
    assert {each["name"]: each["every"] for each in status["reminders"] if each["enabled"]} == {
        "posture": 1200.0,
        "stretch": 2400.0,
        "break": 3600.0,
    }
    assert status["config"]["problems"] == []
    assert not life.config.exists()


def test_a_pause_survives_a_crash_and_ends_by_itself_without_a_burst(life: Life, desk: Desk) -> None:
    server = desk.server()
    began = time.monotonic()
    life.begin(QUICK.replace("posture", "stretch") + '[reminders.tea]\nevery = "1s"\n')
    starting = time.monotonic() - began  # the pause must outlast another start, however slow this machine is
    wait_until(lambda: life.status()["prompt"])
    said = life.ask("pause", f"{3 + int(3 * starting)}s")
    assert (said.code, said.out[:12]) == (0, "Paused until")
    until = life.status()["holds"][0]["until"]
    life.kill()
    before = len([title for title in server.titles if title != "Welcome to neckguard"])
    life.begin()
    status = life.status()
    assert (status["state"], status["holds"][0]["until"]) == ("paused", until)
    assert status["prompt"] is None
    wait_until(lambda: life.status()["state"] != "paused")
    assert datetime.now().astimezone() >= datetime.fromisoformat(until)
    wait_until(lambda: life.status()["prompt"])
    # One of the two that are owed is on the screen, and only one.
    assert len([title for title in server.titles if title != "Welcome to neckguard"]) == before + 1


def test_pause_and_resume_answer_with_the_time(life: Life) -> None:
    life.begin()
    said = life.ask("pause", "30m", "--reason", "dentist")
    assert said.code == 0
    hold = life.status()["holds"][0]
    assert hold["reason"] == "paused"
    assert said.out == f"Paused until {datetime.fromisoformat(hold['until']):%H:%M}.\n"
    assert life.ask("pause", "--until", "resumed").out == "Paused until you run: neckguard resume\n"
    assert life.status()["holds"][0]["until"] is None
    refused = life.ask("now", "posture")
    assert (refused.code, refused.out) == (1, "")
    assert life.ask("resume").code == 0
    assert life.status()["holds"] == []
    assert life.ask("pause", "--toggle").out.startswith("Paused until")
    assert life.ask("pause", "--toggle").out.startswith("Resumed.")
    assert life.ask("pause", "--until", "2001-01-01 00:00").code != 0
    assert life.ask("pause", "soon").code == 2


def test_countdowns_survive_a_crash(life: Life) -> None:
    life.begin('[presence]\nidle_after = "1s"\n')  # a heartbeat each second
    wait_until(lambda: life.reminder("break")["sat"] >= 3.0)
    life.kill()
    life.begin()
    assert 2.0 <= life.reminder("break")["sat"] < 60.0


def test_a_reboot_keeps_the_time_sat_and_is_no_long_absence(life: Life) -> None:
    life.begin('[reminders.break]\nevery = "1h"\nreset_after = "1m"\n')
    wait_until(lambda: life.reminder("break")["sat"] >= 4.0)
    life.end()
    state = life.state / "state.json"
    kept = json.loads(state.read_text())
    assert kept["anchor"]["sitting"] >= 3.5
    kept["state"]["boot_id"] = "another-boot"
    kept["anchor"]["boot"] += 100_000.0  # that boot had lasted longer than this one
    state.write_text(json.dumps(kept))
    shutil.rmtree(life.runtime)  # as a reboot does
    life.begin()
    assert 3.5 <= life.reminder("break")["sat"] < 60.0


def test_a_pause_goes_on_by_the_wall_clock_after_a_reboot(life: Life) -> None:
    life.begin()
    life.ask("pause", "1h")
    until = life.status()["holds"][0]["until"]
    life.end()
    state = life.state / "state.json"
    kept = json.loads(state.read_text())
    kept["state"]["boot_id"] = "another-boot"
    kept["anchor"]["boot"] -= 500.0
    kept["state"]["pause"]["until_boot"] -= 500.0
    kept["state"]["pause"]["began"] -= 500.0
    state.write_text(json.dumps(kept))
    life.begin()
    after = life.status()["holds"][0]["until"]
    gap = datetime.fromisoformat(after) - datetime.fromisoformat(until)
    assert abs(gap.total_seconds()) <= 1


def test_a_second_daemon_names_the_first(life: Life) -> None:
    life.begin()
    assert life.process is not None
    said = life.ask("run")
    assert said.code == 1
    assert f"pid {life.process.pid}" in said.err


def test_a_deleted_runtime_directory_is_made_again(life: Life) -> None:
    life.begin()
    (life.runtime / "control.sock").unlink()
    wait_until(lambda: life.ask("status").code == 0)
    shutil.rmtree(life.runtime)
    wait_until(lambda: life.ask("status").code == 0)
    assert stat.S_IMODE((life.runtime / "control.sock").stat().st_mode) == 0o600
    assert life.ask("run").code == 1


def test_a_stale_socket_and_lock_are_no_obstacle(life: Life) -> None:
    life.begin()
    life.kill()
    assert (life.runtime / "control.sock").exists()
    assert life.ask("status").code == 3
    life.begin()
    assert life.ask("status").code == 0


def test_corrupt_state_is_set_aside_with_a_warning(life: Life) -> None:
    life.state.mkdir(parents=True)
    for number, content in enumerate(
        ("{", '{"version": 99}', '{"version": 1, "anchor": {}, "state": {"courses": 3}}')
    ):
        (life.state / "state.json").write_text(content)
        life.begin()
        assert life.status()["state"] == "running"
        assert life.text().count("countdowns start afresh") == number + 1
        assert life.end() == 0
    assert len(list(life.state.glob("state.json.bad-*"))) == 3
    assert "Traceback" not in life.text()


def test_state_that_cannot_be_revived_is_set_aside_once_and_said_so(life: Life) -> None:
    life.begin()
    life.ask("pause", "2h")
    assert life.end() == 0
    state = life.state / "state.json"
    whole = state.read_text()
    for number, (part, key, value) in enumerate(
        (("anchor", "instant", 10**400), ("state", "notifications", [[1, 2]]), ("state", "notifications", 5))
    ):
        kept = json.loads(whole)
        assert kept["state"]["pause"]
        kept[part][key] = value
        state.write_text(json.dumps(kept))
        life.begin()
        assert life.text().count("countdowns start afresh") == number + 1
        assert life.status()["services"]["state"]["ok"]
        assert f"Note: {state} was unusable (ValueError: expected " in life.ask("status").out
        life.kill()
        life.begin()
        assert life.status()["services"]["state"]["note"] == ""
        assert life.end() == 0
    assert life.text().count("countdowns start afresh") == 3
    assert len(list(life.state.glob("state.json.bad-*"))) == 3
    assert "Traceback" not in life.text()


def test_files_are_private(life: Life) -> None:
    life.begin()
    life.ask("pause")
    for path in (life.state, life.runtime):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        for file in path.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


def test_the_welcome_comes_once_ever(life: Life, desk: Desk) -> None:
    server = desk.server()
    life.begin()
    wait_until(lambda: server.titles == ["Welcome to neckguard"])
    body = server.notes[0][4]
    assert "neckguard pause" in body
    assert "not medical advice" in body
    wait_until(lambda: json.loads((life.state / "state.json").read_text())["state"]["welcomed"])
    life.end()
    life.begin('[reminders.posture]\nevery = "1s"\n[quiet]\nsettle = "0s"\n')
    wait_until(lambda: len(server.titles) > 1)
    assert server.titles == ["Welcome to neckguard", "Your desk"]


def test_without_a_desktop_it_prompts_on_the_console_and_says_so(life: Life) -> None:
    del life.env["DBUS_SESSION_BUS_ADDRESS"]
    life.begin(QUICK)
    wait_until(lambda: "Your desk" in life.text())
    assert "No desktop" in life.text()
    assert life.status()["services"]["notify"]["backend"] == "console"
    assert life.ask("done").code == 0


def test_follow_outlives_the_daemon(life: Life) -> None:
    life.begin()
    command = [str(PROGRAM), "status", "--follow", "--format", "{state}"]
    with subprocess.Popen(command, env=life.env, stdout=subprocess.PIPE, text=True) as following:
        assert following.stdout is not None
        seen = [following.stdout.readline()]
        life.ask("pause")
        seen.append(following.stdout.readline())
        life.kill()
        seen.append(following.stdout.readline())
        life.begin()
        seen.append(following.stdout.readline())
        following.terminate()
    assert seen == ["running\n", "paused\n", "stopped\n", "paused\n"]


def test_hooks_are_told_of_prompts_and_outcomes(life: Life, desk: Desk) -> None:
    desk.server()
    told = life.base / "told"
    hook = life.base / "hook"
    hook.write_text(
        f'#!/bin/sh\necho "$NECKGUARD_HOOK_NAME $NECKGUARD_HOOK_REMINDER $NECKGUARD_HOOK_OUTCOME" >> {told}\n'
    )
    hook.chmod(0o755)
    life.begin(QUICK + f'[hooks]\non_prompt = ["{hook}"]\non_outcome = ["{hook}"]\n')
    wait_until(lambda: life.status()["prompt"])
    life.ask("snooze")
    lines = {"on_prompt posture shown", "on_outcome posture snoozed"}
    wait_until(lambda: told.exists() and lines <= set(told.read_text().splitlines()))


def test_python_dash_m_is_the_same_program(life: Life) -> None:
    python = Path(PROGRAM).with_name("python")
    ran = subprocess.run(
        [python, "-m", "neckguard", "status"], env=life.env, capture_output=True, check=False
    )
    assert ran.returncode == 3
    assert os.environ["PATH"]
