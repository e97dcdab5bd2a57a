"""Saving the settings file, through the installed program."""

import json
import os
import signal
import time
import tomllib
from datetime import datetime

import pytest
from support.helpers import wait_until
from support.life import Life

TWENTY = '[reminders.posture]\nevery = "20m"\n'


def applied(life: Life, every: float) -> float:
    """Seconds until the daemon counts with this interval, as seen from outside; one status call included."""
    began = time.monotonic()
    wait_until(lambda: life.reminder("posture")["every"] == every)
    return time.monotonic() - began


def test_a_changed_interval_keeps_the_time_already_sat(life: Life) -> None:
    life.begin(TWENTY)
    wait_until(lambda: life.reminder("posture")["sat"] >= 1.0)
    life.save(TWENTY.replace("20m", "30m"))
    applied(life, 1800.0)
    posture = life.reminder("posture")
    assert posture["sat"] >= 1.0
    assert posture["sat"] + posture["due_in"] == pytest.approx(1800.0, abs=0.2)


def test_an_unchanged_reminder_goes_on_and_a_removed_one_is_gone(life: Life) -> None:
    life.begin('[reminders.tea]\nevery = "2h"\n')
    wait_until(lambda: life.reminder("stretch")["sat"] >= 1.0)
    life.save(TWENTY)
    wait_until(lambda: "tea" not in {each["name"] for each in life.status()["reminders"]})
    assert life.reminder("stretch")["sat"] >= 1.0


def test_every_way_of_saving_is_seen(life: Life) -> None:
    life.begin(TWENTY)
    life.config.write_text(TWENTY.replace("20m", "21m"))  # in place
    applied(life, 21 * 60.0)
    elsewhere = life.base / "dotfiles.toml"
    elsewhere.write_text(TWENTY.replace("20m", "22m"))
    life.config.unlink()
    life.config.symlink_to(elsewhere)
    applied(life, 22 * 60.0)
    elsewhere.write_text(TWENTY.replace("20m", "23m"))  # behind the link
    applied(life, 23 * 60.0)


@pytest.mark.parametrize("closed_between", [False, True])
def test_a_slow_save_in_place_is_no_mistake(life: Life, closed_between: bool) -> None:
    """Written in pieces of which the first ones are broken; some close the file after each."""
    life.begin(TWENTY.replace("20m", "21m"))
    opened = life.config.open("w")
    for piece in ("[remin", "ders.posture", ']\nevery = "'):
        if closed_between:
            opened.close()
            opened = life.config.open("a")
        opened.write(piece)
        opened.flush()
        time.sleep(0.6)  # long enough to be read and checked
        assert life.reminder("posture")["every"] == 1260.0
        assert life.status()["config"]["problems"] == []
    opened.write('25m"\n')
    opened.close()
    applied(life, 1500.0)
    assert "config.toml:" not in life.text()


def test_a_file_made_after_the_start_is_seen(life: Life) -> None:
    life.config.parent.rmdir()
    life.begin()
    life.config.parent.mkdir()
    life.save(TWENTY.replace("20m", "24m"))
    applied(life, 24 * 60.0)


def test_a_misspelt_key_changes_nothing_and_is_named_with_its_place(life: Life) -> None:
    life.begin('[reminders.posture]\nevery = "7m"\n')
    life.save('[reminders.posture]\nevry = "5m"\n')
    (problem,) = wait_until(lambda: life.status()["config"]["problems"])
    assert (problem["file"], problem["line"], problem["key"]) == (
        str(life.config),
        2,
        "reminders.posture.evry",
    )
    assert "did you mean every?" in problem["message"]
    assert life.reminder("posture")["every"] == 420.0
    assert f"{life.config}:2: reminders.posture.evry" in life.ask("status").out
    assert f"{life.config}:2: reminders.posture.evry" in life.text()
    reloaded = life.ask("reload")
    assert (reloaded.code, "did you mean every?" in reloaded.err) == (1, True)
    life.end()
    life.begin()  # the old settings go on, also across a restart
    assert life.reminder("posture")["every"] == 420.0
    assert life.status()["config"]["problems"] == [problem]
    life.save('[reminders.posture]\nevery = "5m"\n')
    wait_until(lambda: life.status()["config"]["problems"] == [])
    assert life.reminder("posture")["every"] == 300.0


def test_a_file_that_is_gone_means_the_defaults_and_everyone_says_so(life: Life) -> None:
    life.begin('[reminders.posture]\nevery = "7m"\n')
    life.config.unlink()
    assert life.reminder("posture")["every"] == 420.0  # an editor may be at work
    reloaded = life.ask("reload")
    assert (reloaded.code, reloaded.out) == (0, "Settings applied.\n")
    for _ in range(2):
        assert life.reminder("posture")["every"] == 1200.0
        assert life.status()["config"]["problems"] == []
        shown = json.loads(life.ask("config", "show", "--json").out)
        assert shown["settings"]["reminders"]["posture"]["every"] == "20m"
        assert life.ask("config", "check").out.endswith("is not there: ok, the defaults are in effect\n")
        life.end()
        life.begin()


