"""The icon in the tray, on a real bus, before hosts that are strict about the protocol."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from jeepney.wrappers import DBusErrorResponse
from support.helpers import eventually
from support.notification_helpers import PrivateBus
from support.tray_helpers import ITEM, MENU, PROPERTIES, Host

from neckguard.desktop.bus.bus import DBUS, DBUS_PATH, Bus
from neckguard.desktop.tray.item import Look, Tray
from neckguard.desktop.tray.menu import Entry

TEA = Entry("Tea at 15:00_16:00", "tea")


class Work:
    """An icon at work, what it is to show, and what was chosen."""

    def __init__(self, address: str, *, wanted: bool) -> None:
        self.bus = Bus("session", lambda: address)
        self.look = Look("", "Next: <posture> & tea")
        self.entries: tuple[Entry, ...] = (Entry("Now"), Entry(""), TEA)
        self.chosen: list[Entry] = []
        self.tray = Tray(self.bus, lambda: self.look, lambda: self.entries, self.chosen.append, wanted=wanted)

    async def settled(self) -> None:
        """All that is on its way has arrived."""
        await eventually(lambda: self.bus.connected)
        for _ in range(5):
            await self.bus.call(DBUS, DBUS_PATH, DBUS, "GetId")


@asynccontextmanager
async def at_work(session: PrivateBus, *, wanted: bool = True) -> AsyncIterator[Work]:
    work = Work(session.address, wanted=wanted)
    tasks = [asyncio.create_task(work.bus.run()), asyncio.create_task(work.tray.run())]
    try:
        yield work
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def taken(session: PrivateBus) -> AsyncIterator[tuple[Work, Host]]:
    host = Host(session)
    async with at_work(session) as work:
        await asyncio.to_thread(host.take)
        await eventually(lambda: work.tray.shown)
        yield work, host
    host.end()


async def on(host: Callable[..., Any], *arguments: Any) -> Any:
    """What a host does, beside our loop."""
    return await asyncio.to_thread(host, *arguments)


def test_it_registers_when_a_watcher_appears_and_again_when_it_restarts(session: PrivateBus) -> None:
    async def story() -> None:
        async with at_work(session) as work:
            await work.settled()
            assert work.tray.status() == {"ok": True, "problem": "", "shown": False}
            for _ in range(2):
                host = Host(session)
                await on(host.take)
                await eventually(lambda: work.tray.shown)
                host.end()
                await eventually(lambda: not work.tray.shown)
                await work.settled()  # it asked and found nobody: the next one hears of it once
            assert work.tray.status() == {"ok": True, "problem": "", "shown": False}

    asyncio.run(story())


def test_one_that_never_answers_is_a_problem(session: PrivateBus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neckguard.desktop.tray.item._PATIENCE", 0.1)

    async def story() -> None:
        host = Host(session)
        async with at_work(session) as work:
            await eventually(lambda: work.tray.status()["problem"])
            assert not work.tray.status()["ok"]
            assert work.tray.status()["problem"].startswith("the desktop's tray does not answer; ")
        host.end()

    asyncio.run(story())


def test_where_it_is_not_wanted_it_registers_only_when_it_is(session: PrivateBus) -> None:
    async def story() -> None:
        host = Host(session)
        async with at_work(session, wanted=False) as work:
            await work.settled()
            assert not work.tray.shown
            work.tray.configure(wanted=True)
            await on(host.take)
            await eventually(lambda: work.tray.shown)
            for wanted, status in ((False, "Passive"), (True, "Active")):
                work.tray.configure(wanted=wanted)
                assert await on(host.told) == ("NewStatus", (status,))
                assert (await on(host.properties))["Status"] == status
                assert work.tray.shown == wanted
        host.end()

    asyncio.run(story())


def test_its_properties_are_those_of_the_protocol(session: PrivateBus) -> None:
    async def story() -> None:
        async with taken(session) as (work, host):
            work.look = Look("paused", "Paused <b> & more")
            (raw,) = await on(host.ask, "/StatusNotifierItem", PROPERTIES, "GetAll", "s", ITEM)
            types = {name: signature for name, (signature, _) in raw.items()}
            pixmaps = raw["IconPixmap"][1]
            assert [(wide, high, len(dots)) for wide, high, dots in pixmaps] == [
                (22, 22, 22 * 22 * 4),
                (44, 44, 44 * 44 * 4),
            ]
            assert types == dict.fromkeys(
                ("Category", "Id", "Title", "Status", "IconName", "IconThemePath"), "s"
            ) | dict.fromkeys(
                ("OverlayIconName", "AttentionIconName", "AttentionMovieName"), "s"
            ) | dict.fromkeys(("IconPixmap", "OverlayIconPixmap", "AttentionIconPixmap"), "a(iiay)") | {
                "WindowId": "i",
                "ToolTip": "(sa(iiay)ss)",
                "ItemIsMenu": "b",
                "Menu": "o",
            }
            assert raw["ToolTip"][1] == ("", [], "neckguard", "Paused &lt;b&gt; &amp; more")
            assert raw["IconName"][1] == "neckguard-paused-symbolic"
            assert (raw["ItemIsMenu"][1], raw["Category"][1]) == (True, "ApplicationStatus")
            for shape, name in (("", "neckguard-symbolic"), ("away", "neckguard-away-symbolic")):
                work.look = Look(shape, "")
                get = await on(host.ask, "/StatusNotifierItem", PROPERTIES, "Get", "ss", ITEM, "IconName")
                assert get == (("s", name),)

    asyncio.run(story())


def test_each_state_has_a_shape_of_its_own(session: PrivateBus) -> None:
    async def story() -> None:
        async with taken(session) as (work, host):
            seen = set()
            for shape in ("", "paused", "quiet", "away", "problem"):
                work.look = Look(shape, "")
                seen.add(bytes((await on(host.properties))["IconPixmap"][0][2]))
            assert len(seen) == 5

    asyncio.run(story())


def test_only_what_changed_is_signalled(session: PrivateBus) -> None:
    async def story() -> None:
        async with taken(session) as (work, host):
            await on(host.open)
            assert await on(host.told) == ("LayoutUpdated", (1, 0))
            work.tray.changed()  # nothing did
            work.look = Look("", "Next: break")
            work.tray.changed()
            assert await on(host.told) == ("NewToolTip", ())
            work.look, work.entries = Look("paused", "Paused"), (TEA,)
            work.tray.changed()
            told = [await on(host.told) for _ in range(3)]
            assert told == [("NewToolTip", ()), ("NewIcon", ()), ("LayoutUpdated", (2, 0))]

    asyncio.run(story())


def test_labels_are_fresh_when_the_menu_opens_and_numbered_anew(session: PrivateBus) -> None:
    async def story() -> None:
        async with taken(session) as (work, host):
            layout = await on(host.menu, "GetLayout", "iias", 0, -1, [])
            assert layout == (
                1,
                (
                    0,
                    {"children-display": ("s", "submenu")},
                    [
                        ("(ia{sv}av)", (1, {"label": ("s", "Now"), "enabled": ("b", False)}, [])),
                        ("(ia{sv}av)", (2, {"type": ("s", "separator")}, [])),
                        (
                            "(ia{sv}av)",
                            (3, {"label": ("s", "Tea at 15:00__16:00"), "enabled": ("b", True)}, []),
                        ),
                    ],
                ),
            )
            work.entries = (Entry("Later"), TEA)
            assert await on(host.open) == {"Later": 4, "Tea at 15:00__16:00": 5}
            work.entries = (Entry("Later still"), TEA)
            assert await on(host.menu, "AboutToShowGroup", "ai", [0, 77]) == ([0], [77])
            revision, (_, _, items) = await on(host.menu, "GetLayout", "iias", 0, 1, ["label"])
            assert (revision, [item for _, item in items]) == (
                3,
                [
                    (6, {"label": ("s", "Later still")}, []),
                    (7, {"label": ("s", "Tea at 15:00__16:00")}, []),
                ],
            )
            assert await on(host.open) == {"Later still": 6, "Tea at 15:00__16:00": 7}  # nothing is new
            assert (await on(host.menu, "GetLayout", "iias", 0, 0, []))[1][2] == []

    asyncio.run(story())


def test_single_items_can_be_asked_for(session: PrivateBus) -> None:
    async def story() -> None:
        async with taken(session) as (_, host):
            await on(host.open)
            asked = await on(host.menu, "GetGroupProperties", "aias", [3, 1], ["enabled"])
            assert asked == ([(1, {"enabled": ("b", False)}), (3, {"enabled": ("b", True)})],)
            (everything,) = await on(host.menu, "GetGroupProperties", "aias", [], [])
            assert [number for number, _ in everything] == [0, 1, 2, 3]
            assert await on(host.menu, "GetProperty", "is", 1, "label") == (("s", "Now"),)
            for wrong in ((1, "colour"), (9, "label")):
                with pytest.raises(DBusErrorResponse, match="InvalidArgs"):
                    await on(host.menu, "GetProperty", "is", *wrong)

    asyncio.run(story())


def test_a_click_means_what_was_on_the_screen(session: PrivateBus) -> None:
    async def story() -> None:
        async with taken(session) as (work, host):
            numbers = await on(host.open)
            await on(host.click, numbers["Now"])  # only says something
            await on(host.menu, "Event", "isvu", 3, "hovered", ("i", 0), 0)
            await on(host.click, 3)
            work.entries = (coffee := Entry("Coffee", "coffee"),)
            assert (await on(host.open)) == {"Coffee": 4}
            await on(host.click, 3)  # another host still has the revision before
            group = [(4, "clicked", ("i", 0), 0), (99, "clicked", ("i", 0), 0)]
            assert await on(host.menu, "EventGroup", "a(isvu)", group) == ([99],)
            work.entries = (TEA,)
            await on(host.open)
            with pytest.raises(DBusErrorResponse, match="InvalidArgs"):
                await on(host.click, 3)
            assert work.chosen == [TEA, TEA, coffee]

    asyncio.run(story())


def test_what_it_does_not_offer_is_refused(session: PrivateBus) -> None:
    async def story() -> None:
        async with taken(session) as (_, host):
            for path, interface, member, signature, body, name in (
                ("/StatusNotifierItem", ITEM, "Activate", "ii", (1, 1), "UnknownMethod"),  # so the menu opens
                ("/elsewhere", ITEM, "Activate", "ii", (1, 1), "UnknownMethod"),
                ("/MenuBar", MENU, "GetLayout", "ii", (0, -1), "InvalidArgs"),
                ("/MenuBar", MENU, "AboutToShow", "i", (99,), "InvalidArgs"),
                ("/MenuBar", PROPERTIES, "Get", "ss", (MENU, "Colour"), "InvalidArgs"),
                ("/MenuBar", PROPERTIES, "GetAll", "s", (ITEM,), "InvalidArgs"),
                ("/MenuBar", PROPERTIES, "Set", "ssv", (MENU, "Version", ("u", 4)), "UnknownMethod"),
            ):
                with pytest.raises(DBusErrorResponse, match=name):
                    await on(host.ask, path, interface, member, signature, *body)
            get = await on(host.ask, "/MenuBar", PROPERTIES, "Get", "ss", MENU, "Version")
            assert get == (("u", 3),)

    asyncio.run(story())


def test_a_fault_of_ours_is_an_error_to_who_asked_and_no_end(
    session: PrivateBus, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with taken(session) as (work, host):
            work.entries = ("no entry",)  # type: ignore[assignment]
            with pytest.raises(DBusErrorResponse, match="Failed"):
                await on(host.menu, "GetLayout", "iias", 0, -1, [])
            work.entries = (TEA,)
            assert len(await on(host.open)) == 1

    asyncio.run(story())
    assert "A fault of neckguard in answer to" in caplog.text
