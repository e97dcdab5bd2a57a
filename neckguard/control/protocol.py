"""What may be said over the control socket, checked here to the last field."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from neckguard.control import LONGEST_SPAN, VERSION
from neckguard.control.text import MAX_NOTE, UNFIT
from neckguard.control.until import clean_until
from neckguard.errors import NeckguardError

MAX_MESSAGE = 64 * 1024  # bytes
_MAX_TEXT = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_ITEM = re.compile(r"[a-z][a-z0-9-]{0,63}", re.ASCII)
_RED_FLAG = re.compile(r"[a-z-]{1,64}", re.ASCII)
_MAX_RED_FLAGS = 32
_WORST = 10  # the other end of a pain score is 0
_YEAR = 365  # days
_SIDES = ("left", "right", "both")
_PACKS = ("cold", "heat")


class ProtocolError(NeckguardError):
    """A message that is not one of ours; the text says why. It was no proper usage."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Request:
    """A command with its checked arguments; what was not given is absent."""

    command: str
    args: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the client gets: a message for the person, data for programs, and its exit code."""

    ok: bool
    message: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    code: int = 0

    @classmethod
    def refusal(cls, message: str, code: int = 1) -> "Reply":
        """A reply that says why not; `code` is the client's exit code."""
        return cls(ok=False, message=message, code=code)


def decode(line: bytes) -> Request:
    """The request in one line.

    Raises:
        ProtocolError: it is not a request; nothing of it may be used.
    """
    try:
        message = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ProtocolError("That is not one JSON object in UTF-8.") from None
    if not isinstance(message, dict):
        raise ProtocolError("That is not a JSON object.")
    if type(message.get("v")) is not int or message["v"] != VERSION:
        raise ProtocolError(f'This daemon speaks version {VERSION} of the protocol: send "v": {VERSION}.')
    command = message.get("command")
    if not isinstance(command, str) or command not in _ARGUMENTS:
        raise ProtocolError(f"Unknown command; there are {', '.join(_ARGUMENTS)}.")
    args = {key: value for key, value in message.items() if key not in ("v", "command")}
    return Request(command, _checked(command, args))


def encode(reply: Reply) -> bytes:
    """The reply as one line."""
    said = {"message": reply.message} if reply.ok else {"error": reply.message, "code": reply.code or 1}
    return json.dumps({"v": VERSION, "ok": reply.ok, **said, "data": reply.data}).encode() + b"\n"


def _checked(command: str, args: dict[str, Any]) -> dict[str, Any]:
    checks = _ARGUMENTS[command]
    unknown = sorted(set(args) - set(checks))
    if unknown:
        raise ProtocolError(f"{command} takes no {_quoted(unknown[0])}.")
    needed, what = _NEEDED.get(command, ("", ""))
    if needed and needed not in args:
        raise ProtocolError(f"{command} needs {what}.")
    if command == "flare_log" and not args:
        raise ProtocolError("flare_log needs something to note.")
    if "duration" in args and "until" in args:
        raise ProtocolError("A pause has a duration or an end, not both.")
    try:
        return {key: checks[key](value) for key, value in args.items()}
    except ValueError as error:
        raise ProtocolError(f"{command}: {error}.") from None


def _span(value: Any) -> float:
    if type(value) not in (int, float) or not 1 <= value <= LONGEST_SPAN:  # also turns away NaN
        raise ValueError(f"a duration is a number of seconds from 1 to {LONGEST_SPAN:.0f}")
    return float(value)


def _name(value: Any) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise ValueError(f"{_quoted(value)} is not the name of a reminder, such as posture")
    return value


def _item(value: Any) -> str:
    if not isinstance(value, str) or not _ITEM.fullmatch(value):
        raise ValueError(f"{_quoted(value)} is not the id of a stretch, such as chin-tuck")
    return value


def _reason(value: Any) -> str:
    return _line(value, "reason", _MAX_TEXT)


def _note(value: Any) -> str:
    return _line(value, "note", MAX_NOTE)


def _line(value: Any, name: str, most: int) -> str:
    if not isinstance(value, str) or len(value) > most or UNFIT.search(value):
        raise ValueError(f"a {name} is one line of at most {most} characters")
    return value


def _score(value: Any) -> int:
    return _count(value, "pain is a whole number", _WORST)


def _days(value: Any) -> int:
    return _count(value, "lost days are a whole number", _YEAR)


def _count(value: Any, what: str, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:  # True is no number of anything
        raise ValueError(f"{what} from 0 to {most}")
    return value


def _side(value: Any) -> str:
    return _one_of(value, "side", _SIDES)


def _pack(value: Any) -> str:
    return _one_of(value, "kind", _PACKS)


def _one_of(value: Any, name: str, choices: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"a {name} is one of {', '.join(choices)}")
    return value


def _red_flags(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > _MAX_RED_FLAGS:
        raise ValueError(f"flags are a list of at most {_MAX_RED_FLAGS} ids")
    if not all(isinstance(each, str) and _RED_FLAG.fullmatch(each) for each in value):
        raise ValueError("a flag is the id of a line of the checklist, such as both-arms")
    if len(set(value)) < len(value):
        raise ValueError("each flag is named once")
    return tuple(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("a switch is true or false")  # noqa: TRY004 - one error for all misfits
    return value


def _until(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MAX_TEXT:
        raise ValueError("until is a moment, such as 14:30")
    return clean_until(value)


def _quoted(value: Any) -> str:
    """A stranger's value, short and harmless enough to be put into a message."""
    return ascii(value)[:80]


# Without which argument a command says nothing, in words.
_NEEDED = {
    "now": ("reminder", "the name of a reminder"),
    "stretched": ("id", "the id of a stretch"),
    "checkin": ("score", "a score from 0 to 10"),
    "timer": ("kind", "a kind, cold or heat"),
}
_ARGUMENTS: dict[str, dict[str, Callable[[Any], Any]]] = {
    "pause": {"duration": _span, "until": _until, "reason": _reason, "toggle": _flag},
    "resume": {},
    "status": {},
    "follow": {},
    "why": {"reminder": _name},
    "now": {"reminder": _name},
    "start": {},
    "snooze": {"duration": _span},
    "skip": {"reminder": _name},
    "done": {"reminder": _name, "already": _flag},
    "hurt": {"id": _item},
    "suggest": {},
    "stretched": {"id": _item},
    "history_erase": {},
    "reload": {},
    "checkin": {"score": _score, "note": _note},
    "flare_start": {"severity": _score, "side": _side, "flags": _red_flags},
    "flare_log": {"score": _score, "turning": _flag, "lost_days": _days, "note": _note},
    "flare_end": {},
    "timer": {"kind": _pack},
    "timer_stop": {},
}
