"""What a flare-up asks and hushes: an emergency's day, questions and their buttons, the evening check-in."""

import json
from dataclasses import replace
from typing import Any

import pytest
from support.virtual import MONDAY_9, Desk, plan, promptly, reminder, story, without

from neckguard.content import loader
from neckguard.core import verbs
from neckguard.core.events import (
    Answered,
    AwayBegan,
    AwayEnded,
    Closed,
    NotifierChanged,
    QuietChanged,
    Undelivered,
)
from neckguard.core.model import Away, Card, QuietReason
from neckguard.core.neck.flare.plan import under_flare
from neckguard.core.neck.health import Scope
from neckguard.core.plan import Opening
from neckguard.core.told.explain import explain
from neckguard.core.told.view import view

CONTENT = loader.load_content()
HOUR, DAY = 3600.0, 86400.0
OFFICE = tuple(Opening(day, 9 * 60, 17 * 60) for day in range(5))


class Patient(Desk):
    """Somebody whose flare-up begins at nine on a Monday."""

    def __init__(self, *reminders: Any, flags: tuple[str, ...] = (), **changes: Any) -> None:
        chosen = plan(*(reminders or (reminder("break", 3600.0, expire_after=1e9),)), **changes)
        super().__init__(chosen, content=CONTENT)
        self.shown: list[tuple[str, str]] = []
        self.watch = self._note
        self.pass_time(60.0)
        self.do(verbs.FlareStart(flags=flags))
        self.took()

    def _note(self, card: Card) -> None:
        self.shown.append((f"{self.now.wall:%d %H:%M}", card.key.rstrip("0123456789").rstrip("-")))

    @property
    def flare(self) -> Any:
        return view(self.engine)["flare"]


# ---- the day of an emergency -------------------------------------------------------------------------------


def test_an_emergency_takes_the_open_prompt_and_its_guide_off_and_says_why() -> None:
    desk = Desk(plan(reminder("stretch", 2400.0), reminder("tea", 3000.0)), content=CONTENT, person=promptly)
    desk.until("09:40").pass_time(8.0)
    assert [card.kind for card in desk.screen.values()] == ["guide"]
    desk.do(verbs.FlareStart(flags=("chest",)))
    assert desk.open == []
    desk.until("10:30")
    status = view(desk.engine)
    assert (status["state"], desk.open) == ("quiet", [])
    assert status["quiet"] == [
        {
            "reason": "emergency",
            "detail": "you named an emergency today",
            "since": "2026-11-23T09:40:08+01:00",
        }
    ]
    sentences = explain(desk.engine, "tea")["sentences"]
    assert "Quiet: you named an emergency today, seen since 09:40." in sentences
    assert sentences[-1].endswith("in the way: you named an emergency today.")


def test_what_the_person_asks_for_comes_all_the_same() -> None:
    desk = Patient(flags=("chest",))
    desk.do(verbs.Now("break"))
    desk.do(verbs.Checkin(4))
    desk.do(verbs.Timer("cold"))
    desk.pass_time(600.0)
    assert [name for _, name in desk.shown] == ["prompt", "timer-skin", "timer"]


def test_a_break_that_is_taken_ends_without_a_word() -> None:
    desk = Desk(plan(reminder("break", 3600.0)), content=CONTENT, person=promptly)
    desk.until("10:01")
    desk.do(verbs.FlareStart(flags=("face",)))
    assert desk.open == []
    desk.until("10:30")
    assert desk.open == []


def test_prompts_come_again_the_next_morning_and_at_once_when_somebody_has_looked() -> None:
    desk = Patient(reminder("tea", 1800.0, expire_after=1e9), flags=("chest",), hours=OFFICE)
    desk.pass_time(DAY - HOUR)
    assert [name for _, name in desk.shown] == ["neck-looked"]
    desk.pass_time(HOUR)
    assert desk.shown[-1] == ("24 09:00", "prompt")
    desk = Patient(reminder("tea", 1800.0, expire_after=1e9), flags=("chest",), hours=OFFICE)
    desk.until("10:00")
    desk.do(verbs.FlareCleared())
    desk.pass_time(60.0)
    assert desk.shown == [("23 10:00", "prompt")]


