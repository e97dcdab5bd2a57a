"""The whole program on a session bus of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_daemon import short_directory
from life import Life
from notification_helpers import Desk, PrivateBus


@pytest.fixture
def home() -> Iterator[Path]:
    """A short place: the control socket's path must fit into 107 bytes."""
    with short_directory() as base:
        yield base


@pytest.fixture
def session(home: Path) -> Iterator[PrivateBus]:
    """A session bus of the test's own."""
    (home / "bus").mkdir()
    bus = PrivateBus(home / "bus" / "socket")
    bus.start()
    yield bus
    bus.end()


@pytest.fixture
def desk(session: PrivateBus) -> Iterator[Desk]:
    """Where fake notification servers come and go."""
    desk = Desk(session)
    yield desk
    desk.clear()


@pytest.fixture
def life(home: Path, session: PrivateBus) -> Iterator[Life]:
    """A home on that bus; nothing runs yet."""
    life = Life(home, session.address)
    yield life
    if life.process is not None and life.process.poll() is None:
        life.kill()
