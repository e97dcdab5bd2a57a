"""What the person and the desktop of a preview do, as the trace tells it."""

import json
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.virtual import GUIDED, TOPICS, Desk, plan, reminder

from neckguard.core import take_anchor, take_state, verbs
from neckguard.core.engine import Engine
from neckguard.core.plan import Plan
from neckguard.errors import NeckguardError
from neckguard.preview.parse import parse
from neckguard.preview.say import as_data, say, say_brief
from neckguard.preview.scenario import Scenario
from neckguard.preview.simulation import play
from neckguard.preview.trace import Trace, Wait

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
BREAK = plan(reminder("break", 3600.0))
POSTURE = plan(reminder("posture", 1200.0))


def day(text: str, settings: Plan) -> Trace:
    return play(parse(text, "day", NINE, settings, lambda _: BREAK), settings, TOPICS)


def told(trace: Trace, *leave_out: str) -> list[str]:
    return [
        " ".join(word for word in (f"{each.at:%H:%M:%S}", each.reminder, each.what, each.reason) if word)
        for each in trace.entries
        if each.what not in ("scenario", "due", *leave_out)
    ]


def test_the_person_takes_a_posture_check() -> None:
    assert told(day("09:45 end", POSTURE)) == [
        "09:20:08 posture shown",
        "09:20:13 posture done",
        "09:40:36 posture shown",
        "09:40:41 posture done",
    ]


def test_the_person_stands_up_for_a_break_without_a_click_and_comes_back() -> None:
    assert told(day("10:10 end", BREAK)) == [
        "10:00:08 break shown",
        "10:00:13 break leaves for 5 min",
        "10:04:05 away no input since 10:00",
        "10:04:05 break hidden away",
        "10:05:13 break returns",
        "10:05:14 back after 5 min",
        "10:05:14 break done away long enough",
    ]


def test_who_does_something_else_does_not_come_back_from_the_break_by_themselves() -> None:
    trace = day("10:02 leave\n11:00 work\n11:01 end", BREAK)
    assert told(trace)[-3:] == [
        "10:04:05 break hidden away",
        "11:00:01 back after 1 h",
        "11:00:01 break done away long enough",
    ]


@pytest.mark.parametrize(
    ("how", "outcomes"),
    [
        ("start", ["done", "break_start", "guide", "break_end", "guide"]),
        ("snooze", ["snoozed"]),
        ("skip", ["skipped"]),
        ("dismiss", ["dismissed"]),
        ("nothing", ["ignored"]),
    ],
)
def test_other_answers_to_a_break(how: str, outcomes: list[str]) -> None:
    trace = day(f"09:00 answer {how}\n10:08 end", BREAK)
    ours = {"shown", "leaves", "returns", "away", "back", "hidden"}
    assert [entry.what for entry in trace.entries if entry.what not in {"scenario", "due", *ours}] == outcomes


def test_who_starts_a_stretch_follows_the_guide_hands_off() -> None:
    settings = plan(reminder("stretch", 2400.0))
    story = parse("09:00 answer start\n09:42 end", "day", NINE, settings, lambda _: BREAK)
    trace = play(story, settings, GUIDED)
    assert told(trace) == [
        "09:40:08 stretch shown",
        "09:40:13 stretch guide",
        "09:40:34 stretch done",
        "09:40:34 guide",
    ]
    assert [entry.title for entry in trace.entries if entry.what == "guide"] == ["Chin tuck", "Done"]


def test_who_leaves_a_guide_does_not_go_back_to_work_when_it_ends() -> None:
    settings = plan(reminder("stretch", 2400.0))
    story = parse("09:00 answer start\n09:40:20 leave\n09:46 end", "day", NINE, settings, lambda _: BREAK)
    assert told(play(story, settings, GUIDED))[-1] == "09:45:34 away no input since 09:40"


def test_nobody_answers_for_somebody_who_left() -> None:
    trace = day("09:20:09 leave\n09:24 end", POSTURE)
    assert told(trace) == ["09:20:08 posture shown"]


def test_a_sleeping_machine_hears_nothing_and_is_told_when_it_wakes() -> None:
    trace = day("09:10 sleep\n09:11 dnd on\n09:20 wake\n09:21 end", POSTURE)
    assert told(trace) == [
        "09:10:00 away asleep",
        "09:20:00 quiet dnd: do not disturb",
        "09:20:01 back after 10 min",
    ]


def test_who_wakes_a_locked_machine_is_not_back_before_it_is_unlocked() -> None:
    trace = day("09:10 lock\n09:11 sleep\n09:20 wake\n09:25 work\n09:30 unlock\n09:31 end", POSTURE)
    assert told(trace) == ["09:10:00 away locked", "09:30:00 back after 20 min"]


