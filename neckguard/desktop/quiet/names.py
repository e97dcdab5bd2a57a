"""By which names applications are known, and which recording streams are no listening."""

from collections.abc import Mapping
from typing import Any

Names = tuple[str, ...]
"""All names of one application, the one to show first."""

_NAMES = ("application.name", "application.process.binary", "node.name")
# Level meters of volume controls, streams that record what is played, and the inner ends of loopbacks, echo
# cancellers and noise filters, which record for ever (PipeWire: pipewire/keys.h; `resample.peaks` is what
# pipewire-pulse sets for PA_STREAM_PEAK_DETECT).
_FLAGS = ("stream.monitor", "stream.capture.sink", "resample.peaks")
_LINK_GROUP = "node.link-group"
_LONGEST = 80  # characters


def names_in(*properties: Mapping[str, Any]) -> Names:
    """The names that stand in the properties of a stream, and of its client."""
    return known_as(*(given.get(key) for key in _NAMES for given in properties))


def known_as(*names: Any) -> Names:
    """Those that are names, fit to be shown: an application may call itself anything, at any length."""
    texts = (name for name in names if isinstance(name, str))
    shown = ("".join(filter(str.isprintable, text))[:_LONGEST] for text in texts)
    return tuple(dict.fromkeys(filter(None, shown)))


def listens(properties: Mapping[str, Any]) -> bool:
    """Whether a recording stream with these properties may belong to somebody who listens."""
    # pw-dump writes the same flag as true, "true" or "1", depending on who set it.
    flagged = any(str(properties.get(flag, "")).lower() in ("true", "1") for flag in _FLAGS)
    return not flagged and not properties.get(_LINK_GROUP)
