"""Only what is exactly a request gets past the protocol."""

import json
import math
from typing import Any, get_args

import pytest

from neckguard.control import arguments, protocol
from neckguard.control.protocol import ProtocolError, Request, decode, encode
from neckguard.core import Reply, verbs


def line(**fields: Any) -> bytes:
    return json.dumps({"v": 1, **fields}).encode() + b"\n"


@pytest.mark.parametrize(
    ("message", "request_"),
    [
        (line(command="resume"), Request("resume", {})),
        (line(command="pause"), Request("pause", {})),
        (
            line(command="pause", duration=1800, reason="a call — 通話 👩‍👧", toggle=True),
            Request("pause", {"duration": 1800.0, "reason": "a call — 通話 👩‍👧", "toggle": True}),
        ),
        (line(command="pause", until=" 9:05 "), Request("pause", {"until": "09:05"})),
        (line(command="pause", until="tomorrow"), Request("pause", {"until": "tomorrow"})),
        (line(command="pause", until="resumed"), Request("pause", {"until": "resumed"})),
        (line(command="pause", until="2028-02-29 09:00"), Request("pause", {"until": "2028-02-29 09:00"})),
        (line(command="now", reminder="posture"), Request("now", {"reminder": "posture"})),
        (line(command="skip"), Request("skip", {})),
        (line(command="history_erase"), Request("history_erase", {})),
        (line(command="state"), Request("state", {})),
        (line(command="snooze", duration=0.5 + 1), Request("snooze", {"duration": 1.5})),
        (line(command="checkin", score=0), Request("checkin", {"score": 0})),
        (line(command="checkin", score=0, at=" 8:30"), Request("checkin", {"score": 0, "at": "08:30"})),
        (line(command="checkin_undo"), Request("checkin_undo", {})),
        (
            line(command="checkin", score=10, note="x" * 2000),
            Request("checkin", {"score": 10, "note": "x" * 2000}),
        ),
        (line(command="flare_start"), Request("flare_start", {})),
        (
            line(command="flare_start", severity=6, side="both", flags=["both-arms", "age"]),
            Request("flare_start", {"severity": 6, "side": "both", "flags": ("both-arms", "age")}),
        ),
        (line(command="flare_start", flags=[]), Request("flare_start", {"flags": ()})),
        (
            line(command="flare_log", score=3, turning=False, lost_days=365, note="so so"),
            Request("flare_log", {"score": 3, "turning": False, "lost_days": 365, "note": "so so"}),
        ),
        (line(command="flare_log", lost_days=0), Request("flare_log", {"lost_days": 0})),
        (line(command="flare_cleared"), Request("flare_cleared", {})),
        (line(command="flare_end"), Request("flare_end", {})),
        (line(command="flare_end", looked=False), Request("flare_end", {"looked": False})),
        (line(command="timer", kind="cold"), Request("timer", {"kind": "cold"})),
        (line(command="timer", kind="heat"), Request("timer", {"kind": "heat"})),
        (line(command="timer_stop"), Request("timer_stop", {})),
    ],
)
def test_a_proper_message_becomes_a_request(message: bytes, request_: Request) -> None:
    assert decode(message) == request_


