"""The adapters that the daemon uses, alive for as long as they are examined."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from neckguard.core import Absence, Event, NotifySettings, Plan, QuietChanged, QuietReason
from neckguard.daemon.senses import Disturbances, make_presence
from neckguard.desktop.bus.bus import Bus, session_address, system_address
from neckguard.desktop.notify.notifier import Notifier
from neckguard.desktop.presence.chooser import PresenceChooser
from neckguard.desktop.presence.inhibitors import Inhibitors
from neckguard.desktop.session.login import LoginSession

_PLAIN = NotifySettings(backend="dbus", urgency="normal", buttons=True, sound="", icon="")


@dataclass(frozen=True, slots=True)
class Desk:
    """All of them, on two buses."""

    plan: Plan | None  # None: the settings are broken
    session_bus: Bus
    system_bus: Bus
    notifier: Notifier
    heard: "asyncio.Queue[Event]"  # of the test prompt
    session: LoginSession
    presence: PresenceChooser
    disturbances: Disturbances
    inhibitors: Inhibitors
    quiet: dict[QuietReason, str]  # what was told: in its own words, or empty

    @property
    def needs_server(self) -> bool:
        """Whether prompts go to a notification server."""
        return self.plan is None or self.plan.notify.backend != "console"


@asynccontextmanager
async def desk(plan: Plan | None) -> AsyncIterator[Desk]:
    """They live meanwhile. A fault of one is seen in what it does not tell."""
    made = _make(plan)
    adapters = (
        made.notifier,
        made.session,
        made.presence,
        made.disturbances,
        made.inhibitors,
        made.session_bus,
        made.system_bus,
    )
    tasks = [asyncio.create_task(adapter.run()) for adapter in adapters]
    try:
        yield made
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _make(plan: Plan | None) -> Desk:
    """As the daemon makes them, and with its settings."""
    session_bus, system_bus = Bus("session", session_address), Bus("system", system_address)
    heard: asyncio.Queue[Event] = asyncio.Queue()
    quiet: dict[QuietReason, str] = {}

    def note(event: Event) -> None:
        if isinstance(event, QuietChanged):
            quiet[event.reason] = event.detail

    settings = replace(plan.notify, backend="dbus", buttons=True) if plan else _PLAIN
    presence = make_presence(session_bus, system_bus, note)
    disturbances = Disturbances(session_bus, note)
    if plan:
        presence.configure(plan.presence.source)
        disturbances.configure(plan.quiet)
    return Desk(
        plan=plan,
        session_bus=session_bus,
        system_bus=system_bus,
        notifier=Notifier(session_bus, heard.put_nowait, settings),
        heard=heard,
        session=LoginSession(system_bus, Absence(lambda _: None).claim),
        presence=presence,
        disturbances=disturbances,
        inhibitors=Inhibitors(session_bus, system_bus, lambda *_: None),
        quiet=quiet,
    )
