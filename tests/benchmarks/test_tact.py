"""neckguard stays as tactful as it is, and the benchmark that says so can be trusted.

The bounds are wide, for what gets much worse; the figures are for `tact.py` to tell.
"""

import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from benchmarks import tact
from benchmarks.tact import Desk, Figures, measure
from benchmarks.tact_days import Day, Temper, Work, day
from benchmarks.tact_peers import ActivityTimer, HeedfulTimer, PlainTimer
from support.virtual import TOPICS, plan

from neckguard.preview.parse import parse
from neckguard.preview.simulated_life import SimulatedLife
from neckguard.preview.trace import Trace

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
DEFAULTS = plan()


def play(text: str, live: type[SimulatedLife]) -> tuple[Desk, Trace]:
    """The desk after such a day, and what went on there."""
    scenario = parse(text, "day", NINE, DEFAULTS, lambda _: DEFAULTS)
    desk = Desk(Day(0, Work.MIXED, Temper.OBEYS, scenario), DEFAULTS, TOPICS, live)
    return desk, desk.run()


def story(text: str, live: type[SimulatedLife]) -> list[str]:
    """When there were prompts, and when the person took a break for one."""
    desk, trace = play(text, live)
    prompts = [
        (NINE + timedelta(seconds=prompt.at), "long" if prompt.asks_for_break else "short")
        for prompt in desk.prompts
    ]
    breaks = [(entry.at, entry.what) for entry in trace.entries if entry.what in ("leaves", "returns")]
    return [f"{at:%H:%M:%S} {what}" for at, what in sorted(prompts + breaks)]


@pytest.fixture(scope="module")
def ours() -> Figures:
    """Those of neckguard, on one day of each sort."""
    return measure([day(number) for number in range(24)], SimulatedLife)


# ---- how tactful they are ----------------------------------------------------------------------------------


def test_neckguard_stays_tactful(ours: Figures) -> None:
    most = {
        tact.IN_CALL: 0.0,
        tact.UNDER_DND: 0.0,
        tact.TYPING: 1.0,
        tact.ON_HEELS: 0.0,
        tact.ON_RETURN: 0.2,
        tact.AT_END: 0.1,
        tact.EMPTY: 0.4,
        tact.IN_FILM: 0.5,
        tact.ASKED_ANYWAY: 0.0,
        tact.LONGEST[Temper.OBEYS]: 150.0,
        tact.LONGEST[Temper.TYPICAL]: 180.0,
    }
    assert {what: ours[what] for what, bound in most.items() if ours[what] > bound} == {}


def test_neckguard_does_not_get_there_by_silence(ours: Figures) -> None:
    assert 12.0 < ours[tact.PROMPTS] < 20.0


def test_the_others_do_what_they_document() -> None:
    days = [day(number) for number in range(12)]
    plain, heedful, activity = (measure(days, peer) for peer in (PlainTimer, HeedfulTimer, ActivityTimer))
    assert plain[tact.IN_CALL] > 2.0
    assert plain[tact.ASKED_ANYWAY] > 0.5
    assert heedful[tact.UNDER_DND] == heedful[tact.TYPING] == 0.0
    assert activity[tact.ASKED_ANYWAY] == activity[tact.EMPTY] == 0.0
    ignores = tact.LONGEST[Temper.IGNORES]
    assert activity[ignores] < plain[ignores] - 10.0


# ---- the models --------------------------------------------------------------------------------------------


def test_a_plain_timer_asks_by_the_clock_whatever_happens() -> None:
    assert story("09:00 answer nothing\n09:15 call\n09:16 dnd on\n09:35 leave\n10:50 end", PlainTimer) == [
        "09:20:00 short",
        "09:40:30 short",  # a card stands as long as its break
        "10:01:00 long",
        "10:26:00 short",
        "10:46:30 short",
    ]


@pytest.mark.parametrize(
    ("answer", "prompts"),
    [
        ("skip", ["09:20:00 short", "09:40:00 short"]),
        ("dismiss", ["09:20:00 short", "09:40:00 short"]),
        (
            "snooze",
            ["09:20:00 short", "09:25:00 short", "09:30:00 short", "09:35:00 short", "09:40:00 short"],
        ),
        ("start", ["09:20:00 short", "09:40:30 short"]),  # the countdown begins after the rest
    ],
)
def test_an_answer_decides_when_the_next_comes(answer: str, prompts: list[str]) -> None:
    assert story(f"09:00 answer {answer}\n09:41 end", PlainTimer) == prompts


def test_each_third_prompt_of_a_timer_is_a_break_away_from_the_desk() -> None:
    assert story("10:30 end", PlainTimer) == [
        "09:20:00 short",
        "09:40:30 short",
        "10:01:00 long",
        "10:01:05 leaves",
        "10:06:05 returns",
        "10:26:00 short",
    ]


@pytest.mark.parametrize(
    ("happens", "first"),
    [
        ("09:10 dnd on\n09:40 dnd off", "09:50:08 short"),  # stands still meanwhile
        ("09:19 type 5m", "09:24:02 short"),  # no gap before
        ("09:19 watch\n09:23 read", "09:23:08 short"),  # nobody is told before the first touch
        ("09:15 leave\n09:22 work", "09:42:07 short"),  # a break: it starts afresh
        ("09:15 leave\n09:19 work", "09:20:08 short"),  # none
    ],
)
def test_a_heedful_timer_waits(happens: str, first: str) -> None:
    assert story(f"{happens}\n09:55 end", HeedfulTimer)[0] == first


