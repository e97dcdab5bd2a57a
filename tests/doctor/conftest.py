"""A desktop whose parts the test decides on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from doctor_helpers import Person
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
def person(home: Path) -> Iterator[Person]:
    """Nora on a desktop without anything."""
    (home / "bin").mkdir()
    person = Person(Life(home, f"unix:path={home}/no-session-bus"), home / "bin")
    yield person
    process = person.life.process
    if process is not None and process.poll() is None:
        person.life.kill()
