"""What `pactl list` tells: who listens to a microphone. It serves PulseAudio, and PipeWire in its place."""

import re

from neckguard.desktop.quiet.names import Names, listens, names_in
from neckguard.process import ToolFailed

_HEAD = re.compile(r"(\S.*) #(\d+)$")
_FIELD = re.compile(r"\t([A-Z][\w ]*): (.*)$")
_PROPERTY = re.compile(r'\t\t(\S+) = "(.*)"$')
_NONE = "n/a"


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
