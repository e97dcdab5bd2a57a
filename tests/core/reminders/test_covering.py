"""A prompt stands for shorter ones that are due or nearly so."""

from dataclasses import replace
from typing import Any

import pytest
from support.virtual import BERLIN, DEFAULTS, GUIDED, Desk, plan, reminder, story, without

from neckguard.core import verbs
from neckguard.core.events import Answered, Closed, PlanChanged
from neckguard.core.plan import StretchSettings


def covers_when(desk: Desk, name: str) -> str:
    """Let time pass until a prompt of `name` appears; what the record says about covering."""
    for _ in range(1000):
        desk.pass_time(1.0)
        found = [line for line in desk.took() if f" {name} shown" in line]
        if found:
            return found[0].partition("(")[2].rstrip(")")
    pytest.fail(f"{name} was not shown")


def at_the_break(**changes: Any) -> Desk:
    """The desk at 10:00:00, where the break covers the posture check."""
    desk = Desk(plan(*DEFAULTS, **changes)).until("10:00")
    assert desk.took()[-1] == "10:00:00 break shown (covers posture)"
    return desk


@pytest.mark.parametrize(
    ("stretch_every", "window", "covered"),
    [
        (1200.0, 300.0, "covers posture"),  # due together
        (901.0, 300.0, "covers posture"),  # the posture check is due in 299 s
        (900.0, 300.0, "covers posture"),
        (899.0, 300.0, ""),
        (1141.0, 60.0, "covers posture"),
        (1139.0, 60.0, ""),
        (901.0, 600.0, "covers posture"),  # a quarter of 20 min is less than the window
        (899.0, 600.0, ""),
    ],
)
def test_what_is_due_within_the_window_and_a_quarter_of_its_cycle_is_covered(
    stretch_every: float, window: float, covered: str
) -> None:
    both = (reminder("posture", 1200.0), reminder("stretch", stretch_every))
    desk = Desk(plan(*both, merge_window=window)).pass_time(stretch_every - 5.0)
    desk.took()
    assert covers_when(desk, "stretch") == covered


@pytest.mark.parametrize(("later", "shown_at"), [(0.0, "20:00"), (299.0, ""), (300.0, ""), (301.0, "20:00")])
def test_a_shorter_prompt_waits_for_a_longer_one_within_the_window(later: float, shown_at: str) -> None:
    both = (reminder("posture", 1200.0), reminder("stretch", 1200.0 + later))
    desk = Desk(plan(*both)).pass_time(1201.0)
    shown = [line for line in desk.took() if "shown" in line]
    assert [line[3:8] for line in shown] == ([shown_at] if shown_at else [])
    if not shown_at:
        assert desk.engine.world.courses["posture"].owed
        assert covers_when(desk, "stretch") == "covers posture"


def test_what_waits_for_a_longer_one_is_shown_when_that_is_removed() -> None:
    desk = Desk(plan(reminder("posture", 1200.0), reminder("stretch", 1400.0))).pass_time(1250.0)
    desk.do(PlanChanged(plan(reminder("posture", 1200.0))))
    assert desk.took() == story("""
        09:20:00 posture due
        09:20:50 settings (applied)
        09:20:50 posture shown
    """)


def test_a_longer_one_that_is_switched_off_holds_nothing_up() -> None:
    desk = Desk(plan(reminder("posture", 1200.0), reminder("stretch", 1400.0, enabled=False)))
    assert covers_when(desk.pass_time(1199.0), "posture") == ""


def test_a_shorter_one_never_covers_a_longer_one() -> None:
    desk = Desk().until("10:00")
    desk.took()
    desk.do(verbs.Now("posture"))
    desk.do(verbs.Done())
    assert desk.took() == story("""
        10:00:00 break withdrawn (posture was asked for)
        10:00:00 posture shown
        10:00:00 posture done
    """)
    assert desk.engine.world.courses["break"].owed


def test_equal_durations_cover_each_other() -> None:
    desk = Desk(plan(reminder("stretch", 600.0), reminder("eyes", 660.0, kind="stretch", duration=30.0)))
    assert covers_when(desk.pass_time(599.0), "stretch") == "covers eyes"


