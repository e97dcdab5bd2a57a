"""`neckguard doctor` as a person runs it: what is told, in which order, with which exit code."""

import json
import os
import pty
import re
import signal
import subprocess
import time

import jsonschema  # type: ignore[import-untyped] # its stubs are a package of their own
from support.command import PROGRAM
from support.doctor_helpers import Person, once_shown
from support.helpers import patient
from support.notification_helpers import Desk

from neckguard import __version__

SCHEMA = {
    "type": "object",
    "required": ["version", "findings", "ok"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": __version__},
        "ok": {"type": "boolean"},
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["level", "name", "text", "remedy"],
                "additionalProperties": False,
                "properties": {
                    "level": {"enum": ["ok", "warning", "problem"]},
                    "name": {"type": "string", "minLength": 1},
                    "text": {"type": "string", "minLength": 1},
                    "remedy": {"type": "string"},
                },
            },
        },
    },
}
PRIVATE_SETTINGS = """
[reminders.call_vera]
every = "2 hours"
message = "Call Vera about the divorce"
mesage = "Call Vera"
[hooks]
on_prompt = "secret-program --token"
[quiet]
settle = 20
"""


def test_without_any_desktop_everything_is_told_in_order_and_nothing_hangs(person: Person) -> None:
    began = time.monotonic()
    said = person.doctor("--json")
    assert time.monotonic() - began < patient(20)
    found = json.loads(said.out)
    jsonschema.validate(found, SCHEMA)
    assert (said.code, said.err, found["ok"]) == (1, "", False)
    first, *more = (each for each in found["findings"] if each["name"] == "other reminders")
    assert [(each["name"], each["level"]) for each in found["findings"] if each not in more] == [
        ("versions", "ok"),
        ("versions", "ok"),
        ("daemon", "problem"),
        ("settings", "ok"),
        ("session bus", "problem"),
        ("system bus", "warning"),
        ("notifications", "problem"),
        ("presence", "warning"),
        ("presence", "ok"),  # why not mutter
        ("presence", "ok"),  # why not wayland
        ("presence", "ok"),  # why not x11
        ("presence", "ok"),  # why not logind
        ("lock", "warning"),
        ("sleep", "warning"),
        ("do not disturb", "warning"),
        ("calls", "ok"),
        ("shared screen", "ok"),
        ("full screen", "ok"),
        ("programs", "ok"),
        ("idle inhibitors", "warning"),
        ("autostart", "warning"),
        ("other reminders", first["level"]),  # whatever else runs on this machine
        ("files", "ok"),
        ("files", "ok"),
    ]
    assert found["findings"][2] == {
        "level": "problem",
        "name": "daemon",
        "text": "neckguard is not running, so nothing reminds you",
        "remedy": "neckguard service install (now and at every login), or: neckguard run",
    }


def test_with_a_daemon_and_a_notification_server_nobody_must_do_anything(person: Person, desk: Desk) -> None:
    server = desk.server()
    once_shown(server, lambda: server.act(server.last_id, "done"))
    person.env["DBUS_SESSION_BUS_ADDRESS"] = person.life.env["DBUS_SESSION_BUS_ADDRESS"] = desk.bus.address
    person.life.begin()
    found = person.findings()
    assert [each for each in found if each["level"] == "problem"] == []
    daemon = next(each for each in found if each["name"] == "daemon")
    assert re.fullmatch(r"running for \d+ s; it is \w+", daemon["text"])
    prompt = next(each for each in found if each["name"] == "test prompt")
    assert prompt["text"].startswith("shown; answered with a click after ")


def test_a_daemon_that_hangs_is_a_problem_and_hangs_nobody_else(person: Person) -> None:
    person.life.begin()
    assert person.life.process is not None
    person.life.process.send_signal(signal.SIGSTOP)
    ((level, text, remedy),) = person.about("daemon", "--no-prompt")
    assert level == "problem"
    assert text.startswith("neckguard does not answer")
    assert remedy == "systemctl --user restart neckguard"


def test_broken_settings_are_placed_but_what_the_person_wrote_is_not_repeated(person: Person) -> None:
    person.life.save(PRIVATE_SETTINGS)
    remedy = "neckguard config check (it says what is allowed)"
    assert person.about("settings") == [
        ("problem", f"~/.config/neckguard/config.toml:{line}: {key} is not valid", remedy)
        for line, key in (
            (3, "reminders.….every"),
            (5, "reminders.….mesage"),
            (7, "hooks.on_prompt"),
            (9, "quiet.settle"),
        )
    ] + [("warning", "until that is mended, the built-in settings stay in force", "")]


def test_settings_that_are_valid_and_may_not_be_meant_are_placed_too(person: Person) -> None:
    person.life.save('[reminders.brake]\nevery = "2h"\n[hooks]\non_prompt = ["secret-program"]\n')
    remedy = "neckguard config check (it says what is allowed)"
    file = "~/.config/neckguard/config.toml"
    assert person.about("settings") == [
        ("ok", f"{file} is valid", ""),
        ("problem", f"{file}:4: hooks.on_prompt names what cannot be used here", remedy),
        ("warning", f"{file}:1: reminders.… may not be what you meant", remedy),
    ]


def test_nothing_private_is_printed(person: Person, desk: Desk) -> None:
    desk.server(name="nora's server")
    person.life.save(PRIVATE_SETTINGS)
    person.env["DBUS_SESSION_BUS_ADDRESS"] = desk.bus.address
    shown = person.doctor("--no-prompt")
    host = re.escape(os.uname().nodename)
    for private in ("nora", "Vera", "vera", "divorce", "secret", "token", str(person.life.base)):
        assert private not in shown.out
    assert not re.search(rf"\b{host}\b", shown.out)
    assert "USER's server 1.0" in shown.out


def test_every_line_fits_into_80_columns_and_starts_with_its_level(person: Person) -> None:
    shown = person.doctor()
    lines = shown.out.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    *findings, empty, verdict = lines
    assert (empty, verdict) == ("", "3 problems that only you can mend.")
    assert {line[:9].strip() for line in findings} == {"ok", "warning", "problem", ""}
    assert shown.err == ""
    assert shown.code == 1


def on_a_terminal(person: Person, **extra: str) -> str:
    """What it prints there."""
    ours, its = pty.openpty()
    with subprocess.Popen(
        [PROGRAM, "doctor", "--no-prompt"], env=person.env | extra, stdin=its, stdout=its, stderr=its
    ):
        os.close(its)
        said = b""
        try:
            while more := os.read(ours, 65536):
                said += more
        except OSError:  # how a terminal ends
            pass
    os.close(ours)
    return said.decode()


def test_levels_are_coloured_on_a_terminal(person: Person) -> None:
    del person.env["NO_COLOR"]
    assert "\x1b[31mproblem  \x1b[0mdaemon" in on_a_terminal(person)


def test_no_color_is_respected(person: Person) -> None:
    said = on_a_terminal(person, NO_COLOR="1")
    assert "problem  daemon" in said
    assert "\x1b" not in said


def test_a_console_backend_needs_no_server(person: Person) -> None:
    person.life.save('[notify]\nbackend = "console"\n')
    found = dict(person.levels())
    assert (found["session bus"], found["notifications"]) == ("warning", "ok")
