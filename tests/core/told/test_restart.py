"""The daemon stops, or is killed, and lives again: nothing a person did is lost."""

import json
from typing import Any

import pytest
from support.virtual import DEFAULTS, TOPICS, Desk, never, plan, promptly, reminder, story, without

from neckguard.core import verbs
from neckguard.core.events import Answered, AwayBegan, AwayEnded, KeptAwake, NotifierChanged
from neckguard.core.model import Away
from neckguard.core.told.explain import explain
from neckguard.core.told.saved import LastLife, revive, take_anchor, take_state
from neckguard.core.told.view import view


def kept(desk: Desk) -> dict[str, Any]:
    """What would stand in the state file."""
    text = json.dumps({"anchor": take_anchor(desk.engine), "state": take_state(desk.engine)}, allow_nan=False)
    found: dict[str, Any] = json.loads(text)
    return found


def restarted(desk: Desk, down: float = 0.0, **how: Any) -> Desk:
    desk.took()
    desk.restart(down, **how)
    if desk.trace[:1] and desk.trace[0].endswith("away (not running)"):  # see the test of just this
        del desk.trace[0]
    return desk


def test_a_restart_is_told_as_an_absence() -> None:
    desk = Desk(plan()).pass_time(600.0)
    desk.restart(60.0)
    assert desk.took() == ["09:10:00 away (not running)", "09:11:00 back (after 1 min)"]


# ---- countdowns ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rebooted", [False, True])
@pytest.mark.parametrize("down", [0.0, 5.0, 239.0])
def test_countdowns_go_on_where_they_stood(down: float, rebooted: bool) -> None:
    desk = restarted(Desk(plan(*DEFAULTS, reminder("tea", 7200.0))).pass_time(600.0), down, rebooted=rebooted)
    assert [desk.due_in(name) for name in ("posture", "stretch", "break", "tea")] == [
        600.0,
        1800.0,
        3000.0,
        6600.0,
    ]


@pytest.mark.parametrize(
    ("down", "due"),
    [
        (239.0, [600.0, 1800.0, 3000.0, 6600.0]),
        (240.0, [600.0, 1800.0, 3600.0, 6600.0]),
        (300.0, [1200.0, 2400.0, 3600.0, 6600.0]),
        (86400.0, [1200.0, 2400.0, 3600.0, 6600.0]),
    ],
)
def test_the_time_not_lived_is_an_absence(down: float, due: list[float]) -> None:
    desk = restarted(Desk(plan(*DEFAULTS, reminder("tea", 7200.0))).pass_time(600.0), down)
    assert [desk.due_in(name) for name in ("posture", "stretch", "break", "tea")] == due
    assert desk.took()[0].endswith(
        {239.0: "min 59 s)", 240.0: "4 min)", 300.0: "5 min)", 86400.0: "24 h)"}[down]
    )


def test_the_time_lived_after_the_last_save_was_sitting() -> None:
    desk = Desk(plan(reminder("tea", 1200.0))).pass_time(600.0)
    saved = kept(desk)
    desk.pass_time(100.0)
    lived = desk.now
    desk.jump(1000.0)
    engine = revive(desk.engine.world.plan, TOPICS, saved, LastLife(lived, desk.now))
    assert engine.world.due_in(engine.world.courses["tea"]) == pytest.approx(500.0)


def test_what_fell_due_in_that_time_is_owed() -> None:
    desk = Desk(plan(reminder("tea", 1200.0))).pass_time(1150.0)
    saved = kept(desk)
    desk.jump(100.0)
    lived = desk.now
    desk.jump(10.0)
    desk.engine = revive(desk.engine.world.plan, TOPICS, saved, LastLife(lived, desk.now))
    desk.do(NotifierChanged(ready=True, keeps=False))
    assert desk.pass_time(30.0).took() == ["09:21:20 tea shown"]


# ---- presence ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rebooted", [False, True])
def test_who_stops_to_give_input_afterwards_is_noticed_to_have_left(rebooted: bool) -> None:
    """After a reboot the boot clock begins anew: what it showed before must not lie in the future."""
    desk = restarted(Desk(plan(reminder("tea", 7200.0))).sit_down().pass_time(600.0), 5.0, rebooted=rebooted)
    assert desk.pass_time(55.0).leave().pass_time(400.0).took() == story("""
        09:10:05 back (after 5 s)
        09:16:00 away (no input since 09:11)
    """)
    assert desk.due_in("tea") == 7200.0 - 600.0 - 55.0


