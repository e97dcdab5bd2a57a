"""The recorder: makes rows of the history of what the engine records, and of what goes on meanwhile."""

from collections.abc import Callable
from datetime import date, datetime

from neckguard.core import Engine, Happening, Outcome, Record, Spans, spans
from neckguard.storage.history.rows import EntryRow, OutcomeRow
from neckguard.storage.history.writer import HistoryWriter

_ENTRIES = frozenset(
    {
        Happening.CHECKIN,
        Happening.FLARE_START,
        Happening.FLARE_SIDE,
        Happening.FLARE_FLAGS,
        Happening.FLARE_CLEARED,
        Happening.FLARE_END,
        Happening.LOST_DAYS,
        Happening.HURT,
        Happening.STRENGTH,
        Happening.TIMER_START,
        Happening.TIMER_END,
    }
)


_NIGHT = range(2, 5)  # the hours in which even who is never seen to leave is hardly at work


class Recorder:
    """Hears every record, and looks after every event.

    `check` is called once a day when nobody is there, to find out whether the history is still whole.
    """

    def __init__(self, engine: Engine, history: HistoryWriter, check: Callable[[], None]) -> None:
        self._engine = engine
        self._history = history
        self._check = check
        self._checked: date | None = None
        self._present_since = engine.world.calendar.instant
        self._spans: Spans = {}

    def hear(self, record: Record) -> None:
        """Write down what happened."""
        if isinstance(record.what, Outcome):
            self._history.settled(_outcome(record))
        elif record.what in _ENTRIES:
            self._history.entry(_entry(record))
        elif record.what == "checkin_undone" and record.since:
            self._history.no_entry("checkin", record.since.timestamp())
        elif record.what in (Happening.AWAY, Happening.BACK):
            self._turn(record)

    def look(self) -> None:
        """Note what goes on now; once a day, let go of what is too old."""
        now = self._engine.world.now.wall
        server = self._server(now.timestamp())
        self._spans = {**spans(self._engine, present_since=self._present_since), **server}
        self._history.spans_are(now.timestamp(), _offset(now), self._spans)
        self._history.tidy(now.timestamp())
        if now.date() != self._checked and (self._engine.world.presence.away or now.hour in _NIGHT):
            self._checked = now.date()
            self._check()

    def _server(self, now: float) -> Spans:
        """What kind of notification server there is, and since when: a replay goes by it."""
        screen = self._engine.world.screen
        key = ("server", "keeps" if screen.keeps else "plain")
        return {key: self._spans.get(key, now)} if screen.ready else {}

    def erase(self) -> None:
        """Forget all that happened.

        Raises:
            NeckguardError: some of it is still there; the message says why.
        """
        self._history.erase()
        self._present_since = self._engine.world.calendar.instant

    def _turn(self, record: Record) -> None:
        """Somebody went, or is back: at once, because both may happen in one event."""
        began = (record.since or record.at).timestamp()
        if record.what is Happening.AWAY:
            now = ("away", self._engine.world.presence.away_why)
        else:
            self._present_since = began
            now = ("present", "")
        rest = {key: since for key, since in self._spans.items() if key[0] not in ("present", "away")}
        self._history.spans_are(record.at.timestamp(), _offset(record.at), {**rest, now: began})


def _outcome(record: Record) -> OutcomeRow:
    return OutcomeRow(
        reminder=record.reminder,
        kind=record.kind or "",
        item=record.item,
        side=record.side,
        due=_instant(record.due),
        shown=_instant(record.shown),
        settled=record.at.timestamp(),
        offset=_offset(record.at),
        how=record.what,
    )


def _entry(record: Record) -> EntryRow:
    when = record.since or record.at
    return EntryRow(
        at=when.timestamp(),
        offset=_offset(when),
        what=record.what,
        score=record.score,
        detail=record.reason or record.item,
        note=record.note,
    )


def _offset(when: datetime) -> int:
    """How far local time was ahead of UTC, in seconds."""
    ahead = when.utcoffset()
    return 0 if ahead is None else int(ahead.total_seconds())


def _instant(when: datetime | None) -> float | None:
    return None if when is None else when.timestamp()
