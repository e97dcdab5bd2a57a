"""Recorded spans become happenings for the real engine, and what comes of them can be worked out by hand.

Who is there types: busy for 5 s, then in turn hands off for 10 s and typing for 20 s. A prompt wants a gap of
3 s, so one that is due after full minutes of that comes 8 s later.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_history import at, away, outcome, present
from support.virtual import TOPICS, plan, reminder

from neckguard.core.plan import Opening, Plan
from neckguard.preview.compare import Account, account, as_it_was, as_replayed
from neckguard.preview.recorded import Lasted, as_scenario, recorded_days, within
from neckguard.preview.simulation import play
from neckguard.preview.trace import Trace
from neckguard.stats.sitting_time import SpanTuple

BREAK = plan(reminder("break", 3600.0))
POSTURE = plan(reminder("posture", 1200.0))
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)


def gone(start: str, end: str, reason: str) -> SpanTuple:
    return ("away", reason, at(start), at(end), 3600)


def quiet(start: str, end: str, reason: str) -> SpanTuple:
    return ("quiet", reason, at(start), at(end), 3600)


def paused(start: str, end: str) -> SpanTuple:
    return ("paused", "", at(start), at(end), 3600)


def cut(spans: Sequence[SpanTuple], lived: float = 0.0) -> list[Lasted]:
    return list(within(sorted(spans, key=lambda span: span[2]), date(2026, 2, 1), date(2026, 12, 31), lived))


def replay(settings: Plan, *spans: SpanTuple) -> Trace:
    return play(as_scenario(cut(spans)), settings, TOPICS)


def compared(settings: Plan, *spans: SpanTuple) -> Account:
    return account(as_replayed(replay(settings, *spans), settings), cut(spans), [MONDAY])


def told(trace: Trace) -> list[str]:
    own = ("scenario", "due", "quiet", "quiet_end", "hidden", "reply", "put_off")
    return [
        " ".join(word for word in (f"{each.at:%H:%M:%S}", each.reminder, each.what, each.reason) if word)
        for each in trace.entries
        if each.what not in own
    ]


# ---- what happens again ------------------------------------------------------------------------------------


def test_who_stayed_ignores_the_break_and_is_asked_again_until_they_left() -> None:
    # Due after 60 min. Open for 45 s with input: of each pause, the last 5 s do not count, so for 55 s. Then
    # offered again 10 min later, twice, and the absence is a natural break.
    spans = present("2 09:00", "2 10:30"), away("2 10:30", "2 10:40"), present("2 10:40", "2 10:50")
    assert told(replay(BREAK, *spans)) == [
        "10:00:08 break shown",
        "10:01:03 break ignored",
        "10:11:08 break shown",
        "10:12:03 break ignored",
        "10:22:08 break shown",
        "10:23:03 break ignored",
        "10:34:00 away no input since 10:30",
        "10:40:01 back after 10 min",
        "10:40:01 break natural_break",
    ]


def test_who_left_when_the_break_was_asked_for_has_done_it() -> None:
    spans = (
        present("2 09:00", "2 10:00:13"),
        away("2 10:00:13", "2 10:05:13"),
        present("2 10:05:13", "2 10:10"),
    )
    assert told(replay(BREAK, *spans)) == [
        "10:00:08 break shown",
        "10:04:05 away no input since 10:00",
        "10:05:14 back after 5 min",
        "10:05:14 break done away long enough",
    ]


def test_a_call_moves_the_prompt_to_a_minute_after_its_end() -> None:
    # Due at 09:20:00, the gap to look in is at 09:20:08; the record ends with the look at 09:30:08.
    spans = present("2 09:00", "2 09:40"), quiet("2 09:20:08", "2 09:30:08", "call")
    trace = replay(POSTURE, *spans)
    assert told(trace) == ["09:31:08 posture shown", "09:31:13 posture done"]
    assert compared(POSTURE, *spans).total.avoided == {
        "call": 1, "presenting": 0, "fullscreen": 0, "program": 0, "dnd": 0, "away": 0, "paused": 0
    }  # fmt: skip
    assert compared(POSTURE, *spans).total.longest_wait == pytest.approx(11 * 60 + 8)


def test_a_call_is_a_little_older_than_the_look_that_found_it() -> None:
    # They typed till 09:20:28 then; now the look is at 09:20:08 and finds it, and the end at 09:30:38.
    spans = present("2 09:00", "2 09:40"), quiet("2 09:20:28", "2 09:30:28", "call")
    assert told(replay(POSTURE, *spans))[0] == "09:31:38 posture shown"


@pytest.mark.parametrize(
    ("span", "moment", "shown"),
    [
        (quiet("2 09:19", "2 09:30", "dnd"), "dnd", "09:30:38"),  # 20 s after its end, in a gap
        (quiet("2 09:20:08", "2 09:30:08", "presenting"), "presenting", "09:30:38"),
        (quiet("2 09:20:08", "2 09:30:08", "fullscreen"), "fullscreen", "09:30:38"),
        (quiet("2 09:20:08", "2 09:30:08", "program"), "program", "09:30:38"),
    ],
)
def test_other_bad_moments_are_avoided_too(span: SpanTuple, moment: str, shown: str) -> None:
    spans = present("2 09:00", "2 09:40"), span
    heeding = replace(POSTURE, quiet=replace(POSTURE.quiet, fullscreen=True, programs=("obs",)))
    assert told(replay(heeding, *spans))[0] == f"{shown} posture shown"
    avoided = compared(heeding, *spans).total.avoided
    assert avoided is not None
    assert (avoided[moment], sum(avoided.values())) == (1, 1)


def test_a_pause_stops_the_countdown_for_as_long_as_it_did() -> None:
    # 10 min before the pause and 10 after it; the command for it was an input, so the gap comes at :20.
    spans = present("2 09:00", "2 10:00"), paused("2 09:10", "2 09:40")
    assert told(replay(POSTURE, *spans)) == [
        "09:10:00 paused",
        "09:40:00 resumed it was over",
        "09:50:23 posture shown",
        "09:50:28 posture done",
    ]


def test_what_was_due_when_the_pause_began_comes_after_it() -> None:
    found = compared(POSTURE, present("2 09:00", "2 10:00"), paused("2 09:20:05", "2 09:50:05"))
    assert found.total.avoided is not None
    assert found.total.avoided["paused"] == 1
    assert found.total.longest_wait == pytest.approx(30 * 60 + 5 + 20, abs=15)


def test_absences_begin_and_end_as_they_did_whatever_they_were() -> None:
    for reason in ("locked", "asleep", "another session in front", "no input", "not running"):
        trace = replay(
            BREAK, present("2 09:00", "2 09:50"), gone("2 09:50", "2 10:10", reason),
            present("2 10:10", "2 11:15"),
        )  # fmt: skip
        turns = [
            (each.what, each.reminder, f"{each.at:%H:%M}")
            for each in trace.entries
            if each.what in ("back", "natural_break", "shown")
        ]
        assert turns == [
            ("back", "", "10:10"), ("natural_break", "break", "10:10"), ("shown", "break", "11:10")
        ], reason  # fmt: skip
        if reason != "no input":  # which is noticed later
            assert told(trace)[0].endswith(reason)


def test_a_lock_begins_when_it_did_though_the_hands_were_off_before() -> None:
    # One second less than a break takes, and 09:50:05 was the last time that they typed.
    trace = replay(
        BREAK, present("2 09:00", "2 09:50:12"), gone("2 09:50:12", "2 09:54:11", "locked"),
        present("2 09:54:11", "2 10:00"),
    )  # fmt: skip
    assert told(trace) == ["09:50:12 away locked", "09:54:11 back after 3 min 59 s"]


def test_where_nobody_took_notes_the_daemon_did_not_run() -> None:
    trace = replay(BREAK, present("2 09:00", "2 09:50"), present("2 10:10", "2 10:20"))
    assert told(trace)[0] == "09:50:00 away not running"


def test_an_absence_in_parts_is_one() -> None:
    trace = replay(
        BREAK,
        present("2 09:00", "2 09:50"),
        gone("2 09:50", "2 09:53", "locked"),
        gone("2 09:53", "2 10:10", ""),  # a restart forgot why
        gone("2 09:55", "2 10:00", "no input"),
        present("2 10:10", "2 10:20"),
    )
    assert told(trace) == [
        "09:50:00 away locked",
        "10:10:00 back after 20 min",
        "10:10:00 break natural_break",
    ]


def test_the_hours_are_those_of_the_settings() -> None:
    closed = plan(reminder("posture", 1200.0), hours=(Opening(0, 10 * 60, 11 * 60),))
    off = ("off_hours", "", at("2 09:00"), at("2 09:50"), 3600)
    spans = present("2 09:00", "2 10:30"), off
    assert told(replay(POSTURE, *spans))[0] == "09:20:08 posture shown"
    assert told(replay(closed, *spans))[0] == "10:20:08 posture shown"


# ---- days --------------------------------------------------------------------------------------------------


def test_the_clock_goes_on_as_it_was_set_on_the_day_of_summer_time() -> None:
    # 29 March 2026: 02:00 was 03:00. From 01:30 to 03:30 is an hour, and `at` goes by the new clock after it.
    def spring(clock: str) -> float:
        return datetime.fromisoformat(f"2026-03-29 {clock}").replace(tzinfo=BERLIN).timestamp()

    spans: list[SpanTuple] = [
        ("present", "", spring("01:30"), spring("03:30"), 3600),
        ("away", "no input", spring("03:30"), spring("09:00"), 7200),
        ("present", "", spring("09:00"), spring("10:05"), 7200),
    ]
    tea = plan(reminder("tea", at=("10:00",), message="Tea."), reminder("posture", 2400.0))
    trace = replay(tea, *spans)
    assert [
        (each.what, f"{each.at:%H:%M %z}") for each in trace.entries if each.what in ("shown", "back")
    ] == [
        ("shown", "02:10 +0100"),  # 40 min; the span began in winter time, and goes by that
        ("back", "09:00 +0200"),
        ("shown", "09:40 +0200"),
        ("shown", "10:00 +0200"),
    ]
    day = date(2026, 3, 29)
    assert recorded_days(spans, 0.0) == [day]
    found = account(as_replayed(trace, tea), cut(spans), [day])
    assert found.total.prompts == {"posture": 2, "tea": 1}
    assert found.total.longest == 65 * 60


def test_days_are_those_of_the_clock_that_was_local_then() -> None:
    spans = [present("2 23:30", "3 00:20"), present("5 23:00", "6 00:00"), present("8 09:00", None)]
    assert [day.day for day in recorded_days(spans, at("8 09:10"))] == [2, 3, 5, 8]
    assert [day.day for day in recorded_days(spans, at("8 08:00"))] == [
        2,
        3,
        5,
    ]  # nothing is known of the 8th


def test_a_day_has_what_lies_in_it_and_what_goes_on_ends_with_what_is_known() -> None:
    spans = [
        present("1 23:30", "2 00:20"),
        present("2 23:00", None),
        ("quiet", "dnd", at("2 23:10"), None, 3600),
    ]
    found = list(within(spans, MONDAY, MONDAY, at("2 23:30")))
    assert [(kind, start, end) for kind, _, start, end, _ in found] == [
        ("present", at("2 00:00"), at("2 00:20")),
        ("present", at("2 23:00"), at("2 23:30")),
        ("quiet", at("2 23:10"), at("2 23:30")),
    ]
    later = list(within(spans, MONDAY, MONDAY, at("3 01:00")))
    assert [end for *_, end, _ in later] == [at("2 00:20"), at("3 00:00"), at("3 00:00")]


def test_a_reminder_that_no_absence_restarts_goes_on_where_it_stood_the_day_before() -> None:
    water = plan(reminder("water", 3600.0, message="Drink."))
    trace = replay(
        water, present("1 17:00", "1 17:40"), away("1 17:40", "2 09:00"), present("2 09:00", "2 10:00")
    )
    assert [each[:14] for each in told(trace) if "shown" in each] == ["09:20:08 water"]


# ---- figures -----------------------------------------------------------------------------------------------

# 90 min, 10 min away, 80 min.
LONG = present("2 09:00", "2 10:30"), away("2 10:30", "2 10:40"), present("2 10:40", "2 12:00")


def test_the_figures_of_a_day() -> None:
    # Breaks every 60 min: 10:00, again 10:11 and 10:22; after the absence 11:40, again 11:51.
    found = compared(BREAK, *LONG).total
    assert (found.prompts, found.natural, found.prompted) == ({"break": 5}, 1, 0)
    assert found.longest == 60 * 60 + 8  # 09:00:00 to 10:00:08
    # Every 40 min: 09:40, 09:51, 10:02; 11:20, 11:31, 11:42.
    changed = compared(plan(reminder("break", 2400.0)), *LONG).total
    assert (changed.prompts, changed.natural, changed.prompted) == ({"break": 6}, 1, 0)
    assert changed.longest == 40 * 60 + 8


def test_the_day_as_it_was() -> None:
    rows = [
        outcome("break", "2 10:10", "snoozed"),  # shown 30 s before
        outcome("break", "2 10:40", "natural_break"),
        outcome("break", "2 11:00", "done"),
        outcome("posture", "2 11:30", "ignored"),
        outcome("posture", "3 11:30", "done"),  # on another day
    ]
    was = account(as_it_was(rows), cut(LONG), [MONDAY])
    assert was.total == was.days[MONDAY]
    assert (was.total.prompts, was.total.natural, was.total.prompted) == ({"break": 2, "posture": 1}, 1, 1)
    # 09:00:00 to 10:09:30; then 20:30, then 10:40:00 to 10:59:30, and 60:30 to the end.
    assert was.total.longest == 69.5 * 60
    assert (was.total.avoided, was.total.longest_wait) == (None, None)


def test_a_break_that_waits_unanswered_for_a_slot_avoids_nothing() -> None:
    # Ignored at 10:23, it comes with the stretch at 10:40, which nobody held back.
    both = plan(reminder("stretch", 6000.0), reminder("break", 3600.0))
    spans = present("2 09:00", "2 11:00"), quiet("2 10:25", "2 10:30", "dnd")
    assert [each[:5] for each in told(replay(both, *spans)) if "shown" in each] == [
        "10:00", "10:11", "10:22", "10:40"
    ]  # fmt: skip
    avoided = compared(both, *spans).total.avoided
    assert avoided is not None
    assert sum(avoided.values()) == 0


KINDS = (
    ("present", ""), ("away", "no input"), ("away", "locked"), ("away", "asleep"), ("away", "not running"),
    ("away", "another session in front"), ("away", ""), ("quiet", "dnd"), ("quiet", "call"),
    ("quiet", "presenting"), ("paused", ""), ("off_hours", ""), ("unknown", "later"),
)  # fmt: skip
ROWS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, 86400),
        st.floats(0.001, 20000.0),
        st.sampled_from((0, 3600, 7200, -18000)),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=60)
@given(ROWS)
def test_whatever_is_on_record_it_is_replayed_to_its_end_and_always_the_same(
    rows: list[tuple[tuple[str, str], int, float, int]],
) -> None:
    start = at("2 06:00")
    spans: list[SpanTuple] = [present("2 05:00", "2 06:00")]
    spans += [(*kind, start + begin, start + begin + length, ahead) for kind, begin, length, ahead in rows]
    first, again = (replay(plan(), *spans) for _ in range(2))
    assert first == again
    stays = [end for kind, _, _, end, _ in cut(spans) if kind in ("present", "away")]
    assert first.length == pytest.approx(max(stays) - at("2 05:00"), abs=0.01)