@pytest.mark.parametrize("rebooted", [False, True])
def test_a_film_that_ended_before_answers_for_nobody_afterwards(rebooted: bool) -> None:
    desk = Desk(plan(reminder("tea", 90000.0))).sit_down().pass_time(600.0).leave()
    desk.do(KeptAwake(on=True, since=desk.boot))
    desk.pass_time(3600.0).do(KeptAwake(on=False, since=desk.boot))
    restarted(desk.pass_time(200.0), 5.0, rebooted=rebooted)
    assert desk.pass_time(7200.0).took() == story("""
        10:13:25 back (after 5 s)
        10:15:00 away (no input since 10:10)
    """)


# ---- prompts -------------------------------------------------------------------------------------------


def test_an_open_prompt_comes_back_under_its_id_after_the_settle() -> None:
    desk = restarted(Desk().until("10:00"), 2.0)
    assert desk.pass_time(19.0).open == []
    assert desk.pass_time(1.0).open == ["prompt-3"]
    assert desk.took() == ["10:00:02 back (after 2 s)", "10:00:22 break shown (covers posture)"]
    desk.do(Answered("prompt-3", "skip"))
    assert desk.took()[:2] == ["10:00:22 break skipped", "10:00:22 posture covered (by break)"]


def test_an_open_prompt_is_done_by_a_time_not_lived_that_is_long_enough() -> None:
    desk = restarted(Desk(plan(reminder("break", 3600.0))).until("10:00"), 300.0)
    assert desk.took() == ["10:05:00 back (after 5 min)", "10:05:00 break done (away long enough)"]


def test_an_open_prompt_that_comes_back_gets_its_full_time() -> None:
    desk = restarted(Desk(plan(reminder("posture", 1200.0))).pass_time(1200.0 + 30.0), 2.0)
    assert desk.pass_time(20.0 + 45.0).took() == story("""
        09:20:32 back (after 2 s)
        09:20:52 posture shown
        09:21:37 posture ignored
    """)


def test_an_answer_that_comes_while_it_is_hidden_counts() -> None:
    desk = restarted(Desk().until("09:20"), 2.0)
    desk.took()
    desk.do(Answered("prompt-1", "done"))
    assert desk.took() == ["09:20:02 posture done"]


def test_ids_are_never_used_again() -> None:
    desk = restarted(Desk(person=promptly).until("09:30"))
    desk.do(verbs.Now("posture"))
    assert desk.open == ["prompt-2"]


def test_a_snooze_and_its_count_of_offers_survive() -> None:
    desk = Desk(plan(reminder("break", 3600.0, max_snoozes=1))).pass_time(3600.0 + 45.0 + 100.0)
    assert restarted(desk, 2.0).due_in("break") == 500.0
    desk.pass_time(500.0 + 45.0)
    assert without(desk.took(), "due", "back") == ["10:10:47 break shown", "10:11:32 break ignored"]
    assert desk.engine.world.courses["break"].given_up
    assert restarted(desk, 2.0).engine.world.courses["break"].given_up


def test_a_break_being_taken_ends_with_the_restart_or_goes_on_as_one() -> None:
    desk = restarted(Desk(plan(reminder("break", 3600.0)), person=promptly).pass_time(3605.0), 400.0)
    assert without(desk.took(), "due") == story("""
        10:06:45 back (after 6 min)
        10:06:45 break break_end
    """)
    assert desk.due_in("break") == 3600.0


def test_the_last_decisions_survive() -> None:
    desk = Desk(person=promptly).until("09:30")
    before = list(desk.engine.world.decisions)
    restarted(desk, 2.0)
    assert list(desk.engine.world.decisions)[: len(before)] == before


# ---- holds ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rebooted", [False, True])
@pytest.mark.parametrize(
    "verb", [verbs.Pause(7200.0, reason="film"), verbs.Pause(until="11:00", reason="film")]
)
def test_a_pause_survives_and_ends_at_its_time(verb: verbs.Pause, rebooted: bool) -> None:
    desk = Desk(plan(reminder("tea", 600.0)))
    desk.do(verb)
    restarted(desk.pass_time(600.0), 1200.0, rebooted=rebooted)
    hold = {"reason": "paused", "since": "2026-11-23T09:00:00+01:00", "until": "2026-11-23T11:00:00+01:00"}
    hold["note"] = "film"
    assert view(desk.engine)["holds"] == [hold]
    assert without(desk.pass_time(2 * 3600.0).took(), "due") == story("""
        09:30:00 back (after 20 min)
        11:00:00 resumed (it was over)
        11:10:00 tea shown
        11:10:45 tea ignored
        11:20:45 tea shown
        11:21:30 tea ignored
    """)