def test_a_daemon_that_does_not_run_obeys_nobody_and_goes_on_later() -> None:
    trace = day("09:10 restart 60s\n09:10:30 pause\n09:10:40 dnd on\n09:21:30 dnd off\n09:23 end", POSTURE)
    assert told(trace, "back", "away") == [
        "09:10:30 reply neckguard is not running.",
        "09:11:00 quiet dnd: do not disturb",
        "09:21:30 quiet_end dnd",
        "09:21:53 posture shown",
        "09:21:58 posture done",
    ]


def test_a_daemon_whose_start_falls_into_sleep_starts_on_waking() -> None:
    trace = day("09:01 restart 60s\n09:01:30 sleep\n09:30 wake\n09:30:10 pause 5m\n09:31 end", POSTURE)
    assert told(trace)[-2:] == ["09:30:10 paused", "09:30:10 reply Paused until 09:35."]


def test_calls_are_found_only_when_the_engine_looks() -> None:
    assert told(day("09:05 call\n09:15 hang-up\n09:19 end", POSTURE)) == []
    assert told(day("09:05 call\n09:30 end", POSTURE)) == ["09:20:08 quiet call: microphone in use"]


def test_what_fills_the_screen_counts_where_the_settings_say_so() -> None:
    heeding = replace(POSTURE, quiet=replace(POSTURE.quiet, fullscreen=True))
    text = "09:05 fullscreen on\n09:06 program on\n09:30 fullscreen off\n09:40 end"
    assert told(day(text, heeding))[:2] == [
        "09:20:08 quiet fullscreen: an application fills the screen",
        "09:30:08 quiet_end fullscreen",
    ]
    assert "09:20:08 posture shown" in told(day(text, POSTURE))


def test_an_edit_lasts_over_a_restart() -> None:
    settings = plan(reminder("break", 600.0))  # an hour after the edit
    trace = day("09:05 edit reminders.break.every=1h\n09:06 restart 10s\n09:59 end", settings)
    assert [entry.what for entry in trace.entries if entry.reminder] == []


def test_the_summary() -> None:
    summary = day("09:30 call\n10:30 hang-up\n11:30 end", BREAK)
    assert summary.prompts == (("break", 1),)
    assert [(each.reason, each.times, round(each.longest)) for each in summary.waits] == [
        ("you are in a call", 1, 1868)
    ]
    sitting = summary.sitting
    assert sitting is not None
    assert (round(sitting.seconds), f"{sitting.begin:%H:%M}", f"{sitting.end:%H:%M}") == (
        5473,
        "09:00",
        "10:31",
    )


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("09:30 leave\n09:33 work\n10:00 end", 60),  # too short for a break
        ("09:30 leave\n09:34 work\n10:00 end", 30),
        ("09:10 lock\n09:20 work\n09:50 unlock\n10:10 end", 20),  # nobody works behind a lock
        ("09:10 leave\n09:40 bump\n10:00 end", 10),
    ],
)
def test_sitting_is_what_the_person_really_does(text: str, minutes: int) -> None:
    sitting = day(text, plan(reminder("break", 7200.0))).sitting
    assert sitting is not None
    assert sitting.seconds == minutes * 60


def test_without_reminders_nothing_happens() -> None:
    trace = play(Scenario(NINE, 3600.0), plan(reminder("posture", 1200.0, enabled=False)), TOPICS)
    assert [line.text for line in say(trace)] == [
        "Monday 23 November 2026, Europe/Berlin",
        "",
        "In 1 h it showed: nothing.",
        "Longest at the desk without a break: 1 h (09:00 to 10:00).",
    ]


def test_for_programs() -> None:
    data = as_data(day("09:25 end", POSTURE))
    nothing = {"reminder": "posture", "reason": "", "title": "", "lines": []}
    assert data == {
        "from": "2026-11-23T09:00:00+01:00",
        "to": "2026-11-23T09:25:00+01:00",
        "server": "plain",
        "events": [
            {"at": "2026-11-23T09:20:00+01:00", "what": "due", **nothing},
            {
                "at": "2026-11-23T09:20:08+01:00",
                "what": "shown",
                "reminder": "posture",
                "reason": "",
                "title": "Shift a little",
                "lines": ["Try this."],
            },
            {"at": "2026-11-23T09:20:13+01:00", "what": "done", **nothing},
        ],
        "summary": {
            "shown": {"posture": 1},
            "longest_sitting": {
                "seconds": 1500.0,
                "from": "2026-11-23T09:00:00+01:00",
                "to": "2026-11-23T09:25:00+01:00",
            },
            "waits": [{"reason": "you are typing", "times": 1, "longest": 8.0}],
        },
    }


def test_every_line_fits_a_terminal() -> None:
    long = reminder("a_reminder_with_a_long_name", 600.0, message="word " * 40)
    trace = play(Scenario(NINE, 7200.0), plan(long), TOPICS)
    assert max(len(line.text) for line in say(trace)) <= 80


