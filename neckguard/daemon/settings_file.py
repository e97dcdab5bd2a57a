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
from neckguard.daemon.places import is_gone
from neckguard.daemon.validator import validate
from neckguard.errors import NeckguardError
from neckguard.lookup import missing
from neckguard.storage import atomic
from neckguard.value import value

try:  # hashlib would load OpenSSL: 4 MB of resident memory for one hash
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

_log = logging.getLogger(__name__)

_PREFIX = "NECKGUARD_"  # of settings in the environment
_LIMIT = 1024 * 1024  # bytes; larger files are not worth remembering
_HALF_WRITTEN = 2.0  # seconds for which a broken file must stand before it counts as saved like that
_TRIES = 3  # a file that changes while it is validated


@value
class Loaded:
    """The settings as found at `loaded_at`: a plan, or the problems that prevent one.

    A plan may have problems, too: what it names is not on this machine.
    """

    plan: Plan | None
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    loaded_at: datetime


@dataclass(slots=True)
class ConfigState:
    """The settings file as it was last found, for `status`."""

    path: str
    built_in: bool = False  # the built-in settings are in force, since there are no others
    loaded_at: datetime | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


class SettingsFile:
    """The settings file at `path`; `explicit` if the person named it, so that its absence is an error."""

    def __init__(self, path: str, *, explicit: bool, state_dir: str) -> None:
        self.path = path
        self._explicit = explicit
        self._cache = os.path.join(state_dir, "plan.json")
        self._busy = asyncio.Lock()
        self._last_good = self._recall()

    async def load(self) -> Loaded:
        """The settings as they are now; what goes wrong is among the problems."""
        async with self._busy:
            fingerprint, plan = self._fingerprint(), self.last_good()
            # What the plan names may have come or gone meanwhile; the child knows the lines to say it with.
            if plan and fingerprint and fingerprint == self._last_good["hash"] and not missing(plan):
                return Loaded(plan, (), self._last_good["notes"], loaded_at=_now())
            return await self._validated()

    async def load_saved(self) -> Loaded | None:
        """As `load`, for a file that was just touched; None: it is broken and somebody is still at it.

        What they do to it is told as another change.
        """
        before = self._fingerprint()
        loaded = await self.load()
        if loaded.plan is None:
            await asyncio.sleep(_HALF_WRITTEN)
            if self._fingerprint() != before:
                return None
        return loaded

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

    async def _validated(self) -> Loaded:
        """What the child says about a file that did not change meanwhile."""
        for _ in range(_TRIES):
            before = self._fingerprint()
            loaded = await self._ask(self.path, *(("--explicit",) if self._explicit else ()))
            if before == self._fingerprint():
                if before and loaded.plan:
                    self._remember(before if not loaded.problems else "", loaded)
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
        about = {"hash": fingerprint, "path": self.path}
        found = {"notes": loaded.notes, "plan": loaded.plan}
        self._last_good = {**about, **found}
        kept = {**about, "version": neckguard.__version__, **codec.to_plain(found)}
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
                "notes": codec.from_plain(tuple[Problem, ...], kept["notes"]),
                "plan": codec.from_plain(Plan, kept["plan"]),
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}


def _content(path: str) -> bytes | None:
    """What stands in the file; None if it is gone.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no file, or much too large to hold settings.
    """
    if is_gone(path):
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
