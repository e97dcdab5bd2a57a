"""A real dunst on a real X server."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.helpers import need, patient
from support.notification_helpers import PrivateBus

# The menu with which dunst offers actions: it takes the line that is in the file `choice`.
CONFIG = """[global]
    dmenu = "{menu}"
    format = "%s"
[urgency_critical]
    format = "critical: %s"
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

    async def shown_so_far(self) -> list[tuple[int, str, int]]:
        """Id, text and progress of what it has shown and, by now, closed; the latest first."""
        await self.do("close-all")
        (history,) = json.loads(await self.do("history"))["data"]
        return [tuple(note[part]["data"] for part in ("id", "message", "progress")) for note in history]

    async def shows(self, number: int) -> None:
        async with asyncio.timeout(patient(10)):
            while await self.do("count", "displayed") != str(number):  # noqa: ASYNC110 -- dunst tells nobody
                await asyncio.sleep(0.02)


@contextmanager
def x_server() -> Iterator[str]:
    """The name of its display."""
    need("Xvfb")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x600x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as answer:
            yield f":{answer.readline().strip()}"
        server.terminate()
