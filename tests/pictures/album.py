"""All pictures, taken and made small."""

import argparse
import shutil
import subprocess
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from pictures.desktops import DESKTOPS, Desktop
from pictures.pages import PAGES
from pictures.scenes import click_tray, play
from support.fake_daemon import short_directory

_PICTURES = Path(__file__).resolve().parents[2] / ".github" / "pictures"
_SMALL = ("+repage", "-strip", "+dither", "-colors", "64")


def main() -> int:
    """Make the pictures that are asked for; says what must be installed for the others."""
    everything = (*DESKTOPS, *PAGES)
    parser = argparse.ArgumentParser(prog="python -m tests.pictures")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(everything))
    parser.add_argument("-o", "--output", type=Path, default=_PICTURES, metavar="FOLDER")
    args = parser.parse_args()
    args.output.mkdir(parents=True, exist_ok=True)
    return max([_make(name, args.output) for name in args.names or everything])


def _make(name: str, folder: Path) -> int:
    packages = DESKTOPS[name].packages if name in DESKTOPS else PAGES[name][0]
    if missing := _missing({"convert": "imagemagick", **packages}):
        print(f"{name}: install first {' '.join(missing)}")
        return 1
    with short_directory() as base:
        if name in DESKTOPS:
            _visit(name, DESKTOPS[name], base, folder)
        else:
            PAGES[name][1](base, partial(_keep, folder, look=()))
    return 0


def _missing(packages: Mapping[str, str]) -> list[str]:
    """The packages that must be installed first."""
    return sorted({package for program, package in packages.items() if not shutil.which(program)})


def _visit(name: str, desktop: Desktop, base: Path, folder: Path) -> None:
    """All scenes on one desktop."""
    with desktop.place(base) as (life, screen):

        def take(scene: str) -> None:
            _keep(folder, f"{name}-{scene}", screen.shoot, desktop.look)

        try:
            play(life, take)
            if desktop.tray is not None:
                click_tray(life, take, screen, *desktop.tray)
        finally:
            life.end()


def _keep(folder: Path, name: str, camera: Callable[[Path], None], look: tuple[str, ...]) -> None:
    """What is to be seen of a photograph, in few colours: a small file."""
    file = folder / f"{name}.png"
    camera(file)
    subprocess.run(["convert", str(file), *look, *_SMALL, f"PNG8:{file}"], check=True)
    print(file)
