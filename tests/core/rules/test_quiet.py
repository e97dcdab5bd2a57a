"""Quiet reasons: what a bad moment holds back is owed, and comes once, when it ends."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from support.virtual import Desk, plan, reminder, story, without

from neckguard.core import verbs
from neckguard.core.events import Answered, AwayBegan, AwayEnded, PlanChanged, QuietChanged
from neckguard.core.model import Away, Look, QuietReason
from neckguard.core.reminders.cards import CALL_NOTE
from neckguard.core.told.explain import explain
from neckguard.core.told.saved import take_state
from neckguard.core.told.view import view

TEA = reminder("tea", 3600.0)
DND_ON = QuietChanged(QuietReason.DND, "do not disturb (dunst is paused)")
DND_OFF = QuietChanged(QuietReason.DND, "")


def tea(**quiet: Any) -> Desk:
    return Desk(plan(TEA, **quiet)).sit_down()


def reasons(desk: Desk) -> list[str]:
    return [each.reason for each in desk.engine.rules.tact.quiet_spans()]


def looks(desk: Desk) -> int:
    return sum(isinstance(effect, Look) for effect in desk.effects)


# ---- do not disturb ---------------------------------------------------------------------------------------


def test_do_not_disturb_holds_the_prompt_back_and_the_countdown_goes_on() -> None:
    desk = tea()
    desk.do(DND_ON)
    assert (desk.pass_time(600.0).due_in("tea"), desk.engine.state) == (3000.0, "quiet")
    desk.pass_time(4000.0).do(DND_OFF)
    desk.pass_time(30.0)
    assert desk.took() == story("""
        09:00:00 quiet (dnd: do not disturb (dunst is paused))
        10:00:00 tea due
        10:16:40 quiet_end (dnd)
        10:17:03 tea shown
    """)


def test_do_not_disturb_never_expires() -> None:
    desk = tea()
    desk.do(DND_ON)
    desk.pass_time(3 * 86400.0)
    assert (desk.open, reasons(desk)) == ([], ["dnd"])


def test_of_several_that_were_held_back_the_most_important_comes_and_covers_the_others() -> None:
    desk = Desk(plan(), person=lambda card: (5.0, Answered(card.key, "done"))).sit_down()
    desk.do(DND_ON)
    desk.pass_time(2 * 3600.0).do(DND_OFF)
    desk.pass_time(600.0)
    assert without(desk.took(), "due") == story("""
        09:00:00 quiet (dnd: do not disturb (dunst is paused))
        11:00:00 quiet_end (dnd)
        11:00:23 break shown (covers posture, stretch)
        11:00:28 break done
        11:00:28 posture covered (by break)
        11:00:28 stretch covered (by break)
    """)


def test_do_not_disturb_hides_an_open_prompt_which_comes_back_once() -> None:
    desk = tea().pass_time(3610.0)
    desk.do(DND_ON)
    desk.pass_time(600.0).do(DND_OFF)
    desk.pass_time(30.0)
    assert desk.took() == story("""
        10:00:00 tea due
        10:00:03 tea shown
        10:00:10 quiet (dnd: do not disturb (dunst is paused))
        10:00:10 tea hidden (dnd)
        10:10:10 quiet_end (dnd)
        10:10:33 tea shown
    """)
    assert desk.open == ["prompt-1"]


def test_a_switched_off_reason_is_none() -> None:
    desk = tea(dnd=False)
    desk.do(DND_ON)
    assert (desk.pass_time(3610.0).open, reasons(desk)) == (["prompt-1"], [])


def test_switching_a_reason_on_or_off_works_at_once() -> None:
    desk = tea(dnd=False)
    desk.do(DND_ON)
    desk.pass_time(3610.0).do(PlanChanged(plan(TEA)))
    assert (desk.open, reasons(desk)) == ([], ["dnd"])
    desk.do(PlanChanged(plan(TEA, dnd=False)))
    assert desk.pass_time(30.0).open == ["prompt-1"]


# ---- calls ------------------------------------------------------------------------------------------------


def test_nothing_is_asked_while_no_prompt_waits() -> None:
    assert looks(tea().pass_time(3599.0)) == 0


def test_one_question_is_enough_for_a_prompt_at_a_good_moment() -> None:
    desk = tea().pass_time(3604.0)
    assert (desk.open, looks(desk)) == (["prompt-1"], 1)


def test_after_three_hours_of_calls_the_break_comes_once_right_after() -> None:
    desk = Desk(plan(reminder("break", 3600.0)), person=lambda card: (5.0, Answered(card.key, "done")))
    desk.sit_down().pass_time(3000.0)
    desk.in_call = True
    desk.pass_time(3 * 3600.0)
    assert (desk.open, reasons(desk), looks(desk)) == ([], ["call"], 10200 // 30)
    desk.in_call = False
    desk.pass_time(1200.0)
    assert desk.took() == story("""
        10:00:00 break due
        10:00:03 quiet (call: microphone in use)
        12:50:03 quiet_end (call)
        12:51:06 break shown
        12:51:11 break done
    """)


def test_a_call_that_begins_under_an_open_prompt_hides_it() -> None:
    desk = tea().pass_time(3605.0)
    desk.in_call = True
    desk.pass_time(600.0)
    desk.in_call = False
    desk.pass_time(90.0)
    assert desk.took() == story("""
        10:00:00 tea due
        10:00:03 tea shown
        10:00:13 quiet (call: microphone in use)
        10:00:13 tea hidden (call)
        10:10:13 quiet_end (call)
        10:11:16 tea shown
    """)


def test_between_two_calls_in_quick_succession_no_prompt_slips_in() -> None:
    desk = tea().pass_time(3500.0)
    for _ in range(6):
        desk.in_call = True
        desk.pass_time(600.0)
        desk.in_call = False
        desk.pass_time(55.0)
    assert (desk.open, without(desk.took(), "quiet", "quiet_end")) == ([], ["10:00:00 tea due"])
    assert desk.pass_time(45.0).open == ["prompt-1"]


def test_a_call_that_began_while_the_last_one_settled_is_seen_before_anything_is_shown() -> None:
    desk = tea().pass_time(3500.0)
    desk.in_call = True
    desk.pass_time(600.0)
    desk.in_call = False
    while reasons(desk) == ["call"]:
        desk.pass_time(1.0)
    desk.pass_time(50.0)
    desk.in_call = True
    assert (desk.pass_time(300.0).open, reasons(desk)) == ([], ["call"])


def test_a_call_of_four_hours_is_none_any_more_and_is_named_once() -> None:
    desk = tea()
    desk.in_call = True
    desk.pass_time(3600.0 + 4 * 3600.0 + 30.0)
    assert desk.open == [CALL_NOTE, "prompt-1"]
    assert desk.took() == story("""
        10:00:00 tea due
        10:00:03 quiet (call: microphone in use)
        14:00:03 quiet_end (call: it lasts too long to wait for)
        14:00:26 tea shown
    """)
    desk.pass_time(3 * 3600.0)
    assert desk.open == [CALL_NOTE]
    assert [line.split()[2] for line in desk.took()] == ["ignored", *2 * ("due", "shown", "ignored")]


def test_once_the_microphone_was_free_the_next_call_counts_again() -> None:
    desk = tea()
    desk.in_call = True
    desk.pass_time(5 * 3600.0 + 100.0)
    desk.in_call = False
    desk.pass_time(3600.0)
    desk.in_call = True
    desk.pass_time(3600.0)
    assert (reasons(desk), desk.engine.state) == (["call"], "quiet")


def test_a_question_that_nobody_answers_holds_nothing_up_for_long() -> None:
    desk = tea()
    desk.answers_looks = False
    assert desk.pass_time(3604.0).open == []
    assert desk.pass_time(3.0).open == ["prompt-1"]
    desk.answers_looks = True
    desk.in_call = True
    assert desk.pass_time(3700.0).open == []


def test_when_no_prompt_waits_any_more_nobody_asks_about_the_call() -> None:
    desk = tea()
    desk.in_call = True
    desk.pass_time(3700.0).do(verbs.Skip())
    asked = looks(desk)
    assert (desk.pass_time(600.0).engine.state, looks(desk)) == ("running", asked)
    assert desk.took()[-2:] == ["10:01:40 tea skipped", "10:01:40 quiet_end (call: nobody asks about it now)"]


def test_behind_the_lock_nobody_asks_about_the_call() -> None:
    desk = tea()
    desk.in_call = True
    desk.pass_time(3700.0).do(AwayBegan(Away.LOCKED))
    asked = looks(desk)
    desk.pass_time(100.0)
    assert looks(desk) == asked
    desk.do(AwayEnded(Away.LOCKED))
    assert (desk.pass_time(60.0).open, reasons(desk)) == ([], ["call"])


def test_the_names_of_applications_are_told_but_not_kept() -> None:
    desk = tea()
    desk.answers_looks = False
    desk.pass_time(3601.0).do(QuietChanged(QuietReason.CALL, "microphone in use", "Zoom"))
    assert "Quiet: microphone in use by Zoom, seen since 10:00." in explain(desk.engine, None)["sentences"]
    assert "Zoom" not in str(
        (desk.trace, desk.engine.world.decisions, take_state(desk.engine), view(desk.engine))
    )


# ---- a shared screen --------------------------------------------------------------------------------------


def test_a_shared_screen_holds_prompts_back() -> None:
    desk = tea()
    desk.sharing = True
    assert (desk.pass_time(3700.0).open, reasons(desk)) == ([], ["presenting"])
    desk.sharing = False
    assert desk.pass_time(60.0).open == ["prompt-1"]


# ---- typing -----------------------------------------------------------------------------------------------


def test_in_mid_sentence_it_waits_for_a_gap() -> None:
    desk = tea().use("type").pass_time(3640.0)
    assert (desk.open, reasons(desk), desk.engine.state) == ([], ["typing"], "quiet")
    desk.leave().pass_time(3.0)
    assert desk.took() == ["10:00:00 tea due", "10:00:43 tea shown"]


def test_but_not_for_ever() -> None:
    desk = tea().use("type").pass_time(3600.0)
    assert desk.pass_time(89.0).open == []
    assert desk.pass_time(1.0).open == ["prompt-1"]


def test_without_a_gap_wanted_typing_is_no_reason() -> None:
    assert tea(typing_gap=0.0).use("type").pass_time(3600.0).open == ["prompt-1"]


def test_the_gap_may_lie_before_the_prompt() -> None:
    desk = tea().pass_time(3590.0).leave().pass_time(10.0)
    assert desk.open == ["prompt-1"]


def test_where_nobody_tells_of_inputs_typing_is_no_reason() -> None:
    assert Desk(plan(TEA)).pass_time(3600.0).open == ["prompt-1"]


# ---- settling ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", [QuietReason.CALL, QuietReason.DND, QuietReason.PRESENTING])
def test_after_each_reason_it_settles_longer_after_a_call(reason: QuietReason) -> None:
    desk = Desk(plan(TEA)).pass_time(3601.0)
    desk.do(QuietChanged(reason, "so"))
    desk.do(QuietChanged(reason, ""))
    expected = 60.0 if reason is QuietReason.CALL else 20.0
    assert round(desk.engine.world.calm_until - desk.boot) == expected


def test_the_longest_settling_counts() -> None:
    desk = Desk(plan(TEA)).pass_time(3601.0)
    desk.do(QuietChanged(QuietReason.CALL, "so"))
    desk.do(DND_ON)
    desk.do(QuietChanged(QuietReason.CALL, ""))
    desk.pass_time(10.0).do(DND_OFF)
    assert (round(desk.engine.world.calm_until - desk.boot), desk.engine.world.calm_reason) == (
        50,
        "the call ended",
    )


# ---- `now`, and all of it together ------------------------------------------------------------------------


def test_what_was_asked_for_with_now_stays_so_however_often_it_is_hidden() -> None:
    desk = tea()
    desk.do(DND_ON)
    desk.do(verbs.Now("tea"))
    for _ in range(3):
        desk.do(AwayBegan(Away.LOCKED))
        desk.do(AwayEnded(Away.LOCKED))
        assert desk.open == []
        assert desk.pass_time(20.0).open == ["prompt-1"]


def test_now_overrides_every_quiet_reason() -> None:
    desk = tea()
    desk.do(DND_ON)
    desk.in_call = desk.sharing = True
    desk.use("type").do(verbs.Now("tea"))
    assert desk.pass_time(30.0).open == ["prompt-1"]


ORDERS = list(permutations(["dnd", "call", "presenting", "pause", "lock"]))


@pytest.mark.parametrize("order", ORDERS[::6], ids="-".join)
def test_whatever_ends_last_the_owed_prompt_comes_once_after_it(order: tuple[str, ...]) -> None:
    desk = Desk(plan(replace(TEA, every=600.0, expire_after=9000.0))).sit_down()
    begin(desk, order)
    desk.pass_time(1800.0)
    for reason in reversed(order):
        end(desk, reason)
        desk.pass_time(100.0)
    desk.pass_time(300.0)
    shown = [line for line in desk.took() if "shown" in line]
    assert len(shown) == 1
    assert desk.open == ["prompt-1"]


def begin(desk: Desk, order: tuple[str, ...]) -> None:
    """The prompt is owed and hidden by the first reason; the others follow."""
    desk.pass_time(605.0)
    desk.took()
    desk.do(DND_ON)
    for reason in order:
        match reason:
            case "dnd":
                desk.do(DND_ON)
            case "call":
                desk.in_call = True
            case "presenting":
                desk.sharing = True
            case "pause":
                desk.do(verbs.Pause(86400.0))
            case "lock":
                desk.do(AwayBegan(Away.LOCKED))
        desk.pass_time(10.0)


def end(desk: Desk, reason: str) -> None:
    match reason:
        case "dnd":
            desk.do(DND_OFF)
        case "call":
            desk.in_call = False
        case "presenting":
            desk.sharing = False
        case "pause":
            desk.do(verbs.Resume())
        case "lock":
            desk.do(AwayEnded(Away.LOCKED))


def test_why_tells_of_a_call_that_a_prompt_would_wait_for_and_that_is_all() -> None:
    desk = tea().pass_time(600.0)
    desk.do(QuietChanged(QuietReason.CALL, "microphone in use", "Zoom"))
    found = explain(desk.engine, None)
    assert found["sentences"][0] == "Microphone in use by Zoom: a prompt would wait for that."
    assert (desk.took(), desk.engine.state, reasons(desk)) == ([], "running", [])
    assert len(explain(desk.pass_time(3.0).engine, None)["sentences"]) == 1


def test_a_call_seen_long_ago_says_nothing_about_how_long_this_one_lasts() -> None:
    desk = tea()
    desk.in_call = True
    desk.pass_time(3700.0).do(verbs.Pause(5 * 3600.0))
    desk.pass_time(5 * 3600.0 + 100.0)
    assert (desk.open, reasons(desk)) == ([], ["call"])


def test_a_lost_answer_is_asked_for_again() -> None:
    desk = tea()
    desk.sharing = True
    desk.pass_time(3700.0)
    desk.answers_looks = False
    desk.pass_time(40.0)
    desk.answers_looks, desk.sharing = True, False
    assert desk.pass_time(60.0).open == ["prompt-1"]


def test_new_settings_are_tried_at_once_on_a_call() -> None:
    desk = tea()
    desk.in_call = True
    desk.pass_time(3610.0)
    desk.in_call = False  # as if the program were ignored from now on
    desk.do(PlanChanged(plan(TEA, calls_ignore=("zoom",))))
    assert reasons(desk) == ["settling"]


def test_what_nobody_saw_between_two_calls_does_not_add_up_to_one() -> None:
    desk = Desk(plan(reminder("posture", 1200.0))).sit_down()
    desk.in_call = True
    for _ in range(5):  # each time somebody may have hung up while nobody looked
        desk.pass_time(5400.0).leave().pass_time(600.0).use("work")
    assert "posture shown" not in " ".join(desk.trace)
    desk.pass_time(4 * 3600.0 + 1200.0 + 60.0)
    assert CALL_NOTE in desk.open


@pytest.mark.parametrize("rebooted", [False, True])
def test_how_long_calls_lasted_is_remembered_over_a_restart(rebooted: bool) -> None:
    desk = tea()
    desk.in_call = True
    desk.pass_time(3600.0 + 2 * 3600.0)
    desk.restart(1.0, rebooted=rebooted)
    assert CALL_NOTE not in desk.pass_time(2 * 3600.0 - 120.0).open
    assert CALL_NOTE in desk.pass_time(240.0).open


def test_a_call_that_is_not_waited_for_any_more_is_asked_about_every_two_minutes() -> None:
    desk = tea()
    desk.in_call = True
    desk.pass_time(3600.0 + 4 * 3600.0 + 600.0)
    before = looks(desk)
    assert desk.due_in("tea") is not None
    assert looks(desk.pass_time(1200.0)) == before + 10


def test_nobody_asks_for_an_open_prompt_that_nobody_looks_at() -> None:
    desk = tea().pass_time(3610.0).leave().pass_time(6.0)
    assert desk.open == ["prompt-1"]
    before = looks(desk)
    assert looks(desk.pass_time(200.0)) == before
    assert looks(desk.use("work").pass_time(30.0)) > before


def test_the_call_after_one_that_was_too_long_counts_though_no_prompt_was_due_between() -> None:
    desk = tea()
    desk.in_call = True
    desk.pass_time(3600.0 + 4 * 3600.0 + 200.0)
    assert CALL_NOTE in desk.open
    desk.in_call = False
    desk.pass_time(300.0)  # nothing is due in these five minutes
    desk.in_call = True
    desk.took()
    desk.pass_time(2 * 3600.0)
    assert [line.split(" ", 1)[1] for line in desk.took()] == ["tea due", "quiet (call: microphone in use)"]


def test_the_time_after_a_call_is_not_forgotten_by_a_restart() -> None:
    desk = Desk(plan(TEA, settle_after_call=300.0)).sit_down()
    desk.in_call = True
    desk.pass_time(3660.0)
    desk.in_call = False
    desk.pass_time(40.0)
    assert desk.engine.world.calm_reason == "the call ended"
    desk.restart(1.0)
    desk.took()
    assert desk.pass_time(320.0).took()[:1] == ["10:06:06 tea shown"]


def test_the_end_of_do_not_disturb_is_asked_for_where_nobody_announces_it() -> None:
    desk = Desk(plan(TEA)).sit_down()
    desk.do(DND_ON)
    asked: list[float] = []
    desk.asks = lambda: asked.append(desk.boot - 1000.0)
    desk.pass_time(3000.0)
    assert asked == []  # nothing is owed yet
    desk.pass_time(900.0)
    assert [round(at) for at in asked] == [3600, 3660, 3720, 3780, 3840, 3900]
