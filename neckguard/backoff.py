"""Backing off: how long to wait before what failed is tried again."""


class Backoff:
    """Delays that grow from `first` to `last` seconds. It only counts: whoever uses it does the waiting."""

    def __init__(self, first: float, last: float, factor: float = 2.0) -> None:
        self._first = first
        self._last = last
        self._factor = factor
        self._delay = first

    def next(self) -> float:
        """The delay after one more failure."""
        delay = self._delay
        self._delay = min(delay * self._factor, self._last)
        return delay

    def reset(self) -> None:
        """Begin anew with the first delay: something went well."""
        self._delay = self._first
