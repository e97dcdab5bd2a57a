"""`neckguard preview` as a person runs it, and the long day that it can tell."""

import json
import os
import pty
import re
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from support.command import PROGRAM, Outcome, neckguard, nowhere
from support.fake_daemon import fake_daemon
from support.history_helpers import write_history
from support.virtual import BERLIN, Desk, plan, reminder

from neckguard.control.protocol import Request
from neckguard.core import Reply, Tick, take_anchor, take_state

HERE = Path(__file__).parent


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    places = {"XDG_CONFIG_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path), "TZ": "Europe/Berlin"}
    return {**nowhere(tmp_path), **places}


def settings(env: dict[str, str], text: str) -> Path:
    file = Path(env["XDG_CONFIG_HOME"]) / "neckguard" / "config.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def story(env: dict[str, str], text: str) -> str:
    file = Path(env["XDG_CONFIG_HOME"]) / "story"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_day_with_everything_in_it(env: dict[str, str]) -> None:
    """After a change that is meant: `neckguard preview --scenario day.scenario > day.trace`, and read it."""
    shown = neckguard("preview", "--scenario", str(HERE / "day.scenario"), env=env)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.splitlines() == (HERE / "day.trace").read_text(encoding="utf-8").splitlines()


def test_by_default_eight_hours_of_work_from_the_next_minute_on(env: dict[str, str]) -> None:
    shown = neckguard("preview", env=env)
    assert (shown.code, shown.err) == (0, "")
    summary = shown.out.splitlines()[-3:]
    assert summary == [
        "In 8 h it showed: break 7, posture 8, stretch 7.",
        summary[1],
        "Waited 22 times, at most 8 s: you are typing.",
    ]
    assert re.fullmatch(r"Longest at the desk without a break: 1 h \(\d\d:\d\d to \d\d:\d\d\)\.", summary[1])


def test_in_brief_a_default_day_is_about_ten_lines(env: dict[str, str]) -> None:
    shown = neckguard("preview", "--brief", env=env)
    days = ", Europe/Berlin"  # above the lines of each; in the evening the eight hours are of two
    lines = [line for line in shown.out.splitlines() if not line.endswith(days)]
    assert (shown.code, shown.err, len(lines)) == (0, "", 10)
    assert [line[5:] for line in lines[:7]] == [
        "  break  taken, back after 5 min; before it posture 1, stretch 1"
    ] * 7
    assert lines[7] == "In 8 h it showed: break 7, posture 8, stretch 7."


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--brief", "--json"), "--brief is for people; leave it out with --json"),
        (("--brief", "--replay", "today"), "leave out --now and --brief"),
        (("--now", "--replay", "today"), "leave out --now and --brief"),
        (("--server", "gnome"), "invalid choice: 'gnome'"),
    ],
)
def test_what_does_not_go_together(env: dict[str, str], words: tuple[str, ...], problem: str) -> None:
    shown = neckguard("preview", *words, env=env)
    assert (shown.code, shown.out) == (2, "")
    assert problem in shown.err


def server_of(env: dict[str, str], *words: str) -> str:
    server: str = json.loads(neckguard("preview", "--hours", "0.1", "--json", *words, env=env).out)["server"]
    return server


def test_the_server_is_the_one_that_was_there_last_unless_said(env: dict[str, str]) -> None:
    assert server_of(env) == "plain"
    file = Path(env["XDG_STATE_HOME"]) / "neckguard" / "history.db"
    write_history(file, spans=[("server", "plain", 100.0, 200.0, 0), ("server", "keeps", 200.0, None, 0)])
    assert server_of(env) == "keeps"
    assert server_of(env, "--server", "plain") == "plain"
    assert "--server plain" in neckguard("preview", "--hours", "0.1", env=env).out
    file.write_text("no history at all, " * 1000)
    assert server_of(env) == "plain"


def test_now_goes_on_from_the_running_daemon(env: dict[str, str]) -> None:
    desk = Desk(plan(reminder("posture", 1200.0)), start=datetime.now(BERLIN))
    desk.jump(100.0)
    desk.do(Tick())
    state = {"anchor": take_anchor(desk.engine), "state": take_state(desk.engine)}
    with fake_daemon() as daemon:
        env = {**env, "XDG_RUNTIME_DIR": str(daemon.base)}
        daemon.replies["state"] = Reply(ok=True, data=state)
        words = ("preview", "--now", "--hours", "0.5", "--json")
        found = json.loads(neckguard(*words, env=env).out)
        start = story(env, "start 2026-11-23 09:00\n+1m end\n")
        refused = neckguard(*words, "--scenario", start, env=env)
        cut = json.loads(neckguard(*words[:2], "--json", "--scenario", story(env, "+5m end\n"), env=env).out)
    assert daemon.requests == [Request("state", {})] * 3
    begin = datetime.fromisoformat(found["from"])
    assert begin == desk.now.wall.replace(microsecond=0)
    shown = [datetime.fromisoformat(event["at"]) for event in found["events"] if event["what"] == "shown"]
    assert 1100 <= (shown[0] - begin).total_seconds() <= 1190  # at a pause in the typing
    assert refused.err.startswith("neckguard: --now begins now; leave out the line")
    assert cut["from"] == found["from"]


