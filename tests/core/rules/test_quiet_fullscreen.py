"""Quiet while something fills the screen, and while a program that was named runs."""

from typing import Any

import pytest
from support.virtual import Desk, plan, reminder, story

from neckguard.core import verbs
from neckguard.core.events import PlanChanged, QuietChanged
from neckguard.core.model import Look, QuietReason
from neckguard.core.reminders.cards import CALL_NOTE, FULLSCREEN_NOTE
from neckguard.core.told.explain import explain
from neckguard.core.told.saved import take_state
from neckguard.core.told.view import view

TEA = reminder("tea", 3600.0)
TWO_HOURS = 2 * 3600.0


def tea(**quiet: Any) -> Desk:
    return Desk(plan(TEA, **{"fullscreen": True, "programs": ("obs",), **quiet})).sit_down()


def reasons(desk: Desk) -> list[str]:
    return [each.reason for each in desk.engine.rules.tact.quiet_spans()]


def looks(desk: Desk) -> int:
    return sum(isinstance(effect, Look) for effect in desk.effects)


def test_what_fills_the_screen_holds_the_prompt_back_until_a_moment_after_its_end() -> None:
    desk = tea()
    desk.fills = "mpv"
    desk.pass_time(3600.0 + 1200.0)
    desk.fills = ""
    desk.pass_time(60.0)
    assert desk.took() == story("""
        10:00:00 tea due
        10:00:03 quiet (fullscreen: an application fills the screen)
        10:20:03 quiet_end (fullscreen)
        10:20:26 tea shown
    """)
    assert desk.engine.world.calm_reason == "nothing fills the screen any more"


def test_a_program_that_was_named_holds_the_prompt_back_however_long_it_runs() -> None:
    desk = tea()
    desk.runs = "obs"
    desk.pass_time(3600.0 + 86400.0)
    assert (desk.open, reasons(desk)) == ([], ["program"])
    desk.runs = ""
    desk.pass_time(60.0)
    assert desk.took() == story("""
        10:00:00 tea due
        10:00:03 quiet (program: a program you named is running)
        10:00:03 quiet_end (program)
        10:00:26 tea shown
    """)
    assert desk.engine.world.calm_reason == "the program ended"


def test_neither_is_asked_about_while_no_prompt_waits() -> None:
    desk = tea()
    desk.fills, desk.runs = "mpv", "obs"
    assert looks(desk.pass_time(3599.0)) == 0
    assert looks(desk.pass_time(1201.0)) == 1200 // 30


@pytest.mark.parametrize("off", [{"fullscreen": False}, {"programs": ()}])
def test_a_reason_that_is_switched_off_is_none(off: dict[str, Any]) -> None:
    desk = tea(**off)
    desk.fills, desk.runs = ("mpv", "") if "fullscreen" in off else ("", "obs")
    assert (desk.pass_time(3610.0).open, reasons(desk)) == (["prompt-1"], [])


def test_switched_off_while_it_is_in_force_it_lets_the_prompt_go() -> None:
    desk = tea()
    desk.fills = "mpv"
    desk.pass_time(3700.0).do(PlanChanged(plan(TEA, fullscreen=False)))
    assert desk.pass_time(30.0).open == ["prompt-1"]


def test_what_comes_to_fill_the_screen_hides_an_open_prompt() -> None:
    desk = tea().pass_time(3605.0)
    desk.fills = "mpv"
    assert desk.pass_time(20.0).open == []
    desk.fills = ""
    assert desk.pass_time(60.0).open == ["prompt-1"]


def test_now_comes_through_both() -> None:
    desk = tea()
    desk.fills, desk.runs = "mpv", "obs"
    desk.do(verbs.Now("tea"))
    assert desk.pass_time(30.0).open == ["prompt-1"]


# ---- for how long -----------------------------------------------------------------------------------------


def filled(*spells: tuple[str, float]) -> Desk:
    """A desk whose screen each of these filled for so long, one after the other."""
    desk = tea()
    for application, seconds in spells:
        desk.fills = application
        desk.pass_time(seconds)
    return desk


def test_what_fills_the_screen_for_two_hours_is_not_waited_for_any_more_and_is_named_once() -> None:
    desk = tea()
    desk.fills = "emacs"
    desk.pass_time(3600.0 + TWO_HOURS + 30.0)
    assert desk.open == [FULLSCREEN_NOTE, "prompt-1"]
    assert desk.screen[FULLSCREEN_NOTE].lines[0] == "emacs has filled the screen for two hours by now."
    assert desk.took() == story("""
        10:00:00 tea due
        10:00:03 quiet (fullscreen: an application fills the screen)
        12:00:03 quiet_end (fullscreen: it lasts too long to wait for)
        12:00:26 tea shown
    """)
    desk.screen.clear()
    desk.pass_time(5 * 3600.0)
    assert desk.open == []
    assert [line.split()[2] for line in desk.took()] == ["ignored", *4 * ("due", "shown", "ignored")]


def test_once_it_ended_the_next_one_counts_again() -> None:
    desk = filled(("emacs", 3600.0 + TWO_HOURS + 100.0), ("", 600.0), ("emacs", 3600.0))
    assert reasons(desk) == ["fullscreen"]


def test_another_application_in_its_place_counts_again() -> None:
    desk = filled(("emacs", 3600.0 + TWO_HOURS + 300.0), ("mpv", 3600.0))
    assert reasons(desk) == ["fullscreen"]


