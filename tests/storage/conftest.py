"""No test leaves a history open."""

from collections.abc import Iterator

import pytest
from support.history_helpers import crash


@pytest.fixture(autouse=True)
def _closed_histories() -> Iterator[None]:
    yield
    crash()
