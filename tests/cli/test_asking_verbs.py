"""What each verb sends to the daemon, and what it makes of the reply."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from support.command import Outcome, neckguard
from support.fake_daemon import FakeDaemon, fake_daemon

from neckguard.control.protocol import Request
from neckguard.core import Reply


@pytest.fixture(scope="module")
def running() -> Iterator[FakeDaemon]:
    with fake_daemon() as daemon:
        yield daemon


@pytest.fixture
def daemon(running: FakeDaemon) -> FakeDaemon:
    running.requests.clear()
    running.replies.clear()
    return running


@pytest.mark.parametrize(
    ("words", "command", "args"),
    [
        (["pause"], "pause", {}),
        (["pause", "30m"], "pause", {"duration": 1800.0}),
        (["pause", "45"], "pause", {"duration": 2700.0}),
        (["pause", "1h30m", "--reason", "a film"], "pause", {"duration": 5400.0, "reason": "a film"}),
        (["pause", "--until", "9:05"], "pause", {"until": "09:05"}),
        (["pause", "--until", "tomorrow"], "pause", {"until": "tomorrow"}),
        (["pause", "--until", "resumed"], "pause", {"until": "resumed"}),
        (["pause", "--until", "2026-12-01 09:00"], "pause", {"until": "2026-12-01 09:00"}),
        (["pause", "--toggle"], "pause", {"toggle": True}),
        (["pause", "20m", "--toggle"], "pause", {"duration": 1200.0, "toggle": True}),
        (["resume"], "resume", {}),
        (["now", "posture"], "now", {"reminder": "posture"}),
        (["now", "break", "--for", "15m"], "now", {"reminder": "break", "duration": 900.0}),
        (["start"], "start", {}),
        (["snooze"], "snooze", {}),
        (["snooze", "10m"], "snooze", {"duration": 600.0}),
        (["skip"], "skip", {}),
        (["skip", "break"], "skip", {"reminder": "break"}),
        (["done"], "done", {}),
        (["done", "posture"], "done", {"reminder": "posture"}),
        (["done", "break", "--elsewhere"], "done", {"reminder": "break", "elsewhere": True}),
        (["pause", "--until", "Mon"], "pause", {"until": "monday"}),
        (["why"], "why", {}),
        (["why", "break"], "why", {"reminder": "break"}),
        (["reload"], "reload", {}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_verb_sends_its_command_and_prints_the_answer(
    daemon: FakeDaemon, words: list[str], command: str, args: dict[str, Any]
) -> None:
    daemon.replies[command] = Reply(ok=True, message="Paused until 15:30.")
    assert neckguard(*words, env=daemon.env) == Outcome(0, "Paused until 15:30.\n", "")
    assert daemon.requests == [Request(command, args)]


@pytest.mark.parametrize(
    "verb", ["pause", "resume", "now posture", "start", "snooze", "skip", "done", "why", "reload"]
)
def test_a_refusal_goes_to_standard_error_with_exit_code_1(daemon: FakeDaemon, verb: str) -> None:
    words = verb.split()
    daemon.replies[words[0]] = Reply(
        ok=False, message="It is paused until 15:30; resume first: neckguard resume."
    )
    assert neckguard(*words, env=daemon.env) == Outcome(
        1, "", "neckguard: It is paused until 15:30; resume first: neckguard resume.\n"
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["pause", "soon"], '\'soon\' is not a span of time; write "45s", "20m" or "1h30m"'),
        (["pause", "30m", "x"], "unrecognized arguments: x"),
        (["pause", "0"], "'0' is not between 1s and 366d"),
        (["pause", "9999d"], "'9999d' is not between 1s and 366d"),
        (["pause", "30m", "--until", "14:30"], "--until: not allowed with argument DURATION"),
        (["pause", "--until", "25:00"], 'write 14:30, tomorrow, monday, "2026-12-01 09:00" or resumed'),
        (["pause", "--until", "2027-02-29 09:00"], "is not on the calendar"),
        (["done", "--already", "--elsewhere"], "not allowed with argument --already"),
        (["pause", "--until", "lunch"], "'lunch' is not a time; write 14:30, tomorrow, monday, "),
        (["pause", "--togg"], "unrecognized arguments: --togg"),
        (
            ["pause", "--reason", "x" * 201],
            "argument --reason: a reason has at most 200 characters, and this one 201",
        ),
        (["snooze", "x" * 5000], f"argument DURATION: '{'x' * 60}…' is not a span of time"),
        (["now", "x" * 65], f"'{'x' * 65}' is not the name of a reminder, such as posture"),
        (["now", "x" * 5000], f"'{'x' * 79}… is not the name of a reminder, such as posture"),
        (["resume", "now"], "unrecognized arguments: now"),
        (["now"], "the following arguments are required: REMINDER"),
        (["now", "Posture!"], "'Posture!' is not the name of a reminder, such as posture"),
        (["snooze", "a bit"], "'a bit' is not a span of time"),
        (["status", "--json", "--format", "waybar"], "not allowed with argument --json"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_explained_with_exit_code_2_and_does_nothing(
    daemon: FakeDaemon, words: list[str], says: str
) -> None:
    shown = neckguard(*words, env=daemon.env)
    assert (shown.code, shown.out) == (2, "")
    assert says in shown.err
    assert daemon.requests == []


def test_why_gives_its_data_to_programs(daemon: FakeDaemon) -> None:
    daemon.replies["why"] = Reply(ok=True, message="Because.", data={"reasons": ["é"]})
    assert neckguard("why", "--json", env=daemon.env) == Outcome(0, '{"reasons": ["é"]}\n', "")


@pytest.mark.parametrize("words", [["pause", "30m"], ["status"], ["status", "--json"]])
def test_what_people_call_often_starts_fast(daemon: FakeDaemon, words: list[str]) -> None:
    code = (
        "import json, sys; before = set(sys.modules); from neckguard.cli.main import main;"
        f" assert main({words}) == 0; print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], env=daemon.env, capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in json.loads(ran.stderr)}
    heavy = (
        "asyncio collections contextlib dataclasses datetime importlib inspect jeepney logging pathlib plyer"
        " pydantic pydantic_settings schedule selectors shutil socket sqlite3 ssl subprocess tempfile"
        " threading typing"
    )
    # What argparse, json and re bring along anyway is no choice of ours.
    free = subprocess.run(
        [sys.executable, "-c", "import argparse, json, sys; print(json.dumps(sorted(sys.modules)))"],
        env=daemon.env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded & set(heavy.split()) - {name.partition(".")[0] for name in json.loads(free.stdout)} == set()
