"""The whole program on a session bus of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.desk_fixtures import desk, dunst, home, session
from support.life import Life
from support.notification_helpers import PrivateBus

__all__ = ["desk", "dunst", "home", "life", "session"]


@pytest.fixture
def life(home: Path, session: PrivateBus) -> Iterator[Life]:
    """A home on that bus; nothing runs yet."""
    life = Life(home, session.address)
    yield life
    if life.process is not None and life.process.poll() is None:
        life.kill()
