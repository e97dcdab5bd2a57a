"""The menu of the icon: com.canonical.dbusmenu, as the hosts of trays ask for it.

It is drawn when it opens, never by time. Hosts say that by AboutToShow(0) (GNOME) or AboutToShowGroup([0])
(GTK), and take only what has a new number for new: so each revision numbers its items anew. A click may
still mean an item of the revision before, which another host had on the screen.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from neckguard.desktop.bus.bus import Bus
from neckguard.desktop.bus.objects import Method, NoSuchThing, Offer, Variant
from neckguard.texts import one_line
from neckguard.value import value

PATH = "/MenuBar"
INTERFACE = "com.canonical.dbusmenu"
ROOT = 0
_NODE = "(ia{sv}av)"

Properties = dict[str, Variant]


@value
class Entry:
    """One line of the menu; without a choice it only says something."""

    label: str  # empty: a line between groups
    choice: Any = None


class Menu:
    """The menu as `draw` draws it; `choose` hears of the entry that was clicked on."""

    def __init__(
        self, bus: Bus, draw: Callable[[], tuple[Entry, ...]], choose: Callable[[Entry], None]
    ) -> None:
        self._bus = bus
        self._draw = draw
        self._choose = choose
        self._entries: tuple[Entry, ...] | None = None  # None: nobody asked yet
        self._revision = 0
        self._items: dict[int, Entry] = {}
        self._items_before: dict[int, Entry] = {}
        methods = {
            "GetLayout": Method("iias", f"u{_NODE}", self._get_layout),
            "GetGroupProperties": Method("aias", "a(ia{sv})", self._get_group_properties),
            "GetProperty": Method("is", "v", self._get_property),
            "Event": Method("isvu", "", self._event),
            "EventGroup": Method("a(isvu)", "ai", self._event_group),
            "AboutToShow": Method("i", "b", self._about_to_show),
            "AboutToShowGroup": Method("ai", "aiai", self._about_to_show_group),
        }
        bus.offer(PATH, Offer(INTERFACE, methods, _properties))

    def renew(self) -> None:
        """Draw it anew, and tell all hosts if it became another."""
        entries = self._draw()
        if entries == self._entries:
            return
        self._entries = entries
        self._revision += 1
        first = max(self._items, default=ROOT) + 1
        self._items_before, self._items = self._items, dict(enumerate(entries, first))
        self._bus.emit(PATH, INTERFACE, "LayoutUpdated", "ui", (self._revision, ROOT))

    # ---- what hosts call ----------------------------------------------------------------------------------

    def _get_layout(self, parent: int, depth: int, names: list[str]) -> tuple[Any, ...]:
        if self._entries is None:
            self.renew()
        shown = self._items if parent == ROOT and depth else ()
        below: list[Variant] = [(_NODE, (number, self._look(number, names), [])) for number in shown]
        return self._revision, (parent, self._look(parent, names), below)

    def _get_group_properties(self, numbers: list[int], names: list[str]) -> tuple[Any, ...]:
        wanted = [number for number in (ROOT, *self._items) if not numbers or number in numbers]
        return ([(number, self._look(number, names)) for number in wanted],)

    def _get_property(self, number: int, name: str) -> tuple[Any, ...]:
        found = self._look(number, [name])
        if not found:
            raise NoSuchThing
        return (found[name],)

    def _event(self, number: int, event: str, _data: Variant, _time: int) -> tuple[Any, ...]:
        if not self._knows(number):
            raise NoSuchThing
        entry = self._items.get(number) or self._items_before.get(number)
        if event == "clicked" and entry is not None and entry.choice is not None:
            asyncio.get_running_loop().call_soon(self._choose, entry)  # the host hears first: it may wait
        return ()

    def _event_group(self, events: list[tuple[int, str, Variant, int]]) -> tuple[list[int]]:
        known = [each for each in events if self._knows(each[0])]
        for each in known:
            self._event(*each)
        return ([each[0] for each in events if each not in known],)

    def _about_to_show(self, number: int) -> tuple[bool]:
        """Whether it must be asked for anew: always, for what was said before may be so no more."""
        needed, unknown = self._about_to_show_group([number])
        if unknown:
            raise NoSuchThing
        return (bool(needed),)

    def _about_to_show_group(self, numbers: list[int]) -> tuple[list[int], list[int]]:
        if ROOT in numbers:
            self.renew()
        unknown = [number for number in numbers if not self._knows(number)]
        return [ROOT] if ROOT in numbers else [], unknown

    def _knows(self, number: int) -> bool:
        return number == ROOT or number in self._items or number in self._items_before

    def _look(self, number: int, names: list[str]) -> Properties:
        """How hosts show it: these properties, or all if none is named."""
        if number == ROOT:
            found: Properties = {"children-display": ("s", "submenu")}
        elif number in self._items:
            found = _look(self._items[number])
        else:
            raise NoSuchThing
        return {name: what for name, what in found.items() if not names or name in names}


def _properties() -> Properties:
    return {
        "Version": ("u", 3),
        "TextDirection": ("s", "ltr"),
        "Status": ("s", "normal"),
        "IconThemePath": ("as", []),
    }


def _look(entry: Entry) -> Properties:
    if not entry.label:
        return {"type": ("s", "separator")}
    label = one_line(entry.label).replace("_", "__")  # a single one marks the letter after it as a key
    return {"label": ("s", label), "enabled": ("b", entry.choice is not None)}
