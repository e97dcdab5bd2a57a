"""`neckguard preview --replay` and `--set`."""

import json
import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.history_helpers import write_history
from support.small_history import OFFSET, at, away, outcome, present

from neckguard.cli import main
from neckguard.core.model import Moment
from neckguard.stats.sitting_time import SpanTuple
from neckguard.storage.heartbeat import Heartbeat

NOW = at("11 12:00")  # a Wednesday
# Monday 2 March: 90 min, 10 min away, 80 min; and no note of what came then.
SPANS = [
    present("2 09:00", "2 10:30"),
    away("2 10:30", "2 10:40"),
    present("2 10:40", "2 12:00"),
]
OUTCOMES = [
    outcome("posture", "2 09:20", "done"),
    outcome("break", "2 10:10", "snoozed"),
    outcome("break", "2 10:40", "natural_break"),
    outcome("posture", "2 11:30", "ignored"),
]
ONLY_BREAKS = "[reminders]\nposture.enabled = false\nstretch.enabled = false\n"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Where the history is; the daemon was last alive at 11:50."""
    for name, place in (("STATE_HOME", "state"), ("CONFIG_HOME", "config"), ("RUNTIME_DIR", "run")):
        monkeypatch.setenv(f"XDG_{name}", str(tmp_path / place))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setattr(time, "time", lambda: NOW)
    time.tzset()
    heartbeat = Heartbeat(os.path.join(os.environ["XDG_RUNTIME_DIR"], "neckguard", "heartbeat"))
    heartbeat.touch(Moment(0.0, datetime.fromtimestamp(at("11 11:50"), ZoneInfo("Europe/Berlin"))))
    heartbeat.close()
    settings(tmp_path, ONLY_BREAKS)
    yield tmp_path
    monkeypatch.undo()
    time.tzset()


def settings(home: Path, text: str) -> None:
    file = home / "config" / "neckguard" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def monday(home: Path) -> None:
    write_history(home / "state" / "neckguard" / "history.db", outcomes=OUTCOMES, spans=SPANS)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main.main(["preview", *words]) == 0
    return capsys.readouterr().out


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(capsys, "--json", *words))
    return found


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main.main(["preview", *words]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    return shown.err


# Worked out in test_replay.py: breaks come at 10:00, 10:11, 10:22, 11:40 and 11:51; every 40 min they come at
# 09:40, 09:51, 10:02, 11:20, 11:31 and 11:42. As it was, the one at 10:09:30 left 69.5 and 20.5 min, and 80.
PAGE = """\
Replay of Mon 2 Mar 2026: 2 h 50 min at the screen
Changed: reminders.break.every=40m

                                    as it was  your settings     changed
Prompts shown                               3              5           6
  break                                     1              5           6
  posture                                   2              0           0
Breaks after a prompt                       0              0           0
Breaks without one                          1              1           1
Longest sitting without a break    1 h 30 min     1 h 30 min  1 h 30 min
  if each break prompt were taken  1 h 20 min            1 h      40 min
Moments avoided                             -              0           0

Presence, calls and pauses are as recorded: you leave when you left, and for no
prompt; all other prompts are done after 5 s. Not recorded are typing, and calls
while no prompt waited. The hours are those of the settings.

