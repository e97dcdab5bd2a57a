"""Reminders with `daily`: once a local date, when the day's sitting reaches it; and the day's sitting."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.virtual import BERLIN, MONDAY_9, Desk, never, plan, promptly, reminder, story

from neckguard.core import verbs
from neckguard.core.events import (
    Answered,
    AwayBegan,
    AwayEnded,
    KeptAwake,
    NotifierChanged,
    PlanChanged,
    Slept,
    Tick,
)
from neckguard.core.model import Away, Record
from neckguard.core.plan import Opening, Plan
from neckguard.core.told.explain import explain
from neckguard.core.told.saved import forgotten, take_state
from neckguard.core.told.view import view

HOUR, DAY = 3600.0, 86400.0
NEW_YORK, KATHMANDU = ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")


def limit(after: float, **settings: Any) -> Plan:
    return plan(reminder("dayend", daily=after * HOUR), **settings)


def desk(after: float, *, start: datetime = MONDAY_9, **settings: Any) -> Desk:
    """Somebody who answers, and whom nothing sees: as far as anyone knows they are always there."""
    return Desk(limit(after, **settings), person=promptly, start=start)


def shown(at: Desk) -> list[str]:
    """When it was shown, local clock."""
    return [line[:8] for line in at.took() if " dayend shown" in line]


def sat(at: Desk) -> float:
    """Hours at the screen today."""
    return round(at.engine.world.sat_today / HOUR, 4)


def set_clock(at: Desk, hours: float) -> None:
    at.wall += hours * HOUR
    at.do(Tick())


def travel(at: Desk, zone: ZoneInfo) -> None:
    at.zone = zone
    at.do(Tick())


def gone(at: Desk, hours: float) -> Desk:
    """Behind a locked screen."""
    at.do(AwayBegan(Away.LOCKED))
    at.pass_time(hours * HOUR)
    at.do(AwayEnded(Away.LOCKED))
    return at


def owed(at: Desk) -> bool:
    return at.engine.world.courses["dayend"].owed


# ---- ordinary days -----------------------------------------------------------------------------------------


def test_it_comes_once_a_date_when_its_sitting_reaches_the_limit() -> None:
    at = desk(2.0)
    assert [shown(at.pass_time(DAY)) for _ in range(3)] == [
        ["11:00:00", "02:00:00"],
        ["02:00:00"],
        ["02:00:00"],
    ]


def test_a_limit_of_minutes_is_met_to_the_second_after_midnight() -> None:
    assert shown(desk(0.1).pass_time(3 * DAY)) == ["09:06:00", *["00:06:00"] * 3]


def test_absences_do_not_count_but_short_silences_do() -> None:
    at = desk(2.0).sit_down()
    gone(at.until("10:00"), 0.5)
    at.until("10:40").leave().until("10:44").use("work").until("11:00")
    at.leave().until("11:30").use("work")
    assert sat(at.until("11:40")) == round(1 + 40 / 60, 4)
    assert shown(at.until("12:30")) == ["12:00:03"]


def test_who_leaves_at_the_limit_had_not_reached_it() -> None:
    at = desk(2.0, typing_gap=0.0).sit_down().until("10:58").leave().until("11:30")
    assert at.took() == story("""
        11:00:00 dayend due
        11:03:00 away (no input since 10:58)
        11:03:00 dayend taken_back (the day's limit is not reached)
    """)
    assert (owed(at), sat(at), at.due_in("dayend")) == (False, round(1 + 58 / 60, 4), 120.0)
    assert shown(at.use("work").until("12:00")) == ["11:32:00"]


def test_a_pause_is_time_at_the_screen_and_what_it_brings_comes_after_it() -> None:
    at = desk(2.0).until("10:30")
    at.do(verbs.Pause(HOUR))
    assert (sat(at.until("11:15")), owed(at)) == (2.25, True)
    assert shown(at.until("12:00")) == ["11:30:20"]


def test_so_is_the_time_outside_the_hours() -> None:
    office = (Opening(0, 9 * 60, 10 * 60), Opening(0, 12 * 60, 13 * 60))
    at = desk(2.0, hours=office)
    assert (shown(at.until("11:30")), owed(at), sat(at)) == ([], True, 2.5)
    assert shown(at.until("13:00")) == ["12:00:20"]


def test_reached_after_the_hours_it_is_owed_until_midnight() -> None:
    at = desk(2.0, hours=(Opening(0, 9 * 60, 10 * 60),)).pass_time(DAY - 9 * HOUR + 1.0)
    assert at.took() == story("""
        11:00:00 dayend due
        00:00:00 dayend dropped (midnight)
    """)


def test_it_comes_in_the_last_minutes_of_the_hours_too() -> None:
    assert shown(desk(2.0, hours=(Opening(0, 9 * 60, 11 * 60 + 2),)).until("12:00")) == ["11:00:00"]


def test_owed_over_midnight_it_is_dropped() -> None:
    at = desk(14.0)
    at.do(NotifierChanged(ready=False, keeps=False))
    at.pass_time(DAY)
    assert [line for line in at.took() if "undelivered" not in line] == story("""
        23:00:00 dayend due
        00:00:00 dayend dropped (midnight)
    """)
    assert sat(at) == 9.0


def test_no_absence_settles_it_before_it_was_seen() -> None:
    at = Desk(plan(reminder("walk", kind="stretch", daily=HOUR, reset_after=300.0)), person=promptly)
    at.do(NotifierChanged(ready=False, keeps=False))
    gone(at.until("10:01"), 1.0)
    at.took()
    at.do(NotifierChanged(ready=True, keeps=False))
    assert at.pass_time(60.0).took()[0] == "11:01:20 walk shown"


def test_what_is_longer_does_not_cover_it() -> None:
    both = (reminder("break", HOUR), reminder("eyes", kind="stretch", duration=20.0, daily=HOUR))
    at = Desk(plan(*both), person=promptly).until("10:30")
    assert [line[:18] for line in at.took() if "shown" in line] == [
        "10:00:00 break sho",
        "10:05:25 eyes show",
    ]


# ---- answers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [verbs.Done("dayend"), verbs.Skip("dayend")])
def test_answered_before_it_comes_it_does_not_come_today(verb: verbs.Verb) -> None:
    at = desk(2.0).until("10:00")
    at.do(verb)
    assert (at.due_in("dayend"), shown(at.until("23:59"))) == (None, [])
    assert shown(at.pass_time(DAY)) == ["02:00:00"]


def test_put_off_it_comes_again_the_same_day() -> None:
    at = Desk(limit(2.0)).until("11:00")
    at.do(Answered("prompt-1", "snooze"))
    assert shown(at.until("12:00")) == ["11:00:00", "11:05:00"]


def test_put_off_over_midnight_it_is_dropped() -> None:
    at = Desk(limit(14.98)).until("23:59")
    at.do(verbs.Snooze(600.0))
    assert at.pass_time(HOUR).took()[-1] == "00:00:00 dayend dropped (midnight)"


def test_put_off_when_the_limit_is_reached_it_comes_when_it_was_put_off_to() -> None:
    at = Desk(limit(2.0)).until("10:58")
    at.do(verbs.Now("dayend"))
    at.do(verbs.Snooze(600.0))
    assert shown(at.until("12:00")) == ["10:58:00", "11:08:00"]


def test_on_the_screen_when_the_limit_is_reached_it_does_not_come_twice() -> None:
    at = Desk(limit(2.0)).until("10:59").pass_time(30.0)
    at.do(verbs.Now("dayend"))
    at.until("11:00").do(verbs.Done())
    assert shown(at.until("12:00")) == ["10:59:30"]


# ---- settings and restarts ---------------------------------------------------------------------------------


def test_a_higher_limit_takes_back_what_nobody_saw_yet() -> None:
    at = desk(2.0).until("10:59")
    at.do(verbs.Pause(600.0))
    at.until("11:05")
    at.do(PlanChanged(limit(3.0)))
    assert at.took()[1:] == story("""
        11:00:00 dayend due
        11:05:00 settings (applied)
        11:05:00 dayend taken_back (the day's limit is not reached)
    """)
    assert (at.due_in("dayend"), shown(at.until("13:00"))) == (HOUR - 300.0, ["12:00:00"])


def test_a_lower_limit_that_is_reached_already_brings_it_at_once() -> None:
    at = desk(4.0).until("11:00")
    at.do(PlanChanged(limit(1.0)))
    assert shown(at.pass_time(60.0)) == ["11:00:00"]
    at.do(PlanChanged(limit(5.0)))
    assert shown(at.until("23:00")) == []


def test_times_that_take_its_place_come_on_the_same_day() -> None:
    at = desk(1.0).pass_time(2 * HOUR)
    at.do(PlanChanged(plan(reminder("dayend", at=("12:00", "*:30")))))
    at.pass_time(2 * HOUR)
    assert shown(at) == ["10:00:00", "11:30:00", "12:00:00", "12:30:00"]


@pytest.mark.parametrize("rebooted", [False, True])
def test_the_day_s_sitting_survives_restarts(rebooted: bool) -> None:
    at = gone(desk(2.0).until("10:00"), 0.5).until("11:00")
    at.restart(600.0, rebooted=rebooted)
    assert (sat(at), at.due_in("dayend")) == (1.5, HOUR / 2)
    assert shown(at.until("12:00")) == ["11:40:00"]
    at.restart(60.0, rebooted=rebooted)
    assert shown(at.until("23:00")) == []


def test_a_life_that_ended_at_midnight_belongs_to_both_days() -> None:
    at = gone(desk(20.0).until("22:00"), 1.0).pass_time(1.5 * HOUR)
    at.restart(HOUR)
    assert (at.now.wall.hour, sat(at)) == (1, 0.5)


def test_who_left_before_the_restart_sat_until_then() -> None:
    at = desk(20.0).sit_down().until("10:00").leave().pass_time(120.0)
    at.restart(30.0)
    at.until("11:00").use("work").pass_time(10.0)
    assert round(at.engine.world.sat_today - HOUR) in range(5, 12)


def test_a_month_is_not_remembered_as_dates() -> None:
    at = desk(2.0).pass_time(30 * DAY)
    assert len(at.engine.world.courses["dayend"].handled) < 20


def test_an_erased_state_that_makes_no_sense_tells_nothing_of_the_day() -> None:
    state = take_state(desk(2.0).until("10:00").engine)
    assert "at_screen" not in forgotten({**state, "care": "nonsense"})


def test_a_former_state_that_tells_nothing_of_the_day_is_understood() -> None:
    at = desk(2.0).until("10:00")
    state = at.engine.world.presence.saved()
    del state["at_screen"]
    at.engine.world.presence.restore(state, 0.0, at.boot)
    assert sat(at) == 1.0


def test_an_erased_history_leaves_the_stretch_that_goes_on() -> None:
    at = gone(desk(20.0).until("12:00"), 1.0).until("14:00")
    at.do(verbs.Forget())
    assert sat(at) == 1.0


def test_a_break_of_a_day_comes_by_its_interval_in_a_flare_up() -> None:
    at = Desk(plan(reminder("break", daily=8 * HOUR)))
    at.do(verbs.FlareStart(3))
    assert (at.due_in("break"), at.engine.world.courses["break"].reminder.daily) == (2400.0, None)


# ---- clocks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 29, 9.0), (10, 25, 11.0), (11, 23, 10.0)])
def test_hours_that_daylight_saving_skips_or_repeats_count_as_they_pass(
    month: int, day: int, hours: float
) -> None:
    midnight = datetime(2026, month, day, tzinfo=BERLIN)
    at = desk(9.5, start=midnight - timedelta(hours=2)).pass_time(2 * HOUR + hours * HOUR)
    assert (at.now.wall.hour, sat(at), len(shown(at))) == (10, hours, int(hours > 9.5))


def test_west_of_here_the_day_goes_on_and_east_the_next_has_begun() -> None:
    at = desk(9.0).until("13:00")
    travel(at, NEW_YORK)
    assert (at.now.wall.hour, sat(at)) == (7, 4.0)
    travel(at, BERLIN)
    at.until("22:00")
    travel(at, KATHMANDU)
    assert (at.now.wall.hour, sat(at)) == (2, 2.75)
    assert shown(at.pass_time(7 * HOUR)) == ["18:00:00", "09:00:00"]


def test_a_clock_that_was_wrong_for_a_moment_costs_nothing() -> None:
    at = gone(desk(4.0).until("11:00"), 1.0)
    for hours in (24, -48, 24, -9000, 9000):
        set_clock(at, hours)
        at.pass_time(1.0)
    assert round(at.engine.world.sat_today) == 2 * HOUR + 5
    assert shown(at.until("23:00")) == ["14:00:00"]


def test_sleep_and_a_life_that_stood_still_do_not_count() -> None:
    at = desk(8.0).until("10:00")
    at.jump(HOUR)
    at.do(Slept(HOUR))
    at.until("12:00").jump(HOUR)
    at.do(Tick())
    assert sat(at) == 2.0


# ---- what is told ------------------------------------------------------------------------------------------


def told(at: Desk) -> Any:
    (one,) = view(at.engine)["reminders"]
    return {key: one[key] for key in ("every", "at", "daily", "due_in", "sat", "state", "owed")}


def test_status_and_why_say_how_far_it_is() -> None:
    at = desk(8.0).until("14:10")
    common: dict[str, Any] = {"every": None, "at": [], "daily": 8 * HOUR, "state": "counting", "owed": False}
    sitting = 5 * HOUR + 600.0
    assert (view(at.engine)["sat_today"], told(at)) == (
        sitting,
        {**common, "due_in": 8 * HOUR - sitting, "sat": sitting},
    )
    assert explain(at.engine, "dayend")["sentences"] == [
        "dayend: due after 2 h 50 min more; 5 h 10 min at the screen today, of 8 h."
    ]
    at.until("18:00")
    assert told(at) == {**common, "due_in": None, "sat": 9 * HOUR}
    assert explain(at.engine, "dayend")["sentences"] == [
        "dayend: dealt with for today; 9 h at the screen today."
    ]


def test_put_off_why_says_until_when() -> None:
    at = Desk(limit(2.0)).until("11:00")
    at.do(Answered("prompt-1", "snooze"))
    (said,) = explain(at.engine, "dayend")["sentences"]
    assert said.startswith("dayend: put off, again after 5 min more at the screen")


# ---- another way to the same number ------------------------------------------------------------------------


def by_the_records(at: Desk, begin: float) -> float:
    """The same from what the history is told: present unless away, from `begin` and local midnight on."""
    midnight = at.now.wall.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp()
    records = (each for each in at.effects if isinstance(each, Record))
    edges = [
        begin,
        *(each.since.timestamp() for each in records if each.what in ("away", "back") and each.since),
    ]
    edges += [at.wall] * (len(edges) % 2)
    stretches = zip(edges[::2], edges[1::2], strict=True)
    return sum(max(0.0, gone - max(came, midnight)) for came, gone in stretches)


DEEDS = {
    "work": lambda at: at.use("work"),
    "rest": lambda at: at.leave(),
    "touch": lambda at: at.touch(),
    # With hands that rested the absence turns out to begin before the lock, and no record tells that.
    "lock": lambda at: at.use("work").do(AwayBegan(Away.LOCKED)),
    "unlock": lambda at: at.do(AwayEnded(Away.LOCKED)),
    "pause": lambda at: at.do(verbs.Pause(HOUR)),
    "film": lambda at: at.do(KeptAwake(on=True, since=at.boot)),
    "film over": lambda at: at.do(KeptAwake(on=False, since=at.boot)),
}


@settings(max_examples=40)
@given(deeds=st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.floats(1.0, 9000.0)), max_size=12))
def test_the_day_s_sitting_is_the_sum_of_what_the_history_is_told(deeds: list[tuple[str, float]]) -> None:
    at = Desk(
        plan(reminder("dayend", daily=3 * HOUR), hours=(Opening(0, 0, 18 * 60),)), person=never
    ).sit_down()
    begin = at.wall
    for deed, seconds in deeds:
        DEEDS[deed](at)
        at.pass_time(seconds)
        assert abs(at.engine.world.sat_today - by_the_records(at, begin)) < 0.01


def test_what_the_day_came_to_has_no_end_of_its_own() -> None:
    at = desk(8.0)
    for _ in range(400):
        gone(at, 0.1).pass_time(300.0)
    kept = at.engine.world.presence.at_screen.saved()[1]
    assert (len(kept) < 300, kept[0][1] > at.boot - 2.1 * DAY) == (True, True)


def test_it_is_off_unless_wanted() -> None:
    at = Desk(plan(replace(reminder("dayend", daily=HOUR), enabled=False)), person=promptly)
    assert (shown(at.pass_time(DAY)), at.due_in("dayend")) == ([], None)
