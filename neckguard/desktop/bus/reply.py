"""What comes back of a call on D-Bus: an answer of the types that were due, or an error that callers know."""

import reprlib
from typing import Any

from jeepney import HeaderFields, Message, MessageType

from neckguard.errors import NeckguardError
from neckguard.texts import brief, one_line

IF_IT_LASTS = "if it lasts: log out and in again"
"""What helps against a service of the desktop that fails, where nothing better is known."""

_ERROR = "org.freedesktop.DBus.Error"
_LONGEST = 500  # characters that a stranger may have us say


class BusError(NeckguardError):
    """The other side answered with an error; `name` is its D-Bus name, told where no words came with it."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(brief(message, _LONGEST) or f"it gave no reason ({brief(name)})")
        self.name = name

    @property
    def nobody(self) -> bool:
        """Whether it only says that there is no such service."""
        return self.name in {f"{_ERROR}.NameHasNoOwner", f"{_ERROR}.ServiceUnknown"}

    @property
    def unknown(self) -> bool:
        """Whether it only says that whoever is there has no such thing."""
        return self.name in {f"{_ERROR}.Unknown{thing}" for thing in ("Method", "Interface", "Object")}


class BusNonsense(NeckguardError):  # noqa: N818 -- the name says what happened
    """The other side answered with something of another type than was asked for; `said` leaves out who."""

    def __init__(self, peer: str, said: str) -> None:
        super().__init__(f"{peer} {said}")
        self.said = said


class BusTimeout(NeckguardError):  # noqa: N818 -- the name says what happened
    """No answer came in time."""


class BusLost(NeckguardError):  # noqa: N818 -- the name says what happened
    """There is no connection, or it died before the answer came."""


def open_reply(reply: Message, peer: str, member: str, due: str) -> tuple[Any, ...]:
    """The body of an answer whose signature is among those in `due`; empty: nobody looks at the body.

    Raises:
        BusError: it is an error.
        BusNonsense: it is of other types.
    """
    if reply.header.message_type is MessageType.error:
        text = reply.body[0] if reply.body and isinstance(reply.body[0], str) else ""
        raise BusError(str(reply.header.fields.get(HeaderFields.error_name, "")), text)
    given = reply.header.fields.get(HeaderFields.signature, "")
    if due and given not in due.split():
        raise BusNonsense(peer, say_nonsense(f"answered {member}", reply.body, given, due))
    return tuple(reply.body)


def open_variant(variant: tuple[str, Any], peer: str, member: str, due: str) -> Any:
    """What is in it, if it is of the one type that is due. Raises BusNonsense."""
    given, content = variant
    if given != due:
        raise BusNonsense(peer, say_nonsense(f"answered {member}", (content,), given, due))
    return content


def say_nonsense(deed: str, body: tuple[Any, ...], given: str, due: str) -> str:
    """Someone's deed with a wrong body, for the end of a sentence."""
    if not body:
        return f"{deed} with nothing"
    shown = one_line(reprlib.repr(body[0] if len(body) == 1 else tuple(body)))
    return f"{deed} with {shown} (D-Bus type {given}, not {' or '.join(due.split())})"
