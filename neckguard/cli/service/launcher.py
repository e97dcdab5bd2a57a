"""What makes neckguard an application like others: its launcher entry, and icons in the person's theme."""

import os

from neckguard import paths
from neckguard.cli.service import startup

# A click on a card that has no answer to it launches Exec on GNOME, so that is something to look at. Program
# paths are whole: GNOME ignores an entry, without a word, whose program is not on the PATH of the session.
_ENTRY = """[Desktop Entry]
Type=Application
Name=neckguard
GenericName=Posture reminders
Comment=Posture reminders for people whose necks suffer at a desk
Icon=neckguard
Exec={command} report --open
TryExec={program}
Terminal=false
StartupNotify=false
Categories=Utility;
Keywords=neck;posture;stretch;break;reminder;
X-GNOME-UsesNotifications=true
Actions=pause;resume;stretch;break;report;settings;
"""
_ACTIONS = (
    ("pause", "Pause for an Hour", "pause 1h"),
    ("resume", "Resume", "resume"),
    ("stretch", "Stretch Now", "now stretch"),
    ("break", "Break Now", "now break"),
    ("report", "Report", "report --open"),
    ("settings", "Settings", "config open"),
)
_ACTION = """
[Desktop Action {action}]
Name={name}
Exec={{command}} {verb}
"""


def entry_text(program: str) -> str:
    """The launcher entry for this program."""
    actions = (_ACTION.format(action=action, name=name, verb=verb) for action, name, verb in _ACTIONS)
    return startup.fill_entry(_ENTRY + "".join(actions), program)


def install(program: str) -> str:
    """Write the entry and the icons, unless a package brought them; where the entry is.

    It is written last: where it is, all is.

    Raises:
        NeckguardError: they cannot be written.
    """
    text = entry_text(program)
    tried = next(line for line in text.splitlines() if line.startswith("TryExec="))
    shared = startup.brought(paths.shared_launcher_files(), tried)
    if shared:
        remove()
        return shared
    for name in _icons():
        with open(os.path.join(paths.shipped_icons(), f"{name}.svg"), encoding="utf-8") as icon:
            startup.write(paths.icon_file(name), icon.read())
    os.utime(paths.icon_theme())  # by this, running programs know that there are new ones
    startup.write(paths.launcher_file(), text)
    return paths.launcher_file()


def remove() -> bool:
    """Remove them; False if there were none.

    Raises:
        NeckguardError: they cannot be removed.
    """
    files = (paths.launcher_file(), *map(paths.icon_file, _icons()))
    return sum(map(startup.remove, files)) > 0  # all of them, not only up to the first


def _icons() -> list[str]:
    return sorted(name.removesuffix(".svg") for name in os.listdir(paths.shipped_icons()))