def test_now_needs_a_daemon(env: dict[str, str]) -> None:
    shown = neckguard("preview", "--now", env=env)
    assert (shown.code, shown.out) == (3, "")


def test_json_from_a_full_minute_on(env: dict[str, str]) -> None:
    shown = neckguard("preview", "--hours", "0.5", "--json", env=env)
    data = json.loads(shown.out)
    assert (shown.code, shown.err, list(data)) == (0, "", ["from", "to", "server", "events", "summary"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00[+-]\d\d:\d\d", data["from"])
    assert [(event["what"], event["reminder"]) for event in data["events"]] == [
        ("due", "posture"), ("shown", "posture"), ("done", "posture")
    ]  # fmt: skip


def test_a_week_at_once(env: dict[str, str]) -> None:
    shown = neckguard("preview", "--hours", "168", "--json", env=env)
    assert json.loads(shown.out)["summary"]["shown"]["break"] > 150


def test_hours_cut_a_scenario_short_or_make_it_longer(env: dict[str, str]) -> None:
    file = story(env, "start 2026-11-23 09:00\n09:05 pause 2h\n09:30 resume\n10:00 end\n")
    for hours, end in (("0.25", "09:15"), ("2", "11:00")):
        shown = neckguard("preview", "--hours", hours, "--scenario", file, "--json", env=env)
        assert json.loads(shown.out)["to"] == f"2026-11-23T{end}:00+01:00"


def test_the_settings_in_use_are_tried_and_edits_are_validated_like_them(env: dict[str, str]) -> None:
    tea = '[reminders.tea]\nevery = "30m"\nmessage = "Put the kettle on."\n'
    settings(env, f"{tea}[reminders]\nposture.enabled = false\nstretch.enabled = false\n")
    file = story(
        env,
        'start 2026-11-23 09:00\n09:31 edit reminders.tea.every = "10m"\n'
        '09:41 edit hours.mon-fri=["10:00-11:00"]\n09:59 end\n',
    )
    shown = neckguard("preview", "--scenario", file, env=env)
    assert shown.out.splitlines() == [
        "Monday 23 November 2026, Europe/Berlin",
        "",
        "09:30:08  tea        shown          Tea: Put the kettle on.",
        "09:30:13  tea        done",
        '09:31:00  > edit reminders.tea.every = "10m"',
        "09:31:00  neckguard  settings       applied",
        "",
        "09:40:36  tea        shown          Tea: Put the kettle on.",
        "09:40:41  tea        done",
        '09:41:00  > edit hours.mon-fri=["10:00-11:00"]',
        "09:41:00  neckguard  settings       applied",
        "",
        "In 59 min it showed: tea 2.",
        "Longest at the desk without a break: 59 min (09:00 to 09:59).",
        "Waited 2 times, at most 23 s: you are typing.",
    ]  # fmt: skip


def test_bad_settings_are_told_first_and_others_tried(env: dict[str, str]) -> None:
    settings(env, '[reminders.posture]\nevry = "5m"\n[log]\nlevel = 3\n')
    shown = neckguard("preview", env=env)
    checked = neckguard("config", "check", env=env).err.splitlines()
    assert (shown.code, shown.err) == (0, "")
    first = "The built-in settings are in force until this is mended:"
    assert shown.out.splitlines()[:3] == [first, *checked[:-1]]
    assert "In 8 h it showed: break 7, posture 8, stretch 7." in shown.out
    as_json = neckguard("preview", "--json", env=env)
    assert json.loads(as_json.out)["summary"]["shown"]["posture"] == 8
    assert as_json.err.splitlines() == [first, *checked[:-1]]


def test_a_named_file_that_is_not_there_is_all_that_is_told(env: dict[str, str]) -> None:
    shown = neckguard("preview", env={**env, "NECKGUARD_CONFIG": "/no/such/file"})
    assert (shown.code, shown.out, shown.err.startswith("/no/such/file: there is no such file")) == (
        1,
        "",
        True,
    )


def test_what_may_not_be_meant_stands_below_the_summary(env: dict[str, str]) -> None:
    shown = neckguard(
        "preview", "--set", "reminders.brake.every=2h", "--set", "reminders.break.every=40m", env=env
    )
    assert shown.out.splitlines()[-2:] == [
        "Note: reminders.brake: is a reminder of your own; did you mean break?",
        "Note: reminders.stretch: always comes within the break, every 40m: it is never seen alone",
    ]


def test_bad_lines_are_all_told_with_file_and_line(env: dict[str, str]) -> None:
    file = story(
        env,
        "10:00 leaf\n11:00 edit reminders.break.evry=40m\n11:00 edit reminders.break.every=40\n"
        "11:00 edit quite.dnd=false\n11:00 edit hours.mon=[09:00]\n11:00 edit quiet=1\n",
    )
    shown = neckguard("preview", "--scenario", file, env=env)
    assert (shown.code, shown.out) == (1, "")
    assert [line.partition(" (allowed")[0] for line in shown.err.splitlines()] == [
        f"{file}:1: 'leaf' is nothing that can happen; did you mean leave?",
        f"{file}:2: reminders.break.evry: is no setting of neckguard; did you mean reminders.break.every?",
        f'{file}:3: reminders.break.every: "40" has no unit; write "40m" for minutes or "40s" for seconds',
        f"{file}:4: quite.dnd: there is no table 'quite' in the settings; did you mean quiet?",
        f'{file}:5: hours.mon: "[09:00]" is not a list; write it as JSON: \'["one", "two"]\'',
        f"{file}:6: quiet: names a whole table; name one key of it, such as quiet.dnd",
    ]


def test_a_scenario_from_standard_input(env: dict[str, str]) -> None:
    def ask(text: bytes) -> Outcome:
        ran = subprocess.run(
            [PROGRAM, "preview", "--scenario", "-"], env=env, input=text, capture_output=True, check=False
        )
        return Outcome(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    assert ask(b"\xef\xbb\xbf+10m pause\n+10m end\n").out.count("> pause\n") == 1
    assert ask(b"+10m pausse\n").err.startswith("standard input:1: 'pausse' is nothing that can happen;")
    assert ask(b"\xff\xfe") == Outcome(
        1, "", "neckguard: standard input is no text in UTF-8; save it as UTF-8.\n"
    )


def test_a_scenario_that_cannot_be_read(env: dict[str, str], tmp_path: Path) -> None:
    for file, reason in ((tmp_path, "Is a directory"), (tmp_path / "none", "No such file or directory")):
        shown = neckguard("preview", "--scenario", str(file), env=env)
        assert shown == Outcome(1, "", f"neckguard: cannot read {file}: {reason}.\n")
    shown = neckguard("preview", "--scenario", "/dev/zero", env=env)
    assert shown.err == "neckguard: /dev/zero is larger than 1,000,000 bytes: too big to be a scenario.\n"


@pytest.mark.parametrize("hours", ["0", "-1", "169", "nan", "inf", "long"])
def test_bad_hours_are_bad_usage(hours: str, env: dict[str, str]) -> None:
    shown = neckguard("preview", f"--hours={hours}", env=env)
    assert (shown.code, shown.out) == (2, "")
    assert f"argument --hours: '{hours}' is not a number of hours up to 168" in shown.err


def test_help_names_everything_that_can_happen(env: dict[str, str]) -> None:
    shown = neckguard("preview", "--help", env=env)
    unknown = neckguard("preview", "--scenario", story(env, "10:00 fly"), env=env).err
    words = re.search(r"\(allowed: (.*)\)", unknown)
    assert words is not None
    assert [word for word in words[1].split(", ") if not re.search(rf"\b{word}\b", shown.out)] == []
    assert max(len(line) for line in shown.out.splitlines()) <= 80


def test_the_example_in_help_is_a_scenario(env: dict[str, str]) -> None:
    example = neckguard("preview", "--help", env=env).out.partition("\nExample:\n")[2]
    shown = neckguard("preview", "--scenario", story(env, example), env=env)
    assert (shown.code, shown.err) == (0, "")
    assert "10:44:34  break      shown" in shown.out


def test_colour_is_for_terminals_only(env: dict[str, str]) -> None:
    file = story(env, "start 2026-11-23 09:00\n09:10 leave\n09:21 end\n")
    plain = neckguard("preview", "--scenario", file, env=env).out
    ours, theirs = pty.openpty()
    try:
        subprocess.run(
            [PROGRAM, "preview", "--scenario", file], env={**env, "TERM": "xterm"}, stdout=theirs, check=True
        )
        painted = os.read(ours, 65536).decode().replace("\r\n", "\n")
    finally:
        os.close(ours)
        os.close(theirs)
    assert "\x1b[" not in plain
    assert painted.startswith(
        "\x1b[1mMonday 23 November 2026, Europe/Berlin\x1b[0m\n\n\x1b[2m09:10:00  > leave\x1b[0m\n"
    )
    assert re.sub(r"\x1b\[\d*m", "", painted) == plain
