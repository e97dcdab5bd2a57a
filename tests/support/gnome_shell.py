"""A real GNOME Shell, without a screen or on one of X: asked what one sees there, and taken pictures of.

It runs on buses and in a home of its own, with a mocked logind and the real dconf. A small extension opens
what GNOME keeps for itself: `org.gnome.Shell.Eval` and `org.gnome.Shell.Screenshot`.
"""

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from jeepney.wrappers import DBusErrorResponse

from support.dnd_helpers import running, startable
from support.helpers import give_up, need, wait_until
from support.logind_helpers import PrivateBus, private_bus

SHELL = "org.gnome.Shell", "/org/gnome/Shell", "org.gnome.Shell"
SCREENSHOT = "org.gnome.Shell.Screenshot", "/org/gnome/Shell/Screenshot", "org.gnome.Shell.Screenshot"
BUS = "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus"
HANDS_ON = "org.gnome.Shell.Notifications"  # a program of its own has the name of the server, for the shell
HEADLESS = "--wayland", "--no-x11", "--headless", "--virtual-monitor", "1024x768"
ON_X = ("--x11",)  # for a shell on the display that DISPLAY names

OPENER = "open@neckguard"
_OPENER = "class { enable() { global.context.unsafe_mode = true; } disable() {} }"
# The extension for the versions known from within, those of Debian 12 and 13: since 45 it is a module.
EXTENSIONS = {"43": f"function init() {{ return new ({_OPENER})(); }}\n", "48": f"export default {_OPENER}\n"}
# What greets one at first is not looked at here, and each picture shall be of the end of a movement.
SETTINGS = {
    ("org.gnome.desktop.interface", "enable-animations"): "false",
    ("org.gnome.shell", "welcome-dialog-last-shown-version"): "99",
}
# The overview that a session begins with, and the notice about what the extension opened.
TIDY = "Main.overview.hide(); Main.messageTray.getSources().forEach(source => source.destroy());"
TIDIED = "!Main.overview.visible && !Main.messageTray._banner"
# The text of a message, line by line as it is laid out.
LAID_OUT = """((message) => {
    const body = message.bodyLabel ?? message._bodyLabel;  // 43; 48
    const layout = body.clutter_text.get_layout(), lines = layout.get_iter(), begins = [];
    do { begins.push(lines.get_index()); } while (lines.next_line());
    return { title: message.titleLabel.text, text: layout.get_text(), begins, cut: layout.is_ellipsized(),
             expanded: message.expanded };
})"""
BANNER = f"Main.messageTray._banner && {LAID_OUT}(Main.messageTray._banner)"
LIST = f"""(({{ _notificationSection, _messageView }}) =>
    _notificationSection?._messages  // 43; 48
    ?? _messageView.messages.flatMap(group => [...group._notificationToMessage.values()])
)(Main.panel.statusArea.dateMenu._messageList).map({LAID_OUT})"""
# Only what the pointer moves on is unfolded, and has buttons.
BUTTON = """(() => {
    const banner = Main.messageTray._banner, x = global.screen_width / 2, y = 60;
    const button = banner._buttonBox?.get_children().find(button => button.label === LABEL);
    if (!banner.expanded || !button?.allocation.get_width())
        return [false, x, y];
    const [left, top] = button.get_transformed_position();
    return [true, left + button.width / 2, top + button.height / 2];
})()"""
POINTER = """global.pointer ??= imports.gi.Clutter.get_default_backend().get_default_seat()
    .create_virtual_device(imports.gi.Clutter.InputDeviceType.POINTER_DEVICE);"""


@dataclass(frozen=True)
class Message:
    """A banner, or an entry of the list, as it is drawn."""

    title: str
    lines: tuple[str, ...]
    cut: bool  # a line was too long to be drawn whole
    expanded: bool  # with its buttons


