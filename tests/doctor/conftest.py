"""A desktop whose parts the test decides on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.desk_fixtures import desk, dunst, home, session
from support.doctor_helpers import Person
from support.life import Life

__all__ = ["desk", "dunst", "home", "person", "session"]


@pytest.fixture
def person(home: Path) -> Iterator[Person]:
    """Nora on a desktop without anything."""
    (home / "bin").mkdir()
    person = Person(Life(home, f"unix:path={home}/no-session-bus"), home / "bin")
    yield person
    process = person.life.process
    if process is not None and process.poll() is None:
        person.life.kill()
