"""What neckguard takes in the states that a day is made of."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.desk import NECKGUARD, ask, daemon, home, source_of, spawn
from benchmarks.processes import usage

SYSTEM_PYTHON = "/usr/bin/python3"
SETTLED = 130.0  # seconds, after which better sources of presence are tried but rarely
NOBODY = 65534


def measure_states(minutes: float) -> None:
    """Let a daemon live in each state, side by side, and print what each takes per minute."""
    with ExitStack() as stack:
        lives = [enter(stack, state) for state in STATES if not is_lacking(state)]
        time.sleep(SETTLED)
        states = [ask(life.env, "status") for life in lives]
        time.sleep(1.0)
        before = [usage(life.pid) for life in lives]
        time.sleep(minutes * 60)
        after = [usage(life.pid) for life in lives]
        wakeups = count_wakeups([life.pid for life in lives], minutes * 60)
    print("per minute              wake-ups (budget)   CPU (budget 3)   children   switches")
    for life, state, began, ended, woken in zip(lives, states, before, after, wakeups, strict=True):
        taken = ended.since(began)
        counted = "     ?" if woken is None else f"{woken / minutes:6.1f}"
        cpu, children = (f"{seconds / minutes * 1000:6.1f} ms" for seconds in (taken.cpu, taken.children))
        print(
            f"{life.state.name:<22}  {counted} ({life.state.budget:>3})   {cpu}      {children}   "
            f"{taken.wakeups / minutes:6.1f}   {state['state']}, by {source_of(state)}"
        )


@dataclass(frozen=True)
class State:
    """What a daemon can be in for long: how its desk gets there before it starts, what it is told then."""

    name: str
    budget: str  # wake-ups per minute
    prepare: Callable[[ExitStack, dict[str, str]], None]
    needs: tuple[str, ...] = ()
    settings: str = ""
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Life:
    """A daemon in a state."""

    state: State
    env: dict[str, str]
    pid: int


def enter(stack: ExitStack, state: State) -> Life:
    """A desk of its own with a daemon, in this state."""
    base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ng-")))
    env = stack.enter_context(home(base))
    (base / ".config" / "neckguard" / "config.toml").write_text(state.settings)
    state.prepare(stack, env)
    process, _ = stack.enter_context(daemon(env))
    if state.told:
        subprocess.run([NECKGUARD, *state.told], env=env, stdout=subprocess.DEVNULL, check=True)
    return Life(state, env, process.pid)


def is_lacking(state: State) -> bool:
    """Whether something is missing for it; says so."""
    missing = [need for need in state.needs if not is_there(need)]
    if missing:
        print(f"{state.name:<22}  not measured: needs {', '.join(missing)}")
    return bool(missing)


def is_there(need: str) -> bool:
    """Whether a program is installed, or the package that mocks services of a bus."""
    if need != "python3-dbusmock":
        return shutil.which(need) is not None
    asked = [SYSTEM_PYTHON, "-c", "import dbusmock"]
    return (
        os.path.exists(SYSTEM_PYTHON)
        and not subprocess.run(asked, capture_output=True, check=False).returncode
    )


def sit_still(_stack: ExitStack, _env: dict[str, str]) -> None:
    """Nobody touches anything."""


def keep_typing(stack: ExitStack, env: dict[str, str]) -> None:
    """Somebody types, five keys a second and for hours."""
    spawn(stack, env, "xdotool", "type", "--delay", "200", "neck " * 20_000)


def run_mutter(stack: ExitStack, env: dict[str, str]) -> None:
    """GNOME's idle monitor, and nobody there."""
    template = Path(env["HOME"]) / "mutter.py"
    template.write_text(MUTTER)
    spawn(stack, env, SYSTEM_PYTHON, "-m", "dbusmock", "--session", "--template", str(template))
    time.sleep(2)


