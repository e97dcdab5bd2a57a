"""Faults dealt at random to the real program: for a few seconds a family, or as long as is asked for."""

from pathlib import Path

import pytest
from support.chance import SECONDS, Chance
from support.desk_fixtures import desk, dunst, home, life, session
from support.helpers import patient

__all__ = ["desk", "dunst", "home", "life", "session"]

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that goes on for longer may take longer."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.timeout(patient(120) + 2 * SECONDS))


@pytest.fixture
def chance() -> Chance:
    """What the faults are drawn from; the seed is told where a test fails."""
    return Chance()
