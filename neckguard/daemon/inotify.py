"""inotify, once for all who listen: a person has 128 instances, and their whole desktop wants some."""

import asyncio
import errno
import os
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from neckguard.daemon import libc

# <sys/inotify.h>
_FLAGS = os.O_NONBLOCK | os.O_CLOEXEC
_IGNORED = 0x8000
OVERFLOW = 0x4000

_HEADER = struct.Struct("iIII")
_BUFFER = 64 * 1024

FileEvent = tuple[int, int, str]  # watch, mask and name
Told = Callable[[list[FileEvent]], None]


class Inotify:
    """Calls whoever listens, by their `told`, with what happens at their places."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._fd = -1
        self._asked: dict[int, dict[Told, int]] = {}  # by watch, who listens and for what

    def listen(self, path: str, mask: int, told: Told) -> int:
        """Listen there for these events only; the number of the watch, the same for the same place.

        Raises:
            OSError: nothing is there, or inotify is exhausted.
        """
        if self._fd < 0:
            self._fd = libc.call("inotify_init1", _FLAGS)
            self._loop.add_reader(self._fd, self._read)
        place = os.fsencode(path)
        watch = libc.call("inotify_add_watch", self._fd, place, mask)
        asked = self._asked.setdefault(watch, {})
        asked[told] = mask
        if len(asked) > 1:  # the last word counts: let it be for all
            libc.call("inotify_add_watch", self._fd, place, _union(asked.values()))
        return watch

    def leave(self, watch: int, told: Told) -> None:
        """Listen there no more."""
        asked = self._asked.get(watch, {})
        asked.pop(told, None)
        if asked:
            return  # what only the other wanted to know comes on, until somebody listens anew
        self._asked.pop(watch, None)
        try:
            libc.call("inotify_rm_watch", self._fd, watch)
        except OSError as error:
            if error.errno != errno.EINVAL:  # already gone together with its directory
                raise

    def close(self, told: Told) -> None:
        """Listen nowhere any more."""
        for watch in [watch for watch, asked in self._asked.items() if told in asked]:
            self.leave(watch, told)
        if self._fd >= 0 and not self._asked:
            self._loop.remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1

    def _read(self) -> None:
        heard: dict[Told, list[FileEvent]] = {}
        with suppress(BlockingIOError):
            for event in _events(os.read(self._fd, _BUFFER)):
                for told in self._listeners(event):
                    heard.setdefault(told, []).append(event)
        for told, events in heard.items():
            told(events)

    def _listeners(self, event: FileEvent) -> Iterable[Told]:
        watch, mask, _ = event
        if mask & OVERFLOW:
            return {told for asked in self._asked.values() for told in asked}
        return self._asked.pop(watch, ()) if mask & _IGNORED else self._asked.get(watch, ())


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _events(data: bytes) -> Iterator[FileEvent]:
    """The events in what inotify gave."""
    at = 0
    while at < len(data):
        watch, mask, _cookie, length = _HEADER.unpack_from(data, at)
        at += _HEADER.size
        yield watch, mask, os.fsdecode(data[at : at + length].rstrip(b"\0"))
        at += length
