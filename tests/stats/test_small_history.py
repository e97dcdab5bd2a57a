"""The figures of a small history, worked out by hand: the table is in `small_history`."""

from datetime import date, datetime, timedelta, timezone

import pytest
from support.small_history import ENTRIES, NOW, OFFSET, OUTCOMES, PERIOD, SPANS, STRETCHES, at

from neckguard.core import Kind, Outcome
from neckguard.stats.figures import (
    KINDS,
    CheckInNote,
    Day,
    Dose,
    Figures,
    LoggedCheckIn,
    LoggedFlareUp,
    LoggedHurt,
    LoggedMovement,
    Period,
    Run,
    Week,
)
from neckguard.stats.figures import OUTCOMES as COUNTED
from neckguard.stats.gather import gather
from neckguard.stats.sitting_time import SpanTuple

MIN = 60.0


def figures(period: Period = PERIOD) -> Figures:
    return gather(period, outcomes=OUTCOMES, spans=SPANS, entries=ENTRIES, stretches=STRETCHES)


def when(text: str) -> datetime:
    return datetime.fromtimestamp(at(text), timezone(timedelta(seconds=OFFSET)))


LONGEST = Run(when("2 09:00"), when("2 11:00"), 117 * MIN)


def test_sitting_by_day_with_the_longest_run_of_each() -> None:
    found = figures().sitting
    assert found.total == 328 * MIN
    assert found.longest == LONGEST
    assert found.days == (
        Day(date(2026, 3, 2), 167 * MIN, LONGEST, 1),  # of 117 and of 50 minutes
        Day(date(2026, 3, 3), 116 * MIN, Run(when("3 23:30"), when("4 00:20"), 50 * MIN)),
        Day(date(2026, 3, 4), 45 * MIN, Run(when("4 13:00"), when("4 13:25"), 25 * MIN)),
    )


def test_sitting_by_weekday_and_hour() -> None:
    found = figures().sitting
    cells = {
        (weekday, hour): seconds / MIN
        for weekday, hours in enumerate(found.heat)
        for hour, seconds in enumerate(hours)
        if seconds
    }
    monday = {(0, 9): 60, (0, 10): 57, (0, 11): 50}
    tuesday = {(1, 8): 30, (1, 9): 56, (1, 23): 30}
    wednesday = {(2, 0): 20, (2, 13): 25}
    assert cells == monday | tuesday | wednesday
    assert [seconds / MIN for seconds in found.weekdays] == [167, 116, 45, 0, 0, 0, 0]
    by_hour = {hour: seconds / MIN for hour, seconds in enumerate(found.hours) if seconds}
    assert by_hour == {0: 20, 8: 30, 9: 116, 10: 57, 11: 50, 13: 25, 23: 30}


def test_each_reminder_has_its_outcomes_and_shown_is_counted_apart() -> None:
    found = figures()
    told = {
        tally.reminder: (
            tally.kind,
            tally.shown,
            {how: count for how, count in tally.counts.items() if count},
        )
        for tally in found.tallies
    }
    assert told == {
        "eyes": ("eyes", 2, {"done": 2}),
        "break": ("break", 5, {"done": 2, "natural_break": 1, "snoozed": 1, "dismissed": 1, "ignored": 1}),
        "posture": ("posture", 1, {"done": 1, "natural_break": 1}),
        "stretch": ("stretch", 6, {"done": 4, "skipped": 1, "dismissed": 1, "covered": 1}),
        "tea": ("note", 1, {"ignored": 1}),
        "water": ("note", 1, {"done": 1}),
    }
    notes = found.counts("note")
    assert len(notes) == 9
    assert {how: count for how, count in notes.items() if count} == {"done": 1, "ignored": 1}


def test_stretches_by_area_and_side_with_the_unknown_ones_together() -> None:
    assert figures().doses == (
        Dose("side-neck", 2, {"left": 1, "right": 1}),
        Dose("neck", 1, {}),
        Dose("other", 1, {}),
    )


