"""What may be said over the control socket, checked here to the last field."""

import json
from dataclasses import MISSING, fields
from typing import Any

from neckguard.control import VERSION
from neckguard.control.arguments import check
from neckguard.core import Reply, verbs
from neckguard.errors import NeckguardError
from neckguard.texts import cleaned
from neckguard.value import value

MAX_MESSAGE = 64 * 1024  # bytes

_TAKES: dict[str, tuple[str, ...]] = {
    **{command: tuple(each.name for each in fields(verb)) for command, verb in verbs.COMMANDS.items()},
    # What the daemon answers itself.
    "status": (),
    "follow": (),
    "why": ("reminder",),
    "state": (),
    "suggest": (),
    "history_erase": (),
    "reload": (),
}
_NEEDS = {
    command: {each.name for each in fields(verb) if each.default is MISSING}
    for command, verb in verbs.COMMANDS.items()
}


class ProtocolError(NeckguardError):
    """A message that is not one of ours; the text says why. It was no proper usage."""

    exit_code = 2


@value
class Request:
    """A command with its checked arguments; what was not given is absent."""

    command: str
    args: dict[str, Any]


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
    if not isinstance(command, str) or command not in _TAKES:
        raise ProtocolError(f"Unknown command; there are {', '.join(_TAKES)}.")
    args = {key: value for key, value in message.items() if key not in ("v", "command")}
    return Request(command, _checked(command, args))


def encode(reply: Reply) -> bytes:
    """The reply as one line; all text in it is clean, whatever a client makes of it."""
    said = {"message": reply.message} if reply.ok else {"error": reply.message, "code": reply.code}
    told = cleaned({"v": VERSION, "ok": reply.ok, **said, "data": reply.data})
    return json.dumps(told).encode() + b"\n"


def _checked(command: str, args: dict[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(args).difference(_TAKES[command])):
        raise ProtocolError(f"{command} takes no {ascii(unknown[0])[:80]}.")
    if missing := sorted(_NEEDS.get(command, set()).difference(args)):
        raise ProtocolError(f"{command} lacks its {missing[0]}.")
    if command == "flare_log" and not args:
        raise ProtocolError("flare_log needs something to note.")
    if "duration" in args and "until" in args:
        raise ProtocolError("A pause has a duration or an end, not both.")
    try:
        return {name: check(name, value) for name, value in args.items()}
    except ValueError as error:
        raise ProtocolError(f"{command}: {error}.") from None
