"""The writer of the history: what happened goes into the file as it happens, or once the disk lets it.

sqlite3 takes 1.5 MB; it is imported with the file, when there is something to write.
"""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from neckguard.backoff import Backoff
from neckguard.core import from_plain, to_plain
from neckguard.errors import NeckguardError
from neckguard.storage.history.rows import (
    Change,
    EntryRow,
    OutcomeRow,
    SpanRow,
    Waiting,
    cut_presence,
    end_all,
    remove_entry,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from neckguard.storage.history.file import HistoryFile

_log = logging.getLogger(__name__)

Key = tuple[str, str]  # the kind of a span, and its reason

_QUEUE = 5000  # changes that wait for a disk; weeks of them
_TOLD = 500  # of them, the last that are kept elsewhere meanwhile; days of them
_RETRY_FIRST, _RETRY_LAST = 1.0, 60.0  # seconds between attempts to write
_JITTER = 1.0  # seconds by which the instant something began may be told differently from time to time
_PRESENCE = ("present", "away")
_DAY = 86400.0
_CHECK_WITHIN = 120.0  # seconds; ten years on a slow disk take ten


class HistoryWriter:
    """Takes everything at once, and never fails: `problem` is empty, or says what is wrong.

    Instants are in seconds since 1970. If it is not `enabled`, nothing is written, and a file that is there
    is left alone. Rows are kept for `keep` seconds. `clock` counts seconds, to space attempts to write.
    """

    def __init__(
        self, path: str, *, enabled: bool, keep: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._path = path
        self._file: HistoryFile | None = None  # until there is something to write
        self._enabled = enabled
        self._keep = keep
        self._clock = clock
        self.rows = 0  # how many it was told so far
        self.failure = ""  # why nothing can be written now
        self._life = os.urandom(6).hex()
        self._number = 0  # of the last change
        self._queue: deque[Waiting] = deque()
        self._kept = False  # whether what waits, or some of it, may be in the daemon's state, too
        self._lost = 0  # changes that had no room in the queue
        self._backoff = Backoff(_RETRY_FIRST, _RETRY_LAST)
        self._retry_at = clock()
        self._spans: dict[Key, SpanRow] = {}  # those that go on
        self._now = 0.0  # as told last
        self._turned = 0.0  # when somebody came or went last
        self._not_before = 0.0  # nothing is to begin earlier
        self._tidied = -1  # the day

    @property
    def problem(self) -> str:
        """For `status`."""
        waiting = f"{len(self._queue)} changes wait to be written." if self.failure else ""
        damage = self._file.damage if self._file else ""
        lost = f"{self._lost} changes were lost." if self._lost else ""
        return " ".join(part for part in (damage, self.failure, waiting, lost) if part)

    # ---- what happens -------------------------------------------------------------------------------------

    def settled(self, row: OutcomeRow) -> None:
        """A round of a reminder ended."""
        self._write_row(row.added)

    def entry(self, row: EntryRow) -> None:
        """The person said something about their neck, or did something for it."""
        self._write_row(row.added)

    def no_entry(self, what: str, at: float) -> None:
        """What the person said then they take back; it may still wait to be written."""
        self._write_row(remove_entry(what, at))

    def spans_are(self, now: float, offset: int, spans: Mapping[Key, float]) -> None:
        """All that goes on now, with the instant each began; what is no longer named has ended.

        One is either present or away, for one reason: of these, what ends does so when the next one began.
        The same with a later beginning is a new span. What ended before it began has never been.
        """
        self._now = now
        if not self._enabled:
            return
        starts = {key: self._start(key, since) for key, since in spans.items()}
        begun = {key: start for key, start in starts.items() if not self._goes_on(key, start)}
        turns = [start for (kind, _), start in begun.items() if kind in _PRESENCE]
        turn = min(turns, default=now)
        over = [key for key, row in self._spans.items() if starts.get(key) != row.start]
        ended = [self._end(key, turn if key[0] in _PRESENCE else starts.get(key, now)) for key in over]
        found_late = [cut_presence(turn)] if turns and turn < self._turned else []
        self._turned = turn if turns else self._turned
        begin = (self._begin(key, start, offset) for key, start in begun.items())
        self._write([*ended, *found_late, *begin])

    def _start(self, key: Key, since: float) -> float:
        """When it began; the same as before, if it is nearly the same."""
        start = round(max(since, self._not_before), 3)
        known = self._spans.get(key)
        return known.start if known and abs(known.start - start) < _JITTER else start

    def _goes_on(self, key: Key, start: float) -> bool:
        return key in self._spans and self._spans[key].start == start

    def _begin(self, key: Key, start: float, offset: int) -> Change:
        self._spans[key] = SpanRow(*key, start, None, offset)
        return self._spans[key].told

    def _end(self, key: Key, end: float) -> Change:
        row = self._spans.pop(key)
        return replace(row, end=round(end, 3)).told if end > row.start else row.removed

    # ---- its own life -------------------------------------------------------------------------------------

    def waiting(self) -> list[Any]:
        """What is still to be written, as plain values: for `revive`, should this life end before."""
        self._kept = self._kept or bool(self._queue)
        return [to_plain(each) for each in tuple(self._queue)[-_TOLD:]]

    def revive(self, lived: float, waiting: Any = ()) -> None:
        """Write what a former life left `waiting`, and end what it left open when it ended itself.

        What is told again goes on unbroken.
        """
        self._turned = lived  # whoever turns out to have gone before went in that life
        if self._enabled and waiting:
            self._take_up(waiting)
        self._write([end_all(round(lived, 3))])

    def _take_up(self, waiting: Any) -> None:
        try:
            self._queue += from_plain(tuple[Waiting, ...], waiting)
        except (ValueError, TypeError) as error:
            _log.warning("What was to be written into %s is unusable: %s", self._path, error)
        self._kept = True

    def configure(self, *, enabled: bool, keep: float) -> None:
        """Follow the settings. A time in which the history was off is not made up for."""
        if self._enabled and not enabled:
            self.close()
        elif enabled and not self._enabled:
            self._not_before = self._now
        self._enabled = enabled
        if keep != self._keep:
            self._keep, self._tidied = keep, -1

    def tidy(self, now: float) -> None:
        """Once a day, remove what is older than is kept: some of it at each call, until it is done."""
        day = int(now // _DAY)
        if self._enabled and day != self._tidied and self._clock() >= self._retry_at:
            done = self._attempt(lambda file: file.prune(now - self._keep))
            self._tidied = day if done else self._tidied

    async def check(self) -> None:
        """Have a child look whether the file is whole; if it is not, it is put aside and a new one begun."""
        from neckguard import process

        file = self._file
        if file is None:
            return
        try:
            command = (*process.ours("neckguard.storage.history.check"), self._path)
            broken = await process.ask(*command, limit=_CHECK_WITHIN)
        except process.ToolFailed as error:
            _log.debug("%s was not checked: %s.", self._path, error)
            return
        if broken and self._enabled and file is self._file:  # else it is no longer the one that was looked at
            file.condemn(broken)
            self._attempt(lambda file: file.write((), kept=False))

    def erase(self) -> None:
        """Leave no trace of what happened until now.

        Raises:
            NeckguardError: some of it is still there; the message says why.
        """
        from neckguard.storage.history.file import erase_files

        self.forget()
        self._file = None
        self._not_before = self._now
        erase_files(self._path)

    def close(self, *, kept: bool = False) -> None:
        """Write what is left, and what goes on as if it ended now: the next life says if it did not.

        `kept`: whether what cannot be written has been kept elsewhere.
        """
        self._retry_at = self._clock()
        self._write([self._end(key, self._now) for key in tuple(self._spans)])
        if self._queue:
            fate = "wait for the next start" if kept else "are lost"
            _log.warning("%s %d changes of the history %s.", self.failure, len(self._queue), fate)
        self.forget()

    def forget(self) -> None:
        """Let go of the file, of what waits, and of what goes on."""
        if self._file:
            self._file.close()
        self._spans.clear()
        self._queue.clear()
        self._kept = False
        self._lost = 0
        self.failure = ""
        self._retry_at = self._clock()

    # ---- the file -----------------------------------------------------------------------------------------

    def _write_row(self, change: Change) -> None:
        self.rows += 1
        self._write([change])

    def _write(self, changes: Iterable[Change]) -> None:
        """Write this, and before it what could not be written until now."""
        if not self._enabled:
            return
        for change in changes:
            self._number += 1
            self._queue.append(Waiting(self._life, self._number, change))
        while len(self._queue) > _QUEUE:
            self._queue.popleft()
            self._lost += 1
        if not self._queue or self._clock() < self._retry_at:
            return
        if self._attempt(lambda file: file.write(self._queue, kept=self._kept)):
            self._queue.clear()
            self._kept = False

    def _attempt(self, work: Callable[[HistoryFile], bool]) -> bool:
        """What the work says; False if nothing can be written."""
        try:
            result = work(self._file_to_write())
        except NeckguardError as error:
            if str(error) != self.failure:
                _log.warning("%s What happens meanwhile waits until it can be.", error)
            self.failure = str(error)
            self._retry_at = self._clock() + self._backoff.next()
            return False
        if self.failure:
            _log.info("%s is written again.", self._path)
        self.failure = ""
        self._backoff.reset()
        return result

    def _file_to_write(self) -> HistoryFile:
        if self._file is None:
            from neckguard.storage.history.file import HistoryFile

            self._file = HistoryFile(self._path, lambda: [row.told for row in self._spans.values()])
        return self._file
