"""Keeping the machine awake while that is wanted; the screen may sleep.

Whoever grants it first is enough: logind, else a service of the session. logind hands out its lock as a file
descriptor, which our bus connection cannot take; `systemd-inhibit` can. The program that runs under the lock
is `cat`: what it gives back shows that the lock is taken, and it ends by itself, however we may end, because
then nobody is left who could write to it.
"""

import asyncio
import logging
from asyncio.subprocess import PIPE
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from neckguard.desktop.bus.bus import Bus
from neckguard.desktop.bus.signals import follow
from neckguard.errors import NeckguardError
from neckguard.process import find, started
from neckguard.value import value

_WHO = "neckguard"
_TOOLS = ("systemd-inhibit", "elogind-inhibit")
_PATIENCE = 5.0  # seconds until a wish must be granted
_BREATH = 1.0  # seconds; one that grants and takes back at once must not keep us busy
_SUSPEND = 4  # the flag of such an inhibitor (gnome-session: gsm-inhibitor-flag.h)
_PROBLEM = "nothing here can keep the machine awake; keep an eye on the clock"

_log = logging.getLogger(__name__)


class _Keeper(Protocol):
    """One who can keep the machine awake."""

    name: str
    keeps: bool  # now, for us

    async def take(self, why: str) -> bool:
        """Ask for it; whether it was granted."""

    async def release(self) -> None:
        """Give it back."""


class Awake:
    """Keeps the machine awake from `want(why)` to `want("")`, and says so when it cannot."""

    def __init__(self, session_bus: Bus) -> None:
        self._why = ""
        self._kept_for = ""
        self._keeper: _Keeper | None = None
        self._problem = ""
        self._changed = asyncio.Event()
        self._keepers: tuple[_Keeper, ...] = (
            _LogindLock(self._changed.set),
            *(_SessionService(session_bus, how, self._changed.set) for how in (_GNOME, _POWER)),
        )

    def want(self, why: str) -> None:
        """Keep it awake for this reason, which people are shown; empty: no longer."""
        self._why = why
        self._changed.set()

    async def run(self) -> None:
        """Do what is wanted, for ever. What was granted ends with the event loop and the bus connection."""
        await follow(self._changed, self._bring_about)

    def status(self) -> dict[str, Any]:
        """Who keeps it awake; a problem only while somebody should."""
        by = self._keeper.name if self._keeper and self._keeper.keeps else ""
        return {"ok": not self._problem, "problem": self._problem, "by": by}

    async def _bring_about(self) -> bool:
        """Make it so; False if it must be tried again."""
        why = self._why
        if self._keeper is not None and not self._keeper.keeps:
            await asyncio.sleep(_BREATH)
        if self._keeper is None or not self._keeper.keeps or why != self._kept_for:
            await self._let_go()
            if why:
                await self._ask_for(why)
        problem = _PROBLEM if why and self._keeper is None else ""
        if problem and not self._problem:
            _log.warning("A timer runs, and %s.", problem)
        self._problem = problem
        return not problem

    async def _ask_for(self, why: str) -> None:
        for keeper in self._keepers:
            if await keeper.take(why):
                self._keeper, self._kept_for = keeper, why
                return

    async def _let_go(self) -> None:
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            await keeper.release()


class _LogindLock:
    """A child that holds a lock of logind for as long as it lives."""

    name = "logind"

    def __init__(self, lost: Callable[[], None]) -> None:
        self.keeps = False
        self._lost = lost
        self._life: asyncio.Task[None] | None = None

    async def take(self, why: str) -> bool:
        tool = next(filter(find, _TOOLS), "")
        if not tool:
            return False
        decided: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._life = asyncio.create_task(self._live(tool, why, decided))
        try:
            await asyncio.wait((decided,), timeout=_PATIENCE)
        finally:
            if not self.keeps:
                await self.release()
        return self.keeps

    async def release(self) -> None:
        if self._life is not None:
            if not self._life.cancelling():  # a second time would keep it from waiting for its child's end
                self._life.cancel()
            await asyncio.wait((self._life,))

    async def _live(self, tool: str, why: str, decided: "asyncio.Future[None]") -> None:
        """Start the child, and be there until it ends. One that is refused ends at once."""
        command = tool, "--what=sleep", "--mode=block", f"--who={_WHO}", f"--why={why}", "cat"
        try:
            async with started(*command, stdin=PIPE) as child:
                assert child.stdin is not None  # noqa: S101 - asked for above
                assert child.stdout is not None  # noqa: S101 - same
                child.stdin.write(b"\n")
                self.keeps = bool(await child.stdout.readline())
                decided.set_result(None)
                await child.stdout.read()
        except OSError as error:
            _log.warning("%s cannot be run: %s.", tool, error.strerror)
            decided.set_result(None)
        finally:
            if self.keeps:
                self.keeps = False
                self._lost()


@value
class _Inhibition:
    """How a service of the session is asked to keep the machine awake."""

    name: str
    path: str
    interface: str
    signature: str
    arguments: Callable[[str], tuple[Any, ...]]
    release: str


_GNOME = _Inhibition(  # and of Cinnamon and MATE, which kept name and interface
    "org.gnome.SessionManager",
    "/org/gnome/SessionManager",
    "org.gnome.SessionManager",
    "susu",
    lambda why: (_WHO, 0, why, _SUSPEND),
    "Uninhibit",
)
_POWER = _Inhibition(  # Plasma, Xfce and others
    "org.freedesktop.PowerManagement",
    "/org/freedesktop/PowerManagement/Inhibit",
    "org.freedesktop.PowerManagement.Inhibit",
    "ss",
    lambda why: (_WHO, why),
    "UnInhibit",
)


class _SessionService:
    """A service of the session, there or not. It grants a wish until our connection ends."""

    def __init__(self, bus: Bus, how: _Inhibition, changed: Callable[[], None]) -> None:
        self.name = how.name
        self.keeps = False
        self._cookie = 0
        self._bus = bus
        self._how = how
        self._changed = changed
        bus.on_owner(self._on_another, how.name)

    async def take(self, why: str) -> bool:
        try:
            arguments = self._how.arguments(why)
            (self._cookie,) = await self._call("Inhibit", self._how.signature, arguments, answer="u")
        except NeckguardError:
            return False
        self.keeps = True
        return True

    async def release(self) -> None:
        if self.keeps:
            self.keeps = False
            with suppress(NeckguardError):
                await self._call(self._how.release, "u", (self._cookie,))

    async def _call(
        self, member: str, signature: str, body: tuple[Any, ...], answer: str = ""
    ) -> tuple[Any, ...]:
        how = self._how
        return await self._bus.call(
            how.name,
            how.path,
            how.interface,
            member,
            signature,
            body,
            answer=answer,
            timeout=_PATIENCE,
            autostart=False,
        )

    def _on_another(self, _there: bool) -> None:
        """Another owner or none, or another bus: what was granted is forgotten there."""
        self.keeps = False
        self._changed()
