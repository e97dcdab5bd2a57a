"""The icons: neckguard's own, and the states of its tray."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from neckguard import paths

ICONS = sorted(Path(paths.shipped_icons()).glob("*.svg"))
SYMBOLIC = [icon for icon in ICONS if icon.stem.endswith("-symbolic")]
SHAPES = {"path", "circle", "rect"}


def test_there_is_one_in_colour_and_one_for_each_state_of_the_tray() -> None:
    assert [icon.stem for icon in ICONS] == [
        "neckguard-away-symbolic",
        "neckguard-paused-symbolic",
        "neckguard-problem-symbolic",
        "neckguard-quiet-symbolic",
        "neckguard-symbolic",
        "neckguard",
    ]


@pytest.mark.parametrize("icon", SYMBOLIC, ids=lambda icon: icon.stem)
def test_a_symbolic_one_is_shapes_that_are_filled_with_the_colour_of_the_theme(icon: Path) -> None:
    """GTK fills every shape, those that are meant as mere lines as well; Plasma goes by the class."""
    root = ET.parse(icon).getroot()
    assert root.get("viewBox") == "0 0 16 16"
    (group,) = (each for each in root if each.tag.endswith("}g"))
    assert group.attrib == {"class": "ColorScheme-Text", "fill": "currentColor"}
    assert {shape.tag.partition("}")[2] for shape in group} <= SHAPES
    assert not {name for shape in group for name in shape.attrib} & {"fill", "stroke", "style", "class"}


def test_no_two_have_the_same_shape() -> None:
    assert len({icon.read_text() for icon in ICONS}) == len(ICONS)
