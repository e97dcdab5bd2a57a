"""What fills the screen: real windows on X11 and Wayland, and displays that tell nothing or nonsense."""

import asyncio
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.dnd_helpers import sway
from support.helpers import eventually
from support.wayland_helpers import answering
from support.window_helpers import (
    ACTIVATED,
    FILLED,
    FREE,
    FULLSCREEN,
    FakeCompositor,
    Looker,
    at,
    message,
    on,
    wayland_window,
    window_manager,
    x_window,
)
from support.x11_helpers import SERVES_ALL, XWAYLAND, FakeX, XServer, fake, xvfb

from neckguard.core import QuietChanged
from neckguard.desktop.quiet.fullscreen import NOT_TOLD, Fullscreen

FRONT = (ACTIVATED, FULLSCREEN)


@pytest.fixture
def screen() -> Iterator[XServer]:
    with xvfb("-noreset") as server:  # else who comes as the last one leaves may be thrown out
        yield server


@pytest.fixture
def managed(screen: XServer) -> Iterator[XServer]:
    with window_manager(screen):
        yield screen


# ---- X11 --------------------------------------------------------------------------------------------------


def test_a_window_that_fills_the_screen_of_x11_is_told_by_its_class(managed: XServer) -> None:
    async def life() -> None:
        looker = Looker(on(managed))
        await looker.sees(FREE, "")
        with x_window(managed, "-fullscreen"):
            await looker.sees(FILLED, "Film")
            assert looker.fullscreen.status() == {
                "ok": True,
                "problem": "",
                "note": "",
                "source": "x11",
                "on": True,
                "application": "Film",
            }
            for name in ("film", "REEL"):
                assert await Looker(on(managed), name).look() == (FREE, "")
            assert await Looker(on(managed), "tape").look() == (FILLED, "Film")
        await looker.sees(FREE, "")

    asyncio.run(life())


def test_on_x11_only_the_window_in_front_counts(managed: XServer) -> None:
    async def life() -> None:
        looker = Looker(on(managed))
        with x_window(managed, "-fullscreen"):
            await looker.sees(FILLED, "Film")
            with x_window(managed):  # smaller, and in front
                await looker.sees(FREE, "")
            await looker.sees(FILLED, "Film")

    asyncio.run(life())


def test_a_window_that_was_closed_after_its_manager_died_fills_nothing() -> None:
    async def life(server: XServer) -> dict[str, Any]:
        looker = Looker(on(server))
        with window_manager(server) as manager, x_window(server, "-fullscreen") as window:
            await looker.sees(FILLED, "Film")
            manager.kill()
            assert await looker.look() == (FILLED, "Film")
            window.kill()
            await looker.sees(FREE, "")  # though the root still names it as the one in front
        return looker.fullscreen.status()

    with xvfb("-noreset") as server:
        status = asyncio.run(life(server))
    assert (status["problem"], status["note"], status["source"]) == ("", "", "x11")


def test_without_a_window_manager_nobody_tells() -> None:
    with xvfb() as server:
        looker = Looker(on(server))
        assert asyncio.run(looker.look()) == (FREE, "")
        assert looker.fullscreen.status()["note"] == NOT_TOLD


def test_an_x_server_that_only_serves_wayland_is_not_believed() -> None:
    async def life() -> Looker:
        async with fake(FakeX(serves={**SERVES_ALL, "XWAYLAND": XWAYLAND})) as display:
            looker = Looker({"DISPLAY": display, "XDG_RUNTIME_DIR": "/nonexistent"})
            assert await looker.look() == (FREE, "")
            return looker

    assert asyncio.run(life()).fullscreen.status()["note"] == NOT_TOLD


def test_an_x_server_that_is_not_there_is_a_problem(caplog: pytest.LogCaptureFixture) -> None:
    looker = Looker({"DISPLAY": ":4711", "XDG_SESSION_TYPE": "x11"})
    for _ in range(2):
        assert asyncio.run(looker.look()) == (FREE, "")
    problem = "cannot reach the X server :4711: Connection refused"
    assert (looker.fullscreen.status()["ok"], looker.fullscreen.status()["problem"]) == (False, problem)
    assert [record.getMessage() for record in caplog.records] == [
        f"What fills the screen may go unnoticed: {problem}."
    ]


class DyingX(FakeX):
    """Tells of a window in front, and dies when it is asked about that."""

    ROOT, WINDOW, SUPPORTED, ACTIVE, _, FULL = 99, 7, 1, 2, 3, 4  # atoms in the order of the questions

    def _answer(self, major: int, minor: int, number: int, body: bytes) -> bytes:
        match major:
            case 16:  # InternAtom
                atoms = sum(asked[0] == 16 for asked in self.asked)
                return struct.pack("=BxHII20x", 1, number, 0, atoms)
            case 20:  # GetProperty
                window, name = struct.unpack_from("=II", body)
                if window != self.ROOT:
                    raise ConnectionResetError
                items = {self.SUPPORTED: (self.ACTIVE, self.FULL), self.ACTIVE: (self.WINDOW,)}[name]
                head = struct.pack("=BBHIIII12x", 1, 32, number, len(items), 4, 0, len(items))
                return head + struct.pack(f"={len(items)}I", *items)
        return super()._answer(major, minor, number, body)


def test_an_x_server_that_dies_while_it_is_asked_is_a_problem() -> None:
    async def life() -> Looker:
        async with fake(DyingX()) as display:
            looker = Looker({"DISPLAY": display, "XDG_SESSION_TYPE": "x11"})
            assert await looker.look() == (FREE, "")
            return looker

    assert asyncio.run(life()).fullscreen.status()["problem"] == "the X server went away"


