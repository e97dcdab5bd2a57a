"""The person's login session as systemd-logind (or elogind) tells it: locked, not in front, going to sleep.

logind's signals only say *that* something changed; what is true is then read anew, so a signal more or less
does no harm. PrepareForSleep is the exception: it is believed at once, because the machine may stop before
a question is answered.

Without a trustworthy answer (no bus, no logind, an error, silence, nonsense) the last one counts for a while,
then nothing is claimed: somebody whose unlocking we could not see must not be "away" for ever.

No inhibitor lock is taken: nothing has to be finished before sleep, and what a hurried sleep lets us miss is
told by the clocks (CLOCK_BOOTTIME runs on, CLOCK_MONOTONIC does not). A signal that never comes, or a hurried
wake-up that loses it, must not leave anybody away for ever either: whoever sees them type says `doubt`.
"""

import asyncio
import logging
from typing import Any

from neckguard.core import Away, Claim
from neckguard.desktop.bus.bus import PROPERTIES, Bus, BusLost, Signal
from neckguard.desktop.bus.logind import LOGIND, MANAGER, NOT_RUNNING, Logind, LogindFault
from neckguard.desktop.bus.signals import follow
from neckguard.value import value

SOURCE = "logind"
_GRACE = 10.0  # seconds for which the last word of a logind that fell silent counts

_log = logging.getLogger(__name__)


@value
class _SessionState:
    """What one look at logind found."""

    session: str = ""
    locked: bool = False
    active: bool = True  # unknown counts as in front
    ok: bool = True
    problem: str = ""


_NOTHING = _SessionState(ok=False)  # not asked yet: no news, and no fault either


class LoginSession:
    """Follows the session that is the person's screen; claims LOCKED, ASLEEP and BACKGROUND.

    `claim(source, reasons)` gets all that hold now, whenever that may have changed.
    """

    def __init__(self, bus: Bus, claim: Claim) -> None:
        self._bus = bus
        self._logind = Logind(bus)
        self._claim = claim
        self._found = _NOTHING
        self._seen = False  # a logind has answered once
        self._asleep: bool | None = None  # None: to be asked
        self._changed = asyncio.Event()
        self._grace: asyncio.TimerHandle | None = None
        bus.on_owner(self._on_another, LOGIND)
        manager = f"{LOGIND}.Manager"
        bus.watch(self._on_sleep, sender=LOGIND, interface=manager, member="PrepareForSleep")
        bus.watch(self._on_news, sender=LOGIND, interface=manager, member="SessionNew")
        bus.watch(self._on_news, sender=LOGIND, interface=manager, member="SessionRemoved")
        # Not `Lock` and `Unlock`: they are requests to a screen locker, and LockedHint is its answer.
        for thing in (f"{LOGIND}.Session", f"{LOGIND}.User"):
            bus.watch(
                self._on_news, sender=LOGIND, interface=PROPERTIES, member="PropertiesChanged", arg0=thing
            )

    async def run(self) -> None:
        """Look, then look again whenever something changed, for ever."""
        await follow(self._changed, self._look_again)

    async def _look_again(self) -> bool:
        found = await self._look()
        if self._changed.is_set():
            return True  # overtaken while asking: it is asked anew at once
        self._take(found)
        return found.ok or not self._bus.connected

    def doubt(self) -> None:
        """Somebody types who is said to be away: what ended it may not have been told."""
        self._ask_all()

    def status(self) -> dict[str, Any]:
        """What is known, as `status --json` shows it under services.session."""
        return {
            "ok": self._found.ok,
            "problem": self._found.problem if self._bus.connected else self._bus.problem,
            "limit": self._without_logind,
            "session": self._found.session,
            "locked": self._found.locked,
            "active": self._found.active,
            "sleep": self._asleep is True,
        }

    @property
    def _without_logind(self) -> bool:
        """Whether this machine has none, as far as was seen: a limit to know of, and no fault to mend."""
        found = self._found
        missing = found.problem == NOT_RUNNING if self._bus.connected else bool(self._bus.problem)
        return missing and not self._seen

    # ---- what the bus tells -----------------------------------------------------------------------

    def _on_another(self, _there: bool) -> None:
        """Another bus or another logind, or none."""
        self._ask_all()

    def _ask_all(self) -> None:
        """Look again, and not only at the session: whether the machine is about to sleep is asked, too."""
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

    async def _look(self) -> _SessionState:
        """What is true now, as far as logind tells; never raises."""
        try:
            if self._asleep is None:
                self._learn_sleep(await self._logind.get(MANAGER, "Manager", "PreparingForSleep", "b"))
            return await self._read_session()
        except BusLost:
            return _NOTHING
        except LogindFault as fault:
            return _SessionState(ok=False, problem=str(fault))

    def _learn_sleep(self, asleep: bool) -> None:
        if self._asleep is None:  # else it was told meanwhile: a wake-up is both told and doubted at once
            self._asleep = asleep

    async def _read_session(self) -> _SessionState:
        session, path = await self._logind.display()
        if not session:
            return _SessionState(problem="no graphical session yet")
        return _SessionState(
            session=session,
            locked=await self._logind.get(path, "Session", "LockedHint", "b"),
            active=await self._logind.get(path, "Session", "Active", "b"),
        )

    # ---- telling ----------------------------------------------------------------------------------

    def _take(self, found: _SessionState) -> None:
        before, self._found = self._found, found
        if found.ok:
            self._seen = True
            self._publish()
            return
        self._asleep = None
        if found not in (_NOTHING, before):  # of its own troubles the bus tells itself
            _log.warning("Locking, sleep and user switching may go unnoticed: %s.", found.problem)
        if self._grace is None:  # a logind that is restarted is no unlocking
            self._grace = asyncio.get_running_loop().call_later(_GRACE, self._let_go)

    def _let_go(self) -> None:
        """Nobody can tell any more: whose unlocking could not be seen must not be away for ever."""
        self._grace = None
        self._claim(SOURCE, frozenset(), certain=False)

    def _publish(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None
        reasons = {
            Away.LOCKED: self._found.locked,
            Away.ASLEEP: self._asleep is True,
            Away.BACKGROUND: not self._found.active,
        }
        self._claim(SOURCE, frozenset(reason for reason, holds in reasons.items() if holds))
