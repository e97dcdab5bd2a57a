"""Leaves out of a trace what a person need not read: what goes without saying beside another line."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from neckguard.preview.trace import Entry

_SOON = timedelta(seconds=90)  # what is shown so soon after it was due needs no line for that


def fold(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that tell the story."""
    folder = _Folder()
    for entry in entries:
        folder.take(entry)
    return [_joint(entry, names) for entry, names in folder.told if entry is not None]


def _joint(entry: Entry, names: list[str]) -> Entry:
    """The same, with what was settled by it."""
    too = f"for {' and '.join(names)} too" if names else ""
    return replace(entry, reason=", ".join(part for part in (entry.reason, too) if part))


class _Folder:
    """Goes through the trace once."""

    def __init__(self) -> None:
        self.told: list[tuple[Entry | None, list[str]]] = []  # with the names of what was covered by it
        self._due: dict[str, int] = {}  # the place at which a reminder fell due, until it is shown
        self._unseen: dict[str, int] = {}  # the same, until anything is shown
        self._settled: dict[str, int] = {}  # the place at which its prompt was settled last

    def take(self, entry: Entry) -> None:
        """The next entry."""
        place, name = len(self.told), entry.reminder
        self.told.append((entry, []))
        match entry.what:
            case "due":
                self._due[name] = self._unseen[name] = place
            case "shown":
                self._unseen.clear()
                for each in (name, *entry.reason.removeprefix("covers ").split(", ")):
                    self._forget_due(each, entry)
            case "taken_back" if name in self._unseen:
                self._leave_out(self._unseen.pop(name))
                self._leave_out(place)
            case "covered":
                self._join(place, entry)
            case _ if name:
                self._settled[name] = place

    def _leave_out(self, place: int) -> None:
        self.told[place] = (None, [])

    def _forget_due(self, name: str, shown: Entry) -> None:
        place = self._due.pop(name, None)
        due = None if place is None else self.told[place][0]
        if place is not None and due is not None and shown.at - due.at <= _SOON:
            self._leave_out(place)

    def _join(self, place: int, covered: Entry) -> None:
        """What was covered is said with what covered it."""
        settled = self._settled.get(covered.reason.removeprefix("by "))
        if settled is None:
            return
        longer, names = self.told[settled]
        if longer is not None and longer.at == covered.at:
            names.append(covered.reminder)
            self._leave_out(place)
