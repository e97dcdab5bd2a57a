"""Lines of keys, whatever way of writing TOML."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neckguard.config.locate import find_line, locate

TEXT = '''\
# [not.a.table]
top = 1
[a.b]   # header = no
x = """
[c]
y = 2
\\""" z = 3
"""
"quoted key" = 'it''s'
'lit.eral' = [ # list
  1,
  [2, 3],
  { k = "]", l.m = 4 },

]
d.e . "f" = 1979-05-27 07:32:00
[ "a" . g ]
s = \'\'\'
t = 1\'\'\'
u = """quote at the end""""
after = true
[[list]]
one = 1
[[list]]
one = 2
[list.sub]
two = 3
[[list.deep]]
'''.replace("'it''s'", "'its = 5'")

LINES = {
    ("top",): 2,
    ("a",): 3,
    ("a", "b"): 3,
    ("a", "b", "x"): 4,
    ("a", "b", "quoted key"): 9,
    ("a", "b", "lit.eral"): 10,
    ("a", "b", "lit.eral", 0): 11,
    ("a", "b", "lit.eral", 1): 12,
    ("a", "b", "lit.eral", 1, 0): 12,
    ("a", "b", "lit.eral", 1, 1): 12,
    ("a", "b", "lit.eral", 2): 13,
    ("a", "b", "lit.eral", 2, "k"): 13,
    ("a", "b", "lit.eral", 2, "l"): 13,
    ("a", "b", "lit.eral", 2, "l", "m"): 13,
    ("a", "b", "d"): 16,
    ("a", "b", "d", "e"): 16,
    ("a", "b", "d", "e", "f"): 16,
    ("a", "g"): 17,
    ("a", "g", "s"): 18,
    ("a", "g", "u"): 20,
    ("a", "g", "after"): 21,
    ("list",): 22,
    ("list", 0): 22,
    ("list", 0, "one"): 23,
    ("list", 1): 24,
    ("list", 1, "one"): 25,
    ("list", 1, "sub"): 26,
    ("list", 1, "sub", "two"): 27,
    ("list", 1, "deep"): 28,
    ("list", 1, "deep", 0): 28,
}


def test_every_key_is_found_on_its_line() -> None:
    assert locate(TEXT) == LINES


def test_line_ends_of_other_systems_count_the_same() -> None:
    assert locate(TEXT.replace("\n", "\r\n")) == LINES


def test_a_missing_key_points_to_its_table() -> None:
    assert find_line(LINES, ("a", "b", "nothing", "at", "all")) == 3
    assert find_line(LINES, ("nowhere",)) == 0


names = st.one_of(st.sampled_from("ab"), st.text(st.characters(codec="utf-8"), max_size=3))
strings = st.one_of(st.text(st.characters(codec="utf-8")), st.text("\"'\\#[]{}=\n ", max_size=8))
values = st.recursive(
    st.one_of(st.booleans(), st.integers(-99, 99), strings),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
    max_leaves=6,
)


def escape(text: str) -> str:
    plain = (letter.isprintable() and letter not in '"\\' for letter in text)
    spelt = (letter if fine else f"\\U{ord(letter):08x}" for letter, fine in zip(text, plain, strict=True))
    return f'"{"".join(spelt)}"'


def spell_text(text: str) -> str:
    """In single quotes where it can be, so that brackets and hashes stand there as they are."""
    if "'" not in text and text.isprintable():
        return f"'{text}'"
    if "'''" not in f"{text}'" and text.replace("\n", "").isprintable():
        return f"'''{text}'''"
    return escape(text)


def spell(value: Any, gap: str) -> str:
    match value:
        case bool() | int():
            return str(value).lower()
        case str():
            return spell_text(value)
        case list():
            return f"[{gap}" + "".join(f"{spell(item, gap)} # ]\n,{gap}" for item in value) + "]"
        case _:
            pairs = (
                f"{escape(key)} = {spell(item, '')}".replace(" # ]\n", "") for key, item in value.items()
            )
            return f"{{{', '.join(pairs)}}}"


def paths(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if here:
        yield here
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths(item, (*here, key))


@given(st.dictionaries(names, values, max_size=4), st.sampled_from(["", " ", "\n", " # , [\n"]))
def test_every_key_tomllib_finds_is_found(tree: dict[str, Any], gap: str) -> None:
    text = "".join(f"{escape(key)}={spell(value, gap)}\n" for key, value in tree.items())
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # a string that needed another spelling
        return
    assert set(locate(text)) == set(paths(parsed))


@pytest.mark.parametrize("text", ["", "\n", "# only words"])
def test_nothing_is_nowhere(text: str) -> None:
    assert locate(text) == {}
