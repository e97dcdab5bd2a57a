"""Small pictures of letters."""

import sys
from io import BytesIO, TextIOWrapper

import pytest

from neckguard.cli.history.stats_page import bar, spark, squeeze


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(BytesIO(), "utf-8"))


@pytest.mark.parametrize(
    ("value", "drawn"), [(0, ""), (0.001, "█"), (5, "█████"), (5.4, "█████"), (10, "██████████")]
)
def test_a_bar_is_as_long_as_its_value_but_never_nothing_for_something(value: float, drawn: str) -> None:
    assert bar(value, 10, 10) == drawn


def test_a_spark_line_spans_the_whole_scale_and_leaves_gaps() -> None:
    assert spark([0, 1, 2, 3, 4, 5, 6, 7, None, 7], 7) == "▁▂▃▄▅▆▇█ █"


def test_an_encoding_without_blocks_gets_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(BytesIO(), "latin-1"))
    assert bar(3, 3, 3) == "###"
    assert spark([0, 7], 7) == ".#"


@pytest.mark.parametrize(
    ("values", "squeezed"),
    [([], []), ([1, 2, 3], [1, 2, 3]), ([1, 3, 5, 7, 0, 2], [2, 6, 1]), ([1, 2, 6, 8], [1, 4, 8])],
)
def test_many_values_are_squeezed_into_means_of_neighbours(
    values: list[float], squeezed: list[float]
) -> None:
    assert squeeze(values, 3) == squeezed
