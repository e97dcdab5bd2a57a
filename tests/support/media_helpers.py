"""Real sound servers, stand-ins for their tools, and the shapes of what PipeWire tells."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from neckguard.core.events import QuietChanged
from neckguard.core.model import QuietReason
from neckguard.desktop.quiet.media import Media
from support.helpers import need, patient, wait_until
from support.notification_helpers import PrivateBus

QUIET = (QuietChanged(QuietReason.CALL, ""), QuietChanged(QuietReason.PRESENTING, ""))

# A recording stream with flags of libpulse and a sample rate.
PULSE_STREAM = """
import ctypes, sys
pulse = ctypes.CDLL("libpulse.so.0")
for name in ("pa_mainloop_new", "pa_mainloop_get_api", "pa_context_new", "pa_stream_new"):
    getattr(pulse, name).restype = ctypes.c_void_p
pointer = ctypes.c_void_p
class Spec(ctypes.Structure):
    _fields_ = [("format", ctypes.c_int), ("rate", ctypes.c_uint32), ("channels", ctypes.c_uint8)]
loop = pulse.pa_mainloop_new()
context = pulse.pa_context_new(pointer(pulse.pa_mainloop_get_api(pointer(loop))), b"own-client")
assert pulse.pa_context_connect(pointer(context), None, 1, None) == 0
while pulse.pa_context_get_state(pointer(context)) != 4:
    assert pulse.pa_mainloop_iterate(pointer(loop), 1, None) >= 0
stream = pulse.pa_stream_new(pointer(context), b"recording", ctypes.byref(Spec(5, int(sys.argv[2]), 1)), None)
assert pulse.pa_stream_connect_record(pointer(stream), b"mic", None, int(sys.argv[1])) == 0
while pulse.pa_stream_get_state(pointer(stream)) != 2:
    assert pulse.pa_mainloop_iterate(pointer(loop), 1, None) >= 0
print("there", flush=True)
while pulse.pa_mainloop_iterate(pointer(loop), 1, None) >= 0:
    pass
