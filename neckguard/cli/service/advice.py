"""How to start neckguard at login where systemd does not."""

import os
import shlex

_COMPOSITORS = (  # name in XDG_CURRENT_DESKTOP, variable its children see, line of its settings
    ("sway", "SWAYSOCK", "exec {shell} run"),
    ("i3", "I3SOCK", "exec {shell} run"),
    ("hyprland", "HYPRLAND_INSTANCE_SIGNATURE", "exec-once = {shell} run"),
    ("river", "", "riverctl spawn {nested}"),
    ("niri", "NIRI_SOCKET", 'spawn-at-startup "{path}" "run"'),
)


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


def _line(program: str, name: str, line: str) -> str:
    command = shlex.quote(program)
    return f"  {name + ':':10}" + line.format(
        shell=command, nested=shlex.quote(f"{command} run"), path=program
    )
