"""A notification server that lies: about what it shows, about itself, about what the person did."""

import asyncio
import re
from typing import Any

import pytest
from support.notification_helpers import POSTURE, Desk, Work, at_work, showing

from neckguard.core.events import Answered, Delivered, NotifierChanged, Undelivered

KEY = POSTURE.key
KEEPING = NotifierChanged(ready=True, keeps=True)
GONE = NotifierChanged(ready=False, keeps=False)


def problem(work: Work) -> str:
    return str(work.notifier.status()["problem"])


@pytest.mark.parametrize(
    ("signature", "body", "said"),
    [
        ("s", ("7",), "answered Notify with '7' (D-Bus type s, not u)"),
        ("as", (["7"],), "answered Notify with ['7'] (D-Bus type as, not u)"),
        ("v", (("u", 7),), "answered Notify with ('u', 7) (D-Bus type v, not u)"),
        ("d", (float("nan"),), "answered Notify with nan (D-Bus type d, not u)"),
        ("i", (-1,), "answered Notify with -1 (D-Bus type i, not u)"),
        ("t", (2**64 - 1,), "answered Notify with 18446744073709551615 (D-Bus type t, not u)"),
        ("uu", (7, 8), "answered Notify with (7, 8) (D-Bus type uu, not u)"),
        (None, (), "answered Notify with nothing"),
        ("u", (0,), "answered Notify with 0, which no card may have"),
    ],
)
def test_a_wrong_answer_to_a_card_is_the_servers_fault_and_the_card_may_be_shown_again(
    signature: str | None, body: tuple[Any, ...], said: str, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await work.told(KEEPING)
            server.lies["Notify"] = (signature, body)
            for _ in range(2):
                work.notifier.show(POSTURE)
                await work.told(Undelivered(KEY, wrong))
            assert (problem(work), work.notifier.status()["ok"]) == (wrong, False)
            server.lies.clear()
            work.notifier.show(POSTURE)
            await work.told(Delivered(KEY))
            assert problem(work) == ""

    wrong = f"fake {said}; if it lasts: restart it"
    asyncio.run(story())
    assert [r.getMessage() for r in caplog.records if r.levelname != "INFO"] == [f"Notifications: {wrong}."]


@pytest.mark.parametrize(
    ("member", "lie", "said"),
    [
        ("GetCapabilities", ("s", ("body",)), "answered GetCapabilities with 'body' (D-Bus type s, not as)"),
        ("GetServerInformation", ("u", (7,)), "with 7 (D-Bus type u, not ssss or sss)"),
        ("GetServerInformation", (None, ()), "answered GetServerInformation with nothing"),
    ],
)
def test_a_server_that_lies_about_itself_is_asked_again_and_status_says_when(
    member: str, lie: Any, said: str, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        server = desk.server()
        server.lies[member] = lie
        async with at_work(desk.bus.address) as work:
            await work.told(GONE)
            assert said in problem(work)
            assert re.search(
                r"; if it lasts: restart it; it is tried again at \d\d:\d\d:\d\d$", problem(work)
            )
            server.lies.clear()
            await work.told(KEEPING)
            assert problem(work) == ""

    asyncio.run(story())
    assert [said in record.getMessage() for record in caplog.records if record.levelname != "INFO"] == [True]


@pytest.mark.parametrize(
    ("signal", "said"),
    [
        (("ActionInvoked", "su", "done", 1), "('done', 1) (D-Bus type su, not us)"),
        (("ActionInvoked", ""), "nothing"),
        (("ActionInvoked", "bs", True, "done"), "(True, 'done') (D-Bus type bs, not us)"),
        (("NotificationClosed", "s", "1"), "'1' (D-Bus type s, not uu)"),
        (("NotificationClosed", "ii", 1, -2), "(1, -2) (D-Bus type ii, not uu)"),
    ],
)
def test_a_signal_that_makes_no_sense_is_said_once_and_settles_nothing(
    signal: Any, said: str, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        server = desk.server()
        async with at_work(desk.bus.address) as work:
            await showing(work)
            for _ in range(2):
                server.say(*signal)
            server.act(1, "skip")
            await work.told(Answered(KEY, "skip"))
            assert (problem(work), work.notifier.status()["ok"]) == (wrong, False)
            server.end()
            await work.told(GONE)
            desk.server(name="honest")
            await work.told(KEEPING)
            assert problem(work) == ""

    wrong = f"fake sent {signal[0]} with {said}, so an answer may be lost; if it lasts: restart it"
    asyncio.run(story())
    assert [r.getMessage() for r in caplog.records if "sent" in r.getMessage()] == [
        f"Notifications: {wrong}."
    ]


def test_what_a_server_says_of_itself_is_told_in_one_line(desk: Desk) -> None:
    async def story() -> None:
        server = desk.server(name="fa\x1b[31mke\nd")
        async with at_work(desk.bus.address) as work:
            await work.told(KEEPING)
            assert work.notifier.status()["server"] == "fa[31mke d 1.0"
            server.error, server.words = "org.example.Full", "no\nroom\x1b]0;\x07"
            work.notifier.show(POSTURE)
            refused = "fa[31mke d did not show it: no room]0;; if it lasts: restart it"
            await work.told(Undelivered(KEY, refused))
            server.words = ""
            work.notifier.show(POSTURE)
            await work.told(
                Undelivered(KEY, refused.replace("no room]0;", "it gave no reason (org.example.Full)"))
            )

    asyncio.run(story())
