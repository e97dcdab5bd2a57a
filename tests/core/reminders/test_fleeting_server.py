"""A server that shows what it gets when it likes, and tells nobody: GNOME's, beside a full screen."""

from dataclasses import replace
from typing import Any

import pytest
from support.virtual import DEFAULTS, GUIDED, MONDAY_9, TUCK, Desk, plan, reminder, story
from support.watched import Watched

from neckguard.core.events import Answered, Closed, NotifierChanged, ScreenReader
from neckguard.core.told.explain import explain
from neckguard.core.told.view import view
from neckguard.core.verbs import Done, Now, Start

FLEETING = NotifierChanged(ready=True, keeps=True, fleeting="gnome-shell")
UNSURE = "(gnome-shell may not have shown it)"
POSTURE = reminder("posture", 1200.0)


def fleeting(*reminders: Any, **more: Any) -> Desk:
    desk = Desk(plan(*reminders), **more)
    desk.do(FLEETING)
    return desk


@pytest.mark.parametrize("name", ["posture", "stretch", "tea"])
def test_what_went_unanswered_is_offered_again_once(name: str) -> None:
    assert fleeting(reminder(name, 1200.0, snooze=120.0)).until("10:00").took() == story(f"""
        09:20:00 {name} due
        09:20:00 {name} shown
        09:25:00 {name} ignored {UNSURE}
        09:27:00 {name} due
        09:27:00 {name} shown
        09:32:00 {name} ignored {UNSURE}
        09:52:00 {name} due
        09:52:00 {name} shown
        09:57:00 {name} ignored {UNSURE}
        09:59:00 {name} due
        09:59:00 {name} shown
    """)


def test_so_is_what_the_server_let_go_of() -> None:
    desk = fleeting(POSTURE).until("09:20")
    desk.took()
    desk.do(Closed("prompt-1", expired=True))
    assert desk.until("09:26").took() == story(f"""
        09:20:00 posture ignored {UNSURE}
        09:25:00 posture due
        09:25:00 posture shown
    """)


def test_what_was_answered_when_it_was_offered_again_begins_anew() -> None:
    desk = fleeting(POSTURE).until("09:31")
    assert desk.open == ["prompt-2"]
    desk.do(Answered("prompt-2", "skip"))
    assert desk.until("10:02").took()[5:] == story(f"""
        09:31:00 posture skipped
        09:51:00 posture due
        09:51:00 posture shown
        09:56:00 posture ignored {UNSURE}
        10:01:00 posture due
        10:01:00 posture shown
    """)


@pytest.mark.parametrize(("max_snoozes", "again"), [(0, 1), (1, 1), (2, 2)])
def test_an_unanswered_break_is_offered_no_more_often_than_elsewhere_but_once(
    max_snoozes: int, again: int
) -> None:
    desk = fleeting(reminder("break", 3600.0, max_snoozes=max_snoozes), reminder("stretch", 10800.0))
    shown = [line for line in desk.until("11:50").took() if line.endswith("break shown")]
    assert (len(shown), desk.engine.world.courses["break"].given_up) == (1 + again, True)


def test_what_it_covered_comes_along() -> None:
    desk = fleeting(reminder("posture", 2300.0), reminder("stretch", 2400.0)).until("09:52")
    assert desk.took() == story(f"""
        09:38:20 posture due
        09:40:00 stretch due
        09:40:00 stretch shown (covers posture)
        09:45:00 stretch ignored {UNSURE}
        09:45:00 posture put_off (with stretch)
        09:50:00 posture due
        09:50:00 stretch due
        09:50:00 stretch shown (covers posture)
    """)


def test_midnight_drops_a_clock_time_that_is_offered_again() -> None:
    late = reminder("tea", at=("23:53",))
    desk = fleeting(late, start=MONDAY_9.replace(hour=23)).until("23:59")
    assert desk.pass_time(300.0).took() == story(f"""
        23:53:00 tea due
        23:53:00 tea shown
        23:58:00 tea ignored {UNSURE}
        00:00:00 tea dropped (midnight)
    """)


