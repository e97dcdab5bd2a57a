"""Draws the figures of the movements from their joints: `python -m neckguard.content.figures`.

They ship drawn, so that showing one costs the daemon no more than a path.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from math import atan2, cos, radians, sin
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

_STYLE = (
    "rect{fill:#f6f1e7}path,ellipse{fill:none;stroke-linecap:round;stroke-linejoin:round}"
    ".prop{stroke:#b9ad98;stroke-width:3}.start{stroke:#c9cdd2;stroke-width:4}"
    ".band{stroke:#2f7f79;stroke-width:2.4}.end{stroke:#27364a;stroke-width:4}.fill{fill:#27364a;stroke:none}.move{stroke:#c2501c;stroke-width:3.4}"
    "@media (prefers-color-scheme:dark){rect{fill:#232a33}.prop{stroke:#6b6557}.start{stroke:#4c5663}"
    ".end{stroke:#e8edf3}.band{stroke:#68bdb5}.fill{fill:#e8edf3}.move{stroke:#f2935c}}"
)
_TIP = 7.0  # how long the two lines of an arrow's tip are

Point = Sequence[float]


def draw(name: str, joints: dict[str, Any]) -> str:
    """The picture of one movement."""
    figure = joints["figures"][name]
    view = joints["views"][figure["view"]]
    face = not figure.get("faceless")
    parts = [
        *_paths("prop", figure.get("props", view.get("props", []))),
        *_body("start", view, figure.get("start", {}), face=face),
        *_paths("band", figure.get("bands", [])),
        *_body("end", view, figure.get("start", {}) | figure.get("end", {}), face=face),
        *(_arrow(figure[key]) for key in ("arrow", "arrow2") if key in figure),
    ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100">'
        f'<style>{_STYLE}</style><rect width="100" height="100" rx="14"/>'
        f'<g transform="translate(5 5) scale(.9)">{"".join(parts)}</g></svg>\n'
    )


def _body(kind: str, view: dict[str, Any], pose: dict[str, Any], *, face: bool) -> Iterator[str]:
    at = view["joints"] | pose
    yield from _paths(kind, ([at[joint] for joint in line] for line in view["lines"]))
    tilt = pose.get("tilt", 0)
    (x, y), (wide, high) = at["head"], view["size"]
    chin = (x - sin(radians(tilt)) * high, y + cos(radians(tilt)) * high)
    yield from _paths(kind, [[chin, at[view["neck"]]]])
    yield f'<g transform="rotate({tilt} {x} {y})">'
    yield f'<ellipse class="{kind}" cx="{x}" cy="{y}" rx="{wide}" ry="{high}"/>'
    if kind == "end" and face:
        yield from _face(view, pose, x, y)
    yield "</g>"


def _face(view: dict[str, Any], pose: dict[str, Any], x: float, y: float) -> Iterator[str]:
    """Eyes and a nose: they say where it looks."""
    wide, high = view["size"]
    if view.get("profile"):
        tip, lip = (x + wide * 1.3, y + high * 0.3 - 1), (x + wide * 0.95, y + high * 0.3 - 1)
        yield from _paths("end", [[(x + wide, y - 1), tip, lip]])
        yield _dot(x + wide * 0.5, y - high * 0.2, wide)
        return
    x, y = x + pose.get("look", 0), y + pose.get("nod", 0)
    for aside in (-1, 1):
        yield _dot(x + aside * wide * 0.36, y - high * 0.12, wide)
    yield f'<path class="end" style="stroke-width:2.4" d="M{_say(x)} {_say(y)}v{_say(high * 0.28)}"/>'


def _dot(x: float, y: float, wide: float) -> str:
    return f'<circle class="fill" cx="{_say(x)}" cy="{_say(y)}" r="{_say(wide * 0.13)}"/>'


def _arrow(points: Sequence[Point]) -> str:
    """Curves, each bent by the point before its end, with a tip at the last one."""
    *_, by, end = points
    way = atan2(end[1] - by[1], end[0] - by[0])
    tips = [(end[0] - _TIP * cos(way + turn), end[1] - _TIP * sin(way + turn)) for turn in (0.55, -0.55)]
    curve = f"M{_pair(points[0])}" + "".join(
        f"Q{_pair(over)} {_pair(to)}" for over, to in zip(points[1::2], points[2::2], strict=True)
    )
    return f'<path class="move" d="{curve}M{_pair(tips[0])}L{_pair(end)}L{_pair(tips[1])}"/>'


def _paths(kind: str, lines: Iterable[Sequence[Point]]) -> Iterator[str]:
    for line in lines:
        yield f'<path class="{kind}" d="M{"L".join(map(_pair, line))}"/>'


def _pair(point: Point) -> str:
    return f"{_say(point[0])} {_say(point[1])}"


def _say(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def draw_all() -> dict[str, str]:
    """Every picture, by the id of its movement."""
    with (HERE / "joints.toml").open("rb") as file:
        joints = tomllib.load(file)
    return {name: draw(name, joints) for name in joints["figures"]}


if __name__ == "__main__":
    for name, picture in draw_all().items():
        (HERE / f"{name}.svg").write_text(picture, encoding="utf-8")
