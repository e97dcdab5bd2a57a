"""The desktop's adapters as the daemon has them, alive for as long as they are examined."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from neckguard.core import Event, NotifySettings, Plan, QuietChanged, QuietReason
from neckguard.daemon.outside import Desktop
from neckguard.daemon.wiring import make_desktop
from neckguard.desktop.bus.bus import Bus
from neckguard.value import value

_PLAIN = NotifySettings(backend="dbus", urgency="normal", buttons=True, sound="", icon="")
_BUS_LIMIT = 3.0  # seconds
_BREATH = 0.02  # seconds between two looks


@value
class Probe:
    """The adapters, and what they tell."""

    plan: Plan | None  # None: the settings are broken
    desktop: Desktop
    heard: "asyncio.Queue[Event]"  # of the test prompt, among others
    quiet: dict[QuietReason, str]  # what was told: in its own words, or empty

    @property
    def needs_server(self) -> bool:
        """Whether prompts go to a notification server."""
        return self.plan is None or self.plan.notify.backend != "console"


@asynccontextmanager
async def probing(plan: Plan | None) -> AsyncIterator[Probe]:
    """The adapters live meanwhile. A fault of one is seen in what it does not tell."""
    heard: asyncio.Queue[Event] = asyncio.Queue()
    quiet: dict[QuietReason, str] = {}

    def feed(event: Event) -> None:
        if isinstance(event, QuietChanged):
            quiet[event.reason] = event.detail
        heard.put_nowait(event)

    desktop = make_desktop(feed, replace(plan.notify, backend="dbus", buttons=True) if plan else _PLAIN)
    if plan:
        desktop.presence.configure(plan.presence.source)
        desktop.quiet.configure(plan.quiet)
    lives = [asyncio.create_task(life()) for life in desktop.lives]
    try:
        yield Probe(plan, desktop, heard, quiet)
    finally:
        for life in lives:
            life.cancel()
        await asyncio.gather(*lives, return_exceptions=True)


async def reached(bus: Bus) -> bool:
    """Whether the bus can be used, once that is known."""
    await comes_true(lambda: bus.connected or bus.problem, _BUS_LIMIT)
    return bus.connected


async def comes_true(condition: Callable[[], object], limit: float) -> bool:
    """Whether the condition came true within `limit` seconds: adapters do not tell when they have decided."""
    end = asyncio.get_running_loop().time() + limit
    while not condition():
        if asyncio.get_running_loop().time() > end:
            return False
        await asyncio.sleep(_BREATH)
    return True
