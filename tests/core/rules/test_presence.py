"""Leaving and coming back: by lock, sleep, another session in front, or because the daemon did not live."""

from dataclasses import replace
from typing import Any

import pytest
from support.virtual import DEFAULTS, MONDAY_9, Desk, plan, promptly, reminder, story, without

from neckguard.core import verbs
from neckguard.core.events import AwayBegan, AwayEnded, NotifierChanged, Slept, Tick
from neckguard.core.model import Away
from neckguard.core.plan import Opening


def leave(desk: Desk, seconds: float, reason: Away = Away.LOCKED) -> Desk:
    """Be away so long."""
    desk.do(AwayBegan(reason))
    desk.pass_time(seconds).do(AwayEnded(reason))
    return desk


def alone(name: str, every: float = 3600.0, **changes: Any) -> Desk:
    return Desk(plan(reminder(name, every, **changes)))


# ---- countdowns ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", list(Away))
def test_while_nobody_is_there_the_countdown_stands_still_and_nothing_is_shown(reason: Away) -> None:
    desk = alone("tea").pass_time(3000.0)
    desk.do(AwayBegan(reason))
    assert (desk.engine.state, desk.engine.world.holds) == ("away", ("away",))
    desk.pass_time(4 * 3600.0)
    assert desk.due_in("tea") == 600.0
    desk.do(AwayEnded(reason))
    assert desk.engine.state == "running"
    assert without(desk.pass_time(600.0).took(), "due") == [
        f"09:50:00 away ({reason})",
        "13:50:00 back (after 4 h)",
        "14:00:00 tea shown",
    ]


@pytest.mark.parametrize(
    ("name", "seconds", "due_in"),
    [
        ("posture", 299.0, 3000.0),
        ("posture", 300.0, 3600.0),
        ("posture", 301.0, 3600.0),
        ("stretch", 299.0, 3000.0),
        ("stretch", 300.0, 3600.0),
        ("break", 239.0, 3000.0),
        ("break", 240.0, 3600.0),
        ("break", 241.0, 3600.0),
        ("tea", 36000.0, 3000.0),  # notes never
    ],
)
def test_an_absence_of_reset_after_starts_the_cycle_afresh(name: str, seconds: float, due_in: float) -> None:
    assert leave(alone(name).pass_time(600.0), seconds).due_in(name) == due_in


@pytest.mark.parametrize(
    ("seconds", "trace"),
    [
        (239.0, ["09:10:00 away (locked)", "09:13:59 back (after 3 min 59 s)"]),
        (240.0, ["09:10:00 away (locked)", "09:14:00 back (after 4 min)", "09:14:00 break natural_break"]),
    ],
)
def test_an_absence_as_long_as_a_break_is_one(seconds: float, trace: list[str]) -> None:
    assert leave(alone("break").pass_time(600.0), seconds).took() == trace


def test_reasons_overlap_and_the_absence_lasts_until_the_last_is_lifted() -> None:
    desk = alone("posture").pass_time(600.0)
    desk.do(AwayBegan(Away.LOCKED))
    desk.pass_time(100.0).do(AwayBegan(Away.ASLEEP))
    desk.pass_time(100.0).do(AwayEnded(Away.ASLEEP))
    assert desk.engine.world.presence.away
    desk.pass_time(100.0).do(AwayEnded(Away.LOCKED))
    assert desk.took() == ["09:10:00 away (locked)", "09:15:00 back (after 5 min)"]
    assert desk.due_in("posture") == 3600.0


def test_saying_it_twice_or_ending_what_never_began_changes_nothing() -> None:
    desk = alone("tea").pass_time(600.0)
    desk.do(AwayEnded(Away.ASLEEP))
    assert desk.took() == []
    desk.do(AwayBegan(Away.LOCKED))
    desk.pass_time(60.0).do(AwayBegan(Away.LOCKED))
    desk.do(AwayEnded(Away.BACKGROUND))
    desk.pass_time(60.0).do(AwayEnded(Away.LOCKED))
    desk.do(AwayEnded(Away.LOCKED))
    assert desk.took() == ["09:10:00 away (locked)", "09:12:00 back (after 2 min)"]


