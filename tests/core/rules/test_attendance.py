"""The person at the desk: leaving, coming back, keeping still, and what the reminders make of it."""

from dataclasses import replace
from typing import Any

import pytest
from support.virtual import Desk, plan, reminder, story, without

from neckguard.core import verbs
from neckguard.core.events import (
    Answered,
    AwayBegan,
    AwayEnded,
    Idle,
    Input,
    KeptAwake,
    PlanChanged,
    QuietChanged,
    Slept,
    SourceChanged,
    Tick,
)
from neckguard.core.model import Away, QuietReason
from neckguard.core.plan import Plan

TEA = reminder("tea", 3600.0)


def with_presence(settings: Plan, **changes: Any) -> Plan:
    return replace(settings, presence=replace(settings.presence, **changes))


def tea(**presence: Any) -> Desk:
    """Somebody at work, with one reminder that no absence restarts: its countdown is the sitting time."""
    return Desk(with_presence(plan(TEA), **presence)).sit_down()


def sat(desk: Desk) -> float:
    return 3600.0 - (desk.due_in("tea") or 0.0)


def sleep(desk: Desk, seconds: float, *, announced: bool = True) -> None:
    if announced:
        desk.do(AwayBegan(Away.ASLEEP))
    desk.jump(seconds)
    desk.do(Slept(seconds))
    if announced:
        desk.do(AwayEnded(Away.ASLEEP))


# ---- leaving and coming back ------------------------------------------------------------------------------


@pytest.mark.parametrize("idle_after", [60.0, 120.0, 300.0, 900.0])
def test_an_absence_shorter_than_the_threshold_counts_as_sitting(idle_after: float) -> None:
    desk = tea(idle_after=idle_after).pass_time(600.0).leave().pass_time(idle_after - 1.0).use("work")
    desk.pass_time(60.0)
    assert (desk.took(), sat(desk)) == ([], 600.0 + idle_after - 1.0 + 60.0)


@pytest.mark.parametrize("idle_after", [60.0, 120.0, 300.0, 900.0])
def test_a_longer_one_counts_from_the_last_input_to_the_first(idle_after: float) -> None:
    desk = tea(idle_after=idle_after).pass_time(600.0).leave().pass_time(idle_after + 1.0).use("work")
    desk.pass_time(60.0)
    assert [line.split(" (")[0].split()[1:] for line in desk.took()] == [["away"], ["back"]]
    assert sat(desk) == 600.0 + 60.0


def test_who_leaves_is_away_from_the_last_input_on() -> None:
    desk = tea().pass_time(600.0).leave().pass_time(299.0)
    assert (desk.engine.state, sat(desk)) == ("running", 899.0)
    desk.pass_time(1.0)
    assert (desk.engine.state, sat(desk)) == ("away", 600.0)
    assert desk.engine.world.presence.away_since == desk.boot - 300.0
    assert desk.took() == ["09:15:00 away (no input since 09:10)"]


def test_the_return_is_noticed_with_the_second_input_and_counts_from_the_first() -> None:
    desk = tea().pass_time(600.0).leave().pass_time(1000.0).touch()
    assert desk.pass_time(4.0).took() == ["09:15:00 away (no input since 09:10)"]
    desk.touch()
    assert (desk.took(), sat(desk)) == (["09:26:44 back (after 17 min)"], 604.0)


@pytest.mark.parametrize(
    ("reset_after", "due_in"), [(300.0, 3600.0), (400.0, 3600.0), (401.0, 3000.0), (None, 3000.0)]
)
def test_an_absence_restarts_what_it_is_long_enough_for(reset_after: float | None, due_in: float) -> None:
    desk = Desk(plan(replace(TEA, reset_after=reset_after))).sit_down()
    desk.pass_time(600.0).leave().pass_time(400.0).use("work").pass_time(1.0)
    assert desk.due_in("tea") == due_in - 1.0


