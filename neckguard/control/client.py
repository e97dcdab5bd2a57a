"""The command line's end of the control socket. Starts fast: every import here is paid by each `pause`."""

from __future__ import annotations

import json
import os
import select
import time

# The C half of `socket`: its Python half costs 3 ms at each start, as much as all of neckguard's modules.
from _socket import AF_UNIX, SOCK_STREAM, socket

from neckguard import paths
from neckguard.control import VERSION, peer
from neckguard.errors import NeckguardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

CONNECT_TIMEOUT = 2.0
REPLY_TIMEOUT = 5.0
RETRY_FIRST, RETRY_LAST = 0.25, 5.0  # seconds between attempts to reach a daemon that is away

STOPPED: dict[str, Any] = {
    "version": None,
    "state": "stopped",
    "since": None,
    "holds": [],
    "quiet": [],
    "presence": None,
    "sat_today": None,
    "next": None,
    "reminders": [],
    "prompt": None,
    "guide": None,
    "config": None,
    "services": {},
    "flare": None,
    "timer": None,
}
"""What a follower gets instead of a status while no daemon runs."""


class NotRunning(NeckguardError):  # noqa: N818 - the name of a state, as people say it
    """There is no daemon to talk to."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__(
            "neckguard is not running. Start it with `neckguard service install` (now and at every login)"
            " or `neckguard run` (in this terminal)."
        )


class Refused(NeckguardError):  # noqa: N818 - an answer, not a fault
    """The daemon said no, and why."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.exit_code = code


def ask(command: str, *, timeout: float = REPLY_TIMEOUT, **args: object) -> dict[str, Any]:
    """The daemon's reply, with `message` and `data`. Arguments that are None are not sent.

    Raises:
        NotRunning: there is no daemon.
        Refused: it will not.
        NeckguardError: it cannot be reached, does not answer, or not in our language.
    """
    link = _connect()
    try:
        _send(link, _request(command, args))
        line = _read_line(link, time.monotonic() + timeout)
    except TimeoutError:
        raise _no_answer() from None
    except OSError:
        line = b""
    finally:
        link.close()
    if not line:
        raise NeckguardError("neckguard stopped before it answered; try again.")
    return _reply(line)


def follow(output: int, tick: float | None = None) -> Iterator[dict[str, Any] | None]:
    """The status now and whenever it changes, across restarts of the daemon.

    While there is none, STOPPED comes at each vain attempt to reach it; after `tick` seconds without news,
    None. Ends when nobody reads the file descriptor `output`.
    """
    from neckguard.backoff import Backoff  # the other verbs start without it

    backoff = Backoff(RETRY_FIRST, RETRY_LAST)
    try:
        while True:
            try:
                for news in _follow_one(output, tick):
                    backoff.reset()
                    yield news
            except Refused:
                raise
            except (NeckguardError, OSError):
                pass  # away, starting, or hanging: all the same to who looks at the status bar
            yield STOPPED
            _wait(output, None, backoff.next())
    except _NobodyReads:
        return


class _NobodyReads(Exception):  # noqa: N818 - a way out, not an error
    """The reader of our output has gone."""


def _follow_one(output: int, tick: float | None) -> Iterator[dict[str, Any] | None]:
    """What one daemon has to say, until it goes."""
    link = _connect()
    try:
        _send(link, _request("follow", {}))
        if not _wait(output, link, REPLY_TIMEOUT):
            return  # it hangs; for a status bar that is as good as stopped
        rest = b""
        while True:
            if not _wait(output, link, tick):
                yield None
                continue
            chunk = link.recv(65536)
            if not chunk:
                return
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield _reply(line)["data"]
    finally:
        link.close()


def _wait(output: int, link: socket | None, seconds: float | None) -> bool:
    """Whether `link` has something for us within `seconds`; watches all the while that someone reads us."""
    poll = select.poll()
    poll.register(output, 0)  # 0: only that the other end has gone, poll(2)
    if link:
        poll.register(link, select.POLLIN)
    events = dict(poll.poll(None if seconds is None else seconds * 1000))
    if output in events:
        raise _NobodyReads
    return bool(events)


def _connect() -> socket:
    path = paths.control_socket()
    link = socket(AF_UNIX, SOCK_STREAM)
    link.settimeout(CONNECT_TIMEOUT)
    try:
        link.connect(path)
        if peer(link)[1] in (os.getuid(), 0):
            return link
        problem: NeckguardError = NeckguardError(
            f"{path} belongs to another user's program; remove it and start neckguard again."
        )
    except (FileNotFoundError, ConnectionRefusedError):
        problem = _nobody_there()
    except (TimeoutError, BlockingIOError):  # its queue of connections is full
        problem = _no_answer()
    except OSError as error:
        problem = NeckguardError(f"cannot reach neckguard at {path}: {error.strerror or error}.")
    link.close()
    raise problem


def _nobody_there() -> NeckguardError:
    """Why nobody listens: mostly no daemon, but one that just starts or lost its socket is not denied."""
    pid = _daemon_pid()
    if pid is None:
        return NotRunning()
    return NeckguardError(
        f"neckguard runs (pid {pid}) but does not listen at {paths.control_socket()} yet;"
        " try again in a moment. If that lasts: systemctl --user restart neckguard"
    )


def _no_answer() -> NeckguardError:
    pid = _daemon_pid() or "unknown"
    return NeckguardError(
        f"neckguard does not answer (pid {pid}). If that lasts: systemctl --user restart neckguard"
    )


def _daemon_pid() -> int | None:
    """The pid in the daemon's lock file, if that process lives and is a neckguard."""
    try:
        with open(paths.lock_file(), "rb") as lock:
            pid = int(lock.read(20))
        with open(f"/proc/{pid}/cmdline", "rb") as command:
            return pid if b"neckguard" in command.read(4096) else None
    except (OSError, ValueError):
        return None


def _request(command: str, args: dict[str, object]) -> bytes:
    given = {key: value for key, value in args.items() if value is not None}
    return json.dumps({"v": VERSION, "command": command, **given}).encode() + b"\n"


def _send(link: socket, message: bytes) -> None:
    try:  # noqa: SIM105 - contextlib would cost 0.5 ms at each start
        link.sendall(message)
    except BrokenPipeError:
        pass  # it hung up, maybe after saying why


def _read_line(link: socket, deadline: float) -> bytes:
    """One line, or nothing if the other end closes before it is complete."""
    line = b""
    while not line.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        link.settimeout(left)
        chunk = link.recv(65536)
        if not chunk:
            return b""
        line += chunk
    return line


def _reply(line: bytes) -> dict[str, Any]:
    try:
        reply = json.loads(line)
        if reply["ok"]:
            return {"message": reply["message"], "data": reply["data"]}
        refusal = Refused(reply["error"], reply["code"])
    except (ValueError, KeyError, TypeError):
        raise NeckguardError(
            "neckguard answered in a way this program does not know; were they installed at different times?"
            " Then: systemctl --user restart neckguard"
        ) from None
    raise refusal