def test_stretches_are_also_told_singly_without_the_unknown_ones() -> None:
    assert figures().movements == (
        LoggedMovement("side-tilt", "Side tilt", 2),
        LoggedMovement("chin-tuck", "Chin tuck", 1),
    )


def test_check_ins_are_told_as_they_were() -> None:
    found = figures()
    assert found.checkins == (LoggedCheckIn(when("2 17:30"), 6), LoggedCheckIn(when("4 12:00"), 3))
    assert found.weeks == (Week(date(2026, 3, 2), 2, 4.5),)
    assert found.notes == (CheckInNote(when("2 17:30"), "stiff"), CheckInNote(when("2 17:40"), "only words"))


def test_a_flare_up_belongs_to_every_period_that_it_touches() -> None:
    sixty_hours = 60 * 3600.0
    expected = LoggedFlareUp(when("1 20:00"), when("4 08:00"), sixty_hours, 7, "left", "by you", 2)
    assert figures().flares == (expected,)


def test_a_flare_up_that_goes_on_is_as_long_as_it_is_so_far() -> None:
    so_far = gather(PERIOD, outcomes=(), spans=(), entries=ENTRIES[:6], stretches={}).flares
    assert so_far == (LoggedFlareUp(when("1 20:00"), None, NOW - at("1 20:00"), 7, "left", ""),)


def test_a_start_within_a_week_of_the_end_is_the_same_flare_up() -> None:
    said = [
        ("2026-03-01 20:00", "flare_start", 7, "left"),
        ("2026-03-01 21:00", "flare_flags", None, "weakness age"),
        ("2026-03-02 08:00", "flare_cleared", None, ""),
        ("2026-03-02 09:00", "lost_days", None, "2"),
        ("2026-03-02 10:00", "flare_end", None, "by you"),
        ("2026-03-02 11:00", "lost_days", None, "9"),
        ("2026-03-09 09:59", "flare_start", 4, ""),
        ("2026-03-09 10:30", "flare_side", None, "both"),
        ("2026-03-09 11:00", "flare_flags", None, "age fever"),
        ("2026-03-10 08:00", "flare_end", None, "by you"),
        ("2026-03-17 08:00", "flare_start", None, ""),
    ]
    entries = [(at(when), OFFSET, what, score, detail, "") for when, what, score, detail in said]
    march = Period(date(2026, 3, 1), date(2026, 3, 31), at("2026-03-17 09:00"), NOW)
    found = gather(march, outcomes=(), spans=(), entries=entries, stretches={}).flares
    assert found == (
        LoggedFlareUp(
            when("1 20:00"),
            when("10 08:00"),
            8.5 * 86400,
            7,
            "both",
            "by you",
            2,
            ("weakness", "age", "fever"),
        ),
        LoggedFlareUp(when("17 08:00"), None, 3600.0, None, "", ""),
    )
    (looked,) = gather(march, outcomes=(), spans=(), entries=entries[:5], stretches={}).flares
    assert looked.cleared == when("2 08:00")


def test_what_was_said_of_turning_is_told() -> None:
    said = [(2, "turning no"), (3, "better, turning yes"), (4, "the same"), (5, "turning")]
    entries = [(at(f"{day} 18:00"), OFFSET, "checkin", None, detail, "") for day, detail in said]
    found = gather(PERIOD, outcomes=(), spans=(), entries=entries, stretches={}).turnings
    assert [(each.at, each.comfortable) for each in found] == [
        (when("2 18:00"), False),
        (when("3 18:00"), True),
    ]


def test_a_flare_up_whose_end_was_not_kept_ends_where_the_next_begins() -> None:
    entries = [entry for entry in ENTRIES if entry[2] != "flare_end"]
    since_february = Period(date(2026, 2, 1), PERIOD.last, NOW, NOW)
    found = gather(since_february, outcomes=(), spans=(), entries=entries, stretches={}).flares
    assert [(each.start, each.end, each.ended) for each in found] == [
        (when("2026-02-10 08:00"), when("1 20:00"), ""),
        (when("1 20:00"), None, ""),
    ]


