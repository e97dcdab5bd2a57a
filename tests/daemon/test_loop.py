"""The inbox loop, with the real engine and adapters, and a screen that only notes what it is shown."""

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.helpers import wait_until
from support.history_helpers import in_file
from support.virtual import MONDAY_9, TOPICS, plan

from neckguard import paths
from neckguard.control.lock import InstanceLock
from neckguard.core import verbs
from neckguard.core.engine import Engine
from neckguard.core.events import (
    Answered,
    Closed,
    Delivered,
    Event,
    Looked,
    NotifierChanged,
    ScreenReader,
    Undelivered,
)
from neckguard.core.model import Card, Doubt, Effect, Hide, Look, Moment, Ring, Show, StayAwake
from neckguard.core.plan import Problem
from neckguard.daemon.clock import BootTimer, Clock
from neckguard.daemon.hooks import Hooks
from neckguard.daemon.loop import CRASHED, Daemon
from neckguard.daemon.outside import Left, Outside
from neckguard.daemon.settings_file import ConfigState, Loaded, SettingsFile
from neckguard.daemon.wiring import make_files, make_outside
from neckguard.desktop.alarm.ring import Bell
from neckguard.desktop.bus.bus import Bus
from neckguard.desktop.notify.notifier import Notifier
from neckguard.desktop.session.login import LoginSession
from neckguard.desktop.session.screensaver import ScreenSavers
from neckguard.storage.state import StateFile


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG_HOME", "STATE_HOME", "RUNTIME_DIR"):
        monkeypatch.setenv(f"XDG_{name}", str(tmp_path))
    for bus in ("SESSION", "SYSTEM"):
        monkeypatch.setenv(f"DBUS_{bus}_BUS_ADDRESS", f"unix:path={tmp_path}/none")


@pytest.fixture(autouse=True)
def _same_log_level_afterwards() -> Iterator[None]:
    ours = logging.getLogger("neckguard")
    before = ours.level
    yield
    ours.setLevel(before)


class Screen(Notifier):
    """A notifier that only notes what it is shown."""

    def __init__(self, feed: Callable[[Event], None]) -> None:
        super().__init__(Bus("session", lambda: None), feed, plan().notify)
        self.cards: dict[str, Card] = {}

    def show(self, card: Card) -> None:
        self.cards[card.key] = card

    def hide(self, key: str) -> None:
        self.cards.pop(key, None)


class Counter(Bell):
    """A bell that only counts how often it rang."""

    def __init__(self) -> None:
        super().__init__(lambda: False)
        self.rung = 0

    def ring(self, alone: bool = False) -> None:
        self.rung += 1


def with_daemon(story: Callable[[Daemon, Engine, Screen], None]) -> None:
    """Live for one story. The adapters are real, but nobody runs them; the screen notes what it is shown."""

    async def live() -> None:
        clock = Clock()
        engine = Engine(plan(), TOPICS, clock.now())
        settings = SettingsFile(paths.config_file(), explicit=False, state_dir=paths.state_dir())
        files = make_files(InstanceLock(), settings)

        def connect(daemon: Daemon) -> Outside:
            made = make_outside(daemon, clock, files, Left())
            return replace(made, desktop=replace(made.desktop, notifier=Screen(daemon.feed)), bell=Counter())

        daemon = Daemon(engine, ConfigState(files.settings.path), connect, welcomed=False)
        screen = daemon.outside.desktop.notifier
        assert isinstance(screen, Screen)
        story(daemon, engine, screen)
        await asyncio.sleep(0)  # what the story set going begins
        await daemon.end()
        await daemon.outside.close()

    asyncio.run(live())


def kept() -> dict[str, Any]:
    """What a later life would find."""
    found = StateFile(paths.state_file()).load()
    assert found is not None
    state: dict[str, Any] = found["state"]
    return state


