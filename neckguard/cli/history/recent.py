"""The figures of the last days, and of those before, from the history: what `stats` and `report` tell."""

from __future__ import annotations

import math
import os
import time
from dataclasses import replace
from datetime import timedelta
from functools import cache

from neckguard import paths
from neckguard.content.loader import stretch_names_and_areas
from neckguard.control.client import ask
from neckguard.errors import NeckguardError
from neckguard.stats.figures import COURSE, Figures, Period, Strength, local
from neckguard.stats.gather import gather, gather_strength
from neckguard.stats.sitting_time import day_start
from neckguard.storage.history.reader import entries, open_history, outcomes, spans, strength

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

FARTHEST = 86400.0
"""Seconds; more than any clock is ahead of UTC, or behind."""

_PATIENCE = 1.0  # seconds, for a daemon that may hang


def period(count: int) -> Period:
    """Today and the days before it, `count` in all."""
    now = time.time()
    today = local(now, time.localtime(now).tm_gmtoff).date()
    return Period(today - timedelta(days=count - 1), today, now, _lived(now))


def figures(of: Period) -> tuple[Figures, Figures | None] | None:
    """What the history says about the period, and about the one before, of which it may know nothing (None).

    None if there is no history.

    Raises:
        NeckguardError: it cannot be read; the message says why.
    """
    connection = open_history(paths.history_file())
    if connection is None:
        return None
    try:
        before = gather(of.before, **records(connection, of.before))
        now = replace(gather(of, **records(connection, of)), strength=_strength(connection, of.now))
        return now, before if before.known else None
    finally:
        connection.close()


def records(connection: sqlite3.Connection, of: Period) -> dict[str, Any]:
    """What figures of the period are made of."""
    since = day_start(of.first) - FARTHEST
    # What lies ahead is from a clock that was wrong: it did not happen yet.
    until = min(of.now, day_start(of.last) + 2 * FARTHEST) if of.over else of.now
    return {
        "outcomes": outcomes(connection, since, until),
        "spans": spans(connection, since, until, "present"),
        "entries": entries(connection, -math.inf, of.now),
        "stretches": _known_stretches(),
    }


def _strength(connection: sqlite3.Connection, now: float) -> Strength | None:
    """How it stands with the strength exercise by now, whatever the period."""
    since = now - COURSE
    return gather_strength(strength(connection, since, now), entries(connection, since, now))


@cache
def _known_stretches() -> dict[str, tuple[str, str]]:
    return stretch_names_and_areas()


def no_figures(of: Period) -> Figures:
    """What there is to say where there is no history."""
    return gather(of, outcomes=(), spans=(), entries=(), stretches={})


def _lived(now: float) -> float:
    """Up to when the daemon is known to have lived: now if it answers, else its last beat of this boot."""
    try:
        ask("status", timeout=_PATIENCE)
    except NeckguardError:
        return _last_beat()
    return now


def _last_beat() -> float:
    from neckguard.storage.heartbeat import Heartbeat, boot_id

    beat = Heartbeat(os.path.join(paths.runtime_dir(), "heartbeat")).last()
    return beat.wall if beat and beat.boot_id == boot_id() else -math.inf
