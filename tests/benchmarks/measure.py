"""Measures the budgets against a bare interpreter of the same venv, in one run. Run it in a clean venv:

    python3 -m venv clean && clean/bin/pip install . && clean/bin/python tests/benchmarks/measure.py

With `--minute` it also counts wake-ups and CPU time in the states a day is made of, which takes five minutes;
`--minute 5` takes the mean of five minutes, as some things happen every four or five only. A state is passed
over where its programs are missing. With `--history` it also makes ten years of history, and reads and
writes it.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1]))
PYTHON = sys.executable
NECKGUARD = str(Path(sys.executable).with_name("neckguard"))
TICKS = os.sysconf("SC_CLK_TCK")
SYSTEM_PYTHON = "/usr/bin/python3"
SETTLED = 130.0  # seconds, after which better sources of presence are tried but rarely
NOBODY = 65534
THEIR_DESKTOP = {"DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "PULSE_SERVER"}


def main() -> None:
    """Measure everything and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minute", nargs="?", const=1.0, default=0.0, type=float, metavar="MINUTES")
    parser.add_argument("--history", action="store_true")
    args = parser.parse_args()
    minutes: float = args.minute
    print_load()
    with tempfile.TemporaryDirectory(prefix="ng-") as folder, home(Path(folder)) as env:
        bare = bare_rss()
        print(f"bare interpreter        {bare / 1024:6.1f} MB")
        with daemon(env) as (process, ready), in_tray(env) as whether:
            rss = settled_rss(process.pid)
            source = source_of(ask(env, "status"))
            budget = "2.6" if sys.version_info < (3, 12) else "24.5 MB"
            times = f"{rss / bare:.2f} x bare (budget {budget}; presence by {source}, {whether} tray)"
            print(f"idle daemon             {rss / 1024:6.1f} MB   {times}")
            print(f"start to READY          {ready:6.2f} s    (budget 0.6; first start, settings validated)")
            print(f"saved to applied        {applied(env):6.2f} s    (budget 0.5)")
            clients(env)
        with daemon(env) as (_, ready):
            print(f"start to READY          {ready:6.2f} s    (settings unchanged)")
    year()
    if args.history:
        from benchmarks.history import measure_history

        measure_history()
    if minutes:
        measure_states(minutes)
    print_load()


@contextmanager
def home(base: Path) -> Iterator[dict[str, str]]:
    """A home with a session bus, an X server and dunst, as far as they are installed."""
    ours = {name: value for name, value in os.environ.items() if name not in THEIR_DESKTOP}
    env = {
        **ours,
        "HOME": str(base),
        "XDG_RUNTIME_DIR": str(base),
        "XDG_STATE_HOME": str(base / "state"),
    }
    env |= {"XDG_CONFIG_HOME": str(base / "config"), "DBUS_SESSION_BUS_ADDRESS": f"unix:path={base}/bus"}
    env["DBUS_SYSTEM_BUS_ADDRESS"] = env["DBUS_SESSION_BUS_ADDRESS"]  # a bus without logind
    (base / "config" / "neckguard").mkdir(parents=True)
    with ExitStack() as stack:
        if shutil.which("dbus-daemon"):
            spawn(stack, env, "dbus-daemon", "--session", f"--address=unix:path={base}/bus", "--nofork")
        if shutil.which("Xvfb"):
            reading, writing = os.pipe()
            spawn(stack, env, "Xvfb", "-displayfd", str(writing), pass_fds=[writing])
            os.close(writing)
            with os.fdopen(reading) as answer:
                env["DISPLAY"] = f":{answer.readline().strip()}"
        if shutil.which("dunst"):
            spawn(stack, env, "dunst")
        yield env


def spawn(stack: ExitStack, env: dict[str, str], *command: str, pass_fds: Sequence[int] = ()) -> None:
    """Something that runs until the stack is closed."""
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, env=env, stdout=silent, stderr=silent, pass_fds=pass_fds)
    stack.callback(process.wait)
    stack.callback(process.terminate)


