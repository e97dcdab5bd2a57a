"""The rows of the history: what is kept of what happened, and the statements that keep it.

Instants are seconds since 1970; `offset` is how far local time was ahead of UTC then, in seconds, so that a
day or an hour of the person's own clock can be found again wherever they were.
"""

from neckguard.value import value

# The columns of each table, in the order of the fields below.
OUTCOMES = "reminder, kind, item, side, due, shown, settled, offset, how"
SPANS = 'kind, reason, start, "end", offset'
ENTRIES = "at, offset, what, score, detail, note"

Change = tuple[tuple[str, tuple[str | float | None, ...]], ...]
"""Statements that belong together, with their values. They may be tried again until they succeed."""

_ADD_OUTCOME = f"INSERT INTO outcomes ({OUTCOMES}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - fixed names
_ADD_ENTRY = f"INSERT INTO entries ({ENTRIES}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608 - fixed names
_LAST_ENTRY = "SELECT max(id) FROM entries WHERE what = ? AND at = ?"
_REMOVE_ENTRY = f"DELETE FROM entries WHERE id = ({_LAST_ENTRY})"  # noqa: S608 - fixed names
_SAME = "start = ? AND kind = ? AND reason = ?"
_CHANGE = f'UPDATE spans SET "end" = ? WHERE {_SAME}'  # noqa: S608 - fixed names
_ELSE_ADD = f"INSERT INTO spans ({SPANS}) SELECT ?, ?, ?, ?, ? WHERE changes() = 0"
_REMOVE = f"DELETE FROM spans WHERE {_SAME}"  # noqa: S608 - fixed names
_PRESENCE = "kind IN ('present', 'away')"
_CUT = f'UPDATE spans SET "end" = ? WHERE "end" > ? AND start < ? AND {_PRESENCE}'  # noqa: S608 - fixed names
_CUT_ALL = f'DELETE FROM spans WHERE "end" > ? AND start >= ? AND {_PRESENCE}'  # noqa: S608 - fixed names


@value
class OutcomeRow:
    """How one round of a reminder ended. `due` and `shown` are None where it was not."""

    reminder: str
    kind: str
    item: str  # the id of the stretch or the posture check that was suggested; empty: none
    side: str  # left, right or both; empty where there are no sides
    due: float | None
    shown: float | None
    settled: float
    offset: int
    how: str  # an outcome

    @property
    def added(self) -> Change:
        """The round ended."""
        times = (_instant(self.due), _instant(self.shown), _instant(self.settled))
        values = (self.reminder, self.kind, self.item, self.side, *times, self.offset, self.how)
        return ((_ADD_OUTCOME, values),)


@value
class SpanRow:
    """Something that lasted. `end` is None while it does."""

    kind: str  # present, away, paused, off_hours, quiet, server
    reason: str  # of an absence or of being quiet; which kind of server; never the name of an application
    start: float
    end: float | None
    offset: int  # at its start

    @property
    def told(self) -> Change:
        """The span began or ended. Known by its start, so that it may begin and end more than once."""
        return (
            (_CHANGE, (self.end, self.start, self.kind, self.reason)),
            (_ELSE_ADD, (self.kind, self.reason, self.start, self.end, self.offset)),
        )

    @property
    def removed(self) -> Change:
        """The span turned out never to have been."""
        return ((_REMOVE, (self.start, self.kind, self.reason)),)


@value
class EntryRow:
    """Something the person said about their neck, or did for it."""

    at: float
    offset: int
    what: str  # checkin, flare_start, flare_end, lost_days, hurt, timer_start, timer_end
    score: int | None  # pain, 0 to 10
    detail: str  # the side of a flare-up, what ended it, the days it cost so far, a stretch, a pack
    note: str  # the person's own words

    @property
    def added(self) -> Change:
        """The person said or did it."""
        values = (_instant(self.at), self.offset, self.what, self.score, self.detail, self.note)
        return ((_ADD_ENTRY, values),)


def remove_entry(what: str, at: float) -> Change:
    """The person takes back what they said then; of several, the last one."""
    return ((_REMOVE_ENTRY, (what, _instant(at))),)


def end_all(at: float) -> Change:
    """Everything that went on ended, at the latest then."""
    return (
        ('UPDATE spans SET "end" = ? WHERE "end" IS NULL AND start < ?', (at, at)),
        ('DELETE FROM spans WHERE "end" IS NULL', ()),
    )


def cut_presence(at: float) -> Change:
    """It turns out that somebody came or went then already: what was written of the time since is not so."""
    return ((_CUT, (at, at, at)), (_CUT_ALL, (at, at)))


def _instant(seconds: float | None) -> float | None:
    """To the millisecond: as exact as `export` tells it."""
    return None if seconds is None else round(seconds, 3)
