"""A tray that shows the icon and opens its menu once, as somebody does in the course of a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jeepney import DBusAddress, MessageType, new_error, new_method_call, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.low_level import HeaderFields
from jeepney.wrappers import unwrap_msg

_WATCHER = "org.kde.StatusNotifierWatcher"
_ITEM, _ITEM_PATH = "org.kde.StatusNotifierItem", "/StatusNotifierItem"
_MENU = "com.canonical.dbusmenu"
_PROPERTIES = "org.freedesktop.DBus.Properties"
PATIENCE = 20.0  # seconds
_OF_WATCHER = {"ProtocolVersion": ("i", 0), "IsStatusNotifierHostRegistered": ("b", True)}


@contextmanager
def tray(address: str, patience: float = PATIENCE) -> Iterator[None]:
    """Appears on this bus, and has asked for all that an icon and its menu are drawn by.

    Raises TimeoutError when nobody wants to be in it for so many seconds.
    """
    with open_dbus_connection(address) as connection:
        unwrap_msg(connection.send_and_get_reply(message_bus.RequestName(_WATCHER)))
        item, path = _registered(connection, patience)
        (look,) = _ask(connection, DBusAddress(path, item, _PROPERTIES), "GetAll", "s", _ITEM)
        menu = DBusAddress(look["Menu"][1], item, _MENU)
        _ask(connection, menu, "AboutToShow", "i", 0)
        _ask(connection, menu, "GetLayout", "iias", 0, -1, [])
        yield


def _registered(connection: DBusConnection, patience: float) -> tuple[str, str]:
    """Who wants to be in the tray, and where its item is: programs tell the one or the other."""
    while True:
        message = connection.receive(timeout=patience)
        fields = message.header.fields
        if message.header.message_type is not MessageType.method_call:
            continue
        match fields[HeaderFields.member], message.body:
            case "Get", (_, name):
                connection.send(new_method_return(message, "v", (_OF_WATCHER[name],)))
            case "GetAll", _:
                connection.send(new_method_return(message, "a{sv}", (_OF_WATCHER,)))
            case "RegisterStatusNotifierItem", (told,):
                connection.send(new_method_return(message))
                return (fields[HeaderFields.sender], told) if told.startswith("/") else (told, _ITEM_PATH)
            case _:
                connection.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))


def _ask(connection: DBusConnection, whom: DBusAddress, member: str, signature: str, *body: Any) -> Any:
    question = new_method_call(whom, member, signature, body)
    return unwrap_msg(connection.send_and_get_reply(question, timeout=PATIENCE))
