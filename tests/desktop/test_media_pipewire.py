"""The shapes of pw-dump's output on GNOME, Plasma, wlroots and others, and output that is none."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
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

from neckguard.core.events import QuietChanged
from neckguard.core.model import QuietReason
from neckguard.desktop.quiet.streams import Graph
from neckguard.process import ToolFailed

MICROPHONE = node(40, "Audio/Source", node__name="alsa_input.usb")
LOUDSPEAKER = node(41, "Audio/Sink", node__name="alsa_output.pci")
WEBCAM = node(42, "Video/Source", node__name="v4l2_input.usb", device__api="v4l2", media__role="Camera")
# As pipewire-pulse and libpipewire describe a browser in a call.
BROWSER = client(50, "Firefox", "firefox")
LISTENING = node(51, "Stream/Input/Audio", node__name="Firefox", client__id=50, client__api="pipewire-pulse")
CALLING = (MICROPHONE, BROWSER, LISTENING, link(60, 40, 51))
VIEWER = node(52, "Stream/Input/Video", node__name="webrtc-consume-stream", client__id=50)
# Mutter sets no property: the class comes with the direction, the name with the stream.
GNOME = node(70, "Stream/Output/Video", node__name="gnome-shell", media__name="meta-screen-cast-src")
KDE = node(70, "Stream/Output/Video", node__name="kwin_wayland", media__name="kwin-screencast-eDP-1")
NIRI = node(70, "Stream/Output/Video", node__name="niri", media__name="niri-screen-cast-src")
WLROOTS = node(70, "Video/Source", node__name="xdg-desktop-portal-wlr", media__name="xdpw-stream-KcbHpC")
HYPRLAND = node(
    70, "Video/Source", node__name="xdg-desktop-portal-hyprland", media__name="xdph-streaming-a1b2c3"
)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with machine_in(tmp_path / "machine") as machine, only_tools_of(machine):
        machine.socket("pipewire-0")
        yield machine


def seen(machine: Machine, *objects: dict[str, Any]) -> tuple[QuietChanged, ...]:
    machine.tells("pw-dump", dump(*objects))
    looker = Looker(machine)
    told = looker.look()
    assert looker.media.status()["problem"] == ""
    return told


def test_a_call_is_named_by_the_application(machine: Machine) -> None:
    assert seen(machine, *CALLING) == call("microphone in use", "Firefox")


@pytest.mark.parametrize(
    "shown", [GNOME, KDE, NIRI, WLROOTS, HYPRLAND], ids=lambda each: each["info"]["props"]["node.name"]
)
def test_a_running_screencast_is_a_shared_screen(machine: Machine, shown: dict[str, Any]) -> None:
    assert seen(machine, shown, BROWSER, VIEWER, link(80, 70, 52)) == presenting("Firefox")
    assert seen(machine, shown) == presenting("")
    resting = {**shown, "info": {**shown["info"], "state": "suspended"}}
    assert seen(machine, resting, BROWSER, VIEWER, link(80, 70, 52)) == QUIET


def test_a_call_with_camera_and_screen_is_told_as_a_whole(machine: Machine) -> None:
    sharing = (GNOME, WEBCAM, VIEWER, link(80, 70, 52), link(81, 42, 52))
    assert seen(machine, *CALLING, *sharing) == (
        QuietChanged(QuietReason.CALL, "microphone and camera in use", "Firefox"),
        QuietChanged(QuietReason.PRESENTING, "the screen is shared", "Firefox"),
    )


def test_a_camera_seen_by_way_of_pipewire_is_a_call_and_no_shared_screen(machine: Machine) -> None:
    assert seen(machine, WEBCAM, BROWSER, VIEWER, link(80, 42, 52)) == call("camera in use", "Firefox")
    assert seen(machine, WEBCAM, BROWSER) == QUIET


def test_the_thumbnails_of_plasma_share_nothing(machine: Machine) -> None:
    plasma = client(50, "plasmashell", "plasmashell")
    assert seen(machine, KDE, plasma, VIEWER, link(80, 70, 52)) == QUIET


@pytest.mark.parametrize(
    ("state", "properties"),
    [
        ("idle", {}),
        ("suspended", {}),
        ("running", {"stream.capture.sink": True}),
        ("running", {"stream.monitor": "true", "media.name": "Peak detect"}),
        ("running", {"resample.peaks": "1"}),
        ("running", {"node.link-group": "filter-chain-812-18", "node.name": "capture.rnnoise_source"}),
        ("running", {"node.link-group": "echo-cancel-812-19", "node.virtual": True}),
    ],
)
def test_what_records_without_listening_is_no_call(
    machine: Machine, state: str, properties: dict[str, Any]
) -> None:
    stream = node(51, "Stream/Input/Audio", state, client__id=50, **properties)
    assert seen(machine, MICROPHONE, BROWSER, stream, link(60, 40, 51)) == QUIET


def test_what_is_linked_to_a_loudspeaker_only_is_no_call(machine: Machine) -> None:
    assert seen(machine, MICROPHONE, LOUDSPEAKER, BROWSER, LISTENING, link(60, 41, 51)) == QUIET


def test_a_microphone_behind_a_noise_filter_is_a_call(machine: Machine) -> None:
    clean = node(43, "Audio/Source/Virtual", node__name="rnnoise_source", node__link_group="filter-chain")
    assert seen(machine, clean, BROWSER, LISTENING, link(60, 43, 51)) == call("microphone in use", "Firefox")


@pytest.mark.parametrize("size", [1, 7, 1000, 65536])
def test_the_output_may_come_in_any_pieces(size: int) -> None:
    text = dump(*CALLING, client(90, 'Zo\u00eb } ] \\ "', "zoe"))
    graph = Graph()
    for start in range(0, len(text), size):
        graph.feed(text[start : start + size])
    graph.finish()
    assert graph.microphone() == [("Firefox", "firefox")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[",
        dump(*CALLING)[:-3],
        '[{"id": 1},',
        '[{"id": ' + "[" * 100_000,
        '[{"id": 1} nonsense]',
    ],
    ids=["empty", "words", "begun", "cut", "half", "deep", "trailing"],
)
def test_nonsense_is_refused(text: str) -> None:
    graph = Graph()

    def read() -> None:
        graph.feed(text)
        graph.finish()

    with pytest.raises(ToolFailed, match=r"^pw-dump tells nonsense$"):
        read()


def test_an_object_without_end_is_refused_soon() -> None:
    graph = Graph()
    graph.feed('[{"id": "' + "x" * 1_000_000)
    with pytest.raises(ToolFailed, match=r"^pw-dump tells nonsense$"):
        graph.feed("x" * 100_000)


@pytest.mark.parametrize(
    "lie",
    [
        {"id": "51"},
        {"type": 7},
        {"info": None},
        {"info": {"state": "running", "props": None}},
        {"info": {"state": "running", "props": {"media.class": ["Stream/Input/Audio"], "client.id": "x"}}},
        {"info": {"state": -1, "props": {"media.class": "Stream/Input/Audio"}}},
    ],
    ids=json.dumps,
)
def test_objects_of_wrong_types_are_passed_over(machine: Machine, lie: dict[str, Any]) -> None:
    wrong = {**LISTENING, **lie}
    assert seen(machine, MICROPHONE, BROWSER, wrong, link(60, 40, 51)) == QUIET
    assert seen(machine, wrong, *CALLING) == call("microphone in use", "Firefox")


def test_names_of_wrong_types_are_left_out(machine: Machine) -> None:
    stream = node(51, "Stream/Input/Audio", application__name=["x"], node__name=5, client__id=-1)
    assert seen(machine, MICROPHONE, stream, link(60, 40, 51)) == call("microphone in use", "")


def test_names_are_fit_to_be_shown(machine: Machine) -> None:
    stream = node(51, "Stream/Input/Audio", application__name="\x1b]0;me\n\ud800" + "o" * 1000)
    shown = "]0;me \ufffd" + "o" * 72
    assert seen(machine, MICROPHONE, stream, link(60, 40, 51)) == call("microphone in use", shown)


def test_a_megabyte_of_other_objects_does_not_matter(machine: Machine) -> None:
    ports = [
        {"id": 1000 + number, "type": "PipeWire:Interface:Port", "info": {"props": {"port.name": "y" * 1000}}}
        for number in range(1000)
    ]
    assert seen(machine, *ports, *CALLING) == call("microphone in use", "Firefox")