def test_what_fell_due_in_the_time_taken_back_is_not_due_yet() -> None:
    desk = Desk(plan(reminder("posture", 1200.0, reset_after=900.0))).sit_down()
    desk.pass_time(1100.0).leave().pass_time(300.0)
    assert desk.took() == story("""
        09:20:00 posture due
        09:23:20 posture taken_back (you had left before)
        09:23:20 away (no input since 09:18)
    """)
    assert (desk.due_in("posture"), desk.engine.world.courses["posture"].owed) == (100.0, False)
    desk.pass_time(60.0).use("work").pass_time(110.0)
    assert desk.took() == story("""
        09:24:21 back (after 6 min)
        09:26:00 posture due
        09:26:03 posture shown
    """)


def test_a_snooze_that_ran_out_in_the_time_taken_back_is_a_snooze_again() -> None:
    desk = Desk(plan(reminder("posture", 1200.0, reset_after=900.0))).sit_down().pass_time(1210.0)
    desk.do(Answered("prompt-1", "snooze"))
    desk.pass_time(200.0).leave().pass_time(300.0)
    course = desk.engine.world.courses["posture"]
    assert (desk.due_in("posture"), course.owed, course.snoozed) == (100.0, False, True)


def test_time_taken_back_leaves_out_what_was_a_pause() -> None:
    desk = tea().pass_time(600.0).leave().pass_time(100.0)
    desk.do(verbs.Pause(100.0))
    desk.pass_time(200.0)
    assert (desk.engine.world.presence.away, sat(desk)) == (True, 600.0)


def test_somebody_who_never_touched_anything_since_the_start_gets_the_whole_threshold() -> None:
    desk = tea().pass_time(0.0)
    desk.last_input = desk.boot - 5000.0
    desk.hands = "rest"
    desk.do(SourceChanged("test"))
    assert desk.pass_time(299.0).engine.state == "running"
    assert desk.pass_time(1.0).engine.state == "away"


# ---- returns that are none --------------------------------------------------------------------------------


def gone() -> Desk:
    desk = tea().pass_time(600.0).leave().pass_time(1000.0)
    desk.took()
    return desk


def test_a_bumped_mouse_is_no_return() -> None:
    desk = gone().touch()
    assert desk.pass_time(60.0).took() == []
    desk.pass_time(0.4).touch().pass_time(0.4).touch()  # it rolls a little
    assert (desk.pass_time(600.0).took(), sat(desk)) == ([], 600.0)


def test_a_phantom_gamepad_every_half_minute_is_no_return() -> None:
    desk = gone()
    for _ in range(120):
        desk.touch().pass_time(30.0)
    assert (desk.took(), sat(desk)) == ([], 600.0)


@pytest.mark.parametrize(
    ("apart", "returned"), [(0.8, False), (1.0, True), (5.0, True), (10.0, True), (10.2, False)]
)
def test_two_inputs_make_a_return_if_they_are_neither_too_near_nor_too_far(
    apart: float, returned: bool
) -> None:
    desk = gone().touch().pass_time(apart).touch()
    assert desk.engine.world.presence.away is not returned


def test_a_lost_second_input_is_made_good_by_a_third() -> None:
    desk = gone().touch().pass_time(20.0).touch().pass_time(2.0).touch()
    assert desk.took() == ["09:27:02 back (after 17 min)"]
    assert sat(desk) == 602.0


def test_an_inhibitor_that_comes_and_goes_is_no_return() -> None:
    desk = gone()
    for second in range(60):
        desk.do(KeptAwake(on=second % 2 == 0, since=desk.boot))
        desk.pass_time(3.0)
    assert (desk.took(), desk.engine.state) == ([], "away")


# ---- the lock, and another session in front ---------------------------------------------------------------


def test_locking_is_away_at_once_and_unlocking_is_back_at_once() -> None:
    desk = tea().pass_time(600.0)
    desk.do(AwayBegan(Away.LOCKED))
    desk.leave().pass_time(60.0)
    desk.do(AwayEnded(Away.LOCKED))
    assert desk.took() == ["09:10:00 away (locked)", "09:11:00 back (after 1 min)"]
    assert sat(desk) == 600.0


