"""`preview`: what would be shown when, by the real engine in virtual time. Needs no daemon."""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from neckguard import paths
from neckguard.cli.in_force import settings_in_force
from neckguard.cli.preview import overrides
from neckguard.cli.preview.overrides import HOURS
from neckguard.cli.terminal import paint
from neckguard.errors import NeckguardError
from neckguard.texts import BOLD, DIM

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from typing import Any

    from neckguard.core import Plan
    from neckguard.preview.parse import Edits
    from neckguard.preview.say import Line
    from neckguard.preview.trace import Trace

_LARGEST = 1_000_000  # bytes of a scenario


def run(args: argparse.Namespace) -> int:
    """Play it, and print what would be shown."""
    if args.replay and (args.scenario is not None or args.hours is not None):
        args.refuse("--replay tells by itself what happens; leave out --scenario and --hours")
    if args.replay and (args.now or args.brief):
        args.refuse("--replay is of days that are over, in a table; leave out --now and --brief")
    if args.brief and args.json:
        args.refuse("--brief is for people; leave it out with --json")
    in_force = settings_in_force()
    for line in in_force.troubles:
        print(line, file=sys.stdout if in_force.plan and not args.json else sys.stderr)
    if in_force.plan is None:
        return 1
    changed = overrides.changed(args.changes)
    if args.replay:
        return _replay(args, in_force.plan, changed)
    from neckguard.preview.scenario import ScenarioError

    plan = changed or in_force.plan
    try:
        trace = _play(plan, args)
    except ScenarioError as error:  # a line for each bad line, which begins with its place
        print(error, file=sys.stderr)
        return 1
    if args.json:
        from neckguard.preview.say import as_data

        _print_json(as_data(trace))
    elif args.brief:
        from neckguard.core import Kind
        from neckguard.preview.say import say_brief

        _print(say_brief(trace, [each.name for each in plan.reminders if each.kind is Kind.BREAK]))
    else:
        from neckguard.preview.say import say

        _print(say(trace))
    _print_notes(args)
    return 0


def _play(plan: Plan, args: argparse.Namespace) -> Trace:
    from dataclasses import replace

    from neckguard.content.loader import load_content
    from neckguard.preview.parse import parse
    from neckguard.preview.scenario import Scenario
    from neckguard.preview.simulation import play

    def validate(edits: Edits) -> Plan:
        return overrides.validate((*args.changes, *edits))

    saved = _running() if args.now else None
    start = _moment(saved["anchor"]["instant"]) if saved else _next_minute()
    scenario = Scenario(start, HOURS * 3600)
    if args.scenario is not None:
        text, name = _read(args.scenario), _name(args.scenario)
        scenario = parse(text, name, start, plan, validate)
        if saved and scenario.start != start:
            raise NeckguardError("--now begins now; leave out the line of the scenario that sets the start.")
    if args.hours is not None:
        scenario = replace(scenario, length=args.hours * 3600)
    keeps = (args.server or _last_server()) == "keeps"
    return play(replace(scenario, keeps=keeps, saved=saved), plan, load_content())


def _running() -> dict[str, Any]:
    """The state of the running daemon."""
    from neckguard.control.client import ask

    state: dict[str, Any] = ask("state")["data"]
    return state


def _last_server() -> str:
    """The kind of notification server that neckguard met last; empty where the history does not know."""
    from contextlib import closing

    from neckguard.storage.history.reader import last_server, open_history

    try:
        connection = open_history(paths.history_file())
        if connection is None:
            return ""
        with closing(connection):
            return last_server(connection)
    except NeckguardError:
        return ""  # what is wrong with the history is for others to say


def _replay(args: argparse.Namespace, plan: Plan, changed: Plan | None) -> int:
    from neckguard.cli.preview import replay

    found = replay.compare(args.replay, plan, changed, args.server)
    changes = [f"{key}={value}" for key, value in args.changes]
    if args.json:
        _print_json(replay.as_data(found, changes))
    else:
        replay.print_page(found, changes)
    _print_notes(args)
    return 0


def _print_notes(args: argparse.Namespace) -> None:
    for note in overrides.notes(tuple(args.changes)):
        print(note, file=sys.stderr if args.json else sys.stdout)


def _print_json(data: dict[str, Any]) -> None:
    import json

    from neckguard.texts import cleaned

    print(json.dumps(cleaned(data), ensure_ascii=False))


def _print(lines: Iterable[Line]) -> None:
    from neckguard.preview.say import Weight

    for line in lines:
        style = {Weight.STRONG: BOLD, Weight.FAINT: DIM}.get(line.weight)
        print(paint(line.text, style) if style and line.text else line.text)


def _next_minute() -> datetime:
    now = _moment(time.time())
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _moment(instant: float) -> datetime:
    """The instant on the clock of the machine."""
    from neckguard.daemon.clock import LocalZone

    return datetime.fromtimestamp(instant, LocalZone().get())


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
