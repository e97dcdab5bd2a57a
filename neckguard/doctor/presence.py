"""Who tells whether the person is there, with the idle time read live."""

import asyncio

from neckguard.desktop.presence.chooser import PresenceChooser
from neckguard.doctor.finding import Finding, ok, warning
from neckguard.doctor.waiting import comes_true

NAME = "presence"
_DECIDES_WITHIN = 9.0  # seconds: one source after the other may hang
_READINGS, _APART = 3, 1.0  # seconds
_REMEDY = "lock the screen when you leave: that counts as being away"


async def check(presence: PresenceChooser) -> list[Finding]:
    """The source in use and what it reads, and why the others are not in use."""
    await comes_true(lambda: _decided(presence), _DECIDES_WITHIN)
    status = presence.status()
    if status["source"] == "none":
        if status["ok"] and status["note"]:
            return [ok(NAME, status["note"])]
        first = warning(NAME, "nobody can tell whether you are there, so time counts always", _REMEDY)
    else:
        first = ok(NAME, f"told by {status['source']}: {await _read(presence)}")
    notes = [ok(NAME, status["note"])] if status["note"] else []
    others = [
        ok(NAME, f"not used: {name}, because {why.rstrip(': ')}") for name, why in status["others"].items()
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
