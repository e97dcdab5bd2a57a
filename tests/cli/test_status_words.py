"""How the status is put into words, for people and for status bars."""

import json
import time
from typing import Any

import pytest
from support.fake_daemon import SAMPLE, reminder
from support.flare_helpers import FLARE, TIMER

from neckguard import __version__
from neckguard.cli.status.bars import pick
from neckguard.cli.status.page import line, page
from neckguard.cli.status.status import _aged

RESTART = "restart it with systemctl --user restart neckguard"
AT = "2026-03-02T15:0{}:00+01:00".format
PAUSE = {"reason": "paused", "since": AT(0), "until": "2026-03-02T15:30:00+01:00"}
OPEN_PAUSE = PAUSE | {"until": None}
AWAY = {"reason": "away", "since": AT(1), "until": None}
OFF = {"reason": "off_hours", "since": AT(2), "until": "2026-03-03T09:00:00+01:00"}
CALL = {"reason": "call", "detail": "Zoom uses the microphone", "since": AT(3)}
SETTLING = {"reason": "settling", "detail": "", "since": AT(4)}
PROMPT = {"id": 7, "reminder": "break", "shown_at": AT(5), "title": 'Time away:\n5 min & a "tea" <b>'} | {
    "actions": ["start", "snooze", "skip"]
}
TAKEN = {"reminder": "break", "kind": "break", "until": "2026-03-02T15:10:00+01:00"}
BROKEN = {
    "file": "c.toml",
    "line": 12,
    "key": "reminders.posture.evry",
    "message": "unknown key; did you mean every?",
}


def status(**fields: Any) -> dict[str, Any]:
    return {**SAMPLE, **fields}


def block(given: dict[str, Any]) -> tuple[str, str, str, str]:
    """What waybar and i3blocks would show: text, class, short text, colour."""
    waybar = json.loads(pick("waybar")(given))
    i3 = json.loads(pick("i3blocks", follow=True)(given))
    assert waybar["text"] == i3["full_text"] == pick("polybar")(given)
    assert waybar["class"] == waybar["alt"]
    return waybar["text"], waybar["class"], i3["short_text"], i3.get("color", "")