@pytest.mark.parametrize(
    "message",
    [
        b"\n",
        b"hello\n",
        b"\xff\xfe\x00\n",
        b'{"v": 1, "command": "resume"\n',
        b"[" * 60_000 + b"\n",
        b'{"a":' * 10_000 + b"\n",
        b"9" * 60_000 + b"\n",
        b'"pause"\n',
        b"[1]\n",
        line(),
        line(command=None),
        line(command=["pause"]),
        line(command="Pause"),
        line(command="shutdown"),
        line(command="resume", v=2),
        line(command="resume", v=True),
        line(command="resume", v="1"),
        line(command="resume", v=1.0),
        json.dumps({"command": "resume"}).encode(),
        line(command="resume", now=True),
        line(command="pause", __class__="x"),
        line(command="pause", duration="30m"),
        line(command="pause", duration=True),
        line(command="pause", duration=None),
        line(command="pause", duration=0),
        line(command="pause", duration=-5),
        line(command="pause", duration=math.nan),
        line(command="pause", duration=math.inf),
        line(command="pause", duration=1e300),
        line(command="pause", duration=60, until="14:30"),
        line(command="pause", until="24:00"),
        line(command="pause", until="2027-02-29 09:00"),
        line(command="pause", until="0000-00-00 00:00"),
        line(command="pause", until="yesterday"),
        line(command="pause", until=1430),
        line(command="pause", until="1" * 50_000),
        line(command="pause", reason="x" * 201),
        line(command="pause", reason="two\nlines"),
        line(command="pause", reason="\x1b[31m"),
        line(command="pause", reason="\ud800"),
        line(command="pause", reason=["x"]),
        line(command="pause", toggle="yes"),
        line(command="pause", toggle=1),
        line(command="now"),
        line(command="now", reminder=""),
        line(command="now", reminder="../../etc"),
        line(command="now", reminder="posture\n"),
        line(command="now", reminder="x" * 65),
        line(command="now", reminder={"name": "posture"}),
        line(command="snooze", duration={}),
        line(command="checkin"),
        line(command="checkin", note="fine"),
        line(command="checkin", score=True),
        line(command="checkin", score=3.0),
        line(command="checkin", score="3"),
        line(command="checkin", score=None),
        line(command="checkin", score=-1),
        line(command="checkin", score=11),
        line(command="checkin", score=10**400),
        line(command="checkin", score=3, note="x" * 2001),
        line(command="checkin", score=3, note="two\nlines"),
        line(command="checkin", score=3, note=["x"]),
        line(command="checkin", score=3, side="left"),
        line(command="checkin", score=3, at="tomorrow"),
        line(command="checkin", score=3, at="8:30" + " " * 200),
        line(command="checkin", score=3, at=8.5),
        line(command="checkin_undo", score=3),
        line(command="flare_cleared", looked=True),
        line(command="flare_end", looked="no"),
        line(command="flare_start", severity=False),
        line(command="flare_start", severity=11),
        line(command="flare_start", side="middle"),
        line(command="flare_start", side=["left"]),
        line(command="flare_start", side=""),
        line(command="flare_start", flags="age"),
        line(command="flare_start", flags={"age": True}),
        line(command="flare_start", flags=["age", "age"]),
        line(command="flare_start", flags=["Age"]),
        line(command="flare_start", flags=["age\n"]),
        line(command="flare_start", flags=["x" * 65]),
        line(command="flare_start", flags=[""]),
        line(command="flare_start", flags=[["age"]]),
        line(command="flare_start", flags=[f"a{'b' * each}" for each in range(33)]),
        line(command="flare_log"),
        line(command="flare_log", turning="yes"),
        line(command="flare_log", turning=1),
        line(command="flare_log", lost_days=True),
        line(command="flare_log", lost_days=-1),
        line(command="flare_log", lost_days=366),
        line(command="flare_end", score=3),
        line(command="timer"),
        line(command="timer", kind="warm"),
        line(command="timer", kind=["cold"]),
        line(command="timer", kind=None),
        line(command="timer_stop", kind="cold"),
    ],
    ids=lambda message: ascii(message[:70]),
)
def test_everything_else_is_refused_with_a_short_reason(message: bytes) -> None:
    with pytest.raises(ProtocolError) as refused:
        decode(message)
    assert 10 < len(str(refused.value)) < 200 or "Unknown command; there are pause, resume" in str(
        refused.value
    )
    assert str(refused.value).isprintable()


def test_every_argument_of_every_command_is_checked() -> None:
    assert {name for names in protocol._TAKES.values() for name in names} == set(arguments._CHECKS)


def test_every_verb_has_a_command_but_the_daemons_own() -> None:
    everything = {*get_args(verbs.Verb), *get_args(verbs.CareVerb)} - {verbs.CareVerb}
    assert set(verbs.COMMANDS.values()) == everything - {verbs.Forget}


def test_a_reply_is_one_line_whatever_it_says() -> None:
    assert json.loads(encode(Reply(ok=True, message="a\nb", data={"x": 1}))) == {
        "v": 1,
        "ok": True,
        "message": "a\nb",
        "data": {"x": 1},
    }
    assert json.loads(encode(Reply(ok=False, message="No."))) == {
        "v": 1,
        "ok": False,
        "error": "No.",
        "code": 1,
        "data": {},
    }
    assert encode(Reply(ok=True, message="a\nb")).count(b"\n") == 1
