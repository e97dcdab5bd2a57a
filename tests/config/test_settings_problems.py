"""What is said about settings that are wrong: file, line, key, value, what is allowed, what was meant."""

from pathlib import Path

import pytest
from support.config_helpers import check_text, problems_of

from neckguard.core.plan import Problem

REMINDER_KEYS = (
    "kind, enabled, every, at, days, daily, duration, snooze, max_snoozes, reset_after, expire_after, "
    "title, message"
)

TIMES = '(write "00:00" to "23:59", or "*:00" to "*:59" for each hour)'


def test_a_misspelt_key_names_file_line_key_and_what_was_meant(tmp_path: Path) -> None:
    checked = check_text(tmp_path, '# my settings\n[reminders.posture]\nenabled = true\nevry = "5m"\n')
    assert checked.problems == (
        Problem(
            file=str(tmp_path / "config.toml"),
            line=4,
            key="reminders.posture.evry",
            message=f'unknown key (its value is "5m"); did you mean every? (allowed here: {REMINDER_KEYS})',
        ),
    )


@pytest.mark.parametrize(
    ("text", "line", "key", "meant"),
    [
        ("[remindrs.posture]", 1, "remindrs", "reminders"),
        ("[Quiet]", 1, "Quiet", "quiet"),
        ("\nquite.dnd = true", 2, "quite", "quiet"),
        ("[quiet]\nsetle = '1s'", 2, "quiet.setle", "settle"),
        ("[quiet]\nidle_after = '1s'", 2, "quiet.idle_after", "presence.idle_after"),
        ("settle = '1s'", 1, "settle", "quiet.settle"),
        ("[posture]\nevery = '5m'", 2, "posture.every", "reminders.posture.every"),
        ("[break]\nevery = '5m'", 1, "break", "reminders.break"),
        ("[reminders]\nbreak.snoose = '5m'", 2, "reminders.break.snoose", "snooze"),
        ("reminders = { eyes = { enable = true } }", 1, "reminders.eyes.enable", "enabled"),
        ('["reminders".\'tea\']\nevery = "2h"\n"mesage" = "x"', 3, "reminders.tea.mesage", "message"),
        ("[reminders.postur]\nenabled = true", 1, "reminders.postur", "posture"),
        ("[reminders.Posture]\nenabled = true", 1, "reminders.Posture", "posture"),
        ("[notify]\nbackend = 'dbsu'", 2, "notify.backend", "dbus"),
        ("[notify]\nurgency = 'norml'", 2, "notify.urgency", "normal"),
        ("[presence]\nsource = 'wayand'", 2, "presence.source", "wayland"),
        ("[log]\nlevel = 'warn'", 2, "log.level", "warning"),
        ("[reminders.tea]\nevery = '2h'\nkind = 'brake'", 3, "reminders.tea.kind", "break"),
        ("[hours]\nmond = []", 2, "hours.mond", "mon"),
        ("[reminders.tea]\nat = ['9:30']", 2, "reminders.tea.at", '"09:30"'),
        ("[reminders.tea]\nevery = '90 min'", 2, "reminders.tea.every", '"90m"'),
        ("[reminders.tea]\nevery = '1h 30m'", 2, "reminders.tea.every", '"1h30m"'),
        ("[reminders.tea]\nevery = '1.5h'", 2, "reminders.tea.every", '"1h30m"'),
        ("[reminders.tea]\nevery = '0,5 hours'", 2, "reminders.tea.every", '"30m"'),
        ("[reminders.tea]\nat = ['3:30pm']", 2, "reminders.tea.at", '"15:30"'),
        ("[reminders.tea]\nat = ['12 a.m.']", 2, "reminders.tea.at", '"00:00"'),
        ("[reminders.tea]\nat = ['12pm']", 2, "reminders.tea.at", '"12:00"'),
        ("[reminders.tea]\nat = ['9']", 2, "reminders.tea.at", '"09:00"'),
        ("[hours]\nmon = ['9-17']", 2, "hours.mon", '"09:00-17:00"'),
        ("[hours]\nmon = ['9am - 5:30pm']", 2, "hours.mon", '"09:00-17:30"'),
    ],
)
def test_a_near_miss_is_recognised_at_every_level(
    tmp_path: Path, text: str, line: int, key: str, meant: str
) -> None:
    ((found_line, found_key, message),) = problems_of(tmp_path, text)
    assert (found_line, found_key) == (line, key)
    assert f"did you mean {meant}?" in message


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("every = 20", '20 has no unit; write "20m" for minutes or "20s" for seconds'),
        ("every = 0.5", '0.5 has no unit; write "20m" for minutes or "20s" for seconds'),
        ("every = '20'", '"20" has no unit; write "20m" for minutes or "20s" for seconds'),
        ("every = nan", 'nan is not a span of time; write "45s", "20m" or "1h30m"'),
        ("every = inf", 'inf is not a span of time; write "45s", "20m" or "1h30m"'),
        ("every = -20", '-20 is not a span of time; write "45s", "20m" or "1h30m"'),
        ("every = '-20m'", '"-20m" is not a span of time; write "45s", "20m" or "1h30m"'),
        ("every = true", 'true is not a span of time; write "45s", "20m" or "1h30m"'),
        ("every = ''", '"" is not a span of time; write "45s", "20m" or "1h30m"'),
        ("every = '0s'", '"0s" is too short; allowed: "1s" to "30d"'),
        ("every = '999999d'", '"999999d" is too long; allowed: "1s" to "30d"'),
        ("every = 07:30:00", '07:30:00 is not a span of time; write "45s", "20m" or "1h30m"'),
        ("duration = '0s'", '"0s" is too short for a posture; allowed: "1s" to "1d"'),
        ("snooze = '0s'", '"0s" is too short; allowed: "1s" to "1d"'),
        ("expire_after = '0s'", '"0s" is too short; allowed: "1s" to "1d"'),
        ("reset_after = '0s'", '"0s" is too short; allowed: "1s" to "30d" or "never"'),
        (
            "reset_after = 'always'",
            '"always" is not a span of time; write "45s", "20m" or "1h30m", or "never"',
        ),
        ("enabled = 'true'", '"true" is not true or false (written without quotes)'),
        ("enabled = 1", "1 is not true or false (written without quotes)"),
        ("max_snoozes = '2'", '"2" is not a whole number (written without quotes)'),
        ("max_snoozes = true", "true is not a whole number (written without quotes)"),
        ("max_snoozes = 2.0", "2.0 is not a whole number (written without quotes)"),
        ("max_snoozes = -1", "-1 is too small; allowed: at least 0"),
        ("max_snoozes = 101", "101 is too large; allowed: at most 100"),
        ("title = 5", "5 is not text; text needs quotes"),
        ("title = true", "true is not text; text needs quotes"),
        ('title = "a\\u0000b"', '"a\\u0000b" holds a NUL character; take it out'),
        ("at = '12:30'", '"12:30" is not a list; write ["12:30"]'),
        ("at = []", "[] names nothing; name at least one, or leave the key out"),
        ("at = ['24:00']", f'"24:00" is not a time of day {TIMES}'),
        ("at = ['25:50']", f'"25:50" is not a time of day {TIMES}'),
        ("at = ['*:60']", f'"*:60" is not a time of day {TIMES}'),
        ("at = ['*:*']", f'"*:*" is not a time of day {TIMES}'),
        ("at = ['*']", f'"*" is not a time of day {TIMES}'),
        ("at = ['*:5']", f'"*:5" is not a time of day; did you mean "*:05"? {TIMES}'),
        ("at = [':50']", f'":50" is not a time of day; did you mean "*:50"? {TIMES}'),
        ("at = ['9:50']", f'"9:50" is not a time of day; did you mean "09:50"? {TIMES}'),
        ("at = ['*:50', '*:50']", '"*:50" stands there twice; keep one'),
        ("at = ['12:30', '12:30']", '"12:30" stands there twice; keep one'),
        ("at = [12]", "12 is not text; text needs quotes"),
        (
            "kind = 'break'",
            '"break": posture is built in and stays a posture; give a reminder of your own that kind',
        ),
        ("days = ['mon']", 'days goes with at only; write at = ["12:30"] instead of every, or take days out'),
    ],
)
def test_a_wrong_value_of_a_reminder_is_shown_with_what_is_allowed(
    tmp_path: Path, setting: str, message: str
) -> None:
    key = setting.partition(" ")[0]
    assert problems_of(tmp_path, f"[reminders.posture]\n{setting}\n") == [
        (2, f"reminders.posture.{key}", message)
    ]


