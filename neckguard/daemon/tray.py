"""What the icon in the tray shows, and what a click in its menu does: the verbs of the command line."""

import os
from typing import Any

from neckguard import process
from neckguard.core import Card, Engine, Reply, say_span, verbs, view
from neckguard.daemon.loop import Daemon
from neckguard.daemon.notices import headline, mistake
from neckguard.daemon.open_file import open_file
from neckguard.desktop.tray.item import Look
from neckguard.desktop.tray.menu import Entry

_CARD = "tray"
_SHAPES = {"running": "", "off_hours": "paused"}  # of states; the others' have their names
_LONGEST = 60  # letters of a line in the menu
_LINE = Entry("")
_REPORT, _SETTINGS, _FLARE = "report", "settings", "flare"  # choices that are no verbs
_PAUSES = (
    Entry(f"Pause for {say_span(1800)}", verbs.Pause(1800.0)),
    Entry(f"Pause for {say_span(3600)}", verbs.Pause(3600.0)),
    Entry("Pause until tomorrow", verbs.Pause(until="tomorrow")),
)
_BREAKS = [
    Entry("Break now", verbs.Now("break")),
    Entry(f"Break now: {say_span(900)}", verbs.Now("break", 900.0)),
]


class TrayDesk:
    """The daemon's answers to whoever looks at the icon, opens its menu and clicks there."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def look(self) -> Look:
        """What the icon shows; it changes only when something happens."""
        engine = self._daemon.engine
        shape = _SHAPES.get(engine.state, engine.state) or ("problem" if self._problems(limits=False) else "")
        told = (f"Problem: {problem}" for problem in self._problems())
        return Look(shape, "\n".join((headline(engine), *_quiet(engine), *told)))

    def draw(self) -> tuple[Entry, ...]:
        """The menu, as of this instant."""
        if not self._daemon.busy:
            self._daemon.wake()
        world = self._daemon.engine.world
        told = [Entry(_short(line)) for line in self.look().words.splitlines()]
        told.append(Entry(f"{say_span(world.sat_today)} at the screen today"))
        pausing = (Entry("Resume", verbs.Resume()),) if world.pause is not None else _PAUSES
        return (
            *told,
            _LINE,
            *pausing,
            _LINE,
            Entry("Stretch now", verbs.Now("stretch")),
            *_break(self._daemon.engine),
            *_neck(view(self._daemon.engine)),
            _LINE,
            Entry("Statistics", _REPORT),
            Entry("Settings", _SETTINGS),
        )

    def choose(self, entry: Entry) -> None:
        """Do what was clicked on; what neither the icon nor a prompt shows is said in a card."""
        match entry.choice:
            case "report":
                page = os.path.expanduser("~/neckguard-report.html")  # where every browser may read it
                self._daemon.spawn(self._open_report(entry.label, page))
            case "settings":
                path = self._daemon.config.path
                self._daemon.spawn(self._open_settings(entry.label, path, there=os.path.lexists(path)))
            case "flare":  # nothing here asks for typing, and its questions come first
                self._say(entry.label, "It has questions for you. In a terminal:", "neckguard flare")
            case verb:
                reply: Reply = self._daemon.obey(verb)
                if not reply.ok or isinstance(verb, verbs.TimerStop):
                    self._say(entry.label, *reply.message.splitlines())

    def _say(self, title: str, *lines: str) -> None:
        self._daemon.mention(Card(_CARD, title, lines))

    def _problems(self, *, limits: bool = True) -> list[str]:
        """What is wrong; without `limits` only what somebody can mend."""
        services = self._daemon.outside.status().items()
        broken = map(mistake, self._daemon.config.problems)
        wrong = ((name, each.get("problem")) for name, each in services if limits or not each.get("limit"))
        return [*broken, *(f"{name}: {problem}" for name, problem in wrong if problem)]

    async def _open_report(self, title: str, page: str) -> None:
        if await self._run(*process.ours("neckguard"), "report", "--open", "--output", page):
            self._say(title, "They cannot be shown. To see why, in a terminal:", "neckguard report --open")

    async def _open_settings(self, title: str, path: str, *, there: bool) -> None:
        """To look at settings is to want a file that explains them."""
        failed = not there and await self._run(*process.ours("neckguard"), "config", "init")
        if failed or not await open_file(path):
            self._say(title, f"Nothing here opens {path}.", "In a terminal: neckguard config edit")

    async def _run(self, *command: str) -> int:
        ours = {"NECKGUARD_CONFIG": self._daemon.config.path}
        outside = process.outside_the_service(ours)
        return await process.hand_over(*outside, *command, env={**os.environ, **ours})


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _quiet(engine: Engine) -> list[str]:
    if engine.state != "quiet":
        return []
    return [f"Quiet: {each.detail or each.reason}" for each in engine.rules.tact.quiet_spans()]


def _break(engine: Engine) -> list[Entry]:
    """Taking one; or the end of the one that is taken, of which the first line tells but in a pause."""
    world = engine.world
    left = world.breaks.until - world.now.boot
    if left <= 0:  # none is taken, or it is over and nobody is back yet
        return _BREAKS
    busy = engine.rules.timers.ringing or world.courses.showing is not None  # an answer would be to that
    over = [] if busy else [Entry("End the break", verbs.Done())]
    until = [] if world.pause is None else [Entry(f"Break until {world.later(left):%H:%M}")]
    return [*until, *over]


def _neck(status: dict[str, Any]) -> list[Entry]:
    """The end of a pack, and the way to the plan of a flare-up."""
    flare, timer = status["flare"], status["timer"]
    off = [Entry(f"The {timer['kind']} pack is off", verbs.TimerStop())] if timer else []
    return [*off, Entry(f"Flare-up, day {flare['day']}…" if flare else "Flare-up…", _FLARE)]
