"""A break that is asked for longer, or shorter, than it is: this once all goes by what was asked."""

import pytest
from support.virtual import GUIDED, Desk, plan, reminder, story
from support.watched import Watched

from neckguard.core import verbs
from neckguard.core.events import AwayBegan, AwayEnded, PlanChanged, ScreenReader
from neckguard.core.model import Away, Card

BREAK = reminder("break", 3600.0)
QUARTER = verbs.Now("break", 900.0)
BACK = "[Time away from the desk: 15 min] Back at 09:15"


def said(desk: Desk, verb: verbs.Verb) -> tuple[bool, str]:
    reply = desk.do(verb)
    assert reply is not None
    return reply.ok, reply.message


def card(desk: Desk) -> Card:
    """The one on the screen."""
    (found,) = desk.screen.values()
    return found


def title(desk: Desk) -> str:
    return card(desk).title.removeprefix("Time away from the desk: ")


def lock(desk: Desk, seconds: float) -> Desk:
    desk.do(AwayBegan(Away.LOCKED))
    desk.pass_time(seconds).do(AwayEnded(Away.LOCKED))
    return desk


def test_its_title_its_end_and_the_next_cycle_go_by_what_was_asked() -> None:
    desk = Watched(plan(BREAK), content=GUIDED)
    assert said(desk, QUARTER) == (True, "Prompting: break, 15 min.")
    assert title(desk) == "15 min"
    desk.took()
    assert said(desk, verbs.Start()) == (True, "Enjoy your break. Back at 09:15.")
    assert desk.pass_time(920.0).took() == story(f"""
        09:00:00 break done
        09:00:00 break break_start
        09:00:00 {BACK}
        09:15:00 break break_end
        09:15:00 [Welcome back] Your break is over.
        09:15:10 hide prompt-1
    """)
    assert desk.due_in("break") == 3600.0 - 20.0
    desk.until("10:15").pass_time(10.0)
    assert title(desk) == "5 min"


def test_what_so_long_an_absence_restarts_begins_after_it() -> None:
    desk = Desk(plan(BREAK, reminder("eyes", 7200.0, kind="stretch", reset_after=600.0))).pass_time(1800.0)
    desk.do(QUARTER)
    desk.do(verbs.Start())
    assert desk.due_in("eyes") == 7200.0 + 900.0


@pytest.mark.parametrize(("away", "open_then"), [(700.0, ["prompt-1"]), (730.0, [])])
def test_an_absence_stands_for_its_open_prompt_from_four_fifths_of_it_on(
    away: float, open_then: list[str]
) -> None:
    desk = Desk(plan(BREAK))
    desk.do(QUARTER)
    assert lock(desk, away).pass_time(30.0).open == open_then


@pytest.mark.parametrize(("away", "left"), [(700.0, "3 min of your break remain"), (730.0, "")])
def test_back_after_less_than_four_fifths_of_it_the_rest_is_said(away: float, left: str) -> None:
    desk = Watched(plan(BREAK), content=GUIDED)
    desk.do(QUARTER)
    desk.do(verbs.Start())
    lock(desk, away)
    assert bool(desk.engine.world.breaks.taken) == bool(left)
    assert left in card(desk).lines[0]
    assert not left or title(desk) == "15 min"


def test_silence_counts_as_absence_from_four_fifths_of_a_short_one_on() -> None:
    desk = Desk(plan(BREAK)).sit_down()
    desk.do(verbs.Now("break", 100.0))
    desk.leave().pass_time(81.0)
    assert desk.engine.state == "away"
    desk = Desk(plan(BREAK)).sit_down()
    desk.do(verbs.Now("break", 100.0))
    desk.do(verbs.Start())
    desk.leave().pass_time(81.0)
    assert desk.engine.state == "away"


def test_another_screen_says_its_length_again() -> None:
    desk = Watched(plan(BREAK), content=GUIDED)
    desk.do(QUARTER)
    desk.do(verbs.Start())
    desk.engine.rules.guidance.say_again()
    assert card(desk).title.endswith("15 min")


def test_a_prompt_that_is_open_takes_the_length_that_is_asked_for() -> None:
    desk = Desk(plan(BREAK))
    assert said(desk, QUARTER) == (True, "Prompting: break, 15 min.")
    assert said(desk, QUARTER) == (True, "The break prompt is on the screen already.")
    assert said(desk, verbs.Now("break")) == (True, "The break prompt is on the screen already.")
    assert (title(desk), desk.open) == ("15 min", ["prompt-1"])
    desk.do(verbs.Now("break", 300.0))
    assert (title(desk), desk.open) == ("5 min", ["prompt-2"])
    assert desk.took() == story("""
        09:00:00 break shown
        09:00:00 break withdrawn (break was asked for)
        09:00:00 break shown
    """)


