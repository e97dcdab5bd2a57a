"""Local wall time: instants, and words for people. Hours and times of the day have their own tests."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from support.virtual import BERLIN, MONDAY_9

from neckguard.core.timing.wallclock import at_instant, instant_after, instant_of, midnights, say_when

LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # its clocks change by half an hour
APIA = ZoneInfo("Pacific/Apia")  # left out 30 December 2011
CAIRO = ZoneInfo("Africa/Cairo")  # its clocks change at midnight


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-11-23T09:00", BERLIN, "2026-11-23T08:00"),
        ("2026-11-23T09:00", UTC, "2026-11-23T09:00"),
        ("2026-11-23T09:00", timezone(timedelta(hours=-5)), "2026-11-23T14:00"),
        ("2026-03-29T01:59:59", BERLIN, "2026-03-29T00:59:59"),
        ("2026-03-29T02:00", BERLIN, "2026-03-29T01:00"),  # the gap: its end
        ("2026-03-29T02:59:59", BERLIN, "2026-03-29T01:00"),
        ("2026-03-29T03:00", BERLIN, "2026-03-29T01:00"),
        ("2026-10-25T02:00", BERLIN, "2026-10-25T00:00"),  # the fold: its first pass
        ("2026-10-25T02:59:59", BERLIN, "2026-10-25T00:59:59"),
        ("2026-10-25T03:00", BERLIN, "2026-10-25T02:00"),
        ("2026-10-04T02:10", LORD_HOWE, "2026-10-03T15:30"),
        ("2026-04-05T01:40", LORD_HOWE, "2026-04-04T14:40"),
        ("2011-12-30T12:00", APIA, "2011-12-30T10:00"),  # a whole day left out
        ("2026-04-24T00:30", CAIRO, "2026-04-23T22:00"),
    ],
)
def test_the_instant_of_a_local_time(text: str, zone: ZoneInfo, utc: str) -> None:
    assert (
        datetime.fromtimestamp(instant_of(local(text), zone), UTC).isoformat()
        == local(utc).replace(tzinfo=UTC).isoformat()
    )


@pytest.mark.parametrize(
    ("after", "text", "utc"),
    [
        ("2026-10-25T00:00", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("2026-10-25T00:45", "2026-10-25T02:30", "2026-10-25T01:30"),  # the second pass
        ("2026-10-25T02:00", "2026-10-25T02:30", "2026-10-25T01:30"),  # both are over
        ("2026-03-29T02:00", "2026-03-29T02:30", "2026-03-29T01:00"),
        ("2026-11-23T12:00", "2026-11-23T09:00", "2026-11-23T08:00"),
    ],
)
def test_the_instant_of_a_local_time_after_another(after: str, text: str, utc: str) -> None:
    since = local(after).replace(tzinfo=UTC).timestamp()
    assert instant_after(since, local(text), BERLIN) == local(utc).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("wall", "since", "left"),
    [
        (datetime(2026, 11, 23, 9, tzinfo=BERLIN), 9.0, 15.0),
        (datetime(2026, 11, 23, tzinfo=BERLIN), 0.0, 24.0),
        (datetime(2026, 3, 29, tzinfo=BERLIN), 0.0, 23.0),
        (datetime(2026, 10, 25, tzinfo=BERLIN), 0.0, 25.0),
        (datetime(2026, 4, 23, 12, tzinfo=CAIRO), 12.0, 12.0),  # the next does not exist: 1:00 is its instant
        (datetime(2026, 4, 24, 12, tzinfo=CAIRO), 11.0, 12.0),
    ],
)
def test_the_midnights_around_an_instant(wall: datetime, since: float, left: float) -> None:
    now = wall.timestamp()
    assert midnights(wall) == (now - since * 3600.0, now + left * 3600.0)


def test_an_instant_read_back_is_the_same_wall_time() -> None:
    assert at_instant(MONDAY_9.timestamp(), MONDAY_9) == MONDAY_9
    assert at_instant(MONDAY_9.timestamp(), MONDAY_9).tzinfo is BERLIN


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (MONDAY_9, "09:00"),
        (MONDAY_9.replace(hour=23, minute=59), "23:59"),
        (MONDAY_9 + timedelta(days=1), "tomorrow 09:00"),
        (MONDAY_9 + timedelta(days=2), "Wed 25 Nov 09:00"),
        (MONDAY_9 - timedelta(days=1), "Sun 22 Nov 09:00"),
        (MONDAY_9 + timedelta(days=8), "Tue 1 Dec 09:00"),
        (MONDAY_9 + timedelta(days=299), "Sat 18 Sep 09:00"),
        (MONDAY_9 + timedelta(days=300), "Sun 19 Sep 2027 09:00"),
        (MONDAY_9 - timedelta(days=300), "Tue 27 Jan 2026 09:00"),
    ],
)
def test_words_for_a_wall_time(when: datetime, words: str) -> None:
    assert say_when(when, MONDAY_9) == words
