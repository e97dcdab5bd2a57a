r"""`status --format`: what status bars read.

Sources: waybar-custom(5), RETURN-TYPE json; the i3blocks README, "format" and "interval"; the polybar wiki,
"Module: script". The bars' own text is made of fixed words and the names of reminders only, so that it needs
no escaping: i3blocks does not understand `\"` in JSON, and polybar's `%{` cannot be escaped at all.
"""

from __future__ import annotations

import json
import re

from neckguard.cli.status.page import break_in, problems, tooltip
from neckguard.cli.terminal import clock
from neckguard.control.client import STOPPED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Status = dict[str, Any]
    Renderer = Callable[[Status], str]

_GREY, _AMBER, _RED = "#888888", "#ffb000", "#ff5555"
_PIECE = re.compile(r"\{\{|\}\}|\{([a-z_]*)\}|[{}]")


def pick(form: str, *, follow: bool = False) -> Renderer:
    """The renderer for the name of a bar, or for a template.

    Raises:
        ValueError: it is neither; the message says what there is.
    """
    # A block that persists reads one line per update, so it gets JSON.
    bars = {"waybar": _waybar, "polybar": _text, "i3blocks": _i3blocks_json if follow else _i3blocks}
    if form in bars:
        return bars[form]
    _check(form)
    return lambda status: _fill(form, _values(status))


def _waybar(status: Status) -> str:
    kind = "prompt" if status["prompt"] else status["state"]
    block = {
        "text": _text(status),
        "alt": kind,
        "tooltip": _escape(tooltip(status)),
        "class": kind,
        "percentage": _percentage(status),
    }
    return json.dumps(block, ensure_ascii=False)


def _i3blocks(status: Status) -> str:
    return "\n".join(_i3bar(status).values())


def _i3blocks_json(status: Status) -> str:
    return json.dumps(_i3bar(status))


def _i3bar(status: Status) -> dict[str, str]:
    block = {"full_text": _text(status), "short_text": _short_text(status)}
    if color := _color(status):
        block["color"] = color
    return block


def _text(status: Status) -> str:
    current = status["prompt"] or _break(status)
    named = current and current["reminder"]
    if status["state"] == "running" and not named:
        named = status["next"] and status["next"]["name"]
    mark = "!" if problems(status, limits=False) else ""
    return " ".join(word for word in (named, _short_text(status), mark) if word)


def _short_text(status: Status) -> str:
    values = _values(status)
    if status["prompt"]:
        return "now"
    if taken := _break(status):
        return f"until {clock(taken['until'])}"
    if status["state"] == "running":
        return values["due_in"] or "no reminders"
    # `off_hours` is a word of programs; what follows it says until when, or why.
    detail = {"paused": values["paused_until"], "quiet": values["quiet"]}.get(status["state"], "")
    return f"{status['state'].replace('_', ' ')} {detail}".strip()


def _break(status: Status) -> Status | None:
    """The break that is taken: who is away then takes it. In a pause there is no more to say than that."""
    return None if status["state"] == "paused" else break_in(status)


def _color(status: Status) -> str:
    if problems(status, limits=False):
        return _RED
    if status["prompt"]:
        return _AMBER
    return "" if status["state"] == "running" else _GREY


def _percentage(status: Status) -> int:
    """How much of the next reminder's cycle has been sat; 0 where there is no cycle."""
    reminder = _next_reminder(status)
    whole = reminder and (reminder["every"] or reminder.get("daily"))  # an older daemon knows no `daily`
    if not reminder or not whole:
        return 0
    share: float = reminder["sat"] / whole
    return max(0, min(100, round(100 * share)))


def _values(status: Status) -> dict[str, str]:
    """What a template may name."""
    upcoming, reminder = status["next"], _next_reminder(status)
    until = next((hold["until"] for hold in status["holds"] if hold["reason"] == "paused"), None)
    return {
        "state": status["state"],
        "since": clock(status["since"]) if status["since"] else "",
        "next": upcoming["name"] if upcoming else "",
        "due_in": _short_span(upcoming["due_in"]) if upcoming else "",
        "sat": _short_span(reminder["sat"]) if reminder else "",
        "every": _short_span(reminder["every"]) if reminder and reminder["every"] else "",
        "paused_until": clock(until) if until else "",
        "holds": ", ".join(hold["reason"] for hold in status["holds"]),
        "quiet": ", ".join(quiet["reason"] for quiet in status["quiet"]),
        "flare": f"day {status['flare']['day']}" if status["flare"] else "",
        "prompt": " ".join(status["prompt"]["title"].split()) if status["prompt"] else "",
        "problems": str(len(problems(status, limits=False)) or ""),
    }


def _next_reminder(status: Status) -> Status | None:
    name = status["next"] and status["next"]["name"]
    return next((reminder for reminder in status["reminders"] if reminder["name"] == name), None)


def _short_span(seconds: float) -> str:
    """A span for a narrow place, in whole minutes, rounded up: `12m`, `1h05m`."""
    minutes = max(0, -int(-seconds // 60))
    return f"{minutes}m" if minutes < 60 else f"{minutes // 60}h{minutes % 60:02}m"  # noqa: PLR2004 - an hour


def _escape(text: str) -> str:
    """Text as Pango markup, which waybar's tooltips are."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _check(template: str) -> None:
    names = _values(STOPPED)
    pieces = [piece for piece in _PIECE.finditer(template) if piece[0] not in ("{{", "}}")]
    wrong = [piece[0] for piece in pieces if piece[1] not in names]
    if wrong or not pieces:
        fault = (
            f"there is no {wrong[0]}"
            if wrong
            else f"{template!r} is no status bar, and names nothing to show"
        )
        known = " ".join(f"{{{name}}}" for name in names)
        raise ValueError(f"{fault}; choose waybar, i3blocks, polybar or a template with {known}")


def _fill(template: str, values: dict[str, str]) -> str:
    return _PIECE.sub(lambda piece: values[piece[1]] if piece[1] else piece[0][0], template)
