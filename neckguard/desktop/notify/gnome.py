"""What is switched off in GNOME's settings for neckguard alone; imported in a GNOME session only."""

from collections.abc import Callable

from neckguard.desktop.bus.bus import Bus, Signal
from neckguard.desktop.bus.signals import DCONF, on_settings
from neckguard.errors import NeckguardError
from neckguard.process import exit_of

LIMIT = 2.0  # seconds
_PATH = "/org/gnome/desktop/notifications/application/neckguard/"
_SWITCHES = f"org.gnome.desktop.notifications.application:{_PATH}"
_NAMES = {
    "enable": "Notifications",
    "show-banners": "Notification Popups",
    "force-expanded": "Show Message Content in Popups",
}
_UNSEEN = {
    "enable": "GNOME shows nothing of neckguard: it is switched off",
    "show-banners": "GNOME puts prompts of neckguard into its list alone, where nobody sees them come",
}


def watch_switches(bus: Bus, changed: Callable[[Signal], None]) -> None:
    """Hear that somebody turned one of them."""
    bus.watch(on_settings(changed, *(f"{_PATH}{key}" for key in _UNSEEN)), **DCONF)


async def switched_off() -> frozenset[str]:
    """The keys that are off; GNOME has them once it knows the launcher entry."""
    try:
        code, said = await exit_of("gsettings", "list-recursively", _SWITCHES, limit=LIMIT)
    except (TimeoutError, NeckguardError):
        return frozenset()
    lines = [line.split(maxsplit=2) for line in said.splitlines()] if not code else []
    return frozenset(line[1] for line in lines if line[2:] == ["false"])


def find_unseen(off: frozenset[str]) -> tuple[str, str] | None:
    """Why prompts are not seen, and where to mend it; None: they are."""
    return next(((why, switch_on(key)) for key, why in _UNSEEN.items() if key in off), None)


def switch_on(key: str) -> str:
    """Where it is switched on, by hand and by a command."""
    return f"Settings, Notifications, neckguard, {_NAMES[key]} (gsettings set {_SWITCHES} {key} true)"
