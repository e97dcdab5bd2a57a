"""The inbox loop, with the real engine and adapters, and a screen that only notes what it is shown."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
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
from neckguard.core.model import Card, Effect, Hide, Look, Moment, Ring, Show, StayAwake
from neckguard.core.plan import Problem
from neckguard.daemon.clock import Clock
from neckguard.daemon.loop import CRASHED, Daemon
from neckguard.daemon.outside import Left, Outside
from neckguard.daemon.settings_file import ConfigState, Loaded, SettingsFile
from neckguard.daemon.wiring import make_files, make_outside
from neckguard.desktop.alarm.ring import Bell
from neckguard.desktop.bus.bus import Bus
from neckguard.desktop.notify.notifier import Notifier
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


def test_what_a_person_asked_is_durable_when_it_is_answered() -> None:
    def story(daemon: Daemon, _engine: Engine, _screen: Screen) -> None:
        assert daemon.obey(verbs.Pause(duration=60.0)).ok
        assert kept()["pause"]["until_boot"] > 0

    with_daemon(story)


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


def test_broken_settings_are_one_notice_that_goes_when_they_are_mended() -> None:
    problem = Problem("config.toml", 2, "reminders.posture.evry", "did you mean every?")
    broken = Loaded(None, (problem, problem), (), loaded_at=MONDAY_9)
    good = Loaded(plan(), (), (), loaded_at=MONDAY_9)

    def story(daemon: Daemon, _engine: Engine, screen: Screen) -> None:
        daemon.apply(broken)
        assert screen.cards == {}  # nobody could show it yet
        daemon.feed(NotifierChanged(ready=True, keeps=False))
        assert screen.cards["config"].lines == (
            "config.toml:2: reminders.posture.evry: did you mean every?",
            "and 1 more; see: neckguard config check",
            "The built-in settings stay in force.",
        )
        daemon.apply(good)
        assert screen.cards == {}
        daemon.apply(broken)
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


def test_cards_of_timers_go_straight_to_the_screen_and_the_engine_hears_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    timer = Card("timer-1", "Time is up", ("Take the pack off.",), kind="timer")
    answers = (Delivered("timer-1"), Answered("timer-1", "done"), Closed("timer-1", expired=False))
    heard: list[Event] = []

    def handle(event: Event, _now: Moment) -> list[Effect]:
        heard.append(event)
        return []

    def story(daemon: Daemon, engine: Engine, screen: Screen) -> None:
        monkeypatch.setattr(engine, "handle", handle)
        daemon._perform([Show(timer), Show(replace(timer, key="note-1"))])
        assert list(screen.cards) == ["timer-1"]  # the notice waits until somebody can show it
        for event in (*answers, Answered("note-1", "done")):
            daemon.feed(event)
        daemon._perform([Hide("timer-1")])
        assert (screen.cards, heard) == ({}, [*answers])

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
