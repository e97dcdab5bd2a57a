"""The status for people: a page, and the one line that `--follow` prints."""

from __future__ import annotations

import json

from neckguard import __version__
from neckguard.cli.terminal import clock, paint, shown
from neckguard.core import say_answers, say_problem, say_span
from neckguard.texts import BOLD, DIM, WARN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Status = dict[str, Any]

PACKS = {"cold": "Cold pack", "heat": "Heat pack"}
_HOLDS = {"paused": "Paused", "off_hours": "Outside your hours", "away": "Away"}


def page(status: Status) -> str:
    """All there is to say, for a terminal."""
    head, *rest = _headlines(status)
    told = [shown(head, BOLD), *map(shown, rest), *_table(status), *map(shown, _sat_today(status))]
    told += [shown(f"Problem: {problem}", WARN) for problem in problems(status)]
    told += [shown(f"Note: {note}") for note in notes(status)]
    by_service = (service.get("note") for service in status["services"].values())
    told += [shown(f"Note: {note}") for note in by_service if note]
    if status["presence"] and status["services"].get("presence"):
        service = status["services"]["presence"]
        told.append(shown(_presence(status["presence"], service), DIM))
        told += [shown(line, DIM) for line in _kept_awake(status["presence"], service)]
    if status["config"]:
        told.append(shown(f"Settings: {status['config']['path']}", DIM))
    return "\n".join(told)


def tooltip(status: Status) -> str:
    """What fits under a mouse pointer."""
    told = (f"Problem: {problem}" for problem in problems(status))
    return "\n".join([*_headlines(status), *_sat_today(status), *told])


def line(status: Status) -> str:
    """The gist, in one line."""
    return " ".join(_headlines(status))


def problems(status: Status, *, limits: bool = True) -> list[str]:
    """Everything that is wrong, one line each; without `limits` only what somebody can mend."""
    found = status["config"]["problems"] if status["config"] else []
    lines = [say_problem(each["file"], each["line"], each["key"], each["message"]) for each in found]
    for name, service in status["services"].items():
        if service.get("problem") and (limits or not service.get("limit")):
            lines.append(f"{name}: {service['problem']}")
    if status["version"] not in (None, __version__):
        lines.append(
            f"the daemon is version {status['version']}, this is {__version__}:"
            " restart it with systemctl --user restart neckguard"
        )
    return lines


def notes(status: Status) -> list[str]:
    """What may not be meant in the settings, one line each."""
    found = (status["config"] or {}).get("notes", [])  # an older daemon tells none
    return [say_problem(each["file"], each["line"], each["key"], each["message"]) for each in found]


def break_in(status: Status) -> Status | None:
    """The break that is taken."""
    guide: Status | None = status.get("guide")  # an older daemon does not tell
    return guide if guide and guide["kind"] == "break" else None


def say_timer(timer: Status) -> str:
    """The pack that is on, in a sentence."""
    name, stop = PACKS[timer["kind"]], f"neckguard flare {timer['kind']} --stop"
    if timer["ringing"]:
        return f"{name}: time is up. Take it off, then: {stop}."
    return f"{name} until {clock(timer['until'])}, never past {clock(timer['hard_stop'])}."


def _headlines(status: Status) -> list[str]:
    """The state, then what else bears on the next prompt. Every line is a sentence."""
    if status["state"] == "stopped":
        return ["neckguard is not running."]
    told = [_hold(hold) for hold in status["holds"]]
    told += [f"Quiet {_since(quiet)}: {quiet['detail'] or quiet['reason']}." for quiet in status["quiet"]]
    told = told or [f"Running since {clock(status['since'])}."]
    if status["flare"]:
        told.append(_flare(status["flare"]))
    if status.get("timer"):
        told.append(say_timer(status["timer"]))
    if on_break := break_in(status):
        told.append(f"On a break until {clock(on_break['until'])}; to end it: neckguard done.")
    if status["prompt"]:
        told.append(_open_prompt(status))
    elif status["next"]:
        when = "Then" if status["holds"] else "Next"
        told.append(f"{when}: {status['next']['name']} {_due(status['next']['due_in'])}.")
    return told


