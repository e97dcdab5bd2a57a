"""The person's login session as systemd-logind (or elogind) tells it: locked, not in front, going to sleep.

logind's signals only say *that* something changed; what is true is then read anew, so a signal more or less
does no harm. PrepareForSleep is the exception: it is believed at once, because the machine may stop before
a question is answered.

Without a trustworthy answer (no bus, no logind, an error, silence, nonsense) nothing is claimed: somebody
whose unlocking we could not see must not be "away" for ever.

No inhibitor lock is taken: nothing has to be finished before sleep, and what a hurried sleep lets us miss is
told by the clocks (CLOCK_BOOTTIME runs on, CLOCK_MONOTONIC does not).
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from neckguard.core.model import Away
from neckguard.desktop.bus import DBUS, Bus, BusError, BusLost, BusTimeout, Signal

SOURCE = "logind"
_NAME = "org.freedesktop.login1"
_MANAGER = "/org/freedesktop/login1"
# A user service belongs to no session, and a daemon started by hand over ssh to the wrong one. So neither
# XDG_SESSION_ID nor the session of our process is asked for: logind knows which session is the person's
# screen. Its `Display` prefers graphical sessions but may name a text one: right for `startx`, harmless
# for ssh (systemd: src/login/logind-user.c, elect_display_compare).
_USER = "/org/freedesktop/login1/user/self"
_GRAPHICAL = frozenset({"x11", "wayland", "mir"})
_PROPERTIES = f"{DBUS}.Properties"
_ABSENT = frozenset({f"{DBUS}.Error.NameHasNoOwner", f"{DBUS}.Error.ServiceUnknown"})
_FIRST_RETRY, _LAST_RETRY = 1.0, 300.0  # seconds

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Found:
    """What one look at logind found."""

    session: str = ""
    locked: bool = False
    active: bool = True  # unknown counts as in front
    ok: bool = True
    problem: str = ""


_NOTHING = _Found(ok=False)  # not asked yet: no news, and no fault either


class _NonsenseError(Exception):
    """logind said what its interface does not allow."""


class Session:
    """Follows the session that is the person's screen; claims LOCKED, ASLEEP and BACKGROUND.

    `claim(source, reasons)` gets all that hold now, whenever that may have changed.
    """

    def __init__(self, bus: Bus, claim: Callable[[str, frozenset[Away]], None]) -> None:
        self._bus = bus
        self._claim = claim
        self._found = _NOTHING
        self._asleep: bool | None = None  # None: to be asked
        self._changed = asyncio.Event()
        bus.on_change(self._on_another)
        bus.watch(self._on_another, sender=DBUS, interface=DBUS, member="NameOwnerChanged", arg0=_NAME)
        manager = f"{_NAME}.Manager"
        bus.watch(self._on_sleep, sender=_NAME, interface=manager, member="PrepareForSleep")
        bus.watch(self._on_news, sender=_NAME, interface=manager, member="SessionNew")
        bus.watch(self._on_news, sender=_NAME, interface=manager, member="SessionRemoved")
        # Not `Lock` and `Unlock`: they are requests to a screen locker, and LockedHint is its answer.
        for thing in (f"{_NAME}.Session", f"{_NAME}.User"):
            bus.watch(
                self._on_news, sender=_NAME, interface=_PROPERTIES, member="PropertiesChanged", arg0=thing
            )

    async def run(self) -> None:
        """Look, then look again whenever something changed, for ever; after a failure also after a while."""
        self._changed.set()
        delay: float | None = None
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await self._changed.wait()
            self._changed.clear()
            found = await self._look()
            if self._changed.is_set():
                continue  # overtaken while asking
            self._settle(found)
            failed = self._bus.connected and not found.ok
            delay = min((delay or _FIRST_RETRY / 2) * 2, _LAST_RETRY) if failed else None

    def status(self) -> dict[str, Any]:
        """What is known, as `status --json` shows it under services.session."""
        return {
            "ok": self._found.ok,
            "problem": self._found.problem if self._bus.connected else self._bus.problem,
            "session": self._found.session,
            "locked": self._found.locked,
            "active": self._found.active,
            "sleep": self._asleep is True,
        }

    # ---- what the bus tells -----------------------------------------------------------------------

    def _on_another(self, _news: bool | Signal) -> None:
        """Another bus or another logind, or none: whether it is about to sleep has to be asked again."""
        self._asleep = None
        self._changed.set()

    def _on_news(self, _signal: Signal) -> None:
        self._changed.set()

    def _on_sleep(self, signal: Signal) -> None:
        match signal.body:
            case (bool(asleep),):
                self._asleep = asleep
                self._publish()

    # ---- looking ----------------------------------------------------------------------------------

    async def _look(self) -> _Found:
        """What is true now, as far as logind tells; never raises."""
        try:
            if self._asleep is None:
                self._asleep = await self._get(_MANAGER, "Manager", "PreparingForSleep", "b")
            return await self._read_session()
        except BusLost:
            return _NOTHING
        except BusTimeout:
            problem = "logind does not answer"
        except BusError as error:
            absent = error.name in _ABSENT
            problem = "logind is not running" if absent else f"logind answers with an error: {error}"
        except _NonsenseError as error:
            problem = f"logind answers nonsense: {error}"
        return _Found(ok=False, problem=problem)

    async def _read_session(self) -> _Found:
        session, path = await self._get(_USER, "User", "Display", "(so)")
        if not session:
            session, path = await self._graphical_session()
        if not session:
            return _Found(problem="no graphical session yet")
        return _Found(
            session=session,
            locked=await self._get(path, "Session", "LockedHint", "b"),
            active=await self._get(path, "Session", "Active", "b"),
        )

    async def _graphical_session(self) -> tuple[str, str]:
        """A graphical session of the person, the one in front if there are several; else empty names."""
        best = ("", "")
        for session, path in await self._get(_USER, "User", "Sessions", "a(so)"):
            kind = await self._get(path, "Session", "Type", "s")
            if kind in _GRAPHICAL and await self._get(path, "Session", "Class", "s") == "user":
                if await self._get(path, "Session", "Active", "b"):
                    return session, path
                best = session, path
        return best

    async def _get(self, path: str, interface: str, name: str, signature: str) -> Any:
        """One property."""
        arguments = (f"{_NAME}.{interface}", name)
        body = await self._bus.call(_NAME, path, _PROPERTIES, "Get", "ss", arguments, autostart=False)
        match body:
            case ((str(given), value),) if given == signature:
                return value
        raise _NonsenseError(f"{name} is {body!r}")

    # ---- telling ----------------------------------------------------------------------------------

    def _settle(self, found: _Found) -> None:
        if not found.ok:
            self._asleep = None
            if found not in (_NOTHING, self._found):  # of its own troubles the bus tells itself
                _log.warning("Locking, sleep and user switching may go unnoticed: %s.", found.problem)
        self._found = found
        self._publish()

    def _publish(self) -> None:
        reasons = {
            Away.LOCKED: self._found.locked,
            Away.ASLEEP: self._asleep is True,
            Away.BACKGROUND: not self._found.active,
        }
        self._claim(SOURCE, frozenset(reason for reason, holds in reasons.items() if holds))
