"""The recorder: a life at a desk in virtual time, and the rows of a real history file."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.virtual import BERLIN, MONDAY_9, Desk, plan, promptly, reminder

from neckguard.content import loader
from neckguard.core import verbs
from neckguard.core.events import Answered, AwayBegan, AwayEnded, Event, NotifierChanged, QuietChanged, Slept
from neckguard.core.model import Away, Effect, QuietReason, Record, Reply
from neckguard.core.plan import Opening
from neckguard.daemon.recorder import Recorder
from neckguard.storage.history import reader
from neckguard.storage.history.writer import HistoryWriter

CONTENT = loader.load_content()


class Diarist(Desk):
    """A desk whose daemon writes a history."""

    opened: ClassVar[list[HistoryWriter]] = []

    def __init__(self, path: Path, *reminders: Any, **changes: Any) -> None:
        self.path = path
        self.history = self._open()
        self.recorder: Recorder | None = None
        self.checks: list[str] = []
        self._untold: list[Record] = []
        super().__init__(
            plan(*(reminders or (reminder("water", 7200.0, enabled=False),)), **changes), content=CONTENT
        )
        self.recorder = Recorder(self.engine, self.history, self._check)
        self.history.revive(0.0)
        self._untold.clear()
        self.recorder.look()

    def _check(self) -> None:
        self.checks.append(f"{self.now.wall:%d %H:%M}")

    def _open(self) -> HistoryWriter:
        self.opened.append(HistoryWriter(str(self.path), enabled=True, keep=1e9))
        return self.opened[-1]

    def do(self, event: Event | verbs.Verb) -> Reply | None:
        reply = super().do(event)
        if self.recorder is not None:
            self.recorder.look()
        return reply

    def _see(self, effect: Effect) -> None:
        super()._see(effect)
        if isinstance(effect, Record):
            if self.recorder is None:
                self._untold.append(effect)
            else:
                self.recorder.hear(effect)

    def sleep(self) -> None:
        self.jump(900.0)
        self.do(Slept(900.0))

    def begin_anew(self, down: float) -> None:
        """The daemon ends, and lives again after a while."""
        lived = self.wall
        self.recorder = None
        self.history.close()
        self.history = self._open()
        self.history.revive(lived)
        self.restart(down)
        self.recorder = Recorder(self.engine, self.history, self._check)
        for record in self._untold:
            self.recorder.hear(record)
        self._untold.clear()
        self.recorder.look()

    def spans(self, *kinds: str) -> list[tuple[Any, ...]]:
        return [row for row in self._rows(reader.spans) if (row[0] in kinds if kinds else row[0] != "server")]

    def outcomes(self) -> list[tuple[Any, ...]]:
        return list(self._rows(reader.outcomes))

    def entries(self) -> list[tuple[Any, ...]]:
        return list(self._rows(reader.entries))

    def _rows(self, read: Any) -> Iterator[tuple[Any, ...]]:
        opened = reader.open_history(str(self.path))
        assert opened is not None
        with closing(opened) as connection:
            yield from read(connection, 0.0, 1e11)

    def said(self, *kinds: str) -> list[str]:
        """The spans in words."""
        return [f"{clock(row[2])}-{clock(row[3])} {row[0]} {row[1]}".rstrip() for row in self.spans(*kinds)]


def clock(instant: float | None) -> str:
    return "" if instant is None else f"{datetime.fromtimestamp(instant, BERLIN):%H:%M:%S}"


@pytest.fixture(autouse=True)
def put_away() -> Iterator[None]:
    yield
    while Diarist.opened:
        Diarist.opened.pop().close()


def test_the_history_is_checked_once_a_day_while_nobody_is_there(tmp_path: Path) -> None:
    desk = Diarist(tmp_path / "history.db")
    desk.sit_down().until("12:00").leave().until("12:30")
    assert desk.checks == ["23 12:05"]
    desk.use("work").until("15:00").leave().until("23:00")
    assert desk.checks == ["23 12:05"]
    desk.pass_time(3 * 3600.0).use("work").pass_time(60.0)
    assert desk.checks == ["23 12:05", "24 02:00"]


def test_who_is_never_seen_to_leave_has_the_history_checked_at_night(tmp_path: Path) -> None:
    desk = Diarist(tmp_path / "history.db")
    desk.until("23:59")
    assert desk.checks == []
    desk.pass_time(86400.0)
    assert [each[:5] for each in desk.checks] == ["24 02"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def test_a_day_in_spans(path: Path) -> None:
    desk = Diarist(path, hours=(Opening(0, 9 * 60, 17 * 60),))
    desk.sit_down()
    desk.until("10:00").leave()
    desk.until("10:20").use("work")
    desk.until("11:00").do(QuietChanged(QuietReason.DND, "on"))
    desk.until("11:30").do(QuietChanged(QuietReason.DND, ""))
    desk.do(verbs.Pause(1800.0))
    desk.until("12:10").leave().do(AwayBegan(Away.LOCKED))
    desk.until("12:50").use("work").do(AwayEnded(Away.LOCKED))
    desk.until("17:30")
    assert desk.said() == [
        "09:00:00-10:00:00 present",
        "10:00:00-10:20:00 away no input",
        "10:20:00-12:10:00 present",
        "11:00:00-11:30:00 quiet dnd",
        "11:30:00-12:00:00 paused",
        "12:10:00-12:50:00 away locked",
        "12:50:00- present",
        "17:00:00- off_hours",
    ]


def test_sleep_that_nobody_announced_is_an_absence_within_one_event(path: Path) -> None:
    desk = Diarist(path)
    desk.until("10:00").jump(3600.0)
    desk.do(Slept(3600.0))
    desk.until("11:30")
    assert desk.said() == [
        "09:00:00-10:00:00 present",
        "10:00:00-11:00:00 away asleep",
        "11:00:00- present",
    ]


def test_a_lock_that_followed_an_absence_moves_its_beginning_back(path: Path) -> None:
    desk = Diarist(path).sit_down()
    assert isinstance(desk, Diarist)
    desk.until("10:00").leave()
    desk.until("10:03").do(AwayBegan(Away.LOCKED))
    desk.until("10:30").use("work").do(AwayEnded(Away.LOCKED))
    assert desk.said() == [
        "09:00:00-10:00:00 present",
        "10:00:00-10:30:00 away locked",
        "10:30:00- present",
    ]


def test_time_the_daemon_did_not_live_is_an_absence_and_splits_no_pause(path: Path) -> None:
    desk = Diarist(path)
    desk.until("10:00").do(verbs.Pause(7200.0))
    desk.until("10:30")
    desk.begin_anew(down=1200.0)
    desk.until("12:30")
    assert desk.said() == [
        "09:00:00-10:30:00 present",
        "10:00:00-12:00:00 paused",
        "10:30:00-10:50:00 away not running",
        "10:50:00- present",
    ]


def test_which_kind_of_server_there_was_is_known_for_a_replay(path: Path) -> None:
    desk = Diarist(path)
    desk.until("09:10")
    desk.do(NotifierChanged(ready=True, keeps=True))
    desk.until("09:20")
    desk.begin_anew(60.0)
    desk.do(NotifierChanged(ready=False, keeps=False))
    desk.until("09:31")
    desk.do(NotifierChanged(ready=True, keeps=False))
    assert desk.said("server") == [
        "09:00:00-09:10:00 server plain",
        "09:10:00-09:20:00 server keeps",
        "09:31:00- server plain",
    ]


def test_outcomes_say_what_was_suggested_when_it_was_due_and_shown_and_how_it_ended(path: Path) -> None:
    desk = Diarist(path, reminder("posture", 1200.0), reminder("stretch", 2400.0), reminder("break", 3600.0))
    desk.until("09:20").pass_time(10.0)
    showing = desk.engine.world.courses.showing
    assert showing is not None
    assert showing.prompt is not None
    check = showing.prompt.posture
    desk.do(Answered("prompt-1", "done"))
    desk.until("09:41")
    desk.do(verbs.Skip())
    desk.until("10:05")
    rows = [
        (row[0], row[1], row[2], row[3], *map(clock, row[4:7]), row[7], row[8]) for row in desk.outcomes()
    ]
    assert rows[:2] == [
        ("posture", "posture", check, "", "09:20:00", "09:20:00", "09:20:10", 3600, "done"),
        ("stretch", "stretch", "chin-tuck", "", "09:40:00", "09:40:00", "09:40:45", 3600, "ignored"),
    ]


def test_a_stretch_that_was_only_walked_away_from_is_no_stretch_done(path: Path) -> None:
    desk = Diarist(path, reminder("stretch", 2400.0, expire_after=1e6)).sit_down()
    assert isinstance(desk, Diarist)
    desk.until("09:42").leave()
    desk.until("10:00").use("work")
    desk.until("10:01")
    assert [(row[2], row[8]) for row in desk.outcomes()] == [("", "done")]


def test_a_stretch_in_the_terminal_is_one_also_while_the_reminder_is_off(path: Path) -> None:
    desk = Diarist(path, reminder("stretch", 2400.0))
    desk.do(verbs.Stretched("nod"))
    desk.do(verbs.FlareStart())
    desk.do(verbs.Stretched("shoulder-roll"))
    assert [(row[0], row[2], row[8]) for row in desk.outcomes()] == [
        ("stretch", "nod", "done"),
        ("stretch", "shoulder-roll", "done"),
    ]


def test_a_strength_exercise_is_kept_with_its_band_and_repetitions(path: Path) -> None:
    desk = Diarist(path, reminder("strength", 2400.0, kind="stretch"))
    desk.do(verbs.Stretched("band-raise", "green", 18))
    assert [(row[0], row[2], row[8]) for row in desk.outcomes()] == [("strength", "band-raise", "done")]
    assert [row[2:] for row in desk.entries()] == [("strength", 18, "green", "")]


def test_entries_are_what_the_person_said_of_their_neck(path: Path) -> None:
    desk = Diarist(path)
    desk.do(verbs.Checkin(4, "after the flight"))
    desk.do(verbs.FlareStart(6, "left"))
    desk.do(verbs.FlareStart(4, "both", ("weakness", "age")))
    desk.do(verbs.FlareCleared())
    desk.do(verbs.FlareLog(note="slept badly", lost_days=1, turning=False))
    desk.do(verbs.Timer("cold"))
    desk.do(verbs.TimerStop())
    desk.do(verbs.Hurt("nod"))
    desk.do(verbs.FlareEnd())
    assert [row[2:] for row in desk.entries()] == [
        ("checkin", 4, "", "after the flight"),
        ("flare_start", 6, "left", ""),
        ("checkin", 4, "", ""),
        ("flare_side", None, "both", ""),
        ("flare_flags", None, "weakness age", ""),
        ("flare_cleared", None, "", ""),
        ("lost_days", None, "1", ""),
        ("checkin", None, "turning no", "slept badly"),
        ("timer_start", None, "cold", ""),
        ("timer_end", None, "cold: by you", ""),
        ("hurt", None, "nod", ""),
        ("flare_end", None, "by you", ""),
    ]


def test_a_check_in_of_a_time_that_is_past_is_kept_as_of_then(path: Path) -> None:
    desk = Diarist(path)
    desk.do(verbs.Checkin(4, at="2026-09-01 08:30"))
    desk.do(verbs.Checkin(5))
    (at, offset, *_), _ = desk.entries()
    assert (f"{datetime.fromtimestamp(at, BERLIN):%m-%d %H:%M}", offset) == ("09-01 08:30", 7200)


def test_of_a_check_in_that_was_taken_back_nothing_is_left(path: Path) -> None:
    desk = Diarist(path)
    desk.do(verbs.Checkin(3))
    desk.do(verbs.Checkin(4, at="yesterday 22:00"))
    desk.do(verbs.Checkin(5, "a slip", at="yesterday 22:00"))
    desk.do(verbs.CheckinUndo())
    assert [row[3] for row in desk.entries()] == [4, 3]
    desk.do(verbs.Checkin(9, "another slip"))
    desk.begin_anew(60.0)
    desk.do(verbs.CheckinUndo())
    assert [row[3] for row in desk.entries()] == [4, 3]
    desk.history.close()
    assert b"slip" not in path.read_bytes()


def test_no_name_of_an_application_is_kept(path: Path) -> None:
    desk = Diarist(path)
    desk.do(QuietChanged(QuietReason.DND, "on in Ghostly", by="Ghostly"))
    desk.until("10:00")
    desk.do(QuietChanged(QuietReason.DND, ""))
    desk.history.close()
    assert b"Ghostly" not in path.read_bytes()


def test_after_erasing_only_what_comes_is_kept(path: Path) -> None:
    desk = Diarist(path, reminder("posture", 1200.0))
    desk.until("10:00").do(verbs.Checkin(3))
    assert desk.recorder is not None
    desk.recorder.erase()
    assert not path.exists()
    desk.until("10:30")
    assert desk.said() == ["10:00:00- present"]
    assert desk.entries() == []


HAPPENINGS = st.lists(
    st.tuples(
        st.sampled_from(["lock", "unlock", "leave", "work", "sleep", "pause", "resume", "restart"]),
        st.sampled_from([1.0, 30.0, 200.0, 700.0, 4000.0]),
    ),
    max_size=15,
)


@settings(max_examples=60)
@example([("leave", 1.0), ("lock", 200.0), ("unlock", 1.0), ("lock", 1.0), ("restart", 1.0)])
@given(HAPPENINGS)
def test_presence_and_absence_follow_one_another_without_gap_or_overlap(
    story: list[tuple[str, float]],
) -> None:
    with TemporaryDirectory() as folder:
        desk = Diarist(Path(folder) / "history.db", reminder("posture", 1200.0))
        desk.person = promptly
        desk.sit_down()
        happen: dict[str, Callable[[], object]] = {
            "lock": lambda: desk.do(AwayBegan(Away.LOCKED)),
            "unlock": lambda: desk.do(AwayEnded(Away.LOCKED)),
            "leave": desk.leave,
            "work": lambda: desk.use("work"),
            "sleep": desk.sleep,
            "pause": lambda: desk.do(verbs.Pause(3600.0)),
            "resume": lambda: desk.do(verbs.Resume()),
            "restart": lambda: desk.begin_anew(600.0),
        }
        for what, wait in story:
            happen[what]()
            desk.pass_time(wait)
        spans = sorted(
            (row[2], desk.wall if row[3] is None else row[3]) for row in desk.spans("present", "away")
        )
        assert spans[0][0] == pytest.approx(MONDAY_9.timestamp(), abs=0.01)
        assert spans[-1][1] == pytest.approx(desk.wall, abs=0.01)
        for (_, end), (start, _) in pairwise(spans):
            assert start == pytest.approx(end, abs=1.0)
        desk.history.close()