def test_a_pause_that_ended_meanwhile_is_over() -> None:
    desk = Desk()
    desk.do(verbs.Pause(600.0))
    restarted(desk, 3600.0, rebooted=True)
    assert (desk.engine.world.pause, desk.engine.state) == (None, "running")
    assert "09:10:00 resumed (it was over)" in desk.took()


def test_an_open_ended_pause_is_mentioned_no_more_often_for_restarts() -> None:
    desk = Desk()
    desk.do(verbs.Pause(until="resumed"))
    for _ in range(10):
        restarted(desk.pass_time(8 * 3600.0))
    shows = [effect for effect in desk.effects if type(effect).__name__ == "Show"]
    assert len(shows) == 3


def test_a_restart_behind_the_lock_ends_the_absence_once() -> None:
    desk = Desk(plan(reminder("break", 3600.0), reminder("tea", 7200.0))).pass_time(600.0)
    desk.do(AwayBegan(Away.LOCKED))
    desk.pass_time(200.0)
    restarted(desk, 100.0)
    assert desk.took() == ["09:15:00 back (after 5 min)", "09:15:00 break natural_break"]
    assert (desk.engine.state, desk.due_in("tea")) == ("running", 6600.0)
    desk.do(AwayEnded(Away.LOCKED))
    assert desk.took() == []


# ---- times of the day ----------------------------------------------------------------------------------


def test_what_was_dealt_with_today_does_not_come_again() -> None:
    desk = restarted(Desk(plan(reminder("lunch", None, at=("12:30",))), person=promptly).until("12:31"), 5.0)
    assert without(desk.until("23:00").took(), "back") == []


def test_a_time_missed_meanwhile_is_owed() -> None:
    desk = restarted(Desk(plan(reminder("lunch", None, at=("12:30",)))).until("12:00"), 3600.0, rebooted=True)
    assert desk.pass_time(30.0).took() == story("""
        12:30:00 lunch due
        13:00:00 back (after 1 h)
        13:00:20 lunch shown
    """)


# ---- settings that changed meanwhile -------------------------------------------------------------------


def test_settings_that_changed_meanwhile_apply_as_if_they_had_been_edited() -> None:
    before = plan(reminder("posture", 1200.0), reminder("stretch", 2400.0), reminder("tea", 1800.0))
    after = plan(reminder("posture", 1800.0), reminder("tea", 1800.0), reminder("coffee", 600.0))
    desk = restarted(Desk(before).pass_time(600.0), 2.0, settings=after)
    names = [course.name for course in desk.engine.world.courses]
    assert {name: desk.due_in(name) for name in names} == {"posture": 1200.0, "tea": 1200.0, "coffee": 600.0}


def test_the_prompt_of_a_reminder_that_is_gone_is_withdrawn() -> None:
    desk = Desk(plan(reminder("tea", 1200.0), reminder("coffee", 7200.0))).pass_time(1200.0)
    restarted(desk, 2.0, settings=plan(reminder("coffee", 7200.0)))
    assert without(desk.took(), "away") == ["09:20:00 tea withdrawn (removed)", "09:20:02 back (after 2 s)"]


@pytest.mark.parametrize("stretch", [(), (reminder("stretch", 5 * 3600.0, enabled=False),)])
def test_without_the_stretch_a_break_given_up_comes_back_after_its_own_interval(stretch: Any) -> None:
    breaks = reminder("break", 3600.0, max_snoozes=0)
    desk = Desk(plan(breaks, reminder("stretch", 5 * 3600.0))).pass_time(3600.0 + 45.0)
    assert desk.engine.world.courses["break"].given_up
    restarted(desk, 5.0, settings=plan(breaks, *stretch))
    assert [line for line in desk.pass_time(2 * 3600.0).took() if "shown" in line] == ["11:00:50 break shown"]


