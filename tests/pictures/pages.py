"""What neckguard shows beside notifications: a stretch in a terminal, and the report in a browser."""

import os
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.history import make_history
from pictures.screens import x_screen
from support.command import installed, neckguard, nowhere
from support.dnd_helpers import running
from support.helpers import patient
from support.terminal import Terminal

_COLOURS = "-bg", "#1d1f27", "-fg", "#e4e4e8"
_FONT = "-fa", "DejaVu Sans Mono", "-fs", "11", "-b", "8", "-geometry", "80x24+0+0"
_TERMINAL = "xterm", *_COLOURS, *_FONT, "-e", "neckguard", "stretch"
_BEGUN, _AMID = 4.0, 16.0  # seconds until a program is there, and amid a movement
_ANSWERS = ("none", "none", "no")  # to its questions
# In this order: a sandbox is not for root, and nothing shall be looked for in the network.
_BROWSER = (
    "chromium",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=900,880",
)
_SCHEMES = {"light": 1, "dark": 0}  # as Blink numbers them
Keep = Callable[[str, Callable[[Path], None]], None]
"""Keep what this camera photographs, under that name."""


def stretch(folder: Path, keep: Keep) -> None:
    """`neckguard stretch`, its questions answered."""
    env = {**nowhere(folder), "HOME": str(folder), "XDG_STATE_HOME": str(folder), "LC_ALL": "C.UTF-8"}
    asking = Terminal(env, ["stretch", "--questions"], pace=1.0, size=(80, 24))
    for answer in _ANSWERS:
        asking.until("> ")
        asking.type(f"{answer}\n")
    assert asking.end() == 0
    asking.close()
    with x_screen("738x474") as screen, running(installed({**env, **screen.variables}), *_TERMINAL):
        time.sleep(patient(_BEGUN))
        screen.run("xdotool", "key", "space")
        time.sleep(_AMID)
        keep("stretch", screen.shoot)


def report(folder: Path, keep: Keep) -> None:
    """The page of `neckguard report`, of a history that is made up, by day and by night."""
    env = {**nowhere(folder), "HOME": str(folder), "XDG_STATE_HOME": str(folder), "TZ": "Europe/Berlin"}
    history = folder / "neckguard" / "history.db"
    history.parent.mkdir()
    make_history(history, 90, last=datetime.now(UTC))
    page = folder / "report.html"
    told = neckguard("report", "--output", str(page), env=env)
    assert told.code == 0, told
    for name, scheme in _SCHEMES.items():
        settings = f"--blink-settings=preferredColorScheme={scheme}"

        def camera(file: Path, settings: str = settings) -> None:
            shot = (f"--user-data-dir={folder}/browser", settings, f"--screenshot={file}", f"file://{page}")
            subprocess.run([*_BROWSER, *shot], env=os.environ, check=True, stderr=subprocess.DEVNULL)

        keep(f"report-{name}", camera)


PAGES: dict[str, tuple[dict[str, str], Callable[[Path, Keep], None]]] = {
    "stretch": ({"Xvfb": "xvfb", "xdotool": "xdotool", "xterm": "xterm"}, stretch),
    "report": ({"chromium": "chromium"}, report),
}
"""How to make each, and Debian's packages, by a program of each."""
