"""What the person asks for: what happens, and what they are told."""

import pytest
from support.virtual import MONDAY_9, Desk, plan, reminder, story, without

from neckguard.core import verbs
from neckguard.core.events import AwayBegan, NotifierChanged, PlanChanged
from neckguard.core.model import Away
from neckguard.core.plan import Opening, Reminder


def said(desk: Desk, verb: verbs.Verb) -> tuple[bool, str]:
    reply = desk.do(verb)
    assert reply is not None
    return reply.ok, reply.message


TEN = "09:10:00"


@pytest.mark.parametrize(
    ("verb", "reply", "trace"),
    [
        (verbs.Now("stretch"), "Prompting: stretch.", [f"{TEN} stretch shown"]),
        (verbs.Done(), "Done: posture. Next: posture in 20 min.", [f"{TEN} posture done"]),
        (verbs.Start(), "Done: posture. Next: posture in 20 min.", [f"{TEN} posture done"]),
        (verbs.Skip(), "Skipped: posture. Next: posture in 20 min.", [f"{TEN} posture skipped"]),
        (verbs.Done("stretch"), "Done: stretch. Next: posture in 10 min.", [f"{TEN} stretch done"]),
        (verbs.Skip("break"), "Skipped: break. Next: posture in 10 min.", [f"{TEN} break skipped"]),
        (verbs.Snooze(), "Later: posture, in 15 min.", [f"{TEN} posture put_off"]),
        (verbs.Snooze(1200.0), "Later: posture, in 30 min.", [f"{TEN} posture put_off"]),
        (verbs.Resume(), "Not paused.", []),
    ],
)
def test_with_nothing_open_verbs_are_about_the_next_one_due(
    verb: verbs.Verb, reply: str, trace: list[str]
) -> None:
    desk = Desk().pass_time(600.0)
    assert said(desk, verb) == (True, reply)
    assert desk.took() == trace


@pytest.mark.parametrize(
    ("verb", "reply", "outcome"),
    [
        (verbs.Done(), "Done: stretch. Next: break in 20 min.", "done"),
        (verbs.Start(), "Done: stretch. Next: break in 20 min.", "done"),
        (verbs.Skip(), "Skipped: stretch. Next: break in 20 min.", "skipped"),
        (verbs.Skip("stretch"), "Skipped: stretch. Next: break in 20 min.", "skipped"),
        (verbs.Snooze(), "Later: stretch, in 5 min.", "snoozed"),
        (verbs.Snooze(90.0), "Later: stretch, in 1 min 30 s.", "snoozed"),
    ],
)
def test_with_a_prompt_open_verbs_answer_it(verb: verbs.Verb, reply: str, outcome: str) -> None:
    desk = Desk().until("09:40")
    desk.took()
    assert said(desk, verb) == (True, reply)
    assert desk.took()[0] == f"09:40:00 stretch {outcome}"
    assert desk.open == []


def test_starting_a_break_says_when_to_be_back() -> None:
    desk = Desk().until("10:00")
    assert said(desk, verbs.Start()) == (True, "Enjoy your break. Back at 10:05.")


def test_a_name_answers_another_than_the_open_one() -> None:
    desk = Desk().until("09:40")
    desk.took()
    desk.do(verbs.Skip("break"))
    assert desk.took() == ["09:40:00 break skipped"]
    assert (desk.due_in("break"), len(desk.open)) == (3600.0, 1)


def test_a_prompt_hidden_by_a_pause_can_still_be_answered() -> None:
    desk = Desk(plan(reminder("tea", 600.0))).pass_time(600.0)
    desk.do(verbs.Pause(600.0))
    assert said(desk, verbs.Done()) == (True, "Done: tea. Next: tea in 10 min.")


def test_a_prompt_hidden_by_a_pause_can_still_be_snoozed() -> None:
    desk = Desk(plan(reminder("tea", 600.0))).pass_time(600.0)
    desk.do(verbs.Pause(600.0))
    desk.took()
    assert said(desk, verbs.Snooze()) == (True, "Later: tea, in 5 min.")
    assert desk.took() == ["09:10:00 tea snoozed"]


