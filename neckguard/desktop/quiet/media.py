"""Calls and shared screens: who uses the microphone, the camera, the contents of the screen, when asked.

Nothing of it is resident: with a prompt owed, one look is taken. Sound and shared screens are asked of
PipeWire, or of PulseAudio where that still has the sound, through one short child process: a connection of
our own would wake up for every volume change. Cameras are what this user's processes hold open, and by way
of PipeWire. Without a sound server the sound cards themselves tell.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Iterable
from typing import Any

from neckguard.core import QuietChanged, QuietReason
from neckguard.desktop.quiet import devices
from neckguard.desktop.quiet.streams import Graph, Names, listeners
from neckguard.paths import runtime_dir
from neckguard.process import ToolFailed, ask, find
from neckguard.value import value

_PIPEWIRE, _PULSE = "pw-dump", "pactl"
_PACKAGES = {_PIPEWIRE: "pipewire-bin or pipewire-utils", _PULSE: "pulseaudio-utils"}
_LIMIT = 1.0  # seconds for one look

_log = logging.getLogger(__name__)


@value
class _Heard:
    """What one of those that were asked said."""

    microphone: Iterable[Names] = ()
    camera: Iterable[Names] = ()
    screen: Iterable[Names] = ()
    sound: bool = False  # whether it knows of microphones
    problem: str = ""


@value
class _Tools:
    """Who is to be asked, and what cannot be known for want of a tool."""

    asked: tuple[str, ...] = ()
    pulseaudio: bool = False  # the sound is PulseAudio's own: PipeWire knows nothing of it
    problem: str = ""


@value
class _Seen:
    """What the last look saw: names of applications, as far as known; None: not in use."""

    microphone: tuple[str, ...] | None = None
    camera: tuple[str, ...] | None = None
    screen: tuple[str, ...] | None = None
    asked: tuple[str, ...] = ()
    problem: str = ""


class Media:
    """Looks for the quiet reasons `call` and `presenting`, and tells both each time.

    `limit` is in seconds; `proc`, `dev` and `udev` are where the kernel and udev show their things.
    """

    def __init__(
        self,
        tell: Callable[[QuietChanged], None],
        *,
        limit: float = _LIMIT,
        proc: str = "/proc",
        dev: str = "/dev",
        udev: str = "/run/udev/data",
    ) -> None:
        self._tell = tell
        self._limit = limit
        self._proc, self._dev, self._udev = proc, dev, udev
        self._calls = self._presenting = True
        self._ignored = frozenset[str]()
        self._seen = _Seen()

    def configure(self, calls: bool, presenting: bool, ignore: tuple[str, ...]) -> None:
        """What to look for from now on; applications named in `ignore` make no call."""
        self._calls, self._presenting = calls, presenting
        self._ignored = frozenset(name.casefold() for name in ignore)

    async def look(self) -> None:
        """Look once, within the limit, and tell. What fails is taken as not in use, and shown in `status`."""
        tools = self._tools()
        questions = [self._ask(tool, tools) for tool in tools.asked]
        if self._calls:
            questions.append(self._look_at_cameras())
        heard = await asyncio.gather(*questions)
        microphone = [names for each in heard for names in each.microphone]
        if self._calls and not any(each.sound for each in heard):
            microphone += devices.microphone(self._proc)
        camera = [names for each in heard for names in each.camera]
        screen = [names for each in heard for names in each.screen]
        problems = dict.fromkeys((tools.problem, *(each.problem for each in heard)))
        seen = _Seen(
            microphone=_users(microphone, self._ignored) if self._calls else None,
            camera=_users(camera, self._ignored) if self._calls else None,
            screen=_users(screen) if self._presenting else None,
            asked=tools.asked,
            problem="; ".join(filter(None, problems)),
        )
        if seen.problem and seen.problem != self._seen.problem:
            _log.warning("A call or a shared screen may go unnoticed: %s.", seen.problem)
        self._seen = seen
        self._publish(seen)

    def status(self) -> dict[str, Any]:
        """What the last look saw, with the names of applications: to be said now, not to be kept."""
        seen = self._seen
        return {
            "ok": not seen.problem,
            "problem": seen.problem,
            "microphone": ", ".join(seen.microphone or ()),
            "camera": ", ".join(seen.camera or ()),
            "screen": ", ".join(seen.screen or ()),
            "asked": list(seen.asked),
        }

    def _publish(self, seen: _Seen) -> None:
        used = {"microphone": seen.microphone, "camera": seen.camera}
        things = [thing for thing, users in used.items() if users is not None]
        names = {name for users in used.values() for name in users or ()}
        call = f"{' and '.join(things)} in use" if things else ""
        self._tell(QuietChanged(QuietReason.CALL, call, ", ".join(sorted(names))))
        shared = "the screen is shared" if seen.screen is not None else ""
        self._tell(QuietChanged(QuietReason.PRESENTING, shared, ", ".join(seen.screen or ())))

    # ---- whom to ask ------------------------------------------------------------------------------

    def _tools(self) -> _Tools:
        if not (self._calls or self._presenting):
            return _Tools()
        pipewire = os.path.exists(_socket("pipewire-0"))
        pulse = self._calls and os.path.exists(_socket("pulse/native"))
        pulseaudio = pulse and (not pipewire or self._is_pulseaudio())
        asked: tuple[str, ...] = ()
        if pipewire and find(_PIPEWIRE):
            asked += (_PIPEWIRE,)
        if pulse and find(_PULSE) and (pulseaudio or not asked):
            asked += (_PULSE,)
        problem = ""
        sound = _PULSE if pulseaudio else _PIPEWIRE
        if self._calls and (pipewire or pulse) and not {sound, _PULSE}.intersection(asked):
            problem = _missing("calls", sound)
        elif self._presenting and pipewire and _PIPEWIRE not in asked:
            problem = _missing("a shared screen", _PIPEWIRE)
        return _Tools(asked, pulseaudio, problem)

    def _is_pulseaudio(self) -> bool:
        """Whether the sound is not PipeWire's, which often runs beside PulseAudio for screens alone.

        Either server writes its process id into this file.
        """
        try:
            with open(_socket("pulse/pid"), encoding="utf-8") as file:
                return devices.program(self._proc, str(int(file.read(20)))) == "pulseaudio"
        except (OSError, ValueError):
            return False

    # ---- asking -----------------------------------------------------------------------------------

    async def _ask(self, tool: str, tools: _Tools) -> _Heard:
        asking = self._ask_pipewire(tools) if tool == _PIPEWIRE else self._ask_pulse()
        try:
            return await asking
        except ToolFailed as error:
            return _Heard(problem=str(error))

    async def _ask_pipewire(self, tools: _Tools) -> _Heard:
        graph = Graph()
        await ask(_PIPEWIRE, limit=self._limit, take=graph.feed)
        graph.finish()
        return _Heard(graph.microphone(), graph.camera(), graph.screen(), sound=not tools.pulseaudio)

    async def _ask_pulse(self) -> _Heard:
        # With a server named, none is started for the question; LC_ALL also beats LANGUAGE only as "C".
        env = os.environ | {"LC_ALL": "C", "PULSE_SERVER": f"unix:{_socket('pulse/native')}"}
        return _Heard(listeners(await ask(_PULSE, "list", env=env, limit=self._limit)), sound=True)

    async def _look_at_cameras(self) -> _Heard:
        try:
            async with asyncio.timeout(self._limit):
                return _Heard(camera=await devices.camera(self._proc, self._dev, self._udev))
        except TimeoutError:
            return _Heard(problem="there are too many processes to look for the camera in time")


def _users(found: list[Names], ignored: frozenset[str] = frozenset()) -> tuple[str, ...] | None:
    """The names to show of those that count; None if nobody does."""
    counted = [names for names in found if not ignored.intersection(map(str.casefold, names))]
    return tuple(sorted({names[0] for names in counted if names})) if counted else None


def _socket(name: str) -> str:
    return os.path.join(os.path.dirname(runtime_dir()), name)


def _missing(what: str, tool: str) -> str:
    return f"{what} cannot be noticed: install {tool} (package {_PACKAGES[tool]})"