def test_one_that_is_hidden_comes_back_as_long_as_it_is_asked_for_now() -> None:
    desk = Desk(plan(BREAK))
    desk.do(QUARTER)
    desk.do(verbs.Pause(60.0))
    desk.do(verbs.Resume())
    desk.do(verbs.Now("break"))
    assert title(desk) == "5 min"
    assert "09:00:00 break withdrawn (another length was asked for)" in desk.took()


def test_put_off_it_comes_as_long_as_it_was_asked_for() -> None:
    desk = Desk(plan(BREAK))
    desk.do(QUARTER)
    desk.do(verbs.Snooze(600.0))
    assert title(desk.pass_time(620.0)) == "15 min"


def test_it_covers_what_is_shorter_than_it_is_this_once() -> None:
    others = (reminder("posture", 1200.0), reminder("stretch", 1200.0, duration=600.0))
    desk = Desk(plan(BREAK, *others)).until("09:19")
    desk.do(QUARTER)
    desk.do(verbs.Skip())
    assert [line for line in desk.took() if "covered" in line] == [
        "09:19:00 posture covered (by break)",
        "09:19:00 stretch covered (by break)",
    ]


def test_it_goes_before_what_is_shorter_than_it_is_this_once() -> None:
    desk = Desk(plan(reminder("walk", 3600.0, kind="break", duration=600.0), BREAK)).pass_time(3000.0)
    desk.do(QUARTER)
    desk.do(verbs.Snooze(600.0))
    desk.pass_time(610.0)
    assert title(desk) == "15 min"


@pytest.mark.parametrize("name", ["posture", "stretch", "tea"])
def test_only_a_break_has_a_length_to_ask_for(name: str) -> None:
    desk = Desk(plan(BREAK, reminder("posture", 1200.0), reminder("stretch", 2400.0), reminder("tea", 60.0)))
    reply = (False, f"Only a break lasts as long as you say, and {name} is none.")
    assert said(desk, verbs.Now(name, 900.0)) == reply
    assert desk.open == []


def test_more_than_a_day_is_a_slip_and_refused() -> None:
    desk = Desk(plan(BREAK))
    reply = (False, "15 days is too long: a break takes a day at most.")
    assert said(desk, verbs.Now("break", 15 * 86400.0)) == reply
    assert desk.open == []
    assert said(desk, verbs.Now("break", 86400.0)) == (True, "Prompting: break, 24 h.")


def test_one_that_becomes_a_note_has_no_length() -> None:
    desk = Desk(plan(reminder("walk", 3600.0, kind="break")))
    desk.do(verbs.Now("walk", 900.0))
    desk.do(verbs.Start())
    note = reminder("walk", 3600.0, kind="note", duration=0.0, reset_after=60.0)
    desk.do(PlanChanged(plan(note)))
    assert lock(desk, 120.0).engine.world.breaks.taken == ""


@pytest.mark.parametrize("begun", [False, True])
def test_a_restart_forgets_no_length(*, begun: bool) -> None:
    desk = Desk(plan(BREAK))
    desk.do(QUARTER)
    if begun:
        desk.do(verbs.Start())
    desk.restart(10.0)
    desk.took()
    lock(desk, 400.0)
    assert ("break break_end" in " ".join(desk.took())) is False
    breaks, course = desk.engine.world.breaks, desk.engine.world.courses["break"]
    assert (breaks.reminder if begun else course.wanted).reset_after == pytest.approx(720.0)


def test_a_break_of_a_former_version_goes_on_as_long_as_it_is() -> None:
    desk = Desk(plan(BREAK))
    desk.do(verbs.Now("break"))
    desk.do(verbs.Start())
    breaks = desk.engine.world.breaks
    state = breaks.saved()
    del state["break_length"]
    breaks.restore(state, 0.0)
    assert breaks.reminder == BREAK


def test_who_uses_a_screen_reader_hears_its_length_too() -> None:
    desk = Desk(plan(BREAK))
    desk.do(ScreenReader(on=True))
    desk.do(QUARTER)
    assert title(desk) == "15 min"
