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
"""Names of statements that belong together, with values. They may be tried again until they succeed."""

_LAST_ENTRY = "SELECT max(id) FROM entries WHERE what = ? AND at = ?"
_SAME = "start = ? AND kind = ? AND reason = ?"
_PRESENCE = "kind IN ('present', 'away')"

STATEMENTS = {
    "add outcome": f"INSERT INTO outcomes ({OUTCOMES}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - fixed names
    "add entry": f"INSERT INTO entries ({ENTRIES}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608 - fixed names
    "remove entry": f"DELETE FROM entries WHERE id = ({_LAST_ENTRY})",  # noqa: S608 - fixed names
    "change span": f'UPDATE spans SET "end" = ? WHERE {_SAME}',  # noqa: S608 - fixed names
    "else add span": f"INSERT INTO spans ({SPANS}) SELECT ?, ?, ?, ?, ? WHERE changes() = 0",
    "remove span": f"DELETE FROM spans WHERE {_SAME}",  # noqa: S608 - fixed names
    "cut presence": f'UPDATE spans SET "end" = ? WHERE "end" > ? AND start < ? AND {_PRESENCE}',  # noqa: S608 - fixed names
    "drop presence": f'DELETE FROM spans WHERE "end" > ? AND start >= ? AND {_PRESENCE}',  # noqa: S608 - fixed names
    "end spans": 'UPDATE spans SET "end" = ? WHERE "end" IS NULL AND start < ?',
    "drop open spans": 'DELETE FROM spans WHERE "end" IS NULL',
}
"""By names, so that what waits for a disk can be kept elsewhere meanwhile."""

UNWRITTEN = "unwritten"
"""Under this name the daemon's state keeps what waits."""


@value
class Waiting:
    """A change on its way into the file. It is made once, by the `number` of its writer's `life`."""

    life: str
    number: int
    change: Change


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
        return (("add outcome", values),)


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
            ("change span", (self.end, self.start, self.kind, self.reason)),
            ("else add span", (self.kind, self.reason, self.start, self.end, self.offset)),
        )

    @property
    def removed(self) -> Change:
        """The span turned out never to have been."""
        return (("remove span", (self.start, self.kind, self.reason)),)


@value
class EntryRow:
    """Something the person said about their neck, or did for it."""

    at: float
    offset: int
    what: str  # a happening: checkin, flare_…, lost_days, hurt, strength, timer_…
    score: int | None  # pain, 0 to 10; repetitions
    detail: (
        str  # a side, ids of red flags, what ended it, days lost so far, turning, a stretch, a band, a pack
    )
    note: str  # the person's own words

    @property
    def added(self) -> Change:
        """The person said or did it."""
        values = (_instant(self.at), self.offset, self.what, self.score, self.detail, self.note)
        return (("add entry", values),)


def remove_entry(what: str, at: float) -> Change:
    """The person takes back what they said then; of several, the last one."""
    return (("remove entry", (what, _instant(at))),)


def end_all(at: float) -> Change:
    """Everything that went on ended, at the latest then."""
    return (
        ("end spans", (at, at)),
        ("drop open spans", ()),
    )


def cut_presence(at: float) -> Change:
    """It turns out that somebody came or went then already: what was written of the time since is not so."""
    return (("cut presence", (at, at, at)), ("drop presence", (at, at)))


def _instant(seconds: float | None) -> float | None:
    """To the millisecond: as exact as `export` tells it."""
    return None if seconds is None else round(seconds, 3)
