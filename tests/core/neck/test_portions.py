"""How much is asked for at a time, and how it is said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neckguard.content import loader
from neckguard.core.neck.catalogue import PROMPT_LIMIT, Stretch
from neckguard.core.neck.health import Ease
from neckguard.core.neck.portions import Portion, Side, Step, for_prompt, get_ready, say_portion, steps, whole

ALL = loader.load_stretches()
BY_ID = {each.id: each for each in ALL}

stretches = st.sampled_from(ALL)
one_side = st.sampled_from((Side.LEFT, Side.RIGHT))
eases = st.sampled_from(Ease)


@given(stretches.filter(lambda each: not each.until_tired), one_side, eases)
def test_a_prompt_is_as_much_of_one_set_as_fits(stretch: Stretch, side: Side, ease: Ease) -> None:
    portion = for_prompt(stretch, side, ease)
    one_more = replace(portion, reps=portion.reps + 1)
    assert portion.seconds <= PROMPT_LIMIT
    assert portion.reps == stretch.reps or one_more.seconds > PROMPT_LIMIT
    assert 1 <= portion.reps <= stretch.reps


@given(stretches, one_side, eases)
def test_the_steps_of_a_portion_last_as_long_as_it_says(stretch: Stretch, side: Side, ease: Ease) -> None:
    for portion in (for_prompt(stretch, side, ease), *whole(stretch, ease)):
        assert sum(step.seconds for step in steps(stretch, portion)) == pytest.approx(portion.seconds)


def test_a_set_that_is_too_long_for_a_prompt_has_fewer_repetitions() -> None:
    assert for_prompt(BY_ID["chin-tuck"], Side.LEFT) == Portion(
        "chin-tuck", Side.NONE, 5, 5.0, (2.0, 1.0), Ease.NONE
    )
    assert whole(BY_ID["chin-tuck"]) == (Portion("chin-tuck", Side.NONE, 8, 5.0, (2.0, 1.0), Ease.NONE),)


def test_both_sides_come_together_only_where_they_fit() -> None:
    assert for_prompt(BY_ID["seated-twist"], Side.LEFT).side is Side.BOTH
    assert for_prompt(BY_ID["head-turn"], Side.RIGHT).side is Side.RIGHT
    assert for_prompt(BY_ID["head-turn"], Side.RIGHT, Ease.TINY).side is Side.BOTH


def test_half_the_range_is_not_held() -> None:
    assert for_prompt(BY_ID["nod"], Side.LEFT, Ease.EASY).hold == 0
    assert for_prompt(BY_ID["nod"], Side.LEFT, Ease.TINY).hold == 0
    assert for_prompt(BY_ID["chest-open"], Side.LEFT, Ease.EASY).hold == 10


def test_strength_is_asked_for_until_one_tires_and_never_cut_to_what_a_prompt_may_last() -> None:
    portion = for_prompt(BY_ID["band-raise"], Side.LEFT)
    assert (portion.seconds, whole(BY_ID["band-raise"])) == (120.0, (portion,))


def test_to_get_ready_there_is_time_to_read() -> None:
    assert [get_ready(*texts) for texts in (("one",), ("one two three",), ("one two", "three four"))] == [
        4.0, 4.0, 5.0,
    ]  # fmt: skip


def test_several_sets_are_several_portions() -> None:
    twice = replace(BY_ID["iso-side"], sets=2)
    assert whole(twice) == (Portion("iso-side", Side.BOTH, 5, 5.0, (1.0, 1.0), Ease.NONE),) * 2


def test_a_guide_says_each_step_with_its_side() -> None:
    twist = BY_ID["seated-twist"]
    assert list(steps(twist, for_prompt(twist, Side.LEFT))) == [
        Step("Turn your ribcage to the left; your head follows your chest. Hold.", 12.0, Side.LEFT, 1),
        Step("Come back to the middle.", 2.0, Side.LEFT, 1),
        Step("Turn your ribcage to the right; your head follows your chest. Hold.", 12.0, Side.RIGHT, 1),
        Step("Come back to the middle.", 2.0, Side.RIGHT, 1),
    ]


@pytest.mark.parametrize(
    ("stretch", "ease", "lines"),
    [
        (
            "head-turn",
            Ease.NONE,
            (
                "Chin level, turn your head to the right and back.",
                "Hold 5 s, 5 times (40 s); no forcing.",
            ),
        ),
        (
            "head-turn",
            Ease.EASY,
            (
                "Chin level, turn your head to one side and back.",
                "Half as far, no hold, 5 times each side (30 s); no forcing.",
            ),
        ),
        (
            "nod",
            Ease.TINY,
            (
                "Lower your gaze and your chin slowly, then rise to level.",
                "A tiny way, no hold, 5 times (15 s); no hands.",
            ),
        ),
        (
            "collarbone-nod",
            Ease.NONE,
            (
                "Let your chin drift toward one collarbone and back.",
                "Hold 10 s each side (28 s); hands don't pull.",
            ),
        ),
        (
            "blade-squeeze",
            Ease.EASY,
            (
                "Draw your shoulder blades back and slightly down.",
                "Hold 5 s, 6 times (42 s). Only lightly.",
            ),
        ),
        (
            "shoulder-roll",
            Ease.EASY,
            ("Roll your shoulders up, back and down in small circles.", "5 times (15 s)."),
        ),
        (
            "levator",
            Ease.NONE,
            (
                "Your right hand on the seat, look down to the other pocket.",
                "Hold 20 s, twice (44 s); stop if dizzy.",
            ),
        ),
        (
            "band-raise",
            Ease.NONE,
            (
                "Band under your feet or seat, raise your arms sideways.",
                "Until your arms tire, at most 2 min; start light.",
            ),
        ),
    ],
)
def test_a_prompt_says_what_to_do_how_often_how_long_and_what_to_heed(
    stretch: str, ease: Ease, lines: tuple[str, str]
) -> None:
    assert say_portion(BY_ID[stretch], for_prompt(BY_ID[stretch], Side.RIGHT, ease)) == lines


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
