"""Which stretch comes next, whatever happened before."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from neckguard.content import loader
from neckguard.core.codec import from_plain, to_plain
from neckguard.core.neck.catalogue import (
    PROMPT_LIMIT,
    Equipment,
    FlareUse,
    Intensity,
    Need,
    Position,
    Stretch,
)
from neckguard.core.neck.health import Ease, Limits, Scope
from neckguard.core.neck.portions import Portion, Side
from neckguard.core.neck.rotation import HURT_REST, SKIP_REST, Purpose, Rotation, choose, may_come
from neckguard.core.plan import Answers

ALL = loader.load_stretches()
BY_ID = {each.id: each for each in ALL}
WORDS = sorted({word for each in ALL for word in each.words})
CONDITIONS = sorted(loader.load_questions().conditions)
NOW = 1_800_000_000.0
DAY = 86400.0
WELL = Limits(answers=Answers(stable_chair=True))

answers = st.none() | st.builds(
    Answers,
    conditions=st.just(()) | st.lists(st.sampled_from(CONDITIONS), max_size=2).map(tuple),
    needs=st.none() | st.lists(st.sampled_from([each.value for each in Need]), max_size=2).map(tuple),
    stable_chair=st.booleans(),
)
limits = st.builds(
    Limits,
    avoid=st.lists(st.sampled_from(WORDS), max_size=5).map(tuple),
    standing=st.booleans(),
    gentle_only=st.booleans(),
    answers=answers,
    scope=st.just(Scope.ALL) | st.sampled_from(Scope),
)
purposes = st.sampled_from((Purpose.STRETCH, Purpose.BREAK))
# What happened over some prompts: the purpose, and what the person did about it.
days = st.lists(st.tuples(purposes, st.sampled_from(("", "", "skip", "hurt"))), min_size=1, max_size=40)


def run(limit: Limits, asked: Iterable[Purpose], rotation: Rotation | None = None) -> list[Portion]:
    """What is suggested on these purposes, each one shown."""
    rotation, shown = rotation or Rotation(), []
    for purpose in asked:
        portion = choose(ALL, limit, rotation, purpose, NOW)
        if portion:
            rotation = rotation.after(portion)
            shown.append(portion)
    return shown


def lived(limit: Limits, events: list[tuple[Purpose, str]]) -> Rotation:
    """The rotation after such days, an hour between prompts."""
    rotation = Rotation()
    for number, (purpose, reaction) in enumerate(events):
        now = NOW + 3600 * number
        portion = choose(ALL, limit, rotation, purpose, now)
        if portion:
            rotation = rotation.after(portion)
            rotation = rotation.skip(portion.stretch) if reaction == "skip" else rotation
            rotation = rotation.hurt(portion.stretch, now) if reaction == "hurt" else rotation
    return rotation


def group(stretch: str) -> str:
    """What takes turns: the areas, what is done standing, what is done at a wall or in a doorway."""
    if BY_ID[stretch].for_breaks:
        return "wall"
    return "standing" if BY_ID[stretch].standing_only else BY_ID[stretch].areas[0]


def allowed(limit: Limits, purpose: Purpose) -> set[str]:
    """What comes on this purpose; in a flare-up it is the neck that shall keep moving."""
    found = {each.id for each in ALL if may_come(each, limit, Rotation(), purpose, NOW)}
    neck = {each for each in found if "neck" in BY_ID[each].areas}
    return neck or found if limit.scope <= Scope.HALF else found


# ---- what holds always -------------------------------------------------------------------------------------


@given(limits, days, st.sampled_from(Purpose))
def test_nothing_is_suggested_that_may_not_come(
    limit: Limits, events: list[tuple[Purpose, str]], purpose: Purpose
) -> None:
    portion = choose(ALL, limit, lived(limit, events), purpose, NOW + 3600 * len(events))
    if portion is None:
        return
    stretch = BY_ID[portion.stretch]
    assert not stretch.words & set(limit.avoid)
    assert limit.standing or stretch.positions != (Position.STANDING,)
    assert purpose is Purpose.BREAK or not {Equipment.WALL, Equipment.DOORWAY} & set(stretch.equipment)
    assert (Equipment.BAND in stretch.equipment) == (purpose is Purpose.STRENGTH)
    assert limit.scope is not Scope.NOTHING
    if limit.scope is Scope.SAFE:
        assert stretch.flare is FlareUse.YES or (portion.eased, portion.hold) == (Ease.TINY, 0)
    assert limit.scope is not Scope.HALF or stretch.flare is not FlareUse.NO
    conditions = set(limit.answers.conditions) if limit.answers else set()
    if limit.gentle_only or conditions - {"osteoporosis", "heart", "shoulder", "pregnancy"}:
        assert (stretch.intensity, stretch.flare) == (Intensity.GENTLE, FlareUse.YES)
    if limit.answers is None or "pregnancy" in conditions:
        assert stretch.intensity is Intensity.GENTLE
    assert not set(stretch.hidden_with) & conditions
    if not (limit.answers and limit.answers.stable_chair):
        assert Equipment.STABLE_CHAIR not in stretch.equipment
    needs = set(limit.answers.needs or ()) if limit.answers else set()
    assert not needs & set(stretch.not_for)
    assert not needs & {"seated", "wheelchair"} or stretch.positions != (Position.STANDING,)


@given(limits, days, st.sampled_from(Purpose))
def test_a_prompt_never_asks_for_more_than_45_seconds(
    limit: Limits, events: list[tuple[Purpose, str]], purpose: Purpose
) -> None:
    portion = choose(ALL, limit, lived(limit, events), purpose, NOW)
    most = 120 if purpose is Purpose.STRENGTH else PROMPT_LIMIT
    assert PROMPT_LIMIT == 45
    assert portion is None or 0 < portion.seconds <= most


@given(limits, days, purposes)
def test_the_same_history_gives_the_same_choice_also_after_a_restart(
    limit: Limits, events: list[tuple[Purpose, str]], purpose: Purpose
) -> None:
    rotation = lived(limit, events)
    kept = from_plain(Rotation, json.loads(json.dumps(to_plain(rotation))))
    assert choose(ALL, limit, kept, purpose, NOW) == choose(ALL, limit, rotation, purpose, NOW)


@given(limits, purposes)
def test_every_stretch_that_may_come_does_come(limit: Limits, purpose: Purpose) -> None:
    shown = run(limit, [purpose] * 100)
    assert {portion.stretch for portion in shown} == allowed(limit, purpose)


@settings(max_examples=30)  # each is 200 prompts
@given(limits, st.lists(purposes, min_size=1, max_size=9))
@example(WELL, [Purpose.STRETCH, Purpose.BREAK])
@example(Limits(avoid=("chin-tuck",), answers=Answers()), [Purpose.STRETCH] * 2 + [Purpose.BREAK] * 2)
@example(
    Limits(avoid=("back-neck", "deep-neck", "forearms"), answers=Answers(stable_chair=True)),
    [Purpose.STRETCH, Purpose.BREAK],
)
def test_every_stretch_comes_however_breaks_and_stretches_alternate(
    limit: Limits, pattern: list[Purpose]
) -> None:
    shown = run(limit, (pattern * 200)[:200])
    assert {portion.stretch for portion in shown} == set.union(*(allowed(limit, each) for each in pattern))


def imbalance(limit: Limits, purpose: Purpose, prompts: int) -> int:
    """By how many prompts the areas that may come differ."""
    counts = Counter(group(portion.stretch) for portion in run(limit, [purpose] * prompts))
    numbers = [counts[each] for each in {group(each) for each in allowed(limit, purpose)}]
    return max(numbers, default=0) - min(numbers, default=0)


@given(limits, st.integers(1, 80))
def test_areas_are_balanced_within_one(limit: Limits, prompts: int) -> None:
    assert imbalance(limit, Purpose.STRETCH, prompts) <= 1


@given(st.integers(1, 300))
def test_areas_are_balanced_within_one_also_away_from_the_desk(prompts: int) -> None:
    assert imbalance(WELL, Purpose.BREAK, prompts) <= 1


@given(limits, st.integers(1, 80))
def test_not_standing_twice_costs_an_area_one_prompt_at_most(limit: Limits, prompts: int) -> None:
    areas = {group(each) for each in allowed(limit, Purpose.BREAK)} - {"standing", "wall"}
    assume(len(areas) > 1)  # a single area must come between any two standing ones
    assert imbalance(limit, Purpose.BREAK, prompts) <= 2


@given(limits, purposes)
def test_within_an_area_stretches_are_balanced_within_one(limit: Limits, purpose: Purpose) -> None:
    seated = replace(limit, standing=False)
    counts = Counter(portion.stretch for portion in run(seated, [purpose] * 77))
    for area in {group(each) for each in counts}:
        numbers = [counts[each] for each in allowed(seated, purpose) if group(each) == area]
        assert max(numbers) - min(numbers) <= 1


@given(limits, st.lists(purposes, max_size=60))
def test_sides_alternate(limit: Limits, asked: list[Purpose]) -> None:
    shown = run(limit, asked)
    for stretch in {portion.stretch for portion in shown}:
        sides = [portion.side for portion in shown if portion.stretch == stretch]
        if BY_ID[stretch].sides and Side.BOTH not in sides:
            assert all(one is not other for one, other in pairwise(sides))
        else:
            assert set(sides) == {Side.BOTH if BY_ID[stretch].sides else Side.NONE}


@given(limits, days)
def test_standing_is_asked_for_twice_in_a_row_only_when_nothing_else_may_come(
    limit: Limits, events: list[tuple[Purpose, str]]
) -> None:
    rotation = lived(limit, events)
    for _ in range(12):
        seated = any(
            may_come(each, limit, rotation, Purpose.BREAK, NOW) for each in ALL if not each.standing_only
        )
        stood = any(
            BY_ID[each].standing_only for each, turn in rotation.shown.items() if turn == rotation.turn
        )
        portion = choose(ALL, limit, rotation, Purpose.BREAK, NOW)
        if portion is None:
            return
        assert not (stood and seated and BY_ID[portion.stretch].standing_only)
        rotation = rotation.after(portion)


def only(*ids: str) -> Limits:
    """Nothing but these may come."""
    return replace(WELL, avoid=tuple(each.id for each in ALL if each.id not in ids))


def test_a_seated_one_comes_between_standing_ones_before_its_turn() -> None:
    shown = run(only("wall-angel", "stand-reach", "breath-drop"), [Purpose.BREAK] * 6)
    assert [portion.stretch for portion in shown] == [
"wall-angel", "breath-drop", "stand-reach", "breath-drop", "wall-angel", "breath-drop",
    ]  # fmt: skip


def test_standing_comes_twice_in_a_row_where_all_the_rest_is_avoided() -> None:
    shown = run(only("wall-angel", "stand-reach"), [Purpose.BREAK] * 3)
    assert [portion.stretch for portion in shown] == ["wall-angel", "stand-reach", "wall-angel"]


# ---- what was skipped, what hurt ---------------------------------------------------------------------------


@pytest.mark.parametrize("stretch", [each.id for each in ALL if not each.until_tired])
def test_what_was_skipped_is_passed_over_for_twenty_turns(stretch: str) -> None:
    shown = [portion.stretch for portion in run(WELL, [Purpose.BREAK] * 80, Rotation().skip(stretch))]
    assert SKIP_REST == 20
    assert stretch not in shown[:20]
    assert stretch in shown[20:]


def test_what_was_skipped_comes_rather_than_standing_twice() -> None:
    shown = run(only("wall-angel", "stand-reach", "nod"), [Purpose.BREAK] * 3, Rotation().skip("nod"))
    assert [portion.stretch for portion in shown] == ["wall-angel", "nod", "stand-reach"]


def test_what_was_skipped_comes_again_when_nothing_else_may() -> None:
    shown = run(only("nod"), [Purpose.STRETCH] * 2, Rotation().skip("nod"))
    assert [portion.stretch for portion in shown] == ["nod", "nod"]


def test_what_hurt_is_put_away_for_fourteen_days() -> None:
    rotation = Rotation().hurt("nod", NOW)
    assert HURT_REST == 14 * DAY
    assert choose(ALL, only("nod"), rotation, Purpose.STRETCH, NOW) is None
    assert choose(ALL, only("nod"), rotation, Purpose.STRETCH, NOW + 14 * DAY - 1) is None
    assert choose(ALL, only("nod"), rotation, Purpose.STRETCH, NOW + 14 * DAY) is not None


def test_what_was_avoided_for_long_is_not_made_up_for() -> None:
    rotation = Rotation()
    for portion in run(replace(WELL, avoid=("chest",)), [Purpose.STRETCH] * 50):
        rotation = rotation.after(portion)
    shown = [group(portion.stretch) for portion in run(WELL, [Purpose.STRETCH] * 18, rotation)]
    assert shown.count("chest") == 2


# ---- a first day, as a person sees it ----------------------------------------------------------------------


def test_the_first_round_visits_every_area_and_starts_at_the_neck() -> None:
    assert [(each.stretch, each.side.value) for each in run(WELL, [Purpose.STRETCH] * 11)] == [
        ("chin-tuck", "none"),
        ("blade-squeeze", "none"),
        ("side-tilt", "left"),
        ("shoulder-roll", "none"),
        ("nod", "none"),
        ("chest-open", "none"),
        ("wrist-flexor", "right"),
        ("eye-reset", "none"),
        ("breath-drop", "none"),
        ("stand-reach", "none"),
        ("head-turn", "left"),
    ]


def test_the_first_one_may_be_a_standing_one() -> None:
    shown = run(only("stand-reach", "levator"), [Purpose.STRETCH] * 3)
    assert [portion.stretch for portion in shown] == ["stand-reach", "levator", "stand-reach"]


# ---- who may be offered what -------------------------------------------------------------------------------

GENTLE_AND_SAFE = {
    "blade-squeeze", "shoulder-roll", "chest-open", "wrist-flexor", "wrist-extensor", "eye-reset",
    "breath-drop", "stand-reach",
}  # fmt: skip
TINY = {"head-turn", "nod"}
HALF_NECK = TINY | {"chin-tuck", "side-tilt"}
GENTLE = GENTLE_AND_SAFE | HALF_NECK | {"shrug-drop", "seated-twist", "upper-back-reach"}
WALL = {"wall-angel", "doorway-pec"}
PRESSING = {"iso-front", "iso-back", "iso-side"}
LOADED = {"upper-trap", "levator", "collarbone-nod", "thoracic-ext", "seated-twist"}
DESK = GENTLE | PRESSING | LOADED
SHOULDERS = {"shoulder-roll", "shrug-drop", "chest-open", "upper-back-reach", "thoracic-ext"}
TWO_HANDS = {
    "wrist-flexor", "wrist-extensor", "upper-trap", "levator", "iso-side", "thoracic-ext",
    "upper-back-reach",
}  # fmt: skip


def answered(*conditions: str, needs: tuple[str, ...] = ()) -> Limits:
    return Limits(answers=Answers(conditions, needs, stable_chair=True))


@pytest.mark.parametrize(
    ("limit", "purpose", "expected"),
    [
        pytest.param(WELL, Purpose.STRETCH, DESK, id="nothing the matter"),
        pytest.param(WELL, Purpose.BREAK, DESK | WALL, id="away from the desk"),
        pytest.param(WELL, Purpose.STRENGTH, {"band-raise"}, id="strength"),
        pytest.param(Limits(), Purpose.BREAK, GENTLE, id="not asked yet"),
        pytest.param(Limits(), Purpose.STRENGTH, set(), id="strength, not asked yet"),
        pytest.param(
            Limits(answers=Answers()), Purpose.STRETCH, DESK - {"thoracic-ext"}, id="a chair with wheels"
        ),
        pytest.param(replace(WELL, gentle_only=True), Purpose.BREAK, GENTLE_AND_SAFE, id="gentle only"),
        *(
            pytest.param(answered(condition), Purpose.BREAK, GENTLE_AND_SAFE, id=condition)
            for condition in CONDITIONS
            if condition not in ("pregnancy", "osteoporosis", "heart", "shoulder")
        ),
        pytest.param(answered("thought of later"), Purpose.BREAK, GENTLE_AND_SAFE, id="unknown"),
        pytest.param(answered("pregnancy"), Purpose.BREAK, GENTLE, id="pregnancy"),
        pytest.param(answered("osteoporosis"), Purpose.BREAK, (DESK | WALL) - LOADED, id="weak bones"),
        pytest.param(answered("heart"), Purpose.BREAK, (DESK | WALL) - PRESSING, id="heart"),
        pytest.param(answered("heart"), Purpose.STRENGTH, set(), id="heart, strength"),
        pytest.param(answered("shoulder"), Purpose.BREAK, DESK - SHOULDERS, id="shoulder"),
        pytest.param(
            answered("shoulder", "pregnancy"), Purpose.BREAK, GENTLE - SHOULDERS, id="two conditions"
        ),
        pytest.param(answered("cancer", "shoulder"), Purpose.BREAK, GENTLE_AND_SAFE - SHOULDERS, id="both"),
        pytest.param(answered(needs=("one-hand",)), Purpose.BREAK, DESK - TWO_HANDS, id="one hand"),
        pytest.param(answered(needs=("one-hand",)), Purpose.STRENGTH, set(), id="one hand, strength"),
        pytest.param(answered(needs=("seated",)), Purpose.BREAK, DESK - {"stand-reach"}, id="no standing"),
        pytest.param(answered(needs=("seated",)), Purpose.STRENGTH, {"band-raise"}, id="seated strength"),
        pytest.param(
            answered(needs=("wheelchair",)),
            Purpose.BREAK,
            DESK - {"stand-reach", "thoracic-ext"},
            id="a wheelchair",
        ),
        pytest.param(answered(needs=("magnifier", "left-handed")), Purpose.STRETCH, DESK, id="other needs"),
        pytest.param(replace(WELL, standing=False), Purpose.BREAK, DESK - {"stand-reach"}, id="seated"),
        pytest.param(replace(WELL, scope=Scope.NOTHING), Purpose.BREAK, set(), id="a red flag"),
        pytest.param(replace(WELL, scope=Scope.SAFE), Purpose.BREAK, TINY, id="tiny"),
        pytest.param(
            replace(answered("cancer"), scope=Scope.SAFE), Purpose.BREAK, GENTLE_AND_SAFE, id="no neck at all"
        ),
        pytest.param(replace(WELL, scope=Scope.HALF), Purpose.BREAK, HALF_NECK, id="half"),
        pytest.param(
            replace(WELL, scope=Scope.STRETCHES), Purpose.BREAK, (DESK | WALL) - PRESSING, id="stretches"
        ),
        pytest.param(replace(WELL, scope=Scope.STRETCHES), Purpose.STRENGTH, set(), id="band, too early"),
        pytest.param(
            replace(WELL, avoid=("neck", "upper-back", "nod", "unknown")),
            Purpose.STRETCH,
            {
                "shoulder-roll", "shrug-drop", "chest-open", "wrist-flexor", "wrist-extensor", "eye-reset",
                "breath-drop", "stand-reach",
            },
            id="areas and ids avoided",
        ),
    ],
)  # fmt: skip
def test_what_may_come(limit: Limits, purpose: Purpose, expected: set[str]) -> None:
    assert allowed(limit, purpose) == expected


def test_a_condition_hides_what_names_it_even_where_it_is_gentle() -> None:
    hidden = replace(BY_ID["shoulder-roll"], hidden_with=("shoulder",))
    assert not replace(WELL, answers=Answers(("shoulder",))).allow(hidden)
    assert replace(WELL, answers=Answers(("heart",))).allow(hidden)


def test_a_flare_up_and_a_condition_ease_what_is_done() -> None:
    def eased(limit: Limits) -> Ease:
        portion = choose(ALL, limit, Rotation(), Purpose.STRETCH, NOW)
        assert portion
        return portion.eased

    in_scope = [eased(replace(WELL, scope=scope)) for scope in Scope if scope is not Scope.NOTHING]
    assert in_scope == [Ease.TINY, Ease.EASY, Ease.NONE, Ease.NONE]
    assert eased(answered("cancer")) is eased(Limits(gentle_only=True)) is Ease.EASY
    assert eased(answered("pregnancy")) is Ease.NONE
    reach = BY_ID["stand-reach"]
    assert [answered(each).ease(reach) for each in ("heart", "shoulder")] == [Ease.NONE, Ease.EASY]


def test_nothing_is_chosen_from_nothing() -> None:
    empty: tuple[Stretch, ...] = ()
    assert choose(empty, WELL, Rotation(), Purpose.STRETCH, NOW) is None