# ---- prompts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "enough"), [("posture", 300.0), ("stretch", 300.0), ("break", 240.0)])
def test_a_prompt_left_behind_is_done_after_an_absence_that_is_long_enough(name: str, enough: float) -> None:
    desk = leave(alone(name).pass_time(3600.0), enough)
    assert [line.split(maxsplit=1)[1] for line in without(desk.took(), "due", "back")] == [
        f"{name} shown",
        "away (locked)",
        f"{name} hidden (away)",
        f"{name} done (away long enough)",
    ]
    assert (desk.due_in(name), desk.open) == (3600.0, [])


@pytest.mark.parametrize(("name", "short"), [("posture", 299.0), ("break", 239.0), ("tea", 7200.0)])
def test_after_a_shorter_one_the_same_prompt_comes_back_once_it_has_settled(name: str, short: float) -> None:
    desk = alone(name).pass_time(3600.0)
    assert desk.open == ["prompt-1"]
    leave(desk, short)
    assert desk.pass_time(19.0).open == []
    assert (desk.engine.state, [each.reason for each in desk.engine.rules.tact.quiet_spans()]) == (
        "quiet",
        ["settling"],
    )
    assert desk.pass_time(1.0).open == ["prompt-1"]
    assert sum(f"{name} due" in line for line in desk.trace) == 1


def test_a_prompt_that_is_done_by_leaving_settles_what_it_covers() -> None:
    desk = leave(Desk().until("10:00"), 400.0)
    assert without(desk.took(), "due")[-5:] == story("""
        10:00:00 away (locked)
        10:00:00 break hidden (away)
        10:06:40 back (after 6 min)
        10:06:40 break done (away long enough)
        10:06:40 posture covered (by break)
    """)
    assert [desk.due_in(each.name) for each in DEFAULTS] == [1200.0, 2400.0, 3600.0]


def test_what_is_owed_and_covered_is_settled_once_by_leaving() -> None:
    both = (reminder("posture", 3600.0), reminder("break", 3600.0))
    assert leave(Desk(plan(*both)).until("10:00"), 400.0).took()[-3:] == [
        "10:06:40 back (after 6 min)",
        "10:06:40 break done (away long enough)",
        "10:06:40 posture covered (by break)",
    ]


def test_what_is_owed_but_was_not_shown_counts_as_taken() -> None:
    desk = alone("break")
    desk.do(NotifierChanged(ready=False, keeps=False))
    desk.pass_time(3600.0)
    desk.took()
    assert leave(desk, 300.0).took()[-1] == "10:05:00 break natural_break"
    assert desk.due_in("break") == 3600.0


def test_a_snoozed_break_is_taken_by_leaving() -> None:
    desk = alone("break").pass_time(3600.0)
    desk.do(verbs.Snooze())
    assert leave(desk, 300.0).took()[-1] == "10:05:00 break natural_break"
    assert desk.due_in("break") == 3600.0


def test_an_absence_during_a_snooze_too_short_for_it_leaves_the_rest() -> None:
    desk = alone("posture").pass_time(3600.0)
    desk.do(verbs.Snooze())
    assert leave(desk.pass_time(60.0), 120.0).due_in("posture") == 240.0


# ---- breaks at the person's word -----------------------------------------------------------------------


def test_leaving_for_the_break_they_started_is_one_break_not_two() -> None:
    desk = Desk(plan(reminder("break", 3600.0)), person=promptly).pass_time(3610.0)
    leave(desk, 320.0)
    assert without(desk.took(), "due") == story("""
        10:00:00 break shown
        10:00:05 break done
        10:00:05 break break_start
        10:00:10 away (locked)
        10:05:30 back (after 5 min)
        10:05:30 break break_end
    """)
    assert desk.due_in("break") == 3600.0


