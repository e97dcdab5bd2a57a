"""What starts neckguard at login: the systemd unit, the autostart entry, or a line for the compositor."""

import os
import shlex
import sys
from contextlib import suppress

import neckguard
from neckguard import paths
from neckguard.errors import NeckguardError, reason_of

UNIT = paths.UNIT
TARGET = "graphical-session.target"
_TEMPLATE_PROGRAM = "%h/.local/bin/neckguard"
_SHORT_LIVED = ("/tmp/", "/var/tmp/", "/dev/shm/")  # noqa: S108 - asked about, not written to
_AUTOSTART = """[Desktop Entry]
Type=Application
Name=neckguard
Comment=Posture reminders for people whose necks suffer at a desk
Exec={command} run
TryExec={program}
Terminal=false
"""
_COMPOSITORS = (  # name in XDG_CURRENT_DESKTOP, variable its children see, line of its settings
    ("sway", "SWAYSOCK", "exec {shell} run"),
    ("i3", "I3SOCK", "exec {shell} run"),
    ("hyprland", "HYPRLAND_INSTANCE_SIGNATURE", "exec-once = {shell} run"),
    ("river", "", "riverctl spawn {nested}"),
    ("niri", "NIRI_SOCKET", 'spawn-at-startup "{path}" "run"'),
)


def program() -> str:
    """The full path of the neckguard program that is running now; links are kept, they survive upgrades.

    Raises:
        NeckguardError: there is none, or systemd could not be told its name.
    """
    from neckguard.process import find

    called = os.path.abspath(sys.argv[0])
    sibling = os.path.join(os.path.dirname(sys.executable), paths.APP)  # `python -m neckguard`
    for candidate in (called, sibling, find(paths.APP)):
        if candidate and os.path.basename(candidate) == paths.APP and _is_program(candidate):
            if not candidate.isprintable():
                raise NeckguardError(
                    f"{candidate!r} has a character no unit file can hold; install elsewhere."
                )
            return candidate
    raise NeckguardError("cannot find the neckguard program; install the package first, best with pipx.")


def is_short_lived(path: str) -> bool:
    """Whether the path lies where a reboot clears it away."""
    return path.startswith(_SHORT_LIVED)


def unit_text(program_path: str) -> str:
    """The unit for this program (`%%`: systemd.unit(5), quotes: systemd.syntax(7)).

    Raises:
        NeckguardError: systemd would not run a program of that name, however quoted.
    """
    if any(character in program_path for character in "\"'\\"):
        raise NeckguardError(f"systemd runs no program with a quote or backslash in its path: {program_path}")
    literal = program_path.replace("%", "%%")
    lines = [
        line.replace(_TEMPLATE_PROGRAM, f'"{literal}"' if line.startswith("Exec") else literal)
        for line in _template().splitlines()
        if not (line.startswith("#") and _TEMPLATE_PROGRAM in line)
    ]
    return "\n".join(lines) + "\n"


def install_unit(program_path: str) -> str:
    """Write the unit, unless a package brought one for this program: an own one would hide that. Where it is.

    Raises:
        NeckguardError: it cannot be written.
    """
    text = unit_text(program_path)
    start = next(line for line in text.splitlines() if line.startswith("ExecStart="))
    shared = brought(paths.shared_unit_files(), start, start.replace('"', ""))
    if shared:
        remove(paths.unit_file())
        return shared
    write(paths.unit_file(), text)
    return paths.unit_file()


def brought(places: list[str], *lines: str) -> str | None:
    """The first of these files that has one of the lines, which says whose it is."""
    return next((file for file in places if set(lines) & set((_read(file) or "").splitlines())), None)


def autostart_text(program_path: str) -> str:
    """The autostart entry for this program."""
    return fill_entry(_AUTOSTART, program_path)


def fill_entry(template: str, program_path: str) -> str:
    """A desktop entry for this program (quoting: Desktop Entry Specification, "The Exec key")."""
    quoted = "".join(f"\\{c}" if c in '"`$\\' else c for c in program_path).replace("%", "%%")
    return template.format(command=_desktop_string(f'"{quoted}"'), program=_desktop_string(program_path))


def write(path: str, text: str) -> None:
    """Put the text there, whole or not at all.

    Raises:
        NeckguardError: it cannot be written.
    """
    fresh = f"{path}.{os.getpid()}"  # our own, should two install at once
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(fresh, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(fresh, 0o644)
        os.replace(fresh, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(fresh)
        raise NeckguardError(f"cannot write {path}: {reason_of(error)}.") from None


def remove(path: str) -> bool:
    """Remove the file; False if there was none.

    Raises:
        NeckguardError: it cannot be removed.
    """
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise NeckguardError(f"cannot remove {path}: {error.strerror}.") from None
    return True


def remove_unit() -> bool:
    """Remove the unit and the link that enables it, also where no manager is there to disable it."""
    file = paths.unit_file()
    enabled = remove(os.path.join(os.path.dirname(file), f"{TARGET}.wants", UNIT))
    return remove(file) or enabled


def other_ways(program: str) -> str:
    """What the person can do instead, as exactly as their session is known."""
    here = line_for_this_compositor(program)
    if here:
        return f"To start it at login, add to your compositor's settings:\n{here}"
    lines = "\n".join(_line(program, name, line) for name, _, line in _COMPOSITORS)
    return (
        "To start it at login on XFCE, LXQt, MATE and other desktops that read autostart entries:\n"
        "  neckguard service install --autostart\n"
        f"Elsewhere add one line to your compositor's settings:\n{lines}"
    )


def line_for_this_compositor(program: str) -> str:
    """The line for the settings of the compositor in use; empty where it is none that needs one."""
    desktops = os.environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":")
    for name, variable, line in _COMPOSITORS:
        if name in desktops or variable in os.environ:
            return _line(program, name, line)
    return ""


def _is_program(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def _line(program: str, name: str, line: str) -> str:
    command = shlex.quote(program)
    return f"  {name + ':':10}" + line.format(
        shell=command, nested=shlex.quote(f"{command} run"), path=program
    )


def _template() -> str:
    package = os.path.dirname(os.path.abspath(neckguard.__file__))
    shipped = _read(os.path.join(package, "content", UNIT))
    text = shipped or _read(os.path.join(os.path.dirname(package), "systemd", UNIT))  # an editable install
    if not text:
        raise NeckguardError(f"this installation lacks its {UNIT}; install neckguard again.")
    return text


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None


def _desktop_string(text: str) -> str:
    """Escaped as every value of type string is."""
    return text.replace("\\", "\\\\")