def test_input_behind_the_lock_is_no_return() -> None:
    desk = tea().pass_time(600.0)
    desk.do(AwayBegan(Away.LOCKED))
    desk.leave().pass_time(100.0).use("work").pass_time(30.0)  # a wrong password, or a cat
    assert (desk.took(), desk.engine.state) == (["09:10:00 away (locked)"], "away")
    desk.do(AwayEnded(Away.LOCKED))
    assert desk.took() == ["09:12:10 back (after 2 min 10 s)"]


def test_a_lock_that_came_by_itself_began_with_the_last_input() -> None:
    desk = tea().pass_time(600.0).leave().pass_time(200.0)
    desk.do(AwayBegan(Away.LOCKED))
    assert sat(desk.pass_time(100.0)) == 600.0
    desk.do(AwayEnded(Away.LOCKED))
    assert desk.took() == ["09:13:20 away (locked)", "09:15:00 back (after 5 min)"]


def test_a_lock_shorter_than_any_threshold_restarts_nothing() -> None:
    desk = Desk(plan()).sit_down().pass_time(600.0)
    desk.do(AwayBegan(Away.LOCKED))
    desk.pass_time(100.0).do(AwayEnded(Away.LOCKED))
    assert [desk.due_in(name) for name in ("posture", "stretch", "break")] == [600.0, 1800.0, 3000.0]


def test_another_session_in_front_is_away_until_this_one_is_back() -> None:
    desk = tea().pass_time(600.0)
    desk.do(AwayBegan(Away.BACKGROUND))
    desk.leave().pass_time(600.0).do(AwayEnded(Away.BACKGROUND))
    assert (desk.engine.state, sat(desk)) == ("running", 600.0)


# ---- a lock or a sleep whose end nobody told --------------------------------------------------------------


def doubts_of(desk: Desk) -> list[float]:
    """From now on: how many seconds from now it was doubted that somebody is away."""
    began, doubts = desk.boot, list[float]()
    desk.doubts = lambda: doubts.append(round(desk.boot - began, 3))
    return doubts


@pytest.mark.parametrize("reason", list(Away))
def test_who_types_on_though_said_to_be_away_is_asked_about_soon_and_then_seldom(reason: Away) -> None:
    desk = tea().pass_time(600.0)
    doubts = doubts_of(desk)
    desk.do(AwayBegan(reason))
    desk.pass_time(40.0)
    assert (desk.engine.state, doubts) == ("away", [5.0, 15.0, 25.0, 35.0])


def test_one_input_is_enough_to_ask_and_none_asks_for_ever() -> None:
    desk = tea().pass_time(600.0)
    doubts = doubts_of(desk)
    desk.do(AwayBegan(Away.ASLEEP))
    desk.leave().pass_time(36000.0)
    assert doubts == []
    desk.touch().pass_time(3600.0)
    assert doubts == [36000.0]


def test_an_input_of_before_that_is_told_late_proves_nothing() -> None:
    desk = tea().pass_time(600.0)
    doubts = doubts_of(desk)
    desk.do(AwayBegan(Away.LOCKED))
    desk.leave().pass_time(60.0).do(Input(desk.boot - 56.0))
    assert doubts == []


def test_each_new_reason_is_believed_for_a_while() -> None:
    desk = tea().pass_time(600.0)
    doubts = doubts_of(desk)
    desk.do(AwayBegan(Away.LOCKED))
    desk.pass_time(4.0).do(AwayBegan(Away.ASLEEP))
    desk.pass_time(8.0)
    assert doubts == [9.0]


def test_who_was_only_idle_is_not_doubted() -> None:
    desk = tea().pass_time(600.0).leave()
    doubts = doubts_of(desk)
    desk.pass_time(1000.0).touch().pass_time(60.0).use("work").pass_time(60.0)
    assert (desk.engine.state, doubts) == ("running", [])


