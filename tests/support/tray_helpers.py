"""A tray that is strict about the protocol: a watcher and a host on a private bus."""

from typing import Any

from jeepney import DBusAddress, Message, MessageType, new_method_call, new_method_return
from jeepney.bus_messages import MatchRule, message_bus
from jeepney.low_level import HeaderFields
from jeepney.wrappers import unwrap_msg

from support.helpers import patient
from support.notification_helpers import PrivateBus

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM, MENU = "org.kde.StatusNotifierItem", "com.canonical.dbusmenu"
PROPERTIES = "org.freedesktop.DBus.Properties"


class Host:
    """Watches for items, and asks the one that registered as hosts of trays do."""

    def __init__(self, bus: PrivateBus) -> None:
        self.item = ""  # the unique name of who registered
        self._signals: list[tuple[str, Any]] = []  # that came before an answer
        self._connection = bus.connect()
        for interface in (ITEM, MENU):
            rule = MatchRule(type="signal", interface=interface)
            unwrap_msg(self._connection.send_and_get_reply(message_bus.AddMatch(rule)))
        unwrap_msg(self._connection.send_and_get_reply(message_bus.RequestName(WATCHER)))

    def take(self) -> None:
        """Take the item that registers next, which says by its path that it is the sender's."""
        while True:
            message = self._connection.receive(timeout=patient(20))
            if message.header.message_type is MessageType.method_call:
                fields = message.header.fields
                assert fields[HeaderFields.path] == "/StatusNotifierWatcher"
                assert fields[HeaderFields.interface] == WATCHER
                assert fields[HeaderFields.member] == "RegisterStatusNotifierItem"
                assert (fields[HeaderFields.signature], message.body) == ("s", ("/StatusNotifierItem",))
                self.item = fields[HeaderFields.sender]
                self._connection.send(new_method_return(message))
                return

    def told(self) -> tuple[str, Any]:
        """The next signal of the item or its menu."""
        while not self._signals:
            self._note(self._connection.receive(timeout=patient(20)))
        return self._signals.pop(0)

    def ask(self, path: str, interface: str, member: str, signature: str = "", *body: Any) -> Any:
        """What it answers; an error is raised."""
        with_name = DBusAddress(path, self.item, interface)
        serial = next(self._connection.outgoing_serial)
        self._connection.send(new_method_call(with_name, member, signature or None, body), serial=serial)
        while True:
            message = self._connection.receive(timeout=patient(20))
            if message.header.fields.get(HeaderFields.reply_serial) == serial:
                return unwrap_msg(message)
            self._note(message)

    def _note(self, message: Message) -> None:
        member = message.header.fields.get(HeaderFields.member, "")
        if message.header.message_type is MessageType.signal and member.startswith(("New", "Layout")):
            self._signals.append((member, message.body))

    def properties(self) -> dict[str, Any]:
        (found,) = self.ask("/StatusNotifierItem", PROPERTIES, "GetAll", "s", ITEM)
        return {name: content for name, (_, content) in found.items()}

    def menu(self, member: str, signature: str, *body: Any) -> Any:
        return self.ask(str(self.properties()["Menu"]), MENU, member, signature, *body)

    def open(self) -> dict[str, int]:
        """Open the menu: the numbers of its lines, by label."""
        assert self.menu("AboutToShow", "i", 0) == (True,)
        _, (root, look, items) = self.menu("GetLayout", "iias", 0, -1, [])
        assert (root, look) == (0, {"children-display": ("s", "submenu")})
        assert all(signature == "(ia{sv}av)" for signature, _ in items)
        return {look["label"][1]: number for _, (number, look, _) in items if "label" in look}

    def click(self, number: int) -> None:
        assert self.menu("Event", "isvu", number, "clicked", ("i", 0), 0) == ()

    def end(self) -> None:
        self._connection.close()
