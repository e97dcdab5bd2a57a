"""One prompt after another: how each is settled, exactly once, and what follows."""

from itertools import permutations
from typing import Any

import pytest
from support.virtual import MONDAY_9, OUTCOMES, Desk, Person, never, plan, reminder, story, without

from neckguard.core import verbs
from neckguard.core.events import (
    Answered,
    AwayBegan,
    AwayEnded,
    Closed,
    Delivered,
    Event,
    NotifierChanged,
    Tick,
    Undelivered,
)
from neckguard.core.model import Away, Card, Hide, Record, Show

EVERY = {"posture": 1200.0, "stretch": 2400.0, "break": 3600.0, "tea": 7200.0}


def shown(name: str, person: Person = never, **changes: Any) -> Desk:
    """A desk with this reminder alone, at the moment its first prompt appears."""
    desk = Desk(plan(reminder(name, EVERY[name], **changes)), person=person).pass_time(EVERY[name])
    assert desk.open == ["prompt-1"]
    desk.took()
    return desk


def clicking(action: str, after: float = 1.0) -> Person:
    def person(card: Card) -> tuple[float, Event]:
        return after, Answered(card.key, action)

    return person


# ---- answers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "action", "outcome", "due_in"),
    [
        ("posture", "default", "done", 1200.0),
        ("posture", "done", "done", 1200.0),
        ("posture", "skip", "skipped", 1200.0),
        ("posture", "snooze", "snoozed", 300.0),
        ("stretch", "default", "done", 2400.0),
        ("stretch", "start", "done", 2400.0),
        ("stretch", "snooze", "snoozed", 300.0),
        ("stretch", "skip", "skipped", 2400.0),
        ("break", "default", "done", 3900.0),  # counts again when they are back
        ("break", "start", "done", 3900.0),
        ("break", "done", "done", 3600.0),
        ("break", "snooze", "snoozed", 600.0),
        ("break", "skip", "skipped", 3600.0),
        ("tea", "default", "done", 7200.0),
        ("tea", "done", "done", 7200.0),
        ("tea", "snooze", "snoozed", 300.0),
        ("tea", "skip", "skipped", 7200.0),
    ],
)
def test_an_answer_settles_the_prompt_and_begins_what_follows(
    name: str, action: str, outcome: str, due_in: float
) -> None:
    desk = shown(name)
    desk.do(Answered("prompt-1", action))
    begun = "break_start" in " ".join(desk.trace)
    assert [line.split()[1:] for line in without(desk.took(), "break_start")] == [[name, outcome]]
    assert [card.kind for card in desk.screen.values()] == (["guide"] if begun else [])
    assert desk.due_in(name) == due_in


@pytest.mark.parametrize(
    ("name", "expired", "outcome", "due_in"),
    [
        ("posture", False, "dismissed", 1200.0),
        ("stretch", False, "dismissed", 2400.0),
        ("tea", False, "dismissed", 7200.0),
        ("break", False, "dismissed", 600.0),  # a break is not waved away: it comes back like a snoozed one
        ("posture", True, "ignored", 1200.0),
        ("stretch", True, "ignored", 2400.0),
        ("tea", True, "ignored", 7200.0),
        ("break", True, "ignored", 600.0),
    ],
)
def test_a_closed_prompt_is_dismissed_and_an_expired_one_ignored(
    name: str, expired: bool, outcome: str, due_in: float
) -> None:
    desk = shown(name)
    desk.do(Closed("prompt-1", expired=expired))
    assert [line.split()[1:] for line in desk.took()] == [[name, outcome]]
    assert desk.due_in(name) == due_in


@pytest.mark.parametrize("action", ["", "hurts", "settings", "DONE"])
@pytest.mark.parametrize("name", ["posture", "stretch", "tea", "break"])
def test_an_unknown_action_settles_nothing(name: str, action: str) -> None:
    desk = shown(name)
    desk.do(Answered("prompt-1", action))
    assert (desk.took(), desk.due_in(name)) == ([], 0.0)
    desk.do(Answered("prompt-1", "done"))
    assert [line.split()[1:] for line in desk.took()] == [[name, "done"]]


