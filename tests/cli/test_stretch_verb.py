"""`neckguard stretch` where nobody presses a key: what it chooses, refuses, prints and tells the daemon."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from support.fake_daemon import FakeDaemon, fake_daemon, short_directory

from neckguard.cli import main
from neckguard.cli.stretch import stretch
from neckguard.content import loader
from neckguard.control.protocol import Request
from neckguard.core import Reply
from neckguard.core.plan import Answers
from neckguard.storage.health import save_answers

ALL = loader.load_stretches()
NONE = Answers(needs=(), stable_chair=True)
DISCLAIMER = (
    "General wellbeing reminders, not medical advice. neckguard cannot diagnose or treat."
    " Stop if anything hurts.\n"
)
UNANSWERED = (
    "You have not answered the health questions yet, so only gentle stretches are offered."
    " To answer them: neckguard stretch --questions\n"
)
TWIST = """\
Sit tall, feet flat or supported, hands on your thighs. (get ready, 7 s)
Turn your ribcage to the left; your head follows your chest. Hold. (12 s, left side)
Come back to the middle. (2 s, left side)
Now the right side. (get ready, 5 s)
Turn your ribcage to the right; your head follows your chest. Hold. (12 s, right side)
Come back to the middle. (2 s, right side)
"""
TWIST_INTRO = """\
Seated twist
Hands on your thighs, turn your ribcage to one side.
Hold 10 s, once each side, 28 s in all. Seated.
Your head follows your chest, not further. With weak bones, ask first.
Slowly, no bouncing, keep breathing. A pull is fine, pain is not. Never circle the head.
"""


class Person:
    """Somebody with a home and no terminal; sessions go by fast."""

    def __init__(self, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.base = base
        self.capsys = capsys

    def says(self, *words: str) -> tuple[int, str, str]:
        code = main.main(["stretch", *words])
        shown = self.capsys.readouterr()
        return code, shown.out, shown.err

    def settings(self, text: str) -> None:
        file = self.base / "config" / "neckguard" / "config.toml"
        file.parent.mkdir(parents=True)
        file.write_text(text)

    def answered(self, answers: Answers) -> None:
        save_answers(str(self.base / "state" / "neckguard"), answers)


@pytest.fixture
def person(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Person]:
    monkeypatch.setattr(stretch, "run", partial(stretch.run, pace=2000))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NECKGUARD_CONFIG", raising=False)
    with short_directory() as empty:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(empty))
        yield Person(tmp_path, capsys)


@pytest.fixture
def daemon(person: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDaemon]:
    with fake_daemon() as daemon:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(daemon.base))
        yield daemon


def suggests(name: str | None, **data: object) -> Reply:
    return Reply(ok=True, data={"stretch": name, "hurt": {}, **data})


def test_without_a_terminal_each_step_is_a_line(person: Person) -> None:
    person.answered(NONE)
    assert person.says("seated-twist") == (0, f"{TWIST_INTRO}{DISCLAIMER}\n{TWIST}Done.\n", "")


def test_plain_says_the_same_and_asks_nothing(person: Person) -> None:
    whole = f"{TWIST_INTRO}{UNANSWERED}{DISCLAIMER}\n{TWIST}Done.\n"
    assert person.says("seated-twist", "--plain") == (0, whole, "")


def test_the_daemon_suggests_and_is_told(person: Person, daemon: FakeDaemon) -> None:
    person.answered(NONE)
    daemon.replies |= {
        "suggest": suggests("levator"),
        "stretched": Reply(ok=True, message="Counted. Next: posture in 12 min."),
    }
    code, out, err = person.says()
    assert (code, out.splitlines()[0], out.splitlines()[-1], err) == (
        0,
        "Look into your pocket",
        "Counted. Next: posture in 12 min.",
        "",
    )
    assert daemon.requests == [Request("suggest", {}), Request("stretched", {"id": "levator"})]


def test_a_daemon_that_goes_meanwhile_is_no_error(person: Person, daemon: FakeDaemon) -> None:
    daemon.replies |= {"suggest": suggests("nod"), "stretched": Reply(ok=False, message="No.")}
    code, out, err = person.says()
    assert (code, out.splitlines()[-1], err) == (0, "Done.", "")


def test_what_the_daemon_suggests_must_suit_the_answers_given_here(
    person: Person, daemon: FakeDaemon
) -> None:
    person.answered(Answers(("stroke",)))
    daemon.replies["suggest"] = suggests("iso-front")
    assert person.says()[1].splitlines()[0] == "Shoulder blade squeeze"


@pytest.mark.parametrize(("scope", "how"), [(1, "A tiny way"), (2, "Half as far")])
def test_a_daemon_with_a_flare_up_is_obeyed(person: Person, daemon: FakeDaemon, scope: int, how: str) -> None:
    person.answered(NONE)
    daemon.replies["suggest"] = suggests("nod", scope=scope)
    assert person.says()[1].splitlines()[2] == f"{how}, no hold, 5 times, 15 s in all. Seated or standing."


def test_a_named_one_is_eased_and_refused_as_far_as_a_flare_up_demands(
    person: Person, daemon: FakeDaemon
) -> None:
    person.answered(NONE)
    daemon.replies["suggest"] = suggests("nod", scope=2)
    assert "Half as far, no hold, 5 times" in person.says("nod")[1]
    assert person.says("upper-trap") == (
        1,
        "",
        (
            "neckguard: upper-trap is not for now: the flare-up plan leaves it out."
            " Others: neckguard stretch --list\n"
        ),
    )


def test_a_red_flag_is_why_each_of_them_is_put_away(person: Person, daemon: FakeDaemon) -> None:
    daemon.replies["suggest"] = suggests("nod", scope=0)
    reasons = [line for line in person.says("--list")[1].splitlines() if "Not for now" in line]
    assert reasons == ["    Not for now: no exercises until somebody has looked; once they have:"] * len(ALL)


def test_a_reason_not_to_stretch_at_all_is_passed_on(person: Person, daemon: FakeDaemon) -> None:
    daemon.replies["suggest"] = Reply(ok=False, message="No exercises until: neckguard flare end")
    for words in ((), ("nod",)):
        assert person.says(*words) == (1, "", "neckguard: No exercises until: neckguard flare end\n")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"stretch": None},
        {"stretch": 7, "hurt": [], "scope": "none"},
        {"stretch": "head-stand", "hurt": {"nod": 5}, "scope": 99},
    ],
)
def test_a_daemon_that_knows_nothing_leaves_the_choice_here(
    person: Person, daemon: FakeDaemon, data: dict[str, object]
) -> None:
    daemon.replies["suggest"] = Reply(ok=True, data=data)
    code, out, err = person.says()
    assert (code, out.splitlines()[0], err) == (0, "Chin tuck", "")


def test_a_daemon_of_another_version_is_no_obstacle(person: Person, daemon: FakeDaemon) -> None:
    daemon.replies["suggest"] = Reply(ok=False, message="Unknown command; there are pause, resume.", code=2)
    code, out, err = person.says()
    assert (code, out.splitlines()[0]) == (0, "Chin tuck")
    assert err == (
        "neckguard: the running neckguard is of another version: systemctl --user restart neckguard\n"
    )


def test_an_unknown_one_is_refused_with_the_nearest(person: Person) -> None:
    assert person.says("chin tucks") == (
        1,
        "",
        (
            "neckguard: there is no stretch 'chin tucks'. Did you mean chin-tuck?"
            " All of them: neckguard stretch --list\n"
        ),
    )
    assert "Did you mean" not in person.says("juggling")[2]


NOT_ANSWERED = "the health questions are not answered yet"
TO_CHANGE = "to change that: neckguard stretch --questions"
NEEDS = f"it does not fit the needs you named; {TO_CHANGE}"
HEALTH = "your health answers leave it out; ask a clinician first"
GENTLE = "your settings allow only the gentlest, [stretches] gentle_only"


@pytest.mark.parametrize(
    ("settings", "answers", "name", "reason"),
    [
        ("", None, "levator", NOT_ANSWERED),
        ("", None, "thoracic-ext", NOT_ANSWERED),
        ("", Answers(("dizziness",)), "levator", HEALTH),
        ("", Answers(("joints",)), "nod", HEALTH),
        ("", Answers(("heart",)), "iso-side", HEALTH),
        ("", Answers(("osteoporosis",)), "thoracic-ext", HEALTH),
        (
            "",
            Answers(),
            "thoracic-ext",
            f"it needs a stable chair with a low back, and you said yours is none; {TO_CHANGE}",
        ),
        ("", Answers(needs=("seated",)), "stand-reach", NEEDS),
        (
            "",
            Answers(needs=("one-hand",)),
            "wrist-flexor",
            NEEDS,
        ),
        ("gentle_only = true", NONE, "nod", GENTLE),
        ("gentle_only = true", None, "nod", GENTLE),
        ("gentle_only = true", None, "levator", NOT_ANSWERED),
        (
            "standing = false",
            NONE,
            "wall-angel",
            "your settings leave out standing ones, [stretches] standing",
        ),
        ('avoid = ["nod"]', NONE, "nod", '"nod" is in your settings, [stretches] avoid'),
        ('avoid = ["side-neck"]', None, "levator", '"side-neck" is in your settings, [stretches] avoid'),
    ],
)
def test_what_is_not_for_this_person_is_refused_with_the_reason(
    person: Person, settings: str, answers: Answers | None, name: str, reason: str
) -> None:
    person.settings(f"[stretches]\n{settings}\n")
    if answers:
        person.answered(answers)
    assert person.says(name) == (
        1,
        "",
        f"neckguard: {name} is not for now: {reason}. Others: neckguard stretch --list\n",
    )


def test_what_hurt_stays_put_away(person: Person, daemon: FakeDaemon) -> None:
    person.answered(NONE)
    daemon.replies["suggest"] = suggests("chin-tuck", hurt={"nod": "2026-12-05"})
    assert person.says("nod")[2] == (
        "neckguard: nod is not for now: it hurt, so it is put away until 2026-12-05."
        " Others: neckguard stretch --list\n"
    )


def test_settings_with_a_mistake_leave_the_gentlest_ones(person: Person) -> None:
    person.answered(NONE)
    person.settings("[stretches]\nstandin = false\n")
    code, out, err = person.says()
    assert (code, out.splitlines()[0]) == (0, "Shoulder blade squeeze")
    assert err == "neckguard: the settings have a mistake; see: neckguard config check\n"


def test_nothing_left_is_said(person: Person) -> None:
    areas = sorted({each.areas[0] for each in ALL})
    person.settings(f"[stretches]\navoid = {areas}\n")
    assert person.says() == (
        1,
        "",
        "neckguard: no stretch is left to suggest; why each is put away: neckguard stretch --list\n",
    )


def test_the_questions_need_a_terminal(person: Person) -> None:
    assert person.says("--questions") == (
        1,
        "",
        "neckguard: the questions need a terminal in which you can answer them.\n",
    )


def test_the_list_has_every_stretch_once_under_its_area(person: Person) -> None:
    person.answered(NONE)
    out = person.says("--list")[1]
    found: dict[str, list[str]] = {}
    area = ""
    for line in out.splitlines():
        if re.fullmatch(r"\S+( \S+)?", line):
            area = line.lower().replace(" ", "-")
        elif begun := re.match(r"  (\S+): \S", line):
            found.setdefault(area, []).append(begun[1])
    expected: dict[str, list[str]] = {}
    for each in ALL:
        expected.setdefault(each.areas[0], []).append(each.id)
    assert found == expected
    assert "Not for now" not in out
    assert "not reviewed by a clinician" in " ".join(out.split())


def test_the_list_says_what_is_put_away_and_why(person: Person, daemon: FakeDaemon) -> None:
    person.settings('[stretches]\navoid = ["chest"]\n')
    daemon.replies["suggest"] = suggests("nod", hurt={"head-turn": "2026-12-05"})
    out = person.says("--list")[1]
    assert out.index("You have not answered the health questions yet") < out.index("\nNeck\n")
    assert (
        """
