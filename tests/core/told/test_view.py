"""The engine's part of the `status --json` object, whole, in each state."""

from typing import Any

import pytest
from support.virtual import GUIDED, Desk, plan, reminder

from neckguard.core import verbs
from neckguard.core.events import AwayBegan, Event, NotifierChanged
from neckguard.core.model import Away
from neckguard.core.plan import Opening
from neckguard.core.told.view import view

OFFICE = (Opening(0, 10 * 60, 17 * 60),)


def at(clock: str) -> str:
    return f"2026-11-23T{clock}+01:00"


def entry(
    name: str,
    kind: str,
    state: str,
    due_in: float | None,
    *,
    every: float | None,
    sat: float = 0.0,
    unanswered: bool = False,
) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "enabled": state != "off",
        "state": state,
        "due_in": due_in,
        "every": every,
        "at": [] if every else ["12:30"],
        "daily": None,
        "sat": sat,
        "owed": state in ("due", "showing"),
        "unanswered": unanswered,
    }


def status(sat_today: float, **changes: Any) -> dict[str, Any]:
    """The object of a desk that runs since 9:00, with what differs."""
    return {
        "sat_today": sat_today,
        "state": "running",
        "since": at("09:00:00"),
        "holds": [],
        "quiet": [],
        "presence": {"state": "unknown", "idle_seconds": None, "source": "none"},
        "next": None,
        "reminders": [],
        "prompt": None,
        "guide": None,
        "flare": None,
        "timer": None,
        **changes,
    }


def desk(**settings: Any) -> Desk:
    return Desk(plan(reminder("posture", 1200.0), reminder("lunch", None, at=("12:30",)), **settings))


def entries(state: str, due_in: float, sat: float, lunch_in: float) -> list[dict[str, Any]]:
    lunch = "held" if state == "held" else "counting"
    return [
        entry("posture", "posture", state, due_in, every=1200.0, sat=sat),
        entry("lunch", "note", lunch, lunch_in, every=None),
    ]


def test_running() -> None:
    assert view(desk().pass_time(600.0).engine) == status(
        600.0, next={"name": "posture", "due_in": 600.0}, reminders=entries("counting", 600.0, 600.0, 12000.0)
    )


def test_paused() -> None:
    here = desk().pass_time(600.0)
    here.do(verbs.Pause(1800.0, reason="dentist"))
    assert view(here.pass_time(60.0).engine) == status(
        660.0,
        state="paused",
        since=at("09:10:00"),
        holds=[{"reason": "paused", "since": at("09:10:00"), "until": at("09:40:00"), "note": "dentist"}],
        next={"name": "posture", "due_in": 600.0},
        reminders=entries("held", 600.0, 600.0, 11940.0),
    )


def test_paused_open_ended() -> None:
    here = desk()
    here.do(verbs.Pause(until="resumed"))
    assert view(here.engine)["holds"] == [
        {"reason": "paused", "since": at("09:00:00"), "until": None, "note": ""}
    ]


def test_away() -> None:
    here = desk().pass_time(600.0)
    here.do(AwayBegan(Away.LOCKED))
    assert view(here.pass_time(60.0).engine) == status(
        600.0,
        state="away",
        since=at("09:10:00"),
        holds=[{"reason": "away", "since": at("09:10:00"), "until": None, "note": ""}],
        presence={"state": "away", "idle_seconds": None, "source": "none"},
        next={"name": "posture", "due_in": 600.0},
        reminders=entries("held", 600.0, 600.0, 11940.0),
    )


def test_off_hours() -> None:
    assert view(desk(hours=OFFICE).pass_time(60.0).engine) == status(
        60.0,
        state="off_hours",
        since="2026-11-16T17:00:00+01:00",
        holds=[
            {"reason": "off_hours", "since": "2026-11-16T17:00:00+01:00", "until": at("10:00:00"), "note": ""}
        ],
        next={"name": "posture", "due_in": 1200.0},
        reminders=entries("held", 1200.0, 0.0, 12540.0),
    )


def test_all_holds_in_the_order_of_their_rank() -> None:
    here = desk(hours=OFFICE)
    here.do(AwayBegan(Away.ASLEEP))
    here.do(verbs.Pause(60.0))
    found = view(here.engine)
    assert (found["state"], [hold["reason"] for hold in found["holds"]]) == (
        "paused",
        ["paused", "off_hours", "away"],
    )
    found = view(here.pass_time(60.0).engine)
    assert (found["state"], [hold["reason"] for hold in found["holds"]]) == (
        "off_hours",
        ["off_hours", "away"],
    )


