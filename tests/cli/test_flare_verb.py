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
  * Wrap the pack in cloth: never on bare, broken or numb skin.
  * Not with poor circulation, not lying on the pack, not while you sleep.
  * Look at your skin after 5 minutes.
  * Leave a good while before the next pack.
  * Also set a kitchen timer.
"""
COLD = f"Cold pack\n  * 10 minutes; at 15 take it off in any case.\n{PACK}"
HEAT = f"Heat pack\n  * Warm, not hot; about 15 minutes.\n{PACK}"
FIRST = """\
The first 48 hours
  * Cold may soothe: a pack wrapped in cloth for 10 minutes, never more than 15.
    Take heat instead if it feels better.
  * Ease off, but keep moving: small movements, 3 to 5 times, about hourly.
  * Do without a neck collar.
  * About anything to take against the pain, ask a pharmacist.
"""
LATER = """\
After the first 48 hours
  * Heat may loosen: about 15 minutes, wrapped.
  * Light massage is fine if it feels good; no deep pressure.
"""
RETURN = """\
Coming back
  * Come back in order: the safe movements, then half the range.
  * Full stretches once turning your head is mostly comfortable.
  * Pressing and band exercises about a week after it has settled.
"""
WORSE = """\
If it gets worse at any time, see a doctor or physiotherapist. If the spasms are
constant, see a doctor soon.
"""
STOP_RULE = """\
Stop the exercise if the pain is sharp, or rises by more than 2 of 10. Leave it
out if you feel worse the next day.
"""
VERBS = """\
  neckguard flare log   note how it goes
  neckguard flare       say this again
  neckguard flare end   when it is over
"""
COLD_VERB = "  neckguard flare cold  a cold pack with a timer (or: heat)\n"
HEAT_VERB = "  neckguard flare heat  a heat pack with a timer\n"


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
                "Exercises: only the movements that are safe in a flare-up.\n"
                f"{STOP_RULE}{FIRST}{WORSE}{COLD_VERB}{VERBS}"
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
                f"{STOP_RULE}{LATER}{WORSE}{HEAT_VERB}{VERBS}"
            ),
        ),
        (
            {"severity": 0, "side": "both", "stage": "return", "exercises": "full", "day": 9}
            | {"urgency": "this_week", "flags": ["age", "unheard-of"]},
            (
                "Flare-up since Sun 1 Mar 09:00, day 9, on both sides, 0 of 10 when it began.\n"
                "Book a doctor's appointment this week.\n"
                "Make it today if you are also unwell, it gets worse, or it followed an injury.\n"
                "You named:\n"
                "  * It is the first time ever, and you are under 20 or over 55\n"
                "Exercises: stretches at full range again.\n"
                f"{STOP_RULE}{RETURN}{WORSE}{HEAT_VERB}{VERBS}"
            ),
        ),
        (
            {"stage": "red_flags", "exercises": "none", "urgency": "emergency", "flags": ["chest"]},
            (
                "Flare-up since Sun 1 Mar 09:00, day 2, on the right, 6 of 10 when it began.\n"
                "Get medical help now: call 112, 999 or 911, or your local emergency number.\n"
                "Don't do any exercises, and don't drive yourself.\n"
                "You named:\n"
                "  * Chest pain (or pain spreading to jaw or arm), breathlessness or sweating\n"
                "Exercises: none, until you end this flare-up.\n"
                "  neckguard flare end   once somebody has had a look\n"
            ),
        ),
    ],
    ids=["first_48h", "after_48h", "return", "red_flags"],
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
        ("cold", f"{COLD}timer: yes.\n", [ASKED, Request("timer", {"kind": "cold"})]),
        ("heat", f"{HEAT}timer: yes.\n", [ASKED, Request("timer", {"kind": "heat"})]),
        ("cold --stop", "timer_stop: yes.\n", [Request("timer_stop", {})]),
        ("heat --stop", "timer_stop: yes.\n", [Request("timer_stop", {})]),
        ("end", "flare_end: yes.\n", [Request("flare_end", {})]),
    ],
)
def test_an_action_sends_its_command(
    daemon: FakeDaemon, words: str, told: str, requests: list[Request]
) -> None:
    assert neckguard("flare", *words.split(), env=daemon.env) == Outcome(0, told, "")
    assert daemon.requests == requests


@pytest.mark.parametrize("stage", ["after_48h", "return"])
def test_after_two_days_cold_is_not_suggested_but_not_refused(daemon: FakeDaemon, stage: str) -> None:
    daemon.status["flare"]["stage"] = stage
    hint = "Cold is mostly for the first two days; now heat may do more: neckguard flare heat"
    shown = neckguard("flare", "cold", env={**daemon.env, "COLUMNS": "80"})
    assert shown.out.replace("flare\nheat", "flare heat") == f"{COLD}{hint}\ntimer: yes.\n"
    assert daemon.requests[-1] == Request("timer", {"kind": "cold"})
    assert hint not in neckguard("flare", "heat", env=daemon.env).out


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
    assert (shown.code, shown.err) == (1, "neckguard: Nothing was noted.\n")
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


@pytest.mark.parametrize("keys", [("\n", "\n", "\n"), ("4\n", "\x04")])
def test_who_passes_over_or_leaves_has_logged_nothing(home: Home, keys: tuple[str, ...]) -> None:
    terminal = home.open("flare", "log")
    for key in keys:
        terminal.until("> ")
        terminal.type(key)
    terminal.until("neckguard: Nothing was noted.")
    assert terminal.end() == 1
    assert home.daemon.requests == [ASKED]


def test_without_a_flare_up_there_is_nothing_to_ask(home: Home) -> None:
    home.daemon.status["flare"] = None
    terminal = home.open("flare", "log")
    terminal.until("neckguard: no flare-up has begun. To begin one: neckguard flare start")
    assert terminal.end() == 1
