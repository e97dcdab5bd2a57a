"""Devices that programs hold open: cameras, and sound cards where no sound server is."""

import asyncio
import os
from contextlib import suppress

from neckguard.desktop.quiet.streams import Names, known_as

# They hold a device for others, or to learn what it can; for whom, they tell when asked (streams).
# The kernel cuts names to 15 characters: pipewire-media-session.
_SERVERS = frozenset({"pipewire", "pipewire-media-", "wireplumber", "pulseaudio"})
_AT_ONCE = 16  # processes between two breaths of the loop


async def camera(proc: str, dev: str, udev: str) -> list[Names]:
    """This user's processes that hold a camera open; the kernel shows no others to us."""
    devices = {path for path in _listed(dev, "video") if _is_camera(path, udev)}
    found: list[Names] = []
    if not devices:
        return found
    for number, process in enumerate(_listed(proc, "")):
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
        if os.path.basename(process).isdigit() and _holds(process, devices):
            found += _program(process)
    return found


def microphone(proc: str) -> list[Names]:
    """The programs that record from a sound card (ALSA), without those that do it for others."""
    found: list[Names] = []
    for card in _listed(os.path.join(proc, "asound"), "card"):
        for device in _listed(card, "pcm"):
            if device.endswith("c"):  # capture
                for stream in _listed(device, "sub"):
                    found += _recorders(proc, _read(os.path.join(stream, "status")))
    return found


def program(proc: str, pid: str) -> str:
    """The short name of a process; empty if there is none."""
    return _read(os.path.join(proc, pid, "comm")).strip()


def _recorders(proc: str, status: str) -> list[Names]:
    """Who records, by the status of one stream; an empty entry where that is not known."""
    lines = (line.partition(":") for line in status.splitlines())
    given = {key.strip(): value.strip() for key, _, value in lines}
    if given.get("state") != "RUNNING":
        return []
    # The owner is the thread that opened it, often with a name of its own: its process is the program.
    thread = _read(os.path.join(proc, given.get("owner_pid", ""), "status"))
    processes = [line.split()[-1] for line in thread.splitlines() if line.startswith("Tgid:")]
    return _program(os.path.join(proc, processes[0])) if processes else [()]


def _program(process: str) -> list[Names]:
    """What the process is called; nothing if it is gone, or serves others."""
    name = program(*os.path.split(process))
    if not name or name in _SERVERS:
        return []
    binary = ""
    with suppress(OSError):
        binary = os.path.basename(os.readlink(os.path.join(process, "exe")))
    return [known_as(name, binary)]


def _is_camera(path: str, udev: str) -> bool:
    """Whether one can see through it: the video decoders of small computers are /dev/video*, too."""
    try:
        number = os.stat(path).st_rdev
    except OSError:
        return False
    known = _read(os.path.join(udev, f"c{os.major(number)}:{os.minor(number)}"))
    return "ID_V4L_CAPABILITIES=" not in known or ":capture:" in known


def _holds(process: str, devices: set[str]) -> bool:
    try:
        directory = os.open(os.path.join(process, "fd"), os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return False  # gone, or another user's
    try:
        return any(_target(number, directory) in devices for number in os.listdir(directory))
    except OSError:
        return False  # gone just now
    finally:
        os.close(directory)


def _target(name: str, directory: int) -> str:
    try:  # relative to the directory, and without `suppress`: there are ten thousand of them on a desktop
        return os.readlink(name, dir_fd=directory)
    except OSError:
        return ""


def _listed(directory: str, prefix: str) -> list[str]:
    """The paths in a directory that begin so; none if it is not there."""
    with suppress(OSError):
        return [os.path.join(directory, name) for name in os.listdir(directory) if name.startswith(prefix)]
    return []


def _read(path: str) -> str:
    with suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
        return file.read(65536)
    return ""
