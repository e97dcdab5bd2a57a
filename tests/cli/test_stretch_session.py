"""What a guided session says when, in virtual time."""

from dataclasses import replace

import pytest

from neckguard.cli.stretch.guide import Keys, guide
from neckguard.cli.stretch.session import Cue, Session, cues
from neckguard.content import loader
from neckguard.core import Ease

BY_ID = {each.id: each for each in loader.load_stretches()}
TURN = "Turn your ribcage to the {}; your head follows your chest. Hold."
TWIST = (
    Cue("Sit tall, feet flat or supported, hands on your thighs.", 7),
    Cue(TURN.format("left"), 12, "left side", 1),
    Cue("Come back to the middle.", 2, "left side", 1),
    Cue("Now the right side.", 5),
    Cue(TURN.format("right"), 12, "right side", 1),
    Cue("Come back to the middle.", 2, "right side", 1),
)


def test_a_session_is_the_whole_dose_with_time_to_get_ready_and_to_change_sides() -> None:
    assert cues(BY_ID["seated-twist"], Ease.NONE) == TWIST


def test_repetitions_are_counted() -> None:
    assert cues(BY_ID["wall-angel"], Ease.NONE)[1:4] == (
        Cue("Slide your arms up the wall.", 3, "1 of 8", 1),
        Cue("Slide them down.", 2, "1 of 8", 1),
        Cue("Slide your arms up the wall.", 3, "2 of 8", 2),
    )


def test_what_has_to_be_got_ready_on_the_other_side_is_said_again() -> None:
    assert cues(BY_ID["upper-trap"], Ease.NONE)[5] == Cue(
        "Now the right side. Hold the seat with your right hand and sit tall.", 8
    )


def test_nothing_is_held_where_a_movement_is_eased_or_only_waits() -> None:
    assert [cue.text for cue in cues(BY_ID["nod"], Ease.TINY) if "Hold" in cue.text] == []
    assert [cue.text for cue in cues(BY_ID["eye-reset"], Ease.NONE) if "Hold" in cue.text] == []


def test_each_set_after_the_first_is_announced() -> None:
    twice = cues(replace(BY_ID["shrug-drop"], sets=2), Ease.NONE)
    half = len(twice) // 2
    assert [cue.where for cue in twice[half : half + 2]] == ["set 2 of 2", "set 2 of 2, 1 of 5"]
    assert [replace(cue, where="") for cue in twice[half:]] == [
        replace(cue, where="") for cue in twice[:half]
    ]


@pytest.mark.parametrize("stretch", BY_ID.values(), ids=BY_ID)
@pytest.mark.parametrize("ease", list(Ease))
def test_every_stretch_of_the_catalogue_can_be_guided(stretch: object, ease: Ease) -> None:
    found = cues(stretch, ease)  # type: ignore[arg-type] # pytest hides the type
    assert all(cue.text.endswith(".") and "{" not in cue.text and cue.seconds > 0 for cue in found)


class Typed(Keys):
    """Keys at given times of a clock that only goes on while somebody waits for a key."""

    def __init__(self, *presses: tuple[float, str], late: float = 0.0) -> None:
        super().__init__()
        self.now = 0.0
        self.waits = 0
        self.late = late
        self.presses = list(presses)

    def clock(self) -> float:
        return self.now

    def wait(self, seconds: float) -> list[str]:
        assert 0 < seconds <= 1
        self.waits += 1
        at, keys = self.presses[0] if self.presses else (float("inf"), "")
        if at <= self.now + seconds:
            self.presses.pop(0)
            self.now = max(self.now, at)
            return list(keys) or [""]
        self.now += seconds + self.late
        return []


class Trace:
    """When something else was to be seen: the time, the number of the cue, and whether it stood still."""

    def __init__(self, keys: Typed) -> None:
        self.keys = keys
        self.seen: list[tuple[float, int, str]] = []

    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...
    def show(self, session: Session) -> None:
        state = "paused" if session.paused else "on" if session.started else "waiting"
        if not self.seen or self.seen[-1][1:] != (session.index, state):
            self.seen.append((round(self.keys.now, 3), session.index, state))


def run(keys: Typed) -> tuple[bool, Session, list[tuple[float, int, str]]]:
    session, trace = Session(TWIST), Trace(keys)
    return guide(session, trace, keys), session, trace.seen


def test_it_waits_for_the_person_and_then_goes_by_itself() -> None:
    ended, session, seen = run(Typed((30, " ")))
    assert (ended, session.moved) == (True, True)
    assert seen == [
        (0, 0, "waiting"),
        (30, 0, "on"),
        (37, 1, "on"),
        (49, 2, "on"),
        (51, 3, "on"),
        (56, 4, "on"),
        (68, 5, "on"),
    ]


def test_space_stops_the_time_and_lets_it_go_on() -> None:
    assert run(Typed((0, "\n"), (10.5, " "), (500, " "), (501, "q")))[2] == [
        (0, 0, "waiting"),
        (0, 0, "on"),
        (7, 1, "on"),
        (10.5, 1, "paused"),
        (500, 1, "on"),
    ]


def test_n_goes_to_the_next_step_also_out_of_a_pause() -> None:
    assert run(Typed((1, "N"), (2, "n"), (3, " "), (4, "nn"), (5, "q")))[2] == [
        (0, 0, "waiting"),
        (1, 0, "on"),
        (2, 1, "on"),
        (3, 1, "paused"),
        (4, 3, "on"),
    ]


def test_passing_over_all_of_it_is_not_having_done_it() -> None:
    ended, session, _ = run(Typed((1, "nnnnnnnnnnnn")))
    assert (ended, session.moved) == (True, False)


@pytest.mark.parametrize("key", ["q", "Q", "\x04", ""])
def test_q_and_the_end_of_input_end_it(key: str) -> None:
    keys = Typed((0, " "), (19, key))
    ended, session, _ = run(keys)
    assert (ended, session.index, keys.now) == (False, 2, 19)


def test_other_keys_do_nothing() -> None:
    assert run(Typed((1, "x?7"), (2, "q")))[2] == [(0, 0, "waiting")]


def test_time_in_which_the_process_was_stopped_is_no_stretching() -> None:
    keys = Typed((0, " "), late=3600)
    ended, session, seen = run(keys)
    assert ended
    assert len(seen) == 1 + len(TWIST)
    assert keys.waits >= session.total / 2


def test_a_pause_costs_one_look_a_second() -> None:
    keys = Typed((0, " "), (6.999, " "), (1000, "q"))
    run(keys)
    assert keys.waits < 1020


def test_what_is_left_counts_down_to_nothing() -> None:
    session = Session(TWIST)
    assert (session.total, session.total_left) == (40, 40)
    session.go_on()
    session.pass_time(3)
    assert (session.left, session.total_left) == (4, 37)


def test_repetitions_of_a_strength_exercise_are_counted_as_they_are_over() -> None:
    session = Session(cues(BY_ID["band-raise"], Ease.NONE))
    assert [cue.where for cue in session.cues[:4]] == ["", "number 1", "number 1", "number 2"]
    assert session.total - session.cue.seconds == 120
    counted = []
    session.go_on()
    while not session.over:
        counted.append(session.reps)
        session.pass_time(session.left)
    assert counted[:6] == [0, 0, 0, 1, 1, 2]
    assert session.reps == 30
