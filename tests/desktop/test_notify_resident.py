"""Cards that stay on the screen after an answer, on servers that heed `resident` and on those that do not."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from support.helpers import eventually
from support.notification_helpers import (
    POSTURE,
    Desk,
    Work,
    another_is_closed,
    at_work,
    goes_on_with,
    showing,
)

from neckguard.core.events import Answered, Closed, Delivered
from neckguard.desktop.notify import on_screen

CARD = replace(POSTURE, resident=True)
KEY = CARD.key
STEP = replace(CARD, title="Left side, 1 of 2", kind="guide", silent=True, lasting=True)
NEXT = replace(STEP, title="Left side, 2 of 2")
DONE, SKIP, DELIVERED = Answered(KEY, "done"), Answered(KEY, "skip"), Delivered(KEY)


def test_what_follows_an_answer_stands_in_its_place(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, CARD)
            work.react = goes_on_with(work, STEP)
            server.act(1, "done")
            await work.told(DONE, DELIVERED)
            assert [note[1] for note in server.notes] == [0, 1]
            assert (server.shown, server.closed) == ({1: STEP.title}, [])

    asyncio.run(story())


def test_an_answer_alone_takes_nothing_off_the_screen_and_hiding_does(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, CARD)
            server.act(1, "done")
            await work.told(DONE)
            await work.quiet()
            assert (server.shown, server.closed) == ({1: CARD.title}, [])
            work.notifier.hide(KEY)
            await eventually(lambda: server.closed == [1])
            await work.quiet()

    asyncio.run(story())


def test_a_second_click_is_not_heard_until_something_else_is_on_the_screen(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, CARD)
            server.act(1, "done")
            server.act(1, "skip")
            await work.told(DONE)
            await work.quiet()
            server.answers.clear()
            work.notifier.show(STEP)
            await eventually(lambda: len(server.notes) == 2)
            server.act(1, "skip")  # the step is on its way, so this is still the old one
            await work.quiet()
            server.answers.set()
            await work.told(DELIVERED)
            server.act(1, "skip")
            await work.told(SKIP)

    asyncio.run(story())


def test_an_answer_while_a_step_is_on_its_way_counts_once(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, STEP)
            server.answers.clear()
            work.notifier.show(NEXT)
            await eventually(lambda: len(server.notes) == 2)
            server.act(1, "done")
            server.act(1, "skip")
            await work.told(DONE)
            await work.quiet()
            server.answers.set()
            await work.told(DELIVERED)
            server.act(1, "skip")
            await work.quiet()
            work.notifier.show(STEP)
            await work.told(DELIVERED)
            server.act(1, "skip")
            await work.told(SKIP)

    asyncio.run(story())


def test_the_card_that_is_on_its_way_can_be_what_an_answer_asks_for(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, CARD)
            server.answers.clear()
            work.notifier.show(STEP)
            await eventually(lambda: len(server.notes) == 2)
            work.react = goes_on_with(work, replace(STEP))
            server.act(1, "done")
            await work.told(DONE)
            server.answers.set()
            await work.told(DELIVERED)
            server.act(1, "skip")
            await work.told(SKIP, DELIVERED)

    asyncio.run(story())


# ---- servers that close what was answered -----------------------------------------------------------------


def closes_after(work: Work, act: Callable[[], None], dismiss: Callable[[], None]) -> None:
    act()
    dismiss()


def closes_before(work: Work, act: Callable[[], None], dismiss: Callable[[], None]) -> None:
    dismiss()
    act()


@pytest.mark.parametrize("closes", [closes_after, closes_before])
def test_what_follows_is_one_notification_and_no_closing_is_told(
    closes: Callable[..., None], desk: Desk
) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, CARD)
            work.react = goes_on_with(work, STEP)
            closes(work, lambda: server.act(1, "done"), lambda: server.dismiss(1))
            await work.told(DONE, DELIVERED)
            await another_is_closed(server, work)
            assert list(server.shown.values()) == [STEP.title]

    asyncio.run(story())


def test_what_is_closed_by_an_answer_while_the_next_card_is_on_its_way_goes_on(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, CARD)
            server.act(1, "done")
            await work.told(DONE)
            server.answers.clear()
            work.notifier.show(STEP)
            await eventually(lambda: len(server.notes) == 2)
            server.dismiss(1)
            await work.quiet()
            server.answers.set()
            await work.told(DELIVERED)
            server.act(1, "skip")
            await work.told(SKIP)

    asyncio.run(story())


@pytest.mark.parametrize("closes", [closes_after, closes_before])
def test_what_was_answered_and_closed_is_forgotten_if_nothing_follows(
    closes: Callable[..., None], desk: Desk
) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, CARD)
            closes(work, lambda: server.act(1, "done"), lambda: server.dismiss(1))
            await work.told(DONE)
            await another_is_closed(server, work)
            assert (work.notifier.remembered(), server.closed) == ((), [])
            await showing(work, STEP)
            assert [note[1] for note in server.notes] == [0, 0, 0]

    asyncio.run(story())


def test_what_is_closed_late_and_in_the_place_of_the_answered_card_comes_back(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, CARD)
            work.react = goes_on_with(work, STEP)
            server.act(1, "done")
            await work.told(DONE, DELIVERED)
            server.dismiss(1)
            await work.told(DELIVERED)
            await another_is_closed(server, work)
            assert [note[1] for note in server.notes] == [0, 1, 0, 0]
            assert server.shown == {2: STEP.title}

    asyncio.run(story())


def test_what_is_closed_longer_after_an_answer_is_dismissed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_screen, "ANSWER_MAY_FOLLOW", 0.0)

    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, CARD)
            work.react = goes_on_with(work, STEP)
            server.act(1, "done")
            await work.told(DONE, DELIVERED)
            server.dismiss(1)
            await work.told(Closed(KEY, expired=False))

    asyncio.run(story())


# ---- what is saved ----------------------------------------------------------------------------------------


def test_the_steps_of_a_guide_leave_nothing_new_to_save(desk: Desk) -> None:
    async def story() -> None:
        desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, CARD)
            before = len(work.saved)
            for card in (STEP, NEXT, STEP):
                work.notifier.show(card)
                await work.told(DELIVERED)
            assert len(work.saved) == before

    asyncio.run(story())