@pytest.mark.parametrize(
    "other",
    [
        reminder("tea", 3600.0),
        reminder("water", 3600.0, kind="note"),
        reminder("mobility", 3600.0, kind="stretch", duration=10.0),  # the person's own
        reminder("eyes", None, kind="stretch", at=("10:00",)),
        reminder("posture", 3600.0, enabled=False),
    ],
    ids=lambda each: each.name,
)
def test_notes_times_of_day_and_the_persons_own_are_never_covered(other: Any) -> None:
    desk = Desk(plan(reminder("break", 3600.0), other))
    desk.until("10:00")
    assert "10:00:00 break shown" in desk.took()
    desk.do(verbs.Skip())
    follows = [line.split()[:2] for line in desk.pass_time(25.0).took() if "shown" in line]
    assert follows == ([["10:00:20", other.name]] if other.enabled else [])


def test_a_note_covers_nothing() -> None:
    desk = Desk(plan(reminder("posture", 1200.0), reminder("tea", 1190.0, duration=600.0)))
    assert covers_when(desk.pass_time(1189.0), "tea") == ""


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        (Answered("prompt-3", "done"), "done"),
        (Answered("prompt-3", "skip"), "skipped"),
    ],
)
def test_the_covered_are_settled_with_the_covering_prompt(event: Answered, outcome: str) -> None:
    desk = at_the_break()
    desk.pass_time(30.0).do(event)
    assert desk.took()[:2] == [f"10:00:30 break {outcome}", "10:00:30 posture covered (by break)"]
    assert (desk.due_in("posture"), desk.engine.world.courses["posture"].owed) == (1200.0, False)


@pytest.mark.parametrize("event", [Answered("prompt-3", "snooze"), Closed("prompt-3", expired=False)])
def test_the_covered_come_along_into_a_snooze(event: Answered | Closed) -> None:
    desk = at_the_break()
    desk.do(event)
    assert (desk.due_in("break"), desk.due_in("posture")) == (600.0, 600.0)
    assert desk.took()[-1] == "10:00:00 posture put_off (with break)"
    assert without(desk.pass_time(601.0).took(), "due") == ["10:10:00 break shown (covers posture)"]


def test_a_covering_prompt_that_is_replaced_settles_nobody() -> None:
    desk = Desk(plan(*DEFAULTS, reminder("tea", 9000.0))).until("10:00")
    desk.took()
    desk.do(verbs.Now("tea"))
    assert desk.pass_time(70.0).took() == story("""
        10:00:00 break withdrawn (tea was asked for)
        10:00:00 tea shown
        10:00:45 posture due
        10:00:45 tea ignored
        10:01:05 break shown (covers posture)
    """)


def test_a_covered_reminder_that_is_removed_meanwhile_is_no_trouble() -> None:
    desk = at_the_break()
    desk.do(PlanChanged(plan(*DEFAULTS[1:])))
    desk.do(Answered("prompt-3", "done"))
    assert desk.took()[-1] == "10:00:00 break done"


def test_the_last_line_is_the_covered_posture_check() -> None:
    desk = at_the_break()
    assert [card.lines for card in desk.screen.values()] == [("Walk.", "Try this.")]


def test_without_a_covered_posture_check_there_is_no_such_line() -> None:
    desk = Desk(plan(reminder("break", 3600.0))).until("10:00")
    assert [card.lines for card in desk.screen.values()] == [("Walk.",)]


def test_another_stretch_in_the_same_prompt_keeps_the_posture_check() -> None:
    both = (reminder("posture", 1200.0), reminder("stretch", 2400.0))
    desk = Desk(plan(*both), content=GUIDED).until("09:40")
    before = desk.screen["prompt-2"].lines
    avoid = StretchSettings(("tuck",), standing=True, gentle_only=False)
    desk.do(PlanChanged(replace(plan(*both), stretches=avoid)))
    after = desk.screen["prompt-2"].lines
    assert (before[0].split(".")[0], after[0].split(".")[0]) == (
        "Glide your head back",
        "Let your ear sink to one side",
    )
    assert [line.startswith("Try") for line in (*before[1:], *after[1:])] == [False, True] * 2


def test_one_of_each_comes_every_hour_of_a_whole_day() -> None:
    desk = Desk(person=lambda card: (0.0, Answered(card.key, "done")))
    desk.pass_time(8 * 3600.0)
    assert [line[:5] + line[8:] for line in desk.took() if " shown" in line][:6] == story("""
        09:20 posture shown
        09:40 stretch shown (covers posture)
        10:00 break shown (covers posture)
        10:20 posture shown
        10:40 stretch shown (covers posture)
        11:00 break shown (covers posture)
    """)
    assert desk.zone is BERLIN
