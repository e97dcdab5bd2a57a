"""What the sources of quiet reasons pass on to the engine."""

import asyncio

from support.virtual import plan

from neckguard.core.events import Event, QuietChanged
from neckguard.core.model import QuietReason
from neckguard.daemon.outside import QuietSources
from neckguard.desktop.bus.bus import Bus

ASKED = [QuietReason.CALL, QuietReason.PRESENTING, QuietReason.FULLSCREEN, QuietReason.PROGRAM]


def test_what_is_off_is_told_once_as_an_earlier_life_may_have_left_it_on() -> None:
    told: list[Event] = []

    async def look_twice() -> None:
        sources = QuietSources(Bus("test", str), told.append)
        sources.configure(plan(calls=False, presenting=False).quiet)
        following = asyncio.create_task(sources.run())
        for _ in range(2):
            await sources.look()
        following.cancel()

    asyncio.run(look_twice())
    assert sorted(told, key=str) == sorted((QuietChanged(each, "") for each in ASKED), key=str)