@pytest.mark.parametrize(
    ("reason", "certain", "back"),
    [
        (Away.ASLEEP, True, "09:10:07 back (after 6 s)"),  # two more inputs say that somebody is there
        (Away.LOCKED, True, "09:10:05 back (after 5 s)"),
        (Away.LOCKED, False, "09:10:07 back (after 6 s)"),
    ],
)
def test_what_turns_out_to_be_over_lets_the_person_back(reason: Away, certain: bool, back: str) -> None:
    desk = tea().pass_time(600.0)
    desk.doubts = lambda: desk.do(AwayEnded(reason, certain))
    desk.do(AwayBegan(reason))
    desk.pass_time(60.0)
    assert (desk.engine.state, desk.took()[-1]) == ("running", back)


# ---- sleep ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("announced", [True, False])
def test_a_machine_that_wakes_by_itself_is_no_return(announced: bool) -> None:
    desk = tea().pass_time(600.0).leave()
    sleep(desk, 7200.0, announced=announced)
    assert (desk.pass_time(600.0).engine.state, sat(desk)) == ("away", 600.0)
    desk.use("work").pass_time(2.0)
    assert desk.took()[-1] == "11:20:01 back (after 2 h 10 min)"


def test_without_a_source_waking_up_is_a_return() -> None:
    desk = Desk(plan(TEA)).pass_time(600.0)
    sleep(desk, 7200.0)
    assert desk.took() == ["09:10:00 away (asleep)", "11:10:00 back (after 2 h)"]


def test_sleep_during_a_pause_neither_ends_nor_lengthens_it() -> None:
    desk = tea().pass_time(600.0)
    desk.do(verbs.Pause(3600.0))
    desk.leave()
    sleep(desk, 1800.0)
    desk.use("work").pass_time(60.0)
    assert (desk.engine.state, sat(desk)) == ("paused", 600.0)
    assert "10:10:00 resumed (it was over)" in desk.pass_time(1800.0).took()


def test_a_pause_that_ended_in_sleep_is_over_and_nothing_bursts() -> None:
    desk = Desk(plan(), person=lambda card: (5.0, Answered(card.key, "done"))).sit_down().pass_time(1000.0)
    desk.do(verbs.Pause(3600.0))
    desk.leave()
    sleep(desk, 7200.0)
    desk.use("work").pass_time(1300.0)
    assert desk.took() == story("""
        09:16:40 paused
        09:16:40 away (asleep)
        10:16:40 resumed (it was over)
        11:16:41 back (after 2 h)
        11:16:41 break natural_break
        11:36:40 posture due
        11:36:43 posture shown
        11:36:48 posture done
    """)


def test_a_snooze_stands_still_in_sleep() -> None:
    desk = Desk(plan(reminder("break", 3600.0, reset_after=9000.0, snooze=600.0))).sit_down()
    desk.pass_time(3610.0).do(Answered("prompt-1", "snooze"))
    desk.pass_time(100.0).leave()
    sleep(desk, 7200.0)
    desk.use("work").pass_time(1.0)
    assert desk.due_in("break") == 499.0


def test_sleep_under_an_open_prompt_hides_it_and_settles_it_if_it_was_long_enough() -> None:
    desk = Desk(plan(reminder("break", 3600.0))).sit_down().pass_time(3610.0).leave()
    sleep(desk, 239.0)
    desk.use("work").pass_time(1.0)
    assert without(desk.took(), "due") == story("""
        10:00:03 break shown
        10:00:10 away (asleep)
        10:00:10 break hidden (away)
        10:04:10 back (after 3 min 59 s)
    """)
    desk.pass_time(30.0).leave()
    assert desk.took() == ["10:04:32 break shown"]
    sleep(desk, 240.0)
    desk.use("work").pass_time(1.0)
    assert desk.took() == story("""
        10:04:40 away (asleep)
        10:04:40 break hidden (away)
        10:08:41 back (after 4 min)
        10:08:41 break done (away long enough)
    """)


