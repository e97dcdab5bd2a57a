"""New settings in force: countdowns stay where they still mean something."""

from typing import Any

import pytest
from support.virtual import DEFAULTS, Desk, plan, reminder, story, without

from neckguard.core import verbs
from neckguard.core.events import Answered, PlanChanged


def changed(desk: Desk, *reminders: Any, **settings: Any) -> Desk:
    desk.do(PlanChanged(plan(*reminders, **settings)))
    return desk


def test_unchanged_reminders_keep_their_remaining_time() -> None:
    desk = changed(Desk().pass_time(600.0), *DEFAULTS, reminder("tea", 7200.0), settle=5.0)
    assert {each.name: desk.due_in(each.name) for each in desk.engine.world.plan.reminders} == {
        "posture": 600.0,
        "stretch": 1800.0,
        "break": 3000.0,
        "tea": 7200.0,
    }


@pytest.mark.parametrize(
    ("every", "due_in"), [(1800.0, 1200.0), (900.0, 300.0), (601.0, 1.0), (600.0, 0.0), (60.0, 0.0)]
)
def test_a_changed_interval_keeps_the_time_already_sat(every: float, due_in: float) -> None:
    desk = changed(Desk(plan(reminder("tea", 1200.0))).pass_time(600.0), reminder("tea", every))
    assert desk.due_in("tea") == due_in
    assert desk.engine.world.courses.timeline.sat("tea") == 600.0
    assert desk.open == ([] if due_in else ["prompt-1"])


def test_other_settings_of_a_reminder_leave_its_countdown_alone() -> None:
    desk = changed(Desk(plan(reminder("tea", 1200.0))).pass_time(600.0), reminder("tea", 1200.0, snooze=60.0))
    assert desk.due_in("tea") == 600.0
    assert desk.pass_time(600.0).open == ["prompt-1"]
    desk.do(verbs.Snooze())
    assert desk.due_in("tea") == 60.0


def test_a_changed_interval_leaves_a_snooze_alone_and_counts_from_the_next_cycle() -> None:
    desk = Desk(plan(reminder("tea", 1200.0))).pass_time(1200.0)
    desk.do(verbs.Snooze())
    assert changed(desk, reminder("tea", 600.0)).due_in("tea") == 300.0
    desk.pass_time(300.0).do(verbs.Done())
    assert desk.due_in("tea") == 600.0


def test_a_changed_interval_leaves_an_open_prompt_alone() -> None:
    desk = changed(Desk(plan(reminder("tea", 1200.0))).pass_time(1200.0), reminder("tea", 600.0))
    assert desk.open == ["prompt-1"]
    desk.do(Answered("prompt-1", "done"))
    assert desk.due_in("tea") == 600.0


@pytest.mark.parametrize(
    ("after", "line"),
    [
        ((reminder("coffee", 600.0),), "09:20:00 tea withdrawn (removed)"),
        ((reminder("tea", 1200.0, enabled=False),), "09:20:00 tea withdrawn (switched off)"),
        ((reminder("tea", None, at=("12:30",)),), "09:20:00 tea withdrawn (changed)"),
    ],
)
def test_the_prompt_of_a_reminder_that_is_no_more_is_withdrawn(after: Any, line: str) -> None:
    desk = Desk(plan(reminder("tea", 1200.0))).pass_time(1200.0)
    desk.took()
    assert changed(desk, *after).took() == [line, "09:20:00 settings (applied)"]
    assert desk.open == []
    desk.do(Answered("prompt-1", "done"))
    assert desk.took() == []


def test_switched_off_it_does_not_come_and_switched_on_it_begins_afresh() -> None:
    desk = changed(
        Desk(plan(reminder("tea", 1200.0))).pass_time(600.0), reminder("tea", 1200.0, enabled=False)
    )
    assert (desk.due_in("tea"), desk.pass_time(3600.0).open) == (None, [])
    assert changed(desk, reminder("tea", 1200.0)).due_in("tea") == 1200.0


def test_from_every_to_at_and_back() -> None:
    desk = changed(Desk(plan(reminder("tea", 1200.0))).pass_time(600.0), reminder("tea", None, at=("10:00",)))
    assert desk.due_in("tea") == 3000.0
    assert without(desk.until("10:01").took(), "settings") == story("""
        10:00:00 tea due
        10:00:00 tea shown
        10:00:45 tea ignored
    """)
    assert changed(desk, reminder("tea", 1200.0)).due_in("tea") == 1200.0
    assert without(desk.until("10:30").took(), "settings", "due", "ignored") == ["10:21:00 tea shown"]


def test_switching_off_the_stretch_brings_back_a_break_that_waits_for_its_slot() -> None:
    both = (reminder("break", 3600.0, max_snoozes=0), reminder("stretch", 5 * 3600.0))
    desk = Desk(plan(*both)).pass_time(3600.0 + 46.0)
    desk.took()
    changed(desk, both[0])
    assert without(desk.pass_time(3600.0).took(), "settings") == ["11:00:46 break shown"]


def test_a_break_given_up_that_becomes_another_kind_no_longer_waits() -> None:
    desk = Desk(plan(reminder("rest", 3600.0, kind="break", max_snoozes=0), reminder("stretch", 5 * 3600.0)))
    desk.pass_time(3600.0 + 120.0).took()
    assert desk.engine.world.courses["rest"].given_up
    changed(desk, reminder("rest", 3600.0, kind="note"), reminder("stretch", 5 * 3600.0))
    assert desk.took() == ["10:02:00 settings (applied)", "10:02:00 rest shown"]


def test_a_merge_window_that_shrinks_lets_go_of_what_waited() -> None:
    both = (reminder("posture", 1200.0), reminder("stretch", 1400.0))
    desk = Desk(plan(*both)).pass_time(1210.0)
    assert desk.open == []
    assert changed(desk, *both, merge_window=60.0).open == ["prompt-1"]


def test_all_reminders_off_is_a_quiet_life() -> None:
    off = tuple(reminder(each.name, each.every, enabled=False) for each in DEFAULTS)
    desk = changed(Desk().pass_time(600.0), *off)
    desk.took()
    assert desk.pass_time(86400.0).took() == []
    assert desk.engine.world.next_due() is None


def test_a_changed_interval_holds_for_the_cycle_under_a_prompt_that_was_asked_for() -> None:
    desk = Desk(plan(reminder("stretch", 2400.0))).pass_time(600.0)
    desk.do(verbs.Now("stretch"))
    desk.do(PlanChanged(plan(reminder("stretch", 1200.0))))
    assert desk.engine.world.courses.timeline.due_in("stretch") == 600.0


def test_what_was_not_due_after_all_is_due_by_the_interval_of_today() -> None:
    desk = Desk(plan(reminder("stretch", 660.0))).sit_down().pass_time(400.0).leave().pass_time(270.0)
    desk.do(PlanChanged(plan(reminder("stretch", 900.0))))
    desk.pass_time(200.0)
    assert without(desk.took(), "settings") == [
        "09:11:00 stretch due",
        "09:11:40 stretch taken_back (you had left before)",
        "09:11:40 away (no input since 09:06)",
    ]
    assert desk.due_in("stretch") == 500.0


def test_a_removed_reminder_never_comes_again() -> None:
    desk = changed(Desk(plan(reminder("tea", 1200.0))).pass_time(600.0), reminder("coffee", 3600.0))
    assert [line for line in desk.pass_time(4000.0).took() if "tea" in line] == []
