"""What a preview tries (the settings in force, with what `--set` and a scenario change), and its words."""

from __future__ import annotations

import argparse
import os
import re

from neckguard import paths
from neckguard.errors import NeckguardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from neckguard.config.check import Checked
    from neckguard.core import Plan
    from neckguard.preview.parse import Edits

HOURS = 8.0
"""How long a preview is if nothing else is said."""
EXAMPLE = "reminders.break.every=40m"


def change(text: str) -> tuple[str, str]:
    """A key and its value: one of TOML, or else a string. Lists are spelt as in variables: as JSON."""
    import json
    import tomllib

    key, equals, value = (part.strip() for part in text.partition("="))
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is no setting; write one such as {EXAMPLE}")
    try:
        meant = tomllib.loads(f"value = {value}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):  # not TOML, or a thousand brackets
        return key, value
    if isinstance(meant, str):
        return key, meant
    return key, json.dumps(meant, default=str) if isinstance(meant, list | bool) else value


def changed(changes: list[tuple[str, str]]) -> Plan | None:
    """The settings in force with what `--set` says; None if it says nothing."""
    if not changes:
        return None
    try:
        return validate(tuple(changes))
    except ValueError as error:
        raise NeckguardError(f"--set {error}") from None


def validate(edits: Edits) -> Plan:
    """The settings in force with some keys changed.

    Raises:
        ValueError: they are not valid; it says all that is wrong.
    """
    checked = _check(edits)
    if checked.plan is None:
        raise ValueError("; ".join(_as_keys(f"{each.key}: {each.message}") for each in checked.problems))
    return checked.plan


def notes(edits: Edits) -> list[str]:
    """What is valid and may not be meant in the settings that are tried."""
    return [f"Note: {each.key}: {each.message}" for each in _check(edits).notes]


def _check(edits: Edits) -> Checked:
    """The check of changed settings: spelt as variables, which go through all of the validation."""
    from neckguard.config.check import check, check_over
    from neckguard.config.models import Settings
    from neckguard.config.words import did_you_mean

    for key, _ in edits:
        section = key.partition(".")[0]
        if section not in Settings.model_fields:
            hint = did_you_mean(section, Settings.model_fields)
            raise ValueError(f"{key}: there is no table {section!r} in the settings{hint}")
    variables = {_variable(key): value for key, value in edits}
    from neckguard.cli.in_force import settings_in_force

    base = settings_in_force()
    if base.stand_in and base.plan:
        return check_over(base.plan, variables)
    path, explicit = paths.config_file(), paths.config_is_explicit()
    return check(path, explicit=explicit, environ=os.environ | variables)


def _variable(key: str) -> str:
    return f"NECKGUARD_{key.upper().replace('.', '__').replace('-', '_')}"


def _as_keys(message: str) -> str:
    """A message about variables as one about keys of the file."""
    return re.sub(r"NECKGUARD_([A-Z0-9_]+)", lambda found: found[1].lower().replace("__", "."), message)


EPILOG = """\
Examples:
  neckguard preview
  neckguard preview --hours 24 --json
  printf '10:00 call\\n+1h hang-up\\n' | neckguard preview --scenario -
  neckguard preview --brief --now
  neckguard preview --replay last-week --set reminders.break.every=40m

The settings in use are tried. Somebody sits down at the next full minute and
types, pausing for 10 s after every 20 s. They take each prompt 5 s after it
came: Done; for a break they stand up without a click and are back when it is
over. --brief tells a line for each break, with what came before it. --now goes
on from the countdowns of the running neckguard, at this moment.

A notification server may keep what goes unanswered (GNOME, Plasma), which then
waits for five minutes at least. Tried is the kind that neckguard met last, and
in a replay the kind that was recorded; --server says another.

--replay takes a day that the history knows, or the last seven before today
that it knows: the person comes, goes, pauses and has calls as they did, under
the settings in use and under those of --set, and does what a prompt asks; but
they leave for a break only where they did. Printed is how that compares with
what was. With --json, one object; spans are in seconds:
  first, last, set      the days, and what --set said
  in_short              what that comes to, in a sentence (null without --set)
  sitting, longest_sitting        at the screen, in all and without a break
  as_it_was, your_settings, changed (null without --set), each with
    prompts             how many were shown, by reminder
    breaks              natural, and prompted: done when a prompt asked
    longest_if_taken    the longest sitting if each break prompt had been taken
    avoided             null as it was; by moment (call, presenting, fullscreen,
                        program, dnd, away, paused) how many prompts were due
                        in it and came later
    longest_wait        null as it was; of these
  days                  for each: date, and the same
Typing is not on record, nor are calls that no prompt waited for.

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
  fullscreen on|off     an application fills the screen
  program on|off        a program of quiet.programs runs
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
  server lost|back|plain|keeps    the notification server; its kind
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
