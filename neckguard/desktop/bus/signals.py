"""Signals on D-Bus: what they are, and who wants to hear which of whom."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, NoReturn

from jeepney import HeaderFields, Message

from neckguard.backoff import Backoff
from neckguard.value import value

DBUS = "org.freedesktop.DBus"
DCONF = {
    "interface": "ca.desrt.dconf.Writer",
    "member": "Notify",
    "path": "/ca/desrt/dconf/Writer/user",
}

log = logging.getLogger(__name__)


@value
class Signal:
    """A signal as it came in; `sender` is the unique name that the bus vouches for."""

    sender: str
    path: str
    interface: str
    member: str
    body: tuple[Any, ...]
    signature: str = ""


@value
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


class Watches(list[Watch]):
    """All watches on one bus, and the owners of the well-known names that they name as senders."""

    def __init__(self) -> None:
        super().__init__()
        self._owners: dict[str, str] = {}

    def learn_owner(self, name: str, owner: str) -> None:
        """Take in what the bus answered, unless a NameOwnerChanged has brought newer word."""
        self._owners.setdefault(name, owner)

    def forget_owners(self) -> None:
        """The connection is gone, and with it all that was known."""
        self._owners.clear()

    def deliver(self, message: Message) -> None:
        """Hand a signal to all who want it."""
        fields = message.header.fields
        signal = Signal(
            sender=fields.get(HeaderFields.sender, ""),
            path=fields[HeaderFields.path],
            interface=fields[HeaderFields.interface],
            member=fields[HeaderFields.member],
            body=tuple(message.body),
            signature=fields.get(HeaderFields.signature, ""),
        )
        if signal.sender == DBUS and signal.member == "NameOwnerChanged":
            if signal.signature != "sss":
                return  # of whose names they were would be anybody's guess
            name, _, owner = signal.body
            if any(watch.sender == name for watch in self):
                self._owners[name] = owner
        for watch in self:
            sender = watch.sender and self._owners.get(watch.sender, watch.sender)
            if watch.wants(signal, sender):
                guarded(watch.handler, signal)


def on_settings(changed: Callable[[Signal], None], *keys: str) -> Callable[[Signal], None]:
    """The handler of the signals `DCONF` that hears of changes of these keys alone."""

    def hear(signal: Signal) -> None:
        """A `prefix` (ending with a slash) with changed `names`, or one whole path and an empty name."""
        match signal.body:
            case (str(prefix), list(names), str()):
                if any(key.startswith(f"{prefix}{name}") for key in keys for name in names):
                    changed(signal)

    return hear


def senders(watches: Iterable[Watch]) -> list[str]:
    """The well-known names whose owners must be known."""
    return sorted({watch.sender for watch in watches if watch.sender} - {DBUS})


def rules(watches: Iterable[Watch]) -> list[str]:
    """The match rules for these signals, and for other owners of the names they should come from."""
    watches = list(watches)
    owners = [Watch(_ignore, DBUS, "NameOwnerChanged", sender=DBUS, arg0=name) for name in senders(watches)]
    return sorted({watch.rule() for watch in (*watches, *owners)})


def guarded(handler: Callable[[Any], None], argument: Any) -> None:
    """Call it; its faults must not end the connection."""
    try:
        handler(argument)
    except Exception:
        log.exception("A fault of neckguard in answer to %s", argument)


def _ignore(_: Signal) -> None:
    """The handler of rules that only the bus connection itself needs."""


_FIRST_RETRY, _LAST_RETRY = 1.0, 300.0  # seconds


async def follow(changed: asyncio.Event, look: Callable[[], Awaitable[bool]]) -> NoReturn:
    """Look now, whenever `changed` is set and, while `look` fails (False), after growing pauses; for ever."""
    changed.set()
    backoff = Backoff(_FIRST_RETRY, _LAST_RETRY)
    delay: float | None = None
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await changed.wait()
        changed.clear()
        if await look():
            backoff.reset()
            delay = None
        else:
            delay = backoff.next()
