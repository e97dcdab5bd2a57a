"""The checklist, the plan and the stop rules: they meet, and a reader of eleven understands them."""

import re
from collections.abc import Iterator

import pytest

from neckguard.content import loader
from neckguard.core.neck.catalogue import Passage, RedFlag, Urgency

FLARE = loader.load_flare()
CHECKLIST = " | ".join(flag.text for flag in FLARE.red_flags)

EMERGENCY, SAME_DAY, THIS_WEEK = Urgency
# The symptom as a stop rule names it, and the words of the line of the checklist that is meant.
MEANT = {
    "tingling": "Pins and needles",
    "numbness": "numb face, arm or leg",
    "weakness": "weak arm or leg",
    "dizziness": "New dizziness",
    "feeling sick": "New headache or feeling sick",
    "a change in vision": "blurred or lost sight",
    "a headache": "New headache",
}
# What the safety lines of movements may name besides.
ALSO_MEANT = {"dizzy": "dizziness", "tingl": "tingling", "numb": "numbness", "headache": "a headache"}


def test_the_checklist_names_every_red_flag_most_urgent_first() -> None:
    assert [(flag.id, flag.urgency) for flag in FLARE.red_flags] == [
        ("chest", EMERGENCY),
        ("face", EMERGENCY),
        ("dizziness", EMERGENCY),
        ("sudden", EMERGENCY),
        ("accident", EMERGENCY),
        ("weakness", EMERGENCY),
        ("numbness", EMERGENCY),
        ("bladder", EMERGENCY),
        ("fever", EMERGENCY),
        ("tingling", SAME_DAY),
        ("unwell", SAME_DAY),
        ("severe", SAME_DAY),
        ("headache", SAME_DAY),
        ("night", THIS_WEEK),
        ("history", THIS_WEEK),
        ("age", THIS_WEEK),
        ("stiffness", THIS_WEEK),
        ("arm", THIS_WEEK),
    ]
    assert FLARE.red_flags[3] == RedFlag(
        "sudden",
        EMERGENCY,
        "Sudden, very bad or strange neck pain or headache, unlike any before",
        "ACEP; ICHD-3",
    )


def symptoms(text: str) -> Iterator[str]:
    """What a stop rule names before it says to stop."""
    named, _, order = text.partition(": stop")
    assert order, "a stop rule says what, and then to stop"
    yield from (each.lower() for each in re.split(r", (?:or )?", named))


def test_every_symptom_that_a_stop_rule_names_is_in_the_checklist() -> None:
    named = list(symptoms(FLARE.stop_rules["symptoms"].text))
    assert sorted(named) == sorted(MEANT)
    assert [each for each in named if MEANT[each] not in CHECKLIST] == []
    assert FLARE.stop_rules["symptoms"].text.endswith("go through the checklist: neckguard flare start")


def test_what_a_movement_warns_of_is_in_the_checklist() -> None:
    safety = " ".join(each.safety.lower() for each in loader.load_stretches())
    assert [
        word for word, name in ALSO_MEANT.items() if word in safety and MEANT[name] not in CHECKLIST
    ] == []


def test_there_is_advice_for_every_urgency() -> None:
    assert set(FLARE.advice) == set(Urgency)
    for number in ("112", "999", "911", "local"):
        assert number in FLARE.advice["emergency"].text


def test_an_instruction_belongs_to_a_line_of_the_checklist() -> None:
    assert {name: passage.text for name, passage in FLARE.instructions.items()} == {
        "chest": "Sit down and rest.",
        "accident": "Keep your head and neck still; let someone else call.",
    }
    assert set(FLARE.instructions) <= {flag.id for flag in FLARE.red_flags}


def test_the_plan_has_its_stages_and_stop_rules() -> None:
    assert list(FLARE.stages) == ["onset", "expect", "any", "first_48h", "after_48h", "return"]
    assert list(FLARE.stop_rules) == ["pain", "symptoms"]
    assert "more than 2 of 10" in FLARE.stop_rules["pain"].text


@pytest.mark.parametrize(
    ("where", "needed"),
    [
        ("onset", ["Stop what you were doing", "Support your head", "Don't drive or cycle"]),
        ("expect", ["days to weeks", "does no harm", "7 days"]),
        ("first_48h", ["10 minutes", "15", "whichever helps", "damp cloth, a shower"]),
        ("first_48h", ["once an hour", "tiny turns and nods", "3 to 5 of each", "no hold", "comfortable"]),
        ("first_48h", ["Long rest slows", "No collar", "ask a pharmacist"]),
        ("after_48h", ["Cold or heat", "15 minutes", "20", "Light massage", "no deep pressure"]),
        ("return", ["one step a day at most", "mostly comfortable", "2 or less", "about a week"]),
    ],
)
def test_each_stage_says_what_holds_in_it(where: str, needed: list[str]) -> None:
    assert [each for each in needed if each not in FLARE.stages[where].text] == []


def test_massage_is_never_named_without_its_limit() -> None:
    passages = (*FLARE.stages.values(), *FLARE.notices.values())
    massages = [passage.text for passage in passages if "massage" in passage.text.lower()]
    assert ["no deep pressure" in text for text in massages] == [True, True]


@pytest.mark.parametrize(
    ("pack", "needed"),
    [
        ("both", ["cloth", "bare, broken or numb skin", "creams, rubs or medicine patches"]),
        ("both", ["front of the neck", "poor circulation", "lying on the pack", "asleep"]),
        ("both", ["after 5 minutes", "At least 2 hours", "kitchen timer"]),
        ("cold", ["10 minutes", "15"]),
        ("heat", ["not hot", "damp", "15 minutes", "20"]),
    ],
)
def test_cold_and_heat_come_with_their_limits(pack: str, needed: list[str]) -> None:
    assert [each for each in needed if each not in FLARE.packs[pack].text] == []


def reading_age(text: str) -> float:
    """The age at which a text can be read, by Kincaid's formula of 1975 (a grade, and five years)."""
    sentences = [each for each in re.split(r"[.;:|?!]", text) if each.strip()]
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(map(count_syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59 + 5


def count_syllables(word: str) -> int:
    groups = re.findall(r"[aeiouy]+", re.sub(r"(?<=[^aeioul])e[sd]?$", "", word.lower()))
    return max(1, len(groups))


@pytest.mark.parametrize(("word", "count"), [("pain", 1), ("headache", 2), ("numb", 1), ("dizziness", 3)])
def test_syllables_are_counted(word: str, count: int) -> None:
    assert count_syllables(word) == count


def test_a_hard_text_is_found_hard() -> None:
    assert reading_age("Osteoporosis, inflammatory arthritis, immunosuppression or malignancy.") > 16


@pytest.mark.parametrize("urgency", list(Urgency))
def test_a_reader_of_eleven_understands_the_checklist(urgency: Urgency) -> None:
    lines = [flag.text for flag in FLARE.red_flags if flag.urgency is urgency]
    assert reading_age(" | ".join(lines)) <= 11.5


@pytest.mark.parametrize(
    "texts",
    [FLARE.advice, FLARE.instructions, FLARE.stages, FLARE.packs],
    ids=["advice", "instructions", "stages", "packs"],
)
def test_a_reader_of_eleven_understands_the_advice(texts: dict[str, Passage]) -> None:
    assert reading_age(" ".join(passage.text for passage in texts.values())) <= 11.5
