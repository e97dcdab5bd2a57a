"""Objects of ours on a bus: what others may call there, and the properties that they may read."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from jeepney import HeaderFields, Message, new_error, new_method_return

from neckguard.value import value

PROPERTIES = "org.freedesktop.DBus.Properties"
_ERROR = "org.freedesktop.DBus.Error"

log = logging.getLogger(__name__)

Variant = tuple[str, Any]
"""A signature, and what is of it."""


class NoSuchThing(Exception):  # noqa: N818 -- the name says what happened
    """A caller asks for a name or number that is not there."""


@value
class Method:
    """What can be called: the signatures of what it takes and gives. `do` gives the body of the answer.

    `do` raises NoSuchThing for what there is not.
    """

    takes: str
    gives: str
    do: Callable[..., tuple[Any, ...]]


@value
class Offer:
    """The one interface of an object, beside the properties' own; all properties are only to be read."""

    interface: str
    methods: Mapping[str, Method]
    properties: Callable[[], dict[str, Variant]]


class Objects:
    """The objects of one connection, by path."""

    def __init__(self) -> None:
        self._offers: dict[str, Offer] = {}

    def add(self, path: str, offer: Offer) -> None:
        """From now on this is there."""
        self._offers[path] = offer

    def answer(self, call: Message) -> Message:
        """Do what is called, and the answer; whatever goes wrong is an error to the caller, not to us."""
        fields = call.header.fields
        method = self._find(fields.get(HeaderFields.path), fields.get(HeaderFields.interface), call)
        if method is None:
            return _refuse(call, "UnknownMethod", "neckguard offers no such method.")
        if fields.get(HeaderFields.signature, "") != method.takes:
            return _refuse(call, "InvalidArgs", f"The arguments are not of the type {method.takes!r}.")
        try:
            return new_method_return(call, method.gives or None, method.do(*call.body))
        except NoSuchThing:
            return _refuse(call, "InvalidArgs", "neckguard has nothing of that name or number.")
        except Exception:
            log.exception("A fault of neckguard in answer to %s", call)
            return _refuse(call, "Failed", "neckguard failed; its log says how.")

    def _find(self, path: str | None, interface: str | None, call: Message) -> Method | None:
        """The method that is meant; whoever names no interface means whichever has it."""
        offer = self._offers.get(path or "")
        if offer is None:
            return None
        member = call.header.fields[HeaderFields.member]
        offered = {offer.interface: offer.methods, PROPERTIES: _reading(offer)}
        tables = offered.values() if interface is None else (offered.get(interface, {}),)
        return next((methods[member] for methods in tables if member in methods), None)


def _reading(offer: Offer) -> dict[str, Method]:
    def get(interface: str, name: str) -> tuple[Variant]:
        (found,) = get_all(interface)
        if name not in found:
            raise NoSuchThing
        return (found[name],)

    def get_all(interface: str) -> tuple[dict[str, Variant]]:
        if interface not in (offer.interface, ""):
            raise NoSuchThing
        return (offer.properties(),)

    return {"Get": Method("ss", "v", get), "GetAll": Method("s", "a{sv}", get_all)}


def _refuse(call: Message, name: str, words: str) -> Message:
    return new_error(call, f"{_ERROR}.{name}", "s", (words,))