@pytest.mark.parametrize(
    ("given", "sentence", "shown"),
    [
        (
            status(),
            "Running since Mon 2 Mar 09:00. Next: posture in 12 min.",
            ("posture 12m", "running", "12m", ""),
        ),
        (
            status(next=None),
            "Running since Mon 2 Mar 09:00.",
            ("no reminders", "running", "no reminders", ""),
        ),
        (
            status(next={"name": "break", "due_in": 3540.5}),
            "Running since Mon 2 Mar 09:00. Next: break in 59 min.",
            ("break 1h00m", "running", "1h00m", ""),
        ),
        (
            status(next={"name": "break", "due_in": 0.0}),
            "Running since Mon 2 Mar 09:00. Next: break as soon as it fits.",
            ("break 0m", "running", "0m", ""),
        ),
        (
            status(state="paused", holds=[PAUSE, AWAY], next=None),
            "Paused until Mon 2 Mar 15:30. Away since Mon 2 Mar 15:01; the countdowns wait.",
            ("paused Mon 2 Mar 15:30", "paused", "paused Mon 2 Mar 15:30", "#888888"),
        ),
        (
            status(state="paused", holds=[OPEN_PAUSE], next=None),
            "Paused since Mon 2 Mar 15:00, until you say `neckguard resume`.",
            ("paused", "paused", "paused", "#888888"),
        ),
        (
            status(state="paused", holds=[PAUSE | {"note": "dentist"}], next=None),
            "Paused until Mon 2 Mar 15:30 (dentist).",
            ("paused Mon 2 Mar 15:30", "paused", "paused Mon 2 Mar 15:30", "#888888"),
        ),
        (
            status(state="off_hours", holds=[OFF]),
            "Outside your hours until Tue 3 Mar 09:00. Then: posture in 12 min.",
            ("off hours", "off_hours", "off hours", "#888888"),
        ),
        (
            status(state="quiet", quiet=[CALL, SETTLING]),
            (
                "Quiet since Mon 2 Mar 15:03: Zoom uses the microphone."
                " Quiet since Mon 2 Mar 15:04: settling. Next: posture in 12 min."
            ),
            ("quiet call, settling", "quiet", "quiet call, settling", "#888888"),
        ),
        (
            status(prompt=PROMPT),
            (
                "Running since Mon 2 Mar 09:00. On the screen since Mon 2 Mar 15:05:"
                ' Time away: 5 min & a "tea" <b>. Answer it there, or: neckguard start, snooze or skip.'
            ),
            ("break now", "prompt", "now", "#ffb000"),
        ),
        (
            status(
                prompt=PROMPT
                | {"reminder": "posture", "title": "Shift a little", "actions": ["done", "skip"]}
            ),
            (
                "Running since Mon 2 Mar 09:00. On the screen since Mon 2 Mar 15:05:"
                " Shift a little. Answer it there, or: neckguard done or skip."
            ),
            ("posture now", "prompt", "now", "#ffb000"),
        ),
        (
            status(prompt=PROMPT | {"title": "Walk", "handed_to": "gnome-shell"}),
            (
                "Running since Mon 2 Mar 09:00. Handed to gnome-shell at Mon 2 Mar 15:05:"
                " Walk. Answer it there, or: neckguard start, snooze or skip."
            ),
            ("break now", "prompt", "now", "#ffb000"),
        ),
        (
            status(state="away", holds=[AWAY], next=None, guide=TAKEN),
            (
                "Away since Mon 2 Mar 15:01; the countdowns wait."
                " On a break until Mon 2 Mar 15:10; to end it: neckguard done."
            ),
            ("break until Mon 2 Mar 15:10", "away", "until Mon 2 Mar 15:10", "#888888"),
        ),
        (
            status(guide=TAKEN | {"kind": "stretch"}),
            "Running since Mon 2 Mar 09:00. Next: posture in 12 min.",
            ("posture 12m", "running", "12m", ""),
        ),
        (
            status(state="paused", holds=[PAUSE], next=None, guide=TAKEN),
            ("Paused until Mon 2 Mar 15:30. On a break until Mon 2 Mar 15:10; to end it: neckguard done."),
            ("paused Mon 2 Mar 15:30", "paused", "paused Mon 2 Mar 15:30", "#888888"),
        ),
        (
            status(flare=FLARE, timer=TIMER),
            (
                "Running since Mon 2 Mar 09:00. Flare-up, day 2; for its plan: neckguard flare status."
                " Cold pack until Mon 2 Mar 15:10, never past Mon 2 Mar 15:15. Next: posture in 12 min."
            ),
            ("posture 12m", "running", "12m", ""),
        ),
        (
            status(flare=FLARE | {"open": True}),
            (
                "Running since Mon 2 Mar 09:00."
                " Flare-up, day 2; once somebody has looked: neckguard flare cleared."
                " Next: posture in 12 min."
            ),
            ("posture 12m", "running", "12m", ""),
        ),
        (
            status(timer=TIMER | {"ringing": True}, next=None),
            (
                "Running since Mon 2 Mar 09:00."
                " Cold pack: time is up. Take it off, then: neckguard flare cold --stop."
            ),
            ("no reminders", "running", "no reminders", ""),
        ),
        (
            status(config={"path": "c.toml", "problems": [BROKEN]}),
            "Running since Mon 2 Mar 09:00. Next: posture in 12 min.",
            ("posture 12m !", "running", "12m", "#ff5555"),
        ),
    ],
)
def test_each_state_in_a_sentence_and_in_a_bar(
    given: dict[str, Any], sentence: str, shown: tuple[str, str, str, str]
) -> None:
    assert (line(given), block(given)) == (sentence, shown)


def test_a_time_of_today_needs_no_date() -> None:
    since = time.strftime("%Y-%m-%dT08:59:00+01:00")
    assert line(status(since=since, next=None)) == "Running since 08:59."


def test_a_time_that_is_a_year_away_needs_its_year() -> None:
    end = time.localtime(time.time() + 366 * 86400)
    hold = PAUSE | {"until": time.strftime("%Y-%m-%dT15:30:00+01:00", end)}
    named = time.strftime(f"%a {end.tm_mday} %b %Y 15:30", end)
    assert line(status(state="paused", holds=[hold], next=None)) == f"Paused until {named}."


def test_the_page_tells_each_reminder_and_each_problem() -> None:
    given = status(
        reminders=[
            reminder("posture", state="showing", due_in=None),
            reminder("stretch", state="due", due_in=0.0, owed=True),
            reminder("break", state="snoozed", due_in=300.0, owed=True),
            reminder("tea", state="held", due_in=90.0),
            reminder("pills", due_in=7200.0, every=None),
            reminder("eyes", enabled=False, state="off"),
            reminder("water", enabled=False, state="off"),
        ],
        config={
            "path": "c.toml",
            "problems": [BROKEN, {"file": "c.toml", "line": 0, "key": "", "message": "gone"}],
            "notes": [{**BROKEN, "key": "reminders.brake", "message": "did you mean break?"}],
        },
        services={
            "notify": {"ok": False, "problem": "no notification server"},
            "session": {"ok": True, "problem": ""},
        },
        version="0.0.1",
    )
    assert page(given).splitlines()[2:] == [
        "  posture  asks now                       every 20 min",
        "  stretch  waits for a good moment        every 20 min",
        "  break    in 5 min, snoozed              every 20 min",
        "  tea      in 1 min 30 s, standing still  every 20 min",
        "  pills    in 2 h                         at a set time",
        "  off: eyes, water",
        "5 h 10 min at the screen today.",
        "Problem: c.toml:12: reminders.posture.evry: unknown key; did you mean every?",
        "Problem: c.toml: gone",
        "Problem: notify: no notification server",
        f"Problem: the daemon is version 0.0.1, this is {__version__}: {RESTART}",
        "Note: c.toml:12: reminders.brake: did you mean break?",
        "Settings: c.toml",
    ]


