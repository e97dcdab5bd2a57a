"""`why`: sentences about what comes next, what is in the way, and what was decided."""

from typing import Any

import pytest
from support.virtual import DEFAULTS, Desk, never, plan, promptly, reminder

from neckguard.core import verbs
from neckguard.core.events import AwayBegan, AwayEnded, NotifierChanged, Undelivered
from neckguard.core.model import Away
from neckguard.core.plan import Opening
from neckguard.core.told.explain import explain


def why(desk: Desk, name: str | None = None) -> list[str]:
    sentences: list[str] = explain(desk.engine, name)["sentences"]
    return sentences


def test_what_comes_next() -> None:
    desk = Desk().pass_time(600.0)
    assert why(desk) == ["posture: due after 10 min more at the screen; 10 min counted so far."]
    assert why(desk, "break") == ["break: due after 50 min more at the screen; 10 min counted so far."]


def test_a_time_of_day() -> None:
    desk = Desk(plan(reminder("lunch", None, at=("12:30",))))
    assert why(desk) == ["lunch: comes at 12:30."]
    assert why(desk.until("13:00")) == ["lunch: comes at tomorrow 12:30."]


def test_switched_off_and_nothing_on() -> None:
    desk = Desk(plan(reminder("tea", 600.0, enabled=False)))
    assert why(desk) == ["No reminder is on, so nothing will be shown."]
    assert why(desk, "tea") == ["tea: switched off in the settings."]


def test_put_off() -> None:
    desk = Desk(plan(reminder("tea", 600.0))).pass_time(600.0)
    desk.do(verbs.Snooze())
    assert why(desk) == ["tea: put off, again after 5 min more at the screen; 10 min counted so far."]


def test_on_the_screen() -> None:
    assert why(Desk().until("09:20")) == ["posture: the prompt is on the screen since 09:20."]


def test_during_a_break_they_took() -> None:
    desk = Desk(plan(reminder("break", 3600.0)), person=promptly).pass_time(3605.0 + 60.0)
    assert why(desk) == ["break: counts again when you are back, expected in 4 min."]


def owing() -> Desk:
    desk = Desk(plan(reminder("tea", 600.0)))
    desk.do(NotifierChanged(ready=False, keeps=False))
    return desk.pass_time(600.0)


def behind(*events: Any) -> Desk:
    desk = owing()
    for event in events:
        desk.do(event)
    return desk


@pytest.mark.parametrize(
    ("desk", "way"),
    [
        (owing(), "no notification server"),
        (behind(verbs.Pause(600.0)), "you paused"),
        (behind(AwayBegan(Away.LOCKED)), "nobody at the screen"),
        (
            behind(AwayBegan(Away.LOCKED), AwayEnded(Away.LOCKED), NotifierChanged(ready=True, keeps=False)),
            "settling, you came back",
        ),
        (
            behind(NotifierChanged(ready=True, keeps=False), Undelivered("prompt-1", "no")),
            "the notification server failed, it is tried again in 5 s",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_in_the_way_of_an_owed_prompt(desk: Desk, way: str) -> None:
    assert why(desk)[-1] == f"tea: due since 09:10, still owed; in the way: {way}."


def test_what_waits_for_another() -> None:
    desk = Desk(plan(reminder("posture", 1200.0), reminder("stretch", 1300.0), reminder("tea", 1200.0)))
    desk.pass_time(1210.0)
    assert why(desk, "posture") == [
        "posture: due since 09:20, still owed; in the way: another prompt is open."
    ]
    desk.do(verbs.Done("tea"))
    spaced = "posture: due since 09:20, still owed; in the way: just after another prompt."
    assert why(desk, "posture") == [spaced]
    waits = "posture: due since 09:20, still owed; in the way: it waits for stretch, which stands for both."
    assert why(desk.pass_time(30.0), "posture") == [waits]


def test_an_unanswered_break() -> None:
    desk = Desk(plan(reminder("break", 3600.0, max_snoozes=0), reminder("stretch", 9000.0)), person=never)
    waits = (
        "break: due since 10:00, still owed; in the way: it went unanswered, and comes with the next stretch."
    )
    assert why(desk.pass_time(3700.0)) == [waits]


def test_an_unanswered_break_where_no_stretch_is_on() -> None:
    desk = Desk(plan(reminder("break", 3600.0, max_snoozes=0)), person=never)
    assert why(desk.pass_time(3700.0)) == [
        "break: due since 10:00, still owed; in the way: it went unanswered just now."
    ]


def test_an_owed_prompt_outside_the_hours() -> None:
    desk = Desk(plan(reminder("tea", 1800.0), hours=(Opening(0, 9 * 60, 9 * 60 + 30 + 1),)))
    desk.do(NotifierChanged(ready=False, keeps=False))
    assert why(desk.until("09:40"), "tea")[-1] == (
        "tea: due since 09:30, still owed; in the way: outside your hours."
    )


def test_a_prompt_the_server_has_not_answered() -> None:
    desk = Desk(plan(reminder("tea", 600.0)))
    desk.delivers = False
    assert why(desk.pass_time(700.0)) == [
        "tea: the notification server got the prompt at 09:10 and has not answered yet."
    ]


def test_holds_are_told_first_with_their_span() -> None:
    hours = (Opening(0, 8 * 60, 10 * 60), Opening(1, 8 * 60, 10 * 60))
    desk = Desk(plan(reminder("tea", 7200.0), hours=hours)).until("11:00")
    desk.do(verbs.Pause(1800.0))
    desk.do(AwayBegan(Away.LOCKED))
    assert why(desk.pass_time(600.0)) == [
        "Paused since 11:00, until 11:30: the countdowns stand still.",
        "Outside your hours since 10:00, until tomorrow 08:00: the countdowns stand still.",
        "Nobody is at the screen (locked) since 11:00: the countdowns stand still.",
        "tea: due after 1 h more at the screen; 1 h counted so far.",
    ]


def test_the_decisions_in_words_and_as_data() -> None:
    desk = Desk(plan(*DEFAULTS), person=promptly).until("09:41")
    found = explain(desk.engine, "posture")
    assert found["text"] == [
        "09:20 posture: due",
        "09:20 posture: shown",
        "09:20 posture: done",
        "09:40 posture: due",
        "09:40 posture: covered (by stretch)",
    ]
    assert found["decisions"][-1] == {
        "at": "2026-11-23T09:40:05+01:00",
        "what": "covered",
        "reminder": "posture",
        "reason": "by stretch",
    }


def test_decisions_about_everything_have_no_subject() -> None:
    desk = Desk()
    desk.do(verbs.Pause(600.0, reason="dentist"))
    assert explain(desk.engine, None)["text"] == ["09:00: paused (dentist)"]
    assert explain(desk.engine, None)["decisions"][0]["reminder"] is None


def test_the_last_twenty_decisions_are_kept() -> None:
    assert len(explain(Desk().until("13:00").engine, None)["decisions"]) == 20
