"""The daemon's memory across restarts: `state.json`."""

import json
import logging
import os
import time
from collections.abc import Callable
from typing import Any

from neckguard.errors import NeckguardError, reason_of
from neckguard.storage import atomic

_log = logging.getLogger(__name__)

VERSION = 1
_LIMIT = 4 * 1024 * 1024  # bytes; ours is a few thousand


class StateFile:
    """The state file. `problem` is empty, or says what is wrong with it; `failure`, why it cannot be written.

    `note` is empty, or says what became of a file that this life could not go on with.
    `wanted` is what should stand in the file, whether it does or not.
    """

    def __init__(self, path: str) -> None:
        self.problem = self.failure = self.note = ""
        self.wanted = ""
        self._path = path
        self._saved = ""
        self._device: int | None = None  # that of the file we know

    def load(self) -> dict[str, Any] | None:
        """What was saved last, as `{"anchor": …, "state": …}`. What is unusable is set aside."""
        self._device = self._found_on()
        try:
            content = atomic.read(self._path, _LIMIT + 1)
            return None if content is None else _decode(content)
        except OSError as error:
            reason = reason_of(error)
        except ValueError as error:
            reason = str(error)
        self.set_aside(reason)
        return None

    def came_late(self) -> bool:
        """Whether a file is there now that this life does not know: its disk was mounted after the start."""
        return self._found_on() not in (None, self._device)

    def save(self, state: dict[str, Any], anchor: dict[str, Any], *, always: bool = False) -> bool:
        """Keep the state, if it differs from the one saved last, together with the clocks it refers to.

        `always` keeps the clocks even where nothing else changed. A file that came late is kept, too.

        False if it could not be written; the next call tries again.
        """
        try:
            self.wanted = json.dumps(state, sort_keys=True)
            if self.wanted == self._saved and not always and self._found_on() == self._device:
                return True
            if self.came_late():
                self._make_room()
            atomic.replace(self._path, _encode(self.wanted, anchor))
        except (NeckguardError, TypeError, ValueError) as error:
            self.failure = str(error)
            self._say(f"{error} Until that is mended, a restart forgets what happens now.")
            return False
        self._saved, self._device = self.wanted, self._found_on()
        self._mend()
        return True

    def set_aside(self, reason: str) -> None:
        """Keep the file for whoever wants to look, out of the way."""
        try:
            aside = self._move("bad")
        except OSError as error:
            self._say(f"{self._path} is unusable ({reason}) and cannot be moved: {reason_of(error)}.")
        else:
            self._remark(f"{self._path} was unusable ({reason}); it is now {aside}; countdowns start afresh.")

    def _make_room(self) -> None:
        """Keep the file that came late, beside this life's.

        Raises:
            NeckguardError: it cannot be moved; the message says why.
        """
        try:
            aside = self._move("late")
        except OSError as error:
            raise NeckguardError(f"{self._path} came late and cannot be moved: {reason_of(error)}.") from None
        self._remark(
            f"{self._path} came to light after you had said something new; it is now {aside}."
            " What it kept, such as a pause, is not in force."
        )

    def _move(self, word: str) -> str:
        """The new name of the file.

        Raises:
            OSError: it cannot be moved.
        """
        stamp = f"{self._path}.{word}-{time.strftime('%Y%m%dT%H%M%S')}"
        names = (stamp, *(f"{stamp}-{number}" for number in range(2, 100)))
        aside = next((name for name in names if not os.path.lexists(name)), stamp)
        os.rename(self._path, aside)
        return aside

    def _found_on(self) -> int | None:
        """The device that the file lies on; None without one."""
        try:
            return os.lstat(self._path).st_dev
        except OSError:
            return None

    def _remark(self, note: str) -> None:
        self.note = note
        _log.warning("%s", note)

    def _say(self, problem: str) -> None:
        if problem != self.problem:
            _log.warning("%s", problem)
        self.problem = problem

    def _mend(self) -> None:
        if self.problem:
            _log.info("%s is written again.", self._path)
        self.failure = self.problem = ""


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