def test_what_nobody_can_mend_is_told_but_marks_no_bar() -> None:
    limit = {"ok": False, "problem": "logind is not running", "limit": True}
    given = status(services={"session": limit})
    assert block(given) == ("posture 12m", "running", "12m", "")
    assert pick("{problems}")(given) == ""
    assert "Problem: session: logind is not running" in page(given)
    assert block(status(services={"session": limit | {"limit": False}}))[0] == "posture 12m !"


def test_a_tooltip_is_escaped_for_pango() -> None:
    tooltip = json.loads(pick("waybar")(status(prompt=PROMPT)))["tooltip"]
    assert 'Time away: 5 min &amp; a "tea" &lt;b&gt;.' in tooltip


def test_a_template_fills_in_every_name() -> None:
    names = "state since next due_in sat every paused_until holds quiet flare prompt problems"
    template = "|".join(f"{{{name}}}" for name in names.split()) + "|{{%}}"
    assert pick(template)(status()) == "running|Mon 2 Mar 09:00|posture|12m|8m|20m|||||||{%}"
    full = status(
        holds=[PAUSE, AWAY],
        quiet=[CALL],
        prompt=PROMPT,
        next=None,
        config={"problems": [BROKEN]},
        flare=FLARE,
    )
    assert pick(template)(full) == (
        "running|Mon 2 Mar 09:00|||||Mon 2 Mar 15:30|paused, away|call|day 2"
        '|Time away: 5 min & a "tea" <b>|1|{%}'
    )


def test_a_followed_countdown_goes_on_between_two_reports() -> None:
    show = pick("{due_in} {sat}")
    percentage = json.loads(pick("waybar")(_aged(status(), 300.0)))["percentage"]
    assert (show(_aged(status(), 300.0)), percentage) == ("7m 13m", 65)
    assert show(_aged(status(), 9999.0)).startswith("0m")
    assert show(_aged(status(state="paused"), 300.0)) == "12m 8m"


@pytest.mark.parametrize(
    ("holds", "minutes"), [([], 15), ([PAUSE], 15), ([AWAY], 10), ([PAUSE, AWAY], 10), ([OFF], 15)]
)
def test_the_time_at_the_screen_goes_on_unless_nobody_is_there(holds: list[Any], minutes: int) -> None:
    state = holds[0]["reason"] if holds else "running"
    tooltip = json.loads(pick("waybar")(_aged(status(state=state, holds=holds), 300.0)))["tooltip"]
    assert tooltip.endswith(f"\n5 h {minutes} min at the screen today.")


STILL = {"state": "still", "idle_seconds": 900.0, "source": "x11"}
FILM, WISH = ({"by": by, "seconds": 900, "counts": True} for by in ('Firefox: "Dune"', "Caffeine"))


def kept_awake(*holders: dict[str, Any], presence: dict[str, Any] = STILL) -> str:
    """What the page says of them."""
    service = {"ok": True, "problem": "", "source": "x11", "others": {}, "kept_awake": list(holders)}
    (last,) = page(status(presence=presence, services={"presence": service})).splitlines()[-2:-1]
    return last


def test_what_keeps_somebody_still_is_told_in_the_words_that_ignore_it() -> None:
    ignored = WISH | {"counts": False}
    one = r'Kept awake by an application; to ignore it: still_ignore = ["Firefox: \"Dune\""]'
    assert kept_awake(FILM) == kept_awake(FILM, ignored) == one
    assert kept_awake(FILM, WISH) == (
        r'Kept awake by 2 applications; to ignore them: still_ignore = ["Firefox: \"Dune\"", "Caffeine"]'
    )


def test_what_keeps_nobody_still_goes_unsaid() -> None:
    told = "Presence: {}, told by x11".format
    assert kept_awake(WISH | {"counts": False}) == kept_awake() == told("still")
    assert kept_awake(FILM, presence=STILL | {"state": "active"}) == told("active")


def test_an_older_daemon_tells_nothing_of_the_day() -> None:
    older = {key: value for key, value in status().items() if key != "sat_today"}
    assert "today" not in page(_aged(older, 60.0))


def test_a_reminder_of_a_day_says_how_far_it_is() -> None:
    dayend = reminder("dayend", kind="note", every=None, daily=28800.0, sat=21600.0, due_in=7200.0)
    given = status(reminders=[dayend], next={"name": "dayend", "due_in": 7200.0})
    assert "  dayend  in 2 h  after 8 h in a day" in page(given)
    assert json.loads(pick("waybar")(given))["percentage"] == 75
    assert "  dayend  dealt with for today  after 8 h in a day" in page(
        status(reminders=[dayend | {"due_in": None}])
    )
