"""A home, a session bus and notification servers of a test's own, for every folder that needs them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.dunst_helpers import Dunst, x_server
from support.fake_daemon import short_directory
from support.helpers import need
from support.life import Life
from support.notification_helpers import Desk, PrivateBus


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
def life(home: Path, session: PrivateBus) -> Iterator[Life]:
    """A home on that bus; nothing runs yet."""
    life = Life(home, session.address)
    yield life
    if life.process is not None and life.process.poll() is None:
        life.kill()


@pytest.fixture
def desk(session: PrivateBus) -> Iterator[Desk]:
    """Where fake notification servers come and go."""
    desk = Desk(session)
    yield desk
    desk.clear()


@pytest.fixture
def dunst(session: PrivateBus, tmp_path: Path) -> Iterator[Dunst]:
    """The real dunst on that bus, in an X server of its own."""
    need("dunst", "dunstctl")
    with x_server() as display:
        dunst = Dunst(session, display, tmp_path)
        dunst.start()
        yield dunst
        dunst.kill()
