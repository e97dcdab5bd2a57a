"""Microphones, with real sound servers."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.helpers import need, wait_until
from support.media_helpers import (
    QUIET,
    Looker,
    Machine,
    call,
    machine_in,
    output,
    pipewire,
    pulse_stream,
    pulseaudio,
)
from support.notification_helpers import PrivateBus

MICROPHONE = "microphone in use"
PLAIN, PAUSED, METER = 0, 0x0001, 0x0800  # pa_stream_flags_t: START_CORKED, PEAK_DETECT


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with machine_in(tmp_path / "machine") as machine:
        yield machine


def test_pulseaudio_only_a_running_recording_of_a_microphone_is_a_call(machine: Machine) -> None:
    looker = Looker(machine)
    with pulseaudio(machine):
        machine.start("parec", "-d", "out.monitor", "--client-name=Visualiser")
        output(machine, "pactl", "load-module", "module-loopback", "source=mic", "sink=out")
        pulse_stream(machine, PAUSED)
        pulse_stream(machine, METER, rate=25)
        wait_until(lambda: output(machine, "pactl", "list", "short", "source-outputs").count("\n") == 4)
        assert looker.look() == QUIET
        plain = pulse_stream(machine, PLAIN)
        looker.sees(*call(MICROPHONE, "own-client"))
        machine.start("parec", "-d", "mic", "--client-name=Caller")
        looker.sees(*call(MICROPHONE, "Caller, own-client"))
        looker.media.configure(True, True, ("OWN-CLIENT",))
        assert looker.look() == call(MICROPHONE, "Caller")
        looker.media.configure(True, True, ("own-client", "Pacat"))
        assert looker.look() == QUIET
        looker.media.configure(True, True, ("pacat",))
        plain.kill()
        looker.sees(*QUIET)
        assert looker.media.status() == {
            "ok": True,
            "problem": "",
            "microphone": "",
            "camera": "",
            "screen": "",
            "asked": ["pactl"],
        }


def test_pulseaudio_that_hangs_or_dies_claims_nothing_and_is_named(machine: Machine) -> None:
    hasty = Looker(machine, limit=0.5)
    looker = Looker(machine)
    with pulseaudio(machine) as server:
        machine.start("parec", "-d", "mic", "--client-name=Caller")
        looker.sees(*call(MICROPHONE, "Caller"))
        server.send_signal(signal.SIGSTOP)
        assert hasty.look() == QUIET
        assert hasty.media.status()["problem"] == "pactl does not answer"
        server.send_signal(signal.SIGCONT)
        looker.sees(*call(MICROPHONE, "Caller"))
        server.kill()
        server.wait()
        assert looker.look() == QUIET
        assert looker.media.status()["problem"] == "pactl failed with exit code 1"


def test_pipewire_only_a_running_recording_of_a_microphone_is_a_call(
    machine: Machine, session: PrivateBus
) -> None:
    need("pw-loopback")
    looker = Looker(machine)
    with pipewire(machine, session):
        machine.start("pw-record", "-P", "{ stream.capture.sink=true }", "--target", "out", "/dev/null")
        machine.start("pw-loopback", "-C", "mic")
        machine.start("pw-record", "--target", "0", "/dev/null")
        wait_until(lambda: output(machine, "pw-dump").count('"Stream/Input/Audio"') == 3)
        wait_until(lambda: output(machine, "pw-dump").count('"output-node-id"') >= 5)
        assert looker.look() == QUIET
        record = machine.start("pw-record", "--target", "mic", "/dev/null")
        looker.sees(*call(MICROPHONE, "pw-record"))
        looker.media.configure(True, True, ("PW-Cat",))
        assert looker.look() == QUIET
        looker.media.configure(True, True, ())
        assert looker.look() == call(MICROPHONE, "pw-record")
        record.kill()
        looker.sees(*QUIET)
        assert looker.media.status()["asked"] == ["pw-dump"]


def test_pipewire_that_hangs_or_dies_claims_nothing_and_is_named(
    machine: Machine, session: PrivateBus
) -> None:
    hasty = Looker(machine, limit=0.5)
    looker = Looker(machine)
    with pipewire(machine, session) as server:
        machine.start("pw-record", "--target", "mic", "/dev/null")
        looker.sees(*call(MICROPHONE, "pw-record"))
        server.send_signal(signal.SIGSTOP)
        assert hasty.look() == QUIET
        assert hasty.media.status()["problem"] == "pw-dump does not answer"
        server.send_signal(signal.SIGCONT)
        looker.sees(*call(MICROPHONE, "pw-record"))
        server.kill()
        server.wait()
        assert looker.look() == QUIET
        assert looker.media.status()["ok"] is False
