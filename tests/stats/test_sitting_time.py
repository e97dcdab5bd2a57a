"""Sitting time adds up to the time that really passed, wherever the clocks of people are."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neckguard.stats.figures import Period, Sitting
from neckguard.stats.sitting_time import BREAK, SpanTuple, measure

BERLIN, NEW_YORK, TOKYO, KOLKATA = (
    ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kolkata")
)
FOR_EVER = float("inf")


def sat(start: datetime, hours: float) -> SpanTuple:
    """Presence from `start` on, of so many true hours."""
    offset = start.utcoffset()
    assert offset is not None
    return ("present", "", start.timestamp(), start.timestamp() + hours * 3600, int(offset.total_seconds()))


def measured(spans: list[SpanTuple], first: date, last: date) -> Sitting:
    return measure(spans, Period(first, last, FOR_EVER, FOR_EVER))


def hours_by_day(sitting: Sitting) -> dict[str, float]:
    return {f"{day.date:%a %d}": day.sitting / 3600 for day in sitting.days}


def test_the_day_that_loses_an_hour() -> None:
    # 29 March 2026: 02:00 is 03:00. From 00:30 to 04:30 are three hours, not four.
    spans = [
        sat(datetime(2026, 3, 28, 23, 0, tzinfo=BERLIN), 1),
        sat(datetime(2026, 3, 29, 0, 30, tzinfo=BERLIN), 3),
        sat(datetime(2026, 3, 29, 9, 0, tzinfo=BERLIN), 2),
        sat(datetime(2026, 3, 29, 23, 30, tzinfo=BERLIN), 1),
    ]
    assert spans[1][3] == datetime(2026, 3, 29, 4, 30, tzinfo=BERLIN).timestamp()
    found = measured(spans, date(2026, 3, 28), date(2026, 3, 30))
    # 3 + 2 + 0.5 on Sunday; 1 + 5.5 + 0.5 = 7 = 1 + 3 + 2 + 1
    assert hours_by_day(found) == {"Sat 28": 1, "Sun 29": 5.5, "Mon 30": 0.5}
    assert found.total == 7 * 3600
    # Cut by the clock that was local when the span began: 00:30 to 03:30 of winter time, and 00:00 to 00:30.
    assert [seconds / 3600 for seconds in found.hours[:5]] == [1, 1, 1, 0.5, 0]
    assert found.hours[9] == found.hours[10] == found.hours[23] * 2 / 3 == 3600


def test_the_day_that_has_an_hour_twice() -> None:
    # 25 October 2026: 03:00 is 02:00 again. All of that day, sat through in pieces of an hour, is 25 hours.
    midnight = datetime(2026, 10, 25, tzinfo=BERLIN).timestamp()
    pieces = [sat(datetime.fromtimestamp(midnight + number * 3600, BERLIN), 1) for number in range(25)]
    found = measured(pieces, date(2026, 10, 25), date(2026, 10, 26))
    assert hours_by_day(found) == {"Sun 25": 25, "Mon 26": 0}
    assert found.hours == tuple(7200.0 if hour == 2 else 3600.0 for hour in range(24))
    assert found.longest is not None
    assert found.longest.sitting == 25 * 3600


def test_a_flight_in_mid_week_neither_adds_nor_loses_time() -> None:
    # Wednesday: 09:00 to 12:00 in Berlin, then 18:00 to 20:30 in New York, which is 00:00 to 02:30 in Berlin.
    spans = [
        sat(datetime(2026, 3, 3, 9, 0, tzinfo=BERLIN), 4),
        sat(datetime(2026, 3, 4, 9, 0, tzinfo=BERLIN), 3),
        sat(datetime(2026, 3, 4, 18, 0, tzinfo=NEW_YORK), 2.5),
        sat(datetime(2026, 3, 5, 8, 30, tzinfo=NEW_YORK), 1),
    ]
    found = measured(spans, date(2026, 3, 3), date(2026, 3, 5))
    assert hours_by_day(found) == {"Tue 03": 4, "Wed 04": 5.5, "Thu 05": 1}
    assert found.total == 10.5 * 3600
    assert {hour: seconds / 3600 for hour, seconds in enumerate(found.hours) if seconds} == {
        8: 0.5, 9: 2.5, 10: 2, 11: 2, 12: 1, 18: 1, 19: 1, 20: 0.5,
    }  # fmt: skip


def test_a_date_that_has_yet_to_come_here_was_there_before_the_flight_west() -> None:
    spans = [sat(datetime(2026, 3, 4, 8, 0, tzinfo=TOKYO), 2)]
    found = measured(spans, date(2026, 3, 3), date(2026, 3, 3))  # in New York it is still Tuesday
    assert hours_by_day(found) == {"Tue 03": 0, "Wed 04": 2}


def test_hours_are_those_of_clocks_that_are_half_an_hour_off() -> None:
    found = measured([sat(datetime(2026, 3, 3, 9, 0, tzinfo=KOLKATA), 1)], date(2026, 3, 3), date(2026, 3, 3))
    assert found.hours[9] == 3600


@pytest.mark.parametrize(
    ("gap", "longest"), [(0, 7200), (BREAK - 1, 7200), (BREAK, 3600), (86400, 3600), (-60, 7200)]
)
def test_only_a_break_ends_a_run(gap: float, longest: float) -> None:
    start = datetime(2026, 3, 3, 9, 0, tzinfo=BERLIN)
    after = start + timedelta(hours=1, seconds=gap)  # a gap below 0: the clock was set back in between
    found = measured([sat(start, 1), sat(after, 1)], date(2026, 3, 3), date(2026, 3, 3))
    assert found.longest is not None
    assert found.longest.sitting == longest
    assert found.longest.start == start


def test_a_break_after_the_clock_was_set_back_is_one() -> None:
    start = datetime(2026, 3, 3, 9, 0, tzinfo=BERLIN)
    # An hour; the clock goes back by 50 minutes; ten minutes more; and 20 minutes later once more ten.
    spans = [
        sat(start, 1),
        sat(start + timedelta(minutes=10), 1 / 6),
        sat(start + timedelta(minutes=40), 1 / 6),
    ]
    found = measured(spans, date(2026, 3, 3), date(2026, 3, 3))
    assert found.longest is not None
    assert found.longest.sitting == pytest.approx(4200)
    assert found.total == pytest.approx(4800)


def test_of_equally_long_runs_the_first_is_named() -> None:
    start = datetime(2026, 3, 3, 9, 0, tzinfo=BERLIN)
    spans = [sat(start + timedelta(hours=2 * number), 1) for number in range(3)]
    found = measured(spans, date(2026, 3, 3), date(2026, 3, 3))
    assert found.longest is not None
    assert found.longest.start == start


SPANS = st.lists(
    st.tuples(
        st.floats(0, 20 * 86400),  # its start, after the first of March
        st.floats(-10, 3 * 86400),  # its length
        st.integers(-48, 56).map(lambda quarters: quarters * 900),  # its offset
    ),
    max_size=30,
)


@given(SPANS)
def test_days_and_hours_always_add_up_to_the_true_time(drawn: list[tuple[float, float, int]]) -> None:
    base = datetime(2026, 3, 1, tzinfo=BERLIN).timestamp()
    times = sorted((base + start, base + start + length, offset) for start, length, offset in drawn)
    spans: list[SpanTuple] = [("present", "", start, end, offset) for start, end, offset in times]
    found = measured(spans, date(2026, 2, 27), date(2026, 4, 1))
    true = pytest.approx(sum(max(0.0, end - start) for start, end, _ in times), abs=1e-3)
    assert found.total == true
    assert sum(day.sitting for day in found.days) == true
    assert sum(found.hours) == true
    assert sum(found.weekdays) == true
    runs = [day.longest.sitting for day in found.days if day.longest]
    assert max(runs, default=None) == (found.longest and found.longest.sitting)
