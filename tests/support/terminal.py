"""The program in a real terminal (a pty), with a home of its own and faster time."""

import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import ioctl
from pathlib import Path

from neckguard.core import Reply
from support.fake_daemon import FakeDaemon, fake_daemon
from support.helpers import patient

# As it is started by a shell: a session of its own, with this terminal.
CHILD = """
import fcntl, functools, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from neckguard.cli import main
from neckguard.cli.stretch import stretch
stretch.run = functools.partial(stretch.run, pace=float(sys.argv[1]))
sys.exit(main.main(sys.argv[2:]))
"""


class Terminal:
    """A terminal with the program in it; `shown` is all that was written to it."""

    def __init__(self, env: dict[str, str], words: list[str], *, pace: float, size: tuple[int, int]) -> None:
        self.ours, self._theirs = pty.openpty()
        ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *reversed(size), 0, 0))
        self.before = termios.tcgetattr(self._theirs)
        self.shown = ""
        self._seen = 0
        self.process = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(pace), *words],
            env=env,
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            start_new_session=True,
        )

    def type(self, keys: str) -> None:
        os.write(self.ours, keys.encode())

    def until(self, text: str) -> None:
        """Read on until this is shown."""
        end = time.monotonic() + patient(20)
        while text not in self.shown[self._seen :]:
            assert time.monotonic() < end, f"{text!r} did not come in {self.shown!r}"
            self._read(0.1)
        self._seen = self.shown.index(text, self._seen) + len(text)

    def end(self, again: str = "") -> int:
        """The exit code; `again` is typed every 3 s until then."""
        end = time.monotonic() + patient(20)
        repeat = time.monotonic() + 3
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it goes on: {self.shown!r}"
            self._read(0.1)
            if again and time.monotonic() > repeat:
                self.type(again)
                repeat += 3
        self._read(0)
        return self.process.returncode

    @property
    def restored(self) -> bool:
        """Whether the terminal's modes are what they were."""
        return termios.tcgetattr(self._theirs) == self.before

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.ours)
        os.close(self._theirs)

    def _read(self, seconds: float) -> None:
        while select.select([self.ours], [], [], seconds)[0]:
            self.shown += os.read(self.ours, 65536).decode()
            seconds = 0


class Home:
    """A person's home, their daemon, and the terminals they open."""

    def __init__(self, base: Path, daemon: FakeDaemon) -> None:
        self.state = base / "state" / "neckguard"
        self.daemon = daemon
        self.env = {name: value for name, value in daemon.env.items() if name not in ("NO_COLOR", "LINES")}
        self.env |= {
            "XDG_STATE_HOME": str(base / "state"),
            "XDG_CONFIG_HOME": str(base / "config"),
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
        }
        self.terminals: list[Terminal] = []

    def open(
        self,
        *words: str,
        pace: float = 1.0,
        size: tuple[int, int] = (80, 24),
        env: dict[str, str] | None = None,
    ) -> Terminal:
        """Run it in a terminal of so many columns and rows."""
        self.terminals.append(Terminal({**self.env, **(env or {})}, list(words), pace=pace, size=size))
        return self.terminals[-1]


@contextmanager
def terminal_home(base: Path) -> Iterator[Home]:
    """A home whose daemon suggests a stretch, and takes it that one was done."""
    with fake_daemon() as daemon:
        daemon.replies |= {
            "suggest": Reply(ok=True, data={"stretch": "seated-twist", "eased": False, "hurt": {}}),
            "stretched": Reply(ok=True, message="Counted."),
        }
        home = Home(base, daemon)
        try:
            yield home
        finally:
            for terminal in home.terminals:
                terminal.close()