def test_the_open_prompt_is_not_shown_again() -> None:
    desk = Desk().until("09:20")
    desk.took()
    assert said(desk, verbs.Now("posture")) == (True, "The posture prompt is on the screen already.")
    assert desk.took() == []


def test_now_shows_a_snoozed_or_switched_off_reminder() -> None:
    desk = Desk(plan(reminder("tea", 600.0), reminder("eyes", 600.0, kind="stretch", enabled=False)))
    desk.pass_time(600.0).do(verbs.Snooze())
    desk.do(verbs.Now("tea"))
    desk.do(verbs.Done())
    assert desk.due_in("tea") == 600.0
    desk.do(verbs.Now("eyes"))
    assert said(desk, verbs.Done()) == (True, "Done: eyes. Next: tea in 10 min.")
    assert desk.due_in("eyes") is None


def test_now_overrides_the_settle_and_the_spacing() -> None:
    desk = Desk()
    desk.do(verbs.Now("posture"))
    desk.do(verbs.Done())
    desk.do(verbs.Now("break"))
    assert desk.took() == story("""
        09:00:00 posture shown
        09:00:00 posture done
        09:00:00 break shown
    """)


@pytest.mark.parametrize("verb", [verbs.Now("strech"), verbs.Skip("strech"), verbs.Done("strech")])
def test_a_misspelt_name_gets_a_suggestion(verb: verbs.Verb) -> None:
    desk = Desk()
    assert said(desk, verb) == (False, "There is no reminder 'strech'; did you mean stretch?")
    assert desk.took() == []


def test_an_unknown_name_gets_the_list() -> None:
    reply = (False, "There is no reminder 'xyz'; there are: posture, stretch, break.")
    assert said(Desk(), verbs.Now("xyz")) == reply


def test_now_says_why_it_cannot() -> None:
    desk = Desk()
    desk.do(NotifierChanged(ready=False, keeps=False))
    nobody = (False, "No notification server is running, so nothing can be shown.")
    assert said(desk, verbs.Now("posture")) == nobody
    desk.do(AwayBegan(Away.LOCKED))
    locked = (False, "The screen is locked or asleep: nobody would see it.")
    assert said(desk, verbs.Now("posture")) == locked
    desk.do(verbs.Pause(60.0))
    assert said(desk, verbs.Now("posture")) == (False, "Paused; run: neckguard resume")
    assert desk.open == []


@pytest.mark.parametrize("verb", [verbs.Start(), verbs.Done(), verbs.Skip(), verbs.Snooze()])
def test_with_nothing_on_there_is_nothing_to_answer(verb: verbs.Verb) -> None:
    desk = Desk(plan(reminder("tea", 600.0, enabled=False)))
    assert said(desk, verb) == (False, "No reminder is on; see: neckguard status")


def test_resuming_with_nothing_on_says_so() -> None:
    desk = Desk(plan(reminder("tea", 600.0)))
    desk.do(verbs.Pause(60.0))
    desk.do(PlanChanged(plan(reminder("tea", 600.0, enabled=False))))
    assert said(desk, verbs.Resume()) == (True, "Resumed. No reminder is on.")


def test_the_reply_says_what_is_due_already() -> None:
    desk = Desk(plan(reminder("tea", 600.0), reminder("coffee", 600.0))).pass_time(600.0)
    assert said(desk, verbs.Skip()) == (True, "Skipped: tea. Next: coffee, due now.")


def gave_up(*others: Reminder) -> Desk:
    """A desk with a break that went unanswered, and a stretch in half an hour."""
    breaks, stretch = reminder("break", 3600.0, max_snoozes=0), reminder("stretch", 5400.0)
    desk = Desk(plan(breaks, stretch, *others, merge_window=60.0)).pass_time(3600.0 + 300.0)
    assert desk.engine.world.courses["break"].given_up
    desk.took()
    return desk


def test_a_break_that_went_unanswered_is_not_next_but_verbs_without_a_name_go_to_it() -> None:
    desk = gave_up()
    assert said(desk, verbs.Skip("stretch")) == (True, "Skipped: stretch. Next: stretch in 1 h 30 min.")
    assert said(desk, verbs.Done()) == (True, "Done: break. Next: break in 1 h.")
    assert said(desk, verbs.Done()) == (True, "Done: break. Next: break in 1 h.")


