"""GNOME's do-not-disturb switch: the setting `show-banners`, turned off.

GNOME Shell tells it on D-Bus to nobody, and not every Settings portal offers this part of the settings. So
`gsettings` reads it: once, and again when dconf announces a change.
"""

from collections.abc import Callable

from neckguard.desktop.bus.bus import Bus, Signal
from neckguard.desktop.quiet.dnd_switch import Switch, SwitchError
from neckguard.process import run

NAME = "gnome-shell"
_KEY = "/org/gnome/desktop/notifications/show-banners"
_COMMAND = "gsettings", "get", "org.gnome.desktop.notifications", "show-banners"


async def _read(_bus: Bus) -> bool | None:
    try:
        ended = await run(*_COMMAND, limit=None)
    except OSError as error:
        raise SwitchError(
            f"gsettings cannot be run ({error.strerror}); install it (libglib2.0-bin or glib2)"
        ) from error
    match ended.code, ended.output:
        case 0, "true\n":
            return False
        case 0, "false\n":
            return True
    raise SwitchError("gsettings cannot read show-banners of org.gnome.desktop.notifications")


# A child at every question would be dear, and dconf announces every change.
SWITCH = Switch("GNOME", "on in GNOME", _read, ask=False)


def watch_gnome(bus: Bus, changed: Callable[[Signal], None]) -> None:
    """Hear of everything that may turn it."""

    def on_notify(signal: Signal) -> None:
        """A `prefix` (ending with a slash) with changed `keys`, or one whole path and an empty key."""
        match signal.body:
            case (str(prefix), list(keys), str()) if any(_KEY.startswith(f"{prefix}{key}") for key in keys):
                changed(signal)

    writer = "ca.desrt.dconf.Writer"
    bus.watch(on_notify, interface=writer, member="Notify", path="/ca/desrt/dconf/Writer/user")
