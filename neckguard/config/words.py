"""How values and key paths are spelt in messages, and what a misspelt word was probably meant to be."""

import json
import re
from collections.abc import Iterable, Sized
from difflib import get_close_matches

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_LONGEST = 60  # characters of a value that a message repeats
_NEAR = 0.6  # of 1: how alike two words are for one to be a slip of the other

Path = tuple[str | int, ...]


def show(value: object) -> str:
    """The value as TOML would spell it: one line, printable, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _shorten(_quote(value))
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        items = ("[…]" if isinstance(item, list) else show(item) for item in value[:_LONGEST])
        return _shorten(f"[{', '.join(items)}]")
    try:
        return _shorten(str(value))
    except ValueError:  # an integer of more than 4300 digits, which only hexadecimal gets past the parser
        return "a huge number"


def too_long(value: Sized, most: int) -> str:
    """What to say of a text of more than `most` characters, or of a list or table of more entries."""
    parts = "characters" if isinstance(value, str) else "entries"
    return f"{show(value)} has {len(value):,} {parts}; allowed: at most {most:,}"


def show_path(path: Path) -> str:
    """The key path as TOML would spell it; places in lists are left out."""
    return ".".join(_show_key(part) for part in path if isinstance(part, str))


def _show_key(key: str) -> str:
    return _shorten(key) if _BARE_KEY.fullmatch(key) else show(key)


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """`; did you mean X?`, or nothing when no allowed word is near; capitals and hyphens count for little."""
    spelt = {_loosely(candidate): candidate for candidate in allowed}
    near = get_close_matches(_loosely(word[:_LONGEST]), spelt, n=1, cutoff=_NEAR)
    return f"; did you mean {spelt[near[0]]}?" if near else ""


def _loosely(word: str) -> str:
    return word.lower().replace("-", "_")


def listed(words: Iterable[str]) -> str:
    """`a, b, c`."""
    return ", ".join(words)


def _quote(text: str) -> str:
    spelt = json.dumps(text[: _LONGEST + 1], ensure_ascii=False)
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in spelt)


def _shorten(spelt: str) -> str:
    return spelt if len(spelt) <= _LONGEST else f"{spelt[:_LONGEST]}…"
