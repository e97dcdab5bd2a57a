"""Tools that are missing, hang, fail or lie; what is switched off."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.helpers import patient, wait_until
from support.media_helpers import (
    QUIET,
    Looker,
    Machine,
    call,
    client,
    dump,
    link,
    machine_in,
    node,
    only_tools_of,
    presenting,
)

LISTENING = (
    node(40, "Audio/Source", node__name="alsa_input.usb"),
    client(50, "Firefox", "firefox"),
    node(51, "Stream/Input/Audio", client__id=50),
    link(60, 40, 51),
)
SHARING = (node(70, "Stream/Output/Video", media__name="meta-screen-cast-src"), link(80, 70, 51))
SHARED = (LISTENING[1], LISTENING[2], *SHARING)
PULSE = """Source #1
	State: RUNNING
	Name: mic
	Monitor of Sink: n/a

Source Output #5
	Driver: protocol-native.c
	Client: 6
	Source: 1
	Corked: no
	Resample method: speex-float-1
	Properties:
		application.name = "Skype: the "call""

Client #6
	Driver: protocol-native.c
"""


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with machine_in(tmp_path / "machine") as machine, only_tools_of(machine):
        yield machine


def asked_and_problem(looker: Looker) -> tuple[list[str], str]:
    status = looker.media.status()
    assert status["ok"] is not bool(status["problem"])
    return status["asked"], status["problem"]


def test_without_sound_server_and_devices_nothing_is_in_use_and_that_is_no_fault(machine: Machine) -> None:
    machine.tool("pw-dump", "exit 1")
    machine.tool("pactl", "exit 1")
    looker = Looker(machine)
    assert looker.look() == QUIET
    assert asked_and_problem(looker) == ([], "")


def test_a_server_without_its_tool_is_a_fault_with_a_remedy(machine: Machine) -> None:
    looker = Looker(machine)
    machine.socket("pulse/native")
    assert looker.look() == QUIET
    assert asked_and_problem(looker) == (
        [],
        "calls cannot be noticed: install pactl (package pulseaudio-utils)",
    )
    machine.socket("pipewire-0")
    remedy = "install pw-dump (package pipewire-bin or pipewire-utils)"
    assert looker.look() == QUIET
    assert asked_and_problem(looker) == ([], f"calls cannot be noticed: {remedy}")
    machine.tells("pactl", PULSE)
    assert looker.look() == call("microphone in use", 'Skype: the "call"')
    assert asked_and_problem(looker) == (["pactl"], f"a shared screen cannot be noticed: {remedy}")
    looker.media.configure(True, False, ())
    assert looker.look() == call("microphone in use", 'Skype: the "call"')
    assert asked_and_problem(looker) == (["pactl"], "")


def test_one_child_is_enough_where_pipewire_has_the_sound(machine: Machine) -> None:
    machine.socket("pipewire-0")
    machine.socket("pulse/native")
    (machine.runtime / "pulse/pid").write_text("77\n")
    machine.file("77/comm", "pipewire-pulse\n")
    machine.tells("pw-dump", dump(*LISTENING))
    machine.tells("pactl", PULSE)
    looker = Looker(machine)
    assert looker.look() == call("microphone in use", "Firefox")
    assert asked_and_problem(looker) == (["pw-dump"], "")


def test_where_pulseaudio_has_the_sound_pipewire_tells_of_screens(machine: Machine) -> None:
    machine.socket("pipewire-0")
    machine.socket("pulse/native")
    (machine.runtime / "pulse/pid").write_text("77\n")
    machine.file("77/comm", "pulseaudio\n")
    machine.tells("pw-dump", dump(*SHARED))
    machine.tells("pactl", PULSE)
    looker = Looker(machine)
    skype, screen = call("microphone in use", 'Skype: the "call"')[0], presenting("Firefox")[1]
    assert looker.look() == (skype, screen)
    assert asked_and_problem(looker) == (["pw-dump", "pactl"], "")
    machine.tool("pw-dump", "exit 3")
    assert looker.look() == call("microphone in use", 'Skype: the "call"')
    assert asked_and_problem(looker) == (["pw-dump", "pactl"], "pw-dump failed with exit code 3")
    looker.media.configure(True, True, ('SKYPE: the "Call"',))
    assert looker.look() == QUIET
    (machine.tools / "pactl").unlink()
    machine.file("asound/card0/pcm0c/sub0/status", "state: RUNNING\n")
    machine.tells("pw-dump", dump(*SHARED))
    assert looker.look() == (call("microphone in use", "")[0], screen)
    assert asked_and_problem(looker) == (
        ["pw-dump"],
        "calls cannot be noticed: install pactl (package pulseaudio-utils)",
    )


def test_what_is_switched_off_is_not_asked(machine: Machine) -> None:
    machine.socket("pipewire-0")
    machine.tells("pw-dump", dump(*LISTENING, *SHARING))
    (machine.dev / "video0").touch()
    files = machine.proc / "100" / "fd"
    files.mkdir(parents=True)
    (files / "3").symlink_to(machine.dev / "video0")
    machine.file("100/comm", "cheese\n")
    machine.file("asound/card0/pcm0c/sub0/status", "state: RUNNING\n")
    looker = Looker(machine)
    everything = looker.look()
    assert everything == (
        call("microphone and camera in use", "Firefox, cheese")[0],
        presenting("Firefox")[1],
    )
    looker.media.configure(True, False, ())
    assert looker.look() == (everything[0], QUIET[1])
    looker.media.configure(False, True, ())
    assert looker.look() == (QUIET[0], everything[1])
    looker.media.configure(False, False, ())
    assert looker.look() == QUIET
    assert looker.media.status() == {
        "ok": True,
        "problem": "",
        "microphone": "",
        "camera": "",
        "screen": "",
        "asked": [],
    }


@pytest.mark.parametrize(("tool", "socket"), [("pw-dump", "pipewire-0"), ("pactl", "pulse/native")])
def test_a_tool_that_hangs_is_killed_with_its_children_and_the_camera_still_counts(
    machine: Machine, tool: str, socket: str
) -> None:
    machine.socket(socket)
    pids = machine.tools / "pids"
    machine.tool(tool, f"/bin/sleep 600 & echo $$ $! > '{pids}'; wait")
    (machine.dev / "video0").touch()
    files = machine.proc / "100" / "fd"
    files.mkdir(parents=True)
    (files / "3").symlink_to(machine.dev / "video0")
    machine.file("100/comm", "cheese\n")
    looker = Looker(machine, limit=3)
    assert looker.look() == call("camera in use", "cheese")
    assert asked_and_problem(looker) == ([tool], f"{tool} does not answer")
    killed = pids.read_text().split()
    wait_until(lambda: not any(map(is_alive, killed)))


def is_alive(pid: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_cancelling_kills_the_tool(machine: Machine) -> None:
    machine.socket("pipewire-0")
    pids = machine.tools / "pids"
    machine.tool("pw-dump", f"echo $$ > '{pids}'; exec /bin/sleep 600")

    async def run() -> None:
        looking = asyncio.create_task(Looker(machine).look_on())
        async with asyncio.timeout(patient(30)):
            while not (pids.exists() and pids.read_text()):  # noqa: ASYNC110 - a file tells nobody
                await asyncio.sleep(0.01)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking

    asyncio.run(run())
    assert not is_alive(pids.read_text().strip())


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("exit 7", "failed with exit code 7"),
        ("kill -9 $$", "failed with exit code -9"),
        ("echo 'Connection failure' >&2", "tells nonsense"),
        ("echo garbage", "tells nonsense"),
        (r"printf '\377\376\0\1'", "tells nonsense"),
    ],
)
@pytest.mark.parametrize(("tool", "socket"), [("pw-dump", "pipewire-0"), ("pactl", "pulse/native")])
def test_a_tool_that_fails_or_lies_claims_nothing(
    machine: Machine, tool: str, socket: str, script: str, problem: str
) -> None:
    machine.socket(socket)
    machine.tool(tool, script)
    looker = Looker(machine)
    assert looker.look() == QUIET
    assert asked_and_problem(looker) == ([tool], f"{tool} {problem}")


@pytest.mark.parametrize(
    ("tool", "socket", "line"),
    [
        ("pw-dump", "pipewire-0", f'{{"id": 1, "x": "{"y" * 10_000}"}},'),
        ("pactl", "pulse/native", "Source #1"),
    ],
)
def test_a_tool_that_tells_without_end_is_killed(machine: Machine, tool: str, socket: str, line: str) -> None:
    machine.socket(socket)
    (machine.tools / "line").write_text(line)
    machine.tool(tool, f"exec /usr/bin/yes \"$(/bin/cat '{machine.tools}/line')\"")
    looker = Looker(machine)
    assert looker.look() == QUIET
    assert asked_and_problem(looker) == ([tool], f"{tool} tells without end")


def test_a_tool_that_cannot_be_run_is_named(machine: Machine) -> None:
    machine.socket("pipewire-0")
    (machine.tools / "pw-dump").write_bytes(b"\x7fELF but no program")
    (machine.tools / "pw-dump").chmod(0o755)
    looker = Looker(machine)
    assert looker.look() == QUIET
    assert asked_and_problem(looker) == (["pw-dump"], "pw-dump cannot be run: Exec format error")


def test_a_fault_is_logged_once_and_no_application_is(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "neckguard")
    machine.socket("pipewire-0")
    machine.tool("pw-dump", "exit 7")
    looker = Looker(machine)
    looker.look()
    looker.look()
    machine.tells("pw-dump", dump(*LISTENING))
    looker.look()
    assert [record.getMessage() for record in caplog.records] == [
        "A call or a shared screen may go unnoticed: pw-dump failed with exit code 7."
    ]