def test_all_who_can_say_that_somebody_is_away_are_doubted(monkeypatch: pytest.MonkeyPatch) -> None:
    doubted: list[str] = []
    for adapter in (LoginSession, ScreenSavers):
        monkeypatch.setattr(adapter, "doubt", lambda self: doubted.append(type(self).__name__))

    with_daemon(lambda daemon, _engine, _screen: daemon._perform([Doubt()]))
    assert doubted == ["LoginSession", "ScreenSavers"]


def test_what_a_person_asked_is_durable_when_it_is_answered() -> None:
    def story(daemon: Daemon, _engine: Engine, _screen: Screen) -> None:
        assert daemon.obey(verbs.Pause(duration=60.0)).ok
        assert kept()["pause"]["until_boot"] > 0

    with_daemon(story)


def test_why_somebody_pauses_is_told_to_them_and_not_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="neckguard")

    def story(daemon: Daemon, engine: Engine, _screen: Screen) -> None:
        daemon.obey(verbs.Pause(duration=60.0, reason="dentist"))
        daemon.obey(verbs.Resume())
        assert [each.reason for each in engine.world.decisions] == ["dentist", "by you"]

    with_daemon(story)
    assert [line for line in caplog.messages if "pause" in line or "resume" in line] == [
        "paused",
        "resumed (by you)",
    ]
    assert "dentist" not in caplog.text


def test_all_that_is_watched_takes_one_inotify_and_gives_it_back() -> None:
    def instances() -> int:
        links = (os.readlink(each) for each in Path("/proc/self/fd").iterdir() if each.is_symlink())
        return sum("inotify" in link for link in links)

    counts = [instances()]
    with_daemon(lambda *_: counts.append(instances()))
    counts.append(instances())
    assert counts == [0, 1, 0]


