"""Who tells of inputs: the most trusted source that works here, until it fails or a better one appears."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from neckguard.core import NEVER, Event, KeptAwake, SourceChanged
from neckguard.desktop.presence.holders import Holder, Holders
from neckguard.desktop.presence.source import Candidate, PresenceSource, Voice

_ANSWERS_WITHIN = 3.0  # seconds in which a source that works has told something
_LOOKS_WITHIN = 0.2  # seconds that `look` may take
# Seconds in which a source may appear, or a lost one come back, before anybody is told that nobody tells.
_FIRST_GRACE, _GRACE = 3.0, 10.0
_STEADY = 30.0  # seconds; a source that lived longer is tried again at once
_LONGEST_WAIT, _LONGEST_WAIT_BLIND = 300.0, 60.0  # seconds between attempts; blind: while nobody tells

_log = logging.getLogger(__name__)


class PresenceChooser:
    """The sources, most trusted first: chooses among them, and tells the engine what they say.

    `boot` reads CLOCK_BOOTTIME, `emit` takes the events.
    """

    def __init__(
        self, sources: Sequence[PresenceSource], emit: Callable[[Event], None], boot: Callable[[], float]
    ) -> None:
        self._candidates = {source.name: Candidate(source) for source in sources}
        self._emit = emit
        self._boot = boot
        self._wanted = "auto"
        self._threshold = 300.0
        self._current: Candidate | None = None
        self._told = ""  # which source the engine believes in; one that was lost may come back
        self._decided = False  # it was said who tells, or that nobody does
        self._blind_from = 0.0  # loop time from which nobody tells, if nobody does
        self._news = asyncio.Event()
        self.holders = Holders(lambda on, since: emit(KeptAwake(on, since)), boot)

    # ---- what is asked of it ------------------------------------------------------------------------------

    async def run(self) -> None:
        """Serve for ever."""
        self._blind_from = asyncio.get_running_loop().time() + _FIRST_GRACE  # the buses connect meanwhile
        try:
            while True:
                self._news.clear()
                await self._choose()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._patience()):
                        await self._news.wait()
        finally:
            self._current, self._decided = None, False
            await asyncio.gather(*(self._end(candidate) for candidate in self._candidates.values()))

    def configure(self, wanted: str) -> None:
        """Use this source only; "auto": the best there is, "none": none."""
        if wanted != self._wanted:
            self._wanted = wanted
            self.renew()

    def renew(self, *names: str) -> None:
        """These sources, or all, may work by now: try them again at once."""
        for candidate in self._candidates.values():
            if not names or candidate.source.name in names:
                candidate.not_before = 0.0
                candidate.backoff.reset()
                candidate.announced = True
        self._news.set()

    def watch(self, threshold: float) -> None:
        """Idle times of this length matter from now on."""
        if threshold != self._threshold:
            self._threshold = threshold
            if self._current is not None:
                self._current.source.watch(threshold)

    async def look(self) -> float | None:
        """How long there was no input, as exactly as can be told now; None: not known."""
        if self._current is None:
            return None
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOKS_WITHIN):
                return await self._current.source.look()
        return None

    def status(self) -> dict[str, Any]:
        """Which source tells, and why the others do not."""
        others = {
            name: why
            for name, candidate in self._candidates.items()
            if name != self._told and (why := self._why_not(candidate))
        }
        nobody = self._decided and not self._told and self._wanted != "none"
        problem = self._say_blind(others) if nobody else ""
        return {
            "ok": not problem,
            "source": self._told or "none",
            "problem": problem,
            "note": self._note(),
            "others": others,
            "kept_awake": self.holders.status(),
        }

    @property
    def limits(self) -> str:
        """What the source in use can never tell; empty: nothing."""
        return self._current.source.note if self._current else ""

    def _note(self) -> str:
        """What is not as it should be with the source, and is no fault."""
        if self._wanted == "none":
            return "presence.source is none in the settings, so time counts whether or not you are there."
        told = self._candidates.get(self._told)
        if told is not None and told is not self._current:
            return f"{self._told} was lost ({told.why}), and is looked for"
        if told is not None and told.silenced:
            return (
                f"{self._told} has told nothing for two hours, perhaps because an application keeps"
                " the screen awake; time counts meanwhile"
            )
        return ""

    def _why_not(self, candidate: Candidate) -> str:
        """Why this source is not in use."""
        if self._wanted not in ("auto", candidate.source.name):
            return f"presence.source is {self._wanted} in the settings"
        if self._current and not candidate.why:
            return f"{self._current.source.name} is trusted more"
        return candidate.why

    def _say_blind(self, others: dict[str, str]) -> str:
        """The news that nobody tells, and what to do about it."""
        if self._wanted in self._candidates:
            why = self._candidates[self._wanted].why
            return (
                f"presence.source is {self._wanted} in the settings, which does not work here ({why}):"
                ' time counts always; "auto" tries the others'
            )
        reasons = "; ".join(f"{name}: {why}" for name, why in others.items())
        return (
            "nobody can tell whether you are at the screen, so time counts always;"
            f" lock the screen when you leave ({reasons})"
        )

    # ---- choosing -----------------------------------------------------------------------------------------

    def _allowed(self) -> list[Candidate]:
        chosen = (self._wanted,) if self._wanted != "auto" else tuple(self._candidates)
        return [self._candidates[name] for name in chosen if name in self._candidates]

    async def _choose(self) -> None:
        """Take the best source that works; the one in use stays until a better one has proved itself."""
        if self._current is not None and self._current.task is not None and self._current.task.done():
            self._lose(self._current)
        allowed = self._allowed()
        if self._current is not None and self._current not in allowed:
            await self._replace(None)
        now = asyncio.get_running_loop().time()
        for candidate in allowed:
            if candidate is self._current:
                return
            if candidate.not_before <= now and await self._try(candidate):
                await self._replace(candidate)
                return
        if self._current is None:
            self._tell_blind()

    async def _try(self, candidate: Candidate) -> bool:
        """Let it begin; whether it told something."""
        candidate.announced = False
        candidate.began = asyncio.get_running_loop().time()
        candidate.voice = Voice(
            lambda event: self._hear(candidate, event),
            lambda on, ago: self._keep_awake(candidate, on, ago),
            lambda on: self._silence(candidate, on),
            self._boot,
        )
        candidate.silenced = False
        candidate.source.watch(self._threshold)
        candidate.task = asyncio.create_task(candidate.source.serve(candidate.voice))
        candidate.task.add_done_callback(lambda _: self._news.set())
        proof = asyncio.create_task(candidate.voice.spoke.wait())
        try:
            await asyncio.wait(
                (candidate.task, proof), timeout=_ANSWERS_WITHIN, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            proof.cancel()
        if candidate.voice.spoke.is_set() and not candidate.task.done():
            return True
        candidate.fail("it does not answer" if not candidate.task.done() else "")
        await self._end(candidate)
        return False

    async def _replace(self, candidate: Candidate | None) -> None:
        """From now on this one tells."""
        before, self._current = self._current, candidate
        if before is not None:
            await self._end(before)
        self._decided = candidate is not None
        if candidate is None:
            return
        _log.info("Presence is told by %s.", candidate.source.name)
        candidate.why = ""
        self._told = candidate.source.name
        self._emit(SourceChanged(self._told))
        for event in candidate.voice.unsaid:
            self._emit(event)
        candidate.voice.unsaid.clear()

    def _lose(self, candidate: Candidate) -> None:
        """The one in use can tell no more."""
        self._current = None
        if asyncio.get_running_loop().time() - candidate.began > _STEADY:
            candidate.backoff.reset()
        candidate.fail("")
        candidate.task = None
        self._keep_awake(candidate, False, 0.0)
        _log.warning("Presence is no longer told by %s: %s.", candidate.source.name, candidate.why)
        self._decided, self._blind_from = False, asyncio.get_running_loop().time() + _GRACE

    def _tell_blind(self) -> None:
        if not self._decided and self._grace_left() <= 0:
            self._decided, self._told = True, ""
            if self._wanted != "none":
                _log.warning("%s", self.status()["problem"])
            self._emit(SourceChanged(""))

    def _patience(self) -> float | None:
        """Seconds until another source may be tried; None: only news can change anything."""
        now = asyncio.get_running_loop().time()
        better: list[float] = []
        for candidate in self._allowed():
            if candidate is self._current:
                break
            if candidate.not_before == NEVER:
                continue  # it announces itself
            limit = _LONGEST_WAIT if self._current else _LONGEST_WAIT_BLIND
            candidate.not_before = min(candidate.not_before, now + limit)
            better.append(candidate.not_before - now)
        if self._current is None and not self._decided:
            better.append(self._grace_left())
        return max(0.0, min(better)) if better else None

    def _grace_left(self) -> float:
        return self._blind_from - asyncio.get_running_loop().time()

    async def _end(self, candidate: Candidate) -> None:
        task, candidate.task = candidate.task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._keep_awake(candidate, False, 0.0)

    # ---- what the sources say -----------------------------------------------------------------------------

    def _hear(self, candidate: Candidate, event: Event) -> None:
        if candidate is self._current:
            self._emit(event)
        else:
            candidate.voice.unsaid[:] = [event]  # only the latest counts

    def _keep_awake(self, candidate: Candidate, on: bool, ago: float) -> None:
        name = candidate.source.name
        self.holders.hold(name, (Holder(name),) if on else (), ago)

    def _silence(self, candidate: Candidate, on: bool) -> None:
        candidate.silenced = on
        if candidate is self._current:
            _log.info("%s %s.", self._told, "has told nothing for two hours" if on else "tells again")
            self._emit(SourceChanged(self._told, silenced=on))
