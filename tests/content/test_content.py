"""What the texts must say, and what they must never say."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from neckguard.content import loader
from neckguard.core.neck.catalogue import Need, Posture, RedFlag, Sort, Urgency, avoidable
from neckguard.core.neck.portions import Side, for_prompt, say_portion

FILES = ("phrases", "stretches", "posture", "flare", "health", "wording")
STRETCHES = loader.load_stretches()
POSTURES = loader.load_postures()
FLARE = loader.load_flare()
QUESTIONS = loader.load_questions()
WORDING = loader.load_wording()

# hold x repetitions x sets (/side), positions, intensity, flare
DOSES = """
chin-tuck 5x8x1 ST 1 half
head-turn 5x5x1/side ST 1 half
side-tilt 5x5x1/side ST 1 half
nod 5x5x1 ST 1 half
upper-trap 20x2x1/side S 1 no
levator 20x2x1/side S 2 no
collarbone-nod 10x1x1/side S 2 no
blade-squeeze 5x10x1 ST 1 yes
shoulder-roll 0x5x1 ST 1 yes
shrug-drop 5x5x1 ST 1 half
iso-front 5x5x1 S 2 no
iso-back 5x5x1 S 2 no
iso-side 5x5x1/side S 2 no
thoracic-ext 5x5x1 S 2 no
seated-twist 10x1x1/side S 1 no
doorway-pec 20x2x1 T 2 no
chest-open 10x2x1 ST 1 yes
wall-angel 0x8x1 T 2 no
upper-back-reach 15x2x1 S 1 no
wrist-flexor 15x2x1/side ST 1 yes
wrist-extensor 15x2x1/side ST 1 yes
eye-reset 20x1x1 ST 1 yes
breath-drop 0x5x1 ST 1 yes
stand-reach 0x3x1 T 1 yes
band-raise 0x8x1 T 2 no
"""

PROMISES = (
    r"prevent|\bcur(e|es|ed|ing)\b|\bheal(s|ed|ing)?\b|\bfix(es|ed|ing)?\b|\bguarantee|\brelieves?\b"
    r"|\bwill (help|ease)"
)
DRUGS = (
    r"ibuprofen|paracetamol|acetaminophen|aspirin|naproxen|diclofenac|codeine|tramadol|diazepam|metamizol"
    r"|opioid|nsaid|muscle relaxant|\d ?mg\b"
)
SHAMING = (
    r"\blazy\b|slouch|\b(bad|poor|wrong|terrible|correct|perfect) posture|\bstreak|\bfail|\bguilt|\bsham"
    r"|sit up straight|\byou (must|should)\b"
)
LEFT_OUT = (
    r"subluxation|\batlas\b|misalign|out of place|qsm3|\bherb|supplement|turmeric|magnesium|valerian|bed rest"
    r"|stay in bed|\bice\b|oxygen|dehydrat|persist unless"
)


def entries(data: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every table that says something, and where it stands."""
    if isinstance(data, list):
        for number, item in enumerate(data):
            yield from entries(item, f"{place}.{number}")
    elif isinstance(data, dict):
        lines = data.get("lines")
        if {"text", "what"} & set(data) or (isinstance(lines, list) and isinstance(lines[0], str)):
            yield place, data
        else:
            for key, item in data.items():
                yield from entries(item, f"{place}.{key}")


