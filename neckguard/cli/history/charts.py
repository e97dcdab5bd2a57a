"""Small pictures of letters. Where the encoding of standard output has no blocks, ASCII has to do."""

from __future__ import annotations

import sys
from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_BLOCKS, _ASCII = "▁▂▃▄▅▆▇█", ".:-=+*%#"


def bar(value: float, top: float, width: int) -> str:
    """A bar of up to `width` letters, which `top` has; what is not nothing has one at least."""
    if value <= 0:
        return ""
    return _letters()[-1] * max(1, round(width * value / top))


def spark(values: Sequence[float | None], top: float) -> str:
    """One letter for each value from 0 to `top`; a space where there is none."""
    letters = _letters()
    highest = len(letters) - 1
    return "".join(" " if value is None else letters[round(value / top * highest)] for value in values)


def squeeze(values: Sequence[float], width: int) -> list[float]:
    """At most `width` values, each the mean of neighbours."""
    count = min(len(values), width)
    edges = [round(index * len(values) / count) for index in range(count + 1)] if count else [0]
    return [sum(values[start:stop]) / (stop - start) for start, stop in pairwise(edges)]


def _letters() -> str:
    try:
        _BLOCKS.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return _ASCII
    return _BLOCKS
