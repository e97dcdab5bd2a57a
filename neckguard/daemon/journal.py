"""What systemd hears: lines with priorities for the journal, and sd_notify. Never a reason to fail."""

import logging
import os
import socket
import sys
import time
from typing import TextIO

from neckguard.texts import one_line
from neckguard.words import as_started

# sd-daemon(3): the journal takes the priority from the start of each line, and adds the time itself.
_PRIORITIES = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
_DEBUG_PRIORITY = 7

_OURS = "neckguard"


def set_up(level: str = "info") -> None:
    """Send the log to stderr; once, at the start."""
    logging.raiseExceptions = False  # a closed terminal or a full disk must not add tracebacks to the trouble
    handler = _Terminal() if _on_one_terminal() else logging.StreamHandler()
    handler.setFormatter(_ForJournal() if _under_journal() else _ForPeople())
    logging.captureWarnings(True)  # plyer's backends warn in their own way
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # what the libraries we use have to say beyond that is nobody's business
    set_level(level)


def set_level(level: str) -> None:
    """How much to tell: `debug`, `info`, `warning` or `error`."""
    logging.getLogger(_OURS).setLevel(level.upper())


def share_terminal(*, with_prompts: bool) -> None:
    """Say whether prompts come to the terminal of the log, if both have one: then only errors are told."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _Terminal):
            handler.share(with_prompts=with_prompts)


def _on_one_terminal() -> bool:
    """Whether what is printed goes to a terminal as the log does; no program has more than one."""
    try:
        return sys.stdout.isatty() and sys.stderr.isatty()
    except (ValueError, AttributeError):  # closed, or not there at all
        return False


def _under_journal() -> bool:
    """Whether stderr is the very stream JOURNAL_STREAM names; the variable alone may be inherited."""
    try:
        found = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):  # closed, replaced, or not there at all
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{found.st_dev}:{found.st_ino}"


class _Terminal(logging.StreamHandler[TextIO]):
    """Keeps all but errors back until it is known whether the terminal belongs to the prompts."""

    def __init__(self) -> None:
        super().__init__()
        self._with_prompts: bool | None = None
        self._kept: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if self._with_prompts is False or record.levelno >= logging.ERROR:
            super().emit(record)
        elif self._with_prompts is None:
            self._kept.append(record)

    def share(self, *, with_prompts: bool) -> None:
        """With the prompts, or with nobody."""
        kept, self._kept, self._with_prompts = self._kept, [], with_prompts
        for record in kept:
            self.emit(record)

    def close(self) -> None:
        if self._with_prompts is None:
            self.share(with_prompts=False)  # it ended before it was known
        super().close()


class _ForJournal(logging.Formatter):
    """A priority before every line, or a long message would be cut into lines of different weight."""

    def format(self, record: logging.LogRecord) -> str:
        found = (number for level, number in _PRIORITIES if record.levelno >= level)
        mark = f"<{next(found, _DEBUG_PRIORITY)}>"
        return "\n".join(mark + line for line in super().format(record).splitlines() or [""])


class _ForPeople(logging.Formatter):
    """The local time before every line, and the level where it is more than information."""

    def format(self, record: logging.LogRecord) -> str:
        mark = time.strftime("%Y-%m-%d %H:%M:%S ", time.localtime(record.created))
        if record.levelno >= logging.WARNING:
            mark += f"{record.levelname.lower()}: "
        text = as_started(super().format(record))
        return "\n".join(mark + line for line in text.splitlines() or [""])


_SHARE_OF_WATCHDOG = 0.5  # sd_watchdog_enabled(3) advises half of the allowed silence


def ready(status: str = "") -> None:
    """The daemon serves; also said after `reloading`."""
    _send("READY=1", *_status(status))


def status(text: str) -> None:
    """One line that `systemctl --user status` shows."""
    _send(*_status(text))


def reloading() -> None:
    """A reload began; say `ready` when it is done."""
    _send("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")


def stopping() -> None:
    """The daemon is on its way out."""
    _send("STOPPING=1")


def watchdog() -> None:
    """The loop is healthy."""
    _send("WATCHDOG=1")


def watchdog_interval() -> float | None:
    """Seconds between two `watchdog` calls, or None where nobody waits for them."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    allowed = os.environ.get("WATCHDOG_USEC", "")
    if not (allowed.isascii() and allowed.isdecimal() and int(allowed)):
        return None
    return int(allowed) / 1e6 * _SHARE_OF_WATCHDOG


def _status(text: str) -> list[str]:
    line = one_line(text)  # a newline would begin another assignment
    return [f"STATUS={line}"] if line else []


def _send(*assignments: str) -> None:
    """One datagram; a full or vanished socket is the manager's trouble, not the daemon's."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not assignments or address[:1] not in ("/", "@"):
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.sendto("\n".join(assignments).encode(errors="replace"), socket.MSG_DONTWAIT, address)
    except OSError:
        return
