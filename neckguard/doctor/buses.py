"""The two message buses of the desktop."""

from neckguard.desktop.bus.bus import Bus
from neckguard.doctor.finding import Finding, ok, problem, warning
from neckguard.doctor.waiting import comes_true

SESSION, SYSTEM = "session bus", "system bus"
_LIMIT = 3.0  # seconds


async def reached(bus: Bus) -> bool:
    """Whether the bus can be used, once that is known."""
    await comes_true(lambda: bus.connected or bus.problem, _LIMIT)
    return bus.connected


async def check_session(bus: Bus, *, needed: bool) -> list[Finding]:
    """Without this one there are no notifications, which may be `needed`."""
    if await reached(bus):
        return [ok(SESSION, "reached")]
    remedy = "run this inside your desktop session; where there is none: dbus-run-session neckguard run"
    return [(problem if needed else warning)(SESSION, *_trouble(bus, remedy))]


async def check_system(bus: Bus) -> list[Finding]:
    """Without this one there are no news of lock and sleep."""
    if await reached(bus):
        return [ok(SYSTEM, "reached")]
    return [warning(SYSTEM, *_trouble(bus, "install and start dbus and systemd-logind or elogind"))]


def _trouble(bus: Bus, remedy: str) -> tuple[str, str]:
    """What is wrong, and what helps if there is none; one that hangs takes more than that."""
    if bus.problem:
        return bus.problem, remedy
    return f"the bus at {bus.address} does not answer", "log out and in again, or restart the machine"
