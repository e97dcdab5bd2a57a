from collections.abc import Iterator
from pathlib import Path

import pytest
from support.notification_helpers import Desk, PrivateBus


@pytest.fixture
def session(tmp_path: Path) -> Iterator[PrivateBus]:
    """A session bus of the test's own, running."""
    bus = PrivateBus(tmp_path / "bus")
    bus.start()
    yield bus
    bus.end()


@pytest.fixture
def desk(session: PrivateBus) -> Iterator[Desk]:
    """A session bus on which fake notification servers come and go."""
    desk = Desk(session)
    yield desk
    desk.clear()
