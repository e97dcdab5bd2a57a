"""A real break counts without a click, whatever keeps the screen awake and whoever bumps the desk."""

import pytest
from support.virtual import DEFAULTS, Desk, plan, reminder, without

from neckguard.core import verbs
from neckguard.core.events import Answered, AwayBegan, AwayEnded, Closed, KeptAwake
from neckguard.core.model import Away

BREAK = reminder("break", 3600.0)


def asked() -> Desk:
    """Somebody who types at the moment when the break prompt comes."""
    desk = Desk(plan(BREAK)).sit_down().until("10:00").pass_time(5.0)
    assert desk.open == ["prompt-1"]
    desk.took()
    return desk


def test_music_does_not_take_the_break_of_who_typed_until_it_was_asked_for() -> None:
    desk = Desk(plan(BREAK)).sit_down()
    desk.do(KeptAwake(on=True, since=desk.boot))
    desk.until("10:00").pass_time(5.0).leave().pass_time(300.0).use("work").pass_time(2.0)
    assert without(desk.took(), "due", "shown")[-1] == "10:05:06 break done (away long enough)"
    assert desk.due_in("break") == 3598.0


def test_a_film_watcher_is_no_empty_chair() -> None:
    desk = Desk(plan(BREAK)).sit_down().pass_time(600.0)
    desk.do(KeptAwake(on=True, since=desk.boot))
    desk.leave().until("10:30")
    assert (desk.engine.state, desk.open) == ("running", ["prompt-1"])


def test_silence_before_the_prompt_that_an_application_answers_for_is_no_absence() -> None:
    desk = Desk(plan(BREAK)).sit_down().pass_time(3600.0 - 90.0)
    desk.do(KeptAwake(on=True, since=desk.boot))
    desk.leave().pass_time(90.0 + 400.0)
    assert (desk.engine.state, desk.open) == ("running", ["prompt-1"])


@pytest.mark.parametrize("after", [2.0, 100.0, 200.0])
def test_a_bumped_mouse_does_not_end_a_break_that_is_being_taken(after: float) -> None:
    desk = asked().leave().pass_time(after).touch().pass_time(270.0 - after)
    assert desk.engine.state == "away"
    desk.use("work").pass_time(2.0)
    assert desk.took()[-1] == "10:04:36 break done (away long enough)"


def test_two_inputs_are_somebody_who_never_left() -> None:
    desk = asked().leave().pass_time(100.0).use("work").pass_time(5.0).leave().pass_time(200.0)
    assert desk.engine.state == "running"


def test_who_comes_back_for_a_moment_is_seen_again_to_leave() -> None:
    desk = asked().leave().pass_time(100.0).touch().pass_time(3.0).touch().pass_time(239.0)
    assert desk.engine.state == "running"
    assert desk.pass_time(2.0).engine.state == "away"


def test_a_bump_while_the_break_is_guided_says_nothing() -> None:
    desk = asked()
    desk.do(verbs.Start())
    desk.leave().pass_time(90.0)
    desk.took()
    desk.touch().pass_time(60.0)
    assert desk.took() == []
    desk.pass_time(160.0).use("work").pass_time(2.0)
    assert "10:05:16 break break_end" in desk.took()


def test_a_break_that_outlasts_its_time_unnoticed_begins_the_next_cycle_at_the_return() -> None:
    desk = asked()
    desk.do(verbs.Start())
    desk.pass_time(120.0).leave().pass_time(220.0).use("work").pass_time(2.0)
    assert desk.engine.state == "running"
    assert desk.due_in("break") == 3600.0 - 2.0


def test_a_switched_off_break_that_is_asked_for_and_closed_is_over() -> None:
    desk = Desk(plan(reminder("break", 3600.0, enabled=False)))
    desk.do(verbs.Now("break"))
    desk.do(Closed("prompt-1", expired=False))
    assert desk.pass_time(3600.0).took() == ["09:00:00 break shown", "09:00:00 break dismissed"]


