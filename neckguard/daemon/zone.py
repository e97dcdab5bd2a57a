"""The machine's time zone by name, which the C library knows only as rules."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_LOCALTIME = "/etc/localtime"
_TIMEZONE = "/etc/timezone"
_MARK = "zoneinfo/"

Identity = tuple[str | None, int, int, int]


class LocalZone:
    """The zone of this machine, looked up again only when its settings change."""

    def __init__(self) -> None:
        self._identity: Identity | None = None
        self._zone: ZoneInfo | None = None

    def get(self) -> tzinfo:
        """The zone; the bare offset of this moment where the C library's rules have no name or file."""
        time.tzset()  # the C library's local time, which the log uses too, must follow as well
        identity = _identity()
        if identity != self._identity:
            self._identity, self._zone = identity, _find(identity[0])
        return self._zone or timezone(_offset())


def _identity() -> Identity:
    """What changes with every change of the zone: TZ, or the file that /etc/localtime leads to."""
    try:
        found = os.stat(_LOCALTIME)
    except OSError:
        return os.environ.get("TZ"), 0, 0, 0
    return os.environ.get("TZ"), found.st_dev, found.st_ino, found.st_mtime_ns


def _offset() -> timedelta:
    return timedelta(seconds=time.localtime().tm_gmtoff)


def _find(variable: str | None) -> ZoneInfo | None:
    """The first candidate that agrees with the C library: /etc/timezone, above all, is often stale."""
    candidates = _from_system() if variable is None else _from_variable(variable.removeprefix(":"))
    return next((zone for zone in candidates if datetime.now(zone).utcoffset() == _offset()), None)


def _from_variable(value: str) -> Iterator[ZoneInfo]:
    if os.path.isabs(value):
        yield from _from_file(value)
    elif value:
        yield from _named(value)


def _from_system() -> Iterator[ZoneInfo]:
    if os.path.islink(_LOCALTIME):
        yield from _from_file(_LOCALTIME)
        return
    with suppress(OSError, UnicodeDecodeError), open(_TIMEZONE, encoding="utf-8") as file:
        yield from _named(file.readline(200).strip())
    yield from _from_file(_LOCALTIME)


def _from_file(path: str) -> Iterator[ZoneInfo]:
    """The zone a file holds, by the name in its path or in the link's, else by the file's own name."""
    link = os.readlink(path) if os.path.islink(path) else path
    names = [place.partition(_MARK)[2] for place in (link, os.path.realpath(path)) if _MARK in place]
    for name in names:
        yield from _named(name)
    with suppress(OSError, ValueError), open(path, "rb") as file:
        yield ZoneInfo.from_file(file, key=names[0] if names else os.path.basename(path))


def _named(name: str) -> Iterator[ZoneInfo]:
    # An unknown name raises ZoneInfoNotFoundError (a KeyError), an odd one ValueError or OSError. Not the
    # cached constructor: the rules of a name change when the system's time zone data is updated.
    with suppress(OSError, ValueError, KeyError):
        yield ZoneInfo.no_cache(name)