"""


class Machine:
    """A runtime directory with its sound servers, kernel files and tools."""

    def __init__(self, folder: Path) -> None:
        self.runtime = folder / "run"
        self.proc = folder / "proc"
        self.dev = folder / "dev"
        self.udev = folder / "udev"
        self.tools = folder / "tools"
        folder.mkdir()
        for each in (self.runtime, self.proc, self.dev, self.udev, self.tools):
            each.mkdir(mode=0o700)
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": str(self.runtime), "HOME": str(folder)}
        self._children: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str, **variables: str) -> subprocess.Popen[bytes]:
        environment = {**self.environment, **variables}
        quiet = subprocess.DEVNULL
        child = subprocess.Popen(command, env=environment, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet)
        self._children.append(child)
        return child

    def end(self) -> None:
        for child in reversed(self._children):
            child.kill()
            child.communicate()

    def socket(self, name: str) -> None:
        """Something that looks as if a server were there."""
        path = self.runtime / name
        path.parent.mkdir(exist_ok=True)
        path.touch()

    def tool(self, name: str, script: str) -> None:
        path = self.tools / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def tells(self, name: str, text: str) -> None:
        """A tool that prints this."""
        (self.tools / f"{name}.out").write_text(text)
        self.tool(name, f"exec /bin/cat '{self.tools}/{name}.out'")

    def file(self, path: str, text: str) -> None:
        """A file of the stand-in for /proc."""
        file = self.proc / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


class Looker:
    """Media, with what it told."""

    def __init__(self, machine: Machine, limit: float = patient(30), proc: str = "") -> None:
        self._told: list[QuietChanged] = []
        self.media = Media(
            self._told.append,
            limit=limit,
            proc=proc or str(machine.proc),
            dev=str(machine.dev),
            udev=str(machine.udev),
        )

    async def look_on(self) -> tuple[QuietChanged, ...]:
        self._told.clear()
        await self.media.look()
        return tuple(self._told)

    def look(self) -> tuple[QuietChanged, ...]:
        return asyncio.run(self.look_on())

    def sees(self, *expected: QuietChanged) -> None:
        """Look until it sees this: a stream needs a moment to run."""
        wait_until(lambda: self.look() == expected)


def call(detail: str, by: str) -> tuple[QuietChanged, QuietChanged]:
    return QuietChanged(QuietReason.CALL, detail, by), QUIET[1]


def presenting(by: str) -> tuple[QuietChanged, QuietChanged]:
    return QUIET[0], QuietChanged(QuietReason.PRESENTING, "the screen is shared", by)


@contextmanager
def pipewire(machine: Machine, bus: PrivateBus) -> Iterator[subprocess.Popen[bytes]]:
    """PipeWire and WirePlumber with a microphone `mic` and a loudspeaker `out`."""
    need("pipewire", "wireplumber", "pw-dump", "pw-cli", "pw-record")
    machine.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.address
    server = machine.start("pipewire")
    wait_until((machine.runtime / "pipewire-0").exists)
    machine.start("wireplumber")
    wait_until(lambda: "wireplumber" in output(machine, "pw-dump"))
    for name, kind in (("mic", "Audio/Source/Virtual"), ("out", "Audio/Sink")):
        settings = f"{{ factory.name=support.null-audio-sink media.class={kind} node.name={name} "
        output(machine, "pw-cli", "create-node", "adapter", f"{settings} object.linger=true }}")
    yield server
    server.send_signal(signal.SIGCONT)


@contextmanager
def pulseaudio(machine: Machine) -> Iterator[subprocess.Popen[bytes]]:
    """PulseAudio with a microphone `mic` and a loudspeaker `out`."""
    need("pulseaudio", "pactl", "parec")
    modules = (
        "module-native-protocol-unix",
        "module-null-sink sink_name=out",
        "module-null-source source_name=mic",
    )
    loads = [part for module in modules for part in ("-L", module)]
    server = machine.start(
        "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=yes", *loads
    )
    machine.environment["PULSE_SERVER"] = f"unix:{machine.runtime}/pulse/native"
    wait_until(lambda: "mic" in output(machine, "pactl", "list"))
    yield server
    server.send_signal(signal.SIGCONT)


def pulse_stream(machine: Machine, flags: int, rate: int = 44100) -> subprocess.Popen[bytes]:
    """A recording stream on `mic`, there."""
    child = machine.start(sys.executable, "-c", PULSE_STREAM, str(flags), str(rate))
    assert child.stdout is not None
    assert child.stdout.readline() == b"there\n"
    return child


def output(machine: Machine, *command: str) -> str:
    ran = subprocess.run(
        command, env=machine.environment, capture_output=True, text=True, check=False, timeout=patient(60)
    )
    return ran.stdout


@contextmanager
def machine_in(folder: Path) -> Iterator[Machine]:
    """A machine, and our own process on it."""
    machine = Machine(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(machine.runtime))
        try:
            yield machine
        finally:
            machine.end()


@contextmanager
def only_tools_of(machine: Machine) -> Iterator[None]:
    """Nothing else can be run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(machine.tools))
        yield


# ---- what pw-dump prints -----------------------------------------------------------------------------------


def node(key: int, kind: str, state: str = "running", **properties: Any) -> dict[str, Any]:
    """A node; `node__name=` stands for `node.name`."""
    given = {name.replace("__", "."): value for name, value in properties.items()}
    return {
        "id": key,
        "type": "PipeWire:Interface:Node",
        "version": 3,
        "info": {
            "state": state,
            "error": None,
            "props": {"media.class": kind, **given},
            "params": {"Props": []},
        },
    }


def client(key: int, name: str, binary: str) -> dict[str, Any]:
    properties = {"application.name": name, "application.process.binary": binary}
    return {"id": key, "type": "PipeWire:Interface:Client", "version": 3, "info": {"props": properties}}


def link(key: int, source: int, reader: int) -> dict[str, Any]:
    info = {"output-node-id": source, "input-node-id": reader, "state": "active"}
    return {"id": key, "type": "PipeWire:Interface:Link", "version": 3, "info": info}


def dump(*objects: dict[str, Any]) -> str:
    core = {"id": 0, "type": "PipeWire:Interface:Core", "info": {"name": "pipewire-0", "props": {}}}
    metadata = {"id": 33, "type": "PipeWire:Interface:Metadata", "props": {}, "metadata": []}
    return json.dumps([core, metadata, *objects], indent=2) + "\n"
