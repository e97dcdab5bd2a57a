"""Frozen values to plain JSON and back."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from support.virtual import DEFAULTS, MONDAY_9, plan, reminder

from neckguard.core.codec import from_plain, to_plain
from neckguard.core.model import Happening, Outcome, Record
from neckguard.core.plan import Kind, Opening, Plan
from neckguard.core.timing.pauses import PauseState


@dataclass(frozen=True, slots=True)
class Inner:
    size: float
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outer:
    kind: Kind
    inner: Inner | None
    pair: tuple[int, str]
    table: dict[str, Inner]
    anything: Any = None


WHOLE = Outer(Kind.BREAK, Inner(1.5, ("a", "b")), (1, "x"), {"k": Inner(2.0)}, [1, {"x": None}])


def through_json(value: Any) -> Any:
    return json.loads(json.dumps(to_plain(value), allow_nan=False))


def test_a_value_survives_json() -> None:
    assert from_plain(Outer, through_json(WHOLE)) == WHOLE


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (
            Plan,
            replace(
                plan(
                    *DEFAULTS,
                    reminder("lunch", None, at=("12:30",), days=(0, 4)),
                    hours=(Opening(0, 540, 1500),),
                ),
                posture_avoid=("a",),
            ),
        ),
        (PauseState, PauseState(MONDAY_9, 12.5, "film", 99.0)),
        (PauseState, PauseState(MONDAY_9, 12.5, until_local=datetime(2026, 11, 23, 14, 30))),  # noqa: DTZ001 - naive by contract
        (Record, Record(MONDAY_9, Happening.SHOWN, "break", Kind.BREAK, 3, "covers posture")),
    ],
    ids=["plan", "pause", "pause until", "record"],
)
def test_what_crosses_processes_and_restarts_survives(kind: type, value: Any) -> None:
    assert from_plain(kind, through_json(value)) == value


def test_plain_means_json() -> None:
    assert to_plain({"when": MONDAY_9, "what": Outcome.DONE, "all": (1, 2.5, None, True), 3: "x"}) == {
        "when": "2026-11-23T09:00:00+01:00",
        "what": "done",
        "all": [1, 2.5, None, True],
        "3": "x",
    }


def with_change(path: tuple[Any, ...], junk: Any) -> Any:
    data = through_json(WHOLE)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = junk
    return data


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "x",
        {},
        {**to_plain(WHOLE), "more": 1},
        {key: value for key, value in to_plain(WHOLE).items() if key != "pair"},
        with_change(("kind",), "film"),
        with_change(("kind",), []),
        with_change(("inner",), 5),
        with_change(("inner", "size"), "1.5"),
        with_change(("inner", "size"), True),
        with_change(("inner", "size"), float("nan")),
        with_change(("inner", "size"), float("inf")),
        with_change(("inner", "size"), 10**400),
        with_change(("inner", "names"), "ab"),
        with_change(("inner", "names"), [1]),
        with_change(("pair",), [1]),
        with_change(("pair",), [1, "x", 2]),
        with_change(("pair", 0), 1.5),
        with_change(("pair", 0), True),
        with_change(("table",), []),
        with_change(("table", "k"), None),
    ],
)
def test_what_does_not_fit_is_a_value_error(data: Any) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        from_plain(Outer, data)


def test_whole_numbers_pass_for_spans() -> None:
    assert from_plain(Inner, {"size": 2}) == Inner(2.0)
    assert isinstance(from_plain(Inner, {"size": 2}).size, float)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00"])
def test_a_date_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        from_plain(datetime, text)