def test_a_display_that_hangs_is_not_waited_for(managed: XServer) -> None:
    managed.stop()
    try:
        looker = Looker(on(managed), limit=0.3)
        assert asyncio.run(looker.look()) == (FREE, "")
    finally:
        managed.go_on()
    assert looker.fullscreen.status()["problem"] == "the display does not answer"


# ---- Wayland ----------------------------------------------------------------------------------------------


def test_a_window_that_fills_the_screen_of_sway_is_told_by_its_application(screen: XServer) -> None:
    async def life(environment: dict[str, str]) -> None:
        # An X server is there, too, as Xwayland is: what it shows does not count.
        looker = Looker({**on(screen), **environment, "XDG_SESSION_TYPE": "wayland"})
        with wayland_window(environment, "--fullscreen", "--app-id=film"):
            await looker.sees(FILLED, "film")
            assert looker.fullscreen.status()["source"] == "wayland"
            assert await Looker(environment, "Film").look() == (FREE, "")
        await looker.sees(FREE, "")

    with sway() as environment:
        asyncio.run(life(environment))


@pytest.mark.parametrize(
    ("windows", "told"),
    [
        ([], (FREE, "")),
        ([("film", FRONT)], (FILLED, "film")),
        ([("editor", (ACTIVATED,)), ("film", (FULLSCREEN,))], (FREE, "")),  # on another screen, or behind
        ([("editor", ()), ("film", (0, *FRONT))], (FILLED, "film")),
        ([("", FRONT)], (FILLED, "")),
    ],
)
def test_the_application_in_front_fills_the_screen_or_none_does(
    windows: list[tuple[str, tuple[int, ...]]], told: tuple[str, str], tmp_path: Path
) -> None:
    assert asyncio.run(ask(FakeCompositor(windows=windows), tmp_path)) == (told, "", "")


@pytest.mark.parametrize("version", [0, 1])
def test_where_the_compositor_does_not_tell_that_is_said_and_nothing_is_broken(
    version: int, tmp_path: Path
) -> None:
    compositor = FakeCompositor(version, [("film", FRONT)])
    assert asyncio.run(ask(compositor, tmp_path)) == ((FREE, ""), NOT_TOLD, "")


def test_a_window_that_is_closed_while_it_is_told_of_fills_nothing(tmp_path: Path) -> None:
    compositor = FakeCompositor(windows=[("film", FRONT)], more=message(0xFF000000, 6))
    assert asyncio.run(ask(compositor, tmp_path))[0] == (FREE, "")


@pytest.mark.parametrize(
    "nonsense",
    [message(0xFF000000, 4, struct.pack("=II", 400, 2)), struct.pack("=II", 1, 3 << 16)],
)
def test_a_compositor_that_talks_nonsense_is_a_problem(nonsense: bytes, tmp_path: Path) -> None:
    compositor = FakeCompositor(windows=[("film", FRONT)], more=nonsense)
    told, _, problem = asyncio.run(ask(compositor, tmp_path))
    assert (told, problem.startswith("the Wayland display talks nonsense")) == ((FREE, ""), True)


def test_a_socket_that_a_dead_compositor_left_does_not_hide_the_x_server(
    managed: XServer, tmp_path: Path
) -> None:
    async def life() -> None:
        async with answering(str(tmp_path / "wayland-0"), FakeCompositor().talk):
            pass  # its socket stays
        environment = {**on(managed), "XDG_SESSION_TYPE": "", "XDG_RUNTIME_DIR": str(tmp_path)}
        with x_window(managed, "-fullscreen"):
            await Looker(environment).sees(FILLED, "Film")

    asyncio.run(life())


async def ask(compositor: FakeCompositor, folder: Path) -> tuple[tuple[str, str], str, str]:
    """What one look tells, the note and the problem."""
    looker = Looker(at(folder))
    async with answering(str(folder / "wayland-7"), compositor.talk):
        told = await looker.look()
    status = looker.fullscreen.status()
    return told, status["note"], status["problem"]


# ---- when -------------------------------------------------------------------------------------------------


def test_without_a_display_there_is_nothing_to_tell(tmp_path: Path) -> None:
    looker = Looker({"XDG_RUNTIME_DIR": str(tmp_path)})
    assert asyncio.run(looker.look()) == (FREE, "")
    assert looker.fullscreen.status() == {
        "ok": True,
        "problem": "",
        "note": "",
        "source": "",
        "on": False,
        "application": "",
    }


def test_switched_off_nobody_is_asked() -> None:
    async def find() -> dict[str, str]:
        raise AssertionError("nobody wants to know")

    told: list[QuietChanged] = []
    fullscreen = Fullscreen(told.append, find)
    asyncio.run(fullscreen.look())
    assert [event.detail for event in told] == [FREE]


def test_switched_on_it_looks_once_so_that_status_knows(tmp_path: Path) -> None:
    async def life() -> None:
        looks = 0

        async def find() -> dict[str, str]:
            nonlocal looks
            looks += 1
            return at(tmp_path)

        fullscreen = Fullscreen(lambda _: None, find)
        async with answering(str(tmp_path / "wayland-7"), FakeCompositor(0).talk):
            fullscreen.configure(False, ())
            life = asyncio.create_task(fullscreen.run())
            await asyncio.sleep(0)  # it begins
            assert looks == 0
            fullscreen.configure(True, ())
            await eventually(lambda: fullscreen.status()["note"])
            fullscreen.configure(False, ())
            assert (looks, fullscreen.status()["note"]) == (1, "")
            life.cancel()

    asyncio.run(life())
