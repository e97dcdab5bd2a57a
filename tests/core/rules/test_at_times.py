"""Reminders at times of the day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.virtual import BERLIN, MONDAY_9, Desk, never, plan, promptly, reminder, story, without

from neckguard.core import verbs
from neckguard.core.events import AwayBegan, AwayEnded, NotifierChanged, PlanChanged, Slept, Tick
from neckguard.core.model import Away
from neckguard.core.timing.wallclock import next_occurrence, occurrences_on

NEW_YORK, KATHMANDU = ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")


def lunch(*at: str, start: datetime = MONDAY_9, days: tuple[int, ...] = tuple(range(7))) -> Desk:
    return Desk(plan(reminder("lunch", None, at=at or ("12:30",), days=days)), person=promptly, start=start)


def shown(desk: Desk) -> list[str]:
    """When it was shown, local clock."""
    return [line[:5] for line in desk.took() if " lunch shown" in line]


def days_shown(desk: Desk, days: int) -> list[list[str]]:
    return [shown(desk.pass_time(86400.0)) for _ in range(days)]


def set_clock(desk: Desk, hours: float) -> None:
    desk.wall += hours * 3600.0
    desk.do(Tick())


# ---- ordinary days -------------------------------------------------------------------------------------


def test_it_comes_at_its_time_every_day() -> None:
    desk = lunch("09:05", "12:30")
    assert days_shown(desk, 3) == [["09:05", "12:30"]] * 3
    assert desk.due_in("lunch") == 300.0


def test_it_comes_on_its_days_only() -> None:
    assert days_shown(lunch(days=(1, 4)), 7) == [[], ["12:30"], [], [], ["12:30"], [], []]


def test_it_does_not_come_when_the_daemon_starts_after_its_time() -> None:
    desk = lunch(start=MONDAY_9.replace(hour=13))
    assert shown(desk.until("23:59")) == []
    assert shown(desk.pass_time(86400.0)) == ["12:30"]


@pytest.mark.parametrize("second", [0, 59])
def test_it_comes_when_the_daemon_starts_before_its_time(second: int) -> None:
    start = MONDAY_9.replace(hour=12, minute=29, second=second)
    assert len(shown(lunch(start=start).pass_time(120.0))) == 1


def test_an_absence_does_not_stand_for_it() -> None:
    desk = lunch().until("12:00")
    desk.do(AwayBegan(Away.LOCKED))
    desk.until("13:30").do(AwayEnded(Away.LOCKED))
    assert desk.pass_time(20.0).took() == story("""
        12:00:00 away (locked)
        12:30:00 lunch due
        13:30:00 back (after 1 h 30 min)
        13:30:20 lunch shown
    """)


def test_slept_over_it_comes_after_the_settle() -> None:
    desk = lunch().until("12:00")
    desk.jump(3 * 3600.0)
    desk.do(Slept(3 * 3600.0))
    assert shown(desk.pass_time(60.0)) == ["15:00"]


def test_two_times_while_it_is_owed_are_one_prompt() -> None:
    desk = lunch("12:30", "12:45").until("12:00")
    desk.do(verbs.Pause(3600.0))
    assert shown(desk.until("23:00")) == ["13:00"]


def test_it_follows_the_open_prompt() -> None:
    both = (reminder("break", 3.5 * 3600.0), reminder("lunch", None, at=("12:30",)))
    desk = Desk(plan(*both), person=promptly).until("12:40")
    assert without(desk.took(), "due") == story("""
        12:30:00 break shown
        12:30:05 break done
        12:30:05 break break_start
        12:35:05 break break_end
        12:35:25 lunch shown
        12:35:30 lunch done
    """)


@pytest.mark.parametrize(
    ("verb", "first", "then"),
    [
        (verbs.Done("lunch"), [], ["12:30"]),
        (verbs.Skip("lunch"), [], ["12:30"]),
        (verbs.Now("lunch"), ["10:00", "12:30"], ["12:30"]),
    ],
)
def test_answered_before_its_time_it_does_not_come_today(
    verb: verbs.Verb, first: list[str], then: list[str]
) -> None:
    desk = lunch().until("10:00")
    desk.do(verb)
    assert shown(desk.until("23:00")) == first
    assert shown(desk.pass_time(86400.0)) == then


def test_done_after_its_time_leaves_tomorrows_alone() -> None:
    desk = lunch().until("13:00")
    desk.took()
    desk.do(verbs.Done("lunch"))
    assert shown(desk.pass_time(86400.0)) == ["12:30"]


def test_skip_after_its_time_is_about_the_next_one() -> None:
    desk = lunch().until("13:00")
    desk.took()
    desk.do(verbs.Skip("lunch"))
    assert days_shown(desk, 2) == [[], ["12:30"]]


def test_a_snooze_brings_it_back_the_same_day() -> None:
    desk = lunch()
    desk.person = never
    desk.until("12:30").do(verbs.Snooze())
    desk.person = promptly
    assert shown(desk.until("23:00")) == ["12:30", "12:35"]


# ---- midnight ------------------------------------------------------------------------------------------


def test_owed_until_midnight_it_is_dropped_and_said() -> None:
    desk = lunch()
    desk.do(verbs.Pause(30 * 3600.0))
    assert without(desk.pass_time(31 * 3600.0).took(), "paused", "resumed") == story("""
        12:30:00 lunch due
        00:00:00 lunch dropped (midnight)
        12:30:00 lunch due
        15:00:20 lunch shown
        15:00:25 lunch done
    """)


def test_hidden_over_midnight_its_prompt_is_withdrawn() -> None:
    desk = lunch("23:59")
    desk.person = never
    desk.until("23:59").do(AwayBegan(Away.LOCKED))
    assert desk.pass_time(120.0).took() == story("""
        23:59:00 lunch due
        23:59:00 lunch shown
        23:59:00 away (locked)
        23:59:00 lunch hidden (away)
        00:00:00 lunch withdrawn (midnight)
        00:00:00 lunch dropped (midnight)
    """)


def test_on_the_screen_at_midnight_it_is_dropped() -> None:
    desk = lunch("23:59")
    desk.person = never
    desk.do(NotifierChanged(ready=True, keeps=True))
    desk.pass_time(15.5 * 3600.0)
    assert desk.took()[-2:] == ["00:00:00 lunch withdrawn (midnight)", "00:00:00 lunch dropped (midnight)"]
    assert desk.open == []


def test_slept_over_several_days_only_todays_comes() -> None:
    desk = lunch().until("12:00")
    desk.jump(3 * 86400.0 + 3600.0)
    desk.do(Slept(3 * 86400.0 + 3600.0))
    assert without(desk.pass_time(30.0).took(), "due", "away", "back") == story("""
        00:00:00 lunch dropped (midnight)
        00:00:00 lunch dropped (midnight)
        00:00:00 lunch dropped (midnight)
        13:00:20 lunch shown
        13:00:25 lunch done
    """)


# ---- daylight saving -----------------------------------------------------------------------------------


def test_in_a_gap_it_comes_at_the_first_valid_instant() -> None:
    start = datetime(2026, 3, 29, 1, 0, tzinfo=BERLIN)
    desk = lunch("02:30", start=start)
    assert shown(desk.pass_time(7200.0)) == ["03:00"]
    assert days_shown(desk, 2) == [["02:30"], ["02:30"]]


def test_in_a_fold_it_comes_the_first_time_only() -> None:
    start = datetime(2026, 10, 25, 1, 0, tzinfo=BERLIN)
    desk = lunch("02:30", start=start)
    assert shown(desk.pass_time(5400.0 + 60.0)) == ["02:30"]
    assert desk.now.wall.utcoffset() == timedelta(hours=2)
    assert shown(desk.pass_time(7200.0)) == []
    assert days_shown(desk, 2) == [["02:30"], ["02:30"]]


@pytest.mark.parametrize(
    ("day", "text", "instant"),
    [
        (datetime(2026, 3, 29, tzinfo=BERLIN), "02:00", datetime(2026, 3, 29, 3, 0, tzinfo=BERLIN)),
        (datetime(2026, 3, 29, tzinfo=BERLIN), "02:59", datetime(2026, 3, 29, 3, 0, tzinfo=BERLIN)),
        (datetime(2026, 3, 29, tzinfo=BERLIN), "03:00", datetime(2026, 3, 29, 3, 0, tzinfo=BERLIN)),
        (datetime(2026, 10, 25, tzinfo=BERLIN), "02:00", datetime(2026, 10, 25, 2, 0, tzinfo=BERLIN)),
        (datetime(2026, 10, 25, tzinfo=BERLIN), "03:00", datetime(2026, 10, 25, 3, 0, tzinfo=BERLIN)),
    ],
)
def test_instants_of_local_times(day: datetime, text: str, instant: datetime) -> None:
    (found,) = occurrences_on(day.date(), (text,), (6,), BERLIN)
    assert found.instant == instant.timestamp()
    assert found.key == f"{day.date()} {text}"


def test_the_next_occurrence_is_none_where_no_day_has_one() -> None:
    assert next_occurrence(MONDAY_9, ("12:30",), ()) is None
    assert next_occurrence(MONDAY_9, ("08:00",), (0,)) is not None


# ---- clocks that are set -------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [-48.0, -1.0, 1.0, 48.0])
def test_the_wall_clock_does_not_touch_sitting_time(hours: float) -> None:
    desk = Desk(plan(reminder("tea", 3600.0))).pass_time(600.0)
    set_clock(desk, hours)
    desk.zone = KATHMANDU
    desk.do(Tick())
    assert desk.due_in("tea") == 3000.0
    assert [line.split(maxsplit=1)[1] for line in desk.pass_time(3000.0).took()] == ["tea due", "tea shown"]


def test_set_back_over_its_time_it_does_not_come_twice() -> None:
    desk = lunch().until("13:00")
    set_clock(desk, -2)
    assert desk.due_in("lunch") == 25.5 * 3600.0
    assert shown(desk.until("23:00")) == ["12:30"]


def test_set_forward_over_its_time_it_comes_at_once() -> None:
    desk = lunch().until("12:00")
    set_clock(desk, 1)
    assert shown(desk.until("23:00")) == ["13:00"]


def test_back_and_forth_it_comes_once_per_date() -> None:
    desk = lunch().until("12:31")
    for hours in (-3, 5, -24, 24, -48, 48, -2, 1):
        set_clock(desk, hours)
    assert shown(desk.until("23:00")).count("12:30") == 1


def test_a_date_visited_early_is_dealt_with_when_it_comes() -> None:
    desk = lunch().until("10:00")
    set_clock(desk, 24)  # Tuesday, by mistake
    assert shown(desk.until("13:00")) == ["12:30"]
    set_clock(desk, -24)
    assert days_shown(desk, 3) == [["13:00"], ["12:30"], ["12:30"]]  # Mon late, Tue not, Wed, Thu


@pytest.mark.parametrize("at", [("12:30",), ("09:05", "12:30", "16:00")])
def test_set_back_by_a_week_the_dates_of_that_week_are_dealt_with(at: tuple[str, ...]) -> None:
    desk = lunch(*at)
    assert days_shown(desk, 7) == [list(at)] * 7
    set_clock(desk, -7 * 24)
    assert days_shown(desk, 8) == [*[[]] * 7, list(at)]


def test_a_clock_set_after_the_start_counts_as_if_it_had_been_right() -> None:
    desk = lunch(start=MONDAY_9.replace(hour=15))
    set_clock(desk, -5)
    assert shown(desk.until("13:00")) == ["12:30"]


def test_travelling_west_it_does_not_come_twice_on_a_date() -> None:
    desk = lunch().until("13:00")
    desk.zone = NEW_YORK  # 7:00 there
    desk.do(Tick())
    assert shown(desk.until("23:00")) == ["12:30"]
    assert shown(desk.pass_time(86400.0)) == ["12:30"]


def test_travelling_east_over_its_time_it_comes_on_arrival() -> None:
    desk = lunch(start=MONDAY_9.replace(hour=7)).until("11:00")
    desk.zone = KATHMANDU  # 15:45 there
    desk.do(Tick())
    assert shown(desk.pass_time(60.0)) == ["15:45"]


def test_travelling_before_its_time_it_comes_by_the_new_clock() -> None:
    desk = lunch().until("11:00")
    desk.zone = NEW_YORK
    desk.do(Tick())
    assert desk.due_in("lunch") == 7.5 * 3600.0
    assert shown(desk.until("13:00")) == ["12:30"]


# ---- settings ------------------------------------------------------------------------------------------


def test_another_time_that_lies_ahead_comes_today_as_well() -> None:
    desk = lunch().until("13:00")
    desk.do(PlanChanged(plan(reminder("lunch", None, at=("12:15", "14:00")))))
    assert shown(desk.until("23:00")) == ["12:30", "14:00"]


def test_a_time_moved_into_the_past_does_not_come_today() -> None:
    desk = lunch().until("12:00")
    desk.do(PlanChanged(plan(reminder("lunch", None, at=("11:00",)))))
    assert shown(desk.until("23:00")) == []
