"""`[hours]`: the weekly opening hours, read from `mon-fri = ["09:00-12:30", "13:30-18:00"]`."""

import re
from typing import Any

from neckguard.config.kinds import MOST_HOURS, WEEKDAYS, loose_time, read_days
from neckguard.config.words import Path, show
from neckguard.core import Opening
from neckguard.value import value

# The dash may be one as word processors write it.
PATTERN = "^([01][0-9]|2[0-3]):([0-5][0-9]) *[-\u2013\u2014] *(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)$"
_RANGE = re.compile(PATTERN, re.ASCII)
_DASH = re.compile("[-\u2013\u2014]")
_DAY, _WEEK = 24 * 60, 7 * 24 * 60  # minutes

Trouble = tuple[Path, str]


@value
class _Entry:
    """An opening, and the key and text it was read from."""

    opening: Opening
    path: Path
    text: str

    def shifted(self, minutes: int) -> tuple[int, int]:
        start = self.opening.weekday * _DAY + minutes
        return start + self.opening.start, start + self.opening.end


def read_week(*tables: Any) -> tuple[tuple[Opening, ...], list[Trouble]]:
    """The openings of a week in order, and what is wrong; a later table's days replace an earlier one's.

    A day with an empty list is off, and so is one that is not named once any is. What is no table, or no list
    of strings, or too long, is passed over: the types of the settings have reported it.
    """
    troubles: list[Trouble] = []
    week: dict[int, list[_Entry]] = {}
    for table in tables:
        week |= _read_table(table, troubles)
    entries = sorted(
        (entry for day in week.values() for entry in day),
        key=lambda entry: (entry.opening.weekday, entry.opening.start),
    )
    troubles += _overlaps(entries)
    if week and all(ranges == [] for table in tables if isinstance(table, dict) for ranges in table.values()):
        troubles.append(
            (("hours",), "no day has any hours, so nothing would ever be shown; give one day some")
        )
    return _joined([entry.opening for entry in entries]), troubles


def _joined(openings: list[Opening]) -> tuple[Opening, ...]:
    """Hours up to 24:00 that go on at 00:00 are one opening, as where they are written in one range.

    A night belongs to the evening before it: who pauses until tomorrow means when that is over. What would
    last a whole day or longer stays as it is.
    """
    evenings = {each.weekday: each for each in openings if each.end == _DAY}
    nights = {
        evening: each
        for each in openings
        if (evening := evenings.get((each.weekday - 1) % 7)) and not each.start and each.end < evening.start
    }
    return tuple(
        Opening(each.weekday, each.start, _DAY + nights[each].end) if each in nights else each
        for each in openings
        if each not in nights.values()
    )


def _read_table(table: Any, troubles: list[Trouble]) -> dict[int, list[_Entry]]:
    days: dict[int, list[_Entry]] = {}
    named: dict[int, str] = {}
    known = isinstance(table, dict) and len(table) <= MOST_HOURS
    for key, ranges in table.items() if known else ():
        try:
            weekdays = read_days(key)
        except ValueError as error:
            troubles.append((("hours", key), str(error)))
            continue
        openings = _read_ranges(key, ranges, troubles)
        for weekday in weekdays:
            if weekday in named:
                message = f"{WEEKDAYS[weekday]} is named twice, here and by {show(named[weekday])}; keep one"
                troubles.append((("hours", key), message))
                continue
            named[weekday] = key
            days[weekday] = [
                _Entry(Opening(weekday, start, end), path, text) for start, end, path, text in openings
            ]
    return days


def _read_ranges(key: str, ranges: Any, troubles: list[Trouble]) -> list[tuple[int, int, Path, str]]:
    found = []
    known = isinstance(ranges, list) and len(ranges) <= MOST_HOURS
    for place, text in enumerate(ranges if known else ()):
        if not isinstance(text, str):
            continue
        path: Path = ("hours", key, place)
        try:
            found.append((*_read_range(text), path, text))
        except ValueError as error:
            troubles.append((path, str(error)))
    return found


def _read_range(text: str) -> tuple[int, int]:
    """Minutes after midnight; the end is past 24 h when it lies on the next day."""
    found = _RANGE.fullmatch(text)
    if not found:
        meant = _meant(text)
        hint = f'did you mean "{meant}"?' if meant else 'write "09:00-17:30"'
        raise ValueError(f'{show(text)} is not a range of hours; {hint} (the end may be "24:00")')
    start = int(found[1]) * 60 + int(found[2])
    end = int(found[3]) * 60 + int(found[4]) if found[3] else _DAY
    if start == end:
        raise ValueError(f'{show(text)} starts when it ends; write "00:00-24:00" for the whole day')
    return start, end if end > start else end + _DAY


def _meant(text: str) -> str:
    """The range that "9-17" or "9am-5pm" stands for; empty if it stands for none."""
    times = [loose_time(part) for part in _DASH.split(text)]
    return "-".join(times) if len(times) == 2 and all(times) and times[0] != times[1] else ""  # noqa: PLR2004


def _overlaps(entries: list[_Entry]) -> list[Trouble]:
    """Sorted entries that run into the one before them; the week's first is compared with its last, too."""
    troubles: list[Trouble] = []
    if not entries:
        return troubles
    last = max(entries, key=lambda entry: entry.shifted(0)[1])
    reach, before = last.shifted(-_WEEK)[1], last
    for entry in entries:
        start, end = entry.shifted(0)
        if start < reach and all(path != entry.path for path, _ in troubles):
            troubles.append(
                (entry.path, f"{_say(entry)} overlaps {_say(before)}; end one before the other begins")
            )
        if end > reach:
            reach, before = end, entry
    return troubles


def _say(entry: _Entry) -> str:
    return f"{WEEKDAYS[entry.opening.weekday]} {entry.text}"