def test_a_prompt_settles_once_in_whatever_order_the_signals_come() -> None:
    signals: tuple[Event, ...] = (
        Answered("prompt-1", "done"),
        Answered("prompt-1", "snooze"),
        Closed("prompt-1", expired=False),
        Closed("prompt-1", expired=True),
        Delivered("prompt-1"),
    )
    for order in permutations(signals):
        desk = shown("posture")
        for signal in order:
            desk.do(signal)
        settled = [line for line in desk.took() if set(line.split()) & OUTCOMES]
        assert len(settled) == 1, order
        assert desk.open == []


@pytest.mark.parametrize("key", ["prompt-0", "prompt-2", "pause-note", "", "nonsense"])
@pytest.mark.parametrize("action", ["done", "snooze"])
def test_answers_for_other_cards_change_nothing(key: str, action: str) -> None:
    desk = shown("posture")
    for event in (Answered(key, action), Closed(key, expired=False), Undelivered(key, "no"), Delivered(key)):
        desk.do(event)
    assert (desk.took(), desk.open) == ([], ["prompt-1"])


def test_an_answer_to_an_earlier_prompt_leaves_the_open_one_alone() -> None:
    desk = shown("posture")
    desk.do(Answered("prompt-1", "done"))
    desk.pass_time(1200.0)
    desk.took()
    desk.do(Answered("prompt-1", "skip"))
    desk.do(Closed("prompt-1", expired=False))
    assert (desk.took(), desk.open) == ([], ["prompt-2"])


# ---- unanswered ----------------------------------------------------------------------------------------


def test_an_ignored_break_is_offered_again_at_most_max_snoozes_times() -> None:
    desk = Desk(plan(reminder("break", 3600.0, max_snoozes=1), reminder("stretch", 7200.0)))
    assert without(desk.pass_time(2.2 * 3600.0).took(), "due") == story("""
        10:00:00 break shown
        10:00:45 break ignored
        10:10:45 break shown
        10:11:30 break ignored
        11:00:00 break shown (covers stretch)
        11:00:45 break ignored
        11:00:45 stretch covered (by break)
    """)
    assert desk.engine.world.courses["break"].owed
    assert desk.engine.state == "running"


def test_a_break_given_up_is_still_owed_and_its_cycle_does_not_restart() -> None:
    desk = Desk(plan(reminder("break", 3600.0, max_snoozes=0), reminder("stretch", 2.5 * 3600.0)))
    desk.pass_time(2 * 3600.0)
    assert (desk.due_in("break"), desk.open) == (0.0, [])
    assert desk.engine.world.courses["break"].owed
    desk.do(verbs.Done("break"))
    assert (desk.due_in("break"), desk.engine.world.courses["break"].owed) == (3600.0, False)


def test_without_a_stretch_a_break_given_up_comes_back_after_its_own_interval() -> None:
    desk = Desk(plan(reminder("break", 3600.0, max_snoozes=0)))
    assert without(desk.pass_time(3 * 3600.0).took(), "due") == story("""
        10:00:00 break shown
        10:00:45 break ignored
        11:00:45 break shown
        11:01:30 break ignored
    """)


def test_the_persons_own_snooze_is_never_refused() -> None:
    desk = Desk(plan(reminder("break", 3600.0, max_snoozes=1)), person=clicking("snooze"))
    desk.pass_time(3600.0 + 11 * 601.0)
    assert sum("snoozed" in line for line in desk.trace) == 11
    assert desk.open == ["prompt-12"]


def test_a_snooze_starts_the_count_of_offers_anew() -> None:
    desk = Desk(plan(reminder("break", 3600.0, max_snoozes=1)))
    desk.pass_time(3600.0 + 45.0 + 600.0 + 1.0)  # ignored, offered again
    desk.do(Answered("prompt-2", "snooze"))
    desk.pass_time(600.0 + 45.0)  # ignored
    assert desk.due_in("break") == 600.0