def test_an_engine_that_does_not_go_on_is_a_fault_and_no_endless_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Engine, "deadline", lambda _: 600.0)
    with pytest.raises(NeckguardError, match=r"^the engine does not get beyond 09:10:00\. Please report"):
        play(Scenario(NINE, 3600.0), POSTURE, TOPICS)


def test_waits_are_named_by_what_took_longest() -> None:
    trace = day("09:19 dnd on\n09:25 dnd off\n09:26 end", POSTURE)
    assert trace.waits == (Wait("do not disturb is on", 1, 338.0),)


SPANS = ("0s", "1s", "20s", "60s", "4m", "5m", "299s", "20m", "1h")
HAPPENINGS = (
    "work, read, watch, leave, bump, type 2m, lock, unlock, switch-away, switch-back, sleep, wake, "
    "call, hang-up, share, unshare, fullscreen on, fullscreen off, program on, program off, "
    "dnd on, dnd off, inhibit on, inhibit off, clock +1h, clock -1h, "
    "source lost, source back, server lost, server back, restart 30s, restart 1h, zone America/New_York, "
    "pause 10m, resume, now break, start, snooze, skip, done, answer start, answer nothing, answer snooze"
)
LINES = st.lists(st.tuples(st.sampled_from(SPANS), st.sampled_from(HAPPENINGS.split(", "))), max_size=40)


@settings(max_examples=60)
@given(LINES)
def test_whatever_happens_it_comes_to_its_end(lines: list[tuple[str, str]]) -> None:
    text = "".join(f"+{span} wake\n+0s {happening}\n" for span, happening in lines) + "+1h wake\n+2h end"
    trace = day(text, plan())
    assert round(trace.length, 6) >= 3 * 3600
    assert json.loads(json.dumps(as_data(trace))) == as_data(trace)
    assert all(len(line.text) <= 80 for line in say(trace))


# ---- the notification server -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["plain", "keeps"])
def test_what_goes_unanswered_stays_longer_on_a_server_that_keeps_it(kind: str) -> None:
    # Who types: in turn 10 s hands off, of which 5 s count, and 20 s typing. So 45 s take 55 s of both; five
    # minutes are 12 times 25 s, less the pause that they end in.
    trace = day(f"+1s server {kind}\n+1s answer nothing\n09:40 end", POSTURE)
    ignored = {"plain": "09:21:03", "keeps": "09:26:08"}
    assert [line for line in told(trace) if "posture" in line] == [
        "09:20:08 posture shown",
        f"{ignored[kind]} posture ignored",
    ]


def test_a_server_of_another_kind_may_take_the_place_of_the_one_that_was() -> None:
    trace = day("+1s answer nothing\n09:20:30 server keeps\n09:40 end", POSTURE)
    assert [line for line in told(trace) if "posture" in line] == [
        "09:20:08 posture shown",
        "09:26:08 posture ignored",
    ]


# ---- going on ----------------------------------------------------------------------------------------------


def going_on(desk: Desk, settings: Plan) -> Trace:
    saved = {"anchor": take_anchor(desk.engine), "state": take_state(desk.engine)}
    return play(Scenario(desk.now.wall, 3600.0, saved=saved), settings, TOPICS)


def test_a_preview_goes_on_from_the_countdowns_of_a_daemon() -> None:
    desk = Desk(POSTURE, start=NINE)
    desk.until("09:12")
    assert told(going_on(desk, POSTURE))[:2] == ["09:20:08 posture shown", "09:20:13 posture done"]
    often = plan(reminder("posture", 900.0))
    assert told(going_on(desk, often))[0] == "09:15:08 posture shown"


def test_a_preview_goes_on_with_the_pause_that_is_in_force() -> None:
    desk = Desk(POSTURE, start=NINE)
    desk.until("09:12")
    desk.do(verbs.Pause(duration=600.0))
    assert told(going_on(desk, POSTURE))[:2] == ["09:22:00 resumed it was over", "09:30:08 posture shown"]


# ---- in short ----------------------------------------------------------------------------------------------


def test_in_brief_each_break_is_a_line() -> None:
    both = plan(reminder("posture", 1800.0), reminder("break", 3600.0))
    story = "10:30 leave\n+20m work\n+1m answer skip\n12:00 answer dismiss\n13:05 end"
    assert [line.text for line in say_brief(day(story, both), ["break"])] == [
        "Monday 23 November 2026, Europe/Berlin",
        "10:05  break  taken, back after 5 min; before it posture 1",
        "10:50  break  taken unasked, back after 20 min",
        "11:50  break  skipped; before it posture 1",
        "12:50  break  closed for later; before it posture 1",
        "13:01  break  closed for later",
        "In 4 h 5 min it showed: break 4, posture 3.",
        "Longest at the desk without a break: 2 h 15 min (10:50 to 13:05).",
        "Waited 7 times, at most 23 s: you are typing.",
    ]