def test_back_early_from_a_break_the_cycles_begin_when_it_would_have_ended() -> None:
    desk = Desk(person=promptly).until("10:00").pass_time(10.0)
    leave(desk, 60.0)
    left = 235.0
    assert [desk.due_in(each.name) for each in DEFAULTS] == [left + 1200.0, left + 2400.0, left + 3600.0]
    assert desk.pass_time(left).took()[-1] == "10:05:05 break break_end"
    assert [desk.due_in(each.name) for each in DEFAULTS] == [1200.0, 2400.0, 3600.0]
    leave(desk.pass_time(60.0), 300.0)
    assert desk.took()[-1].endswith("break natural_break")


def test_a_break_at_a_time_of_day_lasts_as_long_as_any() -> None:
    desk = Desk(plan(reminder("break", None, at=("12:30",))), person=promptly).until("13:00")
    assert desk.took()[-2:] == ["12:30:05 break break_start", "12:35:05 break break_end"]


# ---- sleep ---------------------------------------------------------------------------------------------


def test_sleep_nobody_announced_is_an_absence_of_its_length() -> None:
    desk = alone("posture").pass_time(600.0)
    desk.jump(3600.0)
    desk.do(Slept(3590.0))
    assert desk.took() == ["09:10:10 away (asleep)", "10:10:00 back (after 1 h)"]
    assert desk.due_in("posture") == 3600.0


@pytest.mark.parametrize(("seconds", "due_in"), [(299.0, 3000.0), (300.0, 3600.0)])
def test_a_short_sleep_is_away_as_well(seconds: float, due_in: float) -> None:
    desk = alone("posture").pass_time(600.0)
    desk.jump(seconds)
    desk.do(Slept(seconds))
    assert desk.due_in("posture") == due_in


@pytest.mark.parametrize(("seconds", "away"), [(1.9, []), (2.0, ["09:10:00 away (asleep)"])])
def test_a_sleep_of_less_than_two_seconds_is_no_absence(seconds: float, away: list[str]) -> None:
    desk = alone("posture").pass_time(600.0)
    desk.jump(seconds)
    desk.do(Slept(seconds))
    assert without(desk.took(), "back") == away
    assert desk.due_in("posture") == 3000.0 - (0.0 if away else seconds)


def test_announced_sleep_is_not_counted_twice() -> None:
    desk = alone("posture").pass_time(600.0)
    desk.do(AwayBegan(Away.ASLEEP))
    desk.jump(3600.0)
    desk.do(Slept(3600.0))
    desk.do(AwayEnded(Away.ASLEEP))
    desk.do(Slept(0.0))
    assert desk.took() == ["09:10:00 away (asleep)", "10:10:00 back (after 1 h)"]


def test_sleep_is_no_longer_than_the_time_since_the_last_call() -> None:
    desk = alone("tea").pass_time(600.0)
    desk.jump(100.0)
    desk.do(Slept(5000.0))
    assert desk.due_in("tea") == 3000.0
    assert desk.engine.world.courses.timeline.sitting == 600.0


def test_a_prompt_slept_over_is_hidden_and_done_or_comes_back() -> None:
    desk = alone("posture").pass_time(3600.0)
    desk.jump(100.0)
    desk.do(Slept(100.0))
    assert (desk.open, desk.pass_time(20.0).open) == ([], ["prompt-1"])
    desk.jump(300.0)
    desk.do(Slept(300.0))
    assert desk.took()[-1].endswith("posture done (away long enough)")


def test_waking_up_never_brings_a_burst() -> None:
    desk = Desk(plan(*DEFAULTS, reminder("tea", 1210.0), reminder("lunch", None, at=("12:30",))))
    desk.until("09:20").pass_time(5.0)
    desk.jump(6 * 3600.0)
    desk.do(Slept(6 * 3600.0))
    desk.took()
    desk.person = promptly
    assert without(desk.pass_time(120.0).took(), "due") == story("""
        15:20:25 lunch shown
        15:20:30 lunch done
        15:20:50 tea shown
        15:20:55 tea done
    """)


