"""Breaks begun with Start: what stands on the screen meanwhile, and when somebody is back."""

from dataclasses import replace
from typing import Any

import pytest
from support.virtual import GUIDED, Desk, plan, reminder, story
from support.watched import Watched

from neckguard.core import verbs
from neckguard.core.events import (
    Answered,
    AwayBegan,
    AwayEnded,
    Closed,
    Event,
    KeptAwake,
    NotifierChanged,
    PlanChanged,
    QuietChanged,
    ScreenReader,
    SourceChanged,
)
from neckguard.core.model import Away, QuietReason
from neckguard.core.plan import Opening, Reminder
from neckguard.core.told.view import view
from neckguard.daemon.notices import headline

BREAK = reminder("break", 3600.0)
BACK = "[Time away from the desk: 5 min] Back at 10:05"
TEN_PAST = "2026-11-23T10:05:05+01:00"
WELCOME = "[Welcome back] Your break is over."
DND = QuietChanged(QuietReason.DND, "do not disturb")


def on_a_break(*others: Reminder, sits: bool = False, **settings: Any) -> Watched:
    """A desk whose person chose Start at 10:00:05; `sits`: their inputs are told."""
    desk = Watched(plan(BREAK, *others, **settings), content=GUIDED)
    if sits:
        desk.sit_down()
    desk.until("10:00").pass_time(5.0)
    assert desk.open == ["prompt-1"]
    desk.took()
    desk.do(Answered("prompt-1", "start"))
    assert desk.took() == [
        "10:00:05 break done",
        "10:00:05 break break_start",
        f"10:00:05 {BACK}",
    ]
    return desk


def lock(desk: Desk, seconds: float) -> Desk:
    desk.do(AwayBegan(Away.LOCKED))
    desk.pass_time(seconds).do(AwayEnded(Away.LOCKED))
    return desk


def test_one_line_stands_there_until_the_break_ends_and_then_a_welcome() -> None:
    desk = on_a_break()
    card = desk.screen["prompt-1"]
    assert (card.kind, card.silent, card.lasting, card.buttons, card.verbs) == ("guide", True, True, (), "")
    assert desk.pass_time(400.0).took() == story(f"""
        10:05:05 break break_end
        10:05:05 {WELCOME}
        10:05:15 hide prompt-1
    """)


def test_with_a_screen_reader_the_welcome_stays_until_it_is_closed() -> None:
    desk = on_a_break()
    desk.do(ScreenReader(on=True))
    desk.pass_time(900.0).do(NotifierChanged(ready=True, keeps=False))
    assert desk.open == ["prompt-1"]
    desk.do(Closed("prompt-1", expired=False))
    assert desk.open == []


def test_leaving_is_doing_it_and_the_welcome_comes_with_the_return() -> None:
    desk = on_a_break(sits=True).leave().pass_time(600.0)
    desk.use("work").pass_time(20.0)
    assert desk.took() == story(f"""
        10:04:05 away (no input since 10:00)
        10:04:05 hide prompt-1
        10:10:06 back (after 10 min)
        10:10:06 break break_end
        10:10:06 {WELCOME}
        10:10:16 hide prompt-break
    """)
    assert desk.due_in("break") == 3600.0 - 20.0


def test_an_absence_that_is_nearly_as_long_as_the_break_is_the_break() -> None:
    desk = lock(on_a_break(), 240.0)
    assert desk.took()[-2:] == ["10:04:05 break break_end", f"10:04:05 {WELCOME}"]
    assert desk.due_in("break") == 3600.0


def test_back_early_from_a_lock_says_once_what_remains_and_it_ends_when_it_was_to() -> None:
    desk = lock(on_a_break(), 115.0)
    assert desk.due_in("break") == 185.0 + 3600.0
    lock(desk.pass_time(20.0), 20.0)
    assert desk.due_in("break") == 145.0 + 3600.0
    assert desk.pass_time(200.0).took() == story(f"""
        10:00:05 away (locked)
        10:00:05 hide prompt-1
        10:02:00 back (after 1 min 55 s)
        10:02:00 [Time away from the desk: 5 min] 3 min of your break remain: back at 10:05.
        10:02:20 away (locked)
        10:02:20 hide prompt-break
        10:02:40 back (after 20 s)
        10:05:05 break break_end
        10:05:05 {WELCOME}
        10:05:15 hide prompt-break
    """)
    assert desk.due_in("break") == 3600.0 - 55.0


