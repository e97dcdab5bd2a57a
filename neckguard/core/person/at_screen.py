"""How long somebody was at the screen since an instant, such as midnight. Seconds, on the boot clock."""

from typing import Any

from neckguard.core.codec import from_plain

_REMEMBERED = 2 * 86400.0  # the longest day has 25 hours, and who flies west may have a midnight far behind
_MOST = 300  # stretches; far more than anybody's in so long a time

Stretch = tuple[float, float]
"""From coming to leaving."""


class AtScreen:
    """The stretches at the screen in the last days.

    They are kept, not their sum: which midnight counts may turn out late, when the clock is set or the zone
    changes.
    """

    def __init__(self, since: float) -> None:
        self._since = since  # when the stretch began that goes on
        self._past: tuple[Stretch, ...] = ()

    def leave(self, left: float, back: float) -> None:
        """Nobody was there from one time to the other, which is now."""
        self._past = tuple(
            (began, min(ended, left))
            for began, ended in (*self._past, (self._since, left))
            if began < left and ended > back - _REMEMBERED
        )[-_MOST:]
        self._since = back

    def between(self, since: float, until: float) -> float:
        """How many seconds, as far as is remembered; nobody was there after `until`."""
        stretches = (*self._past, (self._since, until))
        return sum(max(0.0, min(ended, until) - max(began, since)) for began, ended in stretches)

    def forget(self) -> None:
        """Keep nothing of the stretches that are over."""
        self._past = ()

    # ---- what survives a restart --------------------------------------------------------------------------

    def saved(self) -> list[Any]:
        """When the stretch began that goes on, and those before it."""
        return [self._since, [list(each) for each in self._past]]

    def restore(self, saved: Any, shift: float) -> None:
        """Go on with what was saved; the boot clock reads `shift` more than it would have.

        Raises:
            ValueError: it does not fit.
        """
        since, past = from_plain(tuple[float, tuple[Stretch, ...]], saved)
        self._since = since + shift
        self._past = tuple((began + shift, ended + shift) for began, ended in past)
