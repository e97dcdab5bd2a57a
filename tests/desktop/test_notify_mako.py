"""The notifier with a real mako on a real compositor."""

import asyncio
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from support.dnd_helpers import do, running, sway
from support.helpers import eventually, need
from support.notification_helpers import POSTURE, PrivateBus, at_work

from neckguard.core.events import Answered, Closed, Delivered, NotifierChanged

DELIVERED = Delivered(POSTURE.key)
STEP = replace(POSTURE, title="Left side", kind="guide", resident=True, silent=True, progress=40)
READY = NotifierChanged(ready=True, keeps=False, smooth=True)


def test_a_guide_takes_the_place_of_what_was_answered(session: PrivateBus) -> None:
    need("mako", "makoctl", "busctl")

    async def story(environment: Mapping[str, str]) -> None:
        async with at_work(session.address) as work:
            with running(environment, "mako"):
                await eventually(lambda: READY in work.events)
                work.events.clear()
                work.notifier.show(replace(POSTURE, resident=True))
                await work.told(DELIVERED)
                await do(environment, "makoctl", "invoke", "done")
                await work.told(Answered(POSTURE.key, "done"))
                for card in (replace(STEP, progress=20), STEP):
                    work.notifier.show(card)
                    await work.told(DELIVERED)
                assert not work.notifier.sounds
                assert await shown(environment) == [(1, "Left side")]

    with sway() as wayland:
        asyncio.run(story({**wayland, "DBUS_SESSION_BUS_ADDRESS": session.address}))


def test_a_guide_that_is_closed_stays_closed_though_its_next_step_comes(session: PrivateBus) -> None:
    need("mako", "makoctl", "busctl")

    async def story(environment: Mapping[str, str]) -> None:
        async with at_work(session.address) as work:
            with running(environment, "mako"):
                await eventually(lambda: READY in work.events)
                work.events.clear()
                work.notifier.show(STEP)
                await work.told(DELIVERED)
                await do(environment, "makoctl", "dismiss")
                work.notifier.show(replace(STEP, progress=60))
                await work.told(Closed(POSTURE.key, expired=False))
                assert await shown(environment) == []

    with sway() as wayland:
        asyncio.run(story({**wayland, "DBUS_SESSION_BUS_ADDRESS": session.address}))


async def shown(environment: Mapping[str, str]) -> list[tuple[int, str]]:
    """Id and title of what is on the screen, asked on the bus: versions of makoctl print it differently."""
    service = "org.freedesktop.Notifications", "/fr/emersion/Mako", "fr.emersion.Mako"
    command = "busctl", "-j", "--user", "call", *service, "ListNotifications"
    child = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **environment}, stdout=subprocess.PIPE
    )
    listed: list[dict[str, Any]] = json.loads((await child.communicate())[0])["data"][0]
    return [(note["id"]["data"], note["summary"]["data"]) for note in listed]
