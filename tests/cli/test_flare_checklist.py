"""The checklist of red flags: always first, on two screens, whether or not a daemon answers."""

import asyncio
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

CAUTION = """\
The checklist can miss serious problems. If you are worried, or symptoms are
new, severe or changing, get medical help now; don't wait for a reminder.
"""
QUESTION = "Type the numbers that apply, such as 2 7, or none.\n"
HEADING = "Emergency: call 112, 999, 911 or your local number now\n"
FIRST_SCREEN = f"""\
Before anything else: does any of this apply to you?
{HEADING}\
 1 Chest pain or tightness; or neck, jaw or arm pain with sweating, feeling sick
   or short breath
 2 Face or eyelid droops; trouble speaking or swallowing; double vision;
   fainting
 3 New dizziness that stays, unsteady walking, blurred or lost sight
 4 Sudden, very bad or strange neck pain or headache, unlike any before
 5 After a crash, fall, dive or blow to the head (over 65 or weak bones: small
   falls too)
 6 New weak arm or leg, clumsy hands, trouble walking
 7 Suddenly numb face, arm or leg; or electric shocks down the back, arms or
   legs
 8 New trouble passing or holding pee or poo; numb between the legs
 9 High fever or very ill: bad headache, vomiting, rash, light hurts, confused
{CAUTION}"""
SECOND_SCREEN = f"""\
And does any of this?
Needs a doctor today
10 Pins and needles that stay, or a cold arm
11 Fever, night sweats, losing weight without trying, swollen glands
12 Very bad pain that shop painkillers do not ease
13 New headache or feeling sick with this pain; over 50 also: sore scalp, or jaw
   pain when you chew
Needs an appointment this week
14 Night pain that no position eases, or worse each day
15 Now or before: cancer, weak bones, inflamed joints (such as rheumatoid
   arthritis), low defences, neck surgery
16 First time ever, and under 20 or over 55
17 New stiffness, and both arms hard to lift
18 Pain spreading down an arm
{CAUTION}"""
SCREENS = f"{FIRST_SCREEN}{QUESTION}{SECOND_SCREEN}{QUESTION}"
EMERGENCY = """\
Get medical help now: call 112, 999, 911 or your local emergency number.
Don't do any exercises, and don't drive yourself.
"""
CLEARED = "  neckguard flare cleared  once somebody has looked at it\n"
SAME_DAY = """\
Talk to a doctor or an out-of-hours service today.
No exercises until somebody has looked at it.
"""
THIS_WEEK = """\
Book a doctor's appointment this week; until then, only the safest movements.
Make it today if you feel unwell, it gets worse, or it came after an injury.
"""
QUESTIONS = """\
Enter passes a question over.
How bad is it now, 0 (no pain) to 10:
Where is it: left, right or both?
"""
PLAN = f"""\
What to expect
  * Most neck pain like this eases within days to weeks. Moving gently does no
    harm.
  * No better after 7 days: ask a pharmacist or physiotherapist.
Now
  * Stop what you were doing. Support your head, breathe, move within comfort.
  * Don't drive or cycle while you can't turn your head.
The first 48 hours
  * Cold may soothe: a wrapped pack for 10 minutes, never more than 15. Heat
    instead if it feels better (a warm damp cloth, a shower): whichever helps.
  * Ease off, but keep moving: once an hour a few tiny turns and nods, 3 to 5 of
    each, no hold, only as far as is comfortable.
  * Long rest slows recovery. No collar.
  * For painkillers, ask a pharmacist.
Worse at any time, or constant spasms: see a doctor or physiotherapist soon.
{CAUTION}\
  neckguard flare cold  a cold pack with a timer (or: heat)
  neckguard flare log   note how it goes
  neckguard flare       say this again
  neckguard flare end   when it is over
"""
PHARMACIST = "  * No better after 7 days: ask a pharmacist or physiotherapist.\n"
NOTED = "The plan is in force.\n"
NOT_NOTED = "Not noted: neckguard is not running. Start it with"
UNANSWERED = (
    "neckguard: Not noted: the checklist was not answered. To go through it again: neckguard flare start\n"
)
ASKED = Request("status", {})


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


def not_understood(most: int) -> str:
    return f'Numbers from 1 to {most}, such as "2 7"; or "none".\n{HEADING}'