@pytest.mark.parametrize(
    ("text", "line", "key", "message"),
    [
        (
            "reminders = 3",
            1,
            "reminders",
            "3 is not a table; write [reminders.posture] and its keys below it",
        ),
        (
            "[reminders]\ntea = '2h'",
            2,
            "reminders.tea",
            '"2h" is not a table; write [reminders.tea] and its keys below it',
        ),
        ("quiet = true", 1, "quiet", "true is not a table; write [quiet] and its keys below it"),
        ("hours = ['mon']", 1, "hours", '["mon"] is not a table; write [hours] and its keys below it'),
        ("[history]\nkeep = '23h'", 2, "history.keep", '"23h" is too short; allowed: "1d" to "36500d"'),
        ("[hooks]\ntimeout = '6m'", 2, "hooks.timeout", '"6m" is too long; allowed: "1s" to "5m"'),
        ("[hooks]\ntimeout = '0s'", 2, "hooks.timeout", '"0s" is too short; allowed: "1s" to "5m"'),
        ("[hooks]\non_prompt = 'echo'", 2, "hooks.on_prompt", '"echo" is not a list; write ["echo"]'),
        (
            "[hooks]\non_prompt = 'playerctl pause'",
            2,
            "hooks.on_prompt",
            '"playerctl pause" is not a list; write ["playerctl", "pause"]',
        ),
        (
            "language = 'German'",
            1,
            "language",
            '"German" is not a language; write for example "de" or "pt_BR", or "" for the desktop\'s',
        ),
        (
            "[tray]\nshow = 'always'",
            2,
            "tray.show",
            '"always" is not allowed (allowed: auto, never)',
        ),
        (
            "[reminders.tea]\nevery = '2h'\ndaily = '8h'",
            3,
            "reminders.tea.daily",
            "both every and daily are given; keep the one you want",
        ),
        (
            "[reminders.dayend]\ndays = ['mon']",
            2,
            "reminders.dayend.days",
            'days goes with at only; write at = ["12:30"] instead of daily, or take days out',
        ),
        (
            "[presence]\nidle_after = '0s'",
            2,
            "presence.idle_after",
            '"0s" is too short; allowed: "1s" to "1d"',
        ),
        ("[pause]\ndefault = '0s'", 2, "pause.default", '"0s" is too short; allowed: "1s" to "365d"'),
        (
            "[hooks]\non_prompt = ['', 'x']",
            2,
            "hooks.on_prompt",
            'the first word is the program to run; write for example ["notify-send", "Hello"]',
        ),
        (
            "[notify]\nurgency = 'critical'",
            2,
            "notify.urgency",
            (
                '"critical" is not allowed; reminders never break into do-not-disturb or stay until clicked '
                "(allowed: low, normal)"
            ),
        ),
        (
            "[reminders.tea]\nmessage = 'x'",
            1,
            "reminders.tea",
            (
                "none of every, at and daily is given "
                '(write for example every = "2h", at = ["12:30"] or daily = "8h")'
            ),
        ),
        (
            "[reminders.tea]\nevery = '2h'\nat = ['12:30']",
            3,
            "reminders.tea.at",
            "both every and at are given; keep the one you want",
        ),
        (
            "[reminders.'my tea']\nevery = '2h'",
            1,
            'reminders."my tea"',
            '"my tea" cannot be a name (small letters, digits and _, a letter first)',
        ),
        (
            "[reminders.tea]\nat = [\n  '12:30',\n  'noon',  # when?\n]",
            4,
            "reminders.tea.at",
            f'"noon" is not a time of day {TIMES}',
        ),
        (
            "[reminders.tea]\nat = ['12:30']\ndays = ['mon', 'x']",
            3,
            "reminders.tea.days",
            '"x" is not a day (write "mon" to "sun", or a range like "mon-fri")',
        ),
    ],
)
def test_a_wrong_table_or_rule_is_named_where_it_stands(
    tmp_path: Path, text: str, line: int, key: str, message: str
) -> None:
    assert problems_of(tmp_path, text) == [(line, key, message)]


