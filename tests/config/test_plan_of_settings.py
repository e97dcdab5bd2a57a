"""What valid settings mean: defaults, merging, the environment, schedules, hours."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.config_helpers import check_text, plan_of, reminder

from neckguard.config.check import check, origins
from neckguard.config.defaults import BY_NAME
from neckguard.core.codec import from_plain, to_plain
from neckguard.core.plan import (
    BUILT_IN,
    HistorySettings,
    HookSettings,
    Kind,
    NotifySettings,
    Opening,
    Plan,
    PresenceSettings,
    QuietSettings,
    Reminder,
    StretchSettings,
)

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
WORKDAYS = (0, 1, 2, 3, 4)


def a_reminder(
    name: str, kind: Kind, duration: float, *, reset_after: float | None = 300.0, snooze: float = 300.0
) -> Reminder:
    return Reminder(
        name=name,
        kind=kind,
        enabled=True,
        every=None,
        at=(),
        days=(),
        daily=None,
        duration=duration,
        snooze=snooze,
        max_snoozes=2,
        reset_after=reset_after,
        expire_after=45.0,
        title="",
        message="",
    )


def a_note(name: str) -> Reminder:
    return replace(a_reminder(name, Kind.NOTE, 0.0, reset_after=None), enabled=False)


DEFAULTS = Plan(
    language="",
    reminders=(
        replace(a_reminder("posture", Kind.POSTURE, 10.0), every=1200.0),
        replace(a_reminder("stretch", Kind.STRETCH, 30.0), every=2400.0),
        replace(a_reminder("break", Kind.BREAK, 300.0, reset_after=240.0, snooze=600.0), every=3600.0),
        replace(a_reminder("eyes", Kind.STRETCH, 20.0), enabled=False, every=1200.0),
        replace(a_note("water"), every=7200.0),
        replace(a_reminder("strength", Kind.STRETCH, 120.0), enabled=False, at=("11:00",), days=WORKDAYS),
        replace(a_note("checkin"), at=("17:30",), days=WORKDAYS),
        replace(a_note("winddown"), at=("21:30",), days=EVERY_DAY),
        replace(a_note("dayend"), daily=28800.0),
    ),
    hours=(),
    presence=PresenceSettings(idle_after=240.0, source="auto", still_counts=True, still_ignore=()),
    quiet=QuietSettings(
        dnd=True,
        calls=True,
        calls_ignore=(),
        fullscreen=False,
        fullscreen_ignore=(),
        programs=(),
        presenting=True,
        typing_gap=3.0,
        typing_max_wait=90.0,
        settle=20.0,
        settle_after_call=30.0,
        merge_window=300.0,
    ),
    notify=NotifySettings(backend="auto", urgency="normal", buttons=True, sound="", icon=""),
    tray_show="auto",
    pause_default=3600.0,
    stretches=StretchSettings(avoid=(), standing=True, gentle_only=False),
    posture_avoid=(),
    history=HistorySettings(enabled=True, keep=365 * 86400.0),
    hooks=HookSettings(on_prompt=(), on_outcome=(), on_break_start=(), on_break_end=(), timeout=10.0),
    log_level="info",
)


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert plan_of(tmp_path, "") == DEFAULTS


def test_a_missing_file_means_the_defaults_unless_it_was_asked_for(tmp_path: Path) -> None:
    path = str(tmp_path / "none.toml")
    assert check(path, explicit=False, environ={}).plan == DEFAULTS
    asked = check(path, explicit=True, environ={})
    assert asked.plan is None
    assert [(problem.file, problem.line) for problem in asked.problems] == [(path, 0)]
    assert "no such file" in asked.problems[0].message


def test_the_plan_survives_being_plain(tmp_path: Path) -> None:
    assert from_plain(Plan, to_plain(plan_of(tmp_path, ""))) == DEFAULTS


def test_the_two_lists_of_built_ins_agree() -> None:
    assert tuple(BY_NAME) == BUILT_IN


def test_naming_one_key_of_one_reminder_keeps_all_the_rest(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, '[reminders.stretch]\nduration = "45s"\n')
    changed = replace(DEFAULTS.reminders[1], duration=45.0)
    assert plan == replace(DEFAULTS, reminders=(DEFAULTS.reminders[0], changed, *DEFAULTS.reminders[2:]))


def test_naming_one_key_of_a_section_keeps_all_the_rest(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, '[quiet]\nsettle = "0s"\n')
    assert plan == replace(DEFAULTS, quiet=replace(DEFAULTS.quiet, settle=0.0))


def test_the_environment_overrides_the_file_key_by_key(tmp_path: Path) -> None:
    text = """
