"""The do-not-disturb switches of the notification servers, each read on D-Bus in its own way.

What a signal says is never believed, only that something changed: the switch is then read anew.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from neckguard.desktop.bus.bus import DBUS, PROPERTIES, Bus, BusError, Signal
from neckguard.errors import NeckguardError

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
# The names under which D-Bus libraries say that something is not there.
_ABSENT = frozenset(
    f"{DBUS}.Error.{name}"
    for name in (
        "InvalidArgs",
        "NameHasNoOwner",
        "ServiceUnknown",
        "UnknownInterface",
        "UnknownMethod",
        "UnknownObject",
        "UnknownProperty",
    )
)
_DUNST = "org.dunstproject.cmd0"
_MAKO = "fr.emersion.Mako"
_SWAYNC = "org.erikreider.swaync.cc"
_XFCONF = "org.xfce.Xfconf"


class SwitchError(NeckguardError):
    """A switch cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Switch:
    """How one kind of notification server is told not to disturb."""

    source: str  # its name for people
    words: str  # what is so while it is on
    read: Callable[[Bus], Coroutine[Any, Any, bool | None]]  # None: this version has no such switch
    ask: bool = True  # whether to ask when it matters; it costs two messages, and not every version signals


def is_absent(error: BusError) -> bool:
    """Whether the error only says that there is no such thing."""
    return error.name in _ABSENT


async def _inhibited(bus: Bus) -> bool | None:
    """Plasma's property; nearly all other servers do without, and refuse in words of their own."""
    try:
        return await _property(bus, NAME, "Inhibited")
    except BusError:
        return None


async def _dunst(bus: Bus) -> bool | None:
    return await _property(bus, _DUNST, "paused")


async def _mako(bus: Bus) -> bool | None:
    # Older versions with modes have this method only, newer ones a property `Modes` as well.
    body = await _call(bus, NAME, "/fr/emersion/Mako", _MAKO, "ListModes")
    match body:
        case (list(modes),):
            return "do-not-disturb" in modes
    raise SwitchError(f"mako answers nonsense: its modes are {_shown(body)}")


async def _swaync(bus: Bus) -> bool | None:
    return _truth(await _call(bus, _SWAYNC, "/org/erikreider/swaync/cc", _SWAYNC, "GetDnd"))


async def _xfce(bus: Bus) -> bool | None:
    arguments = "xfce4-notifyd", "/do-not-disturb"
    try:
        return _truth(await _call(bus, _XFCONF, "/org/xfce/Xfconf", _XFCONF, "GetProperty", "ss", arguments))
    except BusError as error:
        if error.name.startswith(f"{_XFCONF}.Error."):
            return False  # PropertyNotFound, ChannelNotFound: it was never switched on
        raise


async def _property(bus: Bus, interface: str, name: str) -> bool:
    return _truth(await _call(bus, NAME, PATH, PROPERTIES, "Get", "ss", (interface, name)))


async def _call(bus: Bus, *what: Any) -> tuple[Any, ...]:
    """Ask whoever is there; the caller of `Switch.read` says how long."""
    return await bus.call(*what, timeout=None, autostart=False)


def _truth(body: tuple[Any, ...]) -> bool:
    match body:
        case (bool(on),) | ((str(), bool(on)),):  # as such, or in a variant
            return on
    raise SwitchError(f"do not disturb is neither on nor off but {_shown(body)}")


def _shown(lie: object) -> str:
    """As much of a lie as a person can use."""
    return f"{lie!r:.60}"


# By the name that the server gives itself in GetServerInformation.
SWITCHES = {
    "Plasma": Switch("Plasma", "on in Plasma", _inhibited),
    "SwayNotificationCenter": Switch("swaync", "on in swaync", _swaync),
    "Xfce Notify Daemon": Switch("Xfce", "on in Xfce", _xfce),
    "dunst": Switch("dunst", "dunst is paused", _dunst),
    "mako": Switch("mako", "mako is in the mode do-not-disturb", _mako),
}
OTHER = Switch("the notification server", "on in the notification server", _inhibited)


def watch_switches(bus: Bus, changed: Callable[[Signal], None]) -> None:
    """Hear of everything that may turn one of them."""
    for name in (NAME, _SWAYNC, _XFCONF):
        bus.watch(changed, sender=DBUS, interface=DBUS, member="NameOwnerChanged", arg0=name)
    for interface in (NAME, _DUNST, _MAKO):
        bus.watch(changed, sender=NAME, interface=PROPERTIES, member="PropertiesChanged", arg0=interface)
    for member in ("Subscribe", "SubscribeV2"):  # the second since swaync 0.8
        bus.watch(changed, sender=_SWAYNC, interface=_SWAYNC, member=member)
    for member in ("PropertyChanged", "PropertyRemoved"):
        bus.watch(changed, sender=_XFCONF, interface=_XFCONF, member=member, arg0="xfce4-notifyd")