@pytest.mark.parametrize("lived", [float("-inf"), at("4 12:00")])
def test_what_goes_on_counts_for_nothing_where_no_sign_of_life_followed(lived: float) -> None:
    found = figures(Period(PERIOD.first, PERIOD.last, NOW, lived)).sitting
    assert found.total == (328 - 25) * MIN
    assert found.days[2] == Day(date(2026, 3, 4), 20 * MIN, None)


def test_a_period_begins_at_its_own_midnight() -> None:
    today = figures(Period(PERIOD.last, PERIOD.last, NOW, at("4 13:05")))
    # Of the run that began yesterday, only what is of today.
    run = Run(when("4 00:00"), when("4 00:20"), 20 * MIN)
    assert today.sitting.days == (Day(date(2026, 3, 4), 25 * MIN, run),)
    assert [tally.reminder for tally in today.tallies] == ["break", "stretch"]
    assert [each.score for each in today.checkins] == [3]
    assert len(today.flares) == 1


def test_nothing_at_all_has_figures_too() -> None:
    found = gather(PERIOD, outcomes=(), spans=(), entries=(), stretches={})
    assert (found.sitting.total, found.sitting.longest, found.sitting.days_sat) == (0, None, 0)
    assert [day.date.day for day in found.sitting.days] == [2, 3, 4]
    assert (found.tallies, found.doses, found.checkins, found.weeks, found.flares) == ((), (), (), (), ())


def test_every_outcome_and_every_kind_is_counted() -> None:
    assert sorted(COUNTED) == sorted(Outcome)
    assert tuple(Kind) == tuple(kind for kind in KINDS if kind != "eyes")


# ---- beside the period before ------------------------------------------------------------------------------


def test_the_period_before_is_as_long_and_ends_where_this_one_begins() -> None:
    before = PERIOD.before
    assert (before.first, before.last, before.days) == (date(2026, 2, 27), date(2026, 3, 1), 3)
    found = figures(before)
    assert [day.sitting / MIN for day in found.sitting.days] == [0, 0, 30]
    assert (found.breaks, [each.score for each in found.checkins], len(found.flares)) == (1, [9], 1)
    assert (found.hurts, found.packs, found.doses) == ((), {}, ())


def test_what_goes_over_midnight_is_shared_by_both_periods() -> None:
    tuesday = Period(date(2026, 3, 3), date(2026, 3, 3), NOW, NOW, over=True)
    assert figures(tuesday).sitting.total == 116 * MIN
    assert figures(tuesday).sitting.days[-1].date == date(2026, 3, 3)


def test_a_flare_up_that_began_later_is_none_of_the_period_before() -> None:
    february = Period(date(2026, 2, 1), date(2026, 2, 28), NOW, NOW, over=True)
    assert [flare.start for flare in figures(february).flares] == [when("2026-02-10 08:00")]


@pytest.mark.parametrize(("seconds", "long"), [(3600, 0), (3629, 0), (3631, 1)])
def test_a_sitting_over_an_hour_is_one_that_is_told_as_more(seconds: float, long: int) -> None:
    spans: list[SpanTuple] = [("present", "", at("3 09:00"), at("3 09:00") + seconds, OFFSET)]
    found = gather(PERIOD, outcomes=(), spans=spans, entries=(), stretches={}).sitting
    assert found.long == long


def test_what_the_neck_cost_is_counted() -> None:
    found = figures()
    assert found.hurts == (LoggedHurt("Chin tuck", 1, when("3 17:30")),)
    assert (found.packs, found.lost_days) == ({"cold": 1}, 2)
    assert (found.pain, found.sides, found.stretches) == (4.5, {"left": 1, "right": 1}, 4)


def test_resting_the_eyes_is_no_stretch() -> None:
    found = figures()
    assert (found.counts("eyes")["done"], found.counts("stretch")["done"]) == (2, found.stretches)
    assert "eyes" not in {dose.area for dose in found.doses}
