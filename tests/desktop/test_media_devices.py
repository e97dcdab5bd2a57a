"""Cameras that processes hold open, and sound cards without a sound server."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.helpers import need
from support.media_helpers import QUIET, Looker, Machine, call, machine_in, only_tools_of

RUNNING = "state: RUNNING\nowner_pid   : {thread}\ntrigger_time: 1.0\nhw_ptr      : 48000\n"


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    need("sleep")
    with machine_in(tmp_path / "machine") as machine:
        yield machine


@contextmanager
def held(device: Path) -> Iterator[None]:
    """A process `sleep` that holds the device open."""
    with device.open("rb") as file:
        child = subprocess.Popen(["sleep", "600"], stdin=file)
    try:
        yield
    finally:
        child.kill()
        child.wait()


def test_a_camera_that_a_process_holds_open_is_a_call(machine: Machine) -> None:
    camera = machine.dev / "video0"
    camera.touch()
    (machine.dev / "null").touch()
    looker = Looker(machine, proc="/proc")
    with held(machine.dev / "null"):
        assert looker.look() == QUIET
    with held(camera):
        assert looker.look() == call("camera in use", "sleep")
        assert looker.media.status()["camera"] == "sleep"
        looker.media.configure(True, True, ("SLEEP",))
        assert looker.look() == QUIET
        looker.media.configure(True, True, ())
        assert looker.look() == call("camera in use", "sleep")
    assert looker.look() == QUIET


def test_a_video_decoder_is_no_camera(machine: Machine) -> None:
    camera = machine.dev / "video0"
    camera.touch()
    known = machine.udev / "c0:0"
    looker = Looker(machine, proc="/proc")
    with held(camera):
        known.write_text("E:ID_V4L_PRODUCT=bcm2835-codec-decode\nE:ID_V4L_CAPABILITIES=:\n")
        assert looker.look() == QUIET
        known.write_text("E:ID_V4L_PRODUCT=Webcam\nE:ID_V4L_CAPABILITIES=:capture:\n")
        assert looker.look() == call("camera in use", "sleep")


def process(machine: Machine, pid: int, name: str, *opened: Path) -> None:
    machine.file(f"{pid}/comm", f"{name}\n")
    machine.file(f"{pid}/status", f"Name:\t{name}\nTgid:\t{pid}\n")
    files = machine.proc / str(pid) / "fd"
    files.mkdir()
    for number, path in enumerate(opened):
        (files / str(number)).symlink_to(path)


def test_sound_servers_hold_a_camera_for_others(machine: Machine) -> None:
    camera = machine.dev / "video1"
    camera.touch()
    for pid, name in enumerate(("wireplumber", "pipewire", "pipewire-media-"), 100):
        process(machine, pid, name, camera)
    (machine.proc / "self").symlink_to("100")
    looker = Looker(machine)
    assert looker.look() == QUIET
    process(machine, 200, "zoom", Path("/dev/null"), camera)
    process(machine, 201, "zoom", camera)
    assert looker.look() == call("camera in use", "zoom")


def test_without_a_sound_server_a_recording_sound_card_is_a_call(machine: Machine) -> None:
    looker = Looker(machine)
    process(machine, 300, "baresip")
    machine.file("301/status", "Name:\taudio-in\nTgid:\t300\n")
    machine.file("asound/card0/pcm0p/sub0/status", RUNNING.format(thread=301))
    machine.file("asound/card0/pcm0c/sub0/status", "closed\n")
    machine.file("asound/card0/pcm0c/sub1/status", "state: SETUP\nowner_pid   : 301\n")
    assert looker.look() == QUIET
    machine.file("asound/card1/pcm0c/sub0/status", RUNNING.format(thread=301))
    assert looker.look() == call("microphone in use", "baresip")
    looker.media.configure(True, True, ("baresip",))
    assert looker.look() == QUIET
    looker.media.configure(True, True, ())
    machine.file("asound/card1/pcm0c/sub0/status", RUNNING.format(thread="-7"))
    assert looker.look() == call("microphone in use", "")


def test_sound_servers_hold_a_sound_card_for_others(machine: Machine) -> None:
    process(machine, 300, "pipewire")
    machine.file("301/status", "Name:\tdata-loop.0\nTgid:\t300\n")
    machine.file("asound/card0/pcm0c/sub0/status", RUNNING.format(thread=301))
    assert Looker(machine).look() == QUIET


def test_where_a_sound_server_answers_sound_cards_are_not_asked(machine: Machine) -> None:
    process(machine, 300, "arecord")
    machine.file("asound/card0/pcm0c/sub0/status", RUNNING.format(thread=300))
    machine.socket("pipewire-0")
    looker = Looker(machine)
    with only_tools_of(machine):
        machine.tells("pw-dump", "[]")
        assert looker.look() == QUIET
        machine.tool("pw-dump", "exit 1")
        assert looker.look() == call("microphone in use", "arecord")


@pytest.mark.parametrize(
    "status", ["", "closed", "state: RUNNING", "owner_pid: 5", "\0" * 100_000, "a:b:c\n:::\n"]
)
def test_nonsense_in_the_kernels_files_harms_nobody(machine: Machine, status: str) -> None:
    machine.file("asound/card0/pcm0c/sub0/status", status)
    machine.file("asound/cards", "none\n")
    (machine.dev / "video0").symlink_to("nowhere")
    expected = call("microphone in use", "") if status == "state: RUNNING" else QUIET
    looker = Looker(machine)
    assert looker.look() == expected
    assert looker.media.status()["problem"] == ""


def test_too_many_processes_are_given_up_in_time(machine: Machine) -> None:
    (machine.dev / "video0").touch()
    for pid in range(100, 200):
        process(machine, pid, "busy")
    looker = Looker(machine, limit=0)
    assert looker.look() == QUIET
    assert looker.media.status() == {
        "ok": False,
        "problem": "there are too many processes to look for the camera in time",
        "microphone": "",
        "camera": "",
        "screen": "",
        "asked": [],
    }