@pytest.mark.parametrize("words", ["none", "no", "0", "None", " NO "])
def test_no_red_flag_brings_the_plan(daemon: FakeDaemon, words: str) -> None:
    shown = neckguard("flare", "start", env=daemon.env, typed=f"{words}\n{words}\n\n\n")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == f"{SCREENS}\n{QUESTIONS}{NOTED}{PLAN}"
    assert daemon.requests == [ASKED, started(), ASKED]


def test_severity_and_side_are_asked_for_and_passed_on(daemon: FakeDaemon) -> None:
    shown = neckguard("flare", env=daemon.env, typed="none\nnone\n11\n6\nmiddle\nl\n")
    assert "A score is a whole number from 0 (no pain) to 10 (the worst pain), not '11'\n" in shown.out
    assert "left, right or both, please.\n" in shown.out
    assert daemon.requests == [ASKED, ASKED, started(severity=6, side="left"), ASKED]


def test_answers_that_end_early_pass_the_rest_over(daemon: FakeDaemon) -> None:
    assert neckguard("flare", "start", env=daemon.env, typed="none\nnone\n6\n").code == 0
    assert daemon.requests == [ASKED, started(severity=6), ASKED]


def test_what_was_said_on_the_command_line_is_not_asked(daemon: FakeDaemon) -> None:
    words = ["flare", "start", "--severity", "6", "--side", "left", "--none"]
    shown = neckguard(*words, env=daemon.env)
    assert shown.out == (
        f"{FIRST_SCREEN}{SECOND_SCREEN}You said that none of these applies.\n\n{NOTED}{PLAN}"
    )
    assert daemon.requests == [ASKED, started(severity=6, side="left"), ASKED]


@pytest.mark.parametrize(
    ("typed", "flags", "last"),
    [
        ("6\n", ("weakness",), ""),
        ("9, 1\n", ("chest", "fever"), "Sit down and rest.\n"),
        ("5\n", ("accident",), "Keep your head and neck still; let someone else call.\n"),
        (
            "5 1\n",
            ("chest", "accident"),
            "Sit down and rest.\nKeep your head and neck still; let someone else call.\n",
        ),
        ("none\n3 18\n", ("dizziness", "arm"), ""),
    ],
)
def test_an_emergency_ends_the_conversation_with_what_to_do(
    daemon: FakeDaemon, typed: str, flags: tuple[str, ...], last: str
) -> None:
    shown = neckguard("flare", "start", env=daemon.env, typed=typed)
    texts = {flag.id: flag.text for flag in loader.load_flare().red_flags}
    _, _, said = shown.out.replace("\n    ", " ").partition(f"\n{NOTED}")
    named = "".join(f"  * {texts[flag]}\n" for flag in flags)
    assert said == f"You named:\n{named}{CAUTION}{EMERGENCY}{last}"
    assert daemon.requests == [started(flags)]


@pytest.mark.parametrize(
    ("typed", "flags"), [("10", ("tingling",)), ("17 12 12", ("severe", "stiffness")), ("13", ("headache",))]
)
def test_what_needs_a_doctor_today_brings_no_plan(
    daemon: FakeDaemon, typed: str, flags: tuple[str, ...]
) -> None:
    shown = neckguard("flare", "start", env=daemon.env, typed=f"none\n{typed}\n")
    assert shown.out.startswith(f"{SCREENS}\n{NOTED}You named:\n  * ")
    assert shown.out.endswith(f"{CAUTION}{CLEARED}{SAME_DAY}")
    assert daemon.requests == [started(flags)]


def test_what_can_wait_some_days_brings_the_plan_too(daemon: FakeDaemon) -> None:
    shown = neckguard("flare", "start", env=daemon.env, typed="none\n16\n4\nboth\n")
    assert shown.out == (
        f"{SCREENS}\n{QUESTIONS}{NOTED}"
        f"You named:\n  * First time ever, and under 20 or over 55\n{THIS_WEEK}{PLAN.replace(PHARMACIST, '')}"
    )
    assert daemon.requests == [ASKED, started(("age",), severity=4, side="both"), ASKED]


