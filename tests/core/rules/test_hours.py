"""`[hours]`: when reminders may run."""

from datetime import datetime

import pytest
from support.virtual import BERLIN, MONDAY_9, Desk, plan, promptly, reminder, story, without

from neckguard.core import verbs
from neckguard.core.events import PlanChanged
from neckguard.core.plan import Opening
from neckguard.core.timing.wallclock import ALWAYS, Shift, at_instant, first_opening, shift_at


def daily(*spans: tuple[str, str], days: range = range(7)) -> tuple[Opening, ...]:
    """The same hours on these days; an end before its start is on the next day."""
    found = []
    for start, end in spans:
        begins, ends = (int(text[:2]) * 60 + int(text[3:]) for text in (start, end))
        found += [Opening(day, begins, ends if ends > begins else ends + 1440) for day in days]
    return tuple(found)


OFFICE = daily(("09:00", "12:30"), ("13:30", "18:00"), days=range(5))


def test_outside_the_hours_the_countdown_stands_still() -> None:
    desk = Desk(plan(reminder("tea", 2 * 3600.0), hours=OFFICE), start=MONDAY_9.replace(hour=7))
    assert (desk.engine.state, desk.due_in("tea")) == ("off_hours", 7200.0)
    desk.until("11:00")
    assert without(desk.took(), "due") == ["11:00:00 tea shown"]
    assert desk.engine.state == "running"


def test_the_midday_gap_holds_as_well() -> None:
    desk = Desk(plan(reminder("tea", 4 * 3600.0), hours=OFFICE)).until("13:00")
    assert (desk.engine.state, desk.due_in("tea")) == ("off_hours", 1800.0)
    assert without(desk.until("14:00").took(), "due") == ["14:00:00 tea shown"]


def test_a_prompt_open_at_closing_time_is_hidden_and_comes_back_when_they_open() -> None:
    desk = Desk(plan(reminder("tea", 12290.0, expire_after=350.0), hours=OFFICE)).until("13:32")
    assert desk.took() == story("""
        12:24:50 tea due
        12:24:50 tea shown
        12:30:00 tea hidden (off_hours)
        13:30:20 tea shown
        13:31:00 tea ignored
    """)


def test_in_the_last_five_minutes_nothing_new_comes_but_what_was_asked_for() -> None:
    lunch = reminder("lunch", None, at=("12:26",))
    desk = Desk(plan(reminder("tea", 12310.0), reminder("posture", 12000.0), lunch, hours=OFFICE))
    assert without(desk.until("13:33").took(), "due", "ignored") == story("""
        12:20:00 posture shown
        12:26:00 lunch shown
        13:30:20 tea shown
    """)


def test_the_persons_own_snooze_comes_in_the_last_five_minutes() -> None:
    desk = Desk(plan(reminder("tea", 12000.0), hours=OFFICE)).until("12:20")
    desk.do(verbs.Snooze(360.0))
    assert without(desk.until("12:28").took(), "due") == story("""
        12:20:00 tea shown
        12:20:00 tea snoozed
        12:26:00 tea shown
        12:26:45 tea ignored
    """)


def test_the_weekend_is_off() -> None:
    desk = Desk(
        plan(reminder("tea", 3600.0), hours=OFFICE), start=MONDAY_9.replace(day=27, hour=17, minute=30)
    )
    desk.pass_time(3 * 86400.0)
    assert without(desk.took(), "due") == ["09:30:00 tea shown", "09:30:45 tea ignored"] + [
        f"{hour} tea {what}"
        for hour, what in (
            ("10:30:45", "shown"),
            ("10:31:30", "ignored"),
            ("11:31:30", "shown"),
            ("11:32:15", "ignored"),
            ("13:32:15", "shown"),
            ("13:33:00", "ignored"),
            ("14:33:00", "shown"),
            ("14:33:45", "ignored"),
            ("15:33:45", "shown"),
            ("15:34:30", "ignored"),
            ("16:34:30", "shown"),
            ("16:35:15", "ignored"),
        )
    ]


def test_hours_that_cross_midnight() -> None:
    desk = Desk(
        plan(reminder("tea", 3 * 3600.0), hours=daily(("22:00", "02:00"))),
        person=promptly,
        start=MONDAY_9.replace(hour=21),
    )
    desk.pass_time(86400.0)
    assert without(desk.took(), "due") == ["01:00:00 tea shown", "01:00:05 tea done"]
    assert desk.engine.state == "off_hours"


def test_a_snooze_stops_outside_the_hours() -> None:
    desk = Desk(plan(reminder("tea", 12200.0), hours=OFFICE)).pass_time(12200.0)
    desk.do(verbs.Snooze(600.0))
    assert desk.until("13:00").due_in("tea") == 600.0 - 400.0