def test_with_a_broken_file_everyone_says_what_stays_in_force(life: Life) -> None:
    life.begin('[reminders.posture]\nevery = "7m"\n')
    life.save('[reminders.posture]\nevry = "5m"\n')
    wait_until(lambda: life.status()["config"]["problems"])
    assert life.reminder("posture")["every"] == 420.0
    shown, preview = life.ask("config", "show"), life.ask("preview", "--hours", "0.2")
    first = "The last good settings are in force until this is mended:"
    assert (shown.code, preview.code) == (0, 0)
    assert (shown.out.splitlines()[0], preview.out.splitlines()[0]) == (f"# {first}", first)
    assert tomllib.loads(shown.out)["reminders"]["posture"]["every"] == "7m"
    assert "In 12 min it showed: posture 1." in preview.out
    changed = life.ask("preview", "--hours", "0.2", "--set", "reminders.posture.every=5m")
    assert "In 12 min it showed: posture 2." in changed.out
    checked = life.ask("config", "check")
    assert checked.err.splitlines()[-1] == "Until that is mended, the last good settings stay in force."


def test_what_may_not_be_meant_and_what_cannot_run_is_told_everywhere(life: Life) -> None:
    life.begin('[reminders.brake]\nevery = "2h"\n[hooks]\non_prompt = ["playerctl pause"]\n')
    note = f"{life.config}:1: reminders.brake: is a reminder of your own; did you mean break?"
    problem = f'{life.config}:4: hooks.on_prompt: there is no program "playerctl pause"'
    config = life.status()["config"]
    assert [
        (each["line"], each["key"], each["severity"]) for each in config["problems"] + config["notes"]
    ] == [
        (4, "hooks.on_prompt", "problem"),
        (1, "reminders.brake", "note"),
    ]
    checked, said, reloaded = life.ask("config", "check"), life.ask("status").out, life.ask("reload")
    assert (checked.code, checked.out, checked.err.startswith(problem)) == (1, f"note: {note}\n", True)
    assert f"Problem: {problem}" in said
    assert f"Note: {note}" in said
    assert (reloaded.code, problem in reloaded.out, f"Note: {note}" in reloaded.out) == (0, True, True)
    assert problem in life.text()


def test_sighup_and_reload_read_it_again(life: Life) -> None:
    life.begin(TWENTY)
    before = life.status()["config"]["loaded_at"]
    assert life.process is not None
    loaded = datetime.fromisoformat(before).timestamp()
    wait_until(lambda: time.time() >= loaded + 1)  # the times are to the second
    os.kill(life.process.pid, signal.SIGHUP)
    wait_until(lambda: life.status()["config"]["loaded_at"] > before)
    reloaded = life.ask("reload")
    assert (reloaded.code, reloaded.out) == (0, "Settings applied.\n")


@pytest.mark.parametrize(
    "garbage",
    [
        b"\xff\xfe[\x00r\x00",
        b"a" * 2_000_000,
        b"[reminders.posture\n",
        b"[reminders]\nposture = 3\n",
        b'[reminders.posture]\nevery = "-5m"\n',
        b"[reminders.posture]\nevery = nan\n",
        b'[reminders.posture]\nevery = "5m"\nevery = "6m"\n',
        b"[" * 100_000,
        b'[quiet]\nsettle = true\n[hours]\nmon = ["9-12"]\n',
        b'[[reminders]]\nname = "x"\n',
    ],
    ids=["utf-16", "huge", "syntax", "scalar", "negative", "nan", "twice", "deep", "several", "array"],
)
def test_garbage_of_any_kind_is_reported_and_harms_nothing(life: Life, garbage: bytes) -> None:
    life.config.write_bytes(garbage)
    life.begin()
    status = life.status()
    assert status["config"]["problems"]
    assert [each["every"] for each in status["reminders"][:3]] == [1200.0, 2400.0, 3600.0]
    assert "Traceback" not in life.text()
    checked = life.ask("config", "check")
    assert checked.code == 1
    assert "Traceback" not in checked.err


def test_a_settings_file_that_was_named_must_exist(life: Life) -> None:
    said = life.ask("run", "--config", str(life.base / "none.toml"))
    assert said.code == 1
    assert "none.toml" in said.err


def test_longer_texts_that_an_earlier_version_took_do_not_break_the_start(life: Life) -> None:
    title, reason, longer = "t" * 200, "r" * 200, 5000
    tea = '[notify]\nbackend = "console"\n[reminders.tea]\nevery = "1h"\ntitle = "{}"\n'
    life.begin(tea.format(title))
    assert life.ask("now", "tea").code == 0
    assert life.ask("pause", "--reason", reason).code == 0
    assert life.end() == 0
    for name in ("plan.json", "state.json"):
        file = life.state / name
        kept = file.read_text().replace(title, "t" * longer).replace(reason, "r" * longer)
        assert "t" * longer in kept
        file.write_text(kept.replace('"hash": "', '"hash": "of an earlier version '))
    life.begin(tea.format("t" * longer))
    status = life.status()
    assert [problem["message"][-42:] for problem in status["config"]["problems"]] == [
        "has 5,000 characters; allowed: at most 200"
    ]
    assert status["holds"][0]["note"] == "r" * longer
    assert life.reminder("tea")["owed"]
