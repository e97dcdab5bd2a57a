"""The daemon while something fills the screen, and while a program runs that was named."""

import json
import shutil
from pathlib import Path

from support.dnd_helpers import running
from support.helpers import wait_until
from support.life import QUICK, Life
from support.notification_helpers import Desk, FakeServer
from support.window_helpers import ACTIVATED, FULLSCREEN, FakeCompositor, listening

FILLED = "an application fills the screen"
RUNS = "a program you named is running"
FILM = [("film", (ACTIVATED, FULLSCREEN))]


def quiet(life: Life) -> list[tuple[str, str]]:
    return [(each["reason"], each["detail"]) for each in life.status()["quiet"]]


def prompts(server: FakeServer) -> list[str]:
    return [title for title in server.titles if title != "Welcome to neckguard"]


def test_what_fills_the_screen_is_in_the_way_until_it_may(life: Life, desk: Desk) -> None:
    server = desk.server()
    life.env["WAYLAND_DISPLAY"] = "wayland-7"
    with listening(FakeCompositor(windows=FILM), life.base / "run" / "wayland-7"):
        life.begin(f"{QUICK}fullscreen = true\n")
        wait_until(lambda: quiet(life) == [("fullscreen", FILLED)])
        said = life.ask("why").out
        assert "Quiet: film fills the screen, seen since " in said
        assert f"in the way: {FILLED}." in said
        assert f": {FILLED}." in life.ask("status").out
        assert prompts(server) == []
        life.save(f"{QUICK}fullscreen = true\nfullscreen_ignore = ['FILM']\n")
        wait_until(lambda: prompts(server))
        service = life.status()["services"]["fullscreen"]
        assert (service["source"], service["on"], service["application"]) == ("wayland", True, "film")


def test_when_the_screen_is_free_again_the_prompt_comes(life: Life, desk: Desk) -> None:
    server = desk.server()
    life.env["WAYLAND_DISPLAY"] = "wayland-7"
    compositor = FakeCompositor(windows=FILM)
    with listening(compositor, life.base / "run" / "wayland-7"):
        life.begin(f"{QUICK}fullscreen = true\n")
        wait_until(lambda: quiet(life) == [("fullscreen", FILLED)])
        compositor.windows = ()
        assert life.ask("why").code == 0  # it asks afresh, which is sooner than half a minute
        wait_until(lambda: len(prompts(server)) == 1)
        assert quiet(life) == []


def test_where_the_desktop_does_not_tell_the_status_says_so_at_once(life: Life, desk: Desk) -> None:
    desk.server()
    life.env["WAYLAND_DISPLAY"] = "wayland-7"
    with listening(FakeCompositor(0), life.base / "run" / "wayland-7"):
        life.begin("[quiet]\nfullscreen = true\n")
        said = "this desktop does not tell what fills the screen, so quiet.fullscreen has no effect here"
        wait_until(lambda: f"Note: {said}" in life.ask("status").out)
        assert not [line for line in life.ask("status").out.splitlines() if "fullscreen:" in line]
        checked = life.ask("config", "check")
        assert (checked.code, checked.out.splitlines()[1:]) == (
            0,
            [f"note: {life.config}: quiet.fullscreen: {said}"],
        )
        assert [
            each["message"] for each in json.loads(life.ask("config", "check", "--json").out)["notes"]
        ] == [said]
        life.save("")
        assert life.ask("config", "check").out == f"{life.config}: ok\n"


def test_a_program_that_was_named_is_in_the_way_until_it_ends(life: Life, desk: Desk) -> None:
    server = desk.server()
    program = Path(shutil.copy(str(shutil.which("sleep")), life.base / "ngt-recorder"))
    with running({}, str(program), "600"):
        life.begin(f"{QUICK}programs = ['ngt-recorder']\n")
        wait_until(lambda: quiet(life) == [("program", RUNS)])
        assert "Quiet: ngt-recorder is running, seen since " in life.ask("why").out
        assert prompts(server) == []
    assert life.ask("why").code == 0
    wait_until(lambda: len(prompts(server)) == 1)
    assert quiet(life) == []