def test_a_snooze_counts_sitting_time() -> None:
    desk = shown("tea")
    desk.do(Answered("prompt-1", "snooze"))
    desk.pass_time(100.0).do(AwayBegan(Away.LOCKED))
    desk.pass_time(1000.0).do(AwayEnded(Away.LOCKED))
    assert desk.due_in("tea") == 200.0
    desk.do(verbs.Pause(600.0))
    desk.pass_time(600.0)
    assert desk.due_in("tea") == 200.0
    assert without(desk.pass_time(200.0).took(), "due")[-1] == "11:31:40 tea shown"


def test_the_time_on_the_screen_begins_when_the_card_is_delivered() -> None:
    desk = Desk(plan(reminder("posture", 1200.0)))
    desk.pass_time(1199.0)
    desk.jump(1.0)
    desk.delivers = False
    desk.do(Tick())
    assert (desk.open, desk.took()) == (["prompt-1"], ["09:20:00 posture due"])
    desk.pass_time(1000.0)
    assert desk.took() == []
    desk.do(Delivered("prompt-1"))
    desk.do(Delivered("prompt-1"))
    assert desk.trace == ["09:36:40 posture shown"]
    desk.pass_time(44.0)
    assert "ignored" not in " ".join(desk.trace)
    assert desk.pass_time(1.0).trace[-1].endswith("posture ignored")


# ---- servers that keep notifications -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expire_after", "stays"),
    [("posture", 45.0, 300.0), ("stretch", 45.0, 300.0), ("tea", 400.0, 400.0), ("break", 45.0, 300.0)],
)
def test_a_server_that_keeps_prompts_gives_them_longer(name: str, expire_after: float, stays: float) -> None:
    desk = Desk(plan(reminder(name, EVERY[name], expire_after=expire_after)))
    desk.do(NotifierChanged(ready=True, keeps=True))
    desk.pass_time(EVERY[name])
    desk.took()
    assert desk.pass_time(stays - 1.0).open == ["prompt-1"]
    assert [line.split()[1:] for line in desk.pass_time(2.0).took()] == [[name, "ignored"]]


def test_an_unanswered_break_holds_back_the_others_for_five_minutes_and_no_longer() -> None:
    desk = Desk(plan(reminder("posture", 1200.0), reminder("break", 1300.0), reminder("tea", 1400.0)))
    desk.do(NotifierChanged(ready=True, keeps=True))
    assert desk.until("09:28").took() == story("""
        09:20:00 posture due
        09:21:40 break due
        09:21:40 break shown (covers posture)
        09:23:20 tea due
        09:26:40 break ignored
        09:26:40 posture put_off (with break)
        09:27:00 tea shown
    """)
    assert desk.open == ["prompt-2"]


# ---- servers that fail ---------------------------------------------------------------------------------


def test_what_could_not_be_shown_is_on_record_once_and_tried_with_growing_patience() -> None:
    desk = Desk(plan(reminder("posture", 1200.0)))
    desk.delivers = False
    shows: list[float] = []

    def refuse(card: Card) -> tuple[float, Event]:
        shows.append(round(desk.boot - 1000.0 - 1200.0, 3))
        return 0.0, Undelivered(card.key, "the server is full")

    desk.person = refuse
    desk.pass_time(1200.0 + 1600.0)
    assert shows == [0.0, 5.0, 15.0, 35.0, 75.0, 155.0, 315.0, 615.0, 915.0, 1215.0, 1515.0]
    desk.delivers, desk.person = True, never
    desk.pass_time(260.0)
    assert desk.due_in("posture") == 1200.0
    assert desk.took() == story("""
        09:20:00 posture due
        09:20:00 posture undelivered (the server is full)
        09:50:15 posture shown
        09:51:00 posture ignored
    """)


def test_a_new_server_is_tried_at_once_and_with_the_patience_of_the_first_time() -> None:
    desk = Desk(plan(reminder("posture", 1200.0)))
    desk.delivers = False
    tried: list[str] = []

    def refuse(card: Card) -> tuple[float, Event]:
        tried.append(f"{desk.now.wall:%H:%M:%S}")
        return 0.0, Undelivered(card.key, "the server is full")

    desk.person = refuse
    desk.pass_time(1200.0 + 80.0)
    assert tried == ["09:20:00", "09:20:05", "09:20:15", "09:20:35", "09:21:15"]
    desk.do(NotifierChanged(ready=True, keeps=False))
    desk.pass_time(40.0)
    assert tried[5:] == ["09:21:20", "09:21:25", "09:21:35", "09:21:55"]


