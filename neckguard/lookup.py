"""What the settings name on this machine, and whether it is there: programs of hooks, sounds, icon files."""

import json
import os
import shlex
from collections.abc import Iterator

from neckguard.core import Plan
from neckguard.process import find

HOOKS = ("on_prompt", "on_outcome", "on_break_start", "on_break_end")
_SOUND_FILES = (".oga", ".ogg", ".wav")

Missing = tuple[tuple[str, str], str]
"""The table and the key that name it, and a sentence about it."""


def missing(plan: Plan) -> list[Missing]:
    """What is not there, or cannot be used as it is named."""
    return [*_programs(plan), *_sound(plan.notify.sound), *_icon(plan.notify.icon)]


def as_arguments(command: str) -> str:
    """A command line as the list that a hook is: `["playerctl", "pause"]`."""
    try:
        words = shlex.split(command)
    except ValueError:  # an open quote
        words = command.split()
    return json.dumps(words or [command], ensure_ascii=False)


def _programs(plan: Plan) -> Iterator[Missing]:
    for hook in HOOKS:
        argv: tuple[str, ...] = getattr(plan.hooks, hook)
        if argv and not find(argv[0]):
            yield ("hooks", hook), _without_program(argv[0])


def _without_program(program: str) -> str:
    if os.path.isfile(program):
        return f"{_quoted(program)} cannot be run; allow it with: chmod +x {shlex.quote(program)}"
    if " " in program.strip():
        return f"there is no program {_quoted(program)}; its arguments stand apart: {as_arguments(program)}"
    return f"there is no program {_quoted(program)}; install it, or name it with its whole path"


def _sound(name: str) -> Iterator[Missing]:
    if "/" in name:
        yield (
            ("notify", "sound"),
            f"{_quoted(name)} is a file; write the name of a sound, such as message-new-instant",
        )
    elif name and not _in_a_theme(name):
        yield ("notify", "sound"), f"no sound theme here has {_quoted(name)}; see /usr/share/sounds for names"


def _in_a_theme(name: str) -> bool:
    """Whether any theme has it, or what stands for it: `message` for `message-new` (Sound Naming Spec)."""
    parts = name.split("-")
    wanted = {"-".join(parts[:end]) for end in range(1, len(parts) + 1)}
    home = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return any(
        stem in wanted and suffix in _SOUND_FILES
        for place in (home, *shared.split(":"))
        for _, _, files in os.walk(os.path.join(place, "sounds"), followlinks=True)
        for stem, suffix in map(os.path.splitext, files)
    )


def _icon(icon: str) -> Iterator[Missing]:
    """Only of a file; where a theme looks for the icon of a name, the notification server knows."""
    path = os.path.expanduser(icon.removeprefix("file://"))
    if "/" in path and not os.path.isfile(path):
        yield ("notify", "icon"), f"there is no file {_quoted(path)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