def test_do_not_disturb_that_ends_in_sleep_lets_the_owed_prompt_come_once_after_settling() -> None:
    desk = Desk(plan(TEA)).sit_down()
    desk.do(QuietChanged(QuietReason.DND, "do not disturb"))
    desk.pass_time(4000.0).leave()
    sleep(desk, 7200.0)
    desk.do(QuietChanged(QuietReason.DND, ""))
    desk.pass_time(100.0).use("work").pass_time(60.0)
    assert desk.took() == story("""
        09:00:00 quiet (dnd: do not disturb)
        10:00:00 tea due
        10:06:40 away (asleep)
        12:06:40 quiet_end (dnd)
        12:08:21 back (after 2 h 2 min)
        12:08:43 tea shown
    """)


def test_do_not_disturb_lasts_through_sleep() -> None:
    desk = Desk(plan(TEA)).sit_down()
    desk.do(QuietChanged(QuietReason.DND, "do not disturb"))
    desk.pass_time(4000.0).leave()
    sleep(desk, 7200.0)
    desk.use("work").pass_time(600.0)
    assert (desk.open, desk.engine.state) == ([], "quiet")
    desk.do(QuietChanged(QuietReason.DND, ""))
    assert desk.pass_time(30.0).open == ["prompt-1"]


# ---- still: no input, but an application keeps the session awake ------------------------------------------


def test_a_talk_of_an_hour_brings_the_break_that_idleness_would_have_missed() -> None:
    desk = Desk(plan(reminder("break", 3600.0))).sit_down().pass_time(600.0)
    desk.do(KeptAwake(on=True, since=desk.boot))
    desk.leave().pass_time(3600.0)
    assert desk.took()[:2] == ["10:00:00 break due", "10:00:00 break shown"]
    assert desk.engine.world.presence.name(desk.boot, 300.0) == "still"


def test_what_may_be_an_empty_chair_sees_one_prompt_that_waits_for_an_input() -> None:
    desk = Desk(plan(TEA, reminder("posture", 1200.0))).sit_down()
    desk.do(KeptAwake(on=True, since=desk.boot))
    desk.leave().pass_time(5400.0)
    assert without(desk.took(), "due") == ["09:20:00 posture shown"]
    assert without(desk.use("work").pass_time(80.0).took(), "due") == [
        "10:30:53 posture ignored",
        "10:31:16 tea shown",
    ]


def test_still_lasts_two_hours_after_the_last_input() -> None:
    desk = Desk(plan(reminder("tea", 4 * 3600.0))).sit_down().pass_time(600.0)
    desk.do(KeptAwake(on=True, since=desk.boot))
    desk.leave().pass_time(7199.0)
    assert desk.engine.state == "running"
    desk.pass_time(1.0)
    assert (desk.took(), desk.due_in("tea")) == (
        ["11:10:00 away (no input since 11:10)"],
        4 * 3600.0 - 600.0 - 7200.0,
    )


def test_when_the_film_ends_nobody_may_be_left() -> None:
    desk = tea().pass_time(600.0)
    desk.do(KeptAwake(on=True, since=desk.boot))
    desk.leave().pass_time(1800.0).do(KeptAwake(on=False, since=desk.boot))
    assert desk.pass_time(299.0).engine.state == "running"
    desk.pass_time(1.0)
    assert (desk.took(), sat(desk)) == (["09:45:00 away (no input since 09:40)"], 2400.0)


def test_still_that_does_not_count_is_idleness() -> None:
    desk = tea(still_counts=False).pass_time(600.0)
    desk.do(KeptAwake(on=True, since=desk.boot))
    desk.leave().pass_time(300.0)
    assert (desk.engine.state, sat(desk)) == ("away", 600.0)