@pytest.mark.parametrize(("idle", "said"), [(59.0, ""), (60.0, "10:01:06"), (62.0, "10:01:08")])
def test_an_input_after_a_minute_without_any_is_being_back_early(idle: float, said: str) -> None:
    desk = on_a_break(sits=True).leave().pass_time(idle)
    desk.use("work").pass_time(300.0)
    remains = [line for line in desk.took() if "remain" in line]
    expected = f"{said} [Time away from the desk: 5 min] 4 min of your break remain: back at 10:05."
    assert remains == ([expected] if said else [])


def test_a_touch_in_front_of_a_film_is_not_being_back_early() -> None:
    presence = replace(plan().presence, idle_after=30.0)
    desk = Watched(replace(plan(BREAK), presence=presence), content=GUIDED).sit_down()
    desk.until("10:00").pass_time(5.0).do(Answered("prompt-1", "start"))
    desk.do(KeptAwake(on=True, since=desk.boot))
    desk.took()
    desk.leave().pass_time(40.0).touch().pass_time(20.0)
    assert [line for line in desk.took() if "remain" in line] == []


def test_who_never_stopped_is_not_back_when_another_source_tells_of_them() -> None:
    desk = on_a_break(sits=True).pass_time(100.0)
    desk.do(SourceChanged("another"))
    assert desk.pass_time(10.0).took() == []


def test_a_break_does_not_end_behind_the_back_of_somebody_who_may_have_left() -> None:
    desk = on_a_break(sits=True).pass_time(120.0).leave().pass_time(200.0)
    assert [line for line in desk.took() if "break" in line] == []
    desk.use("work")
    assert desk.took() == ["10:05:25 break break_end", f"10:05:25 {WELCOME}"]


def test_the_next_break_says_it_anew() -> None:
    desk = lock(on_a_break(), 60.0).pass_time(1000.0)
    desk.do(verbs.Now("break"))
    desk.do(verbs.Start())
    desk.took()
    lock(desk, 60.0)
    assert "4 min of your break remain" in desk.took()[-1]


def test_seconds_are_counted_when_no_minute_is_left() -> None:
    desk = on_a_break().pass_time(200.0)
    desk.took()
    lock(desk, 60.0)
    assert desk.took()[-1].endswith("40 s of your break remain: back at 10:05.")


def test_what_falls_due_meanwhile_waits_for_the_end_and_keeps_its_distance() -> None:
    desk = on_a_break(reminder("tea", 3660.0))
    assert desk.pass_time(60.0).took() == ["10:01:00 tea due"]
    desk.do(verbs.Now("break"))
    desk.do(verbs.Skip())
    assert desk.pass_time(280.0).took() == story(f"""
        10:01:05 hide prompt-1
        10:01:05 break shown
        10:01:05 break skipped
        10:01:05 hide prompt-2
        10:05:05 break break_end
        10:05:05 {WELCOME}
        10:05:15 hide prompt-break
        10:05:25 tea shown
    """)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (verbs.Pause(20.0), "10:00:05 paused"),
        (AwayBegan(Away.LOCKED), "10:00:05 away (locked)"),
        (DND, "10:00:05 quiet (dnd: do not disturb)"),
        (NotifierChanged(ready=False, keeps=False), ""),
        (verbs.Done("break"), "10:00:05 break done"),
        (PlanChanged(plan(reminder("tea", 7200.0))), "10:00:05 settings (applied)"),
    ],
)
def test_the_line_goes_with_whatever_hides_prompts_or_ends_the_break(
    event: Event | verbs.Verb, line: str
) -> None:
    desk = on_a_break()
    desk.do(event)
    assert desk.open == []
    assert not line or line in desk.took()


def test_no_welcome_in_a_pause_and_the_break_ends_all_the_same() -> None:
    desk = on_a_break()
    desk.do(verbs.Pause(600.0))
    assert desk.pass_time(605.0).took() == story("""
        10:00:05 paused
        10:00:05 hide prompt-1
        10:05:05 break break_end
        10:10:05 resumed (it was over)
    """)
    assert desk.due_in("break") == 3600.0 - 5.0


def test_no_welcome_while_it_is_quiet() -> None:
    desk = on_a_break()
    desk.do(DND)
    assert desk.pass_time(400.0).took()[-1] == "10:05:05 break break_end"
    assert desk.open == []