# ---- the file ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("begun", "passes"), [(10.0, 3000.0), (7200.0, 40.0)])  # counting, and on the screen
def test_the_state_does_not_change_while_time_merely_passes(begun: float, passes: float) -> None:
    desk = Desk(plan(reminder("tea", 7200.0))).pass_time(begun)
    before = kept(desk)["state"]
    assert kept(desk.pass_time(passes))["state"] == before
    assert bool(desk.open) == (begun == 7200.0)


def test_the_state_does_not_grow_with_the_days() -> None:
    desk = Desk(plan(reminder("lunch", None, at=("12:30", "16:00"))), person=promptly).pass_time(15 * 86400.0)
    before = len(json.dumps(kept(desk)))
    assert len(json.dumps(kept(desk.pass_time(15 * 86400.0)))) == pytest.approx(before, abs=10)


def test_a_life_of_restarts_is_the_same_as_one_without() -> None:
    one, many = Desk(person=never), Desk(person=never)
    one.until("10:30")
    for _ in range(9):
        many.pass_time(600.0)
        many.restart()
    assert [many.due_in(each.name) for each in DEFAULTS if each.name != "posture"] == pytest.approx(
        [one.due_in(each.name) for each in DEFAULTS if each.name != "posture"], abs=60.0
    )


@pytest.mark.parametrize("change", [{"a_new_field": 1}, {"snoozed": None}, {"given_up": "no"}])
@pytest.mark.parametrize("name", ["posture", "gone"])
def test_what_another_version_saved_about_one_reminder_costs_only_that(
    change: dict[str, Any], name: str
) -> None:
    before = plan(*DEFAULTS, reminder("gone", 7200.0))
    desk = Desk(before).pass_time(600.0)
    desk.do(verbs.Pause(3600.0))
    saved = kept(desk)
    saved["state"]["courses"][name].update(change)
    engine = revive(plan(*DEFAULTS), TOPICS, saved, LastLife(desk.now, desk.now))
    assert engine.state == "paused"
    posture = 1200.0 if name == "posture" else 600.0
    spans = {course.name: engine.world.due_in(course) for course in engine.world.courses}
    assert spans == pytest.approx({"posture": posture, "stretch": 1800.0, "break": 3000.0})


@pytest.mark.parametrize("field", ["began", "due", "reminder"])
def test_a_reminder_with_a_missing_field_begins_anew_alone(field: str) -> None:
    desk = Desk().pass_time(600.0)
    saved = kept(desk)
    del saved["state"]["courses"]["posture"][field]
    engine = revive(desk.engine.world.plan, TOPICS, saved, LastLife(desk.now, desk.now))
    spans = [engine.world.due_in(course) for course in engine.world.courses]
    assert spans == pytest.approx([1200.0, 1800.0, 3000.0])


def mutilations(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to everything inside."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key, item in value.items():
            found += mutilations(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value[:2]):
            found += mutilations(item, (*path, index))
    return found


@pytest.mark.parametrize("junk", [None, "x", -1, 1e9, 1e20, [], {}, [[]], {"a": 1}, 1e400, True])
def test_a_mutilated_state_is_refused_or_works_and_raises_nothing_else(junk: Any) -> None:
    desk = Desk(plan(*DEFAULTS, reminder("lunch", None, at=("09:30",)))).until("10:00")
    desk.do(verbs.Pause(600.0))
    text = json.dumps(kept(desk))
    for path in mutilations(json.loads(text)):
        saved = json.loads(text)
        inner = saved
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = junk
        again = Desk(desk.engine.world.plan)
        try:
            again.engine = revive(desk.engine.world.plan, TOPICS, saved, LastLife(again.now, again.now))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        again.do(NotifierChanged(ready=True, keeps=False))
        again.pass_time(8000.0)
        json.dumps([view(again.engine), explain(again.engine, None), kept(again)], allow_nan=False)


@pytest.mark.parametrize("lacking", ["rotation", "postures", "arrived", "kept_until", "call", "sitting"])
def test_what_another_version_did_not_keep_costs_no_pause(lacking: str) -> None:
    desk = Desk(plan(*DEFAULTS)).pass_time(600.0)
    desk.do(verbs.Pause(3600.0))
    saved = kept(desk)
    del saved["state"][lacking]
    engine = revive(plan(*DEFAULTS), TOPICS, saved, LastLife(desk.now, desk.now))
    assert (engine.state, engine.world.courses.timeline.sitting) == ("paused", 600.0)
