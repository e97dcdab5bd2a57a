"""What the desktop tells: its buses, who knows of presence, lock and sleep, and what there is of quiet."""

import asyncio
from typing import Any

from neckguard.core import Plan, QuietReason
from neckguard.desktop.bus.bus import DBUS, DBUS_PATH, IF_IT_LASTS, Bus, BusError, BusLost, BusTimeout
from neckguard.desktop.presence.chooser import PresenceChooser
from neckguard.doctor.finding import Finding, ok, problem, warning
from neckguard.doctor.probe import Probe, comes_true, reached

SESSION_BUS, SYSTEM_BUS = "session bus", "system bus"
PRESENCE, LOCK, SLEEP, QUIET = "presence", "lock", "sleep", "quiet"
_DND, _CALLS, _SCREEN, _AWAKE = "do not disturb", "calls", "shared screen", "idle inhibitors"
_FULL, _PROGRAMS = "full screen", "programs"

_SOURCE_DECIDES = 9.0  # seconds: one source after the other may hang
_READINGS, _APART = 3, 1.0  # seconds
_LOGIND_DECIDES = 6.0  # seconds: a little more than a question on the bus takes to fail
_LOOK_LIMIT = 5.0  # seconds
_SETTLES = 0.5  # seconds in which the inhibitors are read

_INSTALL_LOGIND = "install systemd-logind or elogind, and log in through a display manager"


# ---- the two message buses ---------------------------------------------------------------------------------


async def check_session_bus(probe: Probe) -> list[Finding]:
    """Without this one there are no notifications, which may be needed."""
    bus = probe.desktop.session_bus
    if await reached(bus):
        return [ok(SESSION_BUS, "reached")]
    remedy = "run this inside your desktop session; where there is none: dbus-run-session neckguard run"
    return [(problem if probe.needs_server else warning)(SESSION_BUS, *_bus_trouble(bus, remedy))]


async def check_system_bus(probe: Probe) -> list[Finding]:
    """Without this one there are no news of lock and sleep."""
    bus = probe.desktop.system_bus
    if await reached(bus):
        return [ok(SYSTEM_BUS, "reached")]
    return [warning(SYSTEM_BUS, *_bus_trouble(bus, "install and start dbus and systemd-logind or elogind"))]


def _bus_trouble(bus: Bus, remedy: str) -> tuple[str, str]:
    """What is wrong, and what helps if there is none; one that hangs takes more than that."""
    if bus.problem:
        return bus.problem, remedy
    return f"the bus at {bus.address} does not answer", "log out and in again, or restart the machine"


# ---- presence ----------------------------------------------------------------------------------------------


async def check_presence(probe: Probe) -> list[Finding]:
    """The source in use and what it reads, and why the others are not in use."""
    presence = probe.desktop.presence
    await comes_true(lambda: _decided(presence), _SOURCE_DECIDES)
    status = presence.status()
    if status["source"] == "none":
        if status["ok"] and status["note"]:
            return [ok(PRESENCE, status["note"])]
        remedy = "lock the screen when you leave: that counts as being away"
        first = warning(PRESENCE, "nobody can tell whether you are there, so time counts always", remedy)
    else:
        first = ok(PRESENCE, f"told by {status['source']}: {await _read(presence)}")
    notes = [ok(PRESENCE, presence.limits)] if presence.limits else []
    others = [
        ok(PRESENCE, f"not used: {name}, because {why.rstrip(': ')}")
        for name, why in status["others"].items()
    ]
    return [first, *notes, *others]


def _decided(presence: PresenceChooser) -> bool:
    status = presence.status()
    return bool(status["source"] != "none" or status["problem"] or status["note"])


async def _read(presence: PresenceChooser) -> str:
    """Some readings, as `idle 0.4 s, 1.4 s, 2.4 s`."""
    readings = []
    for number in range(_READINGS):
        await asyncio.sleep(_APART if number else 0)
        idle = await presence.look()
        readings.append("not known" if idle is None else f"{idle:.1f} s")
    return f"idle {', '.join(readings)}"


# ---- lock and sleep ----------------------------------------------------------------------------------------


async def check_lock(probe: Probe) -> list[Finding]:
    """Whether logind or a screen saver tells that the screen is locked."""
    known = await _logind_knows(probe)
    savers = await _screen_savers(probe.desktop.session_bus)
    hanging = [saver for saver in savers if await _hangs(probe.desktop.session_bus, saver)]
    if hanging:
        text = f"{', '.join(hanging)} does not answer; a locked screen may go unnoticed"
        return [warning(LOCK, text, "restart the screen saver")]
    tellers = ", ".join(savers) or "none on the session bus"
    if known:
        return [ok(LOCK, f"told by the session's LockedHint in logind; screen savers: {tellers}")]
    trouble = _logind_trouble(probe)
    if savers:
        return [ok(LOCK, f"told by {tellers} (logind: {trouble})")]
    return [warning(LOCK, f"a locked screen goes unnoticed: {trouble}; no screen saver", _INSTALL_LOGIND)]


