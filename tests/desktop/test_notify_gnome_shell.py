"""The notifier with a real GNOME Shell: what one reads there without moving a hand."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from support.fake_daemon import short_directory
from support.gnome_shell import GnomeShell, Message, gnome_shell
from support.helpers import eventually, wait_until
from support.life import Life
from support.notification_helpers import Desk, Work, at_work, showing
from support.virtual import Desk as VirtualDesk

from neckguard.content.loader import load_content
from neckguard.core.model import Card
from neckguard.core.verbs import Now

SWITCHES = (
    "org.gnome.desktop.notifications.application:/org/gnome/desktop/notifications/application/neckguard/"
)
GREETING = 4.0  # seconds for which GNOME shows a banner to somebody who is there


def test_a_folded_banner_shows_all_lines_and_leaves_an_entry_that_nobody_closed(tmp_path: Path) -> None:
    async def story(shell: GnomeShell) -> None:
        async with at_work(shell.session.address) as work:
            for name in ("posture", "stretch", "break"):
                card = card_of(name)
                banner = await shows(shell, work, card)
                assert (banner.expanded, banner.cut) == (False, False)
                assert " ".join(banner.lines) == " ".join(as_ended(line) for line in card.lines)
                begun = [line for line in card.lines if any(map(line.startswith, banner.lines))]
                assert begun == list(card.lines)
                if name != "break":
                    work.notifier.hide(card.key)
                    await eventually(lambda: shell.banner() is None)
            for x in (400, 500):  # somebody is there, and for them alone its time runs
                shell.move(x, 400)
            await eventually(lambda: shell.banner() is None, GREETING + 6)
            shell.show_list()
            (entry,) = shell.entries()
            assert (entry.title, entry.expanded) == (card.title, False)
            assert card.lines[0].startswith(entry.lines[0])
            await work.quiet()

    with gnome_shell(tmp_path) as shell:
        asyncio.run(story(shell))


def test_a_guide_stays_in_sight_from_the_click_that_begins_it(tmp_path: Path) -> None:
    with gnome_shell(tmp_path) as shell, short_directory() as home:
        life = Life(home, shell.session.address).begin()
        wait_until(shell.banner)  # the welcome
        shell.tidy()
        assert life.ask("now", "stretch").code == 0
        wait_until(lambda: shows_title(shell, "Ease your neck: "))
        shell.press("Start")
        ready = set[str]()

        def is_led() -> bool:
            """Smaller than what was clicked the banner may leave the pointer, and then the screen."""
            shown = shell.banner()
            lines = shown.lines if shown else ()
            ready.update(line for line in lines if line.startswith("Get ready: "))
            return len(ready) > 2 or any("1 of " in line for line in lines)

        wait_until(is_led)
        assert len(ready) > 2  # it is said again soon, and then as often as the banner would go
        assert "stretch: handed to gnome-shell at " in life.ask("why", "stretch").out
        assert life.end() == 0


def test_what_is_switched_off_in_its_settings_is_a_problem_until_it_is_on_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(shell: GnomeShell) -> None:
        caplog.set_level("INFO")
        shell.set(SWITCHES, "show-banners", "false")
        async with at_work(shell.session.address) as work:

            async def problem_is(begin: str, end: str) -> None:
                status = await eventually(
                    lambda: (now := work.notifier.status())["problem"][: len(begin)] == begin and now
                )
                assert (status["ok"], status["problem"][-len(end) :]) == (False, end)

            await problem_is(
                "GNOME puts prompts of neckguard into its list", f"{SWITCHES} show-banners true)"
            )
            shell.set(SWITCHES, "enable", "false")
            await problem_is("GNOME shows nothing of neckguard", f"{SWITCHES} enable true)")
            for key in ("enable", "show-banners"):
                shell.set(SWITCHES, key, "true")
            await eventually(lambda: work.notifier.status()["ok"])
            assert caplog.text.count("Notifications go to gnome-shell") == 1

    with gnome_shell(tmp_path) as shell:
        monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
        for name, value in shell.env.items():
            monkeypatch.setenv(name, value)  # for what reads the settings
        asyncio.run(story(shell))


def test_on_other_servers_those_settings_are_nothing_and_nobody_asks_for_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "gsettings").write_text(f"#!/bin/sh\necho >> {tmp_path}/asked\necho schema enable false\n")
    (tmp_path / "gsettings").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    async def story() -> None:
        async with at_work(desk.bus.address) as work:
            for name, is_gnome in (("fake", False), ("gnome-shell", True), ("fake", False)):
                server = desk.server(name=name)
                await eventually(partial(is_known, work, name, ok=not is_gnome))
                assert (tmp_path / "asked").exists() == is_gnome
                (tmp_path / "asked").unlink(missing_ok=True)
                await asyncio.to_thread(server.end)

    asyncio.run(story())


def card_of(name: str) -> Card:
    """What the engine shows for it, in the words that ship."""
    desk = VirtualDesk(content=load_content())
    desk.do(Now(name))
    (card,) = desk.screen.values()
    return card


def is_known(work: Work, server: str, *, ok: bool) -> bool:
    status = work.notifier.status()
    return (status["server"], status["ok"]) == (f"{server} 1.0", ok)


def shows_title(shell: GnomeShell, begin: str) -> bool:
    banner = shell.banner()
    return banner is not None and banner.title.startswith(begin)


async def shows(shell: GnomeShell, work: Work, card: Card) -> Message:
    await showing(work, card)
    banner: Message | None = await eventually(shell.banner)
    assert banner is not None
    assert banner.title == card.title
    return banner


def as_ended(line: str) -> str:
    return line if line.endswith((".", "!", "?")) else f"{line}."
