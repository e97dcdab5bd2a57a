"""Where neckguard keeps its files. Only `os`: the command line client starts with this."""

import os
import stat

from neckguard.errors import NeckguardError, reason_of

APP = "neckguard"
UNIT = "neckguard.service"
_PRIVATE = 0o700


def config_file(explicit: str | None = None) -> str:
    """The settings file: `--config`, else NECKGUARD_CONFIG, else the one under XDG_CONFIG_HOME."""
    chosen = explicit or os.environ.get("NECKGUARD_CONFIG")
    if chosen:
        return os.path.abspath(os.path.expanduser(chosen))
    return os.path.join(config_home(), APP, "config.toml")


def config_home() -> str:
    """The person's directory of settings of all programs."""
    return _xdg("XDG_CONFIG_HOME", "~/.config")


def config_is_explicit(explicit: str | None = None) -> bool:
    """Whether the person named the file, so that its absence is an error."""
    return bool(explicit or os.environ.get("NECKGUARD_CONFIG"))


def state_dir() -> str:
    """The state directory (not made here)."""
    return os.path.join(_xdg("XDG_STATE_HOME", "~/.local/state"), APP)


def picture(movement: str) -> str:
    """The figure of a movement that ships with neckguard; not every movement has one."""
    return os.path.join(_shipped("figures"), f"{movement}.svg")


def shipped_icons() -> str:
    """The directory of neckguard's own icons, as they ship with it."""
    return _shipped("icons")


def icon_file(name: str = APP) -> str:
    """Where an own icon lies once it is installed, so that themes know it by its name."""
    form = "symbolic" if name.endswith("-symbolic") else "scalable"
    return os.path.join(icon_theme(), form, "apps", f"{name}.svg")


def icon_theme() -> str:
    """The person's part of the theme that all others inherit."""
    return os.path.join(_data_home(), "icons", "hicolor")


def launcher_file() -> str:
    """The entry by which desktops know neckguard as an application."""
    return os.path.join(_data_home(), "applications", f"{APP}.desktop")


def shared_launcher_files() -> list[str]:
    """Where a package may have put such an entry for everybody."""
    return [os.path.join(each, "applications", f"{APP}.desktop") for each in _data_dirs()]


def history_file() -> str:
    """The history."""
    return os.path.join(state_dir(), "history.db")


def state_file() -> str:
    """The daemon's memory across restarts."""
    return os.path.join(state_dir(), "state.json")


def runtime_dir() -> str:
    """The runtime directory (not made here): control socket, lock, heartbeat."""
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(base):
        return os.path.join(base, APP)
    standard = f"/run/user/{os.getuid()}"
    if os.path.isdir(standard):
        return os.path.join(standard, APP)
    import tempfile  # slow to import, and hardly ever needed

    return os.path.join(tempfile.gettempdir(), f"{APP}-{os.getuid()}")


def control_socket() -> str:
    """The daemon's socket."""
    return os.path.join(runtime_dir(), "control.sock")


def lock_file() -> str:
    """The file the daemon holds locked while it runs; its pid stands in it."""
    return os.path.join(runtime_dir(), "flock")


def unit_file() -> str:
    """The systemd unit, where the person's own units live."""
    return os.path.join(config_home(), "systemd", "user", UNIT)


def shared_unit_files() -> list[str]:
    """Where a package may have put the unit for everybody (systemd.unit(5))."""
    places = (*_data_dirs(), "/usr/local/lib", "/usr/lib")
    return [os.path.join(each, "systemd", "user", UNIT) for each in places]


def autostart_file() -> str:
    """The autostart entry, where desktops look for what to start at login."""
    return os.path.join(config_home(), "autostart", f"{APP}.desktop")


def make_private(directory: str) -> str:
    """Make the directory (0700) and return it.

    Raises:
        NeckguardError: it cannot be made, is no real directory, or belongs to somebody else.
    """
    try:
        os.makedirs(directory, mode=_PRIVATE, exist_ok=True)
        found = os.lstat(directory)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise NeckguardError(f"{directory} is not a directory of yours; remove it and try again.")
        if stat.S_IMODE(found.st_mode) != _PRIVATE:
            os.chmod(directory, _PRIVATE)
    except OSError as error:
        raise NeckguardError(f"cannot use {directory}: {reason_of(error)}.") from None
    return directory


def _shipped(folder: str) -> str:
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "content", folder)


def _data_home() -> str:
    return _xdg("XDG_DATA_HOME", "~/.local/share")


def _data_dirs() -> list[str]:
    places = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [place for place in places.split(":") if os.path.isabs(place)]


def _xdg(variable: str, default: str) -> str:
    """An XDG base directory; the specification says to ignore a relative one."""
    value = os.environ.get(variable, "")
    return value if os.path.isabs(value) else os.path.expanduser(default)
