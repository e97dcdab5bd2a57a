"""The notifier with a real dunst on a real X server."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from support.dunst_helpers import Dunst, x_server
from support.helpers import eventually, need
from support.notification_helpers import NAME, POSTURE, PrivateBus, Work, at_work

from neckguard.core.events import Answered, Closed, Delivered, NotifierChanged
from neckguard.core.model import Card
from neckguard.desktop.notify import server as notify_server

READY = NotifierChanged(ready=True, keeps=False, smooth=True)
GONE = NotifierChanged(ready=False, keeps=False)
DELIVERED = Delivered(POSTURE.key)


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with x_server() as name:
        yield name


@pytest.fixture
def dunst(session: PrivateBus, display: str, tmp_path: Path) -> Iterator[Dunst]:
    need("dunst", "dunstctl")
    dunst = Dunst(session, display, tmp_path)
    yield dunst
    dunst.kill()


async def showing(work: Work, card: Card = POSTURE) -> None:
    await work.told(READY)
    work.notifier.show(card)
    await work.told(DELIVERED)


def test_a_card_is_shown_replaced_and_hidden(session: PrivateBus, dunst: Dunst) -> None:
    async def story() -> None:
        dunst.start()
        async with at_work(session.address) as work:
            await eventually(lambda: work.notifier.status()["ok"])
            work.events.clear()
            work.notifier.show(POSTURE)
            work.notifier.show(replace(POSTURE, key="another", title="Drink"))
            await work.told(DELIVERED, Delivered("another"))
            await dunst.shows(2)
            work.notifier.show(replace(POSTURE, title="Ease your neck"))
            await work.told(DELIVERED)
            await dunst.shows(2)
            work.notifier.hide(POSTURE.key)
            await dunst.shows(1)
            await work.notifier.close()
            await dunst.shows(0)
            status = work.notifier.status()
            assert (status["server"].split()[0], status["actions"], work.events) == ("dunst", True, [])

    asyncio.run(story())


@pytest.mark.parametrize("action", ["done", "skip"])
def test_a_chosen_button_answers(action: str, session: PrivateBus, dunst: Dunst) -> None:
    async def story() -> None:
        async with at_work(session.address) as work:
            await work.told(GONE)
            dunst.start()
            await showing(work)
            await dunst.choose(action)
            await work.told(Answered(POSTURE.key, action))
            await dunst.shows(0)
            await work.quiet()

    asyncio.run(story())


def test_a_click_on_the_body_is_the_default_action(session: PrivateBus, dunst: Dunst) -> None:
    async def story() -> None:
        async with at_work(session.address) as work:
            await work.told(GONE)
            dunst.start()
            await showing(work)
            await dunst.do("action", "0")
            await work.told(Answered(POSTURE.key, "default"))
            await dunst.shows(0)

    asyncio.run(story())


@pytest.mark.parametrize("by", ["menu", "click"])
def test_a_guide_takes_the_place_of_what_was_answered_and_shows_how_far_it_is(
    by: str, session: PrivateBus, dunst: Dunst
) -> None:
    step = replace(POSTURE, title="Left side", kind="guide", resident=True, silent=True, progress=40)

    async def story() -> None:
        async with at_work(session.address) as work:
            await work.told(GONE)
            dunst.start()
            await showing(work, replace(POSTURE, resident=True))
            ((*_, number),) = work.notifier.remembered()
            await (dunst.choose("done") if by == "menu" else dunst.do("action", "0"))
            await work.told(Answered(POSTURE.key, "done" if by == "menu" else "default"))
            await dunst.shows(1)
            for card in (replace(step, progress=20), step):
                work.notifier.show(card)
                await work.told(DELIVERED)
            await dunst.shows(1)
            assert await dunst.shown_so_far() == [(number, "Left side", 40)]

    asyncio.run(story())


def test_a_guide_that_is_closed_stays_closed_though_its_next_step_comes(
    session: PrivateBus, dunst: Dunst
) -> None:
    step = replace(POSTURE, title="Left side", kind="guide", resident=True, silent=True, progress=20)

    async def story() -> None:
        async with at_work(session.address) as work:
            await work.told(GONE)
            dunst.start()
            await showing(work, step)
            await dunst.do("close")
            work.notifier.show(replace(step, progress=40))
            await work.told(Closed(POSTURE.key, expired=False))
            await dunst.shows(0)

    asyncio.run(story())


def test_a_timer_that_rings_is_critical(session: PrivateBus, dunst: Dunst) -> None:
    async def story() -> None:
        async with at_work(session.address) as work:
            await work.told(GONE)
            dunst.start()
            await showing(work, replace(POSTURE, title="Time is up", kind="timer", urgent=True))
            await dunst.shows(1)
            ((*_, number),) = work.notifier.remembered()
            assert not work.notifier.sounds  # so we ring ourselves
            assert await dunst.shown_so_far() == [(number, "critical: Time is up", -1)]

    asyncio.run(story())


def test_a_card_that_is_closed_is_dismissed(session: PrivateBus, dunst: Dunst) -> None:
    async def story() -> None:
        async with at_work(session.address) as work:
            await work.told(GONE)
            dunst.start()
            await showing(work)
            await dunst.do("close")
            await work.told(Closed(POSTURE.key, expired=False))

    asyncio.run(story())


def test_killed_and_started_again_it_shows_the_next_card(session: PrivateBus, dunst: Dunst) -> None:
    async def story() -> None:
        async with at_work(session.address) as work:
            await work.told(GONE)
            dunst.start()
            await showing(work)
            dunst.kill()
            await work.told(GONE)
            dunst.start()
            await showing(work)
            await dunst.shows(1)

    asyncio.run(story())


def test_a_stopped_dunst_shows_one_card_when_it_goes_on(
    session: PrivateBus, dunst: Dunst, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify_server, "PATIENCE", 0.05)

    async def story() -> None:
        async with at_work(session.address) as work:
            await work.told(GONE)
            dunst.start()
            await work.told(READY)
            dunst.signal(signal.SIGSTOP)
            work.notifier.show(POSTURE)
            work.notifier.show(replace(POSTURE, key="hidden", title="Drink"))
            await eventually(lambda: "dunst has not answered since" in work.notifier.status()["problem"])
            work.notifier.hide("hidden")
            dunst.signal(signal.SIGCONT)
            await work.told(DELIVERED)
            await dunst.shows(1)
            assert work.notifier.status()["ok"]

    asyncio.run(story())


def test_the_bus_starts_dunst_for_us(session: PrivateBus, dunst: Dunst) -> None:
    pid = dunst.folder / "pid"
    start = f"echo $$ > {pid}; exec dunst -conf {dunst.config}"
    script = dunst.folder / "start"
    script.write_text(f"#!/bin/sh\nexport DISPLAY={dunst.environment['DISPLAY']}\n{start}\n")
    script.chmod(0o755)
    (session.services / "dunst.service").write_text(f"[D-BUS Service]\nName={NAME}\nExec={script}\n")
    session.end()
    session.start()

    async def story() -> None:
        async with at_work(session.address) as work:
            await eventually(lambda: work.notifier.status()["ok"])
            assert not pid.exists()
            work.notifier.show(POSTURE)
            await eventually(lambda: Delivered(POSTURE.key) in work.events)
            await dunst.shows(1)

    try:
        asyncio.run(story())
    finally:
        with suppress(ProcessLookupError, FileNotFoundError):
            os.kill(int(pid.read_text()), signal.SIGKILL)