def test_two_applications_one_after_the_other_do_not_add_up() -> None:
    desk = filled(("mpv", 3600.0 + 5400.0), ("vlc", 5400.0))
    assert (desk.open, reasons(desk)) == ([], ["fullscreen"])
    assert desk.pass_time(1900.0).open[0] == FULLSCREEN_NOTE


def test_who_works_in_two_full_screens_by_turns_is_reminded_when_one_lasted_too_long() -> None:
    desk = tea()
    for turn in range(6 * 3):
        desk.fills = ("emacs", "firefox")[turn % 2]
        desk.pass_time(600.0)
    assert (desk.open, reasons(desk)) == ([], ["fullscreen"])
    desk.fills = "emacs"
    assert desk.pass_time(60.0).open == [FULLSCREEN_NOTE, "prompt-1"]
    assert desk.screen[FULLSCREEN_NOTE].lines[0] == "emacs has filled the screen for two hours by now."
    desk.fills = "firefox"
    desk.pass_time(3700.0)
    assert reasons(desk) == ["fullscreen"]
    desk.fills = "emacs"
    desk.pass_time(60.0)
    assert reasons(desk) == []


def test_a_call_that_others_join_by_other_programs_is_one_call() -> None:
    desk = tea()
    programs = ["Zoom"]
    desk.asks = lambda: desk.do(QuietChanged(QuietReason.CALL, "microphone in use", ", ".join(programs)))
    desk.pass_time(3600.0 + 2 * 3600.0)
    programs.append("cheese")
    assert CALL_NOTE in desk.pass_time(2 * 3600.0 + 60.0).open


def test_what_nobody_saw_in_an_absence_does_not_add_up() -> None:
    desk = tea()
    desk.fills = "mpv"
    desk.pass_time(3600.0 + 5400.0).leave().pass_time(1800.0).use("work")
    desk.pass_time(5400.0)
    assert (desk.open, reasons(desk)) == ([], ["fullscreen"])


def test_how_long_it_lasted_is_remembered_over_a_restart() -> None:
    desk = tea()
    desk.fills = "mpv"
    desk.pass_time(3600.0 + 3600.0)
    desk.restart(1.0)
    assert FULLSCREEN_NOTE not in desk.pass_time(3600.0 - 120.0).open
    assert FULLSCREEN_NOTE in desk.pass_time(240.0).open


def test_that_it_is_not_waited_for_any_more_is_remembered_over_a_restart() -> None:
    desk = tea()
    desk.fills = "emacs"
    desk.pass_time(3600.0 + TWO_HOURS + 100.0)
    desk.restart(1.0)
    desk.pass_time(3700.0)
    assert (FULLSCREEN_NOTE in desk.open, reasons(desk)) == (False, [])


def test_what_the_version_before_this_one_kept_of_a_call_is_taken_over() -> None:
    desk = tea()
    desk.in_call = True
    desk.pass_time(3600.0 + 2 * 3600.0)
    state = take_state(desk.engine)
    del state["fullscreen"]
    desk.engine.rules.quiet.restore(state, 0.0, desk.boot)
    assert CALL_NOTE in desk.pass_time(2 * 3600.0 + 60.0).open


def test_a_call_in_an_editor_that_fills_the_screen_for_ever_is_noticed_to_end_as_soon_as_any_other() -> None:
    desk = tea()
    desk.fills = "emacs"
    desk.pass_time(3600.0 + TWO_HOURS + 100.0)
    desk.in_call = True
    desk.pass_time(3600.0)
    assert reasons(desk) == ["call"]
    before = looks(desk)
    assert looks(desk.pass_time(300.0)) == before + 10


# ---- what is told of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "by", "said"),
    [
        (QuietReason.FULLSCREEN, "mpv", "mpv fills the screen"),
        (QuietReason.FULLSCREEN, "", "so"),
        (QuietReason.PROGRAM, "obs", "obs is running"),
        (QuietReason.PROGRAM, "obs, steam", "obs, steam are running"),
    ],
)
def test_why_says_exactly_what_is_in_the_way(reason: QuietReason, by: str, said: str) -> None:
    desk = tea()
    desk.answers_looks = False
    desk.pass_time(3601.0).do(QuietChanged(reason, "so", by))
    assert f"Quiet: {said}, seen since 10:00." in explain(desk.engine, None)["sentences"]


def test_the_sentence_about_the_prompt_says_what_is_in_its_way() -> None:
    desk = tea()
    desk.fills = "mpv"
    assert explain(desk.pass_time(3700.0).engine, "tea")["sentences"][-1] == (
        "tea: due since 10:00, still owed; in the way: an application fills the screen."
    )
    desk.fills, desk.runs = "", "obs"
    assert explain(desk.pass_time(60.0).engine, "tea")["sentences"][-1] == (
        "tea: due since 10:00, still owed; in the way: a program you named is running."
    )


def test_the_names_of_applications_are_told_but_not_kept() -> None:
    desk = tea()
    desk.fills, desk.runs = "mpv", "obs"
    desk.pass_time(3700.0)
    kept = str((desk.trace, desk.engine.world.decisions, take_state(desk.engine), view(desk.engine)["quiet"]))
    assert "mpv" not in kept
    assert "obs" not in kept
