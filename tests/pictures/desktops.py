"""The desktops that are photographed: a screen, and the programs that make it somebody's desktop."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pictures.screens import Point, Screen, sway_screen, x_screen
from support.command import PROGRAM
from support.dnd_helpers import running, startable
from support.gnome_shell import gnome_shell
from support.helpers import patient
from support.life import Life
from support.logind_helpers import private_bus

Place = AbstractContextManager[tuple[Life, Screen]]
_BEGUN = 1.0  # seconds after which the next program may need it
_HOMES = Path(__file__).with_name("homes")
_NOTIFYD = "/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd"
_NOTIFICATION_DAEMON = "/usr/lib/notification-daemon/notification-daemon"
_FACE = "import sys; from neckguard.cli.service.launcher import install; install(sys.argv[1])"


@dataclass(frozen=True)
class Desktop:
    """How to come to one, and how to look at it."""

    packages: Mapping[str, str]  # Debian's, by a program of each
    place: Callable[[Path], Place]  # in a new folder
    look: tuple[str, ...] = ("-trim",)  # how `convert` cuts out what is to be seen
    tray: tuple[Point, Point] | None = None  # neckguard's icon, and "Pause for 30 min" in its menu


@contextmanager
def _place(
    folder: Path,
    *,
    screen: Callable[[], AbstractContextManager[Screen]],
    programs: tuple[tuple[str, ...], ...],
    variables: Mapping[str, str] | None = None,
    services: tuple[str, ...] = (),
    prepare: Callable[[Life], None] = lambda life: None,
) -> Iterator[tuple[Life, Screen]]:
    """A home on a screen with these programs; its session bus starts the services when they are wanted."""
    with ExitStack() as stack:
        system = stack.enter_context(private_bus(folder / "system"))
        session = stack.enter_context(private_bus(folder / "session", started=False))
        system.logind()
        shown = stack.enter_context(screen())
        life = Life(folder / "life", session.address)
        own = {"DBUS_SYSTEM_BUS_ADDRESS": system.address, "XDG_RUNTIME_DIR": life.env["XDG_RUNTIME_DIR"]}
        life.env |= {**shown.variables, **(variables or {}), **own}
        _install_face(life)
        prepare(life)
        for service in services:
            startable(session.services, service)
        session.environment = life.env
        session.start()
        for program in programs:
            stack.enter_context(running(life.env, *program))
            time.sleep(patient(_BEGUN))
        yield life, shown


@contextmanager
def _gnome(folder: Path) -> Iterator[tuple[Life, Screen]]:
    """GNOME Shell, which has buses of its own."""
    with gnome_shell(folder, TZ="Europe/Berlin") as shell:
        life = Life(Path(shell.env["HOME"]), shell.env["DBUS_SESSION_BUS_ADDRESS"])
        for name in ("DBUS_SYSTEM_BUS_ADDRESS", "XDG_CURRENT_DESKTOP"):
            life.env[name] = shell.env[name]
        _install_face(life)
        yield life, Screen({}, shell.picture)


def _install_face(life: Life) -> None:
    """The launcher entry and the icons, before the desktop looks for them."""
    subprocess.run([sys.executable, "-c", _FACE, str(PROGRAM)], env=life.env, check=True)


def _settings_of(name: str, life: Life) -> None:
    """The ones that lie here under that name."""
    shutil.copytree(_HOMES / name, Path(life.env["XDG_CONFIG_HOME"]) / name)


def _waybar(life: Life) -> None:
    """The module as `bar waybar` prints it, beside the tray."""
    module, _, style = life.ask("bar", "waybar").out.partition("/*")
    folder = Path(life.env["XDG_CONFIG_HOME"]) / "waybar"
    folder.mkdir()
    lists = '"layer": "top", "height": 30, "modules-right": ["custom/neckguard", "tray"],'
    (folder / "config").write_text(f"{{{lists}\n{module}}}")
    (folder / "style.css").write_text(f"/*{style}")


_on_x = partial(partial, _place, screen=x_screen)
_on_sway = partial(partial, _place, screen=sway_screen)
_X = {"Xvfb": "xvfb", "import": "imagemagick", "xdotool": "xdotool"}
_SWAY = {"sway": "sway", "grim": "grim"}
_KDE = {
    "XDG_CURRENT_DESKTOP": "KDE",
    "KDE_FULL_SESSION": "true",
    "KDE_SESSION_VERSION": "5",
    "QT_QUICK_BACKEND": "software",
    "QSG_RENDER_LOOP": "basic",
}

DESKTOPS = {
    "dunst": Desktop({**_X, "dunst": "dunst"}, _on_x(programs=(("dunst",),))),
    "notification-daemon": Desktop(
        {**_X, _NOTIFICATION_DAEMON: "notification-daemon"}, _on_x(programs=((_NOTIFICATION_DAEMON,),))
    ),
    "mako": Desktop({**_SWAY, "mako": "mako-notifier"}, _on_sway(programs=(("mako",),))),
    "swaync": Desktop({**_SWAY, "swaync": "sway-notification-center"}, _on_sway(programs=(("swaync",),))),
    "waybar": Desktop(
        {**_SWAY, "mako": "mako-notifier", "waybar": "waybar"},
        _on_sway(
            programs=(("mako", "--height", "250"), ("waybar",)),
            variables={"XDG_CURRENT_DESKTOP": "sway"},
            prepare=_waybar,
        ),
        look=("-gravity", "NorthEast", "-crop", "400x280+0+0"),
    ),
    "xfce": Desktop(
        {**_X, "openbox": "openbox", "xfce4-panel": "xfce4-panel", _NOTIFYD: "xfce4-notifyd"},
        _on_x(
            programs=(("openbox",), ("xfce4-panel", "--disable-wm-check"), (_NOTIFYD,)),
            variables={"XDG_CURRENT_DESKTOP": "XFCE"},
            services=("org.xfce.Xfconf",),
            prepare=partial(_settings_of, "xfce4"),
        ),
        tray=((400, 15), (430, 91)),
    ),
    "plasma": Desktop(
        {**_X, "openbox": "openbox", "plasmashell": "plasma-desktop"},
        partial(
            _place,
            screen=partial(x_screen, "1024x768"),
            programs=(("openbox",), ("plasmashell", "--no-respawn")),
            variables=_KDE,
            services=("org.kde.ActivityManager", "org.kde.kded5"),
        ),
        look=("-gravity", "SouthEast", "-crop", "440x350+0+0"),
        tray=((800, 750), (870, 490)),
    ),
    "gnome": Desktop(
        {"gnome-shell": "gnome-shell"},
        _gnome,
        look=("-gravity", "North", "-crop", "560x250+0+0"),
    ),
}
