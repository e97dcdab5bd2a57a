"""What the texts must say, and what they must never say."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from neckguard.content import loader
from neckguard.core.neck.catalogue import (
    Equipment,
    Intensity,
    Need,
    Posture,
    Sort,
    Stretch,
    avoidable,
)
from neckguard.core.neck.health import Ease, Leaves, Limits, leaves
from neckguard.core.neck.portions import Side, for_prompt, name_side, say_portion
from neckguard.core.plan import Answers

FILES = ("phrases", "stretches", "posture", "flare", "health", "wording")
STRETCHES = loader.load_stretches()
POSTURES = loader.load_postures()
FLARE = loader.load_flare()
QUESTIONS = loader.load_questions()
WORDING = loader.load_wording()

# hold x repetitions x sets (/side), positions, intensity, flare
DOSES = """
chin-tuck 5x8x1 ST 1 half
head-turn 5x5x1/side ST 1 tiny
side-tilt 5x5x1/side ST 1 half
nod 5x5x1 ST 1 tiny
upper-trap 20x2x1/side S 2 no
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
band-raise 0x30x1 TS 2 no
"""

PROMISES = (
    r"best of all|evidence of all"
    r"|prevent|\bcur(e|es|ed|ing)\b|\bheal(s|ed|ing)?\b|\bfix(es|ed|ing)?\b|\bguarantee|\brelieves?\b"
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
        if {"text", "what"} & set(data) or (isinstance(lines, list) and lines and isinstance(lines[0], str)):
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
    assert {each.id: each.equipment for each in STRETCHES if each.equipment} == {
        "thoracic-ext": (Equipment.STABLE_CHAIR,),
        "wall-angel": (Equipment.WALL,),
        "doorway-pec": (Equipment.DOORWAY,),
        "band-raise": (Equipment.BAND,),
    }


def test_what_presses_comes_back_last() -> None:
    assert {each.id for each in STRETCHES if each.resisted} == {
        "iso-front", "iso-back", "iso-side", "band-raise",
    }  # fmt: skip


def hidden_with(condition: str) -> set[str]:
    return {each.id for each in STRETCHES if condition in each.hidden_with}


def test_what_is_hidden_is_hidden_for_an_answer_that_leaves_others() -> None:
    assert hidden_with("osteoporosis") == {  # loaded bending and twisting
        "seated-twist", "upper-trap", "collarbone-nod", "levator", "thoracic-ext",
    }  # fmt: skip
    assert hidden_with("heart") == {"iso-front", "iso-side", "iso-back", "band-raise"}
    assert hidden_with("shoulder") == {
        "shoulder-roll", "shrug-drop", "chest-open", "doorway-pec", "wall-angel", "upper-back-reach",
        "thoracic-ext", "band-raise",
    }  # fmt: skip
    others = {each for each in QUESTIONS.conditions if leaves(each) is Leaves.OTHERS}
    assert {word for each in STRETCHES for word in each.hidden_with} == others


def test_every_contraindication_is_asked_about_and_says_what_follows() -> None:
    assert {name: str(leaves(name)) for name in QUESTIONS.conditions} == {
        "injury": "safe",
        "blow": "safe",
        "osteoporosis": "others",
        "arthritis": "safe",
        "cancer": "safe",
        "defences": "safe",
        "joints": "safe",
        "nerves": "safe",
        "stroke": "safe",
        "heart": "others",
        "dizziness": "safe",
        "shoulder": "others",
        "pregnancy": "gentle",
    }
    assert list(QUESTIONS.follows) == list(Leaves)
    assert "ask a clinician first" in QUESTIONS.follows["safe"].text
    assert QUESTIONS.follows["gentle"].text.startswith("Ask your midwife or doctor first.")
    assert set(QUESTIONS.equipment) == {Equipment.STABLE_CHAIR.value}
    assert list(QUESTIONS.needs) == list(Need)
    used = {need for each in STRETCHES for need in each.not_for}
    assert used | {need for each in POSTURES for need in (*each.not_for, *each.only_for)} == set(Need)


def test_a_screen_of_24_lines_has_room_for_the_questions() -> None:
    texts = [passage.text for part in (QUESTIONS.conditions, QUESTIONS.needs) for passage in part.values()]
    assert len(QUESTIONS.conditions) <= 16
    assert [text for text in texts if len(text) > 74] == []


# ---- what suits whom ---------------------------------------------------------------------------------------


STANDING = r"\bstand|\bwalk|\bget up\b|on your feet|leave the chair"
UNFIT = {
    "seated": STANDING,
    "wheelchair": rf"{STANDING}|\blegs\b|\byour chair\b|without wheels|your feet somewhere",
    "one-hand": r"other hand|both hands|\bclasp|each hand",
    "magnifier": r"50 to 70",
    "left-handed": r"needn't reach",
}


def told(stretch: Stretch) -> Iterator[str]:
    """All that is ever said of a stretch."""
    yield from (stretch.what, stretch.ready, *stretch.steps, stretch.safety, stretch.caution, stretch.eased)


@pytest.mark.parametrize("need", list(Need))
def test_no_text_asks_for_what_a_need_rules_out(need: Need) -> None:
    limits = Limits(answers=Answers(needs=(need,), stable_chair=True))
    topics = loader.load_topics().values()
    texts = [line for topic in topics for line in (topic.lines if limits.stands else topic.seated)]
    texts += [line for each in STRETCHES if limits.allow(each) for line in told(each)]
    texts += [each.text for each in POSTURES if limits.suits(each)]
    assert len(texts) > 100
    assert [text for text in texts if re.search(UNFIT[need], text, re.IGNORECASE)] == []


@pytest.mark.parametrize("need", list(Need))
def test_the_scan_of_a_need_would_find_it(need: Need) -> None:
    all_texts = [each.text for each in POSTURES] + [line for each in STRETCHES for line in told(each)]
    assert [text for text in all_texts if re.search(UNFIT[need], text, re.IGNORECASE)]


def test_whoever_does_not_stand_has_something_to_do_in_a_break() -> None:
    seated = loader.load_topics()["break"].seated
    assert seated == ("Turn away, move what moves easily, look far away.",)


def test_every_kind_of_posture_check_is_left_whatever_is_needed() -> None:
    limits = Limits(answers=Answers(needs=tuple(need.value for need in Need)))
    left = [each for each in POSTURES if limits.suits(each)]
    assert sum(each.sort is Sort.SHIFT for each in left) >= 16
    assert {each.id for each in left} >= {"screen-near", "left-hand-mouse"}
    plain = {each.id for each in POSTURES if Limits().suits(each)}
    assert plain >= {"screen-distance", "mouse-close"}
    assert not plain & {"screen-near", "left-hand-mouse"}


def test_ids_are_unique_and_never_the_name_of_an_area() -> None:
    ids = [each.id for each in STRETCHES] + [each.id for each in POSTURES]
    assert len(ids) == len(set(ids))
    assert not set(ids) & {area for each in STRETCHES for area in each.areas}


def test_every_area_can_be_avoided_by_the_word_people_use() -> None:
    assert {"neck", "shoulders", "back", "chest", "wrists", "eyes", "head-turn"} <= avoidable(STRETCHES)


@pytest.mark.parametrize("ease", list(Ease))
def test_a_prompt_says_what_and_how_long_on_two_lines_of_sixty(ease: Ease) -> None:
    for stretch in STRETCHES:
        for side in (Side.LEFT, Side.RIGHT):
            lines = say_portion(stretch, for_prompt(stretch, side, ease))
            assert max(map(len, lines)) <= 60, lines
            assert "{" not in "".join(lines)
            assert re.search(r"\(\d+ s\)|at most 2 min", lines[1]), lines
            assert lines[0].endswith(".")


def test_both_sides_are_one_and_then_the_other() -> None:
    for stretch in STRETCHES:
        for line in (each for each in told(stretch) if "{side}" in each):
            said = name_side(line, Side.BOTH)
            assert re.search(r"\b[Oo]ne (side|hand|arm|palm|shoulder|collarbone)\b", said), said


def test_every_movement_but_resting_the_eyes_has_its_safety_line() -> None:
    assert [each.id for each in STRETCHES if not each.safety] == ["eye-reset"]


def test_what_asks_more_or_holds_the_neck_says_in_its_prompt_what_to_heed_in_four_words() -> None:
    wanted = {
        each.id
        for each in STRETCHES
        if each.intensity is Intensity.MODERATE or (each.hold and "neck" in each.areas)
    }
    assert {each.id for each in STRETCHES if each.caution} == wanted
    assert [each.caution for each in STRETCHES if len(each.caution.split()) > 4] == []


def test_every_posture_check_begins_with_try() -> None:
    lines = [line["text"] for line in loader.read("phrases")["posture"]["lines"]]
    assert [text for text in [*lines, *(each.text for each in POSTURES)] if not text.startswith("Try ")] == []


def test_posture_checks_are_shifts_or_facts_of_the_workstation() -> None:
    def ids(sort: Sort) -> set[str]:
        return {each.id for each in POSTURES if each.sort is sort}

    assert ids(Sort.SHIFT) == {
        "change-position", "shoulders-fall", "sit-back", "weight-across", "ears-over-shoulders",
        "light-touch", "lean-elsewhere", "look-around", "forearms-rest", "breathe-out", "jaw-loose",
        "legs-other-way", "roll-back", "elbow-lean", "read-standing", "hand-open", "feet-elsewhere",
        "other-hand", "far-away", "face-soft", "grow-taller", "arms-hang",
    }  # fmt: skip
    assert ids(Sort.SETUP) == {
        "screen-height", "screen-distance", "screen-near", "straight-ahead", "varifocals", "elbows",
        "mouse-close", "left-hand-mouse", "feet-supported", "seat-edge", "laptop-raised", "headset",
        "phone-up", "lifting", "overhead", "repetition", "stress",
    }  # fmt: skip


def test_the_pillow_belongs_to_the_evening_only() -> None:
    assert hits("pillow") == [("phrases", loader.read("phrases")["winddown"]["lines"][1]["text"])]


def test_every_line_of_a_prompt_has_at_most_sixty_characters() -> None:
    lines = [each.text for each in POSTURES]
    lines += [line for topic in loader.load_topics().values() for line in (topic.title, *topic.lines)]
    assert [line for line in lines if len(line) > 60] == []


def test_every_entry_has_its_source() -> None:
    found = [(name, place, entry) for name in FILES for place, entry in entries(loader.read(name))]
    counts = {name: sum(file == name for file, _, _ in found) for name in FILES}
    assert counts == {
        "phrases": 13,
        "stretches": 25,
        "posture": 39,
        "flare": 51,
        "health": 22,
        "wording": 6,
    }
    assert [(name, place) for name, place, entry in found if not str(entry.get("source", "")).strip()] == []


def table_of_sources() -> list[tuple[str, ...]]:
    table = (Path(loader.__file__).parent / "SOURCES.md").read_text()
    rows = re.findall(r"^\| (?!short name)(.+) \|$", table, re.MULTILINE)
    return [tuple(row.split(" | ")) for row in rows]


def test_every_source_but_ourselves_has_an_address_or_a_doi() -> None:
    assert [
        name
        for name, _, where in table_of_sources()
        if not re.match(r"doi 10\.|[\w.-]+\.[a-z]{2,4}\b", where)
    ] == ["PC", "GK"]


def test_every_short_name_of_a_source_is_explained_once_and_used() -> None:
    explained = [name for name, _, _ in table_of_sources()]
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
        "Hands that rest there don't pull or press the head",
    ]


def test_nobody_is_told_to_circle_the_head() -> None:
    circling = [text for _, text in hits(r"circl\w* the head|neck rolls?|roll\w* (your|the) (head|neck)")]
    assert circling == [WORDING["movement"].text]


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
        "strength": ["in office workers with neck pain", "best evidence, moderate", "[reminders.strength]"],
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


def test_the_names_for_a_shell_are_those_of_the_catalogue() -> None:
    assert list(loader.stretch_names().items()) == [(each.id, each.name) for each in loader.load_stretches()]