@pytest.mark.parametrize(
    ("hours", "line", "key", "message"),
    [
        (
            "mon = ['9-17']",
            2,
            "mon",
            '"9-17" is not a range of hours; did you mean "09:00-17:00"? (the end may be "24:00")',
        ),
        ("mon = ['24:00-01:00']", 2, "mon", '"24:00-01:00" is not a range of hours'),
        ("mon = ['09:00-09:00']", 2, "mon", '"09:00-09:00" starts when it ends'),
        ("mon = '09:00-10:00'", 2, "mon", '"09:00-10:00" is not a list; write ["09:00-10:00"]'),
        ("mon = [9]", 2, "mon", "9 is not text"),
        ("mon-fri = ['09:00-10:00']\nwed = []", 3, "wed", 'wed is named twice, here and by "mon-fri"'),
        ("mon = ['09:00-11:00',\n'10:00-12:00']", 3, "mon", "mon 10:00-12:00 overlaps mon 09:00-11:00"),
        (
            "mon = ['22:00-02:00']\ntue = ['01:00-03:00']",
            3,
            "tue",
            "tue 01:00-03:00 overlaps mon 22:00-02:00",
        ),
        (
            "mon = ['01:00-03:00']\nsun = ['22:00-02:00']",
            2,
            "mon",
            "mon 01:00-03:00 overlaps sun 22:00-02:00",
        ),
        (
            "mon-sun = ['08:00-10:00', '09:00-11:00']",
            2,
            "mon-sun",
            "mon 09:00-11:00 overlaps mon 08:00-10:00",
        ),
    ],
)
def test_wrong_hours_are_named(tmp_path: Path, hours: str, line: int, key: str, message: str) -> None:
    ((found_line, found_key, said),) = problems_of(tmp_path, f"[hours]\n{hours}\n")
    assert (found_line, found_key) == (line, f"hours.{key}")
    assert said.startswith(message)