def test_now_is_obeyed_outside_the_hours_and_the_prompt_stays() -> None:
    desk = Desk(plan(reminder("posture", 1200.0), hours=OFFICE), start=MONDAY_9.replace(hour=7))
    desk.do(verbs.Now("posture"))
    assert desk.pass_time(46.0).took() == ["07:00:00 posture shown", "07:00:45 posture ignored"]


def test_hours_that_are_changed_hold_at_once() -> None:
    desk = Desk(plan(reminder("tea", 600.0))).pass_time(600.0)
    desk.do(PlanChanged(plan(reminder("tea", 600.0), hours=daily(("10:00", "11:00")))))
    assert (desk.engine.state, desk.open) == ("off_hours", [])
    desk.do(PlanChanged(plan(reminder("tea", 600.0))))
    assert (desk.engine.state, desk.open) == ("quiet", [])
    assert (desk.pass_time(20.0).engine.state, desk.open) == ("running", ["prompt-1"])


def test_a_reminder_at_a_time_outside_the_hours_is_dropped_and_said() -> None:
    lunch = reminder("lunch", None, at=("12:45", "13:45"))
    assert without(Desk(plan(lunch, hours=OFFICE)).until("14:00").took(), "due") == story("""
        12:45:00 lunch dropped (off_hours)
        13:45:00 lunch shown
        13:45:45 lunch ignored
    """)


@pytest.mark.parametrize(("time", "dropped"), [("09:00", False), ("12:29", False), ("12:30", True)])
def test_hours_include_their_start_and_not_their_end(time: str, dropped: bool) -> None:
    desk = Desk(plan(reminder("lunch", None, at=(time,)), hours=OFFICE), start=MONDAY_9.replace(hour=8))
    assert ("dropped" in " ".join(desk.until("13:00").took())) is dropped


# ---- shifts --------------------------------------------------------------------------------------------


def on(day: int, hour: int, minute: int = 0, month: int = 11, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN, fold=fold)


def between(is_open: bool, since: datetime, until: datetime) -> Shift:
    return Shift(open=is_open, since=since.timestamp(), until=until.timestamp())


@pytest.mark.parametrize(
    ("wall", "shift"),
    [
        (on(23, 9), between(True, on(23, 9), on(23, 12, 30))),
        (on(23, 12, 30), between(False, on(23, 12, 30), on(23, 13, 30))),
        (on(23, 8, 59), between(False, on(20, 18), on(23, 9))),
        (on(27, 18), between(False, on(27, 18), on(30, 9))),
    ],
)
def test_a_shift_lasts_until_the_next_change(wall: datetime, shift: Shift) -> None:
    assert shift_at(OFFICE, wall) == shift


def test_without_hours_it_is_always_open() -> None:
    assert shift_at((), on(23, 3)) == ALWAYS


def test_hours_that_touch_are_one_shift() -> None:
    touching = daily(("09:00", "12:00"), ("12:00", "18:00"))
    assert shift_at(touching, on(23, 11)) == between(True, on(23, 9), on(23, 18))


def test_hours_round_the_clock_never_close() -> None:
    desk = Desk(plan(reminder("tea", 3600.0), hours=tuple(Opening(day, 0, 1440) for day in range(7))))
    assert {desk.pass_time(5400.0).engine.state for _ in range(200)} <= {"running", "quiet"}


@pytest.mark.parametrize(
    ("hours", "wall", "seconds"),
    [
        (("01:00", "04:00"), on(29, 1, 30, month=3), 7200.0),  # 2:00 becomes 3:00
        (("02:30", "04:00"), on(29, 3, 30, month=3), 3600.0),  # begins in the gap: at its end
        (("01:00", "02:30"), on(29, 1, 30, month=3), 3600.0),  # ends in the gap
        (("01:00", "04:00"), on(25, 1, 30, month=10), 4 * 3600.0),  # 3:00 becomes 2:00
        (("02:30", "04:00"), on(25, 2, 45, month=10), 9000.0),  # begins at the first 2:30
        (("22:00", "06:00"), on(28, 23, month=3), 7 * 3600.0),
        (("22:00", "06:00"), on(24, 23, month=10), 9 * 3600.0),
    ],
)
def test_the_length_of_a_shift_when_the_clocks_change(
    hours: tuple[str, str], wall: datetime, seconds: float
) -> None:
    shift = shift_at(daily(hours), wall)
    assert shift.open
    assert shift.until - shift.since == seconds


def test_an_opening_inside_the_gap_does_not_happen() -> None:
    shift = shift_at(daily(("02:10", "02:50")), on(29, 1, month=3))
    assert not shift.open
    assert at_instant(shift.until, on(29, 1, month=3)) == on(30, 2, 10, month=3)


def test_the_first_opening_of_a_day() -> None:
    assert first_opening(OFFICE, on(24, 0).date(), BERLIN) == on(24, 9).timestamp()
    assert first_opening(OFFICE, on(28, 0).date(), BERLIN) is None
