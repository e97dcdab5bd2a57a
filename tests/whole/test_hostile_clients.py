"""The daemon among clients that say anything, say nothing, or come in crowds."""

import json
import random
import socket
from typing import Any

from support.helpers import patient
from support.life import Life

from neckguard.control.protocol import _TAKES
from neckguard.control.server import MAX_CLIENTS

STATUS = b'{"v": 1, "command": "status"}\n'
ODD: tuple[Any, ...] = (
    *(None, True, 0, 1, -1, 5, 60, 10**400, 1e308, float("nan"), float("inf"), [], {}, [[]], {"a": 1}),
    *("", "x", "posture", "chin-tuck", "left", "cold", "\0", "\x1b[2J", "\ud800", "a\nb", "x" * 3000),
    *("00:00", "14:30", "tomorrow", "resumed", "yesterday 08:00", "0001-01-01 00:00", "9999-12-31 23:59"),
)


def connect(life: Life) -> socket.socket:
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(patient(30))
    link.connect(str(life.runtime / "control.sock"))
    return link


def odd_lines(chance: random.Random, number: int) -> list[bytes]:
    """Known commands with odd arguments, and what is no command at all."""
    lines = []
    for _ in range(number):
        command = chance.choice(sorted(set(_TAKES) - {"follow"}))
        names = chance.sample([*_TAKES[command], "x"], k=min(len(_TAKES[command]), chance.randrange(3)))
        message = {"v": 1, "command": command, **{name: chance.choice(ODD) for name in names}}
        line = json.dumps(message).encode()
        if chance.random() < 0.2:
            at = chance.randrange(len(line))
            line = line[:at] + chance.randbytes(3).replace(b"\n", b" ") + line[at + 3 :]
        lines.append(line + b"\n")
    return lines


def test_whatever_clients_say_the_daemon_goes_on(life: Life) -> None:
    life.begin()
    pid = life.status()["pid"]
    chance = random.Random(20261128)
    for line in odd_lines(chance, 500):
        with connect(life) as link:
            link.sendall(line)
            if chance.random() < 0.9:
                reply = json.loads(link.makefile("rb").readline())
                assert "anew" not in str(reply), line
    status = life.status()
    assert (status["pid"], status["services"]["control"]["ok"]) == (pid, True)
    assert "must start anew" not in life.text()
    assert "Traceback" not in life.text()
    assert life.end() == 0
    life.begin()
    assert life.status()["services"]["state"] == {"ok": True, "problem": "", "note": ""}


def test_a_hundred_requests_at_once_are_all_answered(life: Life) -> None:
    life.begin()
    links = [connect(life) for _ in range(100)]
    for link in links:
        link.sendall(STATUS)
    replies = [json.loads(link.makefile("rb").readline()) for link in links]
    assert [reply["ok"] for reply in replies] == [True] * 100
    for link in links:
        link.close()


def test_a_crowd_that_says_nothing_does_not_keep_a_pause_out(life: Life) -> None:
    life.begin()
    crowd = [connect(life) for _ in range(2 * MAX_CLIENTS)]
    said = life.ask("pause")
    assert (said.code, said.out[:12]) == (0, "Paused until")
    assert life.status()["state"] == "paused"
    for link in crowd:
        link.close()