def test_still_can_cease_to_count_while_it_lasts() -> None:
    desk = tea().pass_time(600.0)
    desk.do(KeptAwake(on=True, since=desk.boot))
    desk.leave().pass_time(1000.0)
    desk.do(PlanChanged(with_presence(plan(TEA), still_counts=False)))
    assert (desk.engine.state, sat(desk)) == ("away", 600.0)


def test_an_inhibitor_calls_nobody_back() -> None:
    desk = gone()
    desk.do(KeptAwake(on=True, since=desk.boot))
    assert (desk.pass_time(600.0).took(), desk.engine.state) == ([], "away")


# ---- sources ----------------------------------------------------------------------------------------------


def test_a_source_lost_in_mid_absence_leaves_nobody_away_for_ever() -> None:
    desk = gone()
    desk.hands = ""
    desk.do(SourceChanged(""))
    assert (desk.took(), desk.engine.state) == (["09:26:40 back (after 17 min)"], "running")
    assert desk.engine.world.presence.name(desk.boot, 300.0) == "unknown"
    assert sat(desk.pass_time(600.0)) == 1200.0


def test_a_source_lost_behind_the_lock_changes_nothing() -> None:
    desk = tea().pass_time(600.0)
    desk.do(AwayBegan(Away.LOCKED))
    desk.hands = ""
    desk.do(SourceChanged(""))
    assert desk.engine.state == "away"
    desk.do(AwayEnded(Away.LOCKED))
    assert desk.engine.state == "running"


def test_a_source_that_takes_over_in_mid_absence_goes_on_with_it() -> None:
    desk = gone()
    desk.do(SourceChanged("another"))
    assert desk.pass_time(600.0).engine.state == "away"
    desk.use("work").pass_time(2.0)
    assert desk.took() == ["09:36:41 back (after 27 min)"]


def test_a_last_input_that_turns_out_to_be_longer_ago_is_believed() -> None:
    """A source that was told to count to less knows it exactly only when its old count is through."""
    desk = tea().pass_time(600.0)
    desk.hands, left = "", desk.boot
    desk.pass_time(38.0).do(Idle(desk.boot - 3.0))
    desk.pass_time(22.0).do(Idle(left))
    desk.pass_time(300.0 - 60.0)
    assert desk.took() == ["09:15:00 away (no input since 09:10)"]
    assert sat(desk) == 600.0


@pytest.mark.parametrize(
    ("kept", "counts", "state"),
    [(False, True, "unknown"), (True, True, "still"), (True, False, "unknown")],
    ids=["nobody known", "an inhibitor", "one that does not count"],
)
def test_a_source_whose_silence_says_nothing_leaves_it_open_until_it_tells_again(
    kept: bool, counts: bool, state: str
) -> None:
    desk = tea(still_counts=counts).pass_time(600.0)
    desk.do(KeptAwake(kept, desk.boot))
    desk.hands = ""
    desk.do(SourceChanged("test", silenced=True))
    desk.pass_time(4 * 3600.0)
    assert desk.engine.world.presence.name(desk.boot, 300.0) == state
    assert (desk.engine.state, desk.engine.world.presence.source) == ("running", "test")
    desk.do(SourceChanged("test"))
    desk.do(Input(desk.boot))
    assert desk.engine.world.presence.name(desk.boot, 300.0) == "active"


def test_without_any_source_all_time_counts() -> None:
    desk = Desk(plan(TEA)).pass_time(3000.0)
    assert (sat(desk), desk.engine.world.presence.name(desk.boot, 300.0)) == (3000.0, "unknown")


def test_a_gap_in_the_life_of_the_daemon_counts_like_missing_input() -> None:
    desk = tea().pass_time(600.0).leave()
    desk.jump(400.0)
    desk.do(Tick())
    assert (desk.took(), sat(desk)) == (["09:10:00 away (not running)"], 600.0)
    desk.use("work").pass_time(1.0)
    assert desk.took() == ["09:16:41 back (after 6 min)"]


def test_an_absence_goes_on_over_a_restart() -> None:
    desk = gone()
    desk.restart(60.0)
    assert (desk.pass_time(60.0).took(), desk.engine.state) == ([], "away")
    desk.use("work").pass_time(1.0)
    assert desk.took() == ["09:28:41 back (after 19 min)"]


