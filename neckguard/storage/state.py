"""The daemon's memory across restarts: `state.json`."""

import json
import logging
import os
import time
from collections.abc import Callable
from typing import Any

from neckguard.errors import NeckguardError
from neckguard.storage import atomic

_log = logging.getLogger(__name__)

VERSION = 1
_LIMIT = 4 * 1024 * 1024  # bytes; ours is a few thousand


class StateFile:
    """The state file. `problem` is empty, or says in a sentence what is wrong with it.

    `note` is empty, or says in one what became of the file that was there when this life began.
    """

    def __init__(self, path: str) -> None:
        self.problem = self.note = ""
        self._path = path
        self._saved = ""

    def load(self) -> dict[str, Any] | None:
        """What was saved last, as `{"anchor": …, "state": …}`. What is unusable is set aside."""
        try:
            content = atomic.read(self._path, _LIMIT + 1)
            return None if content is None else _decode(content)
        except OSError as error:
            reason = str(error.strerror)
        except ValueError as error:
            reason = str(error)
        self.set_aside(reason)
        return None

    def save(self, state: dict[str, Any], anchor: dict[str, Any], *, always: bool = False) -> bool:
        """Keep the state, if it differs from the one saved last, together with the clocks it refers to.

        `always` keeps the clocks even where nothing else changed.

        False if it could not be written; the next call tries again.
        """
        try:
            content = json.dumps(state, sort_keys=True)
            if content == self._saved and not always:
                return True
            atomic.replace(self._path, _encode(content, anchor))
        except (NeckguardError, TypeError, ValueError) as error:
            self._fail(f"{error} Until that is mended, a restart forgets what happens now.")
            return False
        self._saved = content
        self._mend()
        return True

    def set_aside(self, reason: str) -> None:
        """Keep the file for whoever wants to look, out of the way."""
        stamp = f"{self._path}.bad-{time.strftime('%Y%m%dT%H%M%S')}"
        names = (stamp, *(f"{stamp}-{number}" for number in range(2, 100)))
        aside = next((name for name in names if not os.path.lexists(name)), stamp)
        try:
            os.rename(self._path, aside)
        except OSError as error:
            self._fail(f"{self._path} is unusable ({reason}) and cannot be moved: {error.strerror}.")
        else:
            self.note = f"{self._path} was unusable ({reason}); it is now {aside}; countdowns start afresh."
            _log.warning("%s", self.note)

    def _fail(self, problem: str) -> None:
        if problem != self.problem:
            _log.warning("%s", problem)
        self.problem = problem

    def _mend(self) -> None:
        if self.problem:
            _log.info("%s is written again.", self._path)
        self.problem = ""


def change(path: str, how: Callable[[dict[str, Any]], dict[str, Any]]) -> bool:
    """Change the saved state while no daemon runs; False if there is nothing to change, or it is unusable.

    Raises:
        NeckguardError: it could not be written; what was there is untouched. The message says why.
    """
    try:
        content = atomic.read(path, _LIMIT + 1)
        saved = None if content is None else _decode(content)
    except (OSError, ValueError):
        return False  # the daemon will set it aside, and say so
    if saved is None:
        return False
    changed = how(saved["state"])
    if changed == saved["state"]:
        return False
    atomic.replace(path, _encode(json.dumps(changed, sort_keys=True), saved["anchor"]))
    return True


def _encode(state: str, anchor: dict[str, Any]) -> bytes:
    """The whole file; the state is JSON already."""
    return f'{{"version": {VERSION}, "anchor": {json.dumps(anchor)}, "state": {state}}}\n'.encode()


def _decode(content: bytes) -> dict[str, Any]:
    """What `save` wrote.

    Raises:
        ValueError: it is something else; the message says what.
    """
    if len(content) > _LIMIT:
        raise ValueError("far too large")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    version = found.get("version") if isinstance(found, dict) else None
    if type(version) is int and version > VERSION:
        raise ValueError("of a newer neckguard")
    if version != VERSION or not all(isinstance(found.get(part), dict) for part in ("anchor", "state")):
        raise ValueError("not a state file")
    return {"anchor": found["anchor"], "state": found["state"]}
