"""The inbox loop, with the real engine and ports that only note what they are told."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.virtual import MONDAY_9, TOPICS, plan

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
from neckguard.core.plan import NotifySettings, Problem
from neckguard.daemon.chronicle import Chronicle
from neckguard.daemon.clock import Clock, boot_time
from neckguard.daemon.hooks import Hooks
from neckguard.daemon.loop import CRASHED, Daemon
from neckguard.daemon.outside import Outside
from neckguard.daemon.report import ConfigState
from neckguard.daemon.senses import Disturbances
from neckguard.daemon.settings import Loaded, Settings
from neckguard.desktop.alarm.awake import Awake
from neckguard.desktop.bus.bus import Bus
from neckguard.desktop.presence.chooser import PresenceChooser
from neckguard.storage.heartbeat import Heartbeat
from neckguard.storage.history.writer import HistoryWriter
from neckguard.storage.state import StateFile


@pytest.fixture(autouse=True)
def _same_log_level_afterwards() -> Iterator[None]:
    ours = logging.getLogger("neckguard")
    before = ours.level
    yield
    ours.setLevel(before)


class Screen:
    """A notifier that shows nothing."""

    def __init__(self) -> None:
        self.cards: dict[str, Card] = {}
        self.patient = False
        self.rung = 0
        self.problem = ""

    async def run(self) -> None:
        """It has nothing to do."""

    def status(self) -> dict[str, Any]:
        return {"ok": True, "problem": ""}

    def show(self, card: Card) -> None:
        self.cards[card.key] = card

    def hide(self, key: str) -> None:
        self.cards.pop(key, None)

    def configure(self, settings: NotifySettings) -> None:
        """Whatever."""

    def remembered(self) -> tuple[Any, ...]:
        return ()

    def ring(self, alone: bool = False) -> None:
        self.rung += 1


def with_daemon(folder: Path, story: Callable[[Daemon, Engine, Screen], None]) -> StateFile:
    async def live() -> StateFile:
        clock, screen = Clock(), Screen()
        settings = plan()
        engine = Engine(settings, TOPICS, clock.now())
        state = StateFile(str(folder / "state" / "state.json"))
        daemon = Daemon(engine, ConfigState("config.toml"), welcomed=False)
        history = HistoryWriter(str(folder / "history.db"), enabled=True, keep=1e9)
        daemon.connect(
            Outside(
                clock=clock,
                settings=Settings(
                    str(folder / "config.toml"), explicit=False, state_dir=str(folder / "state")
                ),
                state=state,
                heartbeat=Heartbeat(str(folder / "run" / "heartbeat")),
                hooks=Hooks(settings.hooks),
                notifier=screen,
                presence=PresenceChooser((), daemon.feed, boot_time),
                disturbances=Disturbances(Bus("session", lambda: None), daemon.feed),
                services={},
                chronicle=Chronicle(engine, history),
                awake=Awake(Bus("session", lambda: None)),
                bell=screen,
                relock=lambda: None,
                answers=lambda: None,
            )
        )
        story(daemon, engine, screen)
        await asyncio.sleep(0)  # what the story set going begins
        await daemon.end()
        history.close()
        return state

    return asyncio.run(live())


def test_what_a_person_asked_is_durable_when_it_is_answered(tmp_path: Path) -> None:
    def story(daemon: Daemon, _engine: Engine, _screen: Screen) -> None:
        assert daemon.obey(verbs.Pause(duration=60.0)).ok
        kept = StateFile(str(tmp_path / "state" / "state.json")).load()
        assert kept is not None
        assert kept["state"]["pause"]["until_boot"] > 0

    with_daemon(tmp_path, story)


def test_a_mistake_in_the_engine_ends_this_life_and_is_not_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
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

    with_daemon(tmp_path, story)
    kept = StateFile(str(tmp_path / "state" / "state.json")).load()
    assert kept is not None
    assert kept["state"]["pause"] is not None
    assert "must start anew" in caplog.text


def test_broken_settings_are_one_notice_that_goes_when_they_are_mended(tmp_path: Path) -> None:
    problem = Problem("config.toml", 2, "reminders.posture.evry", "did you mean every?")
    broken = Loaded(None, (problem, problem), (), from_cache=False, loaded_at=MONDAY_9)
    good = Loaded(plan(), (), (), from_cache=False, loaded_at=MONDAY_9)

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

    with_daemon(tmp_path, story)


def test_the_welcome_counts_once_it_was_delivered(tmp_path: Path) -> None:
    def story(daemon: Daemon, _engine: Engine, screen: Screen) -> None:
        daemon.welcome()
        daemon.feed(NotifierChanged(ready=True, keeps=False))
        daemon.feed(Undelivered("welcome", "no"))
        assert not _welcomed(tmp_path)
        daemon.feed(Delivered("welcome"))
        assert _welcomed(tmp_path)
        assert "not medical advice" in " ".join(screen.cards["welcome"].lines)

    with_daemon(tmp_path, story)


def test_cards_of_timers_go_straight_to_the_screen_and_the_engine_hears_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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

    with_daemon(tmp_path, story)


def test_a_timer_rings_and_keeps_the_machine_awake(tmp_path: Path) -> None:
    def story(daemon: Daemon, _engine: Engine, screen: Screen) -> None:
        awake = daemon._outside.awake
        daemon._perform([StayAwake("a cold pack"), Ring(), Ring()])
        assert (screen.rung, awake._why) == (2, "a cold pack")
        daemon._perform([StayAwake("")])
        assert awake._why == ""

    with_daemon(tmp_path, story)


def test_a_screen_reader_makes_screen_and_engine_patient(tmp_path: Path) -> None:
    def story(daemon: Daemon, engine: Engine, screen: Screen) -> None:
        for on in (True, False):
            daemon.feed(ScreenReader(on))
            assert (screen.patient, engine.world.screen.patient) == (on, on)

    with_daemon(tmp_path, story)


def _welcomed(folder: Path) -> bool:
    kept = StateFile(str(folder / "state" / "state.json")).load()
    return bool(kept and kept["state"]["welcomed"])


def test_what_is_looked_for_at_the_end_no_longer_reaches_the_inbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fed: list[Event] = []

    def story(daemon: Daemon, _engine: Engine, _screen: Screen) -> None:
        daemon._perform([Look()])  # nobody follows do-not-disturb here, so it waits for an answer
        monkeypatch.setattr(daemon, "feed", fed.append)

    with_daemon(tmp_path, story)
    assert Looked() not in fed
