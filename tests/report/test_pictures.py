"""The pictures show the numbers: heights, places, lengths and shades."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.report_helpers import ended, made, said
from support.web_page import Element, read_page

from neckguard.core import say_span
from neckguard.report import summary as page_module
from neckguard.report.axis import Axis
from neckguard.report.charts import scale_lines

STYLE = Path(page_module.__file__).with_name("style.css").read_text()


def picture(name: str, **about: Any) -> Element:
    (found,) = read_page(made(**about)).all("svg", **{"aria-labelledby": f"{name}-title {name}-about"})
    return found


def number(mark: Element, name: str) -> float:
    return float(mark.attributes[name].removesuffix("%"))


def test_columns_are_as_high_as_their_days_are_long() -> None:
    columns = picture("sitting").all("rect", class_="column")
    unit = number(columns[0], "height") / 168
    assert [round(number(each, "height") / unit) for each in columns] == [168, 150, 60]
    assert {number(each, "y") + number(each, "height") for each in columns} == {160}
    assert [int(number(each, "x") // 25) for each in columns] == [0, 1, 3]
    assert [each.text for each in columns] == [
        "Mon 2 Mar 2026: 2 h 48 min",
        "Tue 3 Mar 2026: 2 h 30 min",
        "Thu 5 Mar 2026: 1 h",
    ]


def test_hours_are_shaded_by_their_minutes() -> None:
    shades = {
        each.text: each.attributes["class"]
        for each in picture("heat").all("rect")
        if each.attributes["class"] != "heat0"
    }
    assert shades == {
        "Monday 09:00 to 10:00: 60 min": "heat5",
        "Monday 10:00 to 11:00: 58 min": "heat5",
        "Monday 11:00 to 12:00: 50 min": "heat5",
        "Tuesday 14:00 to 15:00: 60 min": "heat5",
        "Tuesday 15:00 to 16:00: 60 min": "heat5",
        "Tuesday 16:00 to 17:00: 30 min": "heat3",
        "Thursday 08:00 to 09:00: 30 min": "heat3",
        "Thursday 09:00 to 10:00: 30 min": "heat3",
    }


def test_parts_of_a_bar_are_as_long_as_they_are_many() -> None:
    outcomes = [ended("break", "break", how) for how in ["done"] * 3 + ["natural_break"]]
    outcomes += [ended("tea", "note", "covered")] * 2
    parts = picture("outcomes", outcomes=outcomes).all("rect")
    assert [(each.text, number(each, "x"), number(each, "width")) for each in parts] == [
        ("break, done: 3", 0, 75),
        ("break, natural break: 1", 75, 25),
        ("tea, covered: 2", 0, 50),
    ]


def test_closing_a_break_looks_like_later_and_closing_else_like_not_this_time() -> None:
    outcomes = [ended("break", "break", "dismissed"), ended("tea", "note", "dismissed")]
    parts = picture("outcomes", outcomes=outcomes).all("rect")
    assert [each.attributes["class"] for each in parts] == ["part snoozed", "part skipped"]


def test_check_ins_and_flare_ups_share_the_time_axis() -> None:
    """Four days: a quarter of the width each. Scores go from 0 at the bottom to 10 at the top."""
    shown = picture("pain", spans=())
    dots = shown.all("circle")
    assert [number(each, "cx") for each in dots] == [18.75, 93.75]  # 18:00 is three quarters of a day
    high = number(shown, "height") - 34
    assert [round((number(each, "cy") - 10) / high, 3) for each in dots] == [0.4, 0.7]
    (band,) = shown.all("rect", class_="flare")
    assert number(band, "x") == pytest.approx(100 * 10 / 96, abs=0.01)
    assert number(band, "width") == pytest.approx(50, abs=0.01)
    assert band.text == "Flare-up from 2 Mar 2026, 2 days"


def test_pain_stands_above_the_time_at_the_screen_on_one_axis() -> None:
    shown = picture("pain")
    columns, dots = shown.all("rect", class_="column"), shown.all("circle")
    assert [each.attributes["x"] for each in columns] == [
        each.attributes["x"] for each in picture("sitting").all("rect", class_="column")
    ]
    assert max(number(each, "cy") for each in dots) < min(number(each, "y") for each in columns)
    (floor,) = {number(each, "y") + number(each, "height") for each in columns}
    (band,) = shown.all("rect", class_="flare")
    assert number(band, "y") + number(band, "height") == floor
    assert [round(number(each, "height") / 72 * 180) for each in columns] == [168, 150, 60]  # of 3 h
    assert len(shown.all("text", class_="below")) == 4


def test_a_bar_says_left_and_right_in_words() -> None:
    labels = [each.text for each in picture("stretches").all("text", class_="row")]
    assert labels == ["neck 3 (1 left)", "other 1", "side neck 1 (1 right)"]


def test_the_margin_holds_the_longest_label_of_a_scale() -> None:
    """In print nothing is drawn beyond the page, so what does not fit is cut."""
    found = re.search(r"svg\.margin \{ padding: 0 \S+ 0 ([\d.]+)rem; \}", STYLE)
    assert found is not None
    longest = max(
        len(say_span(line)) for minutes in range(1, 24 * 60) for line in scale_lines(minutes * 60.0) if line
    )
    letter = 0.56 * 12  # pixels: wider than the letters of these labels are on average, at their size
    assert float(found[1]) * 16 >= longest * letter + 6


def test_a_flare_up_that_began_before_and_goes_on_fills_the_picture_until_now() -> None:
    entries = [said(1, "10:00", "flare_start", None)]
    (band,) = picture("pain", first=date(2026, 3, 2), entries=entries).all("rect", class_="flare")
    assert number(band, "x") == 0
    assert number(band, "width") == pytest.approx(100 * (3 * 24 + 20) / 96, abs=0.01)
    assert band.text == "Flare-up from 1 Mar 2026, 4 days"


DATES = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@given(first=DATES, days=st.integers(0, 9000))
def test_buckets_cover_every_day_once_and_labels_are_few(first: date, days: int) -> None:
    axis = Axis(first, first + timedelta(days=days))
    buckets = axis.buckets()
    covered = [
        day.first + timedelta(days=index)
        for day in buckets
        for index in range((day.last - day.first).days + 1)
    ]
    assert covered == [first + timedelta(days=index) for index in range(days + 1)]
    assert sum(axis.weekdays()) == days + 1
    labels = axis.labels()
    assert len(labels) <= 14
    assert sum(not label.fine for label in labels) <= 7
    assert all(0 <= axis.place(label.at) < 100 for label in labels)


@given(st.floats(0, 40 * 3600))
def test_a_scale_reaches_its_highest_value_with_few_lines(top: float) -> None:
    found = scale_lines(top)
    assert found[0] == 0
    assert found[-1] >= top
    assert 2 <= len(found) <= 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_and_parts_have_enough_contrast(scheme: str) -> None:
    """WCAG 2.2: 4.5:1 for text; the numbers in the parts of a bar are text as well."""
    colours = style_colours(scheme)
    page, on_part = colours["page"], colours["on-part"]
    for name in ("text", "soft", "done", "natural", "snoozed", "skipped", "ignored", "other"):
        assert contrast(colours[name], page) >= 4.5, name
    for name in ("done", "natural", "snoozed", "skipped", "ignored", "other"):
        assert contrast(colours[name], on_part) >= 4.5, name
    for name in ("mark", "flare-edge"):
        assert contrast(colours[name], page) >= 3, name
    heats = [contrast(colours[f"heat{step}"], page) for step in range(6)]
    assert heats == sorted(heats)


def style_colours(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    return dict(re.findall(r"--([\w-]+): (#\w+);", light if scheme == "light" else dark))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:7] if len(colour) > 4 else "".join(digit * 2 for digit in colour[1:])
    parts = (int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
