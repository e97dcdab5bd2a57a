"""The arguments of `stats`, `report` and `export`. What does it is imported later: see `stretch`'s."""

from __future__ import annotations

import argparse
import math

_LONGEST = 36500  # days
_REPORT_DAYS = 90
_TABLES = ("outcomes", "spans", "entries", "days", "all")
_MIDDLE_AGES = 1000  # a year

_STATS = """\
With --json, one object. Spans are in seconds; dates and times are ISO 8601, as
your clock had them when it began; a sitting over midnight belongs to the day on
which it began.
  first, last  the period
  sitting      the time at the screen in it; days_sat: on how many days
  longest      the longest sitting without a break: start, end, sitting; or null
  over_60      how many sittings without a break were over 60 minutes
  days         for each: date, sitting, longest, over_60
  weekdays     for each, from Monday on: weekday, sitting
  hours        for each, from 0 to 23: hour, sitting
  kinds        for posture, stretch, break, eyes and note: how many prompts
               ended done, natural_break, snoozed, skipped, dismissed (closed
               without choosing), ignored, covered, withdrawn, undelivered
  reminders    the same for each that had a prompt: name, kind, shown, done, ...
  stretches    those done: area, done, and how many of them left, right, both
  checkins     at, score; weeks: the Monday of each, count, mean
  hurts        the stretches that hurt: name, times, last
  packs        cold, heat: how often one was put on
  turnings     at, comfortable: what was said of turning the head
  strength     null, or of the last ten weeks: days (with the exercise), last,
               and band, repetitions as noted last
  flares       start, end (null: it goes on), length, severity, side, ended,
               lost_days (null: nobody said), flags (the ids of red flags),
               cleared (when somebody had looked; null)
  before       null, or of as many days before: first, last, days_sat, sitting,
               longest (seconds), over_60, breaks (taken), stretches and
               postures (done), checkins, pain (the mean; null), flares,
               lost_days

"""
_REPORT = """\
One HTML file that needs nothing else and no network; it prints on A4. The first
page is a summary to hand to a doctor or physiotherapist: figures only, no
interpretation. What you wrote at check-ins is in it only with --notes.

A file that is there already is replaced if it is such a report, else left
alone.

Examples:
  neckguard report --open
  neckguard report --days 365 --output neck.html"""
_EXPORT = """\
outcomes  how each round of a reminder ended
  settled   when
  reminder  its name in the settings
  kind      posture, stretch, break or note
  item      the stretch or posture check it suggested
  side      left, right or both, where there are sides
  due       when it was due
  shown     when it was shown; empty: it was not
  how       done, snoozed, skipped, dismissed (closed), ignored (unanswered),
            covered (by a longer one), natural_break (an absence long enough),
            withdrawn or undelivered
spans     what lasted
  start, end  from when to when; no end: it goes on
  seconds   how long
  kind      present (at the screen), away, paused, off_hours, quiet, or server
            (for notifications)
  reason    of an absence or of quiet; plain, or keeps: a server that keeps
            unanswered notifications
entries   what you said about your neck, or did for it
  at        when
  what      checkin, flare_start, flare_side, flare_flags (red flags named),
            flare_cleared (somebody had looked), flare_end, lost_days, hurt,
            strength, timer_start or timer_end
  score     pain, 0 to 10; with strength, how many repetitions
  detail    a side, a stretch, a band, a pack, what ended it, the ids of red
            flags, the days that the flare-up cost so far; of a check-in the
            button, and whether turning was comfortable (turning yes, or no)
  note      your own words

days      a row for each day since the first on record, with or without anything
          in it; only by its name
  date             the local day
  sitting_minutes  at the screen
  longest_minutes  the longest sitting without a break that began on that day
  over_60          how many sittings without a break were over 60 minutes
  prompts          how many were shown
  breaks           done when a prompt asked
  natural_breaks   taken without being asked
  stretches, postures  done
  checkins         how many
  pain             their mean, 0 to 10; empty: nobody said
  hurts            how often a stretch hurt
  packs            how many timers for a cold or warm pack
  flare_up         1 on the days of one, else 0

Times are ISO 8601 with their distance from UTC: local time as it was when the
row began. In CSV, a text that a spreadsheet might take for a formula has an
apostrophe in front. CSV (UTF-8) has one header and, before the columns of each
kind of row, one named `table`, unless one table is chosen. JSON is one object
with the three lists (not days), or with the one chosen.

Examples:
  neckguard export > everything.csv
  neckguard export --table days > days.csv
  neckguard export --table outcomes --since 2026-01-01 > outcomes.csv
  neckguard export --format json"""


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the verb that it is for."""
    describe = {"stats": _add_stats, "report": _add_report, "export": _add_export}
    describe[parser.get_default("verb")](parser)


def run(args: argparse.Namespace) -> int:
    """Do what was asked; the exit code."""
    doing = __import__(f"neckguard.cli.history.{args.verb}", fromlist=["run"])
    code: int = doing.run(args)
    return code


def _add_stats(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--days",
        metavar="N",
        type=_days,
        default=1,
        help="today and the days before it, N in all; without it, today",
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.epilog = (
        "Sitting is the time at the screen. An absence of four minutes is a break.\n"
        "A break whose prompt you closed counts as snoozed; anything else, as skipped.\n\n"
        f"{_STATS}"
        "Example:\n  neckguard stats --days 7"
    )


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--days",
        metavar="N",
        type=_days,
        default=_REPORT_DAYS,
        help=f"today and the days before it, N in all (default: {_REPORT_DAYS})",
    )
    parser.add_argument(
        "--output",
        metavar="F",
        help="the file to write, - for standard output (default: neckguard-report-DATE.html, here)",
    )
    parser.add_argument("--notes", action="store_true", help="include your own words from the check-ins")
    parser.add_argument("--open", action="store_true", help="show it in the browser")
    parser.set_defaults(refuse=parser.error)
    parser.epilog = _REPORT


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("csv", "json"), default="csv", help="csv unless said")
    parser.add_argument("--table", choices=_TABLES, default="all", help="all unless said")
    parser.add_argument(
        "--since", metavar="D", type=_moment, default=-math.inf, help="from this day on, such as 2026-03-01"
    )
    parser.epilog = _EXPORT


def _days(text: str) -> int:
    """An argument that is a number of days, today being one of them."""
    if not text.isdecimal() or not 1 <= int(text) <= _LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to {_LONGEST}")
    return int(text)


def _moment(text: str) -> float:
    from datetime import datetime

    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as 2026-03-01") from None
    try:
        return day.astimezone().timestamp()
    except (ValueError, OverflowError):  # at the ends of the calendar
        return math.copysign(math.inf, day.year - _MIDDLE_AGES)
