"""What the login session tells: that the screen is locked, that the machine goes to sleep."""

from neckguard.desktop.bus.bus import DBUS, DBUS_PATH, Bus, BusError, BusLost, BusTimeout
from neckguard.desktop.session.login import LoginSession
from neckguard.doctor.buses import reached
from neckguard.doctor.desk import Desk
from neckguard.doctor.finding import Finding, ok, warning
from neckguard.doctor.waiting import comes_true

LOCK, SLEEP = "lock", "sleep"
_PATIENCE = 6.0  # seconds: a little more than a question on the bus takes to fail
_LOGIND_REMEDY = "install systemd-logind or elogind, and log in through a display manager"


async def check_lock(desk: Desk) -> list[Finding]:
    """Whether logind or a screen saver tells that the screen is locked."""
    known = await _logind(desk.session, desk.system_bus)
    savers = await _screen_savers(desk.session_bus)
    hanging = [saver for saver in savers if await _hangs(desk.session_bus, saver)]
    if hanging:
        text = f"{', '.join(hanging)} does not answer; a locked screen may go unnoticed"
        return [warning(LOCK, text, "restart the screen saver")]
    tellers = ", ".join(savers) or "none on the session bus"
    if known:
        return [ok(LOCK, f"told by the session's LockedHint in logind; screen savers: {tellers}")]
    trouble = _trouble(desk.session, desk.system_bus)
    if savers:
        return [ok(LOCK, f"told by {tellers} (logind: {trouble})")]
    return [warning(LOCK, f"a locked screen goes unnoticed: {trouble}; no screen saver", _LOGIND_REMEDY)]


async def check_sleep(desk: Desk) -> list[Finding]:
    """Whether logind announces sleep."""
    session, system_bus = desk.session, desk.system_bus
    await _logind(session, system_bus)
    if session.status()["ok"]:
        return [ok(SLEEP, "announced by logind (PrepareForSleep)")]
    text = f"not announced ({_trouble(session, system_bus)}); neckguard sees it afterwards by its clocks"
    return [warning(SLEEP, text, _LOGIND_REMEDY)]


async def _logind(session: LoginSession, bus: Bus) -> bool:
    """Whether it knows the person's session, once that is known."""
    if await reached(bus):
        await comes_true(lambda: session.status()["ok"] or session.status()["problem"], _PATIENCE)
    return bool(session.status()["ok"] and session.status()["session"])


def _trouble(session: LoginSession, bus: Bus) -> str:
    return str(session.status()["problem"] if bus.connected else "no system bus") or "logind does not answer"


async def _screen_savers(bus: Bus) -> list[str]:
    """Those that are there now."""
    if not await reached(bus):
        return []
    try:
        (names,) = await bus.call(DBUS, DBUS_PATH, DBUS, "ListNames", timeout=2.0)
    except (BusError, BusLost, BusTimeout):
        return []
    return sorted(name for name in names if name.endswith(".ScreenSaver"))


async def _hangs(bus: Bus, name: str) -> bool:
    """Whether it does not even refuse."""
    try:
        await bus.call(name, "/", f"{DBUS}.Peer", "Ping", timeout=2.0, autostart=False)
    except BusTimeout:
        return True
    except (BusError, BusLost):
        return False
    return False
