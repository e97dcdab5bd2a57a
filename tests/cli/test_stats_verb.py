"""`neckguard stats`."""

import json
import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.fake_daemon import fake_daemon
from support.history_helpers import write_history
from support.small_history import ENTRIES, NOW, OUTCOMES, SPANS, at, outcome, present

from neckguard.cli import main
from neckguard.core.model import Moment
from neckguard.stats.figures import KINDS
from neckguard.stats.sitting_time import SpanTuple
from neckguard.storage.heartbeat import Heartbeat

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Where the history would be; it is Wednesday in Berlin, half past one."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setattr(time, "time", lambda: NOW)
    time.tzset()
    yield tmp_path / "neckguard" / "history.db"
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def small(home: Path) -> None:
    write_history(home, outcomes=OUTCOMES, spans=SPANS, entries=ENTRIES)
    beat("4 13:25")


def beat(when: str) -> None:
    """The daemon was last alive then."""
    heartbeat = Heartbeat(os.path.join(os.environ["XDG_RUNTIME_DIR"], "neckguard", "heartbeat"))
    heartbeat.touch(Moment(0.0, datetime.fromtimestamp(at(when), BERLIN)))
    heartbeat.close()


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main.main(["stats", *words]) == 0
    return capsys.readouterr().out


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(capsys, "--json", *words))
    return found


PAGE = """\
Mon 2 Mar to Wed 4 Mar
Longest sitting without a break: 1 h 57 min, Mon 2 Mar 09:00 to 11:00.
Sitting: 5 h 28 min on 3 days, 1 h 49 min a day on average.

Beside the 3 days before
  Sitting on an average day: 1 h 49 min, before 30 min
  Sittings over 60 min: 1, before none
  Longest sitting: 1 h 57 min, before 30 min
  Breaks taken: 3, before 1
  Stretches done: 4, before none
  Posture checks done: 1, before none
  Pain, mean of the check-ins: 4.5, before 9.0
  Flare-ups: 1, before 1
  Lost days: 2, before 2

Sitting by day
  Mon  2 Mar ████████████████████████████████████████ 2 h 47 min
  Tue  3 Mar ████████████████████████████             1 h 56 min
  Wed  4 Mar ███████████                              45 min

Sitting by hour
  ▂       ▃█▄▄ ▃         ▃
  0     6     12    18    24

What you did with the prompts
  Breaks: 2 done, 1 natural, 2 snoozed, 1 ignored
  Stretches: 4 done, 2 skipped, 1 covered by a longer one
  Posture checks: 1 done, 1 replaced by a break
  Eyes: 2 done
  Notes: 1 done, 1 ignored
Shown is not taken: what counts is what was done, and natural breaks.

Stretches done
  Side neck ████████████████████████████████████████ 2 (1 left, 1 right)
  Neck      ████████████████████                     1
  Other     ████████████████████                     1
  In all: left 1, right 1.

Stretches that hurt
  Chin tuck: on Tue 3 Mar

Check-ins: pain, 0 to 10
  ▅▃
  first 6 on Mon 2 Mar, last 3 on Wed 4 Mar, mean 4.5 over 2 check-ins

Flare-ups
  from Sun 1 Mar, 2 days, left, 7 of 10, 2 lost days
  Packs: 1 cold
"""