With 40m: 1 more break prompt, longest sitting if taken 40 min instead of 1 h.
"""


@pytest.mark.usefixtures("monday")
def test_a_day_beside_itself(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--replay", "2026-03-02", "--set", "reminders.break.every=40m")
    assert said(capsys, *words) == PAGE
    assert said(capsys, *words) == PAGE


@pytest.mark.usefixtures("monday")
def test_where_a_table_has_no_room_there_are_sentences(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = said(capsys, "--replay", "2026-03-02").splitlines()
    assert max(len(line) for line in lines) <= 40
    assert lines[:10] == [
        "Replay of Mon 2 Mar 2026: 2 h 50 min at",
        "the screen",
        "",
        "Prompts shown: as it was 3, your",
        "settings 5",
        "  break: as it was 1, your settings 5",
        "  posture: as it was 2, your settings 0",
        "Breaks after a prompt: as it was 0, your",
        "settings 0",
        "Breaks without one: as it was 1, your",
    ]


@pytest.mark.usefixtures("monday")
def test_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    was = {
        "prompts": {"break": 1, "posture": 2},
        "breaks": {"natural": 1, "prompted": 0},
        "longest_if_taken": 4800.0,
        "avoided": None,
        "longest_wait": None,
    }
    now = {
        "prompts": {"break": 5},
        "breaks": {"natural": 1, "prompted": 0},
        "longest_if_taken": 3608.0,
        "avoided": dict.fromkeys(("call", "presenting", "fullscreen", "program", "dnd", "away", "paused"), 0),
        "longest_wait": 0.0,
    }
    all_of_it = {"as_it_was": was, "your_settings": now, "changed": None}
    day = {"date": "2026-03-02", "sitting": 10200.0, "longest_sitting": 5400.0}
    assert told(capsys, "--replay", "2026-03-02") == {
        "first": "2026-03-02",
        "last": "2026-03-02",
        "set": [],
        "in_short": None,
        "sitting": 10200.0,
        "longest_sitting": 5400.0,
        "days": [{**day, **all_of_it}],
        **all_of_it,
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            ("reminders.break.every=40m",),
            "With 40m: 1 more break prompt, longest sitting if taken 40 min instead of 1 h.",
        ),
        (
            ("reminders.posture.enabled=true",),
            "With reminders.posture.enabled=true: 4 more posture prompts, longest sitting if taken",
        ),
        (
            ("reminders.break.every=40m", "quiet.dnd=false"),
            "With these changes: 1 more break prompt, longest sitting if taken 40 min instead of 1 h.",
        ),
        (
            ("quiet.dnd=false",),
            "With quiet.dnd=false: no more and no fewer prompts, longest sitting if taken 1 h either",
        ),
    ],
)
@pytest.mark.usefixtures("monday")
def test_what_a_change_comes_to_is_one_sentence(
    changes: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word for change in changes for word in ("--set", change)]
    assert told(capsys, "--replay", "2026-03-02", *words)["in_short"].startswith(sentence)


def test_a_day_is_replayed_on_the_server_that_was_recorded(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Who has no break for an answer is asked again 10 min later: on a server that keeps the prompt, later.
    server: SpanTuple = ("server", "keeps", at("2 08:00"), at("2 13:00"), OFFSET)
    write_history(home / "state" / "neckguard" / "history.db", outcomes=OUTCOMES, spans=[server, *SPANS])
    words = ("--replay", "2026-03-02")
    recorded, keeps, plain = (
        told(capsys, *words, *more)["your_settings"]["prompts"]["break"]
        for more in ((), ("--server", "keeps"), ("--server", "plain"))
    )
    assert recorded == keeps < plain == 5


def test_the_last_week_is_of_days_on_record_and_does_not_begin_from_nothing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Tea comes every hour at the screen, and no absence restarts that. 50 min a day, on days with gaps.
    settings(home, f'{ONLY_BREAKS}[reminders.tea]\nevery = "1h"\nmessage = "Tea."\n')
    days = ("2026-02-20", "2026-02-23", "2", "3", "4", "6", "8", "9", "10", "11")
    spans = [present(f"{day} 09:00", f"{day} 09:50") for day in days]
    write_history(home / "state" / "neckguard" / "history.db", spans=spans)
    found = told(capsys, "--replay", "last-week")
    assert [day["date"][5:] for day in found["days"]] == [
        "03-02", "03-03", "03-04", "03-06", "03-08", "03-09", "03-10"
    ]  # fmt: skip
    # After the 50 min of 23 February tea is due 10 min into the 2nd, 20 min into the next day, 30, 40; 50 and
    # some seconds after the start of the 8th, thus at once on the 9th, and 10 min into the 10th.
    teas = [day["your_settings"]["prompts"].get("tea", 0) for day in found["days"]]
    assert teas == [1, 1, 1, 1, 0, 1, 1]
    assert found["your_settings"]["prompts"] == {"tea": 6}
    assert found["sitting"] == 7 * 50 * 60
    assert found["your_settings"]["breaks"]["natural"] == 7  # each night


def test_today_is_known_up_to_the_last_sign_of_life(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spans = [present("10 11:00", "10 12:00"), present("11 11:00", None)]
    write_history(home / "state" / "neckguard" / "history.db", spans=spans)
    assert told(capsys, "--replay", "today")["sitting"] == 50 * 60
    assert told(capsys, "--replay", "yesterday")["first"] == "2026-03-10"


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("day", "what"),
    [("2026-03-01", "Sun 1 Mar 2026"), ("today", "Wed 11 Mar 2026"), ("yesterday", "Tue 10 Mar 2026")],
)
def test_a_day_without_records_is_named(day: str, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "--replay", day) == (
        f"neckguard: nothing is recorded for {what}. The history has days from 2026-03-02 to 2026-03-02.\n"
    )


def test_no_history_is_no_crash(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "--replay", "last-week") == (
        "neckguard: there is no history to replay yet. While neckguard runs it keeps one,"
        " unless [history] says enabled = false.\n"
    )
    write_history(home / "state" / "neckguard" / "history.db")
    assert (
        refused(capsys, "--replay", "last-week")
        == "neckguard: nothing is recorded for the days before today.\n"
    )


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--replay", "lastweek"), "'lastweek' is no day; write 2026-11-20, today, yesterday, last-week"),
        (("--set", "reminders.break.every"), "is no setting; write one such as reminders.break.every=40m"),
        (("--replay", "today", "--hours", "3"), "leave out --scenario and --hours"),
        (("--replay", "today", "--scenario", "-"), "leave out --scenario and --hours"),
    ],
)
def test_bad_usage(words: tuple[str, ...], problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(["preview", *words])
    assert ended.value.code == 2
    assert problem in capsys.readouterr().err


# ---- --set -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            "reminders.break.evry=40m",
            "reminders.break.evry: is no setting of neckguard; did you mean reminders.break",
        ),
        ("reminders.break.every=40", 'reminders.break.every: "40" has no unit; write "40m" for minutes'),
        ("quite.dnd=false", "quite.dnd: there is no table 'quite' in the settings; did you mean quiet?"),
        ("hours.mon=[09:00:00]", 'hours.mon: "09:00:00" '),
        ("quiet.dnd=maybe", 'quiet.dnd: "maybe" is not true or false'),
    ],
)
@pytest.mark.usefixtures("monday")
def test_a_bad_change_is_told_as_for_the_file(
    change: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(capsys, "--replay", "2026-03-02", "--set", change).startswith(
        f"neckguard: --set {problem}"
    )
    assert refused(capsys, "--set", change).startswith(f"neckguard: --set {problem}")


@pytest.mark.parametrize("value", ['["11:00-12:00"]', "['11:00-12:00']"])
@pytest.mark.usefixtures("monday")
def test_values_are_those_of_toml(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = (
        "--set",
        f"hours.mon={value}",
        "--set",
        'reminders.break.every = "20m"',
        "--set",
        "quiet.dnd=false",
    )
    found = told(capsys, "--replay", "2026-03-02", *words)
    assert found["set"] == [
        f"hours.mon={value}".replace("'", '"'),
        "reminders.break.every=20m",
        "quiet.dnd=false",
    ]
    assert found["changed"]["prompts"] == {"break": 3}  # 11:20, 11:31, 11:42


def test_a_preview_without_a_record_goes_by_the_changes_too(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = home / "story"
    story.write_text(
        "start 2026-11-23 09:00\n09:45 edit reminders.break.snooze=5m\n10:00 end\n", encoding="utf-8"
    )
    words = ("--scenario", str(story), "--set", "reminders.break.every=20m")
    assert told(capsys, *words)["summary"]["shown"] == {"break": 2}
    assert told(capsys, "--hours", "0.5", "--set", "reminders.break.every=20m")["summary"]["shown"] == {
        "break": 1
    }