def said(data: Any) -> Iterator[str]:
    """Every text that a person may read; sources may quote titles."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for item in data:
            yield from said(item)
    elif isinstance(data, dict):
        for key, item in data.items():
            if key != "source":
                yield from said(item)


TEXTS = [(name, text) for name in FILES for text in said(loader.read(name))]


def hits(pattern: str) -> list[tuple[str, str]]:
    return [(name, text) for name, text in TEXTS if re.search(pattern, text, re.IGNORECASE)]


def test_the_catalogue_is_complete_with_its_doses() -> None:
    table = {
        each.id: f"{each.hold:g}x{each.reps}x{each.sets}{'/side' * each.sides} "
        + "".join({"seated": "S", "standing": "T"}[position] for position in each.positions)
        + f" {each.intensity:d} {each.flare}"
        for each in STRETCHES
    }
    assert table == dict(line.split(" ", 1) for line in DOSES.strip().splitlines())


def test_what_needs_something_says_so() -> None:
    assert {each.id: each.needs for each in STRETCHES if each.needs} == {
        "thoracic-ext": (Need.STABLE_CHAIR,),
        "wall-angel": (Need.WALL,),
        "doorway-pec": (Need.DOORWAY,),
        "band-raise": (Need.BAND,),
    }


def test_what_presses_comes_back_last() -> None:
    assert {each.id for each in STRETCHES if each.resisted} == {
        "iso-front", "iso-back", "iso-side", "band-raise",
    }  # fmt: skip


def test_what_is_hidden_is_hidden_for_an_answer_that_can_be_given() -> None:
    assert {each.id: each.hidden_with for each in STRETCHES if each.hidden_with} == {
        "seated-twist": ("osteoporosis",),
        "collarbone-nod": ("osteoporosis", "arthritis", "injury", "nerves"),
        "levator": ("dizziness",),
        "iso-front": ("heart",),
        "iso-side": ("heart",),
        "iso-back": ("heart",),
        "doorway-pec": ("shoulder",),
    }
    assert {word for each in STRETCHES for word in each.hidden_with} <= set(QUESTIONS.conditions)


def test_every_contraindication_is_asked_about() -> None:
    assert list(QUESTIONS.conditions) == [
        "injury", "osteoporosis", "arthritis", "cancer", "nerves", "stroke", "heart", "dizziness", "shoulder",
        "pregnancy",
    ]  # fmt: skip
    assert set(QUESTIONS.equipment) == {Need.STABLE_CHAIR.value}


def test_ids_are_unique_and_never_the_name_of_an_area() -> None:
    ids = [each.id for each in STRETCHES] + [each.id for each in POSTURES]
    assert len(ids) == len(set(ids))
    assert not set(ids) & {area for each in STRETCHES for area in each.areas}


def test_every_area_can_be_avoided_by_the_word_people_use() -> None:
    assert {"neck", "shoulders", "back", "chest", "wrists", "eyes", "head-turn"} <= avoidable(STRETCHES)


@pytest.mark.parametrize("eased", [False, True])
def test_a_prompt_says_what_and_how_long_on_a_line(eased: bool) -> None:
    for stretch in STRETCHES:
        for side in (Side.LEFT, Side.RIGHT):
            line = say_portion(stretch, for_prompt(stretch, side, eased=eased))
            assert len(line) <= 150, line
            assert "{" not in line
            assert re.search(r"\(\d+ s\)\.", line), line


def test_every_movement_but_resting_the_eyes_has_its_safety_line() -> None:
    assert [each.id for each in STRETCHES if not each.safety] == ["eye-reset"]


def test_every_posture_check_begins_with_try() -> None:
    lines = [line["text"] for line in loader.read("phrases")["posture"]["lines"]]
    assert [text for text in [*lines, *(each.text for each in POSTURES)] if not text.startswith("Try ")] == []


def test_posture_checks_are_shifts_or_facts_of_the_workstation() -> None:
    def ids(sort: Sort) -> set[str]:
        return {each.id for each in POSTURES if each.sort is sort}

    assert ids(Sort.SHIFT) == {
        "change-position", "shoulders-fall", "sit-back", "weight-across", "ears-over-shoulders",
        "light-touch", "lean-elsewhere", "phone-up",
    }  # fmt: skip
    assert ids(Sort.SETUP) == {
        "screen-height", "screen-distance", "straight-ahead", "varifocals", "elbows", "mouse-close",
        "feet-supported", "seat-edge", "laptop-raised", "headset",
    }  # fmt: skip


def test_the_pillow_belongs_to_the_evening_only() -> None:
    assert hits("pillow") == [("phrases", loader.read("phrases")["winddown"]["lines"][0]["text"])]


def test_a_posture_check_fits_as_the_last_line_of_another_prompt() -> None:
    assert [each for each in POSTURES if len(each.text) > 110] == []


def test_every_entry_has_its_source() -> None:
    found = [(name, place, entry) for name in FILES for place, entry in entries(loader.read(name))]
    counts = {name: sum(file == name for file, _, _ in found) for name in FILES}
    assert counts == {
        "phrases": 11,
        "stretches": 25,
        "posture": 18,
        "flare": 45,
        "health": 11,
        "wording": 7,
    }
    assert [(name, place) for name, place, entry in found if not str(entry.get("source", "")).strip()] == []


def test_every_short_name_of_a_source_is_explained_once_and_used() -> None:
    table = (Path(loader.__file__).parent / "SOURCES.md").read_text()
    explained = [row.split(" | ")[0] for row in re.findall(r"^\| (?!short name)(.+)", table, re.MULTILINE)]
    named = [str(entry["source"]) for name in FILES for _, entry in entries(loader.read(name))]
    used = {name for each in named for name in re.sub(r" \(.*?\)", "", each).split("; ")}
    assert sorted(explained) == sorted(used)


@pytest.mark.parametrize("pattern", [PROMISES, DRUGS, SHAMING, LEFT_OUT])
def test_nothing_is_said_that_must_not_be(pattern: str) -> None:
    assert hits(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "bad"),
    [
        (PROMISES, "Prevents neck pain"),
        (PROMISES, "this cures it"),
        (PROMISES, "heals fast"),
        (PROMISES, "fixes your neck"),
        (DRUGS, "take ibuprofen"),
        (DRUGS, "400 mg twice"),
        (SHAMING, "Don't slouch"),
        (SHAMING, "bad posture again"),
        (SHAMING, "you should sit up straight"),
        (LEFT_OUT, "an atlas subluxation"),
        (LEFT_OUT, "herbs such as turmeric"),
        (LEFT_OUT, "ice on the neck"),
    ],
)
def test_the_scan_would_find_it(pattern: str, bad: str) -> None:
    assert re.search(pattern, bad, re.IGNORECASE)


def test_health_and_healthy_are_no_promises() -> None:
    assert not re.search(PROMISES, "most healthy adults; health questions; secure", re.IGNORECASE)


def test_nobody_is_told_to_pull_the_head() -> None:
    pulling = [
        sentence
        for _, text in TEXTS
        for sentence in re.split(r"[.;]", text)
        if re.search(r"\bpull\w*\b.*\bhead\b|\bhead\b.*\bpull", sentence, re.IGNORECASE)
    ]
    assert sorted(each.strip() for each in pulling) == [
        "Don't pull the head",
        "they don't pull or press the head",
    ]


def test_nobody_is_told_to_circle_the_head() -> None:
    circling = [text for _, text in hits(r"circl\w* the head|neck rolls?|roll\w* (your|the) (head|neck)")]
    assert circling == [WORDING["movement"].text]


def test_cold_and_heat_come_with_their_limits() -> None:
    both = FLARE.packs["both"].text
    for needed in (
        "cloth",
        "bare, broken or numb skin",
        "circulation",
        "lying on",
        "sleep",
        "5 minutes",
        "timer",
    ):
        assert needed in both
    assert "15" in FLARE.packs["cold"].text
    assert "not hot" in FLARE.packs["heat"].text
    for text in (FLARE.stages["first_48h"].text, FLARE.stages["after_48h"].text):
        assert "wrapped" in text


def test_the_checklist_names_every_red_flag_most_urgent_first() -> None:
    assert [(flag.id, flag.urgency) for flag in FLARE.red_flags] == [
        ("accident", Urgency.EMERGENCY),
        ("weakness", Urgency.EMERGENCY),
        ("shocks", Urgency.EMERGENCY),
        ("bladder", Urgency.EMERGENCY),
        ("fever", Urgency.EMERGENCY),
        ("sudden", Urgency.EMERGENCY),
        ("face", Urgency.EMERGENCY),
        ("chest", Urgency.EMERGENCY),
        ("tingling", Urgency.SAME_DAY),
        ("constant", Urgency.SAME_DAY),
        ("unwell", Urgency.SAME_DAY),
        ("severe", Urgency.SAME_DAY),
        ("history", Urgency.THIS_WEEK),
        ("age", Urgency.THIS_WEEK),
        ("both-arms", Urgency.THIS_WEEK),
    ]


def test_there_is_advice_for_every_urgency() -> None:
    assert set(FLARE.advice) == set(Urgency)
    for number in ("112", "999", "911"):
        assert number in FLARE.advice["emergency"].text


def test_the_plan_has_its_stages_stop_rules_and_notices() -> None:
    assert list(FLARE.stages) == ["onset", "first_48h", "after_48h", "return"]
    assert list(FLARE.stop_rules) == ["pain", "symptoms"]
    assert list(FLARE.notices) == [
        "worse", "risen", "severe", "looked", "still", "evening", "after_48h", "held_back", "held_safe",
        "over", "settled", "day_7", "day_14", "day_42", "two_in_30_days", "three_in_90_days", "lost_days",
        "constant_spasms",
    ]  # fmt: skip
    assert "more than 2 of 10" in FLARE.stop_rules["pain"].text
    assert FLARE.stop_rules["symptoms"].text.endswith("go through the checklist: neckguard flare start")


def test_the_wording_that_must_appear_is_there() -> None:
    assert loader.disclaimer() == (
        "General wellbeing reminders, not medical advice. neckguard cannot diagnose or treat. "
        "Stop if anything hurts."
    )
    needed = {
        "short": ["not medical advice"],
        "first_run": [
            "not everyone",
            "Ask a doctor or physiotherapist first",
            "evidence is limited",
            "results vary",
        ],
        "flare": ["can miss serious problems", "get medical help now", "don't wait for a reminder"],
        "content": ["wording is ours", "do not endorse neckguard", "not reviewed by a clinician"],
        "movement": ["no bouncing", "breathing", "pain is not", "Never circle the head"],
        "ask_first": ["ask a clinician first"],
        "strength": ["best evidence", "[reminders.strength]"],
    }
    assert set(WORDING) == set(needed)
    for name, parts in needed.items():
        assert [part for part in parts if part not in WORDING[name].text] == []


def test_what_was_loaded_is_what_the_types_say() -> None:
    assert POSTURES[1] == Posture(
        "shoulders-fall",
        Sort.SHIFT,
        "Try letting your shoulders fall.",
        "HSE",
    )
    assert FLARE.red_flags[5] == RedFlag(
        "sudden",
        Urgency.EMERGENCY,
        "Sudden severe or unusual neck pain or headache",
        "ACEP; ICHD-3",
    )
