"""A home directory and the daemon that lives in it: the installed console script, run for real."""

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

from support.command import PROGRAM, Outcome, installed, neckguard
from support.helpers import patient, wait_until

QUICK = """
[reminders.posture]
every = "1s"
expire_after = "1h"
[quiet]
settle = "0s"
merge_window = "0s"
"""


class Life:
    """A home directory, and the daemon that lives in it."""

    def __init__(self, base: Path, bus: str) -> None:
        self.base = base
        self.config = base / ".config" / "neckguard" / "config.toml"
        self.state = base / "state" / "neckguard"
        self.runtime = base / "run" / "neckguard"
        for folder in (self.config.parent, base / "state", base / "run"):
            folder.mkdir(parents=True)
        keep = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("NECKGUARD_", "XDG_", "DISPLAY", "WAYLAND_"))
        }
        self.env = {
            **installed(keep),
            "HOME": str(base),
            "XDG_CONFIG_HOME": str(base / ".config"),
            "XDG_STATE_HOME": str(base / "state"),
            "XDG_RUNTIME_DIR": str(base / "run"),
            "DBUS_SESSION_BUS_ADDRESS": bus,
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={base}/no-system-bus",
            "TZ": "Europe/Berlin",
        }
        self.wrapper: list[str] = []  # what the daemon is run by
        self.log = base / "log"
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self, settings: str | None = None, *words: str) -> "Life":
        """Start the daemon, and wait until it answers."""
        process = self.start(settings, *words)
        wait_until(lambda: self.ask("status").code == 0 or process.poll() is not None)
        return self

    def start(self, settings: str | None = None, *words: str) -> subprocess.Popen[bytes]:
        """Start the daemon."""
        if settings is not None:
            self.save(settings)
        with self.log.open("ab") as log:
            command = [*self.wrapper, str(PROGRAM), "run", *words]
            self.process = subprocess.Popen(
                command, env=self.env, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        return self.process

    def save(self, settings: str) -> None:
        """Save the settings as vim does: a new file under the old name."""
        new = self.config.with_suffix(".new")
        new.write_text(settings)
        new.rename(self.config)

    def ask(self, *words: str) -> Outcome:
        """Run a verb to its end."""
        return neckguard(*words, env=self.env)

    def status(self) -> dict[str, Any]:
        """`status --json`."""
        said = self.ask("status", "--json")
        assert said.code == 0, said
        found: dict[str, Any] = json.loads(said.out)
        return found

    def reminder(self, name: str) -> dict[str, Any]:
        """One reminder of the status."""
        found: dict[str, Any] = next(each for each in self.status()["reminders"] if each["name"] == name)
        return found

    def kill(self) -> None:
        """As the kernel does it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """As the service manager does it; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patient(10))

    def text(self) -> str:
        """What it printed and logged so far."""
        return self.log.read_text()
