"""`preview --replay`: recorded days once more, under the settings in use and others, beside what was."""

from __future__ import annotations

import math
from datetime import date, timedelta

from neckguard import paths
from neckguard.cli.history import recent
from neckguard.cli.terminal import paint, say, width
from neckguard.content.loader import load_content
from neckguard.core import parse_span, say_hours, say_span
from neckguard.errors import NeckguardError
from neckguard.preview.compare import Account, account, as_it_was, as_replayed, sitting
from neckguard.preview.recorded import Lasted, as_scenario, recorded_days, within
from neckguard.preview.simulation import play
from neckguard.stats.sitting_time import SpanTuple, day_start
from neckguard.storage.history.reader import open_history, outcomes, spans
from neckguard.texts import BOLD, DIM
from neckguard.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from neckguard.core import Plan
    from neckguard.preview.compare import Totals
    from neckguard.stats.figures import Sitting
    from neckguard.stats.gather import OutcomeTuple

    Row = tuple[str, list[str]]  # what, and what it is in each column

_WEEK = 7
_HEADS = ("as it was", "your settings", "changed")
_MOMENTS = {
    "call": "in a call",
    "presenting": "while the screen was shared",
    "fullscreen": "while the screen was filled",
    "program": "while a program ran",
    "dnd": "in do not disturb",
    "away": "while you were away",
    "paused": "in a pause",
}
_NOTES = (
    "Presence, calls and pauses are as recorded: you leave when you left, and for no prompt; all other"
    " prompts are done after 5 s. Not recorded are typing, and calls while no prompt waited. The hours are"
    " those of the settings."
)


@value
class Comparison:
    """The days as they were, and replayed: under the settings in use, and perhaps under changed ones."""

    days: Sequence[date]
    sitting: Sitting
    was: Account
    now: Account
    changed: Account | None


def compare(which: str, plan: Plan, changed: Plan | None, server: str = "") -> Comparison:
    """Replay `which`: a date, `today`, `yesterday` or `last-week`; on the server that was recorded, or this.

    Raises:
        NeckguardError: there is nothing on record, or it cannot be read; the message says so.
    """
    found = _read(which)
    scenario, content = as_scenario(found.lead, server), load_content()

    def replayed(settings: Plan) -> Account:
        return account(as_replayed(play(scenario, settings, content), settings), found.spans, found.days)

    return Comparison(
        found.days,
        sitting(found.spans, found.days),
        account(as_it_was(found.outcomes), found.spans, found.days),
        replayed(plan),
        replayed(changed) if changed else None,
    )


@value
class _Recorded:
    """What the history tells of the days that were asked for."""

    days: list[date]
    spans: list[Lasted]  # in these days
    lead: list[Lasted]  # the same, and the day before: countdowns do not begin in the morning
    outcomes: list[OutcomeTuple]


def _read(which: str) -> _Recorded:
    today = recent.period(1)
    connection = open_history(paths.history_file())
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
        since, until = day_start(first) - recent.FARTHEST, day_start(last) + 2 * recent.FARTHEST
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
        asked = _say_day(wanted)
    if chosen:
        return chosen
    range_ = f" The history has days from {known[0]} to {known[-1]}." if known else ""
    raise NeckguardError(f"nothing is recorded for {asked}.{range_}")


# ---- what is told of it ------------------------------------------------------------------------------------


def print_page(found: Comparison, changes: Sequence[str]) -> None:
    """Print the comparison."""
    first, last = found.days[0], found.days[-1]
    days = _say_day(first)
    if first != last:
        days = f"{len(found.days)} days, {days} to {_say_day(last)}"
    say(f"Replay of {days}: {say_hours(found.sitting.total)} at the screen", style=BOLD)
    if changes:
        say(f"Changed: {', '.join(changes)}")
    print()
    accounts = [each for each in (found.was, found.now, found.changed) if each]
    _print_table([("", list(_HEADS[: len(accounts)])), *_rows(found, accounts)])
    print()
    say(_NOTES, style=DIM)
    if found.changed:
        print()
        say(in_short(found, changes), style=BOLD)


def in_short(found: Comparison, changes: Sequence[str]) -> str:
    """What the changes come to, in a sentence."""
    if found.changed is None:
        return ""
    now, then = found.now.total, found.changed.total
    names = sorted(now.prompts.keys() | then.prompts.keys(), key=lambda name: (name != "break", name))
    more = [_say_more(name, then.prompts.get(name, 0) - now.prompts.get(name, 0)) for name in names]
    prompts = ", ".join(filter(None, more)) or "no more and no fewer prompts"
    longest, before = say_hours(then.longest), say_hours(now.longest)
    instead = f" instead of {before}" if longest != before else " either way"
    return f"With {_say_changes(changes)}: {prompts}, longest sitting if taken {longest}{instead}."