# ---- questions ---------------------------------------------------------------------------------------------


def test_whether_somebody_has_looked_is_asked_outside_the_hours_too() -> None:
    desk = Desk(plan(reminder("tea", 1800.0), hours=OFFICE), content=CONTENT)
    desk.until("16:30")
    desk.do(verbs.FlareStart(flags=("chest", "weakness", "tingling")))
    desk.until("18:31")
    (card,) = desk.screen.values()
    assert card == Card(
        key="neck-looked",
        title="About your neck",
        lines=(
            f"You named: {CONTENT.red_flags[_first('chest', 'weakness')].text} (and 1 more).",
            "Has somebody looked at it? If not, get help now.",
        ),
        buttons=card.buttons,
        verbs="If somebody has: neckguard flare cleared",
        lasting=True,
    )
    assert [(each.key, each.label) for each in card.buttons] == [("yes", "Yes"), ("no", "Not yet")]


def _first(*flags: str) -> str:
    return next(flag for flag in CONTENT.red_flags if flag in flags)


@pytest.mark.parametrize(
    "busy",
    [
        (QuietChanged(QuietReason.DND, "on"), QuietChanged(QuietReason.DND, "")),
        (AwayBegan(Away.LOCKED), AwayEnded(Away.LOCKED)),
        (verbs.Pause(DAY), verbs.Resume()),
    ],
)
def test_it_waits_for_what_is_quiet_an_absence_and_a_pause(busy: Any) -> None:
    desk = Patient(flags=("chest",))
    desk.do(busy[0])
    desk.pass_time(3 * HOUR)
    assert desk.shown == []
    desk.do(busy[1])
    desk.pass_time(60.0)
    assert [name for _, name in desk.shown] == ["neck-looked"]


def test_a_question_is_asked_once_however_it_is_closed_and_comes_back_with_the_server() -> None:
    desk = Patient(flags=("chest",))
    desk.until("12:00")
    desk.do(NotifierChanged(ready=False, keeps=False))
    desk.do(NotifierChanged(ready=True, keeps=False))
    desk.do(Closed("neck-looked", expired=False))
    desk.do(NotifierChanged(ready=True, keeps=False))
    desk.pass_time(8 * HOUR)
    assert [name for _, name in desk.shown] == ["neck-looked", "neck-looked"]
    assert desk.flare["open"]


def test_a_question_that_nobody_can_have_seen_is_asked_again() -> None:
    desk = Patient(flags=("chest",))
    desk.until("11:02")
    desk.do(Undelivered("neck-looked", "refused"))
    desk.until("13:00")
    assert desk.shown == [("23 11:01", "neck-looked"), ("23 12:01", "neck-looked")]


def test_one_that_was_answered_in_the_terminal_is_taken_down() -> None:
    desk = Patient(flags=("chest",))
    desk.until("12:00")
    assert desk.open == ["neck-looked"]
    desk.do(verbs.FlareCleared())
    assert "neck-looked" not in desk.open
    desk.do(Answered("neck-looked", "yes"))
    assert without(desk.took(), "due") == story(
        """
        11:01:00 noticed (looked)
        12:00:00 flare_cleared
        12:00:00 break shown
        """
    )


def test_a_flare_up_that_was_cleared_can_be_flagged_again() -> None:
    desk = Patient(flags=("weakness",))
    desk.do(verbs.FlareCleared())
    assert (desk.flare["open"], desk.flare["flags"], desk.flare["urgency"]) == (False, [], "")
    assert desk.flare["cleared"] == "2026-11-23T09:01:00+01:00"
    desk.do(verbs.FlareStart(flags=("age",)))
    assert (desk.flare["flags"], desk.flare["urgency"], desk.flare["cleared"]) == (["age"], "this_week", None)
    desk.do(verbs.FlareStart(flags=("severe",)))
    assert (desk.flare["open"], desk.flare["urgency"]) == (True, "same_day")


def test_nothing_is_cleared_where_nothing_was_named() -> None:
    desk = Patient()
    reply = desk.do(verbs.FlareCleared())
    assert reply is not None
    assert reply.message == "Nothing that you named waits for a look. The plan: neckguard flare"