def test_red_flags_that_nobody_has_looked_at_stay_in_force(daemon: FakeDaemon) -> None:
    daemon.status["flare"] = FLARE | {"stage": "red_flags", "urgency": "same_day", "flags": ["severe"]}
    shown = neckguard("flare", "start", env=daemon.env, typed="none\nnone\n\n\n")
    assert shown.out == (
        f"{SCREENS}\n{QUESTIONS}{NOTED}"
        "You named:\n  * Very bad pain that shop painkillers do not ease\n"
        f"{CAUTION}{CLEARED}{SAME_DAY}"
    )


def test_new_symptoms_in_a_later_stage_do_not_begin_it_anew(daemon: FakeDaemon) -> None:
    daemon.status["flare"] = FLARE | {"stage": "return", "exercises": "full"}
    shown = neckguard("flare", "start", env=daemon.env, typed="none\nnone\n")
    assert f"\n{NOTED}Coming back\n" in shown.out


def test_it_asks_until_it_understands_and_keeps_the_emergency_in_view(daemon: FakeDaemon) -> None:
    typed = "\n10\n2 none\nnope\n1-3\nÿ\n99999999999999999999\n None \n\n19\nnone\n"
    shown = neckguard("flare", "start", env=daemon.env, typed=typed)
    assert shown.out.startswith(
        f"{FIRST_SCREEN}{QUESTION}{not_understood(9) * 7}{SECOND_SCREEN}{QUESTION}{not_understood(18) * 2}\n"
    )


def test_an_answer_that_is_no_text_is_asked_for_again(daemon: FakeDaemon) -> None:
    env = {**daemon.env, "PYTHONIOENCODING": "utf-8:strict"}
    shown = neckguard("flare", "start", env=env, typed="\udcff\n2\n")  # the byte ff
    assert shown.out.startswith(f"{FIRST_SCREEN}{QUESTION}{not_understood(9)}\n{NOTED}")


def test_a_closed_standard_input_is_no_answer(daemon: FakeDaemon) -> None:
    ran = subprocess.run(["sh", "-c", f"{PROGRAM} flare start <&-"], env=daemon.env, check=False)
    assert ran.returncode == 1
    assert daemon.requests == []


@pytest.mark.parametrize("typed", ["\n", "none\n", "none\n\n"])
def test_without_an_answer_nothing_begins(daemon: FakeDaemon, typed: str) -> None:
    shown = neckguard("flare", "start", env=daemon.env, typed=typed)
    assert (shown.code, shown.err) == (1, UNANSWERED)
    assert daemon.requests == []


@pytest.mark.parametrize("words", [["flare"], ["flare", "start"]])
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("none\nnone\n", PLAN),
        ("8\n", EMERGENCY),
        ("none\n11\n", SAME_DAY),
        ("none\n14\n", PLAN.replace(PHARMACIST, "")),
    ],
)
def test_the_advice_does_not_wait_for_a_daemon(
    words: list[str], typed: str, told: str, tmp_path: Path
) -> None:
    shown = neckguard(*words, env=nowhere(tmp_path), typed=typed)
    assert shown.out.endswith(told)
    assert shown.code == 3
    assert shown.err.startswith(NOT_NOTED)
    assert "How bad" not in shown.out


def test_a_refusal_is_said_before_what_to_do(daemon: FakeDaemon) -> None:
    daemon.replies["flare_start"] = Reply(ok=False, message="The state cannot be written.")
    command = f"{PROGRAM} flare start --none --severity 5 --side left 2>&1"
    ran = subprocess.run(
        ["sh", "-c", command], env=daemon.env, check=False, capture_output=True, encoding="utf-8"
    )
    assert ran.returncode == 1
    assert f"\n\nNot noted: The state cannot be written.\n{PLAN.partition('  neckguard')[0]}" in ran.stdout


def test_in_an_emergency_nobody_waits_long_for_a_daemon_that_hangs(daemon: FakeDaemon) -> None:
    async def hang() -> None:
        await asyncio.sleep(2)  # less than a client waits otherwise

    daemon.before_reply = hang
    shown = neckguard("flare", "start", env=daemon.env, typed="2\n")
    assert shown.err.startswith("Not noted: ")
    assert shown.out.endswith(EMERGENCY)


