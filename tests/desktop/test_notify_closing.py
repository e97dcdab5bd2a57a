"""Closing a guide whose next step comes at that very moment, as on servers that get one each second."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from support.helpers import eventually
from support.notification_helpers import (
    POSTURE,
    Desk,
    FakeServer,
    Work,
    another_is_closed,
    at_work,
    goes_on_with,
    showing,
)

from neckguard.core.events import Answered, Closed, Delivered
from neckguard.desktop.notify import on_screen

STEP = replace(
    POSTURE, title="Left side, 1 of 2", kind="guide", resident=True, silent=True, lasting=True, progress=40
)
NEXT = replace(STEP, title="Left side, 2 of 2")
END = replace(STEP, title="Done", resident=False)
KEY = STEP.key
CLOSED, DONE, DELIVERED = Closed(KEY, expired=False), Answered(KEY, "done"), Delivered(KEY)
EXPIRED = 1

both_ways_of_ids = pytest.mark.parametrize("reuses_ids", [True, False])


async def closed_just_now(server: FakeServer, work: Work, reason: int = 2) -> None:
    """The person closed it, and an answer may still follow."""
    server.dismiss(1, reason)
    await eventually(lambda: work.notifier._desktop._cards[KEY].closing)


async def closed_on_its_way(server: FakeServer, work: Work, reason: int = 2) -> None:
    """The person closes it after the next step was sent, and before the server has read that."""
    server.answers.clear()
    work.notifier.show(NEXT)
    await eventually(lambda: len(server.notes) == 2)
    server.dismiss(1, reason)
    await work.quiet()


# ---- the next step comes just after the closing -----------------------------------------------------------


def test_a_step_just_after_the_closing_does_not_bring_the_guide_back(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, STEP)
            await closed_just_now(server, work)
            work.notifier.show(NEXT)
            await work.told(CLOSED)
            await another_is_closed(server, work)
            assert server.titles == [STEP.title, POSTURE.title]
            assert work.notifier.remembered() == work.saved[-1] == ()

    asyncio.run(story())


def test_an_answer_after_the_closing_and_a_step_counts(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, STEP)
            await closed_just_now(server, work)
            work.notifier.show(NEXT)
            work.react = goes_on_with(work, END)
            server.act(1, "done")
            await work.told(DONE, DELIVERED)
            await another_is_closed(server, work)
            assert server.titles == [STEP.title, END.title, POSTURE.title]
            assert list(server.shown.values()) == [END.title]

    asyncio.run(story())


def test_what_is_hidden_after_the_closing_and_a_step_tells_nothing(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, STEP)
            await closed_just_now(server, work)
            work.notifier.show(NEXT)
            work.notifier.hide(KEY)
            await another_is_closed(server, work)
            assert server.titles == [STEP.title, POSTURE.title]

    asyncio.run(story())


def test_what_only_ran_out_of_time_comes_back_with_the_next_step(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, STEP)
            await closed_just_now(server, work, EXPIRED)
            work.notifier.show(NEXT)
            await work.told(DELIVERED)
            await another_is_closed(server, work)
            assert list(server.shown.values()) == [NEXT.title]

    asyncio.run(story())


# ---- the next step is on its way when the closing comes ---------------------------------------------------


@both_ways_of_ids
def test_a_step_on_its_way_is_taken_off_again(reuses_ids: bool, desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        server.reuses_ids = reuses_ids
        async with at_work(desk.bus.address) as work:
            await showing(work, STEP)
            await closed_on_its_way(server, work)
            work.notifier.show(STEP)  # and yet another one
            server.answers.set()
            await work.told(CLOSED)
            assert (server.titles, server.shown) == ([STEP.title, NEXT.title], {})
            await another_is_closed(server, work)
            assert work.notifier.remembered() == work.saved[-1] == ()

    asyncio.run(story())


@both_ways_of_ids
def test_a_step_that_is_on_its_way_for_long_is_taken_off_when_it_comes(
    reuses_ids: bool, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_screen, "ANSWER_MAY_FOLLOW", 0.0)

    async def story() -> None:
        server = desk.server()
        server.reuses_ids = reuses_ids
        async with at_work(desk.bus.address) as work:
            await showing(work, STEP)
            server.answers.clear()
            work.notifier.show(NEXT)
            await eventually(lambda: len(server.notes) == 2)
            server.dismiss(1)
            await work.told(CLOSED)
            server.answers.set()
            await eventually(lambda: server.closed == [1 if reuses_ids else 2])
            await another_is_closed(server, work)
            assert server.shown == {}

    asyncio.run(story())


@both_ways_of_ids
@pytest.mark.parametrize("late", [False, True])
def test_an_answer_after_the_closing_counts_before_and_after_the_step_has_come(
    late: bool, reuses_ids: bool, desk: Desk
) -> None:
    async def story() -> None:
        server = desk.server()
        server.reuses_ids = reuses_ids
        async with at_work(desk.bus.address) as work:
            await showing(work, STEP)
            work.react = goes_on_with(work, END)
            await closed_on_its_way(server, work)
            if late:
                server.answers.set()
                await eventually(lambda: server.closed)
            server.act(1, "done")
            await eventually(lambda: DONE in work.events)
            server.answers.set()
            await work.told(DONE, DELIVERED)
            await another_is_closed(server, work)
            assert list(server.shown.values()) == [END.title]

    asyncio.run(story())


@both_ways_of_ids
def test_an_answer_while_the_step_is_being_taken_off_can_ask_for_that_very_step(
    reuses_ids: bool, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        server = desk.server()
        server.reuses_ids = reuses_ids
        take_off = server._CloseNotification

        def answer_first(number: int) -> Any:
            server.act(1, "done")
            return take_off(number)

        monkeypatch.setattr(server, "_CloseNotification", answer_first)
        async with at_work(desk.bus.address) as work:
            await showing(work, STEP)
            work.react = goes_on_with(work, replace(NEXT))
            await closed_on_its_way(server, work)
            server.answers.set()
            await work.told(DONE, DELIVERED)
            assert list(server.shown.values()) == [NEXT.title]

    asyncio.run(story())


def test_a_step_that_the_server_refuses_after_the_closing_is_not_missed(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, STEP)
            server.error = "org.example.Gone"
            await closed_on_its_way(server, work)
            server.answers.set()
            await work.told(CLOSED)
            server.error = ""
            await another_is_closed(server, work)

    asyncio.run(story())


@both_ways_of_ids
def test_a_step_on_its_way_stays_if_the_old_one_only_ran_out_of_time(reuses_ids: bool, desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        server.reuses_ids = reuses_ids
        async with at_work(desk.bus.address) as work:
            await showing(work, STEP)
            await closed_on_its_way(server, work, EXPIRED)
            server.answers.set()
            await work.told(DELIVERED)
            await another_is_closed(server, work)
            assert list(server.shown.values()) == [NEXT.title]

    asyncio.run(story())


def test_what_we_close_ourselves_is_not_closed_by_the_person(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, STEP)
            server.answers.clear()
            work.notifier.hide(KEY)
            await work.quiet()  # CloseNotification is on its way
            work.notifier.show(NEXT)
            server.answers.set()
            await work.told(DELIVERED)
            await another_is_closed(server, work)
            assert (list(server.shown.values()), server.closed) == ([NEXT.title], [1])

    asyncio.run(story())


# ---- servers that leave a popup where it is ----------------------------------------------------------------


def test_what_is_hidden_leaves_the_screen_of_a_server_that_withdraws_no_popup(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server(name="Notification Daemon")
        async with at_work(desk.bus.address) as work:
            await showing(work)
            server.shown.clear()  # it went meanwhile: what lets its popup go is a new notification
            server.reuses_ids = False
            work.notifier.hide(KEY)
            await eventually(lambda: server.closed)
            assert server.notes[1:] == [("neckguard", 1, "", "", "", [], {}, 1)]
            assert server.closed == [2]
            await work.quiet()

    asyncio.run(story())
