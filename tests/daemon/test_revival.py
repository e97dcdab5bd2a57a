"""A state file that anything may have written: what is revived from it works, or it is set aside."""

import json
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.virtual import DEFAULTS, Desk, plan, reminder

from neckguard.content.loader import load_content
from neckguard.control.lock import InstanceLock
from neckguard.core import events, model, verbs
from neckguard.core.plan import Opening
from neckguard.core.told.explain import explain
from neckguard.core.told.saved import revive, take_anchor, take_state
from neckguard.core.told.view import view
from neckguard.daemon import revival
from neckguard.daemon.outside import Files, Left
from neckguard.daemon.revival import inherit
from neckguard.daemon.settings_file import SettingsFile
from neckguard.storage.heartbeat import Heartbeat, boot_id
from neckguard.storage.state import StateFile

PLAN = plan(
    *DEFAULTS,
    reminder("lunch", None, at=("09:30", "12:30")),
    hours=tuple(Opening(day, 8 * 60, 18 * 60) for day in range(5)),
)
Steps = tuple[str | int, ...]


def desk() -> Desk:
    return Desk(PLAN, content=load_content())


def kept(desk: Desk) -> dict[str, Any]:
    """What would stand in the state file."""
    state = {
        **take_state(desk.engine),
        "boot_id": boot_id(),
        "welcomed": True,
        "notifications": [[":1.7", "bus", 5]],
    }
    text = json.dumps({"version": 1, "anchor": take_anchor(desk.engine), "state": state}, allow_nan=False)
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def lives() -> tuple[dict[str, Any], ...]:
    """What lives full of events left."""
    paused = desk().sit_down().until("10:00")
    paused.do(verbs.Pause(until="14:00", reason="the dentist"))
    hurting = desk().sit_down().until("09:25")
    for what in (
        verbs.FlareStart(severity=4, side="left"),
        verbs.Checkin(3, note="since Sunday"),
        verbs.Timer("cold"),
        events.QuietChanged(model.QuietReason.CALL, "microphone in use"),
        events.KeptAwake(on=True, since=hurting.boot),
    ):
        hurting.do(what)
    hurting.pass_time(700.0).do(verbs.Snooze())
    resting = desk().sit_down().until("10:00")
    resting.do(verbs.Start())
    resting.pass_time(20.0)
    away = desk().sit_down().until("09:50").leave()
    away.do(verbs.Pause(until="resumed"))
    away.pass_time(900.0)
    return tuple(kept(each) for each in (paused, hurting, resting, away))


def places(value: Any, steps: Steps = ()) -> Iterator[Steps]:
    """The way to everything inside."""
    if steps:
        yield steps
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*steps, step))


def at(value: Any, steps: Steps) -> Any:
    for step in steps:
        value = value[step]
    return value


class Place:
    """Where a state file lies, for one life."""

    def __init__(self, base: Path) -> None:
        self.path = base / "state.json"
        settings = SettingsFile(str(base / "config.toml"), explicit=False, state_dir=str(base))
        self.state = StateFile(str(self.path))
        heartbeat = Heartbeat(str(base / "heartbeat"))
        self.files = Files(InstanceLock(str(base / "flock")), settings, self.state, heartbeat, lambda: None)


def goes_on(content: str) -> bool:
    """Whether it was revived from this. A start succeeds; what lives then works and can be revived."""
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name))
        place.path.write_text(content, encoding="utf-8", errors="surrogatepass")
        life = desk()
        life.engine, _ = inherit(PLAN, place.files, life.now)
        aside = not place.path.exists()
        assert aside is bool(place.state.note)
        works(life)
        place.path.write_text(json.dumps(kept(life)))
        inherit(PLAN, place.files, life.now)
        assert place.path.exists(), place.state.note
        return not aside


def works(life: Desk) -> None:
    """Two hours of it, and whatever a person may do."""
    life.do(events.NotifierChanged(ready=True, keeps=False))
    life.sit_down()
    asked = (
        verbs.Now("posture"),
        verbs.Snooze(),
        verbs.Hurt(),
        verbs.Checkin(2),
        verbs.FlareStart(),
        verbs.FlareEnd(),
        verbs.Timer("heat"),
        verbs.TimerStop(),
        verbs.Pause(60.0),
        verbs.Resume(),
        verbs.Start(),
        verbs.Done(),
        verbs.Skip(),
    )
    for verb in asked:
        life.do(verb)
        life.pass_time(600.0)
        told = [view(life.engine), explain(life.engine, None), kept(life)]
        json.dumps(told, allow_nan=False, ensure_ascii=False).encode()
    life.leave().pass_time(86400.0 * 2)
    life.do(verbs.Forget())


