"""Where the sitting clock stood: an absence is found out later than it began, and time is taken back."""

from collections import deque

_KEPT = 64  # changes; far more than happen within the longest absence that is found out late


class SittingLog:
    """When the sitting clock ran and when it stood still. Times on the boot clock, all in seconds."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, float, bool]] = deque(maxlen=_KEPT)

    def mark(self, boot: float, sitting: float, *, runs: bool) -> None:
        """From `boot` on, when it showed `sitting`, it runs or stands still."""
        if not self._marks or self._marks[-1][2] is not runs:
            self._marks.append((boot, sitting, runs))

    def at(self, boot: float) -> float | None:
        """What it showed then; None: not known any more."""
        for began, sitting, runs in reversed(self._marks):
            if began <= boot:
                return sitting + (boot - began if runs else 0.0)
        return None

    def set_back(self, boot: float, sitting: float) -> None:
        """At `boot` it was set back, and stands still for now."""
        self._marks.clear()
        self._marks.append((boot, sitting, False))
