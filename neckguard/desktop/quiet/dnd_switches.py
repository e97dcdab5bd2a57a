"""The do-not-disturb switches of the notification servers, each read in its own way.

What a signal says is never believed, only that something changed: the switch is then read anew.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from neckguard.desktop.bus.bus import DBUS, PROPERTIES, Bus, BusError, Signal
from neckguard.desktop.bus.reply import open_variant
from neckguard.desktop.bus.signals import DCONF, on_settings
from neckguard.errors import NeckguardError
from neckguard.process import run
from neckguard.value import value

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
INFORMATION = "ssss sss"  # what GetServerInformation answers, since version 1.1 and before
_NO_SUCH_PROPERTY = frozenset({f"{DBUS}.Error.InvalidArgs", f"{DBUS}.Error.UnknownProperty"})
_DUNST = "org.dunstproject.cmd0"
_MAKO = "fr.emersion.Mako"
_SWAYNC = "org.erikreider.swaync.cc"
_XFCONF = "org.xfce.Xfconf"
_GNOME_KEY = "/org/gnome/desktop/notifications/show-banners"
_GNOME_COMMAND = "gsettings", "get", "org.gnome.desktop.notifications", "show-banners"


class SwitchError(NeckguardError):
    """A switch cannot be read; the message says why."""


@value
class DndSwitch:
    """How one kind of notification server is told not to disturb."""

    source: str  # its name for people
    words: str  # what is so while it is on
    read: Callable[[Bus], Coroutine[Any, Any, bool | None]]  # None: this version has no such switch
    ask: bool = True  # whether to ask when it matters; it costs two messages, and not every version signals


def is_absent(error: BusError) -> bool:
    """Whether the error only says that there is no such thing."""
    return error.nobody or error.unknown or error.name in _NO_SUCH_PROPERTY


async def _inhibited(bus: Bus) -> bool | None:
    """Plasma's property; nearly all other servers do without, and refuse in words of their own."""
    try:
        return bool(await bus.get(NAME, PATH, NAME, "Inhibited", "b", None))
    except BusError:
        return None


async def _dunst(bus: Bus) -> bool | None:
    return bool(await bus.get(NAME, PATH, _DUNST, "paused", "b", None))


async def _mako(bus: Bus) -> bool | None:
    # Older versions with modes have this method only, newer ones a property `Modes` as well.
    return "do-not-disturb" in await _ask(bus, "as", NAME, "/fr/emersion/Mako", _MAKO, "ListModes")


async def _swaync(bus: Bus) -> bool | None:
    """Its switch, and since 0.8 an application's wish that nothing pops up."""
    swaync = _SWAYNC, "/org/erikreider/swaync/cc", _SWAYNC
    if await _ask(bus, "b", *swaync, "GetDnd"):
        return True
    try:
        return bool(await _ask(bus, "b", *swaync, "IsInhibited"))
    except BusError as error:
        if error.unknown:
            return False
        raise


async def _xfce(bus: Bus) -> bool | None:
    arguments = "xfce4-notifyd", "/do-not-disturb"
    try:
        told = await _ask(bus, "v", _XFCONF, "/org/xfce/Xfconf", _XFCONF, "GetProperty", "ss", arguments)
    except BusError as error:
        if error.name.startswith(f"{_XFCONF}.Error."):
            return False  # PropertyNotFound, ChannelNotFound: it was never switched on
        raise
    return bool(open_variant(told, _XFCONF, "GetProperty", "b"))


async def _gnome(_bus: Bus) -> bool | None:
    """GNOME Shell tells its switch on D-Bus to nobody, and not every Settings portal offers that setting."""
    try:
        ended = await run(*_GNOME_COMMAND, limit=None)
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


async def _ask(bus: Bus, answer: str, *what: Any) -> Any:
    """What is there answers with one value of this type; the caller of `DndSwitch.read` says how long."""
    (told,) = await bus.call(*what, answer=answer, timeout=None, autostart=False)
    return told


# By the name that the server gives itself in GetServerInformation.
SWITCHES = {
    "Plasma": DndSwitch("Plasma", "on in Plasma", _inhibited),
    "SwayNotificationCenter": DndSwitch("swaync", "on in swaync", _swaync),
    "Xfce Notify Daemon": DndSwitch("Xfce", "on in Xfce", _xfce),
    "dunst": DndSwitch("dunst", "dunst is paused", _dunst),
    # A child at every question would be dear, and dconf announces every change.
    "gnome-shell": DndSwitch("GNOME", "on in GNOME", _gnome, ask=False),
    "mako": DndSwitch("mako", "mako is in the mode do-not-disturb", _mako),
}
OTHER = DndSwitch("the notification server", "on in the notification server", _inhibited)


def watch_switches(bus: Bus, changed: Callable[[bool | Signal], None]) -> None:
    """Hear of everything that may turn one of them."""
    bus.on_owner(changed, NAME, _SWAYNC, _XFCONF)
    for interface in (NAME, _DUNST, _MAKO):
        bus.watch(changed, sender=NAME, interface=PROPERTIES, member="PropertiesChanged", arg0=interface)
    for member in ("Subscribe", "SubscribeV2"):  # the second since swaync 0.8
        bus.watch(changed, sender=_SWAYNC, interface=_SWAYNC, member=member)
    for member in ("PropertyChanged", "PropertyRemoved"):
        bus.watch(changed, sender=_XFCONF, interface=_XFCONF, member=member, arg0="xfce4-notifyd")
    bus.watch(on_settings(changed, _GNOME_KEY), **DCONF)
