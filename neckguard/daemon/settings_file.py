"""Loads the settings and remembers the last good ones, so that a broken file changes nothing."""

import asyncio
import json
import logging
import os
import stat
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import neckguard
from neckguard.core import Plan, Problem, codec
from neckguard.daemon.validator import validate
from neckguard.errors import NeckguardError
from neckguard.storage import atomic

try:  # hashlib would load OpenSSL: 4 MB of resident memory for one hash
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

_log = logging.getLogger(__name__)

_PREFIX = "NECKGUARD_"  # of settings in the environment
_LIMIT = 1024 * 1024  # bytes; larger files are not worth remembering
_GRACE = 1.0  # seconds a file may be gone, as editors and tools do it
_POLL = 0.05
_TRIES = 3  # a file that changes while it is validated


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings as found at `loaded_at`: a plan, or the problems that prevent one."""

    plan: Plan | None
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    loaded_at: datetime


@dataclass(slots=True)
class ConfigState:
    """The settings file as it was last found, for `status`."""

    path: str
    loaded_at: datetime | None = None
    problems: tuple[Problem, ...] = ()


class SettingsFile:
    """The settings file at `path`; `explicit` if the person named it, so that its absence is an error."""

    def __init__(self, path: str, *, explicit: bool, state_dir: str) -> None:
        self.path = path
        self._explicit = explicit
        self._cache = os.path.join(state_dir, "plan.json")
        self._busy = asyncio.Lock()
        self._last_good = self._recall()
        self._had_file = bool(self._last_good.get("had_file"))

    async def load(self) -> Loaded:
        """The settings as they are now; what goes wrong is among the problems."""
        async with self._busy:
            missing = await self._is_missing()
            if missing and self._had_file:
                return self._refused(
                    "the file is gone; the last good settings stay (an empty file: the defaults)"
                )
            self._had_file = not missing
            fingerprint = self._fingerprint()
            if fingerprint and fingerprint == self._last_good.get("hash"):
                notes = self._last_good["notes"]
                return Loaded(self.last_good(), (), notes, loaded_at=_now())
            return await self._validated()

    async def defaults(self) -> Loaded:
        """The built-in settings, whatever file and environment say."""
        async with self._busy:
            environment = {key: value for key, value in os.environ.items() if not key.startswith(_PREFIX)}
            return await self._ask("", environment=environment)  # no file: what remains is built in

    @property
    def lacks_named_file(self) -> bool:
        """Whether the person named a file that does not exist."""
        return self._explicit and not os.path.lexists(self.path)

    def last_good(self) -> Plan | None:
        """The last valid plan from this file, by whichever daemon of this version."""
        plan: Plan | None = self._last_good.get("plan")
        return plan

    # ---- validating ----------------------------------------------------------------------------------------

    async def _is_missing(self) -> bool:
        """Whether the file does not exist; one that was there before gets a moment to come back."""
        for _ in range(round(_GRACE / _POLL) if self._had_file else 0):
            if not _missing(self.path):
                return False
            await asyncio.sleep(_POLL)
        return _missing(self.path)

    async def _validated(self) -> Loaded:
        """What the child says about a file that did not change meanwhile."""
        for _ in range(_TRIES):
            before = self._fingerprint()
            loaded = await self._ask(self.path, *(("--explicit",) if self._explicit else ()))
            if before == self._fingerprint():
                if before and loaded.plan and not loaded.problems:
                    self._remember(before, loaded)
                break
        return loaded

    async def _ask(self, *arguments: str, environment: dict[str, str] | None = None) -> Loaded:
        try:
            plan, problems, notes = await validate(*arguments, environment=environment)
        except NeckguardError as error:
            return self._refused(str(error))
        return Loaded(plan, problems, notes, loaded_at=_now())

    def _refused(self, message: str) -> Loaded:
        return Loaded(None, (Problem(self.path, 0, "", message),), (), loaded_at=_now())

    # ---- remembering ---------------------------------------------------------------------------------------

    def _fingerprint(self) -> str:
        """A hash over all that decides about the plan; empty where that is not a file of sensible size."""
        try:
            content = _content(self.path)
        except (OSError, ValueError):
            return ""
        variables = sorted(item for item in os.environ.items() if item[0].startswith(_PREFIX))
        about = (neckguard.__version__, sys.version, _code(), self.path, self._explicit, variables, content)
        return blake2b(repr(about).encode(errors="surrogateescape"), digest_size=20).hexdigest()

    def _remember(self, fingerprint: str, loaded: Loaded) -> None:
        about = {"hash": fingerprint, "path": self.path, "had_file": self._had_file, "notes": loaded.notes}
        self._last_good = {**about, "plan": loaded.plan}
        kept = {**about, "version": neckguard.__version__, "plan": codec.to_plain(loaded.plan)}
        try:
            atomic.replace(self._cache, json.dumps(kept).encode() + b"\n")
        except NeckguardError as error:
            _log.warning("%s The next start takes a moment longer.", error)

    def _recall(self) -> dict[str, Any]:
        """What was remembered of this very file; nothing where it is of no use (any more)."""
        try:
            kept = json.loads(atomic.read(self._cache, 4 * _LIMIT) or b"{}")
            if kept.get("path") != self.path:
                return {}
            return {
                "hash": codec.from_plain(str, kept["hash"]),
                "had_file": codec.from_plain(bool, kept["had_file"]),
                "notes": codec.from_plain(tuple[str, ...], kept["notes"]),
                "plan": codec.from_plain(Plan, kept["plan"]),
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}


def _missing(path: str) -> bool:
    """Whether nothing is there. What merely cannot be reached is not missing."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _content(path: str) -> bytes | None:
    """What stands in the file; None if it is missing.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no file, or much too large to hold settings.
    """
    if _missing(path):
        return None
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise ValueError("not a file")
    content = atomic.read(path, _LIMIT + 1)
    if content is not None and len(content) > _LIMIT:
        raise ValueError("too large")
    return content


def _code() -> list[tuple[str, int, int]]:
    """What tells one state of the validating code from another, also while it is being worked on."""
    package = os.path.dirname(neckguard.__file__)
    folders = (found for part in ("config", "core") for found in os.walk(os.path.join(package, part)))
    files = sorted(os.path.join(folder, name) for folder, _, names in folders for name in names)
    found = [(path, os.stat(path)) for path in files if path.endswith(".py")]
    return [(path, status.st_size, status.st_mtime_ns) for path, status in found]


def _now() -> datetime:
    return datetime.now().astimezone()
