"""The notifier on a real bus, with a notification server that does as it is told."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, new_signal
from support.helpers import eventually
from support.notification_helpers import (
    FULL,
    NAME,
    PATH,
    POSTURE,
    SETTINGS,
    Desk,
    PrivateBus,
    Work,
    another_is_closed,
    at_work,
    showing,
)

from neckguard.core.events import Answered, Closed, Delivered, NotifierChanged, Undelivered
from neckguard.core.model import Card
from neckguard.desktop.notify import server as notify_server

KEY = POSTURE.key
EXPIRED = 1
READY, KEEPING = NotifierChanged(ready=True, keeps=False), NotifierChanged(ready=True, keeps=True)
GONE = NotifierChanged(ready=False, keeps=False)
OTHER = replace(POSTURE, title="Ease your neck")


# ---- shown, replaced, hidden ------------------------------------------------------------------------------


def test_a_card_is_shown(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await work.told(KEEPING)
            work.notifier.show(POSTURE)
            await work.told(Delivered(KEY))
            assert server.titles == ["Shift a little"]
            assert work.notifier.status() == {
                "backend": "dbus",
                "server": "fake 1.0",
                "actions": True,
                "ok": True,
                "problem": "",
            }

    asyncio.run(story())


def test_the_same_key_replaces_and_another_does_not(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            work.notifier.show(OTHER)
            await work.told(Delivered(KEY))
            work.notifier.show(replace(POSTURE, key="another"))
            await work.told(Delivered("another"))
            assert [(note[1], note[3]) for note in server.notes] == [
                (0, "Shift a little"),
                (1, "Ease your neck"),
                (0, "Shift a little"),
            ]

    asyncio.run(story())


def test_hiding_closes_it_and_tells_nothing(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            work.notifier.hide(KEY)
            work.notifier.hide("unknown")
            await eventually(lambda: server.closed == [1])
            await work.quiet()
            assert work.notifier.remembered() == ()

    asyncio.run(story())


def test_what_is_hidden_before_the_server_answered_is_closed_when_it_does(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await work.told(KEEPING)
            server.answers.clear()
            work.notifier.show(POSTURE)
            await eventually(lambda: server.notes)
            work.notifier.hide(KEY)
            server.answers.set()
            await eventually(lambda: server.closed == [1])
            await work.quiet()

    asyncio.run(story())


def test_a_replacement_waits_for_the_answer_so_that_there_is_never_a_second_notification(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await work.told(KEEPING)
            server.answers.clear()
            work.notifier.show(POSTURE)
            await eventually(lambda: server.notes)
            work.notifier.hide(KEY)
            work.notifier.show(POSTURE)  # wanted again as it was: the first request will do
            work.notifier.show(OTHER)
            server.answers.set()
            await work.told(Delivered(KEY))
            assert [(note[1], note[3]) for note in server.notes] == [(0, POSTURE.title), (1, OTHER.title)]

    asyncio.run(story())


def test_hidden_and_shown_again_it_is_a_new_notification(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            work.notifier.hide(KEY)
            await eventually(lambda: server.closed == [1])
            work.notifier.show(OTHER)
            await work.told(Delivered(KEY))
            assert [note[1] for note in server.notes] == [0, 0]

    asyncio.run(story())


def test_a_card_shown_twice_before_the_answer_is_sent_once(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await work.told(KEEPING)
            server.answers.clear()
            work.notifier.show(POSTURE)
            await eventually(lambda: server.notes)
            work.notifier.show(replace(POSTURE))
            server.answers.set()
            await work.told(Delivered(KEY))
            await work.quiet()
            assert server.titles == [POSTURE.title]

    asyncio.run(story())


# ---- answered and closed ----------------------------------------------------------------------------------


def test_a_click_answers_once_and_the_card_is_closed_even_if_the_server_leaves_it(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            server.act(1, "done")
            server.act(1, "skip")
            server.dismiss(1)
            await work.told(Answered(KEY, "done"))
            await eventually(lambda: server.closed == [1])
            await work.quiet()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("reason", "expired"),
    [(0, True), (1, True), (2, False), (3, False), (4, False), (5, True), (2**32 - 1, True)],
)
def test_a_closed_card_is_dismissed_or_for_any_other_reason_expired(
    reason: int, expired: bool, desk: Desk
) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            server.dismiss(1, reason)
            await work.told(Closed(KEY, expired))
            assert (work.notifier.remembered(), server.closed) == ((), [])

    asyncio.run(story())


def test_an_answer_may_follow_the_closing(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            server.dismiss(1)
            server.act(1, "skip")
            await work.told(Answered(KEY, "skip"))
            await another_is_closed(server, work)
            assert server.closed == []

    asyncio.run(story())


def test_a_card_shown_anew_just_after_it_was_closed_is_not_closed(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            server.dismiss(1)
            await eventually(lambda: work.notifier._desktop._cards[KEY].closing)
            work.notifier.show(OTHER)
            await work.told(Delivered(KEY))
            await another_is_closed(server, work)
            assert [note[1] for note in server.notes] == [0, 0, 0]

    asyncio.run(story())


def test_closing_what_is_just_being_replaced_says_nothing_about_the_replacement(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            server.said = [("NotificationClosed", (1, 2))]  # on its way while Notify was
            work.notifier.show(OTHER)
            await work.told(Delivered(KEY))
            server.said = []
            await another_is_closed(server, work)

    asyncio.run(story())


def test_an_answer_that_overtakes_the_reply_counts(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await work.told(KEEPING)
            server.said = [("ActionInvoked", (number, "skip")) for number in (0, 99)]
            server.said += [("ActionInvoked", (1, "done"))]
            work.notifier.show(POSTURE)
            await work.told(Delivered(KEY), Answered(KEY, "done"))

    asyncio.run(story())


def test_answers_for_unknown_ids_and_with_foreign_keys_are_ignored(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            server.act(99, "done")
            server.act(0, "done")
            server.dismiss(99)
            server.say("ActivationToken", "us", 1, "token")
            server.act(1, "of-the-future")
            server.act(1, "snooze")  # a key of ours, but not on this card
            server.act(1, "skip")
            await work.told(Answered(KEY, "skip"))
            assert work.notifier.status()["ok"]

    asyncio.run(story())


def test_nobody_but_the_server_can_answer(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            with desk.bus.connect() as stranger:
                for destination in ("", *desk.bus.clients()):
                    forged = new_signal(DBusAddress(PATH, interface=NAME), "ActionInvoked", "us", (1, "done"))
                    if destination:
                        forged.header.fields[HeaderFields.destination] = destination
                    stranger.send(forged)
            await asyncio.sleep(0)
            server.act(1, "skip")
            await work.told(Answered(KEY, "skip"))

    asyncio.run(story())


# ---- a server that fails ----------------------------------------------------------------------------------


def test_an_error_of_the_server_is_undelivered_and_seen_until_the_next_success(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await work.told(KEEPING)
            server.error = "org.example.Full"
            problem = "fake did not show it: no room; if it lasts: restart it"
            work.notifier.show(POSTURE)
            await work.told(Undelivered(KEY, problem))
            status = work.notifier.status()
            assert (status["ok"], status["problem"]) == (False, problem)
            server.error = ""
            await showing_again(work)

    async def showing_again(work: Work) -> None:
        work.notifier.show(POSTURE)
        await work.told(Delivered(KEY))
        assert work.notifier.status()["ok"]

    asyncio.run(story())


def test_a_replacement_that_fails_takes_the_old_one_away(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            server.error = "org.example.Full"
            work.notifier.show(OTHER)
            await work.told(Undelivered(KEY, "fake did not show it: no room; if it lasts: restart it"))
            await eventually(lambda: server.closed == [1])

    asyncio.run(story())


def test_a_server_that_hangs_is_named_and_its_late_answer_counts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify_server, "PATIENCE", 0.05)
    monkeypatch.setattr(time, "strftime", lambda _: "10:31")

    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await work.told(KEEPING)
            server.answers.clear()
            work.notifier.show(POSTURE)
            await eventually(lambda: not work.notifier.status()["ok"])
            assert work.notifier.status() == {
                "backend": "dbus",
                "server": "fake 1.0",
                "actions": True,
                "ok": False,
                "problem": "fake has not answered since 10:31; restart it",
            }
            server.answers.set()
            await work.told(Delivered(KEY))
            assert (work.notifier.status()["ok"], len(server.notes)) == (True, 1)

    asyncio.run(story())


def test_a_server_that_hangs_and_then_refuses_hangs_no_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify_server, "PATIENCE", 0.05)

    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await work.told(KEEPING)
            server.answers.clear()
            server.error = "org.example.Full"
            work.notifier.show(POSTURE)
            await eventually(lambda: "has not answered" in problem(work))
            server.answers.set()
            await work.told(Undelivered(KEY, "fake did not show it: no room; if it lasts: restart it"))
            assert problem(work) == "fake did not show it: no room; if it lasts: restart it"

    asyncio.run(story())


def test_a_server_that_hangs_from_the_start_is_ready_when_it_answers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify_server, "PATIENCE", 0.05)

    async def story() -> None:
        server = desk.server()
        server.answers.clear()
        async with at_work(desk.bus.address) as work:
            await eventually(lambda: "the notification server has not answered" in problem(work))
            server.answers.set()
            await work.told(KEEPING)
            assert work.notifier.status()["ok"]

    asyncio.run(story())


def problem(work: Work) -> str:
    return str(work.notifier.status()["problem"])


# ---- a server that comes and goes -------------------------------------------------------------------------


def test_without_a_server_nothing_is_shown_until_one_comes(session: PrivateBus, desk: Desk) -> None:
    async def story() -> None:
        async with at_work(session.address) as work:
            await work.told(GONE)
            assert work.notifier.status() == {
                "backend": "dbus",
                "server": "",
                "actions": False,
                "ok": False,
                "problem": notify_server.NO_SERVER,
            }
            work.notifier.show(POSTURE)
            await work.told(Undelivered(KEY, notify_server.NO_SERVER))
            server = desk.server("body")
            await work.told(READY)
            await showing(work)
            assert server.titles == [POSTURE.title]

    asyncio.run(story())


def test_a_server_that_dies_takes_its_cards_with_it_and_the_next_one_is_asked_anew(desk: Desk) -> None:
    async def story() -> None:
        first = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            first.end()
            await work.told(GONE)
            assert work.notifier.remembered() == ()
            second = desk.server("body", name="next\n\x1b" + "x" * 100_000)
            await work.told(READY)
            await showing(work)
            assert [(note[1], note[5]) for note in second.notes] == [(0, [])]
            assert work.notifier.status()["server"] == f"next {'x' * 74} 1.0"

    asyncio.run(story())


def test_what_was_on_its_way_to_a_server_that_dies_is_undelivered_once(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await work.told(KEEPING)
            server.dies = True
            work.notifier.show(POSTURE)
            await eventually(lambda: len(work.events) >= 2)
            assert [type(event) for event in work.events] == [Undelivered, NotifierChanged]
            assert work.events[1] == GONE

    asyncio.run(story())


def test_what_was_hidden_before_the_server_died_is_not_missed(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await work.told(KEEPING)
            server.answers.clear()
            server.dies = True
            work.notifier.show(POSTURE)
            await eventually(lambda: server.notes)
            work.notifier.hide(KEY)
            server.answers.set()
            await work.told(GONE)

    asyncio.run(story())


def test_a_server_that_dies_of_every_card_is_met_ever_more_rarely(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify_server, "FIRST_DELAY", 0.1)
    monkeypatch.setattr(notify_server, "BREATH", 0.05)

    async def story() -> None:
        delays = []
        async with at_work(desk.bus.address) as work:
            await work.told(GONE)
            for _ in range(4):
                server = desk.server()
                await eventually(lambda: KEEPING in work.events)
                server.dies = True
                work.notifier.show(POSTURE)
                await eventually(lambda: work.events[-1:] == [GONE])
                work.events.clear()
                delays.append(work.notifier._desktop._watch._breath)
        assert delays == [0.1, 0.2, 0.4, 0.8]

    asyncio.run(story())


def test_who_restarts_a_server_again_and_again_does_not_wait_long_and_is_told_until_when(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify_server, "FIRST_DELAY", 0.1)
    monkeypatch.setattr(notify_server, "BREATH", 0.15)

    async def story() -> None:
        breaths = []
        async with at_work(desk.bus.address) as work:
            await work.told(GONE)
            for _ in range(4):
                server = desk.server()
                await eventually(lambda: work.notifier.status()["server"])
                server.end()
                await eventually(lambda: "fake went away; it is tried again at " in problem(work))
                breaths.append(work.notifier._desktop._watch._breath)
            desk.server()
            await showing(work)
        assert breaths == [0.1, 0.15, 0.15, 0.15]

    asyncio.run(story())


def test_a_server_that_is_being_started_is_waited_for_and_that_is_said(
    session: PrivateBus, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify_server, "PATIENCE", 0.05)
    service = session.services / "server.service"
    service.write_text(f"[D-BUS Service]\nName={NAME}\nExec=/bin/sleep 60\n")

    async def story() -> None:
        async with at_work(session.address) as work:
            await work.told(READY)
            work.notifier.show(POSTURE)
            await eventually(lambda: "the notification server is being started since " in problem(work))
            await eventually(lambda: "is being started since" in caplog.text)
            assert not work.notifier.status()["ok"]

    session.end()
    session.start()
    asyncio.run(story())


def test_a_bus_that_tells_more_than_before_changes_nothing_unless_the_server_is_another(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            work.bus._tell(True)
            await work.quiet()
            server.act(1, "done")
            await work.told(Answered(KEY, "done"))
            watch = work.notifier._desktop._watch
            assert watch.server is not None
            watch.server = replace(watch.server, owner=":1.999")  # whose end nobody told us
            work.bus._tell(True)
            await work.told(GONE, KEEPING)

    asyncio.run(story())


def test_a_server_that_the_bus_can_start_is_started_with_the_first_card(
    session: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify_server, "ARRIVAL", 3600.0)  # a prompt does not wait for it
    service = session.services / "server.service"
    service.write_text(f"[D-BUS Service]\nName={NAME}\nExec=/bin/false\n")

    async def story() -> None:
        async with at_work(session.address) as work:
            await work.told(READY)
            status = work.notifier.status()
            assert (status["ok"], status["problem"]) == (True, "")
            assert status["note"] == "the notification server is started with the first prompt"
            work.notifier.show(POSTURE)
            await eventually(lambda: "exited with status 1" in problem(work))
            assert problem(work).startswith("the notification server cannot be used: ")
            await work.told(Undelivered(KEY, problem(work)), GONE)
            assert "note" not in work.notifier.status()

    session.end()
    session.start()
    asyncio.run(story())


def test_a_server_that_comes_by_itself_before_the_first_card_is_the_one(
    session: PrivateBus, desk: Desk
) -> None:
    service = session.services / "server.service"
    service.write_text(f"[D-BUS Service]\nName={NAME}\nExec=/bin/false\n")
    session.end()
    session.start()

    async def story() -> None:
        async with at_work(session.address) as work:
            await work.told(READY)
            server = desk.server()
            await work.told(KEEPING)
            await showing(work)
            assert server.titles == [POSTURE.title]

    asyncio.run(story())


def test_no_notice_starts_a_server_while_that_of_the_desktop_may_be_on_its_way(
    session: PrivateBus, desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    service, started = session.services / "server.service", tmp_path / "started"
    service.write_text(f"[D-BUS Service]\nName={NAME}\nExec=/usr/bin/touch {started}\n")
    session.end()
    session.start()
    notice = Card("welcome", "Welcome", ("One.",))

    async def story() -> None:
        async with at_work(session.address) as work:
            await work.told(READY)
            work.notifier.show(notice)
            await work.quiet()
            assert (
                work.notifier.status()["note"] == "the notification server is started with the first prompt"
            )
            server = desk.server()
            await work.told(KEEPING, Delivered(notice.key))
            assert server.titles == [notice.title]
            await asyncio.to_thread(server.end)
        monkeypatch.setattr(notify_server, "ARRIVAL", 0.1)
        async with at_work(session.address) as work:
            await work.told(READY)
            work.notifier.show(notice)
            await eventually(started.exists)

    asyncio.run(story())


def test_the_death_and_return_of_the_whole_bus_is_survived(session: PrivateBus, desk: Desk) -> None:
    async def story() -> None:
        desk.server()
        async with at_work(session.address) as work:
            await showing(work)
            session.end()
            await work.told(GONE)
            closed = f"the session bus at {session.address} closed the connection; "
            await eventually(
                lambda: problem(work).startswith(closed)
            )  # a dying bus may tell of the server first
            work.notifier.show(POSTURE)
            await work.told(Undelivered(KEY, problem(work)))
            session.start()
            desk.server()
            await work.told(KEEPING)
            await showing(work)

    asyncio.run(story())


def test_what_was_on_its_way_when_the_bus_died_is_undelivered_once(session: PrivateBus, desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(session.address) as work:
            await work.told(KEEPING)
            server.answers.clear()
            work.notifier.show(POSTURE)
            await eventually(lambda: server.notes)
            session.end()
            await eventually(lambda: len(work.events) >= 2)
            lost = "fake did not show it: lost the connection to the session bus: it was closed"
            lost += "; if it lasts: restart it"
            assert work.events == [Undelivered(KEY, lost), GONE]

    asyncio.run(story())


# ---- over the end of the daemon ---------------------------------------------------------------------------


def test_what_a_crashed_daemon_left_is_closed_and_nothing_else(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as first:
            await showing(first)
            left = first.saved[-1]
            assert left == ((server.owner, first.bus.bus_id, 1),)
        stale = [*left, (server.owner, "another-bus", 2), (":1.999", left[0][1], 3)]
        async with at_work(desk.bus.address, remembered=stale) as second:
            assert second.notifier.remembered() == tuple(stale)
            await second.told(KEEPING)
            await eventually(lambda: server.closed)
            assert (server.closed, second.notifier.remembered(), second.saved) == ([1], (), [()])

    asyncio.run(story())


def test_closing_the_notifier_takes_everything_off_the_screen(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            await showing(work, replace(POSTURE, key="another"))
            await work.notifier.close()
            assert (server.closed, work.saved[-1]) == ([1, 2], ())

    asyncio.run(story())


def test_closing_the_notifier_does_not_wait_long_for_a_server_that_hangs(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            server.answers.clear()
            begun = asyncio.get_running_loop().time()
            await work.notifier.close(limit=0.1)
            assert asyncio.get_running_loop().time() - begun < 1
            assert len(work.notifier.remembered()) == 1  # so that the next life can close it

    asyncio.run(story())


# ---- as users of plyer know it ----------------------------------------------------------------------------


def test_it_is_a_notification_of_plyer(desk: Desk) -> None:
    def call(work: Work) -> Any:
        return work.notifier._desktop.notify(
            title="Hello",
            message="from <plyer>",
            app_icon="face-smile",
            timeout=3,
            hints={"urgency": 2, "value": 40, "x-loud": True, "x-text": "yes", "x-raw": ("t", 1)},
        )

    note = asyncio.run(sent(desk, call))
    assert note[:6] == ("neckguard", 0, "face-smile", "Hello", "from &lt;plyer&gt;", ["default", "OK"])
    assert note[7] == 3000
    assert note[6] == {
        "urgency": ("y", 2),
        "category": ("s", "x-neckguard.notice"),
        "desktop-entry": ("s", "neckguard"),
        "value": ("i", 40),
        "x-loud": ("b", True),
        "x-text": ("s", "yes"),
        "x-raw": ("t", 1),
    }


def test_what_cannot_be_put_on_the_bus_is_undelivered(desk: Desk) -> None:
    async def story() -> None:
        desk.server()
        async with at_work(desk.bus.address) as work:
            await work.told(KEEPING)
            work.notifier._desktop.notify("Hello", hints={"x-broken": ("y", "no byte")})
            work.notifier.show(POSTURE)
            await work.told(Undelivered("plyer-1", "a fault of neckguard, see its log"), Delivered(KEY))

    asyncio.run(story())


async def sent(desk: Desk, act: Callable[[Work], Any]) -> tuple[Any, ...]:
    """What the server is asked to show when the notifier is told to `act`."""
    server = desk.server()
    async with at_work(desk.bus.address) as work:
        await work.told(KEEPING)
        assert act(work) is None
        await eventually(lambda: server.notes)
    return server.notes[0]


# ---- what else the server can -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "smooth"), [("dunst", True), ("mako", True), ("Mako", True), ("Plasma", False)]
)
def test_only_servers_that_change_a_card_quietly_are_smooth(name: str, smooth: bool, desk: Desk) -> None:
    async def story() -> None:
        desk.server("body", name=name)
        async with at_work(desk.bus.address) as work:
            await work.told(NotifierChanged(ready=True, keeps=False, smooth=smooth))

    asyncio.run(story())


@pytest.mark.parametrize(("capabilities", "sounds"), [(["body", "sound"], True), (["body"], False)])
def test_whether_cards_are_heard(capabilities: list[str], sounds: bool, desk: Desk) -> None:
    async def story() -> None:
        desk.server(*capabilities)
        async with at_work(desk.bus.address) as work:
            assert not work.notifier.sounds  # nobody shows them yet
            await work.told(READY)
            assert work.notifier.sounds is sounds
            work.notifier.configure(replace(SETTINGS, backend="console"))
            await work.told(GONE, READY)
            assert not work.notifier.sounds

    asyncio.run(story())


def test_a_notice_goes_by_itself_but_not_with_a_screen_reader_on(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        notice = Card("note", "Hello", ("there",))
        async with at_work(desk.bus.address) as work:
            await showing(work, notice)
            work.notifier.patient = True
            await showing(work, notice)
            work.notifier.patient = False
            await showing(work, notice)
            await showing(work, replace(notice, lasting=True))
            assert [note[7] for note in server.notes] == [30000, 0, 30000, 0]

    asyncio.run(story())


def test_a_popup_leaves_in_time_only_where_it_stays_within_reach(desk: Desk) -> None:
    async def story() -> None:
        for capabilities, timeouts in (FULL, [45000, 0, 2**31 - 1, 0]), (("actions",), [0, 0, 0, 0]):
            server = desk.server(*capabilities)
            async with at_work(desk.bus.address) as work:
                await showing(work, replace(POSTURE, popup=45.0))
                work.notifier.patient = True
                await showing(work, replace(POSTURE, popup=45.0))
                work.notifier.patient = False
                await showing(work, replace(POSTURE, popup=1e9))
                await showing(work, POSTURE)
                assert [note[7] for note in server.notes] == timeouts
            desk.clear()

    asyncio.run(story())


def test_that_a_popup_left_is_no_answer_and_the_entry_is_taken_back(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, replace(POSTURE, popup=45.0))
            server.say("NotificationClosed", "uu", 1, EXPIRED)
            await another_is_closed(server, work)
            work.notifier.hide(KEY)
            await eventually(lambda: server.closed == [1])
            await work.quiet()

    asyncio.run(story())


def test_where_nothing_is_kept_a_card_that_expired_is_gone(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server("actions")
        async with at_work(desk.bus.address) as work:
            await showing(work, replace(POSTURE, popup=45.0))
            server.say("NotificationClosed", "uu", 1, EXPIRED)
            await work.told(Closed(KEY, expired=True))

    asyncio.run(story())


def test_an_entry_whose_popup_left_is_still_answered(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work, replace(POSTURE, popup=45.0))
            server.say("NotificationClosed", "uu", 1, EXPIRED)
            server.act(1, "done")
            await work.told(Answered(KEY, "done"))
            await showing(work, replace(POSTURE, popup=45.0))
            server.dismiss(server.last_id)
            await work.told(Closed(KEY, expired=False))

    asyncio.run(story())


# ---- settings ---------------------------------------------------------------------------------------------


def test_new_settings_hold_for_the_next_card_and_do_not_disturb_what_is_shown(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            work.notifier.configure(replace(SETTINGS, urgency="low", buttons=False))
            work.notifier.show(replace(POSTURE, key="another"))
            await work.told(Delivered("another"))
            assert [(note[5] != [], note[6]["urgency"]) for note in server.notes] == [
                (True, ("y", 1)),
                (False, ("y", 0)),
            ]
            assert (server.closed, work.notifier.status()["actions"]) == ([], False)

    asyncio.run(story())


def test_another_backend_clears_the_screen_and_starts_anew(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server("body")
        async with at_work(desk.bus.address) as work:
            await showing(work)
            work.notifier.configure(replace(SETTINGS, backend="console"))
            await work.told(GONE, READY)
            await eventually(lambda: server.closed == [1])
            work.notifier.show(POSTURE)
            await work.told(Delivered(KEY))
            assert POSTURE.title in work.out.getvalue()
            assert work.notifier.status()["backend"] == "console"
            work.notifier.configure(replace(SETTINGS, backend="dbus"))
            await eventually(lambda: work.notifier.status()["server"] == "fake 1.0")
            await work.told(GONE, READY)
            await showing(work)
            assert len(server.notes) == 2

    asyncio.run(story())