[reminders.posture]
every = "30m"
duration = "20s"
[quiet]
settle = "1m"
[hooks]
timeout = "5s"
"""
    environ = {
        "NECKGUARD_REMINDERS__POSTURE__EVERY": "10m",
        "NECKGUARD_REMINDERS__POSTURE__MAX_SNOOZES": "7",
        "NECKGUARD_REMINDERS__STRETCH__ENABLED": "off",
        "NECKGUARD_QUIET__SETTLE": "0s",
        "NECKGUARD_HOOKS__ON_PROMPT": '["echo", "hi"]',
        "NECKGUARD_NOTIFY__SOUND": "bell",
        "NECKGUARD_CONFIG": "elsewhere",
        "NECKGUARD_TEST_PATIENCE": "2",
        "NECKGUARD_HOOK_NAME": "prompt",
        "HOME": "/home/me",
    }
    posture, stretch = DEFAULTS.reminders[:2]
    assert plan_of(tmp_path, text, environ) == replace(
        DEFAULTS,
        reminders=(
            replace(posture, every=600.0, duration=20.0, max_snoozes=7),
            replace(stretch, enabled=False),
            *DEFAULTS.reminders[2:],
        ),
        quiet=replace(DEFAULTS.quiet, settle=0.0),
        hooks=replace(DEFAULTS.hooks, on_prompt=("echo", "hi"), timeout=5.0),
        notify=replace(DEFAULTS.notify, sound="bell"),
    )


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("YES", True), ("1", True), ("false", False), ("0", False)]
)
def test_switches_in_the_environment_are_words(tmp_path: Path, text: str, value: bool) -> None:
    assert plan_of(tmp_path, "", {"NECKGUARD_QUIET__DND": text}).quiet.dnd is value


def test_a_reminder_of_ones_own_is_a_note_unless_said(tmp_path: Path) -> None:
    text = """
[reminders.tea]
every = "2h"
message = "Put the kettle on."
[reminders.walk]
kind = "break"
at = ["15:00", "12:30"]
"""
    plan = plan_of(tmp_path, text)
    tea = replace(
        a_reminder("tea", Kind.NOTE, 0.0, reset_after=None), every=7200.0, message="Put the kettle on."
    )
    walk = a_reminder("walk", Kind.BREAK, 300.0, reset_after=240.0, snooze=600.0)
    assert plan.reminders == (
        *DEFAULTS.reminders,
        tea,
        replace(walk, at=("12:30", "15:00"), days=EVERY_DAY),
    )


def test_a_reminder_may_come_from_the_environment_alone(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "", {"NECKGUARD_REMINDERS__GREEN__TEA__EVERY": "90m"})
    assert reminder(plan, "green__tea").every == 5400.0


def test_own_reminders_keep_the_order_of_the_file(tmp_path: Path) -> None:
    text = "".join(f'[reminders.{name}]\nevery = "1h"\n' for name in ("zebra", "apple", "posture", "mango"))
    assert [found.name for found in plan_of(tmp_path, text).reminders] == [
        *BUILT_IN,
        "zebra",
        "apple",
        "mango",
    ]


Schedule = tuple[float | None, tuple[str, ...], tuple[int, ...]]


@pytest.mark.parametrize(
    ("text", "schedule"),
    [
        ('[reminders.posture]\nat = ["12:30"]', (None, ("12:30",), EVERY_DAY)),
        ('[reminders.posture]\nat = ["12:30"]\ndays = ["sat-mon"]', (None, ("12:30",), (0, 5, 6))),
        ('[reminders.posture]\nat = ["12:30", "*:50"]', (None, ("*:50", "12:30"), EVERY_DAY)),
        ('[reminders.strength]\nevery = "3h"', (10800.0, (), ())),
        ('[reminders.strength]\nat = ["10:00"]', (None, ("10:00",), WORKDAYS)),
        ('[reminders.strength]\ndays = ["sun"]', (None, ("11:00",), (6,))),
    ],
)
def test_at_and_every_replace_each_other(tmp_path: Path, text: str, schedule: Schedule) -> None:
    name = text.partition("]")[0].removeprefix("[reminders.")
    found = reminder(plan_of(tmp_path, text), name)
    assert (found.every, found.at, found.days) == schedule


@pytest.mark.parametrize(
    ("text", "key", "value", "schedule"),
    [
        ('every = "1h"', "AT", '["09:15"]', (None, ("09:15",), EVERY_DAY)),
        ('at = ["12:30"]\ndays = ["mon"]', "EVERY", "2h", (7200.0, (), ())),
    ],
)
def test_a_schedule_in_the_environment_replaces_that_of_the_file(
    tmp_path: Path, text: str, key: str, value: str, schedule: Schedule
) -> None:
    variables = {f"NECKGUARD_REMINDERS__POSTURE__{key}": value}
    found = reminder(plan_of(tmp_path, f"[reminders.posture]\n{text}\n", variables), "posture")
    assert (found.every, found.at, found.days) == schedule


@pytest.mark.parametrize(
    ("text", "reset_after"),
    [
        ('duration = "10m"', 480.0),
        ('duration = "1s"', 1.0),
        ('duration = "10m"\nreset_after = "2m"', 120.0),
        ('reset_after = "never"', None),
    ],
)
def test_a_break_counts_as_taken_after_most_of_its_duration(
    tmp_path: Path, text: str, reset_after: float | None
) -> None:
    assert reminder(plan_of(tmp_path, f"[reminders.break]\n{text}\n"), "break").reset_after == reset_after


def test_hours_are_openings_by_weekday(tmp_path: Path) -> None:
    text = """
