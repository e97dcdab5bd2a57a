"""What somebody may have meant by a word that is not known; imported only when there is one."""

from __future__ import annotations

from difflib import get_close_matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of one sentence and another that names the nearest word; nothing where none is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.7)
    return f". Did you mean {near[0]}?" if near else ""
