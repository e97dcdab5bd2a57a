"""What a plan never shows: claimed only where the real engine agrees."""

import random
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from support.virtual import TOPICS, plan, reminder

from neckguard.core.plan import Kind, Plan
from neckguard.core.reminders.always_covered import always_covered
from neckguard.preview.scenario import Scenario
from neckguard.preview.simulation import play

MORNING = datetime(2026, 11, 23, 6, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def minutes(posture: int, stretch: int, rest: int, eyes: int = 0, window: float = 300.0) -> Plan:
    reminders = [
        reminder("posture", posture * 60.0),
        reminder("stretch", stretch * 60.0),
        reminder("break", rest * 60.0),
    ]
    if eyes:
        reminders.append(reminder("eyes", eyes * 60.0, kind="stretch", duration=20.0))
    return plan(*reminders, merge_window=window)


def never_shown(settings: Plan) -> set[str]:
    """What the engine did not show in sixteen hours."""
    trace = play(Scenario(MORNING, 16 * 3600.0), settings, TOPICS)
    return {each.name for each in settings.reminders} - {name for name, count in trace.prompts if count}


@pytest.mark.parametrize(
    ("settings", "covered"),
    [
        (minutes(20, 40, 60), {}),
        (minutes(20, 40, 25), {"posture": "break", "stretch": "break"}),
        (minutes(20, 40, 40), {"stretch": "break"}),
        (minutes(20, 40, 60, eyes=20), {"posture": "eyes"}),
        (minutes(40, 50, 90, eyes=20), {"posture": "eyes"}),
        (minutes(20, 40, 25, window=0.0), {"stretch": "break"}),
    ],
)
def test_what_is_always_covered_has_the_name_of_the_one_that_covers_it(
    settings: Plan, covered: dict[str, str]
) -> None:
    assert always_covered(settings) == covered
    assert never_shown(settings) == set(covered)


def test_the_engine_never_shows_what_is_said_to_be_always_covered() -> None:
    """And nearly always the other way round: of what happens to meet at a border nothing is claimed."""
    chance, missed = random.Random(11), 0
    for _ in range(40):
        posture, stretch, rest = chance.choices((5, 8, 12, 15, 20, 24, 26, 30, 35, 40, 45, 60, 75), k=3)
        settings = minutes(
            posture, stretch, rest, eyes=chance.choice((0, 10, 20)), window=chance.choice((60.0, 300.0))
        )
        claimed, real = set(always_covered(settings)), never_shown(settings)
        assert claimed <= real, (posture, stretch, rest)
        missed += claimed != real
    assert missed <= 4


def test_notes_at_times_and_what_is_off_cover_nothing_and_are_not_covered() -> None:
    walk = reminder("walk", None, kind="break", at=("12:00",), duration=1800.0)
    off = reminder("break", 1200.0, enabled=False)
    tea = reminder("tea", 1200.0)
    assert always_covered(plan(reminder("posture", 1200.0), walk, off, tea)) == {}


def test_the_persons_own_break_covers_and_is_never_covered() -> None:
    own = reminder("lunch", 1200.0, kind=Kind.BREAK, duration=600.0, reset_after=None)
    assert always_covered(plan(reminder("posture", 1200.0), reminder("break", 1200.0), own)) == {
        "posture": "lunch",
        "break": "lunch",
    }


def test_absurd_spans_are_judged_soon() -> None:
    assert always_covered(plan(reminder("posture", 1.0), reminder("stretch", 86400.0 * 30))) == {}


def test_of_more_reminders_than_anyone_looks_over_nothing_is_claimed() -> None:
    settings = minutes(20, 40, 25)
    own = [reminder(f"own_{number}", 7200.0, kind="note") for number in range(98)]
    assert always_covered(plan(*settings.reminders, *own[:97])) == {"posture": "break", "stretch": "break"}
    assert always_covered(plan(*settings.reminders, *own)) == {}
