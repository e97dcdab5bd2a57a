"""Tell the service manager how the daemon is (sd_notify(3)); without one, nothing happens."""

import os
import socket
import time

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
    line = " ".join(text.split())  # a newline would begin another assignment
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
