"""Flare-ups in virtual time: the plan in force, its stages, its end, its notices."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.virtual import MONDAY_9, Desk, plan, reminder, story, without

from neckguard.content import loader
from neckguard.core import verbs
from neckguard.core.events import Answered, AnswersChanged, NotifierChanged, PlanChanged, QuietChanged
from neckguard.core.model import Card, QuietReason, Record
from neckguard.core.neck.health import Ease, Scope
from neckguard.core.plan import Answers, HistorySettings
from neckguard.core.told.saved import LastLife, forgotten, take_state
from neckguard.core.told.view import view

CONTENT = loader.load_content()
HOUR, DAY = 3600.0, 86400.0


class Patient(Desk):
    """Somebody with the catalogue, who notes which notices came on which day."""

    def __init__(self, *reminders: Any, **changes: Any) -> None:
        chosen = plan(*(reminders or (reminder("water", 7200.0, enabled=False),)), **changes)
        super().__init__(chosen, content=CONTENT)
        self.notes: list[tuple[int, str]] = []
        self.watch = self._note
        self.began = self.wall
        self.pass_time(60.0)

    def _note(self, card: Card) -> None:
        sort, _, name = card.key.partition("-")
        if sort in ("note", "neck"):
            self.notes.append((round((self.wall - self.began) / DAY), name))

    def say(self, verb: verbs.Verb) -> str:
        reply = self.do(verb)
        assert reply is not None
        return reply.message

    def scope(self) -> Scope:
        return self.engine.world.programme.limits.scope

    @property
    def entries(self) -> list[Record]:
        return [effect for effect in self.effects if isinstance(effect, Record) and effect.what == "checkin"]

    @property
    def status(self) -> Any:
        return view(self.engine)["flare"]

    def enabled(self) -> dict[str, float | None]:
        return {each.name: each.reminder.every for each in self.engine.world.courses if each.reminder.enabled}


def usual(**changes: Any) -> tuple[Any, ...]:
    return (
        reminder("posture", 1200.0),
        reminder("stretch", 2400.0),
        reminder("break", 3600.0, expire_after=1e9, **changes),
    )


def test_the_plan_is_in_force_at_once_and_the_normal_one_is_back_at_the_end() -> None:
    desk = Patient(*usual(), reminder("tea", 7200.0), reminder("strength", 86400.0, kind="stretch"))
    assert desk.say(verbs.FlareStart(5, "left")) == (
        "The flare-up plan is in force: a break every 40 min with one small, safe movement; posture checks"
        " and stretches rest. In the evening you are asked how it goes; or at any time: neckguard flare log."
        " When it is over: neckguard flare end"
    )
    assert desk.enabled() == {"break": 2400.0, "tea": 7200.0}
    assert desk.status == {
        "since": "2026-11-23T09:01:00+01:00",
        "day": 1,
        "severity": 5,
        "side": "left",
        "stage": "first_48h",
        "exercises": "safe",
        "urgency": "",
        "flags": [],
        "comfortable": False,
        "lost_days": 0,
        "last_score": None,
        "lowest": 5,
        "open": False,
        "cleared": None,
    }
    assert desk.say(verbs.FlareEnd()).startswith("Good to hear. Your normal plan is back")
    assert desk.enabled() == {
        "posture": 1200.0,
        "stretch": 2400.0,
        "break": 3600.0,
        "tea": 7200.0,
        "strength": 86400.0,
    }
    assert desk.status is None


@pytest.mark.parametrize(
    ("changes", "every"),
    [
        ({}, 2400.0),
        ({"every": 1500.0}, 1500.0),
        ({"enabled": False}, 2400.0),
        ({"every": None, "at": ("12:00",)}, 2400.0),
    ],
)
def test_breaks_come_every_40_minutes_or_at_the_persons_own_shorter_interval(
    changes: dict[str, Any], every: float
) -> None:
    desk = Patient(reminder("break", **{"every": 3600.0, **changes}))
    desk.say(verbs.FlareStart())
    assert desk.enabled() == {"break": every}


def test_time_already_sat_counts_for_the_nearer_break() -> None:
    desk = Patient(*usual())
    desk.until("09:50")
    desk.took()
    desk.say(verbs.FlareStart())
    assert "09:50:00 break due" in desk.took()


def test_new_settings_change_the_normal_plan_and_leave_the_flare_up_in_force() -> None:
    desk = Patient(*usual())
    desk.say(verbs.FlareStart())
    desk.do(PlanChanged(plan(reminder("posture", 600.0), reminder("break", 1800.0))))
    assert desk.enabled() == {"break": 1800.0}
    desk.say(verbs.FlareEnd())
    assert desk.enabled() == {"posture": 600.0, "break": 1800.0}


def test_a_break_brings_one_small_neck_movement_a_tiny_way() -> None:
    desk = Patient(*usual())
    desk.say(verbs.FlareStart())
    shown: list[str] = []
    desk.watch = lambda card: shown.append(card.kind)
    suggested = []
    for _ in range(4):
        desk.pass_time(2400.0)
        prompt = desk.engine.world.courses["break"].prompt
        assert prompt is not None
        assert prompt.portion is not None
        suggested.append((prompt.stretch, prompt.portion.eased, prompt.portion.hold))
        desk.do(verbs.Done())
    assert suggested == [("nod", Ease.TINY, 0.0), ("head-turn", Ease.TINY, 0.0)] * 2
    assert set(shown) == {"break"}


def test_a_flare_up_that_nobody_speaks_of_again_goes_on() -> None:
    desk = Patient(*usual())
    desk.say(verbs.FlareStart())
    seen = []
    for day in range(31):
        flare = desk.status
        seen.append((day, flare["exercises"] if flare else "ended", int(desk.scope())))
        desk.pass_time(DAY)
    changes = [
        each for before, each in zip([(0, "", -1), *seen], seen, strict=False) if before[1:] != each[1:]
    ]
    assert changes == [(0, "safe", 1), (2, "half", 2)]
    assert [line for line in desk.took() if "flare" in line] == ["09:01:00 flare_start"]


def test_a_comfortable_neck_gets_full_stretches_then_the_normal_plan_and_a_week_later_everything() -> None:
    desk = Patient(*usual())
    desk.say(verbs.FlareStart(6))
    desk.pass_time(3 * DAY)
    assert desk.scope() is Scope.HALF
    said = desk.say(verbs.FlareLog(turning=True))
    assert said == "Noted. Full stretches are back; two comfortable days, and the normal plan is, too."
    assert (desk.status["stage"], desk.scope()) == ("return", Scope.STRETCHES)
    desk.pass_time(2 * DAY - 1.0)
    assert desk.status is not None
    desk.pass_time(1.0)
    assert (desk.status, desk.scope()) == (None, Scope.STRETCHES)
    assert desk.enabled() == {"posture": 1200.0, "stretch": 2400.0, "break": 3600.0}
    desk.pass_time(7 * DAY)
    assert desk.scope() is Scope.ALL
    assert desk.notes == []


def test_pain_that_comes_back_goes_back_to_half_the_range() -> None:
    desk = Patient()
    desk.say(verbs.FlareStart(6))
    desk.pass_time(3 * DAY)
    desk.say(verbs.Checkin(2))
    assert desk.status["stage"] == "return"
    desk.pass_time(DAY)
    desk.say(verbs.Checkin(5))
    assert (desk.status["stage"], desk.status["last_score"]) == ("after_48h", 5)
    desk.pass_time(40 * DAY)
    assert desk.status is not None


@pytest.mark.parametrize(
    ("flags", "urgency"),
    [(("weakness",), "emergency"), (("severe", "age"), "same_day"), (("severe", "chest"), "emergency")],
)
def test_a_red_flag_allows_no_exercises_until_somebody_has_looked(
    flags: tuple[str, ...], urgency: str
) -> None:
    desk = Patient(*usual())
    desk.say(verbs.FlareStart(flags=flags))
    assert (desk.status["stage"], desk.status["urgency"], desk.status["open"]) == ("red_flags", urgency, True)
    desk.pass_time(DAY)
    course = desk.engine.world.courses["break"]
    assert course.prompt is not None
    line = "Turn away from the screen, and rest your eyes on something far away."
    assert (course.prompt.stretch, course.prompt.card.lines) == ("", (line,))
    desk.say(verbs.Checkin(0))
    desk.pass_time(60 * DAY)
    assert desk.scope() is Scope.NOTHING
    desk.say(verbs.FlareCleared())
    assert desk.scope() is Scope.HALF


def test_a_flag_to_book_this_week_leaves_the_plan_in_force() -> None:
    desk = Patient()
    assert "plan is in force" in desk.say(verbs.FlareStart(flags=("age",)))
    assert (desk.status["stage"], desk.status["urgency"], desk.status["flags"]) == (
        "first_48h",
        "this_week",
        ["age"],
    )


def test_the_checklist_again_adds_to_what_is_known() -> None:
    desk = Patient()
    desk.say(verbs.FlareStart(4, "left", ("age",)))
    desk.pass_time(DAY)
    assert desk.say(verbs.FlareStart(7)).startswith("The flare-up of day 2 goes on, and its plan with it. ")
    assert "No exercises" in desk.say(verbs.FlareStart(flags=("severe", "age")))
    assert (desk.status["severity"], desk.status["last_score"], desk.status["side"]) == (4, 7, "left")
    assert (desk.status["flags"], desk.status["day"]) == (["age", "severe"], 2)


def test_an_unknown_flag_starts_nothing() -> None:
    desk = Patient()
    assert "no red flag 'hiccups'" in desk.say(verbs.FlareStart(flags=("hiccups",)))
    assert desk.status is None


def test_what_needs_a_flare_up_says_so_without_one() -> None:
    desk = Patient()
    assert (
        desk.say(verbs.FlareLog(score=3))
        == "No flare-up is in force; if your neck flares up: neckguard flare"
    )
    assert desk.say(verbs.FlareEnd()) == "No flare-up is in force."


# ---- notices -----------------------------------------------------------------------------------------------


def test_each_notice_comes_once_on_its_day() -> None:
    desk = Patient()
    desk.say(verbs.FlareStart())
    desk.pass_time(100 * DAY)
    assert desk.notes == [
        (2, "after_48h"),
        (3, "held_back"),
        (7, "day_7"),
        (14, "day_14"),
        (21, "over"),
        (42, "day_42"),
    ]


def test_nobody_who_feels_better_is_asked_whether_they_do() -> None:
    for better in (verbs.FlareEnd(), verbs.FlareLog(score=1), verbs.FlareLog(turning=True)):
        desk = Patient()
        desk.say(verbs.FlareStart())
        desk.pass_time(8 * DAY)
        desk.say(better)
        desk.pass_time(60 * DAY)
        days = [note for note in desk.notes if note[1].startswith("day_")]
        assert days == [(7, "day_7")], better


def test_two_flare_ups_in_30_days_and_three_in_90_are_worth_a_look() -> None:
    desk = Patient()
    for after in (0.0, 20 * DAY, 35 * DAY, 100 * DAY):
        desk.pass_time(after)
        desk.say(verbs.FlareStart())
        desk.pass_time(DAY)
        desk.say(verbs.FlareEnd())
    assert desk.notes == [(21, "two_in_30_days"), (57, "three_in_90_days")]


def test_more_than_three_lost_days_are_worth_a_look() -> None:
    desk = Patient()
    desk.say(verbs.FlareStart())
    desk.say(verbs.FlareLog(lost_days=3))
    desk.pass_time(DAY)
    assert desk.notes == []
    desk.say(verbs.FlareLog(lost_days=4))
    desk.say(verbs.FlareLog(lost_days=5))
    desk.pass_time(DAY)
    assert desk.notes == [(1, "lost_days"), (2, "after_48h")]


def test_two_notices_do_not_come_at_once() -> None:
    desk = Patient()
    desk.say(verbs.FlareStart())
    desk.say(verbs.FlareEnd())
    desk.pass_time(8 * DAY)
    desk.took()
    desk.say(verbs.FlareStart())
    desk.say(verbs.FlareLog(lost_days=5))
    desk.pass_time(2 * HOUR)
    told = [line for line in desk.took() if "noticed" in line]
    assert told == ["10:01:00 noticed (two_in_30_days)", "11:01:00 noticed (lost_days)"]


def test_a_notice_waits_for_a_calm_moment() -> None:
    desk = Patient(*usual())
    desk.say(verbs.FlareStart())
    desk.do(QuietChanged(QuietReason.DND, "on"))
    desk.pass_time(2 * DAY + HOUR)
    assert desk.notes == []
    desk.do(verbs.Pause(HOUR))
    desk.do(QuietChanged(QuietReason.DND, ""))
    desk.pass_time(HOUR - 1.0)
    assert desk.notes == []
    desk.took()
    desk.pass_time(81.0)
    desk.do(verbs.Done())
    desk.pass_time(60.0)
    assert desk.notes == [(2, "after_48h")]
    assert without(desk.took(), "due", "put_off")[:4] == story(
        """
        11:01:00 resumed (it was over)
        11:01:20 break shown
        11:02:20 break done
        11:02:40 noticed (after_48h)
        """
    )


def test_a_notice_needs_somebody_who_shows_it() -> None:
    desk = Patient()
    desk.say(verbs.FlareStart())
    desk.do(NotifierChanged(ready=False, keeps=False))
    desk.pass_time(8 * DAY)
    assert desk.notes == []
    desk.do(NotifierChanged(ready=True, keeps=False))
    desk.pass_time(60.0)
    assert desk.notes == [(8, "day_7")]


# ---- strengthening -----------------------------------------------------------------------------------------


def strong(**changes: Any) -> Patient:
    desk = Patient(reminder("strength", 86400.0, enabled=False), **changes)
    desk.do(AnswersChanged(Answers()))
    return desk


def test_strengthening_is_mentioned_once_after_two_quiet_weeks() -> None:
    desk = strong()
    desk.pass_time(200 * DAY)
    assert desk.notes == [(14, "strength")]


def test_pain_puts_the_mention_off() -> None:
    desk = strong()
    desk.pass_time(10 * DAY)
    desk.say(verbs.Checkin(3))
    desk.pass_time(5 * DAY)
    desk.say(verbs.Hurt("chin-tuck"))
    desk.pass_time(5 * DAY)
    desk.say(verbs.Checkin(2))
    desk.pass_time(60 * DAY)
    assert desk.notes == [(29, "strength")]


@pytest.mark.parametrize("answers", [None, Answers(conditions=("heart",))])
def test_nobody_is_told_of_what_may_not_suit_them(answers: Answers | None) -> None:
    desk = Patient(reminder("strength", 86400.0, enabled=False))
    desk.do(AnswersChanged(answers))
    desk.pass_time(60 * DAY)
    assert desk.notes == []


# ---- check-ins ---------------------------------------------------------------------------------------------


def test_a_check_in_says_what_the_one_before_was() -> None:
    desk = Patient()
    assert desk.say(verbs.Checkin(4, "after the flight")) == "Noted: 4 of 10."
    desk.pass_time(DAY)
    assert desk.say(verbs.Checkin(2)) == "Noted: 2 of 10; before, Mon 23 Nov 09:01: 4."
    assert [(each.score, each.note) for each in desk.entries] == [(4, "after the flight"), (2, "")]


@pytest.mark.parametrize(
    ("at", "when"),
    [
        ("08:30", "Noted for 08:30: 5 of 10."),
        ("9:01", "Noted for 09:01: 5 of 10."),
        ("09:02", "Noted for Sun 22 Nov 09:02: 5 of 10."),  # its last occurrence
        ("Yesterday 22:00", "Noted for Sun 22 Nov 22:00: 5 of 10."),
        ("2026-10-25 02:30", "Noted for Sun 25 Oct 02:30: 5 of 10."),
    ],
)
def test_a_check_in_can_be_of_a_time_that_is_past(at: str, when: str) -> None:
    desk = Patient()
    assert desk.say(verbs.Checkin(5, "in bed", at=at)) == when
    (entry,) = desk.entries
    assert entry.since is not None
    assert f"{entry.since:%H:%M}" in when
    assert (entry.score, entry.note) == (5, "in bed")


@pytest.mark.parametrize(
    ("at", "why"),
    [
        ("2026-11-23 09:02", "is still to come"),
        ("2026-11-24 08:00", "is still to come"),
        ("2025-11-23 09:00", "is longer ago than anything is kept"),
        ("0001-01-01 00:00", "is longer ago than anything is kept"),
        ("soon", "is not a time; write 08:30"),
        ("2026-02-29 08:00", "is not on the calendar; write 08:30"),
        ("yesterday", "is not a time"),
        ("yesterday 2026-11-22 08:00", "is not a time"),
        ("", "is not a time"),
    ],
)
def test_a_check_in_of_no_such_time_is_refused(at: str, why: str) -> None:
    desk = Patient()
    reply = desk.do(verbs.Checkin(5, at=at))
    assert reply is not None
    assert not reply.ok
    assert why in reply.message
    assert desk.entries == []


def test_an_older_score_does_not_pass_for_the_latest() -> None:
    desk = Patient()
    desk.say(verbs.FlareStart())
    desk.pass_time(3 * DAY)
    desk.say(verbs.Checkin(1))
    assert (desk.status["last_score"], desk.status["stage"]) == (1, "return")
    desk.say(verbs.Checkin(8, at="yesterday 22:00"))
    assert (desk.status["last_score"], desk.status["stage"]) == (1, "return")
    assert desk.say(verbs.Checkin(2)).startswith("Noted: 2 of 10; before, 09:01: 1.")


def test_a_score_from_before_the_flare_up_is_no_word_about_it() -> None:
    desk = Patient()
    desk.say(verbs.FlareStart())
    desk.say(verbs.Checkin(8, at="yesterday 22:00"))
    assert desk.status["last_score"] is None


def test_a_check_in_of_a_time_that_is_past_answers_no_question_about_now() -> None:
    desk = Patient(reminder("checkin", HOUR))
    desk.say(verbs.Now("checkin"))
    desk.say(verbs.Checkin(8, at="yesterday 22:00"))
    assert desk.open
    desk.say(verbs.Checkin(3))
    assert not desk.open


def test_a_slip_is_taken_back_once_and_leaves_nothing() -> None:
    desk = Patient()
    desk.say(verbs.FlareStart())
    desk.pass_time(3 * DAY)
    desk.say(verbs.Checkin(1))
    memory, status = desk.engine.rules.care.memory, desk.status
    desk.pass_time(60.0)
    desk.say(verbs.Checkin(8))
    assert desk.status["stage"] == "after_48h"
    desk.restart(0.0)
    assert desk.say(verbs.CheckinUndo()) == "Taken back: 8 of 10, 09:02."
    assert desk.engine.rules.care.memory == replace(memory, last=None)
    assert desk.status == status
    reply = desk.do(verbs.CheckinUndo())
    assert reply is not None
    assert (reply.ok, reply.message[:33]) == (False, "There is nothing to take back: on")


def test_what_was_said_since_a_slip_stays() -> None:
    desk = Patient()
    desk.say(verbs.FlareStart())
    desk.pass_time(3 * DAY)
    desk.say(verbs.Checkin(1))
    desk.pass_time(60.0)
    desk.say(verbs.FlareLog(lost_days=2))
    desk.do(verbs.Hurt("nod"))
    calm_since = desk.engine.rules.care.memory.calm_since
    desk.say(verbs.CheckinUndo())
    assert (desk.status["stage"], desk.status["lost_days"]) == ("after_48h", 2)
    assert (desk.status["last_score"], desk.status["lowest"]) == (None, None)
    assert desk.engine.rules.care.memory.calm_since == calm_since


def test_an_older_state_without_a_last_check_in_is_understood() -> None:
    desk = Patient()
    desk.say(verbs.Checkin(4))
    state = desk.engine.rules.care.saved()
    del state["care"]["last"]
    desk.engine.rules.care.restore(state)
    assert desk.engine.rules.care.memory.scored is not None


def test_a_check_in_says_if_nobody_keeps_it() -> None:
    desk = Patient()
    desk.do(PlanChanged(replace(plan(), history=HistorySettings(enabled=False, keep=DAY))))
    said = "Noted: 4 of 10. It is not kept: [history] enabled is false in your settings."
    assert desk.say(verbs.Checkin(4)) == said


def test_what_is_over_can_be_forgotten_while_what_is_in_force_goes_on() -> None:
    desk = Patient()
    desk.say(verbs.FlareStart())
    desk.say(verbs.Checkin(4))
    desk.say(verbs.FlareEnd())
    desk.pass_time(8 * DAY)
    desk.say(verbs.FlareStart(3))
    desk.do(verbs.Stretched("nod"))
    desk.do(verbs.Hurt("chin-tuck"))
    without_daemon = forgotten(take_state(desk.engine))
    desk.do(verbs.Forget())
    assert without_daemon == take_state(desk.engine)
    rotation = desk.engine.world.programme.rotation
    assert (rotation.shown, list(rotation.hurt_until)) == ({}, ["chin-tuck"])
    assert (desk.status["severity"], len(desk.engine.rules.care.memory.flares)) == (3, 1)
    assert list(desk.engine.world.decisions) == []
    assert desk.say(verbs.Checkin(2)).startswith("Noted: 2 of 10. Half the range comes")


@pytest.mark.parametrize(("answer", "score"), [("none", 0), ("mild", 3), ("bad", 7)])
def test_the_reminder_at_the_end_of_the_day_takes_one_click(answer: str, score: int) -> None:
    desk = Patient(reminder("checkin", None, at=("17:30",)))
    desk.until("17:30").pass_time(5.0)
    (key,) = desk.open
    card = desk.screen[key]
    assert [(button.key, button.label) for button in card.buttons] == [
        ("none", "None"),
        ("mild", "Mild"),
        ("bad", "Bad"),
    ]
    assert card.verbs == "Answer: neckguard checkin 0 to 10"
    desk.took()
    desk.do(Answered(key, answer))
    assert desk.took() == ["17:30:05 checkin", "17:30:05 checkin done"]
    assert [each.score for each in desk.entries] == [score]


def test_a_check_in_by_hand_answers_the_reminder() -> None:
    desk = Patient(reminder("checkin", None, at=("17:30",)))
    desk.until("17:30").pass_time(5.0)
    desk.took()
    desk.say(verbs.Checkin(6))
    assert desk.took() == ["17:30:05 checkin", "17:30:05 checkin done"]


def test_words_about_ones_neck_are_for_the_history_alone() -> None:
    desk = Patient()
    desk.say(verbs.Checkin(4, "a secret"))
    assert "a secret" not in str(desk.engine.world.decisions)


# ---- any life ----------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        verbs.FlareStart(4),
        verbs.FlareStart(flags=("age",)),
        verbs.FlareStart(flags=("severe",)),
        verbs.FlareLog(score=1),
        verbs.FlareLog(score=6, lost_days=4),
        verbs.FlareLog(turning=True),
        verbs.FlareLog(turning=False),
        verbs.Checkin(3),
        verbs.FlareEnd(),
        verbs.Timer("cold"),
        verbs.TimerStop(),
        verbs.Pause(HOUR),
        verbs.Resume(),
    ]
)
SPANS = st.sampled_from([1.0, HOUR, DAY, 2 * DAY, 5 * DAY, 21 * DAY])


@settings(max_examples=15)
@given(st.lists(st.tuples(WORDS, SPANS), max_size=8))
def test_the_plan_is_in_force_exactly_while_a_flare_up_is_and_restarts_change_nothing(
    story: list[tuple[verbs.Verb, float]],
) -> None:
    desk, twin = Patient(*usual()[:2]), Patient(*usual()[:2])
    for verb, wait in story:
        for each in (desk, twin):
            each.say(verb)
            each.pass_time(wait)
        twin.restart(0.0, settings=twin.engine.world.chosen)
        assert desk.enabled() == ({} if desk.status else {"posture": 1200.0, "stretch": 2400.0})
        assert (desk.scope() is Scope.NOTHING) == bool(desk.status and desk.status["stage"] == "red_flags")
        assert desk.status is None or desk.scope() < Scope.ALL
        assert (twin.status, twin.scope(), twin.enabled()) == (desk.status, desk.scope(), desk.enabled())
    flares = desk.engine.rules.care.memory.flares
    assert all(flare.ended is not None for flare in flares[:-1]), "one at a time"
    told = [name for _, name in desk.notes if name not in ("looked", "over", "settled")]
    assert max((told.count(name) for name in set(told)), default=0) <= max(1, len(flares))


# ---- restarts ----------------------------------------------------------------------------------------------


def test_all_of_it_survives_restarts() -> None:
    desk, calm = Patient(*usual()[:2]), Patient(*usual()[:2])
    for each in (desk, calm):
        each.say(verbs.FlareStart(5, "right", ("age",)))
    for number in range(50):
        for each in (desk, calm):
            each.pass_time(DAY - 100.0)
            if number == 4:
                each.say(verbs.FlareLog(score=8, lost_days=4, note="bad night"))
        desk.restart(100.0, settings=desk.engine.world.chosen, rebooted=number % 7 == 3)
        calm.pass_time(100.0)
        assert desk.status == calm.status
        assert desk.enabled() == calm.enabled()
        assert desk.scope() is calm.scope()
    assert desk.notes == calm.notes
    assert [name for _, name in desk.notes] == [
        "after_48h", "held_safe", "lost_days", "day_14", "over", "day_42"
    ]  # fmt: skip


def test_what_another_version_kept_of_a_flare_up_costs_no_running_pause() -> None:
    desk = Patient()
    desk.say(verbs.Pause(HOUR))
    import json

    from neckguard.core.told.saved import revive, take_anchor, take_state

    state = json.loads(json.dumps(take_state(desk.engine)))
    state["care"], state["timer"] = {"moon": "full"}, ["?"]
    kept = {"anchor": take_anchor(desk.engine), "state": state}
    engine = revive(desk.engine.world.chosen, CONTENT, kept, LastLife(desk.now, desk.now))
    assert engine.world.pause is not None
    assert engine.rules.care.flare is None


def test_a_clock_that_is_set_back_ends_nothing_early() -> None:
    desk = Patient()
    desk.say(verbs.FlareStart())
    desk.pass_time(3 * DAY)
    desk.wall -= 2 * DAY
    desk.pass_time(60.0)
    assert desk.status["stage"] == "first_48h"
    assert MONDAY_9 + timedelta(days=1, minutes=2) == desk.now.wall


def test_a_clock_that_ran_ahead_for_a_moment_ends_nothing() -> None:
    desk = Patient(*usual()[:2])
    desk.say(verbs.FlareStart())
    desk.pass_time(3 * DAY)
    desk.say(verbs.FlareLog(turning=True))
    desk.wall += 40 * DAY
    desk.pass_time(60.0)
    assert desk.engine.rules.care.flare is None
    desk.wall -= 40 * DAY
    desk.pass_time(60.0)
    assert (desk.status["stage"], desk.scope()) == ("return", Scope.STRETCHES)
    assert desk.enabled() == {}
    desk.wall -= 3 * DAY
    desk.pass_time(60.0)
    assert desk.scope() is Scope.SAFE


@pytest.mark.parametrize(
    "sign", [verbs.FlareStart(9), verbs.Hurt("nod"), verbs.Checkin(6), verbs.FlareLog(turning=False)]
)
def test_any_sign_of_pain_takes_the_return_back(sign: verbs.Verb) -> None:
    desk = Patient()
    desk.say(verbs.FlareStart(6))
    desk.pass_time(3 * DAY)
    desk.say(verbs.FlareLog(score=1))
    desk.pass_time(DAY)
    desk.say(sign)
    assert desk.status["stage"] == "after_48h"


def test_pain_said_in_the_same_breath_weighs_more_than_comfort() -> None:
    desk = Patient()
    desk.say(verbs.FlareStart(6))
    desk.pass_time(3 * DAY)
    assert "is worse, or very bad" in desk.say(verbs.FlareLog(score=8, turning=True))
    assert desk.status["stage"] == "after_48h"


def test_a_red_flag_takes_the_movement_off_a_prompt_that_is_open_or_waits() -> None:
    desk = Patient(reminder("break", 2400.0, expire_after=1e9))
    desk.pass_time(2400.0)
    (key,) = desk.open
    assert len(desk.screen[key].lines) == 3
    desk.say(verbs.FlareStart(flags=("severe",)))
    assert (desk.open, len(desk.screen[key].lines)) == ([key], 1)
    desk.restart(5.0, settings=desk.engine.world.chosen)
    desk.pass_time(60.0)
    assert [len(card.lines) for card in desk.screen.values()] == [1]


def test_all_posture_and_stretch_reminders_rest_but_those_for_the_eyes() -> None:
    own = (
        reminder("mine", 1200.0, kind="stretch"),
        reminder("sit", 1200.0, kind="posture"),
        reminder("eyes", 1200.0, kind="stretch"),
    )
    desk = Patient(*usual(), *own)
    desk.say(verbs.FlareStart(flags=("weakness",)))
    assert desk.enabled() == {"break": 2400.0, "eyes": 1200.0}
    desk.do(verbs.Now("stretch"))
    (card,) = desk.screen.values()
    assert card.lines == (
        "No exercises until somebody has looked; once they have:",
        "neckguard flare cleared",
    )


@pytest.mark.parametrize("easy", [verbs.Checkin(1), verbs.FlareLog(turning=True)])
def test_what_is_easy_in_the_first_days_counts_once_they_are_over(easy: verbs.Verb) -> None:
    desk = Patient()
    desk.say(verbs.FlareStart(6))
    said = desk.say(easy)
    assert said.endswith(
        " Half the range comes Wed 25 Nov 09:01; two comfortable days, and the normal plan is, too."
    )
    states = []
    for _ in range(6):
        states.append((desk.status and desk.status["stage"], desk.scope()))
        desk.pass_time(DAY)
    assert states == [
        ("first_48h", Scope.SAFE), ("first_48h", Scope.SAFE), ("return", Scope.HALF),
        ("return", Scope.STRETCHES), (None, Scope.STRETCHES), (None, Scope.STRETCHES),
    ]  # fmt: skip


def test_pain_after_an_easy_first_day_takes_it_back() -> None:
    desk = Patient()
    desk.say(verbs.FlareStart(6))
    desk.say(verbs.Checkin(2))
    desk.say(verbs.Checkin(5))
    desk.pass_time(3 * DAY)
    assert desk.status["stage"] == "after_48h"