@pytest.mark.parametrize("hours", ["25-26", "9-9", "noon", "9-13pm", "9", "9-12-17"])
def test_of_what_means_no_hours_at_all_nothing_is_guessed(hours: str, tmp_path: Path) -> None:
    assert problems_of(tmp_path, f"[hours]\nmon = ['{hours}']\n") == [
        (2, "hours.mon", f'"{hours}" is not a range of hours; write "09:00-17:30" (the end may be "24:00")')
    ]


def test_what_cannot_run_here_is_a_problem_of_valid_settings(tmp_path: Path) -> None:
    text = (
        '[hooks]\non_prompt = ["true"]\non_outcome = ["no-such-program"]\n[notify]\nicon = "/no/such.png"\n'
    )
    checked = check_text(tmp_path, text, {"NECKGUARD_HOOKS__ON_BREAK_END": '["/no/such"]'})
    assert checked.plan is not None
    assert [(found.line, found.key, found.message.partition(";")[0]) for found in checked.problems] == [
        (3, "hooks.on_outcome", 'there is no program "no-such-program"'),
        (5, "notify.icon", 'there is no file "/no/such.png"'),
        (0, "NECKGUARD_HOOKS__ON_BREAK_END", 'there is no program "/no/such"'),
    ]


def test_hours_that_never_open_are_a_mistake(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "\n[hours]\nsat = []\n") == [
        (2, "hours", "no day has any hours, so nothing would ever be shown; give one day some")
    ]


