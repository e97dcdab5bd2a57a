"""The icon in dots, for trays that do not find it by its name: a person, and a mark that tells the state.

White with a dark rim, so that it is seen on light and dark; it is told by its shape, not by a colour.
"""

from functools import cache

_SIZE = 22  # pixels; most panels draw it so
_SCALES = (1, 2)
_WHITE, _DARK, _NOTHING = b"\xff\xff\xff\xff", b"\xff\x30\x30\x30", b"\0\0\0\0"  # ARGB, big-endian
_BODY = """
......................
........######........
.......########.......
......##########......
......##########......
......##########......
......##########......
......##########......
.......########.......
........######........
.........####.........
.........####.........
.........####.........
.....############.....
...################...
..##################..
..##################..
.####################.
.####################.
.####################.
.####################.
......................
"""
# At the lower right, over the body and with a gap around.
_MARKS = {
    "paused": """
###..###
###..###
###..###
###..###
###..###
###..###
###..###
###..###
""",
    "quiet": """
########
########
.....##.
....##..
...##...
..##....
########
########
""",
    "problem": """
..####..
..####..
..####..
..####..
...##...
........
..####..
..####..
""",
}
HOLLOW = "away"

Dots = frozenset[tuple[int, int]]


@cache
def pixmaps(shape: str) -> list[tuple[int, int, bytes]]:
    """Width, height and ARGB of each size; `shape` is paused, quiet, away, problem, or empty: it runs."""
    return [_draw(_dots(shape), scale) for scale in _SCALES]


def _dots(shape: str) -> Dots:
    body = _read(_BODY)
    if shape == HOLLOW:
        return body - frozenset(dot for dot in body if _around(dot, 2) <= body)
    if shape not in _MARKS:
        return body
    mark = _read(_MARKS[shape], across=_SIZE - 9, down=_SIZE - 9)
    gap = frozenset(near for dot in mark for near in _around(dot, 3))  # both rims, and air
    return (body - gap) | mark


def _read(rows: str, across: int = 0, down: int = 0) -> Dots:
    return frozenset(
        (across + x, down + y)
        for y, row in enumerate(rows.split())
        for x, letter in enumerate(row)
        if letter == "#"
    )


def _around(dot: tuple[int, int], reach: int) -> Dots:
    x, y = dot
    span = range(-reach, reach + 1)
    return frozenset((x + right, y + down) for right in span for down in span)


def _draw(dots: Dots, scale: int) -> tuple[int, int, bytes]:
    rim = frozenset(near for dot in dots for near in _around(dot, 1)) - dots
    side = _SIZE * scale
    pixels = (
        _WHITE if dot in dots else _DARK if dot in rim else _NOTHING
        for y in range(side)
        for x in range(side)
        for dot in ((x // scale, y // scale),)
    )
    return side, side, b"".join(pixels)