def _sat_today(status: Status) -> list[str]:
    sat = status.get("sat_today")  # an older daemon does not tell
    return [f"{say_span(sat)} at the screen today."] if sat is not None else []


def _flare(flare: Status) -> str:
    if flare.get("open"):  # an older daemon does not tell
        return f"Flare-up, day {flare['day']}; once somebody has looked: neckguard flare cleared."
    return f"Flare-up, day {flare['day']}; for its plan: neckguard flare status."


def _presence(presence: Status, service: Status) -> str:
    others = "; ".join(f"{name}: {why}" for name, why in (service.get("others") or {}).items())
    told = f"Presence: {presence['state']}, told by {service['source']}"
    return f"{told} ({others})" if others and service["source"] != "none" else told


def _kept_awake(presence: Status, service: Status) -> list[str]:
    """Who answers for somebody who gives no input, and how to let them not."""
    holders = [each["by"] for each in service.get("kept_awake", []) if each["counts"]]
    if presence["state"] != "still" or not holders:
        return []
    who, it = ("an application", "it") if len(holders) == 1 else (f"{len(holders)} applications", "them")
    words = json.dumps(holders, ensure_ascii=False)  # as TOML writes them, too
    return [f"Kept awake by {who}; to ignore {it}: still_ignore = {words}"]


def _hold(hold: Status) -> str:
    note = f" ({hold['note']})" if hold.get("note") else ""
    name = _HOLDS.get(hold["reason"], hold["reason"])
    if hold["until"]:
        return f"{name} until {clock(hold['until'])}{note}."
    if hold["reason"] == "paused":
        return f"{name} {_since(hold)}, until you say `neckguard resume`{note}."
    return f"{name} {_since(hold)}; the countdowns wait{note}."


def _open_prompt(status: Status) -> str:
    prompt = status["prompt"]
    title = " ".join(prompt["title"].split())
    stop = "" if title.endswith((".", "!", "?")) else "."
    answers = prompt.get("answer") or say_answers(prompt.get("actions", ["done", "snooze", "skip"]))
    when, server = clock(prompt["shown_at"]), prompt.get("handed_to")
    where = f"Handed to {server} at {when}" if server else f"On the screen since {when}"
    return f"{where}: {title}{stop} Answer it there, or: {answers}."


def _since(what: Status) -> str:
    return f"since {clock(what['since'])}"


def _due(seconds: float) -> str:
    return f"in {say_span(seconds)}" if seconds > 0 else "as soon as it fits"


def _table(status: Status) -> list[str]:
    on = [reminder for reminder in status["reminders"] if reminder["state"] != "off"]
    off = [reminder["name"] for reminder in status["reminders"] if reminder["state"] == "off"]
    rows = [(reminder["name"], _countdown(reminder), _rhythm(reminder)) for reminder in on]
    names, countdowns = (max((len(row[column]) for row in rows), default=0) for column in (0, 1))
    told = [
        f"  {name:<{names}}  {countdown:<{countdowns}}  {paint(rhythm, DIM)}"
        for name, countdown, rhythm in rows
    ]
    return [*told, shown(f"  off: {', '.join(off)}", DIM)] if off else told


def _countdown(reminder: Status) -> str:
    state = reminder["state"]
    if state == "showing":
        return "asks now"
    if state == "due":
        return "went unanswered, still owed" if reminder.get("unanswered") else "waits for a good moment"
    if reminder["due_in"] is None:
        return "dealt with for today" if reminder.get("daily") else "not scheduled"
    note = {"snoozed": ", snoozed", "held": ", standing still" if reminder["every"] else ""}.get(state, "")
    return f"in {say_span(reminder['due_in'])}{note}"


def _rhythm(reminder: Status) -> str:
    if reminder.get("daily"):  # an older daemon does not tell
        return f"after {say_span(reminder['daily'])} in a day"
    return f"every {say_span(reminder['every'])}" if reminder["every"] else "at a set time"