EXTREME: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    2**31,
    2**32,
    2**53,
    2**63,
    -(2**63),
    10**400,
    -(10**400),
    0.5,
    -0.0,
    1e-300,
    1e9,
    9.9e10,
    -9.9e8,
    1e20,
    1e308,
    float("inf"),
    float("-inf"),
    float("nan"),
    "",
    "x",
    "posture",
    "\ud800",
    "\0",
    "\x1b[2J",
    "x" * 10_000,
    "1938-12-31T00:00:00+00:00",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59+00:00",
    "5137-01-01T00:00:00+14:00",
    "2026-11-23T09:00:00",
    "2026-11-23T09:00:00+23:59",
    [],
    [[]],
    [[1, 2]],
    [None] * 3,
    {},
    {"": None},
    {"a": {"b": []}},
]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """One of those lives, with this and that in it become something else."""
    found = deepcopy(draw(st.sampled_from(lives())))
    for _ in range(draw(st.integers(1, 4))):
        ways = list(places(found))
        way = draw(st.sampled_from(ways))
        holder = at(found, way[:-1])
        what = draw(st.sampled_from(["extreme", "drop", "another's", "twice"]))
        if what == "extreme":
            holder[way[-1]] = deepcopy(draw(st.sampled_from(EXTREME)))
        elif what == "drop":
            del holder[way[-1]]
        elif what == "another's":
            holder[way[-1]] = deepcopy(at(found, draw(st.sampled_from(ways))))
        elif isinstance(holder, list):
            holder.append(deepcopy(at(found, way)))
    return json.dumps(found)


def test_a_whole_one_is_revived() -> None:
    assert [goes_on(json.dumps(life)) for life in lives()] == [True] * 4


@settings(max_examples=60)
@given(mutated())
def test_whatever_became_of_it_it_is_revived_and_works_or_is_set_aside(content: str) -> None:
    goes_on(content)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("anchor.instant", 10**400),
        ("anchor.boot", 10**400),
        ("anchor.sitting", float("nan")),
        ("anchor", []),
        ("state.notifications", [[1, 2]]),
        ("state.notifications", 5),
        ("state.welcomed", {}),
        ("state.last_id", 10**4299),  # with one digit more, Python would not even read it
        ("state.pause.reason", "\ud800"),
        ("state.pause.since", "0001-01-01T00:00:00"),
        ("state.pause.until_local", "9999-12-31T23:59:59"),
        ("state.pause.began", float("inf")),
    ],
    ids=lambda each: repr(each)[:20],
)
def test_what_cannot_be_lived_with_is_set_aside_whole(place: str, value: Any) -> None:
    found = deepcopy(lives()[0])
    *way, last = place.split(".")
    at(found, tuple(way))[last] = value
    assert not goes_on(json.dumps(found))


@pytest.mark.parametrize("depth", [400, 900, 990, 5_000, 100_000])
@pytest.mark.parametrize("place", ["pause", "courses", "notifications"])
def test_what_is_nested_too_deep_to_be_looked_at_is_set_aside(place: str, depth: int) -> None:
    found = deepcopy(lives()[0])
    found["state"][place] = "HERE"
    assert not goes_on(json.dumps(found).replace('"HERE"', "[" * depth + "]" * depth))


@pytest.mark.parametrize("error", [OverflowError, RecursionError, OSError, ZeroDivisionError, MemoryError])
def test_whatever_goes_wrong_while_it_is_revived_a_life_begins(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    life = json.dumps(lives()[0])

    def fail(*_: object, **__: object) -> None:
        monkeypatch.setattr(revival, "revive", revive)
        raise error

    monkeypatch.setattr(revival, "revive", fail)
    assert not goes_on(life)
    assert goes_on(life)


def test_what_a_revived_life_asks_for_is_done(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.path.write_text(json.dumps(lives()[1]))
    engine, _ = inherit(PLAN, place.files, desk().now)
    assert model.StayAwake("a timer for cold on the neck is running") in engine.world.effects


def test_what_is_wrong_is_said_in_a_line(tmp_path: Path) -> None:
    found = deepcopy(lives()[0])
    found["state"]["notifications"] = "x" * 100_000
    place = Place(tmp_path)
    place.path.write_text(json.dumps(found))
    _, left = inherit(PLAN, place.files, desk().now)
    (aside,) = tmp_path.glob("state.json.bad-*")
    assert place.state.note.startswith(f"{place.path} was unusable (ValueError: expected a list, got 'xxx")
    assert place.state.note.endswith(f"x); it is now {aside}; countdowns start afresh.")
    assert len(place.state.note) < 500
    assert left == Left()


def test_cards_whose_numbers_the_bus_would_not_take_are_not_remembered(tmp_path: Path) -> None:
    found = deepcopy(lives()[0])
    found["state"]["notifications"] = [[":1.7", "bus", number] for number in (-1, 0, 1, 2**32 - 1, 2**32)]
    place = Place(tmp_path)
    place.path.write_text(json.dumps(found))
    _, left = inherit(PLAN, place.files, desk().now)
    assert left.cards == ((":1.7", "bus", 1), (":1.7", "bus", 2**32 - 1))
    assert left.welcomed