def test_a_flare_up_with_something_named_for_this_week_ends_without_praise() -> None:
    desk = Patient(flags=("age",))
    reply = desk.do(verbs.FlareEnd())
    assert reply is not None
    assert reply.message.startswith("Noted: it is over. Your normal plan is back;")


def test_that_flare_ups_come_often_is_not_said_while_nobody_has_looked() -> None:
    desk = Patient(reminder("water", 7200.0, enabled=False))
    desk.do(verbs.FlareEnd())
    desk.pass_time(8 * DAY)
    desk.shown.clear()
    desk.do(verbs.FlareStart(flags=("severe",)))
    desk.pass_time(3 * DAY)
    assert [name for _, name in desk.shown if name.startswith(("note", "neck"))] == ["neck-looked"]
    desk.do(verbs.FlareCleared())
    desk.pass_time(HOUR)
    assert [name for _, name in desk.shown][1:] == ["note-two_in_30_days", "note-after_48h"]


def test_a_start_long_after_is_a_new_one_also_where_an_old_one_is_forgotten_by_it() -> None:
    desk = Patient()
    desk.do(verbs.FlareEnd())
    desk.pass_time(100 * DAY)
    reply = desk.do(verbs.FlareStart())
    assert reply is not None
    assert reply.message.startswith("The flare-up plan is in force")
    assert len(desk.engine.rules.care.memory.flares) == 1


# ---- the evening check-in ----------------------------------------------------------------------------------

SHOPS = tuple(Opening(day, start, start + 240) for day, start in ((0, 480), (1, 480), (2, 900)))
NIGHTS = tuple(Opening(day, 20 * 60, 28 * 60) for day in range(7))


@pytest.mark.parametrize(
    ("own", "hours", "at"),
    [
        ({"at": ("17:30",), "days": (0, 1), "enabled": False}, (), ("17:30",)),
        ({"at": ("08:00", "16:00")}, OFFICE, ("08:00", "16:00")),
        ({"at": ("17:30",), "enabled": False}, OFFICE, ("16:30",)),
        ({"at": ("*:30", "07:00")}, OFFICE, ("*:30", "07:00")),
        ({"at": ("07:00",)}, SHOPS, ("11:30",)),
        ({"at": ("17:30",)}, NIGHTS, ("03:30",)),
        ({"at": ("01:30",)}, NIGHTS, ("01:30",)),
        ({"every": 7200.0, "enabled": False}, OFFICE, ()),
    ],
)
def test_the_evening_check_in_is_on_every_day_at_a_time_within_the_hours(
    own: dict[str, Any], hours: tuple[Opening, ...], at: tuple[str, ...]
) -> None:
    (evening,) = under_flare(plan(reminder("checkin", **{"every": None, **own}), hours=hours)).reminders
    assert (evening.enabled, evening.at, evening.days) == (True, at, tuple(range(7)))
    assert evening.every == own.get("every")


def test_its_card_says_how_to_answer_where_there_are_no_buttons() -> None:
    desk = Patient(reminder("checkin", None, at=("17:30",), enabled=False))
    desk.until("17:30").pass_time(5.0)
    (card,) = desk.screen.values()
    assert [(each.key, each.label) for each in card.buttons] == [
        ("better", "Better, turning is easy"),
        ("same", "About the same"),
        ("worse", "Worse"),
    ]
    assert card.lines == ("Better or worse than yesterday? Is turning your head easy?",)
    assert card.verbs == (
        "Answer: neckguard checkin 0 to 10; if turning is easy: neckguard flare log --turning yes"
    )


@pytest.mark.parametrize(
    ("button", "detail", "stage"),
    [
        ("better", "better, turning yes", "return"),
        ("same", "same", "after_48h"),
        ("worse", "worse", "after_48h"),
    ],
)
def test_a_click_is_kept_as_it_was_said_and_can_be_taken_back(button: str, detail: str, stage: str) -> None:
    desk = Patient(reminder("checkin", None, at=("17:30",)))
    desk.pass_time(3 * DAY)
    desk.until("17:30").pass_time(1.0)
    before = desk.flare
    (key,) = (key for key in desk.open if key.startswith("prompt"))
    desk.took()
    desk.do(Answered(key, button))
    assert desk.took() == [f"17:30:01 checkin ({detail})", "17:30:01 checkin done"]
    assert desk.flare["stage"] == stage
    reply = desk.do(verbs.CheckinUndo())
    assert reply is not None
    assert reply.message == "Taken back: what you said, 17:30."
    assert desk.flare == before


