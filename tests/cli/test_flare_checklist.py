"""The checklist of red flags: always first, on one screen, whether or not a daemon answers."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import PROGRAM, neckguard, nowhere
from support.fake_daemon import FakeDaemon, fake_daemon
from support.flare_helpers import FLARE
from support.terminal import Home, terminal_home

from neckguard.content import loader
from neckguard.control.protocol import Request
from neckguard.core import Reply

SCREEN = """\
Before anything else: does any of this apply to you?
Emergency: call 112, 999 or 911 now
 1 New neck pain after a crash, fall or dive (a small fall counts if you are
   over 65 or your bones are fragile)
 2 New weakness in an arm or leg, clumsy hands, trouble walking
 3 Sudden numbness, or electric shocks down the spine, arms or legs
 4 New bladder or bowel trouble, or numbness around genitals or back passage
 5 High fever with stiff neck, bad headache, pain from light, rash or confusion
 6 Sudden severe or unusual neck pain or headache
 7 Drooping face, trouble speaking or swallowing, double vision, fainting
 8 Chest pain (or pain spreading to jaw or arm), breathlessness or sweating
Needs a doctor today
 9 Pins and needles that don't go away, or a cold arm
10 Pain that is constant, getting worse, or disturbs your sleep
11 Weight loss, night sweats, feeling unwell, or swollen glands
12 Severe pain that simple painkillers don't touch
Needs an appointment this week
13 Cancer ever, osteoporosis, inflammatory arthritis, low immunity, neck surgery
14 It is the first time ever, and you are under 20 or over 55
15 New stiffness, with trouble lifting both arms
The checklist can miss serious problems. If you are worried, or symptoms are
new, severe or changing, get medical help now; don't wait for a reminder.
Type the numbers that apply, such as 2 7, or none.
"""
BEFORE_QUESTION = SCREEN.rpartition("Type")[0]
EMERGENCY = """
Get medical help now: call 112, 999 or 911, or your local emergency number.
Don't do any exercises, and don't drive yourself.
"""
SAME_DAY = """
Talk to a doctor or an out-of-hours service today.
No exercises until somebody has had a look and you end this flare-up here.
"""
PLAN = """\
Now
  * Stop what you were doing.
  * Support your head, breathe, and move only within comfort.
  * Don't drive or cycle while you can't turn your head.
The first 48 hours
  * Cold may soothe: a pack wrapped in cloth for 10 minutes, never more than 15.
    Take heat instead if it feels better.
  * Ease off, but keep moving: small movements, 3 to 5 times, about hourly.
  * Do without a neck collar.
  * About anything to take against the pain, ask a pharmacist.
If it gets worse at any time, see a doctor or physiotherapist. If the spasms are
constant, see a doctor soon.
  neckguard flare cold  a cold pack with a timer (or: heat)
  neckguard flare log   note how it goes
  neckguard flare       say this again
  neckguard flare end   when it is over
