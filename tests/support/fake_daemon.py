"""A real control server in a thread, scripted as a daemon: what clients and verbs are tested against."""

import asyncio
import copy
import os
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from neckguard import __version__
from neckguard.control.lock import InstanceLock
from neckguard.control.protocol import Request
from neckguard.control.server import ControlServer
from neckguard.core import Reply
from support.helpers import patient

T = TypeVar("T")


def reminder(name: str, **fields: Any) -> dict[str, Any]:
    """One entry of the status."""
    return {
        "name": name,
        "kind": name,
        "enabled": True,
        "state": "counting",
        "due_in": 720.0,
        "every": 1200.0,
        "daily": None,
        "sat": 480.0,
        "owed": False,
    } | fields


SAMPLE: dict[str, Any] = {
    "version": __version__,
    "pid": 4242,
    "state": "running",
    "since": "2026-03-02T09:00:00+01:00",
    "holds": [],
    "quiet": [],
    "presence": {"state": "active", "idle_seconds": 3.0, "source": "logind"},
    "sat_today": 18600.0,
    "next": {"name": "posture", "due_in": 720.0},
    "reminders": [
        reminder("posture"),
        reminder("stretch", due_in=1920.0, every=2400.0),
        reminder("break", due_in=3120.0, every=3600.0),
        reminder("eyes", kind="note", enabled=False, state="off", due_in=None),
    ],
    "prompt": None,
    "config": {"path": "/home/ann/.config/neckguard/config.toml", "loaded_at": None, "problems": []},
    "services": {
        "notify": {"backend": "dbus", "server": "dunst 1.9", "actions": True, "ok": True, "problem": ""},
        "session": {"ok": True, "problem": ""},
    },
    "flare": None,
    "timer": None,
}


class FakeDaemon:
    """Serves in its own runtime directory; `requests` are what came in, `replies` what each command gets."""

    def __init__(self, base: Path, *, patience: float = 10.0) -> None:
        self.base = base
        self.path = base / "neckguard" / "control.sock"
        self.status = copy.deepcopy(SAMPLE)
        self.requests: list[Request] = []
        self.replies: dict[str, Reply] = {}
        self.before_reply: Callable[[], Coroutine[Any, Any, Any]] | None = None
        self.lock = InstanceLock(str(self.path.parent / "flock"))
        self.loop = asyncio.new_event_loop()
        self.server = ControlServer(str(self.path), self._handle, lambda: self.status, patience=patience)
        self._thread = threading.Thread(target=self.loop.run_forever)

    def start(self) -> None:
        self.lock.acquire()
        self._thread.start()
        self.listen()

    def stop(self) -> None:
        self.run(self.server.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()
        self.lock.release()

    def listen(self) -> None:
        """Listen, unless it does."""

        async def ensure() -> None:
            self.server.ensure()

        self.run(ensure())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it in the daemon's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(patient(10))

    def change(self, **fields: Any) -> None:
        """Another status, and followers are told."""

        async def apply() -> None:
            self.status = {**self.status, **fields}
            self.server.changed()

        self.run(apply())

    @property
    def env(self) -> dict[str, str]:
        """The environment for a client of this daemon."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("NECKGUARD_", "COLUMNS"))
        }
        return {**kept, "XDG_RUNTIME_DIR": str(self.base), "NO_COLOR": ""}

    async def _handle(self, request: Request) -> Reply:
        self.requests.append(request)
        if self.before_reply:
            await self.before_reply()
        answer = Reply(ok=True, message=f"{request.command}: yes.")
        if request.command == "status":
            answer = Reply(ok=True, data=self.status)
        return self.replies.get(request.command, answer)


@contextmanager
def short_directory() -> Iterator[Path]:
    """A directory whose name leaves room for a socket (107 bytes), which pytest's own may not."""
    with tempfile.TemporaryDirectory(prefix="ng-") as name:
        yield Path(name)


@contextmanager
def fake_daemon(*, patience: float = 10.0) -> Iterator[FakeDaemon]:
    """A running one."""
    with short_directory() as base:
        daemon = FakeDaemon(base, patience=patience)
        daemon.start()
        try:
            yield daemon
        finally:
            daemon.stop()