def test_a_mistake_in_the_engine_ends_this_life_and_is_not_saved(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def story(daemon: Daemon, engine: Engine, _screen: Screen) -> None:
        assert daemon.obey(verbs.Pause(duration=3600.0)).message.startswith("Paused until")

        def broken(*_: object) -> None:
            engine.world.pause = None
            raise ZeroDivisionError

        monkeypatch.setattr(engine, "obey", broken)
        reply = daemon.obey(verbs.Resume())
        assert (reply.ok, "try again" in reply.message) == (False, True)
        assert (daemon.exit_code, daemon.stopped.is_set()) == (CRASHED, True)
        daemon.keep()  # as the notifier asks when it clears the screen on the way out

    with_daemon(story)
    assert kept()["pause"] is not None
    assert "must start anew" in caplog.text


def test_an_earlier_life_that_comes_to_light_is_made_way_for_before_anything_is_done(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    def story(daemon: Daemon, engine: Engine, _screen: Screen) -> None:
        daemon.wake()
        before = kept()
        monkeypatch.setattr(daemon.outside.files.state, "came_late", lambda: True)
        for _ in range(2):
            reply = daemon.obey(verbs.Pause(duration=60.0))
            assert (reply.ok, "Please try again." in reply.message) == (False, True)
        daemon.feed(Delivered("welcome"))
        assert (daemon.gave_way, daemon.stopped.is_set(), engine.world.pause) == (True, True, None)
        daemon.keep()  # as the notifier asks when it clears the screen on the way out
        assert kept() == before

    with_daemon(story)
    assert not list(Path(paths.state_dir()).glob("state.json.*"))
    assert [text for text in caplog.messages if "earlier life" in text] == [
        "What an earlier life kept is there now; neckguard goes on with that."
    ]
    assert in_file(Path(paths.history_file()), 'SELECT "end" FROM spans') == [(None,)]


def test_what_time_alone_brought_about_is_none_of_the_verbs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/none")

    def story(daemon: Daemon, _engine: Engine, _screen: Screen) -> None:
        assert "unsaved" in daemon.obey(verbs.Pause(duration=0.01)).data
        over = daemon.outside.clock.now().boot + 0.1
        wait_until(lambda: daemon.outside.clock.now().boot > over)
        assert (daemon.obey(verbs.Resume()).message, daemon.memory.touched) == ("Not paused.", True)

    with_daemon(story)


@pytest.mark.parametrize("unusable", ["flock", "control.sock", "state.json", "history.db"])
def test_what_the_disk_refused_is_tried_again_within_half_a_minute_and_else_nobody_wakes(
    unusable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    naps: list[float] = []

    def story(daemon: Daemon, _engine: Engine, _screen: Screen) -> None:
        daemon.obey(verbs.Pause(duration=60.0))
        place = next(Path(os.environ["XDG_STATE_HOME"]).rglob(unusable))
        place.unlink()
        (place / "in the way").mkdir(parents=True)
        daemon.obey(verbs.Checkin(3))
        (place / "in the way").rmdir()
        place.rmdir()
        wait_until(lambda: well_again(daemon))  # the history takes its time

    def well_again(daemon: Daemon) -> bool:
        daemon.wake()
        return not daemon.memory.failing

    def arm(_: BootTimer, deadline: float | None) -> None:
        if deadline is not None:
            naps.append(round(deadline - Clock().now().boot))

    monkeypatch.setattr(Engine, "deadline", lambda _: None)
    monkeypatch.setattr(BootTimer, "arm", arm)
    with_daemon(story)
    assert (naps[0], min(naps), naps[-1]) == (240, 30, 240)


@pytest.mark.parametrize("say", ["a verb", "a click"])
def test_what_the_person_said_makes_way_for_no_earlier_life(
    say: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def story(daemon: Daemon, _engine: Engine, _screen: Screen) -> None:
        daemon.wake()
        if say == "a verb":
            assert daemon.obey(verbs.Pause(duration=60.0)).ok
        else:
            daemon.feed(Answered("prompt-1", "done"))
        monkeypatch.setattr(daemon.outside.files.state, "came_late", lambda: True)
        assert daemon.obey(verbs.Resume()).ok
        assert not daemon.gave_way

    with_daemon(story)


def test_a_question_or_a_refused_verb_is_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    def story(daemon: Daemon, _engine: Engine, _screen: Screen) -> None:
        daemon.wake()
        assert daemon.obey(verbs.Resume()).message == "Not paused."
        assert not daemon.obey(verbs.Now("tea")).ok
        monkeypatch.setattr(daemon.outside.files.state, "came_late", lambda: True)
        daemon.wake()
        assert daemon.gave_way

    with_daemon(story)


def test_a_life_that_begins_with_the_last_good_settings_says_so() -> None:
    broken = Loaded(None, (Problem("config.toml", 2, "x", "?"),), (), loaded_at=MONDAY_9)

    def story(daemon: Daemon, _engine: Engine, screen: Screen) -> None:
        daemon.feed(NotifierChanged(ready=True, keeps=False))
        daemon.settings.apply(broken)
        assert "The last good settings stay in force." in screen.cards["config"].lines

    with_daemon(story)


def test_broken_settings_are_one_notice_that_goes_when_they_are_mended() -> None:
    problem = Problem("config.toml", 2, "reminders.posture.evry", "did you mean every?")
    broken = Loaded(None, (problem, problem), (), loaded_at=MONDAY_9)
    good = Loaded(plan(), (), (), loaded_at=MONDAY_9)

    def story(daemon: Daemon, _engine: Engine, screen: Screen) -> None:
        daemon.config.built_in = True
        daemon.settings.apply(broken)
        assert screen.cards == {}  # nobody could show it yet
        daemon.feed(NotifierChanged(ready=True, keeps=False))
        assert screen.cards["config"].lines == (
            "reminders.posture.evry: did you mean every?",
            "In config.toml, line 2",
            "1 more; see: neckguard config check",
            "The built-in settings stay in force.",
        )
        daemon.settings.apply(good)
        assert screen.cards == {}
        daemon.settings.apply(broken)
        assert "The last good settings stay in force." in screen.cards["config"].lines

    with_daemon(story)


def test_the_welcome_counts_once_it_was_delivered() -> None:
    def story(daemon: Daemon, _engine: Engine, screen: Screen) -> None:
        daemon.welcome()
        daemon.feed(NotifierChanged(ready=True, keeps=False))
        daemon.feed(Undelivered("welcome", "no"))
        assert not kept()["welcomed"]
        daemon.feed(Delivered("welcome"))
        assert kept()["welcomed"]
        assert "not medical advice" in " ".join(screen.cards["welcome"].lines)

    with_daemon(story)


@pytest.mark.parametrize("key", ["timer-1", "neck-looked"])
def test_cards_that_wait_for_an_answer_go_straight_to_the_screen_and_the_engine_hears_of_them(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    timer = Card(key, "Time is up", ("Take the pack off.",), kind="timer")
    answers = (Delivered(key), Answered(key, "done"), Closed(key, expired=False))
    heard: list[Event] = []

    def handle(event: Event, _now: Moment) -> list[Effect]:
        heard.append(event)
        return []

    def story(daemon: Daemon, engine: Engine, screen: Screen) -> None:
        monkeypatch.setattr(engine, "handle", handle)
        daemon._perform([Show(timer), Show(replace(timer, key="note-1"))])
        assert list(screen.cards) == [key]  # the notice waits until somebody can show it
        for event in (*answers, Answered("note-1", "done")):
            daemon.feed(event)
        daemon._perform([Show(replace(timer, key="note-2")), Hide("note-2"), Hide(key)])
        assert (screen.cards, heard) == ({}, [*answers])
        daemon.feed(NotifierChanged(ready=True, keeps=False))
        assert screen.cards == {}  # both notices are settled: one was answered, one taken back

    with_daemon(story)


def test_a_timer_rings_and_keeps_the_machine_awake() -> None:
    def story(daemon: Daemon, _engine: Engine, _screen: Screen) -> None:
        awake, bell = daemon.outside.desktop.awake, daemon.outside.bell
        assert isinstance(bell, Counter)
        daemon._perform([StayAwake("a cold pack"), Ring(), Ring()])
        assert (bell.rung, awake._why) == (2, "a cold pack")
        daemon._perform([StayAwake("")])
        assert awake._why == ""

    with_daemon(story)


def test_a_screen_reader_makes_screen_and_engine_patient() -> None:
    def story(daemon: Daemon, engine: Engine, screen: Screen) -> None:
        for on in (True, False):
            daemon.feed(ScreenReader(on))
            assert (screen.patient, engine.world.screen.patient) == (on, on)

    with_daemon(story)


def test_what_is_looked_for_at_the_end_no_longer_reaches_the_inbox(monkeypatch: pytest.MonkeyPatch) -> None:
    fed: list[Event] = []

    def story(daemon: Daemon, _engine: Engine, _screen: Screen) -> None:
        daemon._perform([Look()])  # nobody follows do-not-disturb here, so it waits for an answer
        monkeypatch.setattr(daemon, "feed", fed.append)

    with_daemon(story)
    assert Looked() not in fed


def test_a_break_that_ended_before_something_was_done_elsewhere_has_its_hook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(Hooks, "hear", lambda _, record: heard.append((record.reminder, record.what)))

    def story(daemon: Daemon, _engine: Engine, screen: Screen) -> None:
        daemon.feed(NotifierChanged(ready=True, keeps=False))
        daemon.obey(verbs.Now("break"))
        daemon.feed(Delivered(next(iter(screen.cards))))
        daemon.obey(verbs.Start())
        heard.clear()
        began = daemon.outside.clock.now()
        for minutes in (2, 4, 6):
            now = Moment(began.boot + 60 * minutes, began.wall + timedelta(minutes=minutes))
            monkeypatch.setattr(Clock, "now", lambda _, now=now: now)
            if minutes < 5:
                daemon.wake()
        daemon.obey(verbs.Done("stretch", elsewhere=True))

    with_daemon(story)
    assert heard == [("break", "break_end")]