# ---- prompts ----------------------------------------------------------------------------------------------


def test_never_a_prompt_to_an_empty_chair() -> None:
    desk = Desk(plan(TEA)).sit_down().pass_time(3500.0).leave().pass_time(200.0)
    assert (desk.took(), desk.open) == (["10:00:00 tea due"], [])
    assert desk.engine.rules.approach.obstacle == "no input in the last minute"
    desk.use("work").pass_time(5.0)
    assert desk.took() == ["10:01:43 tea shown"]


@pytest.mark.parametrize(("idle", "shown"), [(59.0, True), (60.0, True), (61.0, False)])
def test_input_within_the_last_minute_is_enough_for_a_prompt(idle: float, shown: bool) -> None:
    desk = Desk(plan(TEA)).sit_down().pass_time(3600.0 - idle).leave().pass_time(idle)
    assert bool(desk.open) is shown


def test_standing_up_from_an_open_break_without_clicking_is_taking_it() -> None:
    desk = Desk(plan(reminder("break", 3600.0))).sit_down().pass_time(3605.0).leave()
    desk.pass_time(250.0).use("work").pass_time(20.0)
    assert without(desk.took(), "due") == story("""
        10:00:03 break shown
        10:04:05 away (no input since 10:00)
        10:04:05 break hidden (away)
        10:04:16 back (after 4 min 10 s)
        10:04:16 break done (away long enough)
    """)
    assert desk.due_in("break") == 3600.0 - 20.0


def test_a_prompt_shows_for_its_time_only_while_somebody_is_there() -> None:
    desk = Desk(plan(TEA)).sit_down().pass_time(3610.0).leave().pass_time(200.0)
    assert desk.took()[-1] == "10:00:03 tea shown"
    desk.use("type").pass_time(40.0)
    assert desk.took() == ["10:04:04 tea ignored"]


def test_whoever_asks_for_a_prompt_is_there() -> None:
    desk = gone()
    reply = desk.do(verbs.Now("tea"))
    assert reply is not None
    assert (reply.ok, desk.took()) == (True, ["09:26:40 back (after 17 min)", "09:26:40 tea shown"])


def test_leaving_during_a_break_that_was_started_is_taking_it() -> None:
    desk = Desk(plan(reminder("break", 3600.0))).sit_down().pass_time(3605.0)
    desk.do(Answered("prompt-1", "start"))
    desk.leave().pass_time(600.0).use("work").pass_time(10.0)
    assert without(desk.took(), "due") == story("""
        10:00:03 break shown
        10:00:05 break done
        10:00:05 break break_start
        10:04:05 away (no input since 10:00)
        10:10:06 back (after 10 min)
        10:10:06 break break_end
    """)
    assert desk.due_in("break") == 3590.0


@pytest.mark.parametrize("lag", [0.0, 0.3, 0.9])
def test_an_absence_right_after_a_return_is_counted_from_its_beginning(lag: float) -> None:
    desk = gone()
    desk.touch().pass_time(1.2 + lag)
    last = desk.boot - lag
    desk.last_input = last
    desk.do(Input(last))  # told with a lag: and there was no input since
    assert desk.engine.state != "away"
    desk.pass_time(400.0)
    assert (desk.engine.state, round(sat(desk), 3)) == ("away", 601.2)


def test_a_break_that_waits_for_a_slot_loses_it_again_with_the_stretch() -> None:
    settings = plan(
        reminder("stretch", 1800.0, reset_after=3600.0),
        reminder("break", 600.0, reset_after=3600.0, max_snoozes=0),
        merge_window=0.0,
    )
    desk = Desk(settings).sit_down().pass_time(1700.0)
    assert desk.engine.world.courses["break"].given_up
    desk.leave().pass_time(400.0)
    assert desk.engine.state == "away"
    assert (desk.engine.world.courses["break"].given_up, desk.due_in("stretch")) == (True, 100.0)


