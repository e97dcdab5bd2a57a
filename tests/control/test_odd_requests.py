"""Lines of all shapes: each is a request that the engine can answer, or is refused."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support.virtual import DEFAULTS, Desk, plan, reminder

from neckguard.content.loader import load_content
from neckguard.control import protocol
from neckguard.control.protocol import ProtocolError, decode, encode
from neckguard.core import Reply, verbs
from neckguard.core.told.explain import explain
from neckguard.core.told.view import view

ODD: list[Any] = [
    *(None, True, False, 0, 1, -1, 5, 10, 11, 60, 2**63, 10**400, 0.5, -0.0, 1e-9, 1e308),
    *(float("nan"), float("inf"), float("-inf"), [], {}, [[]], ["both-arms"], ["both-arms"] * 2, {"a": []}),
    *("", "x", "posture", "lunch", "chin-tuck", "left", "cold", "both", "\0", "\x1b[2J", "\ud800", "a\nb"),
    *("x" * 201, "x" * 65_000, "00:00", "24:00", "9:5", "14:30", "tomorrow", "resumed", "yesterday 08:00"),
    *("0001-01-01 00:00", "9999-12-31 23:59", "2026-02-30 09:00", "2026-03-29 02:30", "2026-10-25 02:30"),
    *("2026-11-23 08:00", "1970-01-01 00:00", "２０２６-11-23 09:00", " 12:30 "),  # noqa: RUF001 - digits all the same
]
NAMES = sorted({name for names in protocol._TAKES.values() for name in names} | {"v", "command", "x", ""})
values = st.one_of(st.sampled_from(ODD), st.text(max_size=20), st.integers(), st.floats())
shapes = st.recursive(values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner))


def line(message: Any) -> bytes:
    return json.dumps(message).encode() + b"\n"


@st.composite
def commands(draw: st.DrawFn) -> bytes:
    """Known commands with odd arguments, most of them their own."""
    command = draw(st.sampled_from(sorted(protocol._TAKES)))
    own = st.sampled_from([*protocol._TAKES[command], *NAMES[:1]])
    given_ = draw(st.dictionaries(own | st.sampled_from(NAMES), values, max_size=3))
    return line({"v": 1, "command": command, **given_})


def refusal(line: bytes) -> str:
    """Why it is refused; nothing if it is a request."""
    said = ""
    try:
        decode(line)
    except ProtocolError as error:
        said = str(error)
    assert len(encode(Reply(ok=False, message=said))) < 1000
    return said


@given(st.one_of(st.binary(max_size=200), shapes.map(line), commands()))
def test_any_line_is_a_request_or_refused_in_a_short_sentence(line: bytes) -> None:
    refusal(line)


def test_a_value_however_deep_is_refused() -> None:
    """Python reads some that it cannot print: just below what it cannot even read."""
    for depth in range(500, 1000):
        assert refusal(b'{"v": 1, "command": "hurt", "id": ' + b"[" * depth + b"]" * depth + b"}\n")


@settings(max_examples=60)
@given(st.lists(commands(), min_size=5, max_size=40))
def test_whatever_is_asked_in_whatever_order_is_answered(lines: list[bytes]) -> None:
    desk = Desk(plan(*DEFAULTS, reminder("lunch", None, at=("12:30",))), content=load_content())
    for each in lines:
        if refusal(each):
            continue
        request = decode(each)
        if request.command in verbs.COMMANDS:
            reply = desk.do(verbs.COMMANDS[request.command](**request.args))
            assert reply is not None
            encode(reply)
            desk.pass_time(60.0)
            json.dumps([view(desk.engine), explain(desk.engine, None)], allow_nan=False)
