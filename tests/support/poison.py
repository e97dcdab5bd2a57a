"""Text that would command a terminal, turn lines around or break a bar, and how it is found."""

import unicodedata
from collections.abc import Iterator
from typing import Any

POISON = (
    "\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b31m\x9d0;owned\x9c\x7f\x08\r\x85\x0b\u2028\u2029"
    "\u202eevil\u202c\u2066\u2069\u206f\ufeff\ufffb\ufdd1\ufdd7"
)
LEFT = "]0;owned[2J[31m31m0;owned     evil"
"""What may be shown of it: no more of it than spaces and what can be printed."""

_TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}  # classes of direction
_ALSO = set("\u2028\u2029\u206f\ufeff\ufffb\ufdd1\ufdd7")


def poison_in(text: str) -> set[str]:
    """The characters of it that no text may have."""
    return {letter for letter in text if _is_poison(letter)}


def texts_in(value: Any) -> Iterator[str]:
    """All text in plain data, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts_in([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_in(each)


def _is_poison(letter: str) -> bool:
    if letter in "\n\t":
        return False
    turns = unicodedata.bidirectional(letter) in _TURNS
    return turns or letter in _ALSO or unicodedata.category(letter) in ("Cc", "Cs")