Neck
  chin-tuck: Chin tuck
    Hold 5 s, 8 times, 1 min 4 s in all. Seated or standing.
  head-turn: Head turn
    Hold 5 s, 5 times each side, 1 min 20 s in all. Seated or standing.
    Not for now: it hurt, so it is put away until 2026-12-05.
  iso-front: Press forward
    Hold 5 s, 5 times, 35 s in all. Seated.
    Not for now: the health questions are not answered yet.
"""
        in out
    )
    assert (
        """
  doorway-pec: Doorway stretch
    Hold 20 s, twice, 44 s in all. Standing, in a doorway.
    Not for now: "chest" is in your settings, [stretches] avoid.
"""
        in out
    )


@pytest.mark.parametrize("columns", [40, 80])
def test_the_list_fits(person: Person, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert max(map(len, person.says("--list")[1].splitlines())) <= columns


@pytest.mark.parametrize("words", [["nod", "--list"], ["--list", "--questions"], ["nod", "neck"]])
def test_one_thing_at_a_time(person: Person, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        person.says(*words)
    assert ended.value.code == 2


def test_who_does_not_stand_is_told_of_sitting_alone(person: Person) -> None:
    person.answered(Answers(needs=("wheelchair",)))
    out = person.says("head-turn")[1]
    assert "1 min 20 s in all. Seated.\n" in out
    assert not re.search(r"\bstand|\bwalk", out, re.IGNORECASE)


def test_strength_is_guided_for_two_minutes_and_told_as_done(person: Person, daemon: FakeDaemon) -> None:
    person.answered(NONE)
    daemon.replies["suggest"] = suggests("nod")
    out = person.says("band-raise")[1]
    assert "Until your arms tire, 2 min at most. Standing or seated, with an elastic band.\n" in out
    assert out.count("Lower them slowly. (2 s, number ") == 30
    assert daemon.requests[-1] == Request("stretched", {"id": "band-raise"})