def test_each_screen_fits_a_small_terminal(known: Home) -> None:
    terminal = known.open("flare", "start", size=(80, 24))
    terminal.until("> ")
    assert rows(terminal.shown) <= 20  # room for a wrong answer, what is said to it, and the heading again
    assert "\x1b[1;31mEmergency: call 112, 999, 911 or your local number now\x1b[0m" in terminal.shown
    first = len(terminal.shown)
    terminal.type("none\n")
    terminal.until("18 Pain spreading down an arm")
    terminal.until("> ")
    assert rows(terminal.shown[first:]) <= 24
    known.daemon.replies["flare_start"] = Reply(ok=True, message="A sentence that needs two rows. " * 5)
    second = len(terminal.shown)
    terminal.type("14\n")
    for _ in range(2):
        terminal.until("> ")
        terminal.type("\n")
    assert terminal.end() == 0
    assert "\x1b[1mBook a doctor's appointment this week;" in terminal.shown[second:]


def test_the_plan_fits_a_small_terminal(known: Home) -> None:
    terminal = known.open("flare", "start", "--none", "--severity", "3", "--side", "left", size=(80, 24))
    assert terminal.end() == 0
    assert rows(terminal.shown.partition("none of these applies.\r\n\r\n")[2]) <= 25  # and the shell's prompt


def test_a_wrong_answer_repeats_the_alarm_in_its_colour(known: Home) -> None:
    terminal = known.open("flare", "start")
    terminal.until("> ")
    terminal.type("what\n")
    terminal.until('or "none".')
    terminal.until("\x1b[1;31mEmergency: call 112, 999, 911 or your local number now\x1b[0m")
    terminal.until("> ")
    terminal.type("6\n")
    assert terminal.end() == 0
    assert "\x1b[1;31mGet medical help now: call 112, 999, 911" in terminal.shown


def test_no_colour_means_none(known: Home) -> None:
    terminal = known.open(
        "flare", "start", "--none", "--severity", "3", "--side", "left", env={"NO_COLOR": "1"}
    )
    assert terminal.end() == 0
    assert "\x1b" not in terminal.shown


def test_a_narrow_terminal_breaks_between_words(known: Home) -> None:
    words = ["--none", "--severity", "3", "--side", "left"]
    terminal = known.open("flare", "start", *words, size=(40, 24), env={"NO_COLOR": "1"})
    assert terminal.end() == 0
    assert max(map(len, terminal.shown.splitlines())) <= 40


def test_leaving_the_question_begins_nothing(home: Home) -> None:
    terminal = home.open("flare", "start")
    terminal.until("or none.")
    terminal.type("\x04")
    terminal.until("> \r\nneckguard: Not noted: the checklist was not answered.")
    assert terminal.end() == 1
    assert home.daemon.requests == []


def test_nobody_in_pain_is_asked_the_health_questions(home: Home) -> None:
    terminal = home.open("flare", "start")
    for answer in ("none\n", "none\n", "6\n", "left\n"):
        terminal.until("> ")
        terminal.type(answer)
    assert terminal.end() == 0
    assert terminal.shown.endswith("when it is over\r\n")


@pytest.mark.parametrize(
    ("words", "verb"), [(["flare", "log", "8"], "flare_log"), (["checkin", "8"], "checkin")]
)
@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (("none\n", "none\n"), "If it gets worse at any time, see a doctor or physiotherapist.\r\n"),
        (("1\n",), "Sit down and rest.\x1b[0m\r\n"),
        (("none\n", "16\n"), "when it is over\r\n"),
    ],
)
def test_worse_opens_the_checklist_again(
    home: Home, words: list[str], verb: str, answers: tuple[str, ...], told: str
) -> None:
    home.daemon.status["flare"] = dict(FLARE)
    home.daemon.replies[verb] = Reply(ok=True, message="Noted.", data={"checklist": True})
    terminal = home.open(*words)
    if verb == "flare_log":
        for _ in range(2):  # turning, lost days
            terminal.until("> ")
            terminal.type("\n")
    terminal.until("Before anything else")
    for answer in answers:
        terminal.until("> ")
        terminal.type(answer)
    assert terminal.end() == 0
    assert terminal.shown.endswith(told)


def test_where_nobody_can_answer_worse_is_only_said(daemon: FakeDaemon) -> None:
    daemon.replies["flare_log"] = Reply(ok=True, message="Noted; worse.", data={"checklist": True})
    assert neckguard("flare", "log", "8", env=daemon.env).out == "Noted; worse.\n"
