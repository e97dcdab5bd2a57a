"""Pauses: timed, until a time, open-ended; nothing but their end and `resume` ends them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from support.virtual import BERLIN, DEFAULTS, MONDAY_9, Desk, plan, promptly, reminder, story, without

from neckguard.core import verbs
from neckguard.core.events import (
    Answered,
    AwayBegan,
    AwayEnded,
    Event,
    NotifierChanged,
    PlanChanged,
    Slept,
    Tick,
)
from neckguard.core.model import Away, Show
from neckguard.core.plan import Opening
from neckguard.core.timing.durations import DAY_NAMES
from neckguard.core.timing.pauses import parse_until

DATES = tuple(enumerate(DAY_NAMES, start=23))
WEEK = tuple(Opening(day, 8 * 60 + 30, 17 * 60) for day in range(5))


def said(desk: Desk, verb: verbs.Verb) -> tuple[bool, str]:
    reply = desk.do(verb)
    assert reply is not None
    return reply.ok, reply.message


def ends_after(desk: Desk) -> float:
    """How many seconds the pause in force lasts from now, by passing them."""
    began = desk.boot
    for _ in range(200_000):
        if desk.engine.world.pause is None:
            return desk.boot - began
        deadline = desk.engine.deadline()
        assert deadline is not None
        desk.pass_time(max(0.0, deadline - desk.boot))
    pytest.fail("the pause does not end")


# ---- beginning and ending ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "message", "length"),
    [
        (verbs.Pause(), "Paused until 10:00.", 3600.0),
        (verbs.Pause(1800.0), "Paused until 09:30.", 1800.0),
        (verbs.Pause(15 * 3600.0), "Paused until tomorrow 00:00.", 15 * 3600.0),
        (verbs.Pause(until="14:30"), "Paused until 14:30.", 5.5 * 3600.0),
        (verbs.Pause(until="08:00"), "Paused until tomorrow 08:00.", 23 * 3600.0),
        (verbs.Pause(until="9:00"), "Paused until tomorrow 09:00.", 24 * 3600.0),
        (verbs.Pause(until="tomorrow"), "Paused until tomorrow 06:00.", 21 * 3600.0),
        (verbs.Pause(until="2026-12-01 09:00"), "Paused until Tue 1 Dec 09:00.", 8 * 86400.0),
    ],
)
def test_a_pause_says_until_when_and_ends_then(verb: verbs.Pause, message: str, length: float) -> None:
    desk = Desk()
    assert said(desk, verb) == (True, message)
    assert ends_after(desk) == pytest.approx(length)
    assert "09:20" not in "".join(desk.trace)


def test_an_open_ended_pause_ends_only_by_resume() -> None:
    desk = Desk()
    assert said(desk, verbs.Pause(until="resumed")) == (True, "Paused until you run: neckguard resume")
    desk.pass_time(40 * 86400.0)
    assert desk.engine.state == "paused"
    assert said(desk, verbs.Resume()) == (True, "Resumed. Next: posture in 20 min.")
    assert desk.engine.state == "running"


@pytest.mark.parametrize(
    "text", ["", "25:00", "noon", "2026-11-23", "2026-11-23 08:59", "2026-13-01 09:00", "9"]
)
def test_a_time_that_is_none_or_past_is_refused_and_changes_nothing(text: str) -> None:
    desk = Desk()
    ok, message = said(desk, verbs.Pause(until=text))
    assert not ok
    assert text in message
    assert desk.engine.world.pause is None


def test_a_new_pause_replaces_the_old_one() -> None:
    desk = Desk()
    desk.do(verbs.Pause(7200.0, reason="dentist"))
    desk.pass_time(60.0).do(verbs.Pause(60.0))
    desk.pass_time(60.0)
    assert desk.took() == story("""
        09:00:00 paused (dentist)
        09:01:00 paused
        09:02:00 resumed (it was over)
    """)


def test_toggle_pauses_and_resumes() -> None:
    desk = Desk()
    toggle = verbs.Pause(600.0, toggle=True)
    assert said(desk, toggle) == (True, "Paused until 09:10.")
    assert said(desk, toggle) == (True, "Resumed. Next: posture in 20 min.")
    assert said(desk, verbs.Resume()) == (True, "Not paused.")


def test_resumed_outside_the_hours_says_when_they_begin() -> None:
    desk = Desk(plan(hours=WEEK)).until("18:00")
    desk.do(verbs.Pause(600.0))
    assert said(desk, verbs.Resume()) == (True, "Resumed. Outside your hours until tomorrow 08:30.")


def test_nothing_else_ends_it() -> None:
    desk = Desk().until("10:00")
    desk.do(verbs.Pause(6000.0))
    events: list[Event | verbs.Verb] = [
        Answered("prompt-3", "done"),
        AwayBegan(Away.LOCKED),
        AwayEnded(Away.LOCKED),
        NotifierChanged(ready=False, keeps=False),
        NotifierChanged(ready=True, keeps=True),
        PlanChanged(plan(hours=WEEK)),
        Slept(10.0),
        verbs.Now("posture"),
        verbs.Snooze(),
        verbs.Skip(),
        verbs.Done("stretch"),
        verbs.Start(),
        Tick(),
    ]
    for event in events:
        desk.pass_time(60.0).do(event)
        assert desk.engine.state == "paused", event
    assert desk.open == []


def test_now_is_refused_while_paused() -> None:
    desk = Desk()
    desk.do(verbs.Pause(600.0))
    assert said(desk, verbs.Now("posture")) == (False, "Paused; run: neckguard resume")
    assert desk.open == []


# ---- what it holds -------------------------------------------------------------------------------------


def test_countdowns_go_on_where_they_stood() -> None:
    desk = Desk().pass_time(600.0)
    desk.do(verbs.Pause(5 * 3600.0))
    desk.pass_time(5 * 3600.0)
    assert [desk.due_in(each.name) for each in DEFAULTS] == [600.0, 1800.0, 3000.0]
    assert without(desk.pass_time(600.0).took(), "due") == story("""
        09:10:00 paused
        14:10:00 resumed (it was over)
        14:20:00 posture shown
    """)


def test_an_open_prompt_is_hidden_and_comes_back_alone_after_the_settle() -> None:
    desk = Desk(plan(*DEFAULTS, reminder("tea", 3600.0), reminder("lunch", None, at=("10:10",)))).until(
        "10:00"
    )
    desk.took()
    desk.do(verbs.Pause(1800.0))
    desk.person = promptly
    assert desk.pass_time(1800.0 + 360.0).took() == story("""
        10:00:00 break hidden (paused)
        10:00:00 paused
        10:10:00 lunch due
        10:30:00 resumed (it was over)
        10:30:20 break shown (covers posture)
        10:30:25 break done
        10:30:25 posture covered (by break)
        10:30:25 break break_start
        10:35:25 break break_end
        10:35:45 tea shown
        10:35:50 tea done
    """)


def test_natural_breaks_go_on_during_a_pause() -> None:
    desk = Desk(plan(reminder("break", 3600.0))).pass_time(3000.0)
    desk.do(verbs.Pause(3600.0))
    desk.do(AwayBegan(Away.LOCKED))
    assert desk.engine.world.holds == ("paused", "away")
    desk.pass_time(600.0).do(AwayEnded(Away.LOCKED))
    assert desk.took()[-1] == "10:00:00 break natural_break"
    assert desk.due_in("break") == 3600.0


def test_a_pause_that_ends_while_away_or_off_hours_shows_nothing() -> None:
    desk = Desk(plan(reminder("tea", 600.0), hours=WEEK)).pass_time(600.0)
    desk.do(verbs.Pause(600.0))
    desk.do(AwayBegan(Away.LOCKED))
    assert desk.pass_time(1200.0).open == []
    assert (desk.engine.state, desk.engine.world.pause) == ("away", None)
    desk.do(AwayEnded(Away.LOCKED))
    assert desk.pass_time(20.0).open == ["prompt-1"]


# ---- clocks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [-7200.0, 7200.0])
def test_a_duration_ignores_the_wall_clock(jump: float) -> None:
    desk = Desk()
    desk.do(verbs.Pause(1800.0))
    desk.pass_time(600.0)
    desk.wall += jump
    desk.do(Tick())
    assert ends_after(desk) == pytest.approx(1200.0)


@pytest.mark.parametrize(("jump", "left"), [(-3600.0, 2 * 3600.0), (1800.0, 1800.0), (7200.0, 0.0)])
def test_until_follows_the_wall_clock(jump: float, left: float) -> None:
    desk = Desk()
    desk.do(verbs.Pause(until="10:00"))
    desk.wall += jump
    desk.do(Tick())
    assert ends_after(desk) == pytest.approx(left)


def test_until_means_the_wall_clock_of_wherever_one_is() -> None:
    desk = Desk()
    desk.do(verbs.Pause(until="14:30"))
    desk.zone = ZoneInfo("America/New_York")
    desk.do(Tick())
    assert ends_after(desk) == pytest.approx(11.5 * 3600.0)


def test_sleep_counts_against_a_pause() -> None:
    desk = Desk()
    desk.do(verbs.Pause(1800.0))
    desk.jump(3600.0)
    desk.do(Slept(3600.0))
    assert desk.engine.world.pause is None
    assert desk.took() == story("""
        09:00:00 paused
        09:00:00 away (asleep)
        09:30:00 resumed (it was over)
        10:00:00 back (after 1 h)
        10:00:00 break natural_break
    """)


SPRING = datetime(2026, 3, 29, tzinfo=BERLIN)  # 2:00 becomes 3:00
AUTUMN = datetime(2026, 10, 25, tzinfo=BERLIN)  # 3:00 becomes 2:00


@pytest.mark.parametrize(
    ("start", "verb", "length"),
    [
        (SPRING.replace(hour=1), verbs.Pause(7200.0), 7200.0),
        (SPRING.replace(hour=1), verbs.Pause(until="04:00"), 7200.0),
        (SPRING.replace(hour=1), verbs.Pause(until="02:30"), 3600.0),  # does not exist: the end of the gap
        (SPRING.replace(hour=3, minute=10), verbs.Pause(until="02:30"), 23 * 3600.0 + 1200.0),
        (AUTUMN.replace(hour=1), verbs.Pause(until="04:00"), 4 * 3600.0),
        (AUTUMN.replace(hour=1), verbs.Pause(until="02:30"), 5400.0),  # the first of the two
        (AUTUMN.replace(hour=2, minute=45), verbs.Pause(until="02:30"), 2700.0),  # the second
        (AUTUMN.replace(hour=2, minute=15, fold=1), verbs.Pause(until="02:30"), 900.0),
        (AUTUMN.replace(hour=2, minute=45, fold=1), verbs.Pause(until="02:30"), 86400.0 - 900.0),
        (AUTUMN.replace(hour=2, minute=15, fold=1), verbs.Pause(until="2026-10-25 02:30"), 900.0),
    ],
)
def test_over_a_change_of_the_clocks(start: datetime, verb: verbs.Pause, length: float) -> None:
    desk = Desk(start=start)
    assert said(desk, verb)[0]
    assert ends_after(desk) == pytest.approx(length)


@pytest.mark.parametrize(
    ("text", "wall", "openings", "end"),
    [
        ("tomorrow", MONDAY_9, WEEK, datetime(2026, 11, 24, 8, 30)),  # noqa: DTZ001 - naive by contract
        ("Tomorrow ", MONDAY_9, (), datetime(2026, 11, 24, 6, 0)),  # noqa: DTZ001 - same
        ("0:05", MONDAY_9.replace(hour=0), WEEK, datetime(2026, 11, 23, 0, 5)),  # noqa: DTZ001 - same
        ("0:05", MONDAY_9, (), datetime(2026, 11, 24, 0, 5)),  # noqa: DTZ001 - same
        ("resumed", MONDAY_9, (), None),
    ],
)
def test_words_for_the_end(
    text: str, wall: datetime, openings: tuple[Opening, ...], end: datetime | None
) -> None:
    assert parse_until(text, wall, openings) == end


LATE = tuple(Opening(day, 11 * 60, 26 * 60) for day in range(5))  # into the next day
EARLY = tuple(Opening(day, 5 * 60, 13 * 60) for day in range(7))
NIGHTS = tuple(Opening(day, 20 * 60, 31 * 60) for day in range(7))


@pytest.mark.parametrize(
    ("said", "text", "openings", "end"),
    [
        ("Mon 23 Nov 09:00", "tomorrow", (), "Tue 24 Nov 06:00"),
        ("Tue 24 Nov 05:59", "tomorrow", (), "Tue 24 Nov 06:00"),
        ("Tue 24 Nov 06:00", "tomorrow", (), "Wed 25 Nov 06:00"),
        ("Tue 24 Nov 00:31", "tomorrow", LATE, "Tue 24 Nov 11:00"),  # the shift goes on
        ("Tue 24 Nov 01:59", "tomorrow", LATE, "Tue 24 Nov 11:00"),
        ("Tue 24 Nov 03:00", "tomorrow", LATE, "Tue 24 Nov 11:00"),
        ("Tue 24 Nov 06:30", "tomorrow", LATE, "Wed 25 Nov 11:00"),
        ("Mon 23 Nov 23:00", "tomorrow", LATE, "Tue 24 Nov 11:00"),
        ("Sat 28 Nov 00:31", "tomorrow", LATE, "Mon 30 Nov 11:00"),
        ("Tue 24 Nov 06:59", "tomorrow", NIGHTS, "Tue 24 Nov 20:00"),
        ("Tue 24 Nov 07:00", "tomorrow", NIGHTS, "Wed 25 Nov 20:00"),
        ("Tue 24 Nov 04:59", "tomorrow", EARLY, "Tue 24 Nov 05:00"),
        ("Tue 24 Nov 05:00", "tomorrow", EARLY, "Wed 25 Nov 05:00"),  # the day has begun
        ("Fri 27 Nov 12:00", "tomorrow", WEEK, "Mon 30 Nov 08:30"),  # no hours on Saturday
        ("Mon 23 Nov 09:00", "tomorrow", (Opening(0, 0, 60),), "Mon 30 Nov 00:00"),
        ("Wed 25 Nov 12:00", "monday", (), "Mon 30 Nov 06:00"),
        ("Wed 25 Nov 12:00", "Mon ", WEEK, "Mon 30 Nov 08:30"),
        ("Wed 25 Nov 12:00", "thurs", WEEK, "Thu 26 Nov 08:30"),
        ("Wed 25 Nov 12:00", "sunday", WEEK, "Mon 30 Nov 08:30"),
        ("Mon 23 Nov 12:00", "monday", WEEK, "Mon 30 Nov 08:30"),  # today's name
        ("Mon 23 Nov 05:00", "monday", WEEK, "Mon 23 Nov 08:30"),  # at night it is still Sunday
        ("Tue 24 Nov 00:31", "tuesday", LATE, "Tue 24 Nov 11:00"),
        ("Tue 24 Nov 00:31", "monday", LATE, "Mon 30 Nov 11:00"),
        *(("Sun 22 Nov 12:00", day, (), f"{day[:3].title()} {date} Nov 06:00") for date, day in DATES),
    ],
)
def test_a_day_is_where_its_hours_begin(
    said: str, text: str, openings: tuple[Opening, ...], end: str
) -> None:
    wall = datetime.strptime(f"2026 {said}", "%Y %a %d %b %H:%M").replace(tzinfo=BERLIN)
    found = parse_until(text, wall, openings)
    assert f"{found:%a %d %b %H:%M}" == end


@pytest.mark.parametrize("text", ["lunch", "mo", "mond ay", "mondays", "today", "tomorow"])
def test_what_names_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=rf"'{text}' is not a time; write 14:30, tomorrow, monday, "):
        parse_until(text, MONDAY_9, WEEK)


@pytest.mark.parametrize(
    ("verb", "message"),
    [
        (verbs.Pause(until="tomorrow"), "Paused until tomorrow 08:30, when your hours begin."),
        (verbs.Pause(until="sat"), "Paused until Mon 30 Nov 08:30, when your hours begin."),
        (verbs.Pause(until="8:30"), "Paused until tomorrow 08:30, when your hours begin."),
        (verbs.Pause(until="8:31"), "Paused until tomorrow 08:31."),
        (verbs.Pause(until="2026-11-28 08:30"), "Paused until Sat 28 Nov 08:30."),
    ],
)
def test_a_pause_says_when_it_ends_with_the_beginning_of_the_hours(verb: verbs.Pause, message: str) -> None:
    assert said(Desk(plan(hours=WEEK)), verb) == (True, message)


def test_an_end_more_than_a_year_away_is_refused_with_the_word_for_it() -> None:
    for wall in (MONDAY_9, MONDAY_9.replace(tzinfo=ZoneInfo("America/New_York"))):
        with pytest.raises(
            ValueError, match="is more than a year away; `--until resumed` pauses until you say"
        ):
            parse_until("9999-12-31 23:59", wall, ())
    assert parse_until("2027-11-24 23:59", MONDAY_9, ()) == datetime(2027, 11, 24, 23, 59)  # noqa: DTZ001
    with pytest.raises(ValueError, match="is more than a year away"):
        parse_until("2027-11-25 00:00", MONDAY_9, ())


# ---- the forgotten pause -------------------------------------------------------------------------------


def mentions(desk: Desk) -> int:
    return sum(isinstance(effect, Show) and effect.card.key == "pause-note" for effect in desk.effects)


def test_an_open_ended_pause_is_mentioned_once_a_day_after_the_first() -> None:
    desk = Desk()
    desk.do(verbs.Pause(until="resumed"))
    counts = [mentions(desk.pass_time(seconds)) for seconds in (86399.0, 1.0, 86399.0, 1.0, 5 * 86400.0)]
    assert counts == [0, 1, 1, 2, 7]
    assert desk.screen["pause-note"].lines == ("Since Monday 09:00, until you run: neckguard resume",)


def test_it_is_mentioned_to_somebody_who_is_there() -> None:
    desk = Desk()
    desk.do(verbs.Pause(until="resumed"))
    desk.do(AwayBegan(Away.LOCKED))
    assert mentions(desk.pass_time(3.5 * 86400.0)) == 0
    desk.do(NotifierChanged(ready=True, keeps=False))
    assert mentions(desk) == 0
    desk.do(AwayEnded(Away.LOCKED))
    assert mentions(desk) == 1


@pytest.mark.parametrize("verb", [verbs.Resume(), verbs.Pause(60.0)])
def test_the_mention_is_hidden_when_the_pause_ends_or_another_begins(verb: verbs.Verb) -> None:
    desk = Desk()
    desk.do(verbs.Pause(until="resumed"))
    assert desk.pass_time(86400.0).open == ["pause-note"]
    desk.do(verb)
    assert desk.open == []


def test_a_pause_with_an_end_is_not_mentioned() -> None:
    desk = Desk()
    desk.do(verbs.Pause(5 * 86400.0))
    assert mentions(desk.pass_time(4 * 86400.0)) == 0
