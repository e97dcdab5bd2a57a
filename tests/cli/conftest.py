"""A person at a terminal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.terminal import Home, terminal_home

from neckguard.core.plan import Answers
from neckguard.storage.health import save_answers


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Their home, and the daemon in it."""
    with terminal_home(tmp_path) as home:
        yield home


@pytest.fixture
def known(home: Home) -> Home:
    """Somebody who answered the health questions before."""
    save_answers(str(home.state), Answers(needs=(), stable_chair=True))
    return home