class GnomeShell:
    """The shell; `env` is what a program needs to be on its desktop."""

    def __init__(self, session: PrivateBus, env: dict[str, str]) -> None:
        self.session = session
        self.env = env

    def do(self, script: str) -> Any:
        """What this JavaScript comes to inside the shell, with its `Main`, `global` and `imports`."""
        worked, told = self.session.call(*SHELL, "Eval", "s", script)
        assert worked, told
        return json.loads(told) if told else None

    def tidy(self) -> None:
        """Nothing is in front of the desktop."""
        wait_until(lambda: self.do(TIDIED) or self.do(TIDY))  # the notice may come late

    def banner(self) -> Message | None:
        """What pops up now."""
        told = self.do(BANNER)
        return _message(told) if told else None

    def entries(self) -> list[Message]:
        """What the list under the clock has; `show_list` first, so that it is laid out."""
        return [_message(told) for told in self.do(LIST)]

    def show_list(self) -> None:
        """Open the list under the clock."""
        self.do("Main.panel.statusArea.dateMenu.menu.open()")

    def set(self, schema: str, key: str, value: str) -> None:
        """Change a setting, as the person does it in GNOME's settings."""
        subprocess.run(["gsettings", "set", schema, key, value], env=self.env, check=True)

    def move(self, x: float, y: float) -> None:
        """Move the pointer there: that is input."""
        self.do(f"{POINTER} global.pointer.notify_absolute_motion(GLib.get_monotonic_time(), {x}, {y})")

    def click(self, x: float, y: float) -> None:
        """Click there."""
        self.move(x, y)
        for pressed in (1, 0):
            self.do(f"global.pointer.notify_button(GLib.get_monotonic_time(), 1, {pressed})")

    def press(self, label: str) -> None:
        """Click on this button of the banner that pops up."""
        moves, before = count(), [0.0, 0.0]

        def at_rest() -> Sequence[float]:
            """Where the button is, when it is there and did not move since it was asked for last."""
            nonlocal before
            there, *place = self.do(BUTTON.replace("LABEL", json.dumps(label)))
            if not there:
                self.move(place[0] + next(moves) % 2, place[1])
            last, before = before, place
            return place if there and place == last else ()

        x, y = wait_until(at_rest)
        self.click(x, y)

    def picture(self, file: Path) -> None:
        """Take a picture of the screen, as PNG."""
        taken, _ = self.session.call(*SCREENSHOT, "Screenshot", "bbs", False, False, str(file))
        assert taken

    def is_up(self) -> bool:
        """Whether its session began, and it is open to questions."""
        try:
            return bool(self.do("!Main.layoutManager._startingUp"))
        except (DBusErrorResponse, AssertionError):
            return False


@contextmanager
def gnome_shell(
    folder: Path, *arguments: str, extensions: tuple[str, ...] = (), **more: str
) -> Iterator[GnomeShell]:
    """A tidy shell with these extensions of the system; `more` is put into its environment."""
    need("gnome-shell", "gjs", "gsettings")
    version = subprocess.check_output(["gnome-shell", "--version"], text=True).split()[-1]
    known = version.partition(".")[0]
    if known not in EXTENSIONS:  # others may draw by other names
        give_up(f"knows GNOME Shell {' and '.join(EXTENSIONS)} from within, not {version}")
    kept = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("XDG_", "DISPLAY", "WAYLAND_", "GSETTINGS_"))
    }
    env = {
        **kept,
        "HOME": str(folder / "home"),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "XDG_CURRENT_DESKTOP": "GNOME",
        "XDG_SESSION_TYPE": "wayland",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        **more,
    }
    for name in ("HOME", "XDG_RUNTIME_DIR"):
        Path(env[name]).mkdir(mode=0o700)
    _write_extension(folder / "home/.local/share/gnome-shell/extensions" / OPENER, known)
    with (
        private_bus(folder / "system") as system,
        private_bus(folder / "session", started=False) as session,
    ):
        system.logind()
        env |= {"DBUS_SYSTEM_BUS_ADDRESS": system.address, "DBUS_SESSION_BUS_ADDRESS": session.address}
        startable(session.services, "ca.desrt.dconf")
        startable(session.services, HANDS_ON)
        session.environment = env
        session.start()
        shell = GnomeShell(session, env)
        for (schema, key), value in SETTINGS.items():
            shell.set(schema, key, value)
        shell.set("org.gnome.shell", "enabled-extensions", json.dumps([OPENER, *extensions]))
        with running(env, "gnome-shell", *(arguments or HEADLESS)) as process:
            wait_until(lambda: shell.is_up() or process.poll() is not None)
            assert process.poll() is None, "gnome-shell ended"
            session.call(*BUS, "StartServiceByName", "su", HANDS_ON, 0)
            wait_until(lambda: session.owned("org.freedesktop.Notifications"))
            shell.tidy()
            yield shell


def _message(told: dict[str, Any]) -> Message:
    """The lines begin at these bytes."""
    begins, text = told["begins"], told["text"].encode()
    ends = [*begins[1:], len(text)]
    lines = [text[begin:end].decode().strip() for begin, end in zip(begins, ends, strict=True)]
    return Message(told["title"], tuple(lines), told["cut"], told["expanded"])


def _write_extension(folder: Path, known: str) -> None:
    folder.mkdir(parents=True)
    (folder / "extension.js").write_text(EXTENSIONS[known])
    about = {"uuid": OPENER, "name": OPENER, "description": "Opens Eval.", "shell-version": [known]}
    (folder / "metadata.json").write_text(json.dumps(about))