def test_what_is_switched_off_comes_when_it_is_asked_for_and_no_more() -> None:
    desk = fleeting(replace(POSTURE, enabled=False), reminder("break", 7200.0)).until("09:20")
    desk.do(Now("posture"))
    assert desk.until("10:00").took() == story(f"""
        09:20:00 posture shown
        09:25:00 posture ignored {UNSURE}
    """)


def test_it_is_offered_once_though_the_daemon_starts_anew() -> None:
    desk = fleeting(POSTURE).until("09:27")
    desk.restart()
    desk.do(FLEETING)
    assert desk.until("09:41").took()[-3:] == story(f"""
        09:30:00 posture due
        09:30:00 posture shown
        09:35:00 posture ignored {UNSURE}
    """)


def test_status_and_why_say_who_got_it_and_not_that_it_is_on_the_screen() -> None:
    engine = fleeting(*DEFAULTS).until("09:20").engine
    assert view(engine)["prompt"]["handed_to"] == "gnome-shell"
    said = explain(engine, None)["sentences"]
    assert said == ["posture: handed to gnome-shell at 09:20, which does not tell whether it shows it."]


# ---- guides: a banner is gone after four seconds ---------------------------------------------------------


def guided(*events: Any) -> list[str]:
    """What a guide shows, from its start to its end."""
    desk = Watched(plan(reminder("stretch", 2400.0)), content=replace(GUIDED, stretches=(TUCK,)))
    for event in (FLEETING, *events):
        desk.do(event)
    desk.until("09:40").took()
    desk.do(Answered("prompt-1", "start"))
    return [line for line in desk.until("09:41").took() if "[Chin tuck]" in line]


def test_a_guide_says_again_what_goes_on() -> None:
    assert guided() == story("""
        09:40:00 [Chin tuck] Sit tall. / Get ready: 5 s / Don't nod.
        09:40:01 [Chin tuck] Sit tall. / Get ready: 4 s / Don't nod.
        09:40:04 [Chin tuck] Sit tall. / Get ready: 1 s / Don't nod.
        09:40:05 [Chin tuck] Glide back. Hold. Come forward. / 1 of 2: 8 s
        09:40:08 [Chin tuck] Glide back. Hold. Come forward. / 1 of 2: 5 s
        09:40:11 [Chin tuck] Glide back. Hold. Come forward. / 1 of 2: 2 s
        09:40:13 [Chin tuck] Glide back. Hold. Come forward. / 2 of 2: 8 s
        09:40:16 [Chin tuck] Glide back. Hold. Come forward. / 2 of 2: 5 s
        09:40:19 [Chin tuck] Glide back. Hold. Come forward. / 2 of 2: 2 s
    """)


def test_what_stands_in_the_place_of_an_answered_prompt_is_said_again_once() -> None:
    desk = Watched(plan(reminder("break", 3600.0)))
    desk.do(FLEETING)
    desk.until("10:00").took()
    desk.do(Answered("prompt-1", "start"))
    assert [line for line in desk.until("10:04").took() if "[" in line] == story("""
        10:00:00 [Time away from the desk: 5 min] Back at 10:05
        10:00:01 [Time away from the desk: 5 min] Back at 10:05
    """)


def test_the_first_start_from_a_terminal_is_told_of_the_guide_that_is_there() -> None:
    desk = Desk(plan(reminder("stretch", 2400.0)), content=replace(GUIDED, stretches=(TUCK,)))
    said = []
    for event in (NotifierChanged(ready=True, keeps=True), FLEETING, FLEETING):
        desk.do(event)
        reply = desk.do(Start())
        assert reply is not None
        said.append(reply.message)
        desk.do(Done())
    plain = "Chin tuck: follow the notification, 16 s."
    assert said == [plain, f"{plain} Not in sight? In the terminal: neckguard stretch tuck.", plain]


def test_with_a_screen_reader_a_guide_says_each_thing_once() -> None:
    assert guided(ScreenReader(on=True)) == story("""
        09:40:00 [Chin tuck] Sit tall. / Get ready: 5 s / Don't nod.
        09:40:05 [Chin tuck] Glide back. Hold. Come forward. / 1 of 2: 8 s
        09:40:13 [Chin tuck] Glide back. Hold. Come forward. / 2 of 2: 8 s
    """)
