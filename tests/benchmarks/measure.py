"""Measures the budgets against a bare interpreter of the same venv, in one run. Run it in a clean venv:

    python3 -m venv clean && clean/bin/pip install . && clean/bin/python tests/benchmarks/measure.py

With `--minute` it also counts wake-ups and CPU time in the states a day is made of, which takes five minutes;
`--minute 5` takes the mean of five minutes, as some things happen every four or five only. A state is passed
over where its programs are missing. With `--history` it also makes ten years of history, and reads and
writes it. With `--peers` it also lets Safe Eyes, Workrave and RSIBreak run beside neckguard, as far as they
are installed, three minutes in each of two states, and says what each takes (`--markdown`: for the README).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.desk import NECKGUARD, ask, daemon, home, in_tray, source_of
from benchmarks.peers import measure_peers
from benchmarks.processes import rss_of
from benchmarks.states import measure_states

PYTHON = sys.executable


def main() -> None:
    """Measure everything and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minute", nargs="?", const=1.0, default=0.0, type=float, metavar="MINUTES")
    parser.add_argument("--history", action="store_true")
    parser.add_argument("--peers", nargs="?", const=3.0, default=0.0, type=float, metavar="MINUTES")
    parser.add_argument("--markdown", action="store_true", help="the table of --peers for the README")
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
    if args.peers:
        measure_peers(args.peers, markdown=args.markdown)
    print_load()


def bare_rss() -> int:
    """Kilobytes of an interpreter that does nothing."""
    with subprocess.Popen([PYTHON, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as process:
        time.sleep(0.3)
        return rss_of(process.pid)


def settled_rss(pid: int) -> int:
    """The same, once it has met the desktop."""
    time.sleep(3)
    return rss_of(pid)


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
    budget = f"budget 2.2, of CPU; {took:.2f} s by the clock; {prompts} prompts"
    print(f"a simulated year        {busy:6.2f} s    ({budget})")


if __name__ == "__main__":
    main()
