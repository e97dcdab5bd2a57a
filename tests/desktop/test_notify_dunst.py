"""The notifier with a real dunst on a real X server."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import eventually, need
from notification_helpers import NAME, POSTURE, PrivateBus, Work, at_work

from neckguard.core.model import Answered, Closed, Delivered, NotifierChanged
from neckguard.desktop import notify_server

READY = NotifierChanged(ready=True, keeps=False)
GONE = NotifierChanged(ready=False, keeps=False)
DELIVERED = Delivered(POSTURE.key)

# The menu with which dunst offers actions: it takes the line that is in the file `choice`.
CONFIG = """[global]
    dmenu = "{menu}"
"""
MENU = """#!/bin/sh
grep -F -f "$(dirname "$0")/choice"
"""


class Dunst:
    """A dunst that can be stopped, killed and asked."""

    def __init__(self, session: PrivateBus, display: str, folder: Path) -> None:
        self.folder = folder
        menu = folder / "menu"
        menu.write_text(MENU)
        menu.chmod(0o755)
        self.config = folder / "dunstrc"
        self.config.write_text(CONFIG.format(menu=menu))
        self.environment = {**os.environ, "DISPLAY": display, "DBUS_SESSION_BUS_ADDRESS": session.address}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(["dunst", "-conf", str(self.config)], env=self.environment)

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    async def do(self, *arguments: str) -> str:
        """What dunstctl prints; the loop goes on meanwhile."""
        child = await asyncio.create_subprocess_exec(
            "dunstctl", *arguments, env=self.environment, stdout=subprocess.PIPE
        )
        return (await child.communicate())[0].decode().strip()

    async def choose(self, action: str) -> None:
        """Pick the button with this key in dunst's menu, whose lines end with `[id,key]`."""
        (self.folder / "choice").write_text(f",{action}]")
        await self.do("context")

    async def shows(self, number: int) -> None:
        async with asyncio.timeout(10):
            while await self.do("count", "displayed") != str(number):  # noqa: ASYNC110 -- dunst tells nobody
                await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    need("Xvfb")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x600x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as answer:
            yield f":{answer.readline().strip()}"
        server.terminate()


@pytest.fixture
def dunst(session: PrivateBus, display: str, tmp_path: Path) -> Iterator[Dunst]:
    need("dunst", "dunstctl")
    dunst = Dunst(session, display, tmp_path)
    yield dunst
    dunst.kill()


async def showing(work: Work) -> None:
    await work.told(READY)
    work.notifier.show(POSTURE)
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
            await showing(work)
            await dunst.shows(1)

    try:
        asyncio.run(story())
    finally:
        with suppress(ProcessLookupError, FileNotFoundError):
            os.kill(int(pid.read_text()), signal.SIGKILL)
