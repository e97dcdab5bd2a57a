"""Which posture check comes next."""

import json
from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from neckguard.content import loader
from neckguard.core.codec import from_plain, to_plain
from neckguard.core.neck.catalogue import Posture, Sort
from neckguard.core.neck.rotation import PostureRotation, choose_posture

ALL = loader.load_postures()
SHIFTS = {each.id for each in ALL if each.sort is Sort.SHIFT}
FACTS = {each.id for each in ALL if each.sort is Sort.SETUP}
NOW = 1_800_000_000.0
DAY = 86400.0

avoids = st.lists(st.sampled_from([each.id for each in ALL]), max_size=6).map(tuple)


def run(
    days: int, avoid: tuple[str, ...] = (), rotation: PostureRotation | None = None
) -> list[tuple[int, Posture]]:
    """What is shown in so many days of ten checks, with the day."""
    rotation, shown = rotation or PostureRotation(), []
    pool = [each for each in ALL if each.id not in avoid]
    for day in range(days):
        for hour in range(10):
            now = NOW + DAY * day + 3600 * hour
            posture = choose_posture(pool, rotation, now, setup=True)
            if posture:
                rotation = rotation.after(posture, now)
                shown.append((day, posture))
    return shown


def test_a_fact_of_the_workstation_comes_about_weekly_and_each_in_turn() -> None:
    facts = [(day, posture.id) for day, posture in run(7 * len(FACTS) + 1) if posture.sort is Sort.SETUP]
    assert [day for day, _ in facts] == list(range(0, 7 * len(FACTS) + 1, 7))
    assert {posture for _, posture in facts[:-1]} == FACTS
    assert facts[-1][1] == facts[0][1]


@given(avoids)
def test_what_is_avoided_never_comes_and_all_else_does(avoid: tuple[str, ...]) -> None:
    assert {posture.id for _, posture in run(7, avoid)} & SHIFTS == SHIFTS - set(avoid)


def test_none_comes_on_every_day() -> None:
    days = [{posture.id for day, posture in run(30) if day == wanted} for wanted in range(30)]
    assert [today & before for before, today in pairwise(days)] == [set()] * 29


@given(avoids)
def test_shifts_are_balanced_within_one(avoid: tuple[str, ...]) -> None:
    shown = Counter(posture.id for _, posture in run(4, avoid) if posture.sort is Sort.SHIFT)
    numbers = [shown[each] for each in SHIFTS - set(avoid)]
    assert max(numbers) - min(numbers) <= 1


def test_what_is_already_so_does_not_come_again() -> None:
    first = choose_posture(ALL, PostureRotation(), NOW, setup=True)
    assert first
    assert first.sort is Sort.SETUP
    rotation = PostureRotation().after(first, NOW).retire(first.id).retire(first.id)
    assert rotation.retired == (first.id,)
    assert first.id not in {posture.id for _, posture in run(150, rotation=rotation)}


def test_when_all_is_already_so_only_shifts_are_left() -> None:
    rotation = PostureRotation(retired=tuple(FACTS))
    assert {posture.sort for _, posture in run(9, rotation=rotation)} == {Sort.SHIFT}


def test_a_fact_waits_where_its_button_has_no_room() -> None:
    covered = choose_posture(ALL, PostureRotation(), NOW, setup=False)
    assert covered
    assert covered.sort is Sort.SHIFT


def test_a_clock_set_back_does_not_silence_the_facts() -> None:
    fact = next(each for each in ALL if each.sort is Sort.SETUP)
    rotation = PostureRotation().after(fact, NOW + 400 * DAY)
    found = choose_posture(ALL, rotation, NOW, setup=True)
    assert found
    assert found.sort is Sort.SETUP
    assert found.id != fact.id


def test_nothing_comes_when_all_is_avoided() -> None:
    assert choose_posture((), PostureRotation(), NOW, setup=True) is None


@given(avoids, st.integers(0, 5))
def test_a_restart_does_not_change_the_choice(avoid: tuple[str, ...], days: int) -> None:
    rotation = PostureRotation()
    for day, posture in run(days, avoid):
        rotation = rotation.after(posture, NOW + DAY * day)
    kept = from_plain(PostureRotation, json.loads(json.dumps(to_plain(rotation))))
    assert kept == rotation
