"""The notification server: what it can do, and what comes back of one test prompt."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from neckguard.core import Answered, Button, Card, Closed, Delivered, Event, QuietReason, Undelivered
from neckguard.desktop.bus.bus import BusError, BusLost, BusNonsense, BusTimeout
from neckguard.desktop.notify.gnome import find_unseen, switch_on, switched_off
from neckguard.desktop.notify.layout import DRAW_NO_BUTTONS, GNOME
from neckguard.desktop.notify.notifier import Notifier
from neckguard.desktop.notify.server import NAME as SERVER
from neckguard.desktop.notify.server import PATH
from neckguard.doctor.finding import Finding, Level, ok, problem, warning
from neckguard.doctor.probe import Probe, comes_true, reached

NOTIFICATIONS = "notifications"
_TEST = "test prompt"
_CARD = Card(
    key="doctor",
    title="This is a test from neckguard doctor",
    lines=("Reminders will look like this. It goes away by itself.",),
    buttons=(Button("done", "I can read this"),),
)
_START_LIMIT = 4.0  # seconds; the question may have to start the server
_LIMIT = 2.0
_WAIT = 8.0  # seconds for the person
_AT_ONCE = 1.0  # seconds: nobody reads, moves the mouse and clicks in that time
_ABSENT = (".ServiceUnknown", ".NameHasNoOwner")
_INSTALL = "start your desktop's notification service, or install and start dunst (X11) or mako (Wayland)"
_OWN = {"GNOME": "gnome-shell", "KDE": "Plasma"}  # by desktop: those that show notifications themselves
_CLICKS = {"dunst": "click the prompt with the middle button (as dunst is shipped the left one closes it)"}
_ROOM = {
    "mako": "five lines of a prompt, as it is shipped; for all of it: height=250 in ~/.config/mako/config"
}
_RESTART_DAEMON = "systemctl --user restart neckguard"
_RESTART = "restart the notification server, or log out and in again"


async def check_notifications(
    probe: Probe, word: Callable[[], Awaitable[str]], *, prompt: bool
) -> list[Finding]:
    """The server, and the daemon's `word` on it where nothing else is wrong: one fault is one problem."""
    asleep = "" if prompt or not probe.needs_server else await _asleep(probe.desktop.notifier)
    found = [ok(NOTIFICATIONS, asleep)] if asleep else await _look(probe, prompt=prompt)
    told = await word()
    if told and all(finding.level is not Level.PROBLEM for finding in found):
        found.append(problem(NOTIFICATIONS, f"the daemon says: {told}", _RESTART_DAEMON))
    return found


async def _asleep(notifier: Notifier) -> str:
    """That the server is not there yet, if it is so: merely to ask is no reason to start it."""
    await comes_true(lambda: notifier.status()["ok"] or notifier.status()["problem"], _LIMIT)
    return str(notifier.status().get("note", ""))


async def _look(probe: Probe, *, prompt: bool) -> list[Finding]:
    """The server, and with `prompt` what becomes of a real notification on it."""
    bus = probe.desktop.session_bus
    if not probe.needs_server:
        return [ok(NOTIFICATIONS, 'not used: the settings say backend = "console"')]
    if not await reached(bus):
        return [
            problem(
                NOTIFICATIONS, "cannot be shown without a session bus", "run this inside your desktop session"
            )
        ]
    try:
        information, offers = (
            await bus.call(SERVER, PATH, SERVER, "GetServerInformation", answer="ssss", timeout=_START_LIMIT),
            await bus.call(SERVER, PATH, SERVER, "GetCapabilities", answer="as", timeout=_LIMIT),
        )
    except BusTimeout:
        return [problem(NOTIFICATIONS, "the notification server does not answer", _RESTART)]
    except BusError as error:
        if error.name.endswith(_ABSENT):
            return [problem(NOTIFICATIONS, "no notification server is running", _INSTALL)]
        return [problem(NOTIFICATIONS, f"the notification server answers with an error: {error}", _INSTALL)]
    except BusLost:
        return [problem(NOTIFICATIONS, "the session bus went away", "run neckguard doctor again")]
    except BusNonsense as nonsense:
        return [problem(NOTIFICATIONS, f"the notification server {nonsense.said}", _RESTART)]
    server = _describe(information, offers)
    server += await _gnome_switches() if information[0] == GNOME else []
    if not prompt:
        return server
    shown = await _show(probe.desktop.notifier, probe.heard)
    if shown.level is Level.OK and probe.quiet.get(QuietReason.DND):
        shown = replace(shown, text=f"{shown.text}; do not disturb is on, so it may have been out of sight")
    return [*server, shown]


