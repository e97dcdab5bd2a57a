"""A tray that shows the icon and opens its menu once, as somebody does in the course of a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jeepney import DBusAddress, MessageType, new_method_call, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.low_level import HeaderFields
from jeepney.wrappers import unwrap_msg

_WATCHER = "org.kde.StatusNotifierWatcher"
_ITEM, _ITEM_PATH = "org.kde.StatusNotifierItem", "/StatusNotifierItem"
_MENU = "com.canonical.dbusmenu"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_PATIENCE = 20.0  # seconds


@contextmanager
def tray(address: str) -> Iterator[None]:
    """Appears on this bus, and has asked for all that an icon and its menu are drawn by."""
    with open_dbus_connection(address) as connection:
        unwrap_msg(connection.send_and_get_reply(message_bus.RequestName(_WATCHER)))
        item = _registered(connection)
        (look,) = _ask(connection, DBusAddress(_ITEM_PATH, item, _PROPERTIES), "GetAll", "s", _ITEM)
        menu = DBusAddress(look["Menu"][1], item, _MENU)
        _ask(connection, menu, "AboutToShow", "i", 0)
        _ask(connection, menu, "GetLayout", "iias", 0, -1, [])
        yield


def _registered(connection: DBusConnection) -> str:
    """Who wants to be in the tray."""
    while True:
        message = connection.receive(timeout=_PATIENCE)
        if message.header.message_type is MessageType.method_call:
            connection.send(new_method_return(message))
            return str(message.header.fields[HeaderFields.sender])


def _ask(connection: DBusConnection, whom: DBusAddress, member: str, signature: str, *body: Any) -> Any:
    question = new_method_call(whom, member, signature, body)
    return unwrap_msg(connection.send_and_get_reply(question, timeout=_PATIENCE))