def run_kwin(stack: ExitStack, env: dict[str, str]) -> None:
    """Plasma's compositor, and nobody there. It refuses to run as root."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ng-"))
    # A copy has no file capabilities: where the bounding set lacks them the original cannot be started.
    command = [shutil.copy(shutil.which("kwin_wayland") or "", folder)]
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
    options = ["--virtual", "--no-lockscreen", "--no-global-shortcuts", "--socket", "kwin"]
    mine = {"PATH": env["PATH"], "HOME": folder, "XDG_RUNTIME_DIR": folder}
    spawn(stack, mine, *command, *options)
    env["WAYLAND_DISPLAY"] = f"{folder}/kwin"
    end = time.monotonic() + 30
    while not os.path.exists(env["WAYLAND_DISPLAY"]) and time.monotonic() < end:
        time.sleep(0.1)


def call_and_type(stack: ExitStack, env: dict[str, str]) -> None:
    """Somebody types and has the microphone open."""
    loads = ("-L", "module-native-protocol-unix", "-L", "module-null-source source_name=mic")
    spawn(
        stack, env, "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=yes", *loads
    )
    time.sleep(2)
    spawn(stack, env, "parec", "--device=mic")
    keep_typing(stack, env)


MUTTER = """
import time, dbus
BUS_NAME = MAIN_IFACE = "org.gnome.Mutter.IdleMonitor"
MAIN_OBJ = "/org/gnome/Mutter/IdleMonitor/Core"
SYSTEM_BUS = False

def load(mock, parameters):
    mock.began = time.monotonic()
    mock.number = 0

@dbus.service.method(MAIN_IFACE, in_signature="", out_signature="t")
def GetIdletime(self):
    return int((time.monotonic() - self.began) * 1000)

@dbus.service.method(MAIN_IFACE, in_signature="", out_signature="u")
def AddUserActiveWatch(self):
    self.number += 1
    return self.number

@dbus.service.method(MAIN_IFACE, in_signature="u", out_signature="")
def RemoveWatch(self, number):
    pass
"""
SOON_AWAY = '[presence]\nidle_after = "20s"\n'
SOON_DUE = '[reminders.posture]\nevery = "10s"\n'
X11 = ("Xvfb", "xdotool")
STATES = (
    State("typing, X11", "2", keep_typing, X11),
    State("away, X11", "0.5", sit_still, X11, settings=SOON_AWAY),
    State("away, Mutter", "0.5", run_mutter, ("dbus-daemon", "python3-dbusmock"), settings=SOON_AWAY),
    State("away, Wayland", "0.5", run_kwin, ("kwin_wayland", "setpriv"), settings=SOON_AWAY),
    State("paused, typing, X11", "0.5", keep_typing, X11, told=("pause", "8h")),
    State(
        "owed in a call, X11", "-", call_and_type, (*X11, "pulseaudio", "pactl", "parec"), settings=SOON_DUE
    ),
)


def count_wakeups(pids: list[int], seconds: float) -> list[int | None]:
    """How often each returns from waiting; counted apart, as being watched costs time. None: unknown."""
    if shutil.which("strace") is None:
        print("wake-ups not counted: needs strace")
        return [None for _ in pids]
    what = "trace=epoll_wait,epoll_pwait,epoll_pwait2"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ng-")))
        with ExitStack() as watching:
            for pid in pids:
                output = str(folder / str(pid))
                spawn(watching, dict(os.environ), "strace", "-qq", "-e", what, "-o", output, "-p", str(pid))
            time.sleep(seconds)
        return [wakeups_in(folder / str(pid)) for pid in pids]


def wakeups_in(trace: Path) -> int | None:
    """Only those waits count that could have lasted. None: it was not allowed to watch."""
    if not trace.exists():
        return None
    waits: list[str] = re.findall(
        r"^epoll_\w+\(.* (-?\d+)(?:, NULL, \d+)?\) = \d+", trace.read_text(), re.MULTILINE
    )
    return sum(timeout != "0" for timeout in waits)