def _say_more(name: str, difference: int) -> str:
    if not difference:
        return ""
    word, prompts = ("more" if difference > 0 else "fewer"), "prompt" if abs(difference) == 1 else "prompts"
    return f"{abs(difference)} {word} {name} {prompts}"


def _say_changes(changes: Sequence[str]) -> str:
    """The value alone where it is one span: what else could `40m` be?"""
    if len(changes) > 1:
        return "these changes"
    value = changes[0].partition("=")[2]
    try:
        parse_span(value)
    except ValueError:
        return changes[0]
    return value


def as_data(found: Comparison, changes: Sequence[str]) -> dict[str, Any]:
    """The same as plain data: dates ISO 8601, spans in seconds."""
    sitting = found.sitting
    by_day = {day.date: day for day in sitting.days}
    return {
        "first": str(found.days[0]),
        "last": str(found.days[-1]),
        "set": list(changes),
        "in_short": in_short(found, changes) or None,
        "sitting": round(sitting.total, 3),
        "longest_sitting": round(sitting.longest.sitting, 3) if sitting.longest else 0.0,
        "days": [
            {
                "date": str(day),
                "sitting": round(by_day[day].sitting, 3),
                "longest_sitting": round(longest.sitting, 3) if (longest := by_day[day].longest) else 0.0,
                "as_it_was": _plain(found.was.days[day]),
                "your_settings": _plain(found.now.days[day]),
                "changed": _plain(found.changed.days[day]) if found.changed else None,
            }
            for day in found.days
        ],
        "as_it_was": _plain(found.was.total),
        "your_settings": _plain(found.now.total),
        "changed": _plain(found.changed.total) if found.changed else None,
    }


def _plain(totals: Totals) -> dict[str, Any]:
    wait = totals.longest_wait
    return {
        "prompts": dict(totals.prompts),
        "breaks": {"natural": totals.natural, "prompted": totals.prompted},
        "longest_if_taken": round(totals.longest, 3),
        "avoided": None if totals.avoided is None else dict(totals.avoided),
        "longest_wait": None if wait is None else round(wait, 3),
    }


def _rows(found: Comparison, accounts: Sequence[Account]) -> Iterator[Row]:
    totals = [each.total for each in accounts]
    longest = found.sitting.longest.sitting if found.sitting.longest else 0.0
    yield "Prompts shown", [str(sum(each.prompts.values())) for each in totals]
    for name in sorted({name for each in totals for name in each.prompts}):
        yield f"  {name}", [str(each.prompts.get(name, 0)) for each in totals]
    yield "Breaks after a prompt", [str(each.prompted) for each in totals]
    yield "Breaks without one", [str(each.natural) for each in totals]
    yield "Longest sitting without a break", [say_hours(longest) for _ in totals]
    yield "  if each break prompt were taken", [say_hours(each.longest) for each in totals]
    avoided = [each.avoided for each in totals]
    yield "Moments avoided", [_known(None if each is None else sum(each.values())) for each in avoided]
    for moment, words in _MOMENTS.items():
        if any(each and each[moment] for each in avoided):
            yield f"  {words}", [_known(None if each is None else each[moment]) for each in avoided]
    waits = [each.longest_wait for each in totals]
    if any(waits):
        yield "  longest wait", [_known(None if each is None else say_span(each)) for each in waits]


def _known(figure: Any) -> str:
    return "-" if figure is None else str(figure)


def _print_table(rows: Sequence[Row]) -> None:
    """In columns where they fit, else each row as a sentence."""
    (_, heads), *_ = rows
    labels = max(len(label) for label, _ in rows)
    widths = [max(len(values[number]) for _, values in rows) for number in range(len(heads))]
    if labels + sum(widths) + 2 * len(widths) <= width():
        for label, values in rows:
            cells = "".join(f"  {value:>{room}}" for value, room in zip(values, widths, strict=True))
            line = f"{label:<{labels}}{cells}"
            print(line if label else paint(line, DIM))
        return
    for label, values in rows[1:]:
        told = ", ".join(f"{head} {value}" for head, value in zip(heads, values, strict=True))
        say(f"{label.strip()}: {told}", before=label[: len(label) - len(label.lstrip())])


def _say_day(day: date) -> str:
    """The date as `Mon 2 Mar 2026`."""
    return f"{day:%a} {day.day} {day:%b %Y}"
