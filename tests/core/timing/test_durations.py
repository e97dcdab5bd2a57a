"""Spans of time as people write and read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neckguard.core.timing.durations import format_span, parse_person_span, parse_span, say_hours, say_span


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45.0),
        ("20m", 1200.0),
        ("1h30m", 5400.0),
        ("365d", 365 * 86400.0),
        ("1d2h3m4s", 93784.0),
        ("90m", 5400.0),
        ("0s", 0.0),
        ("0.5s", 0.5),
        ("1.25s", 1.25),
        (" 5m ", 300.0),
        ("1234567890m", 1234567890 * 60.0),  # whoever asks says what is too long
    ],
)
def test_spans_with_units(text: str, seconds: float) -> None:
    assert parse_span(text) == parse_person_span(text) == seconds


WRONG = [
    "",
    " ",
    "m",
    "1x",
    "m20",
    "30m1h",
    "1h 30m",
    "-5m",
    "+5m",
    "1.5h",
    "5M",
    "5min",
    "1e3s",
    "nan",
    "inf",
    "٣m",
]


@pytest.mark.parametrize("text", [*WRONG, "20", "5m\x00"])
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match='is not a span of time; write "45s", "20m" or "1h30m"'):
        parse_span(text)


@pytest.mark.parametrize(("text", "seconds"), [("20", 1200.0), ("0.5", 30.0), (" 1 ", 60.0), ("0", 0.0)])
def test_a_bare_number_from_a_person_is_minutes(text: str, seconds: float) -> None:
    assert parse_person_span(text) == seconds


@pytest.mark.parametrize("text", [*WRONG, "1_0", "٣", "1.", ".5"])
def test_a_person_is_refused_just_as_clearly(text: str) -> None:
    with pytest.raises(ValueError, match="is not a span of time"):
        parse_person_span(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0s"),
        (45.0, "45s"),
        (1200.0, "20m"),
        (5400.0, "1h30m"),
        (93784.0, "1d2h3m4s"),
        (0.125, "0.125s"),
    ],
)
def test_the_exact_spelling(seconds: float, text: str) -> None:
    assert format_span(seconds) == text


@given(st.integers(0, 400 * 86400 * 1000))
def test_the_exact_spelling_reads_back(milliseconds: int) -> None:
    assert parse_span(format_span(milliseconds / 1000)) == pytest.approx(milliseconds / 1000, abs=1e-6)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5.0, "0 s"),
        (0.4, "0 s"),
        (45.0, "45 s"),
        (59.6, "1 min"),
        (60.0, "1 min"),
        (90.0, "1 min 30 s"),
        (299.0, "4 min 59 s"),
        (300.0, "5 min"),
        (329.0, "5 min"),
        (331.0, "6 min"),
        (3569.0, "59 min"),
        (3571.0, "1 h"),
        (3900.0, "1 h 5 min"),
        (86400.0, "24 h"),
        (2 * 86400.0, "2 days"),
        (10.4 * 86400.0, "10 days"),
    ],
)
def test_words_for_people(seconds: float, words: str) -> None:
    assert say_span(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (45.0, "45 s"),
        (3540.0, "59 min"),
        (3600.0, "1 h"),
        (3900.0, "1 h 5 min"),
        (29 * 86400.0, "696 h"),
    ],
)
def test_sums_of_hours_never_become_days(seconds: float, words: str) -> None:
    assert say_hours(seconds) == words
