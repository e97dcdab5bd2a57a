"""What `pw-dump` tells: who listens to a microphone, looks through a camera or gets the screen.

It prints one JSON list of all objects, often half a megabyte. They are decoded one by one as they come, and
only few properties of few objects are kept: decoded at once they would leave the process a megabyte larger.
"""

import json
import re
from typing import Any

from neckguard.desktop.quiet.names import Names, listens, names_in
from neckguard.process import ToolFailed

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
