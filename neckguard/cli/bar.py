"""`bar`: what to write into the settings of a status bar; and what a click on it does."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

# NECKGUARD stands for the full path: bars are often started without the person's own PATH.
# Sources: waybar-custom(5); the polybar wiki, "Module: script"; i3blocks(1), "CLICK" (1.4 tells a persistent
# block of no clicks, so this one asks twice a minute); the documentation of i3status-rust, "custom";
# tmux(1), "FORMATS" (of a command that goes on, the last line is shown) and "MOUSE SUPPORT".
_MODULES = {
    "waybar": """\
// ~/.config/waybar/config: this, and "custom/neckguard" in one of the lists of modules
"custom/neckguard": {
    "exec": "NECKGUARD status --follow --format waybar",
    "return-type": "json",
    "on-click": "NECKGUARD bar click",
    "on-click-right": "NECKGUARD pause --toggle"
}

/* ~/.config/waybar/style.css */
#custom-neckguard { padding: 0 8px; }
#custom-neckguard.prompt { color: #ffb000; }
#custom-neckguard.paused, #custom-neckguard.off_hours, #custom-neckguard.away, #custom-neckguard.quiet,
#custom-neckguard.stopped { opacity: 0.6; }
""",
    "polybar": """\
; ~/.config/polybar/config.ini: this, and neckguard in one of the lists of modules
[module/neckguard]
type = custom/script
exec = NECKGUARD status --follow --format polybar
tail = true
format-padding = 1
click-left = NECKGUARD bar click
click-right = NECKGUARD pause --toggle
""",
    "i3blocks": """\
# ~/.config/i3blocks/config
[neckguard]
command=case $BLOCK_BUTTON in 1) NECKGUARD bar click;; 3) NECKGUARD pause --toggle;; esac >/dev/null 2>&1;\
 NECKGUARD status --format i3blocks || true
interval=30
""",
    "i3status-rust": """\
# ~/.config/i3status-rust/config.toml
[[block]]
block = "custom"
command = "NECKGUARD status --follow --format polybar"
persistent = true
[[block.click]]
button = "left"
cmd = "NECKGUARD bar click"
[[block.click]]
button = "right"
cmd = "NECKGUARD pause --toggle"
""",
    "tmux": """\
# ~/.tmux.conf
set -g mouse on
set -g status-right-length 80
set -ag status-right ' #(NECKGUARD status --follow --format polybar)'
bind -n MouseDown1StatusRight run-shell -b "NECKGUARD bar click >/dev/null 2>&1 || true"
bind -n MouseDown3StatusRight run-shell -b "NECKGUARD pause --toggle >/dev/null 2>&1 || true"
""",
}
_CLICK = "click"


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "bar",
        choices=(*_MODULES, _CLICK),
        help="whose module to print; or click, what a left click on it does:"
        " answer the open prompt (see start), or else show a stretch",
    )
    parser.epilog = (
        "Examples:\n"
        "  neckguard bar waybar\n"
        "  neckguard bar tmux >> ~/.tmux.conf\n"
        "On all of them a left click answers or brings a stretch, a right click pauses\n"
        "or resumes."
    )


def run(args: argparse.Namespace) -> int:
    """Print the module, or do what a click does."""
    print(_click() if args.bar == _CLICK else _module(args.bar))
    return 0


def _module(bar: str) -> str:
    from shlex import quote

    from neckguard.cli.service.startup import program

    return _MODULES[bar].replace("NECKGUARD", quote(program())).rstrip()


def _click() -> str:
    from neckguard.control.client import ask

    # Without a prompt, `start` would settle the reminder that comes next.
    reply = ask("start") if ask("status")["data"]["prompt"] else ask("now", reminder="stretch")
    return str(reply["message"])