[hours]
fri-sat = ["22:00-02:00", "09:00-12:30"]
mon = ["00:00-24:00"]
tue = []
"""
    assert plan_of(tmp_path, text).hours == (
        Opening(0, 0, 1440),
        Opening(4, 540, 750),
        Opening(4, 1320, 1560),
        Opening(5, 540, 750),
        Opening(5, 1320, 1560),
    )


@pytest.mark.parametrize("dash", [" - ", "- ", " \u2013 ", "\u2014"])
def test_the_dash_in_hours_may_have_blanks_around_it_and_be_a_printers(tmp_path: Path, dash: str) -> None:
    text = f'[hours]\nmon = ["09:00{dash}12:30"]\n'
    assert plan_of(tmp_path, text).hours == (Opening(0, 540, 750),)


def test_hours_may_touch_also_across_midnight_and_the_week(tmp_path: Path) -> None:
    text = '[hours]\nmon = ["02:00-03:00", "03:00-04:00"]\nsun = ["20:00-02:00"]\n'
    assert plan_of(tmp_path, text).hours == (
        Opening(0, 120, 180),
        Opening(0, 180, 240),
        Opening(6, 1200, 1560),
    )


@pytest.mark.parametrize(
    ("week", "openings"),
    [
        ({"mon": "11:00-24:00", "tue": "00:00-02:00"}, [Opening(0, 660, 1560)]),
        (
            {"sun": "11:00-24:00", "mon": '00:00-02:00", "11:00-12:00'},
            [Opening(0, 660, 720), Opening(6, 660, 1560)],
        ),
        ({"mon": "11:00-24:00", "wed": "00:00-02:00"}, [Opening(0, 660, 1440), Opening(2, 0, 120)]),
        ({"mon": "11:00-24:00", "tue": "00:30-02:00"}, [Opening(0, 660, 1440), Opening(1, 30, 120)]),
        ({"mon": "11:00-23:30", "tue": "00:00-02:00"}, [Opening(0, 660, 1410), Opening(1, 0, 120)]),
        ({"mon": "11:00-24:00", "tue": "00:00-11:00"}, [Opening(0, 660, 1440), Opening(1, 0, 660)]),
        ({"mon-tue": "00:00-24:00"}, [Opening(0, 0, 1440), Opening(1, 0, 1440)]),
    ],
)
def test_hours_that_go_on_over_midnight_are_one_opening_if_shorter_than_a_day(
    week: dict[str, str], openings: list[Opening], tmp_path: Path
) -> None:
    text = "\n".join(("[hours]", *(f'{day} = ["{hours}"]' for day, hours in week.items()), ""))
    assert plan_of(tmp_path, text).hours == tuple(openings)


def test_a_day_in_the_environment_replaces_that_day(tmp_path: Path) -> None:
    environ = {"NECKGUARD_HOURS__MON": '["10:00-11:00"]', "NECKGUARD_HOURS__SAT_SUN": "[]"}
    plan = plan_of(tmp_path, '[hours]\nmon-tue = ["09:00-12:00"]\nsat = ["09:00-10:00"]\n', environ)
    assert plan.hours == (Opening(0, 600, 660), Opening(1, 540, 720))


def test_who_gave_a_changed_setting_is_known(tmp_path: Path) -> None:
    text = '[reminders.posture]\nevery = "20m"\nsnooze = "1m"\n[hours]\nmon = ["09:00-10:00"]\n'
    checked = check_text(tmp_path, text, {"NECKGUARD_LOG__LEVEL": "debug"})
    assert origins(checked) == {
        "reminders.posture.snooze": "line 3",
        "hours": "line 4",
        "log.level": "NECKGUARD_LOG__LEVEL",
    }
