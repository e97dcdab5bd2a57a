"""The figures of the movements: drawn from their joints, in one style, none for what they could not show."""

import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from neckguard import paths
from neckguard.content import figures, loader
from neckguard.content.figures.__main__ import draw, draw_all

HERE = Path(figures.__file__).parent
JOINTS = tomllib.loads((HERE / "joints.toml").read_text(encoding="utf-8"))
NAMES = sorted(JOINTS["figures"])
MOVEMENTS = {each.id for each in loader.load_stretches()}


def test_the_pictures_that_ship_are_those_of_the_joints() -> None:
    shipped = {file.stem: file.read_text(encoding="utf-8") for file in HERE.glob("*.svg")}
    assert shipped == draw_all()  # else: python -m neckguard.content.figures


def test_each_movement_has_a_picture_but_those_that_cannot_be_drawn() -> None:
    assert MOVEMENTS - set(NAMES) == {"eye-reset", "breath-drop"}
    assert set(NAMES) <= MOVEMENTS


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_stays_inside_its_square(name: str) -> None:
    figure = JOINTS["figures"][name]
    joints = JOINTS["views"][figure["view"]]["joints"]
    known = {*joints, "tilt", "look", "nod"}
    for pose in (figure.get("start", {}), figure.get("end", {})):
        assert set(pose) <= known
    points = [
        point for pose in (joints, figure.get("start", {}), figure.get("end", {})) for point in pose.values()
    ]
    points += [point for key in ("arrow", "arrow2") for point in figure.get(key, [])]
    for point in (each for each in points if isinstance(each, list)):
        assert -3 <= point[0] <= 103 and -3 <= point[1] <= 103  # noqa: PT018 - one point


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_shows_where_it_begins_and_where_it_goes(name: str) -> None:
    root = ET.fromstring(draw(name, JOINTS))
    classes = [each.get("class") for each in root.iter()]
    assert {"start", "end"} <= set(classes)
    if not name.startswith("iso-") and name != "head-turn":
        assert _lines(draw(name, JOINTS), "start") != _lines(draw(name, JOINTS), "end")
    pressing = name.startswith("iso-")
    assert ("move" in classes) is not pressing


def _lines(picture: str, kind: str) -> list[str]:
    return re.findall(rf'class="{kind}" d="([^"]+)"|class="{kind}" (cx="[^"]+" cy="[^"]+")', picture)


@pytest.mark.parametrize("scheme", ["", "@media (prefers-color-scheme:dark)"])
def test_pictures_have_colours_for_light_and_dark(scheme: str) -> None:
    for picture in draw_all().values():
        _, found, rest = picture.partition(scheme) if scheme else ("", "", picture)
        assert rest.startswith("{rect{fill:#232a33}") if found else "rect{fill:#f6f1e7}" in rest


def test_a_movement_leads_to_its_picture() -> None:
    assert Path(paths.picture("chin-tuck")).read_text(encoding="utf-8").startswith("<svg ")
    assert not Path(paths.picture("breath-drop")).exists()