def test_verbs_without_a_name_go_to_the_owed_one_of_the_highest_rank() -> None:
    desk = gave_up(reminder("tea", 3890.0))
    assert desk.open == ["prompt-2"]
    desk.do(NotifierChanged(ready=False, keeps=False))
    assert said(desk, verbs.Skip()) == (True, "Skipped: break. Next: tea, due now.")
    assert said(desk, verbs.Skip()) == (True, "Skipped: tea. Next: stretch in 25 min.")


def test_an_open_prompt_goes_before_what_is_owed() -> None:
    desk = gave_up(reminder("tea", 3890.0))
    assert said(desk, verbs.Skip()) == (True, "Skipped: tea. Next: stretch in 25 min.")


# ---- during a break they took --------------------------------------------------------------------------


def on_a_break(*others: Reminder) -> Desk:
    """A desk one minute into a break of five, begun at ten."""
    desk = Desk(plan(reminder("break", 3600.0), *others)).until("10:00")
    desk.do(verbs.Start())
    desk.pass_time(60.0).took()
    return desk


@pytest.mark.parametrize("verb", [verbs.Skip("posture"), verbs.Done("posture"), verbs.Skip("stretch")])
def test_during_a_break_no_answer_brings_another_before_its_end(verb: verbs.Skip | verbs.Done) -> None:
    desk = on_a_break(reminder("posture", 10.0), reminder("stretch", 10.0))
    desk.do(verb)
    assert desk.due_in(str(verb.reminder)) == 250.0
    assert [line for line in desk.pass_time(239.0).took() if "shown" in line] == []


@pytest.mark.parametrize(
    ("begin", "lines", "ends"),
    [
        ([verbs.Done("break")], ["10:01:00 break break_end", "10:01:00 break done"], 0.0),
        (
            [verbs.Now("break"), verbs.Start()],
            [
                "10:01:00 break shown",
                "10:01:00 break break_end",
                "10:01:00 break done",
                "10:01:00 break break_start",
            ],
            300.0,
        ),
    ],
)
def test_another_break_ends_the_one_being_taken(
    begin: list[verbs.Verb], lines: list[str], ends: float
) -> None:
    desk = on_a_break()
    for verb in begin:
        desk.do(verb)
    assert desk.took() == lines
    assert desk.due_in("break") == 3600.0 + ends
    assert [line for line in desk.pass_time(600.0).took() if "break_end" in line] == (
        ["10:06:00 break break_end"] if ends else []
    )


def test_put_off_is_counted_in_sitting_time_from_when_it_was_due() -> None:
    desk = Desk(plan(reminder("tea", 600.0)))
    desk.do(verbs.Snooze())
    assert (desk.due_in("tea"), desk.engine.world.courses["tea"].snoozed) == (900.0, True)
    assert without(desk.pass_time(900.0).took(), "due") == ["09:00:00 tea put_off", "09:15:00 tea shown"]


def test_every_verb_is_answered() -> None:
    for verb in (
        verbs.Pause(),
        verbs.Resume(),
        verbs.Now("posture"),
        verbs.Start(),
        verbs.Skip(),
        verbs.Done(),
    ):
        reply = Desk(start=MONDAY_9).do(verb)
        assert reply is not None
        assert reply.message


def test_skip_before_its_time_is_about_the_occurrence_that_would_have_come() -> None:
    office = tuple(Opening(day, 9 * 60, 17 * 60) for day in range(7))
    desk = Desk(plan(reminder("lunch", at=("08:00", "12:30")), hours=office))
    desk.until("13:00").took()
    desk.do(verbs.Skip("lunch"))
    desk.pass_time(24 * 3600.0)
    assert not [line for line in desk.took() if "shown" in line]


def test_what_went_unanswered_is_next_where_nothing_else_is_on() -> None:
    desk = Desk(plan(reminder("break", 600.0, max_snoozes=0)))
    desk.pass_time(700.0)
    following = desk.engine.world.next_due()
    assert following is not None
    assert following.given_up
    desk.do(verbs.Now("break"))
    assert desk.engine.world.next_due() is following
