"""Screens that nobody sits at, and their cameras."""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.dnd_helpers import sway
from support.x11_helpers import xvfb

Point = tuple[int, int]


@dataclass(frozen=True)
class Screen:
    """What a program must know to draw on it, and what photographs all that is on it into a PNG file."""

    variables: Mapping[str, str]
    shoot: Callable[[Path], None]

    def point(self, point: Point, *then: str) -> None:
        """Move the pointer there; on X alone."""
        self.run("xdotool", "mousemove", *map(str, point), *then)

    def click(self, point: Point) -> None:
        """Click there."""
        self.point(point, "click", "1")

    def run(self, *command: str) -> None:
        """Run a program of this screen to its end."""
        subprocess.run(command, env={**os.environ, **self.variables}, check=True)


@contextmanager
def x_screen(size: str = "640x480") -> Iterator[Screen]:
    """An X server, white where nothing is."""
    with xvfb("-screen", "0", f"{size}x24", "-noreset", "-wr") as server:
        yield _with_camera({"DISPLAY": server.display, "GDK_BACKEND": "x11"}, "import", "-window", "root")


@contextmanager
def sway_screen(size: str = "640x480") -> Iterator[Screen]:
    """A sway."""
    with sway(f"output * resolution {size}") as variables:
        yield _with_camera(variables, "grim")


def _with_camera(variables: Mapping[str, str], *command: str) -> Screen:
    screen = Screen(variables, lambda file: screen.run(*command, str(file)))
    return screen
