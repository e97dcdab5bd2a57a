"""Where the sitting clock stood: an absence is found out later than it began, and time is taken back."""

from collections import deque
from collections.abc import Iterable

_KEPT = 64  # changes; far more than happen within the longest absence that is found out late


class SittingLog:
    """When the sitting clock ran and when it stood still. Times on the boot clock, all in seconds."""

    def __init__(self) -> None:
        self.marks: deque[tuple[float, float, bool]] = deque(maxlen=_KEPT)

    def mark(self, boot: float, sitting: float, *, runs: bool) -> None:
        """From `boot` on, when it showed `sitting`, it runs or stands still."""
        if not self.marks or self.marks[-1][2] is not runs:
            self.marks.append((boot, sitting, runs))

    def at(self, boot: float) -> float:
        """What it showed then, as far back as is known."""
        for began, sitting, runs in reversed(self.marks):
            if began <= boot:
                return sitting + (boot - began if runs else 0.0)
        return self.marks[0][1] if self.marks else 0.0

    def restore(self, marks: Iterable[tuple[float, float, bool]], shift: float) -> None:
        """Go on with the marks of a life in which the boot clock read `shift` less."""
        self.marks.extend((boot + shift, sitting, runs) for boot, sitting, runs in marks)

    def forget(self) -> None:
        """Keep nothing of the comings and goings before the last one."""
        last = [*self.marks][-1:]
        self.marks.clear()
        self.marks.extend(last)

    def begin_anew(self, boot: float, sitting: float, *, runs: bool) -> None:
        """What was before no longer matters: somebody went or came at `boot`."""
        self.marks.clear()
        self.marks.append((boot, sitting, runs))
