"""A real `systemd --user` of its own: private mounts, processes, cgroup, home and session bus.

It is nobody's unless asked otherwise: root's may do what fails in everybody else's (take capabilities away).
"""

import contextlib
import functools
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from support.helpers import give_up, need, patient, wait_until

_SYSTEMD = "/lib/systemd/systemd"
_BUS = "/usr/lib/systemd/user/dbus.socket"
_NOBODY = 65534
_NEEDED = (sys.base_prefix, sys.prefix, str(Path(__file__).parents[2]))
_UNSHARE = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
_START = """
set -eu
mount --make-rprivate /
# Of directories that only root may enter, the person sees what it takes to run the program.
for place; do mkdir -p "$KEPT$place"; mount --rbind "$place" "$KEPT$place"; done
for closed in $CLOSED; do mount -t tmpfs -o mode=755 tmpfs "$closed"; done
for place; do mkdir -p "$place"; mount --rbind "$KEPT$place" "$place"; done
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system  # what sd_booted(3) looks for
for cgroup in $CGROUPS; do echo $$ > "$cgroup/cgroup.procs"; done
setpriv --reuid "$PERSON" --regid "$PERSON" --clear-groups "$SYSTEMD" --user --log-target=null &
wait
"""


class UserManager:
    """Where tests install, start and break the service."""

    def __init__(self, root: Path, env: dict[str, str], inside: int, person: int) -> None:
        self.root, self.env = root, env
        become = [f"--setuid={person}", f"--setgid={person}"]
        self._enter = ["nsenter", "--mount", "--pid", *become, "--target", str(inside)]

    def run(self, *command: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """Run the command as the person who is logged in there."""
        return subprocess.run(
            [*self._enter, *command],
            env=self.env | extra,
            capture_output=True,
            text=True,
            timeout=patient(60),
            check=False,
            cwd=self.root,
        )

    def systemctl(self, *arguments: str) -> str:
        done = self.run("systemctl", "--user", *arguments)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout.strip()

    def show(self, name: str, unit: str = "neckguard.service") -> str:
        return self.systemctl("show", "--value", f"--property={name}", unit)

    def write(self, file: Path, text: str) -> None:
        """Write it as that person would, with the directories that are missing."""
        self.run("mkdir", "-p", str(file.parent))
        self.run("sh", "-c", 'printf %s "$1" > "$2"', "sh", text, str(file))

    def write_unit(self, name: str, text: str) -> None:
        self.write(Path(self.env["XDG_CONFIG_HOME"], "systemd/user", name), text)
        self.systemctl("daemon-reload")


@contextlib.contextmanager
def user_manager(person: int = _NOBODY) -> Iterator[UserManager]:
    """Start one; everything of it is gone afterwards."""
    _need_what_it_takes()
    root = Path(tempfile.mkdtemp(prefix="ng-"))  # short: socket paths end at 108 bytes
    root.chmod(0o711)
    cgroups = _make_cgroups(person)
    env = _environment(root, person)
    setting = {
        "PERSON": str(person),
        "CGROUPS": " ".join(map(str, cgroups)),
        "CLOSED": " ".join(_closed_to_others()),
        "KEPT": str(root / "kept"),
        "SYSTEMD": _SYSTEMD,
    }
    outer = subprocess.Popen(
        [*_UNSHARE, "sh", "-c", _START, "sh", *_NEEDED], env=env | setting, stdin=subprocess.DEVNULL
    )
    try:
        inside = int(wait_until(Path(f"/proc/{outer.pid}/task/{outer.pid}/children").read_text))
        manager = UserManager(root, env, inside, person)
        wait_until(
            lambda: manager.run("systemctl", "--user", "is-system-running").stdout.strip() == "running", 30
        )
        yield manager
    finally:
        outer.kill()  # and with it all in there
        outer.wait()
        for cgroup in cgroups:
            wait_until(functools.partial(_remove_cgroup, cgroup))
        shutil.rmtree(root)


def _need_what_it_takes() -> None:
    need("unshare", "nsenter", "setpriv", "systemctl")
    if os.geteuid() != 0 or not Path(_SYSTEMD).exists() or not Path(_BUS).exists():
        give_up("needs root, systemd and dbus-user-session, to start a user manager in namespaces of its own")
    tried = subprocess.run([*_UNSHARE, "true"], capture_output=True, text=True, check=False)
    if tried.returncode or not all(os.access(hierarchy, os.W_OK) for hierarchy in _hierarchies()):
        give_up(f"needs namespaces and writable cgroups: {tried.stderr}")


def _closed_to_others() -> set[str]:
    """The outermost directories on the way to what is needed that only root may enter."""
    ways = ([*reversed(Path(place).parents), Path(place)] for place in _NEEDED)
    closed = ([each for each in way if not each.stat().st_mode & stat.S_IXOTH] for way in ways)
    return {str(way[0]) for way in closed if way}


def _environment(root: Path, person: int) -> dict[str, str]:
    env = {
        "HOME": str(root / "home"),
        "XDG_CONFIG_HOME": str(root / "home/.config"),
        "XDG_DATA_DIRS": f"{root}/share:/usr/local/share:/usr/share",
        "XDG_STATE_HOME": str(root / "home/.local/state"),
        "XDG_RUNTIME_DIR": str(root / "run"),
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={root}/run/bus",
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
    }
    for variable in ("HOME", "XDG_RUNTIME_DIR"):
        Path(env[variable]).mkdir(mode=0o700)
        os.chown(env[variable], person, person)
    return env


def _hierarchies() -> list[Path]:
    """Where systemd works: cgroup v2 alone, or v1 and v2 side by side."""
    base = Path("/sys/fs/cgroup")
    return [base] if (base / "cgroup.procs").exists() else [base / "systemd", base / "unified"]


def _make_cgroups(person: int) -> list[Path]:
    made = [hierarchy / f"neckguard-test-{os.getpid()}" for hierarchy in _hierarchies()]
    for cgroup in made:
        cgroup.mkdir()
        for part in (cgroup, *cgroup.iterdir()):
            os.chown(part, person, person)
    return made


def _remove_cgroup(cgroup: Path) -> bool:
    try:
        for directory, _, _ in os.walk(cgroup, topdown=False):
            os.rmdir(directory)
    except OSError:
        return False  # the killed processes are still leaving
    return True
