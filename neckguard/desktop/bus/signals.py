"""Signals on D-Bus: what they are, and what a handler wants to hear of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal as it came in; `sender` is the unique name that the bus vouches for."""

    sender: str
    path: str
    interface: str
    member: str
    body: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """What a handler wants to hear."""

    handler: Callable[[Signal], None]
    interface: str
    member: str | None = None
    path: str | None = None
    sender: str | None = None
    arg0: str | None = None

    def rule(self) -> str:
        """The match rule that makes the bus send it."""
        wanted = {
            "type": "signal",
            "interface": self.interface,
            "member": self.member,
            "path": self.path,
            "sender": self.sender,
            "arg0": self.arg0,
        }
        return ",".join(f"{key}='{value}'" for key, value in wanted.items() if value is not None)

    def wants(self, signal: Signal, sender: str | None) -> bool:
        """Whether the signal is meant. Rules of others and unicast signals bring more than was asked for."""
        return (
            signal.interface == self.interface
            and self.member in (None, signal.member)
            and self.path in (None, signal.path)
            and sender in (None, signal.sender)
            and (self.arg0 is None or signal.body[:1] == (self.arg0,))
        )