@contextmanager
def daemon(env: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """A running daemon, and how long it took until it said READY."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        path = f"{env['HOME']}/notify"
        manager.bind(path)
        began = time.monotonic()
        process = subprocess.Popen(
            [NECKGUARD, "run"], env={**env, "NOTIFY_SOCKET": path}, stderr=subprocess.DEVNULL
        )
        while b"READY=1" not in manager.recv(4096):
            pass
        ready = time.monotonic() - began
    os.unlink(path)
    try:
        yield process, ready
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


@contextmanager
def in_tray(env: dict[str, str]) -> Iterator[str]:
    """What draws the daemon's icon, where there is a bus; says whether it is "in a" tray or in "no" one."""
    from benchmarks.tray import tray

    if shutil.which("dbus-daemon") is None:
        yield "no"
        return
    with tray(env["DBUS_SESSION_BUS_ADDRESS"]):
        yield "in a"


def bare_rss() -> int:
    """Kilobytes of an interpreter that does nothing."""
    with subprocess.Popen([PYTHON, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as process:
        time.sleep(0.3)
        return rss_of(process.pid)


def rss_of(pid: int) -> int:
    """Kilobytes of resident memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def settled_rss(pid: int) -> int:
    """The same, once it has met the desktop."""
    time.sleep(3)
    return rss_of(pid)


def ask(env: dict[str, str], command: str) -> dict[str, Any]:
    """One request, without a client's start."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(f"{env['XDG_RUNTIME_DIR']}/neckguard/control.sock")
        client.sendall(json.dumps({"v": 1, "command": command}).encode() + b"\n")
        with client.makefile("rb") as reply:
            found: dict[str, Any] = json.loads(reply.readline())["data"]
            return found


def applied(env: dict[str, str]) -> float:
    """Seconds from a saved settings file to its effect, the median of five."""
    config = Path(env["XDG_CONFIG_HOME"]) / "neckguard" / "config.toml"
    times = []
    for minutes in range(21, 26):
        new = config.with_suffix(".new")
        new.write_text(f'[reminders.posture]\nevery = "{minutes}m"\n')
        began = time.monotonic()
        new.rename(config)
        while f'"every": {minutes * 60}.0' not in json.dumps(ask(env, "status")):
            time.sleep(0.005)
        times.append(time.monotonic() - began)
    return statistics.median(times)


def clients(env: dict[str, str]) -> None:
    """Wall time of `pause` and `status` against `python3 -c pass`, interleaved, medians."""
    commands = {
        "bare": [PYTHON, "-c", "pass"],
        "pause": [NECKGUARD, "pause", "1m"],
        "status": [NECKGUARD, "status"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(40):
        for name, command in commands.items():
            began = time.monotonic()
            subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=True)
            times[name].append(time.monotonic() - began)
    subprocess.run([NECKGUARD, "resume"], env=env, stdout=subprocess.DEVNULL, check=True)
    bare = statistics.median(times.pop("bare"))
    for name, spans in times.items():
        median = statistics.median(spans)
        print(f"{name:<8}                {median * 1000:6.1f} ms   {median / bare:.2f} x bare (budget 2.7)")


# ---- the states a day is made of ---------------------------------------------------------------------------


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
    print("per minute              wake-ups   CPU (budget 3)   children   switches")
    for life, state, began, ended, woken in zip(lives, states, before, after, wakeups, strict=True):
        own, children, switches = ((late - early) / minutes for early, late in zip(began, ended, strict=True))
        counted = "     ?" if woken is None else f"{woken / minutes:6.1f}"
        print(
            f"{life.state.name:<22}  {counted} ({life.state.budget})   {own * 1000:6.1f} ms      "
            f"{children * 1000:6.1f} ms   {switches:6.1f}   {state['state']}, by {source_of(state)}"
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
    (base / "config" / "neckguard" / "config.toml").write_text(state.settings)
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
    State("typing, X11", "3", keep_typing, X11),
    State("away, X11", "1", sit_still, X11, settings=SOON_AWAY),
    State("away, Mutter", "1", run_mutter, ("dbus-daemon", "python3-dbusmock"), settings=SOON_AWAY),
    State("away, Wayland", "1", run_kwin, ("kwin_wayland", "setpriv"), settings=SOON_AWAY),
    State("paused, typing, X11", "1", keep_typing, X11, told=("pause", "8h")),
    State(
        "owed in a call, X11", "-", call_and_type, (*X11, "pulseaudio", "pactl", "parec"), settings=SOON_DUE
    ),
)


def usage(pid: int) -> tuple[float, float, int]:
    """Seconds on a processor, seconds of its children, and how often it went to sleep by itself."""
    own = time.clock_gettime(~pid << 3 | 2)  # clock_getcpuclockid(3): in nanoseconds, not in ticks
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    switches = next(int(line.split()[1]) for line in lines if line.startswith("voluntary"))
    return own, (int(fields[13]) + int(fields[14])) / TICKS, switches


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


def source_of(status: dict[str, Any]) -> str:
    """Who tells of inputs."""
    return str(status["services"]["presence"]["source"])


def print_load() -> None:
    """How busy the machine is: figures of a busy one say little."""
    print(f"load                    {os.getloadavg()[0]:6.2f}      on {os.cpu_count()} processors")


def year() -> None:
    """A simulated year of office hours with eight reminders, answered."""
    from support.virtual import DEFAULTS, Desk, plan, promptly, reminder

    from neckguard.core.plan import Opening

    weekdays = tuple(range(5))
    reminders = (
        *DEFAULTS,
        reminder("eyes", 1200.0, kind="stretch", duration=20.0),
        reminder("water", 7200.0),
        reminder("strength", kind="stretch", at=("11:00",), days=weekdays),
        reminder("checkin", at=("17:30",), days=weekdays),
        reminder("winddown", at=("21:30",)),
    )
    hours = tuple(Opening(day, *span) for day in weekdays for span in ((540, 750), (810, 1080)))
    began, busy = time.perf_counter(), time.process_time()
    desk = Desk(plan(*reminders, hours=hours), person=promptly)
    desk.pass_time(365 * 86400.0)
    prompts = sum(" shown" in line for line in desk.trace)
    took, busy = time.perf_counter() - began, time.process_time() - busy
    print(f"a simulated year        {took:6.2f} s    {prompts} prompts ({busy:.2f} s of CPU, budget 2.2)")


if __name__ == "__main__":
    main()
