"""`flare` once it is under way: the log, the packs, the status and the end."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.command import Outcome, neckguard, nowhere
from support.fake_daemon import FakeDaemon, fake_daemon
from support.flare_helpers import FLARE, TIMER
from support.terminal import Home, terminal_home

from neckguard.control.protocol import Request

ASKED = Request("status", {})
PACK = """\
  * Wrap the pack in cloth: never on bare, broken or numb skin, nor over creams,
    rubs or medicine patches.
  * Not on the front of the neck, not with poor circulation, not lying on the
    pack, not asleep.
  * Look at your skin after 5 minutes.
  * At least 2 hours before the next pack.
  * Also set a kitchen timer.
"""
COLD = f"Cold pack\n  * 10 minutes; at 15 take it off in any case.\n{PACK}"
HEAT = f"""\
Heat pack
  * Warm, not hot: a damp warm cloth or a pack, about 15 minutes; at 20 take it
    off in any case.
{PACK}"""
FIRST = """\
The first 48 hours
  * Cold may soothe: a wrapped pack for 10 minutes, never more than 15. Heat
    instead if it feels better (a warm damp cloth, a shower): whichever helps.
  * Ease off, but keep moving: once an hour a few tiny turns and nods, 3 to 5 of
    each, no hold, only as far as is comfortable.
  * Long rest slows recovery. No collar.
  * For painkillers, ask a pharmacist.
"""
LATER = """\
After the first 48 hours
  * Cold or heat, whichever feels better; heat for 15 minutes, never more than
    20.
  * Light massage of the tops of the shoulders and the back of the neck is fine;
    no deep pressure.
  * Movements grow by one step a day at most: tiny, then half the range.
"""
RETURN = """\
Coming back
  * Movements grow by one step a day at most: tiny, half the range, then full.
  * Full stretches once turning is mostly comfortable, or the pain is 2 or less.
  * Pressing and band exercises about a week after it has settled.
"""
STOP_RULE = """\
Stop the exercise if the pain is sharp, or rises by more than 2 of 10. Leave it
out if you feel worse the next day.
"""
CAUTION = """\
The checklist can miss serious problems. If you are worried, or symptoms are
new, severe or changing, get medical help now; don't wait for a reminder.
"""
REST = f"""\
Worse at any time, or constant spasms: see a doctor or physiotherapist soon.
{CAUTION}\
  neckguard flare cold  a cold pack with a timer (or: heat)
  neckguard flare log   note how it goes
  neckguard flare       say this again
  neckguard flare end   when it is over
