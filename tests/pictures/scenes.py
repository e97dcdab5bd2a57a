"""The cards that everybody sees, one after the other, and a picture of each.

The daemon runs for real, and in real time: what there is to wait for is a guide's step, or that a card has
slid in.
"""

import time
from collections.abc import Callable

from pictures.screens import Point, Screen
from support.helpers import patient, wait_until
from support.life import Life

Take = Callable[[str], None]
"""Take a picture with this name of all that is on the screen."""

# Nobody gives input on a screen like this.
SETTINGS = """
[presence]
source = "none"
[quiet]
settle = "0s"
merge_window = "0s"
[notify]
icon = ""
"""
BROKEN = (
    SETTINGS
    + """
[reminders.posture]
evry = "25m"
"""
)
_GOT_READY = 14.0  # seconds until a guide is amid its movement
_FOLLOWED = 5.0  # seconds until a bar has noticed that the daemon is there again
_DRAWN = 2.0  # seconds until a card has slid in, or is gone


def play(life: Life, take: Take) -> None:
    """Let the daemon begin, and take the pictures of its cards; it goes on."""
    life.begin(SETTINGS)
    wait_until(lambda: life.status()["services"]["notify"]["server"])
    _seen("welcome", take)
    life.end()  # and with it goes what it showed
    life.begin(SETTINGS)
    time.sleep(patient(_FOLLOWED))
    for kind in ("posture", "stretch", "break"):
        life.ask("now", kind)
        wait_until(lambda: life.status()["prompt"])
        _seen(kind, take)
        if kind != "posture":
            life.ask("start")
            wait_until(lambda: life.status()["guide"])
            time.sleep(_GOT_READY if kind == "stretch" else 0)
            _seen(f"{kind}-guide", take)
        life.ask("skip")
    life.save(BROKEN)
    wait_until(lambda: life.status()["config"]["problems"])
    _seen("settings", take)
    life.save(SETTINGS)
    wait_until(lambda: not life.status()["config"]["problems"])


def click_tray(life: Life, take: Take, screen: Screen, icon: Point, pause: Point) -> None:
    """Pause by the menu of the icon in the tray, as a hand with a mouse does."""
    screen.click(icon)
    screen.point(pause)
    _seen("tray", take)
    screen.click(pause)
    wait_until(lambda: life.status()["state"] == "paused")
    _seen("paused", take)


def _seen(name: str, take: Take) -> None:
    time.sleep(patient(_DRAWN))
    take(name)