def test_undelivered_names_the_prompt_if_there_is_one() -> None:
    refused = shown("posture")
    refused.do(Undelivered("prompt-1", "no"))
    serverless = Desk(plan(reminder("posture", 1200.0)))
    serverless.do(NotifierChanged(ready=False, keeps=False))
    serverless.pass_time(1200.0)
    numbers = [
        [each.prompt for each in desk.effects if isinstance(each, Record) and each.what == "undelivered"]
        for desk in (refused, serverless)
    ]
    assert numbers == [[1], [0]]


def test_a_lost_server_hides_the_prompt_and_the_next_one_shows_the_same_again() -> None:
    desk = shown("posture")
    desk.pass_time(10.0).do(NotifierChanged(ready=False, keeps=False))
    assert desk.open == []
    desk.pass_time(600.0).do(NotifierChanged(ready=True, keeps=False))
    assert desk.open == ["prompt-1"]
    assert desk.pass_time(35.0).took() == story("""
        09:20:10 posture hidden (no notification server)
        09:20:10 posture undelivered (no notification server)
        09:30:10 posture shown
        09:30:45 posture ignored
    """)


def test_a_server_that_comes_up_while_it_settles_missed_nothing() -> None:
    desk = shown("posture")
    desk.do(AwayBegan(Away.LOCKED))
    desk.pass_time(60.0).do(NotifierChanged(ready=False, keeps=False))
    desk.do(AwayEnded(Away.LOCKED))
    desk.pass_time(10.0).do(NotifierChanged(ready=True, keeps=False))
    assert desk.pass_time(10.0).took() == story("""
        09:20:00 away (locked)
        09:20:00 posture hidden (away)
        09:21:00 back (after 1 min)
        09:21:20 posture shown
    """)


def test_without_a_server_what_falls_due_is_undelivered_once_and_still_owed() -> None:
    desk = Desk(plan(reminder("posture", 1200.0)))
    desk.do(NotifierChanged(ready=False, keeps=False))
    desk.pass_time(3600.0)
    desk.do(NotifierChanged(ready=True, keeps=False))
    assert desk.took() == story("""
        09:20:00 posture due
        09:20:00 posture undelivered (no notification server)
        10:00:00 posture shown
    """)


def test_a_server_that_comes_a_moment_after_the_daemon_is_no_failure() -> None:
    desk = shown("posture")
    desk.restart(5.0)
    assert desk.pass_time(30.0).took() == story("""
        09:20:00 away (not running)
        09:20:05 back (after 5 s)
        09:20:25 posture shown
    """)


def test_an_answer_to_a_hidden_prompt_counts() -> None:
    desk = shown("posture")
    desk.do(NotifierChanged(ready=False, keeps=False))
    desk.took()
    desk.do(Answered("prompt-1", "done"))
    desk.do(NotifierChanged(ready=True, keeps=False))
    assert (desk.took(), desk.open) == (["09:20:00 posture done"], [])


def test_closing_a_hidden_prompt_does_not_dismiss_it() -> None:
    desk = shown("posture")
    desk.do(AwayBegan(Away.LOCKED))
    desk.do(Closed("prompt-1", expired=False))
    assert "dismissed" not in " ".join(desk.took())
    assert desk.engine.world.courses["posture"].owed


# ---- one at a time -------------------------------------------------------------------------------------


def test_nothing_is_shown_until_the_start_has_settled() -> None:
    desk = Desk(plan(reminder("posture", 5.0)))
    assert desk.pass_time(19.9).took() == ["09:00:05 posture due"]
    assert desk.engine.state == "quiet"
    assert desk.pass_time(0.2).took() == ["09:00:20 posture shown"]


