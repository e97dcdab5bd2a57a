"""Measures the budgets against a bare interpreter of the same venv, in one run. Run it in a clean venv:

    python3 -m venv clean && clean/bin/pip install . && clean/bin/python tests/benchmarks/measure.py

With `--minute` it also counts wake-ups and CPU time over one idle minute.
"""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1]))
PYTHON = sys.executable
NECKGUARD = str(Path(sys.executable).with_name("neckguard"))
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure everything and print a table."""
    with tempfile.TemporaryDirectory(prefix="ng-") as folder, home(Path(folder)) as env:
        bare = bare_rss()
        print(f"bare interpreter        {bare / 1024:6.1f} MB")
        with daemon(env) as (process, ready):
            rss = settled_rss(process.pid)
            print(f"idle daemon             {rss / 1024:6.1f} MB   {rss / bare:.2f} x bare (budget 2.8)")
            print(f"start to READY          {ready:6.2f} s    (budget 0.6; first start, settings validated)")
            print(f"saved to applied        {applied(env):6.2f} s    (budget 0.5)")
            clients(env)
            if "--minute" in sys.argv:
                idle_minute(process.pid)
        with daemon(env) as (_, ready):
            print(f"start to READY          {ready:6.2f} s    (settings unchanged)")
    year()


@contextmanager
def home(base: Path) -> Iterator[dict[str, str]]:
    """A home with a session bus and, where they are installed, an X server and dunst."""
    env = {
        **os.environ,
        "HOME": str(base),
        "XDG_RUNTIME_DIR": str(base),
        "XDG_STATE_HOME": str(base / "state"),
    }
    env |= {"XDG_CONFIG_HOME": str(base / "config"), "DBUS_SESSION_BUS_ADDRESS": f"unix:path={base}/bus"}
    env["DBUS_SYSTEM_BUS_ADDRESS"] = env["DBUS_SESSION_BUS_ADDRESS"]  # a bus without logind
    (base / "config" / "neckguard").mkdir(parents=True)
    started = [
        subprocess.Popen(["dbus-daemon", "--session", f"--address=unix:path={base}/bus", "--nofork"], env=env)
    ]
    reading, writing = os.pipe()
    started.append(
        subprocess.Popen(["Xvfb", "-displayfd", str(writing)], pass_fds=[writing], stderr=subprocess.DEVNULL)
    )
    env["DISPLAY"] = f":{os.read(reading, 10).decode().strip()}"
    started.append(subprocess.Popen(["dunst"], env=env, stderr=subprocess.DEVNULL))
    try:
        yield env
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


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


def ask(env: dict[str, str], command: str) -> dict[str, object]:
    """One request, without a client's start."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(f"{env['XDG_RUNTIME_DIR']}/neckguard/control.sock")
        client.sendall(json.dumps({"v": 1, "command": command}).encode() + b"\n")
        with client.makefile("rb") as reply:
            found: dict[str, object] = json.loads(reply.readline())["data"]
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
        print(f"{name:<8}                {median * 1000:6.1f} ms   {median / bare:.2f} x bare (budget 3.0)")


def idle_minute(pid: int) -> None:
    """Wake-ups and CPU over a minute in which nothing happens, once a missing logind is asked but rarely."""
    time.sleep(130)
    before = (switches(pid), cpu(pid))
    time.sleep(60)
    after = (switches(pid), cpu(pid))
    print(f"wake-ups in a minute    {after[0] - before[0]:6d}      (budget 3)")
    print(f"CPU in a minute         {(after[1] - before[1]) * 1000:6.0f} ms   (budget 10)")


def switches(pid: int) -> int:
    """How often the process went to sleep by itself."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("voluntary"))


def cpu(pid: int) -> float:
    """Seconds on a processor."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def year() -> None:
    """A simulated year of office hours with eight reminders, answered."""
    from virtual import DEFAULTS, Desk, plan, promptly, reminder

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
    began = time.perf_counter()
    desk = Desk(plan(*reminders, hours=hours), person=promptly)
    desk.pass_time(365 * 86400.0)
    prompts = sum(" shown" in line for line in desk.trace)
    print(f"a simulated year        {time.perf_counter() - began:6.2f} s    {prompts} prompts (budget 3)")


if __name__ == "__main__":
    main()