def _describe(information: tuple[Any, ...], offers: tuple[Any, ...]) -> list[Finding]:
    """What the server says of itself, and what follows for the person."""
    (name, _vendor, version, spec), (offered,) = information, offers
    listed = ", ".join(sorted(offered)) or "nothing"
    findings = [ok(NOTIFICATIONS, f"{name} {version} (specification {spec}) offers {listed}")]
    desktops = os.environ.get("XDG_CURRENT_DESKTOP", "").split(":")
    own = next((_OWN[desktop] for desktop in desktops if desktop in _OWN), name)
    if own != name:
        text = f"your desktop has a server of its own, {own}, but {name} was there first"
        findings.append(warning(NOTIFICATIONS, text, f"remove {name} or end it, then log out and in again"))
    if "actions" not in offered:
        text, remedy = f"{name} offers no buttons", "answer prompts with: neckguard done, snooze or skip"
        findings.append(warning(NOTIFICATIONS, text, remedy))
    elif name.lower() in DRAW_NO_BUTTONS:
        click = _CLICKS.get(name.lower(), "click the prompt")
        text = f"{name} draws no buttons: {click}, open its menu, or answer with a verb"
        findings.append(ok(NOTIFICATIONS, text))
    if name.lower() in _ROOM:
        findings.append(ok(NOTIFICATIONS, f"{name} shows {_ROOM[name.lower()]}"))
    return findings


async def _gnome_switches() -> list[Finding]:
    """What GNOME's settings say about neckguard alone."""
    off = await switched_off()
    unseen = find_unseen(off)
    if unseen is not None:
        return [problem(NOTIFICATIONS, *unseen)]
    if "force-expanded" in off:
        text = "GNOME shows the buttons of a prompt only under the pointer; to see them at once"
        return [ok(NOTIFICATIONS, f"{text}: {switch_on('force-expanded')}")]
    return []


async def _show(notifier: Notifier, events: "asyncio.Queue[Event]") -> Finding:
    """Show the card, and tell what came back."""
    try:
        if not await comes_true(lambda: notifier.status()["server"], _LIMIT):
            return problem(_TEST, f"not shown: {notifier.status()['problem']}", _RESTART)
        notifier.show(_CARD)
        match await _next(events, _LIMIT):
            case Delivered():
                return await _follow(events)
            case Undelivered(problem=reason):
                return problem(_TEST, f"not shown: {reason}", _RESTART)
        return problem(_TEST, "not shown: the notification server does not answer", _RESTART)
    finally:
        await notifier.close()


async def _follow(events: "asyncio.Queue[Event]") -> Finding:
    """What becomes of the card that is on the screen."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    came = await _next(events, _WAIT)
    took = clock() - begun
    match came:
        case Answered(_, action):
            return ok(_TEST, f'shown; answered with a click after {took:.0f} s, which came as "{action}"')
        case Undelivered(problem=reason):
            return problem(_TEST, f"shown, then the server failed: {reason}", _RESTART)
        case Closed() if took < _AT_ONCE:
            return problem(
                _TEST, "the notification server closed it at once", "look for a rule in its settings"
            )
        case Closed(expired=True):
            return ok(_TEST, f"shown; it went away by itself after {took:.0f} s")
        case Closed():
            return ok(_TEST, f"shown; closed after {took:.0f} s, which would have skipped a prompt")
    return ok(_TEST, f"shown, and nobody answered within {_WAIT:g} s")


async def _next(events: "asyncio.Queue[Event]", limit: float) -> Event | None:
    """What becomes of the card next, if anything within `limit` seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(limit):
            while True:
                event = await events.get()
                if isinstance(event, Delivered | Undelivered | Answered | Closed):
                    return event
    return None