@pytest.mark.usefixtures("small")
def test_the_page_of_some_days(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--days", "3") == PAGE


@pytest.mark.usefixtures("small")
def test_without_a_word_it_is_about_today(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys).splitlines()[:4] == [
        "Today, Wed 4 Mar",
        "Longest sitting without a break: 25 min, 13:00 to 13:25.",
        "Sitting: 45 min.",
        "",
    ]


@pytest.mark.usefixtures("small")
def test_for_programs_it_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--days", "3")
    longest = {
        "start": "2026-03-02T09:00:00+01:00",
        "end": "2026-03-02T11:00:00+01:00",
        "sitting": 7020.0,
    }
    nothing = dict.fromkeys(found["kinds"]["note"], 0)
    hours, weekdays = found.pop("hours"), found.pop("weekdays")
    kinds, reminders = found.pop("kinds"), found.pop("reminders")
    assert found == {
        "first": "2026-03-02",
        "last": "2026-03-04",
        "days_sat": 3,
        "sitting": 19680.0,
        "longest": longest,
        "over_60": 1,
        "days": [
            {"date": "2026-03-02", "sitting": 10020.0, "longest": longest, "over_60": 1},
            {
                "date": "2026-03-03",
                "sitting": 6960.0,
                "longest": {
                    "start": "2026-03-03T23:30:00+01:00",
                    "end": "2026-03-04T00:20:00+01:00",
                    "sitting": 3000.0,
                },
                "over_60": 0,
            },
            {
                "date": "2026-03-04",
                "sitting": 2700.0,
                "longest": {
                    "start": "2026-03-04T13:00:00+01:00",
                    "end": "2026-03-04T13:25:00+01:00",
                    "sitting": 1500.0,
                },
                "over_60": 0,
            },
        ],
        "stretches": [
            {"area": "side-neck", "done": 2, "left": 1, "right": 1, "both": 0},
            {"area": "neck", "done": 1, "left": 0, "right": 0, "both": 0},
            {"area": "other", "done": 1, "left": 0, "right": 0, "both": 0},
        ],
        "checkins": [
            {"at": "2026-03-02T17:30:00+01:00", "score": 6},
            {"at": "2026-03-04T12:00:00+01:00", "score": 3},
        ],
        "weeks": [{"monday": "2026-03-02", "count": 2, "mean": 4.5}],
        "flares": [
            {
                "start": "2026-03-01T20:00:00+01:00",
                "end": "2026-03-04T08:00:00+01:00",
                "length": 216000.0,
                "severity": 7,
                "side": "left",
                "ended": "by you",
                "lost_days": 2,
                "flags": [],
                "cleared": None,
            }
        ],
        "turnings": [],
        "hurts": [{"name": "Chin tuck", "times": 1, "last": "2026-03-03T17:30:00+01:00"}],
        "packs": {"cold": 1, "heat": 0},
        "strength": None,
        "before": {
            "first": "2026-02-27",
            "last": "2026-03-01",
            "days_sat": 1,
            "sitting": 1800.0,
            "longest": 1800.0,
            "over_60": 0,
            "breaks": 1,
            "stretches": 0,
            "postures": 0,
            "checkins": 1,
            "pain": 9.0,
            "flares": 1,
            "lost_days": 2,
        },
    }
    assert [each["hour"] for each in hours] == list(range(24))
    assert hours[9] == {"hour": 9, "sitting": 6960.0}
    assert weekdays[0] == {"weekday": "mon", "sitting": 10020.0}
    assert [each["weekday"] for each in weekdays] == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    assert kinds["note"] == nothing | {"done": 1, "ignored": 1}
    assert list(kinds) == list(KINDS)
    assert reminders[4] == {"name": "tea", "kind": "note", "shown": 1, **nothing, "ignored": 1}


@pytest.mark.usefixtures("small")
def test_where_nothing_was_on_record_before_nothing_stands_beside(capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(capsys, "--days", "30")
    assert "Sittings over 60 min: 1.\n" in shown
    assert ", before" not in shown
    assert told(capsys, "--days", "30")["before"] is None


def test_with_no_history_it_says_so_kindly(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert said(capsys) == (
        "Nothing is kept yet. While neckguard runs it keeps a history, unless [history]\n"
        "says enabled = false.\n"
    )
    nothing = told(capsys, "--days", "2")
    assert (nothing["sitting"], nothing["longest"], nothing["reminders"]) == (0.0, None, [])
    assert [day["sitting"] for day in nothing["days"]] == [0.0, 0.0]
    assert {count for counts in nothing["kinds"].values() for count in counts.values()} == {0}
    assert not home.exists()


def test_an_empty_history_is_no_fault(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    write_history(home)
    assert said(capsys) == "Today, Wed 4 Mar\nNo sitting on record.\n"


def test_what_lies_ahead_or_on_no_clock_did_not_happen(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    ahead = at("6 10:00")
    write_history(
        home,
        outcomes=[outcome("posture", "6 10:20", "done")],
        spans=[
            ("present", "", ahead, ahead + 3600.0, 3600),
            ("present", "", NOW - 60.0, NOW - 30.0, 9999999),
        ],
        entries=[(ahead, 3600, "checkin", 9, "", "")],
    )
    assert said(capsys) == "Today, Wed 4 Mar\nNo sitting on record.\n"


def test_a_damaged_history_is_named(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    home.parent.mkdir()
    home.write_bytes(b"this is no database" * 100)
    assert main.main(["stats"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"neckguard: {home} cannot be read: ")


@pytest.mark.parametrize("text", ["0", "-1", "week", "36501", "1.5"])
def test_days_are_a_number_of_days(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(["stats", f"--days={text}"])
    assert ended.value.code == 2
    assert f"{text!r} is not a number of days from 1 to 36500" in capsys.readouterr().err


def test_while_the_daemon_answers_what_goes_on_counts_up_to_now(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    write_history(home, spans=[present("4 13:00", None)])
    with fake_daemon() as daemon:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(daemon.base))
        assert told(capsys)["sitting"] == 30 * 60


def test_of_another_boot_no_heartbeat_counts(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    write_history(home, spans=[present("4 12:00", "4 12:10"), present("4 13:00", None)])
    assert told(capsys)["sitting"] == 10 * 60  # there is none
    beat("4 13:05")
    assert told(capsys)["sitting"] == 15 * 60
    file = Path(os.environ["XDG_RUNTIME_DIR"], "neckguard", "heartbeat")
    file.write_text("another-boot " + file.read_text().split(maxsplit=1)[1])
    assert told(capsys)["sitting"] == 10 * 60


def an_hour_a_day(days: int) -> list[SpanTuple]:
    """The last of them today."""
    starts = [at("4 09:00") - ago * 86400 for ago in reversed(range(days))]
    return [("present", "", start, start + 3600, 3600) for start in starts]


@pytest.mark.parametrize(
    ("days", "heading", "first"),
    [
        (31, "Sitting by day", "Mon  2 Feb"),
        (32, "Sitting by week, on an average day", "Sun  1 Feb"),
        (183, "Sitting by month, on an average day", "Sep 2025"),
        (1100, "Sitting by year, on an average day", "2023"),
    ],
)
def test_many_days_are_told_by_longer_measures(
    capsys: pytest.CaptureFixture[str], home: Path, days: int, heading: str, first: str
) -> None:
    write_history(home, spans=an_hour_a_day(days))
    lines = said(capsys, "--days", "2000").splitlines()
    where = lines.index(heading)
    assert lines[where + 1].startswith(f"  {first} ")
    assert lines[where + 1].endswith(" 1 h")
    assert "Sitting by weekday, on an average day" in lines


def test_forty_columns_and_ascii_are_enough(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    sides = [
        outcome("stretch", f"{day} 09:{number:02}", "done", "chin-tuck", side)
        for day in (3, 4)
        for number, side in enumerate(["left", "right", "both"] * 12)
    ]
    write_history(home, spans=an_hour_a_day(9), outcomes=[*OUTCOMES, *sides], entries=ENTRIES)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("neckguard.cli.history.stats_page._letters", lambda: ".:-=+*%#")
    shown = said(capsys, "--days", "9")
    assert shown.isascii()
    assert max(map(len, shown.splitlines())) <= 40
    assert "  Neck: 73 (24 left, 24 right, 24 both)\n" in shown


def test_only_the_latest_flare_ups_and_weeks_are_told_one_by_one(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    weeks = [at("4 09:00") - number * 7 * 86400 for number in range(11)][::-1]
    scores = [(instant, 3600, "checkin", number, "", "") for number, instant in enumerate(weeks)]
    apart = [at("4 09:00") - number * 8 * 86400 for number in range(11)][::-1]
    starts = [(instant + 60, 3600, "flare_start", None, "", "") for instant in apart]
    ends = [(instant + 3660, 3600, "flare_end", None, "by you", "") for instant in apart[:-1]]
    write_history(home, entries=[*scores, *starts, *ends])
    lines = said(capsys, "--days", "90").splitlines()
    assert "  mean by week, the latest last: 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0" in lines
    assert lines[-9:-7] == ["  3 earlier ones, then:", "  from Wed 7 Jan, 1 h"]
    assert lines[-1] == "  from Wed 4 Mar, 4 h 29 min so far"


STRENGTH_DONE = [
    outcome("stretch", "2 11:00", "done", "band-raise", reminder="strength"),
    outcome("stretch", "2 17:00", "done", "band-raise", reminder="strength"),  # twice on a day
    outcome("stretch", "3 11:00", "done", "band-raise", reminder="strength"),
    outcome("stretch", "3 12:00", "skipped", "band-raise", reminder="strength"),
    outcome("stretch", "4 11:00", "done", reminder="strength"),  # they merely left
    outcome("stretch", "4 11:30", "done", "chin-tuck"),
]
NOTED = [
    (at("2 11:00"), 3600, "strength", 12, "red", ""),
    (at("3 11:00"), 3600, "strength", 24, "green", ""),
]


def test_the_course_of_strength_is_one_plain_line_whatever_the_period(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_history(home, outcomes=STRENGTH_DONE, spans=SPANS, entries=NOTED)
    beat("4 13:25")
    for words in ((), ("--days", "7")):
        shown = said(capsys, *words)
        assert (
            "\nStrength, the last ten weeks\n"
            "  on 2 days, last Tue 3 Mar; band: green; repetitions: 24\n" in shown
        )
        assert "streak" not in shown
    assert told(capsys)["strength"] == {
        "days": 2, "last": "2026-03-03", "band": "green", "repetitions": 24,
    }  # fmt: skip


def test_of_strength_that_was_not_noted_only_the_days_are_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_history(home, outcomes=STRENGTH_DONE[2:3], spans=SPANS, entries=[])
    assert "\n  on 1 day, last Tue 3 Mar\n" in said(capsys)


def test_what_lies_more_than_ten_weeks_back_is_no_part_of_the_course(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = outcome("stretch", "2025-12-20 11:00", "done", "band-raise", reminder="strength")
    write_history(home, outcomes=[old], spans=SPANS, entries=[])
    assert told(capsys, "--days", "365")["strength"] is None