"""


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with fake_daemon() as running:
        running.status["flare"] = dict(FLARE)
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with terminal_home(tmp_path) as home:
        home.daemon.status["flare"] = dict(FLARE)
        yield home


@pytest.mark.parametrize("words", [["flare"], ["flare", "status"]])
@pytest.mark.parametrize(
    ("flare", "told"),
    [
        (
            {},
            (
                "Flare-up since Sun 1 Mar 09:00, day 2, on the right, 6 of 10 when it began.\n"
                "Exercises: tiny turns and nods, and the movements that are safe in a flare-up.\n"
                f"{STOP_RULE}{FIRST}{REST}"
            ),
        ),
        (
            {"severity": None, "side": "", "stage": "after_48h", "exercises": "half", "day": 4}
            | {"last_score": 0, "comfortable": True, "lost_days": 2},
            (
                "Flare-up since Sun 1 Mar 09:00, day 4.\n"
                "Last noted: pain 0 of 10, mostly comfortable, days of sleep or work lost: 2.\n"
                "Exercises: the safe movements, and some others at half the range, without\n"
                "holding.\n"
                f"{STOP_RULE}{LATER}{REST}"
            ),
        ),
        (
            {"severity": 0, "side": "both", "stage": "return", "exercises": "safe", "day": 9}
            | {"urgency": "this_week", "flags": ["age", "unheard-of"]},
            (
                "Flare-up since Sun 1 Mar 09:00, day 9, on both sides, 0 of 10 when it began.\n"
                "Exercises: tiny turns and nods, and the movements that are safe in a flare-up.\n"
                "You named:\n"
                "  * First time ever, and under 20 or over 55\n"
                "Book a doctor's appointment this week; until then, only the safest movements.\n"
                "Make it today if you feel unwell, it gets worse, or it came after an injury.\n"
                "  neckguard flare cleared  once somebody has looked at it\n"
                f"{STOP_RULE}{RETURN}{REST}"
            ),
        ),
        (
            {"severity": 0, "side": "both", "stage": "return", "exercises": "full", "day": 9}
            | {"cleared": "2026-03-03T10:00:00+01:00"},
            (
                "Flare-up since Sun 1 Mar 09:00, day 9, on both sides, 0 of 10 when it began.\n"
                "Exercises: stretches at full range again.\n"
                f"{STOP_RULE}{RETURN}{REST}"
            ),
        ),
        (
            {"stage": "red_flags", "exercises": "none", "urgency": "emergency", "flags": ["chest"]}
            | {"open": True},
            (
                "Flare-up since Sun 1 Mar 09:00, day 2, on the right, 6 of 10 when it began.\n"
                "Exercises: none, until somebody has looked at it.\n"
                "You named:\n"
                "  * Chest pain or tightness; or neck, jaw or arm pain with sweating, feeling\n"
                "    sick or short breath\n"
                f"{CAUTION}"
                "Get medical help now: call 112, 999, 911 or your local emergency number.\n"
                "Don't do any exercises, and don't drive yourself.\n"
                "Sit down and rest.\n"
            ),
        ),
    ],
    ids=["first_48h", "after_48h", "this_week", "cleared", "red_flags"],
)
def test_the_plan_of_each_stage(
    daemon: FakeDaemon, words: list[str], flare: dict[str, Any], told: str
) -> None:
    daemon.status["flare"] |= flare
    assert neckguard(*words, env=daemon.env) == Outcome(0, told, "")
    assert {request.command for request in daemon.requests} == {"status"}


@pytest.mark.parametrize(
    ("timer", "told"),
    [
        ({}, "Cold pack until Mon 2 Mar 15:10, never past Mon 2 Mar 15:15."),
        (
            {"kind": "heat", "ringing": True},
            "Heat pack: time is up. Take it off, then: neckguard flare heat --stop.",
        ),
    ],
)
def test_a_running_timer_comes_first(daemon: FakeDaemon, timer: dict[str, Any], told: str) -> None:
    daemon.status |= {"flare": None, "timer": TIMER | timer}
    assert neckguard("flare", "status", env=daemon.env) == Outcome(
        0, f"{told}\nNo flare-up. To begin one: neckguard flare start\n", ""
    )
    page = neckguard("status", env=daemon.env).out
    assert page.startswith(f"Running since Mon 2 Mar 09:00.\n{told}\n")


@pytest.mark.parametrize("flare", [None, FLARE])
@pytest.mark.parametrize("timer", [None, TIMER])
def test_programs_get_the_flare_up_and_the_timer(
    daemon: FakeDaemon, flare: dict[str, Any] | None, timer: dict[str, Any] | None
) -> None:
    daemon.status |= {"flare": flare, "timer": timer}
    shown = neckguard("flare", "status", "--json", env=daemon.env)
    assert json.loads(shown.out) == {"flare": flare, "timer": timer}


def test_a_daemon_that_knows_no_timers_is_no_obstacle(daemon: FakeDaemon) -> None:
    del daemon.status["timer"]
    assert json.loads(neckguard("flare", "status", "--json", env=daemon.env).out)["timer"] is None


@pytest.mark.parametrize(
    ("words", "told", "requests"),
    [
        ("cold", f"{COLD}timer: yes.\n", [Request("timer", {"kind": "cold"})]),
        ("heat", f"{HEAT}timer: yes.\n", [Request("timer", {"kind": "heat"})]),
        ("cold --stop", "timer_stop: yes.\n", [Request("timer_stop", {})]),
        ("heat --stop", "timer_stop: yes.\n", [Request("timer_stop", {})]),
        ("cleared", "flare_cleared: yes.\n", [Request("flare_cleared", {})]),
        ("end", "flare_end: yes.\n", [ASKED, Request("flare_end", {})]),
    ],
)
def test_an_action_sends_its_command(
    daemon: FakeDaemon, words: str, told: str, requests: list[Request]
) -> None:
    assert neckguard("flare", *words.split(), env=daemon.env) == Outcome(0, told, "")
    assert daemon.requests == requests


LOOKED = "Has somebody looked at what you named? (yes or no)\n"


@pytest.mark.parametrize(("typed", "looked"), [("yes\n", True), ("maybe\nN\n", False)])
def test_the_end_over_an_open_flag_asks_first(daemon: FakeDaemon, typed: str, looked: bool) -> None:
    daemon.status["flare"] |= {"open": True, "urgency": "same_day", "flags": ["severe"]}
    shown = neckguard("flare", "end", env=daemon.env, typed=typed)
    assert shown.out.startswith(LOOKED)
    assert shown.out.endswith("flare_end: yes.\n")
    assert daemon.requests == [ASKED, Request("flare_end", {"looked": looked})]


def test_without_an_answer_nothing_ends(daemon: FakeDaemon) -> None:
    daemon.status["flare"] |= {"open": True, "urgency": "same_day", "flags": ["severe"]}
    assert neckguard("flare", "end", env=daemon.env) == Outcome(
        1, LOOKED, "neckguard: Not noted: it goes on. Once somebody has looked: neckguard flare cleared\n"
    )
    assert daemon.requests == [ASKED]


def test_what_to_mind_with_a_pack_does_not_wait_for_a_daemon(tmp_path: Path) -> None:
    shown = neckguard("flare", "heat", env=nowhere(tmp_path))
    assert (shown.code, shown.out) == (3, HEAT)


@pytest.mark.parametrize(
    ("words", "args"),
    [
        ("4", {"score": 4}),
        ("--turning yes", {"turning": True}),
        ("--turning no --lost-days 0", {"turning": False, "lost_days": 0}),
        (
            "0 --lost-days 365 --turning yes --note",
            {"score": 0, "turning": True, "lost_days": 365, "note": "so so"},
        ),
        ("--note", {"note": "so so"}),
    ],
)
def test_what_is_given_is_logged(daemon: FakeDaemon, words: str, args: dict[str, Any]) -> None:
    shown = neckguard("flare", "log", *words.split(), env=daemon.env, typed="so so\n")
    assert (shown.code, shown.out.splitlines()[-1]) == (0, "flare_log: yes.")
    assert daemon.requests == [Request("flare_log", args)]


def test_an_empty_log_is_none(daemon: FakeDaemon) -> None:
    shown = neckguard("flare", "log", "--note", env=daemon.env)
    assert (shown.code, shown.err) == (1, "neckguard: Not noted: you said nothing.\n")
    assert daemon.requests == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("log", "say how it goes, such as: neckguard flare log 4 --turning yes --lost-days 1"),
        ("log 11", "A score is a whole number from 0 (no pain) to 10 (the worst pain), not '11'"),
        ("log --lost-days 366", "Lost days are a whole number from 0 to 365, not '366'"),
        ("log --turning perhaps", "invalid choice: 'perhaps'"),
        ("start --severity x", "A score is a whole number from 0 (no pain) to 10 (the worst pain), not 'x'"),
        ("start --side middle", "invalid choice: 'middle'"),
        ("start --sev 3", "unrecognized arguments: --sev 3"),
        ("stop", "invalid choice: 'stop'"),
    ],
)
def test_wrong_usage_is_explained_and_does_nothing(daemon: FakeDaemon, words: str, says: str) -> None:
    shown = neckguard("flare", *words.split(), env=daemon.env, typed="none\n")
    assert (shown.code, shown.out) == (2, "")
    assert says in shown.err
    assert daemon.requests == []


def test_in_a_terminal_the_log_asks_for_the_rest(home: Home) -> None:
    terminal = home.open("flare", "log", "--lost-days", "1")
    terminal.until("Enter passes a question over.")
    terminal.until("Your neck now, 0 (no pain) to 10:")
    terminal.until("> ")
    terminal.type("\n")
    terminal.until("Is turning your head mostly comfortable? (yes or no)")
    terminal.until("> ")
    terminal.type("maybe\n")
    terminal.until('"yes" or "no", please.')
    terminal.until("> ")
    terminal.type("Y\n")
    assert terminal.end() == 0
    assert home.daemon.requests == [ASKED, Request("flare_log", {"turning": True, "lost_days": 1})]


@pytest.mark.parametrize(
    ("keys", "why"),
    [(("\n", "\n", "\n"), "you said nothing"), (("4\n", "\x04"), "the questions were not answered")],
)
def test_who_passes_over_or_leaves_has_logged_nothing(home: Home, keys: tuple[str, ...], why: str) -> None:
    terminal = home.open("flare", "log")
    for key in keys:
        terminal.until("> ")
        terminal.type(key)
    terminal.until(f"neckguard: Not noted: {why}.")
    assert terminal.end() == 1
    assert home.daemon.requests == [ASKED]


def test_without_a_flare_up_there_is_nothing_to_ask(home: Home) -> None:
    home.daemon.status["flare"] = None
    terminal = home.open("flare", "log")
    terminal.until("neckguard: no flare-up has begun. To begin one: neckguard flare start")
    assert terminal.end() == 1
