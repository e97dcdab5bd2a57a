"""How much is asked for at a time, and how it is said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neckguard.content import loader
from neckguard.core.neck.catalogue import PROMPT_LIMIT, Stretch
from neckguard.core.neck.portions import Portion, Side, Step, for_prompt, say_portion, steps, whole

ALL = loader.load_stretches()
BY_ID = {each.id: each for each in ALL}

stretches = st.sampled_from(ALL)
one_side = st.sampled_from((Side.LEFT, Side.RIGHT))


@given(stretches, one_side, st.booleans())
def test_a_prompt_is_as_much_of_one_set_as_fits(stretch: Stretch, side: Side, eased: bool) -> None:
    portion = for_prompt(stretch, side, eased=eased)
    one_more = replace(portion, reps=portion.reps + 1)
    assert portion.seconds <= PROMPT_LIMIT
    assert portion.reps == stretch.reps or one_more.seconds > PROMPT_LIMIT
    assert 1 <= portion.reps <= stretch.reps


@given(stretches, one_side, st.booleans())
def test_the_steps_of_a_portion_last_as_long_as_it_says(stretch: Stretch, side: Side, eased: bool) -> None:
    for portion in (for_prompt(stretch, side, eased=eased), *whole(stretch, eased=eased)):
        assert sum(step.seconds for step in steps(stretch, portion)) == pytest.approx(portion.seconds)


def test_a_set_that_is_too_long_for_a_prompt_has_fewer_repetitions() -> None:
    assert for_prompt(BY_ID["chin-tuck"], Side.LEFT) == Portion(
        "chin-tuck", Side.NONE, 5, 5.0, (2.0, 1.0), False
    )
    assert whole(BY_ID["chin-tuck"]) == (Portion("chin-tuck", Side.NONE, 8, 5.0, (2.0, 1.0), False),)


def test_both_sides_come_together_only_where_they_fit() -> None:
    assert for_prompt(BY_ID["seated-twist"], Side.LEFT).side is Side.BOTH
    assert for_prompt(BY_ID["head-turn"], Side.RIGHT).side is Side.RIGHT
    assert for_prompt(BY_ID["head-turn"], Side.RIGHT, eased=True).side is Side.BOTH


def test_half_the_range_is_not_held() -> None:
    assert for_prompt(BY_ID["nod"], Side.LEFT, eased=True).hold == 0
    assert for_prompt(BY_ID["chest-open"], Side.LEFT, eased=True).hold == 10


def test_several_sets_are_several_portions() -> None:
    twice = replace(BY_ID["iso-side"], sets=2)
    assert whole(twice) == (Portion("iso-side", Side.BOTH, 5, 5.0, (1.0, 1.0), False),) * 2


def test_a_guide_says_each_step_with_its_side() -> None:
    twist = BY_ID["seated-twist"]
    assert list(steps(twist, for_prompt(twist, Side.LEFT))) == [
        Step("Turn your ribcage to the left; your head follows your chest. Hold.", 12.0, Side.LEFT, 1),
        Step("Come back to the middle.", 2.0, Side.LEFT, 1),
        Step("Turn your ribcage to the right; your head follows your chest. Hold.", 12.0, Side.RIGHT, 1),
        Step("Come back to the middle.", 2.0, Side.RIGHT, 1),
    ]


@pytest.mark.parametrize(
    ("stretch", "eased", "line"),
    [
        (
            "head-turn",
            False,
            "Chin level, turn your head slowly to the right, then come back. Hold 5 s, 5 times (40 s).",
        ),
        (
            "head-turn",
            True,
            (
                "Chin level, turn your head slowly to the left, then right, then come back. "
                "Half as far as usual, without holding, 5 times each side (30 s)."
            ),
        ),
        (
            "seated-twist",
            False,
            (
                "Feet supported, turn your ribcage to the left, then right, lightly holding the chair. "
                "Hold 10 s each side (28 s)."
            ),
        ),
        (
            "blade-squeeze",
            True,
            (
                "Hands at your sides, draw your shoulder blades back and slightly down, then let go. "
                "Hold 5 s, 6 times (42 s). Only lightly."
            ),
        ),
        ("shoulder-roll", True, "Roll your shoulders up, back and down in small circles. 5 times (15 s)."),
        (
            "doorway-pec",
            False,
            "Forearms on a door frame, step through until your chest opens. Hold 20 s, twice (44 s).",
        ),
    ],
)
def test_a_prompt_says_what_to_do_how_often_and_how_long(stretch: str, eased: bool, line: str) -> None:
    assert say_portion(BY_ID[stretch], for_prompt(BY_ID[stretch], Side.RIGHT, eased=eased)) == line


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pace": (1.0,)}, "each step needs its pace"),
        ({"steps": (), "pace": ()}, "each step needs its pace"),
        ({"reps": 0}, "a stretch has a dose, an area and a position"),
        ({"sets": 0}, "a stretch has a dose, an area and a position"),
        ({"areas": ()}, "a stretch has a dose, an area and a position"),
        ({"positions": ()}, "a stretch has a dose, an area and a position"),
        ({"hold": 44.0}, "one repetition must fit into 45 s"),
        ({"hold": 0.0, "pace": (0.0, 0.0)}, "one repetition must fit into 45 s"),
        ({"sides": True}, "a side is named exactly where there are sides"),
        ({"what": "Tip to the {side}"}, "a side is named exactly where there are sides"),
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^nod: {message}$"):
        replace(BY_ID["nod"], **change)  # type: ignore[arg-type]
