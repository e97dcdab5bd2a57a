"""The simulated source keeps the promises of a real one."""

import pytest

from neckguard.core.events import Idle, Input
from neckguard.preview.person import NEVER, Person, SimulatedSource
from neckguard.preview.scenario import Hands


def follow(person: Person, threshold: float, start: float, end: float) -> list[Input | Idle]:
    source = SimulatedSource(person)
    first = source.watch(threshold, start)
    assert first is not None
    told = [first]
    at = source.tells_at(start)
    while at < end:
        told.append(source.tell(at))
        again = source.tells_at(at)
        assert again > at or told[-1] != told[-2], "tells the same thing twice at once"
        at = again
    return told


def test_who_works_pauses_now_and_then() -> None:
    told = follow(Person(0.0), 3.0, 0.0, 80.0)
    assert told == [Input(0.0), Idle(5.0), Input(15.0), Idle(35.0), Input(45.0), Idle(65.0), Input(75.0)]


def test_who_works_is_not_idle_for_long() -> None:
    assert follow(Person(0.0), 10.0, 0.0, 3600.0) == [Input(0.0)]


def test_short_thresholds_tell_inputs_again_and_again() -> None:
    told = follow(Person(0.0), 1.0, 0.0, 17.5)
    assert told == [
        *(Input(float(second)) for second in range(6)), Idle(5.0), Input(15.0), Input(16.0), Input(17.0)
    ]  # fmt: skip


def test_who_reads_touches_something_within_a_minute() -> None:
    person = Person(0.0)
    person.begin(Hands.READ, 100.0)
    assert follow(person, 60.0, 100.0, 1000.0) == [Input(100.0)]
    told = follow(person, 3.0, 100.0, 200.0)
    assert told == [Input(100.0), Idle(105.0), Input(145.0), Idle(145.0), Input(185.0), Idle(185.0)]


def test_who_watches_gives_no_input_but_a_click() -> None:
    person = Person(0.0)
    person.begin(Hands.WATCH, 100.0)
    assert follow(person, 300.0, 100.0, 1000.0) == [Input(100.0), Idle(105.0)]
    person.touch(500.0)
    assert (person.there, person.last(600.0), person.next_after(500.0)) == (True, 500.0, NEVER)


def test_an_absence_begins_with_the_last_input() -> None:
    person = Person(0.0)
    person.stand_up(12.0)  # in the pause that began at 5
    assert (person.there, person.last(400.0)) == (False, 5.0)
    assert follow(person, 300.0, 12.0, 1000.0) == [Input(5.0), Idle(5.0)]
    person.touch(1000.0)
    assert follow(person, 300.0, 1000.0, 1299.0) == [Input(1000.0)]


def test_the_first_input_after_an_absence_is_told_when_it_comes() -> None:
    person = Person(0.0)
    person.stand_up(0.0)
    source = SimulatedSource(person)
    source.watch(300.0, 0.0)
    assert source.tells_at(0.0) == 300.0
    assert source.tell(300.0) == Idle(0.0)
    assert source.tells_at(301.0) == NEVER
    person.begin(Hands.WORK, 500.0)
    assert source.tells_at(500.0) == 500.0
    assert source.tell(500.0) == Input(500.0)


@pytest.mark.parametrize("hands", [Hands.WORK, Hands.READ, Hands.WATCH])
@pytest.mark.parametrize("start", [0.0, 0.1, 1234.567, 604799.9])
def test_it_never_tells_in_circles(hands: Hands, start: float) -> None:
    person = Person(start)
    person.begin(hands, start)
    for threshold in (0.5, 1.0, 3.0, 5.0, 60.0):
        assert len(follow(person, threshold, start, start + 3600.0)) < 8000