def test_a_break_that_was_begun_late_is_one_break() -> None:
    desk = Desk(plan(reminder("break", 3600.0))).sit_down().pass_time(3605.0)
    desk.do(Answered("prompt-1", "start"))
    desk.pass_time(70.0).leave().pass_time(360.0).use("work").pass_time(5.0)
    assert without(desk.took(), "due") == story("""
        10:00:03 break shown
        10:00:05 break done
        10:00:05 break break_start
        10:05:15 away (no input since 10:01)
        10:07:16 back (after 6 min)
        10:07:16 break break_end
    """)


def test_a_beep_that_keeps_the_screen_awake_for_a_second_is_nobody() -> None:
    desk = tea().pass_time(600.0).leave().pass_time(280.0)
    desk.do(KeptAwake(on=True, since=desk.boot))
    desk.pass_time(1.0).do(KeptAwake(on=False, since=desk.boot))
    desk.pass_time(19.0)
    assert (desk.engine.state, sat(desk)) == ("away", 600.0)


@pytest.mark.parametrize(("before", "after"), [(299.0, 1.0), (200.0, 100.0), (1.0, 299.0)])
def test_a_restart_while_nobody_is_there_does_not_begin_the_absence_anew(before: float, after: float) -> None:
    desk = tea().pass_time(600.0).leave().pass_time(before)
    desk.restart(0.5)
    assert desk.engine.state == "running"
    desk.pass_time(after)
    assert (desk.engine.state, sat(desk)) == ("away", 600.0)
    desk.use("work").pass_time(1.0)
    assert desk.took()[-1] == "09:15:01 back (after 5 min)"


def test_without_a_source_a_restart_is_an_absence_of_its_own() -> None:
    desk = Desk(plan(TEA)).pass_time(600.0)
    desk.restart(60.0)
    assert (sat(desk), desk.engine.state) == (600.0, "running")


def test_a_lock_that_nobody_can_see_any_more_is_no_return_while_inputs_are_told() -> None:
    desk = tea().pass_time(600.0)
    desk.do(AwayBegan(Away.LOCKED))
    desk.leave().pass_time(100.0).do(AwayEnded(Away.LOCKED, certain=False))
    assert desk.engine.state == "away"
    desk.use("work").pass_time(1.0)
    assert desk.took()[-1] == "09:11:41 back (after 1 min 40 s)"


def test_a_lock_that_nobody_can_see_any_more_is_a_return_where_nobody_tells() -> None:
    desk = Desk(plan(TEA)).pass_time(600.0)
    desk.do(AwayBegan(Away.LOCKED))
    desk.pass_time(100.0).do(AwayEnded(Away.LOCKED, certain=False))
    assert desk.engine.state == "running"


def test_a_restart_under_a_film_takes_nothing_back() -> None:
    desk = tea().pass_time(600.0)
    desk.do(KeptAwake(on=True, since=desk.boot))
    desk.leave().pass_time(3000.0)
    desk.restart(1.0)
    desk.pass_time(2.0).do(KeptAwake(on=True, since=desk.boot))
    desk.pass_time(600.0)
    assert desk.engine.world.presence.name(desk.boot, 300.0) == "still"
    assert "natural" not in " ".join(desk.trace)


@pytest.mark.parametrize(("since_the_end", "state"), [(60.0, "running"), (299.0, "away")])
def test_a_film_that_ended_before_the_restart_counted_until_its_end(since_the_end: float, state: str) -> None:
    desk = tea().pass_time(600.0)
    desk.do(KeptAwake(on=True, since=desk.boot))
    desk.leave().pass_time(3000.0 - 600.0).do(KeptAwake(on=False, since=desk.boot))
    desk.pass_time(since_the_end)
    desk.restart(1.0)
    desk.pass_time(1.0)
    assert (desk.engine.state, round(sat(desk)) >= 3000) == (state, True)