async def check_sleep(probe: Probe) -> list[Finding]:
    """Whether logind announces sleep."""
    await _logind_knows(probe)
    if probe.desktop.session.status()["ok"]:
        return [ok(SLEEP, "announced by logind (PrepareForSleep)")]
    text = f"not announced ({_logind_trouble(probe)}); neckguard sees it afterwards by its clocks"
    return [warning(SLEEP, text, _INSTALL_LOGIND)]


async def _logind_knows(probe: Probe) -> bool:
    """Whether it knows the person's session, once that is known."""
    session = probe.desktop.session
    if await reached(probe.desktop.system_bus):
        await comes_true(lambda: session.status()["ok"] or session.status()["problem"], _LOGIND_DECIDES)
    return bool(session.status()["ok"] and session.status()["session"])


def _logind_trouble(probe: Probe) -> str:
    if not probe.desktop.system_bus.connected:
        return "no system bus"
    return str(probe.desktop.session.status()["problem"]) or "logind does not answer"


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


# ---- quiet reasons -----------------------------------------------------------------------------------------


async def check_quiet(probe: Probe) -> list[Finding]:
    """What can be noticed of each, in one line. Applications are counted, never named."""
    desktop = probe.desktop
    await asyncio.gather(reached(desktop.session_bus), reached(desktop.system_bus))
    async with asyncio.timeout(_LOOK_LIMIT):
        await asyncio.gather(desktop.quiet.look(), asyncio.sleep(_SETTLES))
    told, inhibitors = desktop.quiet.status(), desktop.inhibitors.status()
    found = [
        _dnd(_trouble(probe, told["dnd"]), told["dnd"]),
        _media(_CALLS, told["calls"], probe.quiet.get(QuietReason.CALL, "")),
        _media(_SCREEN, told["calls"], probe.quiet.get(QuietReason.PRESENTING, "")),
        _fullscreen(told["fullscreen"]),
        ok(_PROGRAMS, probe.quiet.get(QuietReason.PROGRAM, "") or "none of those you named is running"),
        _awake(_trouble(probe, inhibitors), len(inhibitors["holders"])),
    ]
    unwanted = _unwanted(probe.plan)
    off = "not looked for: switched off in the settings"
    return [ok(each.name, off) if each.name in unwanted else each for each in found]


def _unwanted(plan: Plan | None) -> set[str]:
    """What the settings switch off."""
    if plan is None:
        return {_FULL, _PROGRAMS}  # as they are by default
    wanted = {_DND: plan.quiet.dnd, _CALLS: plan.quiet.calls, _SCREEN: plan.quiet.presenting}
    wanted |= {_FULL: plan.quiet.fullscreen, _PROGRAMS: bool(plan.quiet.programs)}
    wanted[_AWAKE] = plan.presence.still_counts
    return {name for name, on in wanted.items() if not on}


def _trouble(probe: Probe, status: dict[str, Any]) -> str:
    """What is wrong besides the buses, of which their own findings tell."""
    session_bus, system_bus = probe.desktop.session_bus, probe.desktop.system_bus
    if not session_bus.connected:
        return "not known without the session bus"
    known = {session_bus.problem, system_bus.problem, IF_IT_LASTS}
    return "; ".join(part for part in status["problem"].split("; ") if part not in known)


def _dnd(trouble: str, status: dict[str, Any]) -> Finding:
    if trouble:
        return warning(_DND, trouble, IF_IT_LASTS)
    if not status["source"]:
        return ok(_DND, "this desktop has no switch for it that neckguard knows")
    return ok(_DND, f"{'on' if status['on'] else 'off'}, told by {status['source']}")


def _media(name: str, status: dict[str, Any], detail: str) -> Finding:
    if status["problem"]:
        return warning(name, status["problem"])  # it says what to install
    asked = ", ".join(status["asked"]) or "no sound server here, so the devices themselves"
    return ok(name, f"{detail or 'none now'} (asked: {asked})")


def _fullscreen(status: dict[str, Any]) -> Finding:
    if status["note"]:
        return warning(_FULL, status["note"], "name what must not be disturbed in quiet.programs")
    if status["problem"]:
        return warning(_FULL, status["problem"], IF_IT_LASTS)
    if not status["source"]:
        return ok(_FULL, "there is no display here")
    filled = "an application fills it" if status["on"] else "nothing fills it"
    return ok(_FULL, f"{filled} now, told by {status['source']}")


def _awake(trouble: str, count: int) -> Finding:
    if trouble:
        return warning(_AWAKE, trouble, IF_IT_LASTS)
    who = {0: "no application keeps", 1: "one application keeps"}.get(count, f"{count} applications keep")
    return ok(_AWAKE, f"{who} the session awake")