@pytest.mark.parametrize(
    ("happens", "prompts"),
    [
        ("09:00 type 25m", ["09:20:00 short"]),
        ("09:00 read", []),
        ("09:00 type 15m\n09:15 watch\n09:15:25 type 15m", ["09:20:15 short"]),  # 15 s without
        ("09:00 type 15m\n09:15 watch\n09:15:36 type 15m", []),  # a short break: it starts afresh
    ],
)
def test_an_activity_timer_counts_how_long_keys_are_pressed(happens: str, prompts: list[str]) -> None:
    assert story(f"{happens}\n09:25 end", ActivityTimer) == prompts


def test_who_has_left_for_a_break_of_an_activity_timer_has_taken_it() -> None:
    assert story("09:00 type 160m\n10:35 end", ActivityTimer) == [
        "09:20:00 short",
        "09:44:35 short",
        "10:09:00 long",
        "10:09:05 leaves",
        "10:14:05 returns",
    ]


def test_an_activity_timer_insists_until_nobody_can_work_on() -> None:
    assert story("09:00 answer nothing\n09:00 type 160m\n11:05 end", ActivityTimer) == [
        "09:20:00 short",
        "09:25:30 short",
        "09:31:00 short",
        "09:36:30 short",  # forced: they rest, and the countdown starts afresh
        "10:01:05 short",
        "10:05:10 long",  # and stands for the short one
        "10:22:10 long",
        "10:39:10 long",
        "10:56:10 long",
        "10:56:15 leaves",
        "11:01:15 returns",
    ]


def test_a_forced_break_is_put_off_in_a_call() -> None:
    forced = story("09:00 answer nothing\n09:00 type 60m\n09:35 call\n09:47 end", ActivityTimer)
    assert forced[3:] == ["09:36:30 short", "09:41:30 short", "09:46:30 short"]


# ---- the desk ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("happens", "there"),
    [
        ("10:02 type 1m\n10:03 work\n10:04 read\n10:06 end", False),
        ("10:02 type 1m\n10:06:10 end", True),
        ("10:02 watch\n10:02 call\n10:03 end", True),  # in time for it
        ("10:02 leave\n10:10 end", False),  # for longer
    ],
)
def test_who_rests_does_not_work_meanwhile(happens: str, there: bool) -> None:
    desk, _ = play(happens, PlainTimer)  # which asks for a break at 10:01
    assert desk._person.there is there


@pytest.mark.parametrize(
    ("happens", "breaks"),
    [
        ("09:30 leave\n09:40 work", (1, 1)),  # asked for at 10:01
        ("09:20:30 leave\n09:30 work", (1, 0)),  # 31 minutes before
        ("09:30 leave\n09:34:59 work", (0, 0)),  # too short
        ("09:50 answer done", (0, 0)),  # because it was asked for
    ],
)
def test_a_break_of_ones_own(happens: str, breaks: tuple[int, int]) -> None:
    desk, _ = play(f"09:00 read\n{happens}\n10:20 end", PlainTimer)
    assert (len(desk.own_breaks), desk.asked_anyway) == breaks


AT_20 = {
    "nothing special": ("09:00 read", ()),
    "a call": ("09:00 read\n09:15 call", (tact.IN_CALL,)),
    "a call that keeps awake": ("09:00 read\n09:15 inhibit on\n09:15 call", (tact.IN_CALL,)),
    "do not disturb": ("09:00 read\n09:15 dnd on", (tact.UNDER_DND,)),
    "a film": ("09:15 inhibit on\n09:15 watch", (tact.IN_FILM,)),
    "typing": ("09:19 type 2m", (tact.TYPING,)),
    "a pause in the typing": ("09:19 type 57s", ()),
    "a return": ("09:00 read\n09:18 leave\n09:19:30 read", (tact.ON_RETURN,)),
    "a return a while ago": ("09:00 read\n09:15 leave\n09:18:30 read", ()),
    "a moment away": ("09:00 read\n09:19 leave\n09:19:30 read", ()),
    "nobody there": ("09:15 leave", (tact.EMPTY,)),
    "the way home": ("09:00 read\n09:24 end", (tact.AT_END,)),
}


@pytest.mark.parametrize(("text", "amiss"), AT_20.values(), ids=AT_20)
def test_what_is_amiss_with_a_moment(text: str, amiss: tuple[str, ...]) -> None:
    desk, _ = play(text if "end" in text else f"{text}\n09:40 end", PlainTimer)
    assert desk.prompts[0].amiss == amiss


def test_a_prompt_on_the_heels_of_another_is_seen() -> None:
    desk, _ = play("09:00 read\n09:20:20 now break\n09:40 end", SimulatedLife)
    assert [tact.ON_HEELS in prompt.amiss for prompt in desk.prompts] == [False, True]


# ---- the days and the table --------------------------------------------------------------------------------


def test_a_number_makes_a_day_and_each_24_have_one_of_every_sort() -> None:
    assert day(7) == day(7) != day(31)
    for first in (0, 24):
        days = [day(number) for number in range(first, first + 24)]
        assert len({(each.work, each.temper, each.scenario.keeps) for each in days}) == 24


@pytest.mark.parametrize(
    ("form", "start"), [("", "      "), ("--markdown", "|  | neckguard |"), ("--json", "{")]
)
def test_the_table_is_told_as_wanted(
    form: str, start: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tact.py", "--days", "1", *form.split()])
    tact.main()
    out = capsys.readouterr().out
    assert out.startswith(start)
    assert (tact.LONGEST[Temper.OBEYS] if "json" in form else "longest sitting of who obeys") in out
    assert "ignores" not in out  # on the first day nobody does
