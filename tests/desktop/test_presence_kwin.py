"""A real KWin: idle at the threshold, back at the first input, lost when it dies."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.helpers import eventually, patient, wait_until
from support.wayland_helpers import Kwin, Listener, idle_for, loss, serving, source_at

from neckguard.desktop.presence.wayland_seat import VERSION_1


@pytest.fixture
def kwin() -> Iterator[Kwin]:
    # Not tmp_path: nobody but its owner gets there, and KWin runs as somebody else.
    with tempfile.TemporaryDirectory() as folder:
        kwin = Kwin(Path(folder))
        try:
            wait_until(lambda: os.path.exists(kwin.path))
            yield kwin
        finally:
            kwin.die()


def test_kwin_tells_idleness_and_return(kwin: Kwin) -> None:
    told, source = Listener(), source_at(kwin.path)
    source.watch(2.0)

    async def life() -> str:
        async with serving(source, told) as task:
            await eventually(lambda: told.words == ["idle"])
            assert source.note == VERSION_1
            await idle_for(source, 0.8)  # it grows: not only what the notification counted to
            await kwin.move_pointer()
            await eventually(lambda: told.words == ["idle", "input"])
            assert await source.look() is None
            await eventually(lambda: told.words == ["idle", "input", "idle"])
            assert told.trace[2][1] == pytest.approx(1.0, abs=0.1)
            async with asyncio.timeout(patient(60)):
                while ("input", 1.5) not in told.trace:  # inputs go on
                    await kwin.move_pointer()
            kwin.die()
            return await loss(task)

    assert asyncio.run(life()) == "the connection to the Wayland display was lost"


def test_another_threshold_in_a_pause_leaves_the_last_input_where_it_was(kwin: Kwin) -> None:
    told, source = Listener(), source_at(kwin.path)
    source.watch(6.0)

    async def life() -> None:
        async with serving(source, told):
            await eventually(lambda: told.words == ["idle"])
            await kwin.move_pointer()
            await eventually(lambda: told.words == ["idle", "input"])
            await asyncio.sleep(2.0)  # they pause
            source.watch(3.0)
            await eventually(lambda: told.words == ["idle", "input", "input", "idle", "idle"])

    asyncio.run(life())
    assert [idle for _, idle in told.trace[2:]] == pytest.approx([2.0, 3.0, 6.0], abs=0.3)