def test_a_switched_off_break_that_was_put_off_is_settled_by_an_absence() -> None:
    desk = Desk(plan(reminder("break", 3600.0, enabled=False)))
    desk.do(verbs.Now("break"))
    desk.do(Answered("prompt-1", "snooze"))
    desk.do(AwayBegan(Away.LOCKED))
    desk.pass_time(2400.0).do(AwayEnded(Away.LOCKED))
    assert desk.took()[-1] == "09:40:00 break natural_break"
    assert desk.pass_time(3600.0).took() == []


def test_what_is_idle_and_then_locked_was_gone_since_the_last_input() -> None:
    desk = Desk(plan(*DEFAULTS)).sit_down().pass_time(2400.0 - 19.0).leave().pass_time(290.0)
    desk.do(AwayBegan(Away.LOCKED))
    desk.pass_time(60.0).do(AwayEnded(Away.LOCKED))
    assert desk.took()[-4:] == [
        "09:45:31 back (after 5 min)",
        "09:45:31 stretch done (away long enough)",
        "09:45:31 posture covered (by stretch)",
        "09:45:31 break natural_break",
    ]
    assert [desk.due_in(name) for name in ("posture", "stretch", "break")] == [1200.0, 2400.0, 3600.0]


def test_what_follows_names_the_longer_one_that_a_due_check_waits_for() -> None:
    desk = Desk(plan(reminder("posture", 1200.0), reminder("break", 1380.0))).until("09:21")
    following = desk.engine.world.next_due()
    assert following is not None
    assert (following.name, desk.engine.world.due_in(following)) == ("break", 120.0)


# ---- a break that was taken at another machine -------------------------------------------------------------


def absent(desk: Desk, *, told: float) -> list[str]:
    """Breaks on record of who leaves at 09:15 for ten minutes; `told` seconds after 09:00 it is said."""
    desk.sit_down()
    for at in sorted((told, 900.0)):
        desk.pass_time(1000.0 + at - desk.boot)
        if at == told:
            desk.do(verbs.Done("break", elsewhere=True))
        else:
            desk.leave()
    desk.until("09:25").use("work").pass_time(2.0)
    return [line for line in desk.took() if " break " in line]


def test_told_while_they_are_away_it_is_that_absence() -> None:
    desk = Desk(plan(*DEFAULTS))
    assert absent(desk, told=1200.0) == ["09:20:00 break done (elsewhere)"]
    assert [desk.due_in(name) for name in ("posture", "stretch", "break")] == [1198.0, 2398.0, 3598.0]


def test_told_when_it_begins_it_is_the_absence_that_follows() -> None:
    assert absent(Desk(), told=860.0) == ["09:14:20 break done (elsewhere)"]


def test_told_of_an_earlier_one_the_absence_is_another() -> None:
    assert absent(Desk(), told=820.0) == ["09:13:40 break done (elsewhere)", "09:25:01 break natural_break"]


def test_told_of_what_is_asked_for_here_the_prompt_goes() -> None:
    desk = asked()
    desk.do(verbs.Done("break", elsewhere=True))
    assert (desk.took(), desk.open) == (["10:00:05 break done (elsewhere)"], [])
    assert desk.due_in("break") == 3600.0


def test_told_while_a_break_is_taken_here_it_ends() -> None:
    desk = asked()
    desk.do(verbs.Start())
    desk.pass_time(60.0).took()
    desk.do(verbs.Done("break", elsewhere=True))
    assert desk.took() == ["10:01:05 break break_end", "10:01:05 break done (elsewhere)"]


def test_a_stretch_elsewhere_is_no_break() -> None:
    desk = Desk(plan(*DEFAULTS)).pass_time(600.0)
    desk.do(verbs.Done("stretch", elsewhere=True))
    assert desk.took() == ["09:10:00 stretch done (elsewhere)"]
    assert [desk.due_in(name) for name in ("posture", "stretch", "break")] == [600.0, 2400.0, 3000.0]