# ---- gaps in the daemon's own life ---------------------------------------------------------------------


@pytest.mark.parametrize(("gap", "sat"), [(243.0, 843.0), (299.0, 899.0), (300.0, 600.0), (4000.0, 600.0)])
def test_a_gap_counts_as_sitting_up_to_idle_after_and_is_away_beyond(gap: float, sat: float) -> None:
    desk = alone("tea", 90000.0).pass_time(600.0)
    desk.jump(gap)
    desk.do(Tick())
    assert desk.engine.world.courses.timeline.sitting == sat
    away = without(desk.took(), "back")
    assert away == ([] if sat > 600.0 else ["09:10:00 away (not running)"])


@pytest.mark.parametrize(
    ("idle_after", "gap", "sat"),
    [
        (4.0, 4.9, 604.9),  # called a second late: a busy machine
        (4.0, 5.1, 600.0),
        (60.0, 61.9, 661.9),
        (60.0, 62.1, 600.0),
    ],
)
def test_a_gap_counts_when_it_is_later_than_asked_by_a_quarter_or_two_seconds(
    idle_after: float, gap: float, sat: float
) -> None:
    presence = replace(plan().presence, idle_after=idle_after)
    desk = Desk(replace(plan(reminder("tea", 90000.0)), presence=presence)).pass_time(600.0)
    desk.jump(gap)
    desk.do(Tick())
    assert desk.engine.world.courses.timeline.sitting == pytest.approx(sat)


def test_while_a_break_is_owed_a_gap_as_long_as_would_do_for_it_counts() -> None:
    desk = alone("break").pass_time(3600.0)
    desk.took()
    desk.jump(250.0)
    desk.do(Tick())
    assert desk.took() == story("""
        10:00:00 away (not running)
        10:00:00 break hidden (away)
        10:04:10 back (after 4 min 10 s)
        10:04:10 break done (away long enough)
    """)


def test_a_gap_is_noticed_by_whatever_happens_next() -> None:
    desk = alone("tea").pass_time(600.0)
    desk.jump(1000.0)
    desk.do(verbs.Pause(60.0))
    assert desk.due_in("tea") == 3000.0
    assert desk.took() == [
        "09:10:00 away (not running)",
        "09:26:40 back (after 17 min)",
        "09:26:40 paused",
    ]


def test_a_gap_from_before_the_hours_into_them_is_not_sitting() -> None:
    hours = (Opening(0, 9 * 60, 17 * 60),)
    desk = Desk(plan(hours=hours), start=MONDAY_9.replace(hour=8))
    desk.jump(2 * 3600.0)
    desk.do(Tick())
    assert desk.engine.world.courses.timeline.sitting == 0.0


def test_being_called_when_asked_is_no_gap_however_long_the_night() -> None:
    hours = (Opening(0, 9 * 60, 17 * 60), Opening(1, 9 * 60, 17 * 60))
    desk = Desk(plan(reminder("tea", 90000.0), hours=hours)).pass_time(25 * 3600.0)
    assert desk.took() == []
    assert desk.engine.world.courses.timeline.sitting == 9 * 3600.0


def test_the_engine_wants_to_be_called_every_four_minutes_while_somebody_may_sit_there() -> None:
    desk = alone("tea", 90000.0)
    assert desk.engine.deadline() == desk.boot + 240.0
    desk.do(AwayBegan(Away.LOCKED))
    assert desk.engine.deadline() is None


@pytest.mark.parametrize("slept", [1.0, 3.0])
def test_a_short_sleep_does_not_hide_a_long_gap(slept: float) -> None:
    desk = alone("tea").pass_time(600.0)
    desk.jump(1000.0)
    desk.do(Slept(slept))
    assert desk.took() == ["09:10:00 away (asleep)", "09:26:40 back (after 17 min)"]
    assert desk.due_in("tea") == 3000.0
