"""Reminders by the clock's face: `at = ["*:50"]` is each hour at :50."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.virtual import BERLIN, MONDAY_9, Desk, never, plan, promptly, reminder, story

from neckguard.core import verbs
from neckguard.core.events import AwayBegan, AwayEnded, NotifierChanged, Slept, Tick
from neckguard.core.model import Away
from neckguard.core.plan import Opening, Plan
from neckguard.core.timing.wallclock import occurrences_on

LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # its clocks change by half an hour
OFFICE = (Opening(0, 10 * 60, 12 * 60 + 50), Opening(1, 10 * 60, 13 * 60))
WEEK = tuple(range(7))


def turn_round(*at: str, start: datetime = MONDAY_9, **changes: Any) -> Desk:
    return Desk(settings(*at, **changes), person=promptly, start=start)


def settings(*at: str, hours: tuple[Opening, ...] = (), **changes: Any) -> Plan:
    return plan(reminder("turn", None, at=at or ("*:50",), **changes), hours=hours)


def shown(desk: Desk) -> list[str]:
    """When it was shown, local clock."""
    return [line[:5] for line in desk.took() if " turn shown" in line]


def test_it_comes_in_each_hour() -> None:
    assert shown(turn_round().until("13:00")) == ["09:50", "10:50", "11:50", "12:50"]


def test_it_goes_with_times_that_are_named_and_comes_once_where_both_fall_together() -> None:
    desk = turn_round("*:00", "*:30", "10:15", "11:30")
    assert shown(desk.until("12:00")) == ["09:30", "10:00", "10:15", "10:30", "11:00", "11:30", "12:00"]


def test_it_comes_on_its_days_and_at_the_first_midnight() -> None:
    desk = turn_round("*:00", start=MONDAY_9.replace(hour=23, minute=30), days=(1,))
    assert shown(desk.pass_time(3600.0)) == ["00:00"]
    assert len(shown(desk.pass_time(23.5 * 3600.0))) == 23
    assert shown(desk.pass_time(5 * 86400.0)) == []


def test_outside_the_hours_nothing_is_said_of_it() -> None:
    desk = turn_round(hours=OFFICE)
    assert desk.due_in("turn") == 6600.0
    assert "turn" in desk.engine.world.next_due().name  # type: ignore[union-attr]
    assert shown(desk.until("12:49")) == ["10:50", "11:50"]
    assert desk.due_in("turn") == 22 * 3600.0 + 60.0  # 12:50 is the end of the hours
    assert desk.until("18:00").took() == []
    assert shown(desk.pass_time(86400.0)) == ["10:50", "11:50", "12:50"]


def test_the_opening_of_the_hours_is_within_them() -> None:
    start = MONDAY_9.replace(hour=8, minute=30)
    assert turn_round("*:00", hours=OFFICE, start=start).due_in("turn") == 5400.0


def test_where_no_hour_has_its_time_nothing_comes() -> None:
    desk = turn_round("*:55", hours=(Opening(0, 600, 630),))
    assert desk.due_in("turn") is None


def test_unseen_it_gives_way_to_the_next_one() -> None:
    desk = turn_round().until("09:30")
    desk.do(verbs.Pause(2.5 * 3600.0))
    assert desk.pass_time(2.5 * 3600.0 + 60.0).took() == story("""
        09:30:00 paused
        09:50:00 turn due
        10:50:00 turn due
        11:50:00 turn due
        12:00:00 resumed (it was over)
        12:00:20 turn shown
        12:00:25 turn done
    """)


def test_hidden_its_prompt_gives_way_to_the_next_one() -> None:
    desk = turn_round().until("09:30")
    desk.person = never
    desk.until("09:50").do(AwayBegan(Away.LOCKED))
    desk.until("10:55").do(AwayEnded(Away.LOCKED))
    assert desk.pass_time(20.0).took() == story("""
        09:50:00 turn due
        09:50:00 turn shown
        09:50:00 away (locked)
        09:50:00 turn hidden (away)
        10:50:00 turn withdrawn (the next one is due)
        10:50:00 turn due
        10:55:00 back (after 1 h 5 min)
        10:55:20 turn shown
    """)
    assert desk.open == ["prompt-2"]


def test_put_off_beyond_the_next_one_it_comes_once() -> None:
    desk = turn_round()
    desk.person = never
    desk.until("09:50").do(verbs.Snooze(3900.0))
    desk.person = promptly
    assert shown(desk.until("11:30")) == ["09:50", "10:50"]


def test_on_the_screen_it_stays_there() -> None:
    desk = turn_round(expire_after=7200.0)
    desk.person = never
    assert shown(desk.until("11:00")) == ["09:50"]
    assert desk.open == ["prompt-1"]


def test_an_unanswered_break_of_the_last_hour_begins_anew() -> None:
    desk = turn_round(kind="break", max_snoozes=0)
    desk.person = never
    assert shown(desk.until("11:00")) == ["09:50", "10:50"]


def test_the_last_one_of_a_date_ends_at_midnight() -> None:
    desk = turn_round(start=MONDAY_9.replace(hour=23))
    desk.do(verbs.Pause(7200.0))
    assert desk.pass_time(3600.0).took() == story("""
        23:00:00 paused
        23:50:00 turn due
        00:00:00 turn dropped (midnight)
    """)


@pytest.mark.parametrize(
    ("verb", "then"),
    [
        (verbs.Done("turn"), ["10:50"]),
        (verbs.Skip("turn"), ["10:50"]),
        (verbs.Now("turn"), ["09:00", "09:50", "10:50"]),
    ],
)
def test_answered_before_its_time_only_the_next_one_does_not_come(verb: verbs.Verb, then: list[str]) -> None:
    desk = turn_round()
    desk.do(verb)
    assert shown(desk.until("11:00")) == then


# ---- clocks that are set -------------------------------------------------------------------------------


def test_slept_over_some_hours_one_comes() -> None:
    desk = turn_round().until("09:30")
    desk.jump(3 * 3600.0)
    desk.do(Slept(3 * 3600.0))
    assert shown(desk.until("12:49")) == ["12:30"]


def test_set_back_an_hour_has_it_once_on_a_date() -> None:
    desk = turn_round().until("12:00")
    desk.took()
    desk.wall -= 7200.0
    desk.do(Tick())
    assert desk.due_in("turn") == 2 * 3600.0 + 3000.0
    assert shown(desk.until("13:00")) == ["12:50"]


def test_a_wrong_clock_at_the_start_takes_no_hour_away() -> None:
    desk = turn_round(start=MONDAY_9.replace(hour=15, minute=49)).until("15:51")
    desk.wall -= 5 * 3600.0
    desk.do(Tick())
    desk.took()
    assert shown(desk.until("17:00")) == ["11:50", "12:50", "13:50", "14:50", "16:50"]


def test_what_is_remembered_does_not_grow_with_the_hours() -> None:
    desk = turn_round(*(f"*:{minute:02}" for minute in range(0, 60, 5)))
    desk.do(NotifierChanged(ready=False, keeps=False))
    desk.pass_time(86400.0)
    assert desk.engine.world.courses["turn"].handled == ("2026-11-23 09:05 23:55", "2026-11-24 00:00 09:00")


# ---- daylight saving -----------------------------------------------------------------------------------


def test_an_hour_that_does_not_exist_has_none() -> None:
    desk = turn_round("*:30", start=datetime(2026, 3, 29, 1, 0, tzinfo=BERLIN))
    assert shown(desk.pass_time(3 * 3600.0)) == ["01:30", "03:30", "04:30"]


@pytest.mark.parametrize("at", ["*:30", "*:45"])
def test_a_time_that_is_named_comes_at_the_end_of_the_gap_also_beside_each_hours(at: str) -> None:
    desk = turn_round(at, "02:45", start=datetime(2026, 3, 29, 1, 50, tzinfo=BERLIN))
    assert shown(desk.pass_time(1800.0)) == ["03:00"]


def test_in_a_fold_an_hour_has_it_the_first_time_only() -> None:
    desk = turn_round(start=datetime(2026, 10, 25, 1, 0, tzinfo=BERLIN))
    assert shown(desk.pass_time(4 * 3600.0)) == ["01:50", "02:50", "03:50"]


@pytest.mark.parametrize(
    ("day", "zone", "at", "count"),
    [
        (datetime(2026, 3, 29), BERLIN, "*:00", 23),  # noqa: DTZ001 - the zone stands beside it
        (datetime(2026, 10, 25), BERLIN, "*:00", 24),  # noqa: DTZ001 - same
        (datetime(2026, 10, 4), LORD_HOWE, "*:10", 23),  # noqa: DTZ001 - same
        (datetime(2026, 10, 4), LORD_HOWE, "*:40", 24),  # noqa: DTZ001 - same
        (datetime(2026, 11, 23), BERLIN, "*:59", 24),  # noqa: DTZ001 - same
    ],
)
def test_how_many_hours_of_a_date_have_it(day: datetime, zone: ZoneInfo, at: str, count: int) -> None:
    found = [each.instant for each in occurrences_on(day.date(), (at,), WEEK, zone)]
    assert len(found) == count
    assert found == sorted(set(found))
