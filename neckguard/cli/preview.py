"""`preview`: what would be shown when, by the real engine in virtual time. Needs no daemon."""

from __future__ import annotations

import argparse
import os
import re
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from neckguard import paths
from neckguard.cli.out import BOLD, DIM, paint
from neckguard.errors import NeckguardError

if TYPE_CHECKING:
    from neckguard.config.check import Checked
    from neckguard.core.plan import Plan
    from neckguard.preview.parse import Edits
    from neckguard.preview.trace import Trace

_HOURS, _MOST_HOURS = 8.0, 168.0
_LARGEST = 1_000_000  # bytes of a scenario

_EPILOG = """\
Examples:
  neckguard preview
  neckguard preview --hours 24 --json
  printf '10:00 call\\n+1h hang-up\\n' | neckguard preview --scenario -

The settings in use are tried. Somebody sits down at the next full minute and
types, pausing for 10 s after every 20 s. They take each prompt 5 s after it
came: Done; for a break they stand up without a click and are back when it is
over.

A scenario has one happening a line, TIME WHAT, in order; # begins a comment.
TIME is HH:MM or HH:MM:SS, as the clock shows it next, or +SPAN after the line
before. A first line `start 2026-11-25 09:00 Europe/Berlin` sets the day; the
zone may be left out. It ends at `end`, else an hour after the last line, but
lasts 8 h at least; --hours overrides both. WHAT is one of:

  work, read, watch     at the desk: typing; a touch every 40 s; hands off
  leave                 away; the last input is now
  bump                  one stray input, whoever caused it
  type SPAN             typing on and on, mid-sentence
  lock, unlock          the screen; whoever unlocks it works again
  sleep, wake           the machine; wakes with somebody who works, if unlocked
  switch-away, switch-back        another session in front
  call, hang-up         the microphone in use
  share, unshare        the screen being shared
  dnd on|off            do not disturb
  inhibit on|off        an application keeps the screen awake, as films do
  answer done|start|snooze|skip|dismiss|nothing
                        how prompts are answered from now on: done is what is
                        said above, start and the others are clicks
  pause [SPAN|until HH:MM], resume, now NAME, start, snooze [SPAN],
  skip [NAME], done [NAME]        the verbs of neckguard
  edit KEY=VALUE        a saved setting, such as reminders.break.every=40m
  clock +SPAN|-SPAN     the wall clock is set
  zone NAME             another time zone, such as America/New_York
  source lost|back      what tells of inputs
  server lost|back      the notification server
  restart SPAN          the daemon is down for so long
  end                   the end

Example:
  start 2026-11-25 09:00
  09:58 call            # just before the break
  10:44 hang-up
  12:30 leave
  +45m  work
  14:00 pause until 15:00
  17:00 end
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "--hours", metavar="N", type=_hours, help=f"how long, at most {_MOST_HOURS:g} (default: {_HOURS:g})"
    )
    parser.add_argument("--scenario", metavar="F", help="a file that says what happens; - is standard input")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.epilog = _EPILOG


def run(args: argparse.Namespace) -> int:
    """Play it, and print what would be shown."""
    checked = _check({})
    if checked.plan is None:
        for problem in checked.problems:
            print(problem.text, file=sys.stderr)
        return 1
    from neckguard.preview.scenario import ScenarioError

    try:
        trace = _play(checked.plan, args.scenario, args.hours)
    except ScenarioError as error:  # a line for each bad line, which begins with its place
        print(error, file=sys.stderr)
        return 1
    if args.json:
        import json

        from neckguard.preview.say import as_data

        print(json.dumps(as_data(trace), ensure_ascii=False))
    else:
        _print(trace)
    return 0


def _play(plan: Plan, file: str | None, hours: float | None) -> Trace:
    from dataclasses import replace

    from neckguard.content.loader import load_content
    from neckguard.preview.desk import play
    from neckguard.preview.parse import parse
    from neckguard.preview.scenario import Scenario

    scenario = Scenario(_next_minute(), _HOURS * 3600)
    if file is not None:
        scenario = parse(_read(file), _name(file), scenario.start, plan, _validate)
    if hours is not None:
        scenario = replace(scenario, length=hours * 3600)
    return play(scenario, plan, load_content())


def _print(trace: Trace) -> None:
    from neckguard.preview.say import Weight, say

    for line in say(trace):
        style = {Weight.STRONG: BOLD, Weight.FAINT: DIM}.get(line.weight)
        print(paint(line.text, style) if style and line.text else line.text)


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= _MOST_HOURS:  # also turns away NaN
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of hours up to {_MOST_HOURS:g}")
    return hours


def _next_minute() -> datetime:
    from neckguard.daemon.zone import LocalZone

    now = datetime.now(LocalZone().get())
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _read(file: str) -> str:
    name = _name(file)
    try:
        with open(0 if file == "-" else file, "rb", closefd=file != "-") as opened:
            data = opened.read(_LARGEST + 1)
    except OSError as error:
        raise NeckguardError(f"cannot read {name}: {error.strerror}.") from None
    if len(data) > _LARGEST:
        raise NeckguardError(f"{name} is larger than {_LARGEST:,} bytes: too big to be a scenario.")
    try:
        return data.decode("utf-8-sig")
    except ValueError:
        raise NeckguardError(f"{name} is no text in UTF-8; save it as UTF-8.") from None


def _name(file: str) -> str:
    return "standard input" if file == "-" else file


def _check(variables: dict[str, str]) -> Checked:
    from neckguard.config.check import check

    environ = os.environ | variables
    return check(paths.config_file(), explicit=paths.config_is_explicit(), environ=environ)


def _validate(edits: Edits) -> Plan:
    """The settings in use with some keys changed: spelt as variables, which go through all of the validation.

    Raises:
        ValueError: they are not valid; it says all that is wrong.
    """
    from neckguard.config.models import Settings
    from neckguard.config.words import did_you_mean

    for key, _ in edits:
        section = key.partition(".")[0]
        if section not in Settings.model_fields:
            hint = did_you_mean(section, Settings.model_fields)
            raise ValueError(f"{key}: there is no table {section!r} in the settings{hint}")
    checked = _check({_variable(key): value for key, value in edits})
    if checked.plan is None:
        raise ValueError("; ".join(_as_keys(f"{each.key}: {each.message}") for each in checked.problems))
    return checked.plan


def _variable(key: str) -> str:
    return f"NECKGUARD_{key.upper().replace('.', '__').replace('-', '_')}"


def _as_keys(message: str) -> str:
    """A message about variables as one about keys of the file."""
    return re.sub(r"NECKGUARD_([A-Z0-9_]+)", lambda found: found[1].lower().replace("__", "."), message)