def test_a_click_when_the_flare_up_is_over_already_asks_for_nothing() -> None:
    desk = Patient(reminder("checkin", None, at=("17:30",)))
    desk.until("17:30").pass_time(5.0)
    (key,) = desk.open
    desk.do(verbs.FlareEnd())
    desk.took()
    desk.do(Answered(key, "better"))
    assert desk.flare is None
    assert desk.took() == ["17:30:05 checkin (better, turning yes)", "17:30:05 checkin done"]


def test_a_break_brings_a_movement_of_the_neck_as_soon_as_one_may_come() -> None:
    desk = Patient()
    desk.pass_time(2 * DAY)
    assert desk.engine.world.programme.limits.scope is Scope.HALF
    desk.do(verbs.Done())
    areas = {each.id: each.areas for each in CONTENT.stretches}
    course, done = desk.engine.world.courses["break"], set[str]()
    for _ in range(6):
        desk.pass_time(2400.0)
        assert course.prompt is not None
        assert "neck" in areas[course.prompt.stretch]
        done.add(course.prompt.stretch)
        desk.do(verbs.Done())
    assert len(done) > 2
    for stretch in (each for each, where in areas.items() if "neck" in where):
        desk.do(verbs.Hurt(stretch))
    desk.pass_time(2400.0)
    assert course.prompt is not None
    assert course.prompt.stretch in areas


def test_whoever_had_an_accident_is_not_told_to_stand_up() -> None:
    desk = Patient(flags=("accident",))
    said: list[str] = []
    desk.watch = lambda card: said.extend((card.title, *card.lines)) if card.kind == "break" else None
    for _ in range(20):
        desk.pass_time(HOUR)
        desk.do(verbs.Done())
    desk.pass_time(DAY)
    assert set(said) == {
        "Time away from the desk: 5 min",
        "Turn away from the screen, and rest your eyes on something far away.",
    }


# ---- what former versions kept -----------------------------------------------------------------------------


def test_what_a_former_version_kept_is_understood() -> None:
    flare = {
        "began": MONDAY_9.timestamp() - 2 * DAY,
        "severity": 5,
        "side": "left",
        "flags": [],
        "urgency": None,
        "hurt_at": MONDAY_9.timestamp() - DAY,
        "comfortable_since": None,
        "last_score": 4,
        "lost_days": 2,
        "told": ["day_7"],
        "ended": None,
        "end": None,
    }
    over = {**flare, "ended": MONDAY_9.timestamp() - DAY, "end": "no sign of pain for three weeks"}
    memory = {"calm_since": 0.0, "flares": [over, flare], "told": [], "scored": None, "to_tell": ""}
    desk = Patient()
    desk.engine.rules.care.restore(json.loads(json.dumps({"care": memory})))
    assert [each.end for each in desk.engine.rules.care.memory.flares] == [
        "no sign of pain for three weeks",
        None,
    ]
    assert (desk.flare["lost_days"], desk.flare["lowest"], desk.flare["open"]) == (2, 4, False)
    reply = desk.do(verbs.FlareLog(6))
    assert reply is not None
    assert reply.data == {"checklist": True}


def test_a_start_after_an_end_of_a_former_version_goes_on_with_it() -> None:
    desk = Patient()
    desk.do(verbs.FlareEnd())
    memory = desk.engine.rules.care.memory
    (flare,) = memory.flares
    ended = replace(flare, end="no sign of pain for three weeks")
    desk.engine.rules.care.memory = replace(memory, flares=(ended,))
    desk.do(verbs.FlareStart())
    assert len(desk.engine.rules.care.memory.flares) == 1
    assert desk.flare["day"] == 1
