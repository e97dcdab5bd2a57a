"""What clients ask of the daemon over the control socket, and the answers."""

import asyncio
import os
from contextlib import suppress
from typing import Any

from neckguard import __version__
from neckguard.control.protocol import Request
from neckguard.core import (
    Reply,
    at_instant,
    iso,
    take_anchor,
    take_state,
    to_plain,
    unknown,
    verbs,
    view,
)
from neckguard.daemon.loop import Daemon
from neckguard.errors import NeckguardError

_WHY_LOOKS_WITHIN = 0.3  # seconds that asking for quiet reasons may take for `why`


class Clients:
    """Answers requests: verbs through the inbox, questions from what is known."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._engine = daemon.engine

    async def answer(self, request: Request) -> Reply:
        """Answer a client's request."""
        if request.command == "reload":
            return await self._daemon.settings.reload()
        if request.command == "status":
            return Reply(ok=True, data=await self._status())
        if request.command == "state":
            return self._state()
        if request.command == "suggest":
            return self._suggest()
        if request.command == "history_erase":
            return self._erase()
        if request.command == "why":
            with suppress(TimeoutError):
                async with asyncio.timeout(_WHY_LOOKS_WITHIN):
                    await self._daemon.outside.desktop.quiet.look()
            return self._why(request.args.get("reminder"))
        return self._daemon.obey(verbs.COMMANDS[request.command](**request.args))

    def _erase(self) -> Reply:
        try:
            self._daemon.outside.recorder.erase()
        except NeckguardError as error:
            return Reply(ok=False, message=str(error))
        reply = self._daemon.obey(verbs.Forget())
        if failure := self._daemon.memory.failure:
            said = f"The history is erased, but not what neckguard remembers of it: {failure}"
            return Reply(ok=False, message=f"{said} When that is mended, try again.")
        return reply

    def _state(self) -> Reply:
        """What a preview goes on from: as a later life would."""
        self._daemon.wake()
        return Reply(ok=True, data={"anchor": take_anchor(self._engine), "state": take_state(self._engine)})

    def _suggest(self) -> Reply:
        """What a session in the terminal should begin with, and what is put away."""
        self._daemon.settings.learn_answers()
        self._daemon.wake()
        programme, now = self._engine.world.programme, self._engine.world.now.wall
        hurt = {
            stretch: at_instant(until, now).date().isoformat()
            for stretch, until in programme.rotation.hurt_until.items()
            if until > now.timestamp()
        }
        suggested = programme.peek(now.timestamp())
        data = {"stretch": suggested or None, "scope": int(programme.limits.scope), "hurt": hurt}
        return Reply(ok=True, message=suggested, data=data)

    def _why(self, name: str | None) -> Reply:
        self._daemon.wake()
        if name is not None and self._engine.world.courses.get(name) is None:
            return unknown(self._engine.world, name)
        from neckguard.core import explain  # seldom needed

        found = explain(self._engine, name)
        lines = [*found["sentences"], *(["", "Last decisions:"] if found["text"] else []), *found["text"]]
        return Reply(ok=True, message="\n".join(lines), data=found)

    async def _status(self) -> dict[str, Any]:
        """The snapshot, with the idle time as it is told at this instant."""
        idle = await self._daemon.outside.desktop.presence.look()
        data = self.snapshot()
        if idle is not None:
            data["presence"]["idle_seconds"] = round(idle, 1)
        return data

    def snapshot(self) -> dict[str, Any]:
        """The object of `status --json`, as of this instant."""
        if not self._daemon.busy:
            self._daemon.wake()
        config = self._daemon.config
        return {
            "version": __version__,
            "pid": os.getpid(),
            **view(self._engine),
            "config": {
                "path": config.path,
                "loaded_at": iso(config.loaded_at),
                "problems": to_plain(config.problems),
                "notes": to_plain(config.notes),
            },
            "services": self._daemon.outside.status(),
        }
