"""A scenario's lines: what each means, when it happens, and what is said about bad ones."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from support.virtual import plan, reminder

from neckguard.core import verbs
from neckguard.core.plan import Plan
from neckguard.preview.parse import Edits, parse
from neckguard.preview.scenario import (
    Act,
    Answering,
    Bump,
    Edit,
    Fixture,
    Hands,
    Restart,
    Scenario,
    ScenarioError,
    SetClock,
    SetFixture,
    SetZone,
    Typing,
)

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)
EDITED = plan(reminder("break", 2400.0), reminder("tea", 7200.0))


def validate(edits: Edits) -> Plan:
    if edits[-1][1] == "wrong":
        raise ValueError(f"{edits[-1][0]}: no good")
    return EDITED


def read(text: str, start: datetime = NINE) -> Scenario:
    return parse(text, "day", start, plan(), validate)


def problems(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("what", "act"),
    [
        ("work", Hands.WORK),
        ("read", Hands.READ),
        ("watch", Hands.WATCH),
        ("leave", Hands.GONE),
        ("bump", Bump()),
        ("type 45s", Typing(45.0)),
        ("type 2", Typing(120.0)),
        ("lock", SetFixture(Fixture.LOCK, on=True)),
        ("unlock", SetFixture(Fixture.LOCK, on=False)),
        ("sleep", SetFixture(Fixture.SLEEP, on=True)),
        ("wake", SetFixture(Fixture.SLEEP, on=False)),
        ("switch-away", SetFixture(Fixture.AWAY, on=True)),
        ("switch-back", SetFixture(Fixture.AWAY, on=False)),
        ("call", SetFixture(Fixture.CALL, on=True)),
        ("hang-up", SetFixture(Fixture.CALL, on=False)),
        ("share", SetFixture(Fixture.SHARE, on=True)),
        ("unshare", SetFixture(Fixture.SHARE, on=False)),
        ("fullscreen on", SetFixture(Fixture.FULLSCREEN, on=True)),
        ("fullscreen off", SetFixture(Fixture.FULLSCREEN, on=False)),
        ("program on", SetFixture(Fixture.PROGRAM, on=True)),
        ("program off", SetFixture(Fixture.PROGRAM, on=False)),
        ("dnd on", SetFixture(Fixture.DND, on=True)),
        ("dnd off", SetFixture(Fixture.DND, on=False)),
        ("inhibit on", SetFixture(Fixture.INHIBIT, on=True)),
        ("inhibit off", SetFixture(Fixture.INHIBIT, on=False)),
        ("source lost", SetFixture(Fixture.SOURCE, on=False)),
        ("source back", SetFixture(Fixture.SOURCE, on=True)),
        ("server lost", SetFixture(Fixture.SERVER, on=False)),
        ("server back", SetFixture(Fixture.SERVER, on=True)),
        ("clock +1h", SetClock(3600.0)),
        ("clock -20m", SetClock(-1200.0)),
        ("zone America/New_York", SetZone(NEW_YORK)),
        ("restart 90s", Restart(90.0)),
        ("edit reminders.break.every=40m", Edit(EDITED)),
        ("pause", verbs.Pause()),
        ("pause 30m", verbs.Pause(duration=1800.0)),
        ("pause until 14:30", verbs.Pause(until="14:30")),
        ("pause until tomorrow", verbs.Pause(until="tomorrow")),
        ("resume", verbs.Resume()),
        ("now break", verbs.Now("break")),
        ("start", verbs.Start()),
        ("snooze", verbs.Snooze()),
        ("snooze 10m", verbs.Snooze(600.0)),
        ("skip", verbs.Skip()),
        ("skip break", verbs.Skip("break")),
        ("done", verbs.Done()),
        ("done posture", verbs.Done("posture")),
        *[
            (f"answer {how}", Answering(how))
            for how in ("done", "start", "snooze", "skip", "dismiss", "nothing")
        ],
    ],
)
def test_everything_that_can_happen(what: str, act: Act) -> None:
    (happening,) = read(f"# a story\n\n  09:30   {what}  # said aside\n").happenings
    assert (happening.after, happening.line, happening.text, happening.act) == (1800.0, 3, what, act)


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        (["09:00 work"], [0.0]),
        (["9:30:15 work"], [1815.0]),
        (["+90s work", "+1m work", "+2 work"], [90.0, 150.0, 270.0]),
        (["10:00 leave", "10:00 lock", "+0s sleep"], [3600.0, 3600.0, 3600.0]),
        (["22:00 leave", "08:00 work"], [46800.0, 82800.0]),
        (["10:00 clock +1h", "11:30 work"], [3600.0, 5400.0]),
        (["10:00 clock -1h", "09:30 work"], [3600.0, 5400.0]),
        (["10:00 zone America/New_York", "04:30 work"], [3600.0, 5400.0]),
    ],
)
def test_times_are_what_the_clock_shows_next(lines: list[str], seconds: list[float]) -> None:
    assert [happening.after for happening in read("\n".join(lines)).happenings] == seconds


def test_times_over_a_change_to_winter() -> None:
    evening = datetime(2026, 10, 24, 23, 0, tzinfo=BERLIN)
    happenings = read("02:30 leave\n+1h work\n04:00 leave", evening).happenings
    assert [happening.after / 3600 for happening in happenings] == [3.5, 4.5, 6.0]


def test_the_start() -> None:
    assert read("start 2026-12-01 07:30\n08:00 leave").start == datetime(2026, 12, 1, 7, 30, tzinfo=BERLIN)
    abroad = read("# first\nstart  2026-12-01 07:30  America/New_York\n08:00 leave")
    assert abroad.start.isoformat() == "2026-12-01T07:30:00-05:00"
    assert abroad.happenings[0].after == 1800.0


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", 8),
        ("10:00 leave", 8),
        ("18:00 leave", 10),
        ("+167h30m leave", 168),
        ("10:00 end", 1),
    ],
)
def test_how_long_it_lasts(text: str, hours: float) -> None:
    assert read(text).length == hours * 3600


WORDS = (
    "work, read, watch, leave, bump, lock, unlock, sleep, wake, switch-away, switch-back, call, hang-up, "
    "share, unshare, resume, start, type, restart, zone, answer, fullscreen, program, dnd, inhibit, source, "
    "server, snooze, clock, edit, pause, now, skip, done, end"
)
ANSWERS = "done, start, snooze, skip, dismiss, nothing"
NAMES = "posture, stretch, break"
MOMENTS = '14:30, tomorrow, monday, "2026-12-01 09:00" or resumed'
SPANS = 'write "45s", "20m" or "1h30m"'


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("leave", "'leave' is not a time; a line begins with one, such as 09:30, 09:30:15 or +5m"),
        ("24:00 leave", "'24:00' is not a time; a line begins with one, such as 09:30, 09:30:15 or +5m"),
        ("+soon leave", f"'soon' is not a span of time; {SPANS}"),
        ("+169h leave", "this is more than 168 hours after the start; end before"),
        ("10:00", "nothing happens; write what does, such as `10:00 leave`"),
        ("10:00 leaf", f"'leaf' is nothing that can happen; did you mean leave? (allowed: {WORDS})"),
        ("10:00 fly", f"'fly' is nothing that can happen (allowed: {WORDS})"),
        ("10:00 leave now", "'now' is too much: leave stands alone"),
        ("10:00 end it", "'it' is too much: end stands alone"),
        ("10:00 type", "how long? Write a span of time after it, such as 5m"),
        ("10:00 type fast", f"'fast' is not a span of time; {SPANS}"),
        ("10:00 restart 0s", "'0s' is not between 1s and 168h"),
        ("10:00 dnd", "'' is not known here (allowed: on, off)"),
        ("10:00 server on", "'on' is not known here (allowed: back, lost, plain, keeps)"),
        ("10:00 answer skipp", f"'skipp' is no answer; did you mean skip? (allowed: {ANSWERS})"),
        ("10:00 clock 1h", "'1h' is no change; write clock +1h or clock -20m"),
        ("10:00 zone Europe/Berlim", "'Europe/Berlim' is no time zone; did you mean Europe/Berlin?"),
        ("10:00 zone ../x", "'../x' is no time zone; write one such as Europe/Berlin"),
        ("10:00 edit break", "'break' is no setting; write edit reminders.break.every=40m"),
        ("10:00 edit quiet.settle=wrong", "quiet.settle: no good"),
        ("10:00 pause until 25:00", f"'25:00' is not a time; write {MOMENTS}."),
        ("10:00 now brake", f"there is no reminder 'brake'; did you mean break? (allowed: {NAMES})"),
        ("10:00 now", f"which reminder? (allowed: {NAMES})"),
        ("start tomorrow", "'tomorrow' is no start; write start 2026-11-25 09:00 Europe/Berlin"),
        ("start 2026-11-25 09:00 Nowhere", "'Nowhere' is no time zone; write one such as Europe/Berlin"),
    ],
)  # fmt: skip
def test_a_bad_line(line: str, problem: str) -> None:
    assert problems(f"# a story\n{line}\n") == [f"day:2: {problem}"]


def test_an_endless_line_is_not_repeated() -> None:
    assert problems(f"10:00 {'x' * 100_000}") == ["day:1: a line has at most 500 characters"]


def test_all_bad_lines_at_once() -> None:
    story = (
        "10:00 leave\nstart 2026-11-25 09:00\n10:30 jump\n11:00 sleep\n11:10 leave\n11:20 dnd on\n"
        "11:30 wake\n12:00 end\n13:00 work\n"
    )
    told = problems(story)
    assert [line.partition(" (allowed")[0] for line in told] == [
        "day:2: `start` with a date can only be the first line",
        "day:3: 'jump' is nothing that can happen; did you mean bump?",
        "day:5: the machine sleeps since line 4; let it wake first",
        "day:9: the scenario ended on line 8; move this before `end`",
    ]


def test_names_are_those_of_the_settings_at_that_time() -> None:
    assert problems("10:00 skip tea")[0].startswith("day:1: there is no reminder 'tea'")
    happenings = read("10:00 edit reminders.tea.every=2h\n10:01 skip tea").happenings
    assert happenings[1].act == verbs.Skip("tea")


def test_edits_add_up() -> None:
    seen: list[Edits] = []

    def remember(edits: Edits) -> Plan:
        seen.append(edits)
        return EDITED

    parse("10:00 edit a.b=1\n11:00 edit c = 'x = y'", "day", NINE, plan(), remember)
    assert seen == [(("a.b", "1"),), (("a.b", "1"), ("c", "x = y"))]