def test_what_falls_due_under_an_open_prompt_follows_once_that_is_settled() -> None:
    desk = Desk(plan(reminder("break", 3600.0), reminder("tea", 3601.0), reminder("coffee", 3602.0)))
    desk.person = clicking("skip", after=10.0)
    assert without(desk.pass_time(3700.0).took(), "due") == story("""
        10:00:00 break shown
        10:00:10 break skipped
        10:00:30 tea shown
        10:00:40 tea skipped
        10:01:00 coffee shown
        10:01:10 coffee skipped
    """)


def test_of_several_the_longest_is_shown_first() -> None:
    desk = Desk(
        plan(
            reminder("tea", 600.0),
            reminder("stretch", 600.0),
            reminder("yoga", 600.0, kind="stretch", duration=120.0),
        )
    )
    desk.person = clicking("skip")
    assert without(desk.pass_time(630.0).took(), "due") == story("""
        09:10:00 yoga shown (covers stretch)
        09:10:01 yoga skipped
        09:10:01 stretch covered (by yoga)
        09:10:21 tea shown
        09:10:22 tea skipped
    """)


def test_of_equals_the_one_that_waits_longest_is_shown_first() -> None:
    desk = Desk(plan(reminder("tea", 700.0), reminder("coffee", 600.0)))
    desk.do(NotifierChanged(ready=False, keeps=False))
    desk.pass_time(800.0).do(NotifierChanged(ready=True, keeps=False))
    assert [line.split()[1:] for line in desk.took()[-1:]] == [["coffee", "shown"]]


def test_now_replaces_the_open_prompt_which_stays_owed() -> None:
    desk = Desk().until("10:00")
    desk.took()
    desk.do(verbs.Now("posture"))
    desk.do(Answered("prompt-4", "done"))
    assert desk.pass_time(30.0).took() == story("""
        10:00:00 break withdrawn (posture was asked for)
        10:00:00 posture shown
        10:00:00 posture done
        10:00:20 break shown
    """)


@pytest.mark.parametrize("every", [3.0, 10.0, 19.0, 21.0])
def test_a_short_cycle_does_not_starve_what_is_never_covered(every: float) -> None:
    desk = Desk(plan(reminder("posture", every), reminder("tea", 60.0)), person=clicking("done"))
    desk.pass_time(1200.0)
    assert sum("tea shown" in line for line in desk.trace) >= 13


def test_a_reminder_that_is_alone_keeps_its_short_cycle() -> None:
    desk = Desk(plan(reminder("posture", 5.0)), person=clicking("done"))
    desk.pass_time(20.0)
    assert sum("shown" in line for line in desk.pass_time(60.0).took()) == 11


def test_a_prompt_asked_for_settles_as_well_after_coming_back() -> None:
    desk = Desk().pass_time(100.0)
    desk.do(verbs.Now("posture"))
    desk.pass_time(3.0).do(AwayBegan(Away.LOCKED))
    desk.pass_time(60.0).do(AwayEnded(Away.LOCKED))
    assert desk.pass_time(21.0).took() == story("""
        09:01:40 posture shown
        09:01:43 away (locked)
        09:01:43 posture hidden (away)
        09:02:43 back (after 1 min)
        09:03:03 posture shown
    """)


def test_every_effect_that_hides_names_a_card_that_was_shown() -> None:
    desk = Desk().until("13:00")
    shows = [effect.card.key for effect in desk.effects if isinstance(effect, Show)]
    hides = [effect.key for effect in desk.effects if isinstance(effect, Hide)]
    assert shows[: len(hides)] == hides
    assert desk.now.wall.date() == MONDAY_9.date()


def test_records_name_the_prompt_they_are_about() -> None:
    desk = Desk(plan(reminder("posture", 1200.0), reminder("tea", 1190.0))).pass_time(1190.0)
    desk.do(verbs.Skip("posture"))
    desk.do(verbs.Done())
    desk.do(verbs.Now("posture"))
    desk.do(verbs.Done())
    records = [effect for effect in desk.effects if isinstance(effect, Record)]
    assert [(record.reminder, record.what, record.prompt) for record in records] == [
        ("tea", "due", 0),
        ("tea", "shown", 1),
        ("posture", "skipped", 0),
        ("tea", "done", 1),
        ("posture", "shown", 2),
        ("posture", "done", 2),
    ]
