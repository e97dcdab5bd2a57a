"""The quiet sources: what can be noticed of do not disturb, calls, shared screens and idle inhibitors."""

import asyncio
from typing import Any

from neckguard.core import Plan, QuietReason
from neckguard.doctor.buses import reached
from neckguard.doctor.desk import Desk
from neckguard.doctor.finding import Finding, ok, warning

NAME = "quiet"
DND, CALLS, SCREEN, AWAKE = "do not disturb", "calls", "shared screen", "idle inhibitors"
_LOOK_LIMIT = 5.0  # seconds
_SETTLES = 0.5  # seconds in which the inhibitors are read
_REMEDY = "if it lasts: log out and in again"
_OFF = "not looked for: switched off in the settings"


async def check(desk: Desk) -> list[Finding]:
    """One line each. Applications are counted, never named."""
    await asyncio.gather(reached(desk.session_bus), reached(desk.system_bus))
    async with asyncio.timeout(_LOOK_LIMIT):
        await asyncio.gather(desk.disturbances.look(), asyncio.sleep(_SETTLES))
    told = desk.disturbances.status()
    media = told["calls"]
    found = [
        _dnd(_trouble(desk, told["dnd"]), told["dnd"]),
        _media(CALLS, media, desk.quiet.get(QuietReason.CALL, "")),
        _media(SCREEN, media, desk.quiet.get(QuietReason.PRESENTING, "")),
        _awake(_trouble(desk, desk.inhibitors.status()), len(desk.inhibitors.status()["holders"])),
    ]
    unwanted = _unwanted(desk.plan)
    return [ok(each.name, _OFF) if each.name in unwanted else each for each in found]


def _unwanted(plan: Plan | None) -> set[str]:
    """What the settings switch off."""
    if plan is None:
        return set()
    wanted = {DND: plan.quiet.dnd, CALLS: plan.quiet.calls, SCREEN: plan.quiet.presenting}
    wanted[AWAKE] = plan.presence.still_counts
    return {name for name, on in wanted.items() if not on}


def _trouble(desk: Desk, status: dict[str, Any]) -> str:
    """What is wrong besides the buses, of which their own findings tell."""
    if not desk.session_bus.connected:
        return "not known without the session bus"
    of_buses = {desk.session_bus.problem, desk.system_bus.problem}
    return "; ".join(part for part in status["problem"].split("; ") if part not in of_buses)


def _dnd(trouble: str, status: dict[str, Any]) -> Finding:
    if trouble:
        return warning(DND, trouble, _REMEDY)
    if not status["source"]:
        return ok(DND, "this desktop has no switch for it that neckguard knows")
    return ok(DND, f"{'on' if status['on'] else 'off'}, told by {status['source']}")


def _media(name: str, status: dict[str, Any], detail: str) -> Finding:
    if status["problem"]:
        return warning(name, status["problem"])  # it says what to install
    asked = ", ".join(status["asked"]) or "no sound server here, so the devices themselves"
    return ok(name, f"{detail or 'none now'} (asked: {asked})")


def _awake(trouble: str, count: int) -> Finding:
    if trouble:
        return warning(AWAKE, trouble, _REMEDY)
    who = {0: "no application keeps", 1: "one application keeps"}.get(count, f"{count} applications keep")
    return ok(AWAKE, f"{who} the session awake")