def test_a_break_that_was_asked_for_outside_the_hours_has_its_line() -> None:
    desk = Watched(plan(BREAK, hours=(Opening(0, 17 * 60, 18 * 60),)), content=GUIDED)
    desk.do(verbs.Now("break"))
    desk.do(Answered("prompt-1", "start"))
    assert desk.took()[-1] == "09:00:00 [Time away from the desk: 5 min] Back at 09:05"
    assert desk.pass_time(60.0).open == ["prompt-1"]
    assert desk.pass_time(300.0).open == []


def test_begun_with_the_verb_and_no_prompt_only_the_reply_says_until_when() -> None:
    desk = Watched(plan(BREAK), content=GUIDED).pass_time(600.0)
    reply = desk.do(verbs.Start())
    assert (reply and reply.message, desk.open) == ("Enjoy your break. Back at 09:15.", [])
    assert desk.pass_time(301.0).open == ["prompt-break"]


@pytest.mark.parametrize("event", [Closed("prompt-1", expired=False), Answered("prompt-1", "default")])
def test_closing_the_line_ends_nothing(event: Event) -> None:
    desk = on_a_break()
    desk.do(event)
    assert desk.open == []
    assert desk.pass_time(301.0).took()[-2:] == ["10:05:05 break break_end", f"10:05:05 {WELCOME}"]


def test_the_line_takes_the_place_of_what_a_guide_left() -> None:
    desk = Watched(plan(BREAK, reminder("stretch", 2400.0)), content=GUIDED).until("09:40")
    desk.do(verbs.Start())
    while desk.engine.world.courses.guide is not None:
        desk.pass_time(1.0)
    assert desk.open == ["prompt-1"]
    desk.do(verbs.Start())
    desk.do(NotifierChanged(ready=True, keeps=False))  # another screen: what goes on is said there too
    assert desk.open == ["prompt-break"]


@pytest.mark.parametrize("rebooted", [False, True])
def test_a_break_goes_on_over_a_restart(rebooted: bool) -> None:
    desk = on_a_break().pass_time(60.0)
    desk.restart(10.0, rebooted=rebooted)
    assert desk.due_in("break") == 230.0 + 3600.0
    desk.took()
    assert desk.pass_time(231.0).took() == ["10:05:05 break break_end", f"10:05:05 {WELCOME}"]


def test_locking_late_in_a_break_begins_no_cycle_before_its_end() -> None:
    desk = on_a_break(reminder("tea", 7200.0), sits=True)
    desk.pass_time(60.0).leave().pass_time(30.0)
    lock(desk, 30.0)
    assert desk.due_in("break") == 180.0 + 3600.0


# ---- verbs during a break ----------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [verbs.Done(), verbs.Skip()])
def test_an_answer_without_a_name_ends_the_break_and_touches_nothing_else(verb: verbs.Verb) -> None:
    desk = on_a_break(reminder("tea", 4200.0)).pass_time(60.0)
    reply = desk.do(verb)
    assert reply is not None
    assert (reply.ok, reply.message) == (True, "Your break is over. Next: tea in 9 min.")
    assert desk.took() == story("""
        10:01:05 break break_end
        10:01:05 hide prompt-1
    """)
    assert view(desk.engine)["guide"] is None


def test_a_named_reminder_is_answered_during_a_break_as_ever() -> None:
    desk = on_a_break(reminder("tea", 7200.0))
    desk.do(verbs.Done("tea"))
    assert desk.took() == ["10:00:05 tea done"]


def test_a_newer_prompt_is_answered_before_the_break() -> None:
    desk = on_a_break(reminder("tea", 7200.0))
    desk.do(verbs.Now("tea"))
    desk.took()
    desk.do(verbs.Done())
    assert "10:00:05 tea done" in desk.took()
    assert view(desk.engine)["guide"] == {"reminder": "break", "kind": "break", "until": TEN_PAST}


def test_to_start_again_tells_until_when_the_break_lasts() -> None:
    desk = on_a_break()
    reply = desk.do(verbs.Start())
    assert reply is not None
    assert reply.message == "Your break goes on. Back at 10:05."
    assert desk.took() == []


def test_a_break_is_told_of_until_its_time_is_over_also_while_they_are_away() -> None:
    desk = on_a_break()
    assert headline(desk.engine) == "Break until 10:05"
    desk.do(AwayBegan(Away.LOCKED))
    desk.pass_time(299.0)
    assert view(desk.engine)["guide"] == {"reminder": "break", "kind": "break", "until": TEN_PAST}
    assert headline(desk.engine) == "Break until 10:05"
    desk.pass_time(2.0)
    assert view(desk.engine)["guide"] is None
    assert headline(desk.engine) == "Nobody at the screen"
