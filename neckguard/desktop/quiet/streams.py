"""Who listens to a microphone, looks through a camera or gets the screen, as `pw-dump` and `pactl` tell.

pw-dump prints one JSON list of all objects of PipeWire, often half a megabyte. They are decoded one by one as
they come, and only few properties of few objects are kept: decoded at once they would leave the process a
megabyte larger. `pactl list` serves PulseAudio, and PipeWire in its place.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from neckguard.process import ToolFailed
from neckguard.texts import brief

Names = tuple[str, ...]
"""All names of one application, the one to show first."""

_NAMES = ("application.name", "application.process.binary", "node.name")
# Level meters of volume controls, streams that record what is played, and the inner ends of loopbacks, echo
# cancellers and noise filters, which record for ever (PipeWire: pipewire/keys.h; `resample.peaks` is what
# pipewire-pulse sets for PA_STREAM_PEAK_DETECT).
_FLAGS = ("stream.monitor", "stream.capture.sink", "resample.peaks")
_LINK_GROUP = "node.link-group"

# pw-dump
_BETWEEN = re.compile(r"[\s,\[]*")
_LARGEST_OBJECT = 1 << 20  # characters
_MICROPHONES = ("Audio/Source", "Audio/Duplex")  # also Audio/Source/Virtual: filters in front of one
_CAMERA = "Video/Source"
_PICTURES = (_CAMERA, "Stream/Output/Video")
_KEPT = (
    "application.name",
    "application.process.binary",
    "client.id",
    "media.class",
    "media.name",
    "node.link-group",
    "node.name",
    "resample.peaks",
    "stream.capture.sink",
    "stream.monitor",
)
# How the streams of screen contents are called: "meta-screen-cast-src" by Mutter, "niri-screen-cast-src",
# "kwin-screencast-eDP-1"; "xdpw-stream-…" and "xdph-streaming-…" are nodes named xdg-desktop-portal-wlr and
# -hyprland. A camera is "v4l2_input.…" or "libcamera_input.…".
_SCREENS = ("screen-cast", "screencast", "xdg-desktop-portal", "xdpw-", "xdph-")
# Plasma draws the thumbnails of its task manager from screencasts of its own.
_OWN_THUMBNAILS = "plasmashell"

_decoder = json.JSONDecoder()

# pactl
_HEAD = re.compile(r"(\S.*) #(\d+)$")
_FIELD = re.compile(r"\t([A-Z][\w ]*): (.*)$")
_PROPERTY = re.compile(r'\t\t(\S+) = "(.*)"$')
_NONE = "n/a"


def names_in(*properties: Mapping[str, Any]) -> Names:
    """The names that stand in the properties of a stream, and of its client."""
    return known_as(*(given.get(key) for key in _NAMES for given in properties))


def known_as(*names: Any) -> Names:
    """Those that are names, fit to be shown."""
    texts = (name for name in names if isinstance(name, str))
    return tuple(dict.fromkeys(filter(None, map(brief, texts))))


def listens(properties: Mapping[str, Any]) -> bool:
    """Whether a recording stream with these properties may belong to somebody who listens."""
    # pw-dump writes the same flag as true, "true" or "1", depending on who set it.
    flagged = any(str(properties.get(flag, "")).lower() in ("true", "1") for flag in _FLAGS)
    return not flagged and not properties.get(_LINK_GROUP)


class Graph:
    """The graph of PipeWire, as far as it matters here."""

    def __init__(self) -> None:
        self._text = ""
        self._clients: dict[int, dict[str, Any]] = {}
        self._running: dict[int, dict[str, Any]] = {}
        self._links: list[tuple[int, int]] = []
        self._ended = False

    def feed(self, text: str) -> None:
        """Take the next piece.

        Raises:
            ToolFailed: this is no output of pw-dump.
        """
        self._text += text
        at = self._skip(0)
        while not self._ended and at < len(self._text):
            try:
                found, end = _decoder.raw_decode(self._text, at)
            except (ValueError, RecursionError) as error:
                if self._text[at] != "{" or len(self._text) - at > _LARGEST_OBJECT:
                    raise ToolFailed("pw-dump tells nonsense") from error
                break  # the rest comes with the next piece
            self._keep(found)
            at = self._skip(end)
        self._text = self._text[at:]

    def finish(self) -> None:
        """Take that nothing more comes.

        Raises:
            ToolFailed: something is missing.
        """
        if not self._ended:
            raise ToolFailed("pw-dump tells nonsense")

    def microphone(self) -> list[Names]:
        """Who listens: streams that run, and to which a source of sound is linked."""
        return [
            self._names(node)
            for node, properties in self._of_class("Stream/Input/Audio")
            if listens(properties) and any(self._is(source, _MICROPHONES) for source in self._sources(node))
        ]

    def camera(self) -> list[Names]:
        """Who looks through a camera by way of PipeWire."""
        return [
            self._names(node)
            for node, _ in self._of_class("Stream/Input/Video")
            if any(self._is(each, (_CAMERA,)) and not self._is_screen(each) for each in self._sources(node))
        ]

    def screen(self) -> list[Names]:
        """Who gets the contents of the screen; an empty entry where that is not known."""
        found: list[Names] = []
        for node in filter(self._is_screen, self._running):
            viewers = [self._names(reader) for source, reader in self._links if source == node]
            found += [names for names in viewers or [()] if _OWN_THUMBNAILS not in names]
        return found

    def _skip(self, at: int) -> int:
        """Where the next object begins."""
        if match := _BETWEEN.match(self._text, at):
            at = match.end()
        self._ended = self._ended or self._text.startswith("]", at)
        return at

    def _keep(self, found: Any) -> None:
        match found:
            case {
                "id": int(key),
                "type": "PipeWire:Interface:Node",
                "info": {"state": "running", "props": dict(given)},
            }:
                self._running[key] = {name: given[name] for name in _KEPT if name in given}
            case {"id": int(key), "type": "PipeWire:Interface:Client", "info": {"props": dict(given)}}:
                self._clients[key] = {name: given[name] for name in _KEPT if name in given}
            case {
                "type": "PipeWire:Interface:Link",
                "info": {"output-node-id": int(source), "input-node-id": int(reader)},
            }:
                self._links.append((source, reader))

    def _of_class(self, name: str) -> list[tuple[int, dict[str, Any]]]:
        return [(key, given) for key, given in self._running.items() if given.get("media.class") == name]

    def _sources(self, node: int) -> list[int]:
        return [source for source, reader in self._links if reader == node]

    def _is(self, node: int, classes: tuple[str, ...]) -> bool:
        return str(self._running.get(node, {}).get("media.class", "")).startswith(classes)

    def _is_screen(self, node: int) -> bool:
        given = self._running[node]
        called = f"{given.get('node.name')} {given.get('media.name')}"
        return self._is(node, _PICTURES) and any(part in called for part in _SCREENS)

    def _names(self, node: int) -> Names:
        given = self._running.get(node, {})
        client = given.get("client.id")
        return names_in(given, self._clients.get(client, {}) if isinstance(client, int) else {})


def listeners(text: str) -> list[Names]:
    """The applications with a recording stream that is not paused and does not record what is played.

    Raises:
        ToolFailed: this is no output of pactl.
    """
    blocks = _blocks(text)
    if "Client" not in {kind for kind, _ in blocks}:  # pactl itself is one
        raise ToolFailed("pactl tells nonsense")
    microphones = {
        number
        for (kind, number), block in blocks.items()
        if kind == "Source" and block.get("Monitor of Sink") == _NONE
    }
    return [
        names_in(block)
        for (kind, _), block in blocks.items()
        if kind == "Source Output"
        and block.get("Source") in microphones
        and block.get("Corked") == "no"
        and block.get("Client") != _NONE  # the modules' own: loopbacks and echo cancellers
        and block.get("Resample method") != "peaks"  # level meters
        and listens(block)
    ]


def _blocks(text: str) -> dict[tuple[str, str], dict[str, str]]:
    """Fields and properties of all objects, by kind and number."""
    blocks: dict[tuple[str, str], dict[str, str]] = {}
    block: dict[str, str] = {}
    for line in text.splitlines():
        if head := _HEAD.match(line):
            block = blocks.setdefault((head[1], head[2]), {})
        elif given := _FIELD.match(line) or _PROPERTY.match(line):
            block[given[1]] = given[2]
    return blocks
