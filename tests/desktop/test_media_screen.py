"""A shared screen, with a real PipeWire and real video streams."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.helpers import give_up, need, wait_until
from support.media_helpers import QUIET, Looker, Machine, machine_in, output, pipewire, presenting
from support.notification_helpers import PrivateBus

# GStreamer's stream has the properties of Mutter's: a name, and the class that comes with its direction.
SHOWN = (
    "videotestsrc",
    "is-live=true",
    "!",
    "video/x-raw,format=BGRx,width=64,height=64,framerate=10/1",
    "!",
)
PROVIDED = ("pipewiresink", "mode=provide", "sync=false", "stream-properties=props,media.name={name}")
VIEWED = ("pipewiresrc", "always-copy=true", "path={node}", "!", "video/x-raw,format=BGRx", "!", "fakesink")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    need("gst-launch-1.0", "gst-inspect-1.0")
    for element in ("pipewiresrc", "videotestsrc", "fakesink"):
        if subprocess.run(["gst-inspect-1.0", element], capture_output=True, check=False).returncode:
            give_up(f"needs GStreamer's {element}")
    with machine_in(tmp_path / "machine") as machine:
        yield machine


def stream(machine: Machine, *parts: str, **values: str) -> subprocess.Popen[bytes]:
    return machine.start("gst-launch-1.0", *(part.format(**values) for part in parts))


def video_node(machine: Machine) -> str:
    """The number of the stream that provides video; empty before it is there."""
    lines = output(machine, "pw-cli", "ls", "Node").split("\tid ")
    return next((each.partition(",")[0] for each in lines if "Stream/Output/Video" in each), "")


@pytest.mark.parametrize(
    ("name", "expected"), [("meta-screen-cast-src", presenting("gst-launch-1.0")), ("my-film", QUIET)]
)
def test_the_screen_is_shared_while_somebody_gets_it(
    machine: Machine, session: PrivateBus, name: str, expected: tuple[object, ...]
) -> None:
    looker = Looker(machine)
    with pipewire(machine, session):
        stream(machine, *SHOWN, *PROVIDED, name=name)
        node = wait_until(lambda: video_node(machine))
        assert looker.look() == QUIET
        viewer = stream(machine, *VIEWED, node=node)
        wait_until(lambda: output(machine, "pw-dump").count('"state": "running"') >= 2)
        assert looker.look() == expected
        viewer.kill()
        looker.sees(*QUIET)