"""
END = "  neckguard flare end   once somebody has had a look\n"
NOT_UNDERSTOOD = 'Numbers from 1 to 15, such as "2 7"; or "none".\n'
AFTER = [Request("status", {})]  # what holds now


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with fake_daemon() as running:
        running.replies["flare_start"] = Reply(ok=True, message="The plan is in force.")
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with terminal_home(tmp_path) as home:
        home.daemon.replies["flare_start"] = Reply(ok=True, message="The plan is in force.")
        yield home


def rows(shown: str, columns: int = 80) -> int:
    """How many rows a terminal needs for it, styles not counted."""
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown).replace("\r", "")
    return sum(max(1, -(-len(line) // columns)) for line in plain.split("\n"))


def started(flags: tuple[str, ...] = (), **fields: object) -> Request:
    return Request("flare_start", {**fields, "flags": flags})


def test_no_red_flag_brings_the_plan_at_once(daemon: FakeDaemon) -> None:
    shown = neckguard("flare", "start", env=daemon.env, typed="none\n")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == f"{SCREEN}\nThe plan is in force.\n{PLAN}"
    assert daemon.requests == [started(), *AFTER]


def test_severity_and_side_are_passed_on(daemon: FakeDaemon) -> None:
    words = ["flare", "start", "--severity", "6", "--side", "left", "--none"]
    shown = neckguard(*words, env=daemon.env)
    assert (
        shown.out == f"{BEFORE_QUESTION}You said that none of these applies.\n\nThe plan is in force.\n{PLAN}"
    )
    assert daemon.requests == [started(severity=6, side="left"), *AFTER]


@pytest.mark.parametrize(
    ("typed", "flags", "advice"),
    [
        ("2", ("weakness",), EMERGENCY),
        ("12, 8", ("chest", "severe"), EMERGENCY),
        ("9", ("tingling",), SAME_DAY),
        ("15 12 12", ("severe", "both-arms"), SAME_DAY),
        (
            " ".join(map(str, range(1, 16))),
            tuple(flag.id for flag in loader.load_flare().red_flags),
            EMERGENCY,
        ),
    ],
)
def test_what_needs_somebody_today_brings_advice_and_no_exercises(
    daemon: FakeDaemon, typed: str, flags: tuple[str, ...], advice: str
) -> None:
    shown = neckguard("flare", "start", env=daemon.env, typed=f"{typed}\n")
    assert shown.out.startswith(f"{SCREEN}{advice}You named:\n  * ")
    named = [flag.text for flag in loader.load_flare().red_flags if flag.id in flags]
    flat = shown.out.replace("\n    ", " ")
    assert [line[4:] for line in flat.splitlines() if line.startswith("  * ")] == named
    assert shown.out.endswith(f"\nThe plan is in force.\n{END}")
    assert daemon.requests == [started(flags), *AFTER]


def test_what_can_wait_some_days_brings_the_plan_too(daemon: FakeDaemon) -> None:
    shown = neckguard("flare", "start", env=daemon.env, typed="14\n")
    assert shown.out == (
        f"{SCREEN}\n"
        "Book a doctor's appointment this week.\n"
        "Make it today if you are also unwell, it gets worse, or it followed an injury.\n"
        "You named:\n"
        "  * It is the first time ever, and you are under 20 or over 55\n"
        f"The plan is in force.\n{PLAN}"
    )
    assert daemon.requests == [started(("age",)), *AFTER]


def test_red_flags_of_an_earlier_checklist_stay_in_force(daemon: FakeDaemon) -> None:
    daemon.status["flare"] = FLARE | {"stage": "red_flags", "urgency": "same_day", "flags": ["severe"]}
    shown = neckguard("flare", "start", env=daemon.env, typed="none\n")
    assert shown.out == (
        f"{SCREEN}\nThe plan is in force.{SAME_DAY}"
        "You named:\n  * Severe pain that simple painkillers don't touch\n"
        f"{END}"
    )


def test_new_symptoms_in_a_later_stage_do_not_begin_it_anew(daemon: FakeDaemon) -> None:
    daemon.status["flare"] = FLARE | {"stage": "return", "exercises": "full"}
    shown = neckguard("flare", "start", env=daemon.env, typed="none\n")
    assert "\nThe plan is in force.\nComing back\n" in shown.out


def test_it_asks_until_it_understands(daemon: FakeDaemon) -> None:
    typed = "\n0\n16\n2 none\nno\n1-3\nÿ\n99999999999999999999\n None \n"
    shown = neckguard("flare", "start", env=daemon.env, typed=typed)
    assert shown.out == f"{SCREEN}{NOT_UNDERSTOOD * 8}\nThe plan is in force.\n{PLAN}"


def test_an_answer_that_is_no_text_is_asked_for_again(daemon: FakeDaemon) -> None:
    env = {**daemon.env, "PYTHONIOENCODING": "utf-8:strict"}
    shown = neckguard("flare", "start", env=env, typed="\udcff\n2\n")  # the byte ff
    assert shown.out.startswith(f"{SCREEN}{NOT_UNDERSTOOD}{EMERGENCY}")


def test_a_closed_standard_input_is_no_answer(daemon: FakeDaemon) -> None:
    ran = subprocess.run(["sh", "-c", f"{PROGRAM} flare start <&-"], env=daemon.env, check=False)
    assert ran.returncode == 1
    assert daemon.requests == []


def test_without_an_answer_nothing_begins(daemon: FakeDaemon) -> None:
    shown = neckguard("flare", "start", env=daemon.env, typed="\n")
    assert (shown.code, shown.err) == (1, "neckguard: Nothing was started.\n")
    assert daemon.requests == []


@pytest.mark.parametrize("words", [["flare"], ["flare", "start"]])
@pytest.mark.parametrize(("typed", "told"), [("none", f"\n{PLAN}"), ("4", EMERGENCY)])
def test_the_advice_does_not_wait_for_a_daemon(
    words: list[str], typed: str, told: str, tmp_path: Path
) -> None:
    shown = neckguard(*words, env=nowhere(tmp_path), typed=f"{typed}\n")
    assert shown.out.startswith(f"{SCREEN}{told}")
    assert shown.code == 3
    assert shown.err.startswith("neckguard is not running. Start it with")


def test_a_refusal_comes_after_what_to_do(daemon: FakeDaemon) -> None:
    daemon.replies["flare_start"] = Reply(ok=False, message="The state cannot be written.")
    shown = neckguard("flare", "start", env=daemon.env, typed="none\n")
    assert (shown.code, shown.out) == (1, f"{SCREEN}\n{PLAN}")
    assert shown.err == "neckguard: The state cannot be written.\n"


def test_the_whole_screen_fits_a_small_terminal(known: Home) -> None:
    terminal = known.open("flare", "start", size=(80, 24))
    terminal.until("or none.")
    terminal.until("> ")
    assert rows(terminal.shown) <= 24
    assert "\x1b[1;31mEmergency: call 112, 999 or 911 now\x1b[0m" in terminal.shown
    question = len(terminal.shown)
    known.daemon.replies["flare_start"] = Reply(ok=True, message="A sentence that needs two rows. " * 5)
    terminal.type("15\n")
    assert terminal.end() == 0
    assert rows(terminal.shown[question:].partition("\n")[2]) <= 24
    assert "\x1b[1mBook a doctor's appointment this week.\x1b[0m" in terminal.shown


def test_an_emergency_stands_out(known: Home) -> None:
    terminal = known.open("flare", "start")
    terminal.until("> ")
    terminal.type("6\n")
    assert terminal.end() == 0
    assert "\x1b[1;31mGet medical help now: call 112, 999 or 911" in terminal.shown


def test_no_colour_means_none(known: Home) -> None:
    terminal = known.open("flare", "start", "--none", env={"NO_COLOR": "1"})
    assert terminal.end() == 0
    assert "\x1b" not in terminal.shown


def test_a_narrow_terminal_breaks_between_words(known: Home) -> None:
    terminal = known.open("flare", "start", "--none", size=(40, 24), env={"NO_COLOR": "1"})
    assert terminal.end() == 0
    assert max(map(len, terminal.shown.splitlines())) <= 40


def test_leaving_the_question_begins_nothing(home: Home) -> None:
    terminal = home.open("flare", "start")
    terminal.until("or none.")
    terminal.type("\x04")
    terminal.until("> \r\nneckguard: Nothing was started.")
    assert terminal.end() == 1
    assert home.daemon.requests == []


def test_the_health_questions_come_once_and_last(home: Home) -> None:
    terminal = home.open("flare", "start")
    terminal.until("> ")
    terminal.type("none\n")
    terminal.until("when it is over")
    terminal.until("Two short questions")
    terminal.until("> ")
    terminal.type("none\n")
    terminal.until("> ")
    terminal.type("yes\n")
    terminal.until("To read once more what to do now: neckguard flare")
    assert terminal.end() == 0

    again = home.open("flare", "start", "--none")
    assert again.end() == 0
    assert "Two short questions" not in again.shown


def test_nobody_who_needs_help_is_asked_more_questions(home: Home) -> None:
    terminal = home.open("flare", "start")
    terminal.until("> ")
    terminal.type("9\n")
    assert terminal.end() == 0
    assert "Two short questions" not in terminal.shown