def test_everything_wrong_is_said_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """
[notify]
urgency = "critical"
colour = "red"
[reminders.posture]
every = 20
enabled = "no"
days = ["mon"]
[reminders.tea]
mesage = "x"
[hours]
mon = ["9"]
"""
    environ = {"NECKGUARD_QUIET__DND": "maybe", "NECKGUARD_QUITE__DND": "true"}
    assert [(line, key) for line, key, _ in problems_of(tmp_path, text, environ)] == [
        (3, "notify.urgency"),
        (4, "notify.colour"),
        (6, "reminders.posture.every"),
        (7, "reminders.posture.enabled"),
        (8, "reminders.posture.days"),
        (9, "reminders.tea"),
        (10, "reminders.tea.mesage"),
        (12, "hours.mon"),
        (0, "NECKGUARD_QUIET__DND"),
        (0, "NECKGUARD_QUITE__DND"),
    ]


def test_a_file_full_of_mistakes_is_not_repeated_endlessly(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, "".join(f"key{number} = 1\n" for number in range(1000)))
    assert len(problems) == 101
    assert problems[-1] == (0, "", "there are more problems; mend these first")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("NECKGUARD_QUIET__SETLE", "1s", "is no setting of neckguard; did you mean NECKGUARD_QUIET__SETTLE?"),
        ("NECKGUARD_QUIET_SETTLE", "1s", "is no setting of neckguard; did you mean NECKGUARD_QUIET__SETTLE?"),
        ("NECKGUARD_CONFG", "x", "is no setting of neckguard; did you mean NECKGUARD_CONFIG?"),
        (
            "NECKGUARD_REMINDERS__POSTURE__EVRY",
            "5m",
            "is no setting of neckguard; did you mean NECKGUARD_REMINDERS__POSTURE__EVERY?",
        ),
        ("NECKGUARD_QQQQQQ", "x", "is no setting of neckguard"),
        ("NECKGUARD_", "x", "is no setting of neckguard"),
        ("NECKGUARD_REMINDERS__EVERY", "5m", "is no setting of neckguard"),
        ("NECKGUARD_QUIET", "{}", "names a whole table; name one key of it, such as NECKGUARD_QUIET__DND"),
        ("NECKGUARD_HOURS", "{}", "names a whole table; name one key of it, such as NECKGUARD_HOURS__MON"),
        ("NECKGUARD_QUIET__SETTLE", "20", '"20" has no unit; write "20m" for minutes or "20s" for seconds'),
        ("NECKGUARD_QUIET__DND", "2", '"2" is not true or false'),
        ("NECKGUARD_REMINDERS__BREAK__MAX_SNOOZES", "two", '"two" is not a whole number'),
        ("NECKGUARD_REMINDERS__BREAK__MAX_SNOOZES", "-1", "-1 is too small; allowed: at least 0"),
        ("NECKGUARD_REMINDERS__TEA__MESSAGE", "x", "none of every, at and daily is given"),
        (
            "NECKGUARD_REMINDERS__BREAK__AT",
            "12:30",
            '"12:30" is not a list; write it as JSON: \'["one", "two"]\'',
        ),
        ("NECKGUARD_REMINDERS__BREAK__AT", '["noon"]', '"noon" is not a time of day'),
        ("NECKGUARD_HOURS__MON_FRI", '["9"]', '"9" is not a range of hours'),
        ("NECKGUARD_HOURS__MOO", '["09:00-10:00"]', '"moo" is not a day; did you mean mon?'),
        ("NECKGUARD_LOG__LEVEL", "\udcff", '"\\udcff" is not allowed'),
        ("NECKGUARD_NOTIFY__ICON", "\udcff", '"\\udcff" is not valid UTF-8 text'),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, name: str, value: str, message: str) -> None:
    (problem,) = check_text(tmp_path, "", {name: value}).problems
    assert (problem.file, problem.line, problem.key) == ("environment", 0, name)
    assert problem.message.startswith(message)


def test_messages_are_one_printable_line(tmp_path: Path) -> None:
    text = (
        '"evil\\u001b[31m\\nkey" = "a\\u009bb\\nc"\n[reminders."x\\u202ey"]\nevery = "' + "9" * 500 + 'x"\n'
    )
    for _, key, message in problems_of(tmp_path, text):
        assert (key + message).isprintable()
        assert len(key) < 200
        assert len(message) < 400