def test_quiet() -> None:
    here = Desk(plan(reminder("tea", 10.0))).pass_time(15.0)
    assert view(here.engine) == status(
        15.0,
        state="quiet",
        since=at("09:00:10"),
        quiet=[{"reason": "settling", "detail": "neckguard started", "since": at("09:00:00")}],
        next={"name": "tea", "due_in": 0.0},
        reminders=[entry("tea", "note", "due", 0.0, every=10.0, sat=15.0)],
    )


def test_showing() -> None:
    assert view(desk().pass_time(1210.0).engine) == status(
        1210.0,
        next={"name": "posture", "due_in": 0.0},
        reminders=entries("showing", 0.0, 1210.0, 11390.0),
        prompt={
            "id": 1,
            "reminder": "posture",
            "shown_at": at("09:20:00"),
            "handed_to": "",
            "title": "Shift a little",
            "lines": ["Try this."],
            "actions": ["done", "skip"],
            "answer": "neckguard done or skip",
            "guiding": False,
        },
    )


def test_a_stretch_that_is_guided_through() -> None:
    here = Desk(plan(reminder("stretch", 600.0)), content=GUIDED).until("09:10")
    here.do(verbs.Start())
    guide = here.engine.world.courses.guide
    assert guide is not None
    until = here.engine.world.later(guide.seconds).isoformat(timespec="seconds")
    here.pass_time(5.0)
    assert view(here.engine)["guide"] == {"reminder": "stretch", "kind": "stretch", "until": until}


def test_snoozed_and_off() -> None:
    here = Desk(plan(reminder("tea", 600.0), reminder("coffee", 600.0, enabled=False))).pass_time(600.0)
    here.do(verbs.Snooze())
    assert view(here.engine) == status(
        600.0,
        next={"name": "tea", "due_in": 300.0},
        reminders=[
            entry("tea", "note", "snoozed", 300.0, every=600.0, sat=600.0),
            entry("coffee", "note", "off", None, every=600.0),
        ],
    )


def test_nothing_on() -> None:
    here = Desk(plan(reminder("tea", 600.0, enabled=False))).pass_time(3600.0)
    assert view(here.engine) == status(3600.0, reminders=[entry("tea", "note", "off", None, every=600.0)])


def test_a_break_nobody_answered_is_due_and_owed() -> None:
    here = Desk(plan(reminder("break", 3600.0, max_snoozes=0), reminder("stretch", 9000.0))).pass_time(3700.0)
    found = view(here.engine)
    assert (found["state"], found["quiet"], found["prompt"]) == ("running", [], None)
    assert found["reminders"][0] == entry(
        "break", "break", "due", 0.0, every=3600.0, sat=3700.0, unanswered=True
    )
    assert found["next"] == {"name": "stretch", "due_in": 5300.0}


def test_what_is_switched_off_but_was_asked_for_and_snoozed_is_next() -> None:
    here = Desk(plan(reminder("tea", 600.0, enabled=False)))
    here.do(verbs.Now("tea"))
    assert view(here.engine)["next"] == {"name": "tea", "due_in": 0.0}
    here.do(verbs.Snooze())
    assert view(here.engine)["next"] == {"name": "tea", "due_in": 300.0}


@pytest.mark.parametrize("event", [verbs.Pause(600.0), AwayBegan(Away.LOCKED)])
def test_nothing_is_quiet_while_paused_or_away(event: Event | verbs.Verb) -> None:
    here = Desk(plan(reminder("tea", 10.0))).pass_time(15.0)
    assert view(here.engine)["quiet"] != []
    here.do(event)
    assert view(here.engine)["quiet"] == []


def test_a_time_of_day_outside_the_hours_is_not_what_comes_next() -> None:
    hours = (*OFFICE, Opening(1, 8 * 60, 17 * 60))
    here = Desk(plan(reminder("lunch", None, at=("09:30", "18:00")), hours=hours))
    assert view(here.engine)["next"] == {"name": "lunch", "due_in": 24.5 * 3600.0}


def test_without_a_server_what_is_due_stays_due() -> None:
    here = desk()
    here.do(NotifierChanged(ready=False, keeps=False))
    assert [each["state"] for each in view(here.pass_time(1300.0).engine)["reminders"]] == ["due", "counting"]


@pytest.mark.parametrize("seconds", [0.04, 0.06])
def test_spans_are_rounded_to_a_tenth(seconds: float) -> None:
    assert view(desk().pass_time(600.0 + seconds).engine)["next"]["due_in"] in (600.0, 599.9)


def test_state_since_is_when_the_state_began() -> None:
    here = desk().pass_time(600.0)
    here.do(verbs.Pause(60.0))
    assert view(here.pass_time(300.0).engine)["since"] == at("09:11:00")
