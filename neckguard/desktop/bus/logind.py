"""What several adapters ask systemd-logind or elogind: properties, and which session is the person's."""

from typing import Any

from neckguard.desktop.bus.bus import Bus, BusError, BusNonsense, BusTimeout
from neckguard.errors import NeckguardError

LOGIND = "org.freedesktop.login1"
PATIENCE = 5.0  # seconds for an answer
MANAGER = "/org/freedesktop/login1"
GRAPHICAL = frozenset({"x11", "wayland", "mir"})
# A user service belongs to no session, and a daemon started by hand over ssh to the wrong one. So neither
# XDG_SESSION_ID nor the session of our process is asked for: logind knows which session is the person's
# screen. Its `Display` prefers graphical sessions but may name a text one: right for `startx`, harmless
# for ssh (systemd: src/login/logind-user.c, elect_display_compare).
_USER = "/org/freedesktop/login1/user/self"


NOT_RUNNING = "logind is not running"


class LogindFault(NeckguardError):  # noqa: N818 -- the name says what happened
    """logind cannot tell; the message says why."""


class Logind:
    """Questions to logind. They raise LogindFault and BusLost, and do not start it."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def get(self, path: str, interface: str, name: str, signature: str) -> Any:
        """One property; `interface` without the common prefix."""
        try:
            return await self._bus.get(LOGIND, path, f"{LOGIND}.{interface}", name, signature, PATIENCE)
        except BusTimeout:
            raise LogindFault("logind does not answer") from None
        except BusNonsense as nonsense:
            raise LogindFault(f"logind {nonsense.said}") from None
        except BusError as error:
            if error.nobody:
                raise LogindFault(NOT_RUNNING) from None
            raise LogindFault(f"logind answers with an error: {error}") from None

    async def display(self) -> tuple[str, str]:
        """Name and path of the session that is the person's screen; empty if there is none yet."""
        session, path = await self.get(_USER, "User", "Display", "(so)")
        if not session:
            session, path = await self._graphical_session()
        return session, path

    async def _graphical_session(self) -> tuple[str, str]:
        """A graphical session of the person, the one in front if there are several; else empty names."""
        best = ("", "")
        for session, path in await self.get(_USER, "User", "Sessions", "a(so)"):
            kind = await self.get(path, "Session", "Type", "s")
            if kind in GRAPHICAL and await self.get(path, "Session", "Class", "s") == "user":
                if await self.get(path, "Session", "Active", "b"):
                    return session, path
                best = session, path
        return best
