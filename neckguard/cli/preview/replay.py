"""`preview --replay`: recorded days once more, under the settings in use and under others."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from datetime import date, timedelta

from neckguard import paths
from neckguard.cli.history import happened
from neckguard.content.loader import load_content
from neckguard.errors import NeckguardError
from neckguard.preview.compare import Column, as_it_was, as_replayed, column, sitting
from neckguard.preview.desk import play
from neckguard.preview.recorded import Lasted, recorded_days, within
from neckguard.preview.replay import as_scenario
from neckguard.stats.figures import Sitting
from neckguard.stats.sitting_time import SpanTuple, day_start
from neckguard.storage.history.reader import open_history, outcomes, spans

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from neckguard.core import Plan
    from neckguard.stats.gather import OutcomeTuple

_WEEK = 7
_MARGIN = 86400.0  # seconds; more than any clock is ahead of UTC, or behind


@dataclass(frozen=True, slots=True)
class Comparison:
    """The days as they were, and replayed: under the settings in use, and perhaps under changed ones."""

    days: Sequence[date]
    sitting: Sitting
    was: Column
    now: Column
    changed: Column | None


def compare(which: str, plan: Plan, changed: Plan | None) -> Comparison:
    """Replay `which`: a date, `today`, `yesterday` or `last-week`.

    Raises:
        NeckguardError: there is nothing on record, or it cannot be read; the message says so.
    """
    found = _read(which)
    scenario, content = as_scenario(found.lead), load_content()

    def replayed(settings: Plan) -> Column:
        return column(as_replayed(play(scenario, settings, content), settings), found.spans, found.days)

    return Comparison(
        found.days,
        sitting(found.spans, found.days),
        column(as_it_was(found.outcomes), found.spans, found.days),
        replayed(plan),
        replayed(changed) if changed else None,
    )


@dataclass(frozen=True, slots=True)
class _Recorded:
    days: list[date]
    spans: list[Lasted]  # in these days
    lead: list[Lasted]  # the same, and the day before: countdowns do not begin in the morning
    outcomes: list[OutcomeTuple]


def _read(which: str) -> _Recorded:
    today = happened.period(1)
    connection = open_history(os.path.join(paths.state_dir(), "history.db"))
    if connection is None:
        raise NeckguardError(
            "there is no history to replay yet. While neckguard runs it keeps one,"
            " unless [history] says enabled = false."
        )
    try:
        known = recorded_days(spans(connection, -math.inf, math.inf, "present"), today.lived)
        days = _choose(which, known, today.last)
        first = max((each for each in known if each < days[0]), default=days[0])
        last = days[-1]
        since, until = day_start(first) - _MARGIN, day_start(last) + 2 * _MARGIN
        rows: list[SpanTuple] = list(spans(connection, since, until))
        return _Recorded(
            days,
            list(within(rows, days[0], last, today.lived)),
            list(within(rows, first, last, today.lived)),
            list(outcomes(connection, since, until)),
        )
    finally:
        connection.close()


def _choose(which: str, known: list[date], today: date) -> list[date]:
    """The days that were asked for, of those that are on record."""
    if which == "last-week":
        chosen = [each for each in known if each < today][-_WEEK:]
        asked = "the days before today"
    else:
        names = {"today": today, "yesterday": today - timedelta(days=1)}
        wanted = names[which] if which in names else date.fromisoformat(which)
        chosen = [wanted] if wanted in known else []
        asked = say_day(wanted)
    if chosen:
        return chosen
    range_ = f" The history has days from {known[0]} to {known[-1]}." if known else ""
    raise NeckguardError(f"nothing is recorded for {asked}.{range_}")


def say_day(day: date) -> str:
    """The date as `Mon 2 Mar 2026`."""
    return f"{day:%a} {day.day} {day:%b %Y}"
