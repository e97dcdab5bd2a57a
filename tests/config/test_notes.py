"""What is valid and yet worth a word: each note with its key, and the line that brought it about."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from support.config_helpers import check_text, plan_of, reminder

from neckguard.config.defaults import example
from neckguard.core.plan import Severity

ALWAYS = "always comes within the {}: it is never seen alone"
NOT_YET = "is valid, but not in effect yet: this version does nothing with it"

NEVER_SHOWN = "has characters that are never shown: they could command a terminal, or turn its text around"


def notes_of(
    directory: Path, text: str, environ: Mapping[str, str] | None = None
) -> list[tuple[int, str, str]]:
    """Line, key and message of all notes on valid settings."""
    checked = check_text(directory, text, environ)
    assert checked.plan is not None
    assert {note.severity for note in checked.notes} <= {Severity.NOTE}
    return [(note.line, note.key, note.message) for note in checked.notes]


@pytest.mark.parametrize("text", ["", example()], ids=["no settings", "the example"])
def test_of_the_defaults_there_is_nothing_to_say(text: str, tmp_path: Path) -> None:
    assert notes_of(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (
            '[reminders.break]\nevery = "25m"\n',
            [
                (2, "reminders.posture", ALWAYS.format("break, every 25m")),
                (2, "reminders.stretch", ALWAYS.format("break, every 25m")),
            ],
        ),
        (
            '\n[reminders.break]\nevery = "40m"\n',
            [(3, "reminders.stretch", ALWAYS.format("break, every 40m"))],
        ),
        (
            "[reminders.eyes]\nenabled = true\n",
            [(1, "reminders.posture", ALWAYS.format("eyes, every 20m"))],
        ),
        ('[reminders.break]\nevery = "46m"\n', []),
        ('[reminders.stretch]\nevery = "1h"\n', [(1, "reminders.stretch", ALWAYS.format("break, every 1h"))]),
    ],
)
def test_what_a_longer_one_always_covers_is_named(
    text: str, notes: list[tuple[int, str, str]], tmp_path: Path
) -> None:
    assert notes_of(tmp_path, text) == notes


def test_a_note_stands_where_its_cause_was_given(tmp_path: Path) -> None:
    environ = {"NECKGUARD_REMINDERS__BREAK__EVERY": "40m"}
    (note,) = check_text(tmp_path, "[log]\n", environ).notes
    assert (note.file, note.line, note.key) == ("environment", 0, "reminders.stretch")


def test_a_name_almost_like_a_built_in_one_is_named_with_its_line(tmp_path: Path) -> None:
    assert notes_of(tmp_path, '[log]\n[reminders.brake]\nevery = "2h"\n') == [
        (2, "reminders.brake", "is a reminder of your own; did you mean break?")
    ]


def test_words_that_are_in_no_list_are_named(tmp_path: Path) -> None:
    text = '[stretches]\navoid = ["wrist"]\n'
    checked = check_text(tmp_path, text, {"NECKGUARD_POSTURE__AVOID": '["mouse"]'})
    assert [(note.file.rpartition("/")[2], note.line, note.key, note.message) for note in checked.notes] == [
        (
            "config.toml",
            2,
            "stretches.avoid",
            '"wrist" is in no list; did you mean wrists? (see: neckguard stretch --list)',
        ),
        (
            "environment",
            0,
            "posture.avoid",
            '"mouse" is in no list; did you mean mouse-close? (see: neckguard posture)',
        ),
    ]


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        (
            "[reminders.tea]\nevery = '1s'",
            "reminders.tea.every",
            "1s is very often: more than once a minute",
        ),
        (
            (
                "[reminders.walk]\nkind = 'break'\nevery = '5m'\nreset_after = 'never'\nduration = '5m'\n"
                "[reminders]\nposture.enabled = false\nstretch.enabled = false\nbreak.enabled = false"
            ),
            "reminders.walk.every",
            "5m is no longer than what it takes, 5m",
        ),
        (
            '[reminders.tea]\nevery = "2h"\ntitle = "Tea\\u001b[31m"',
            "reminders.tea.title",
            f'"Tea\\u001b[31m" {NEVER_SHOWN}',
        ),
        (
            '[reminders.tea]\nevery = "2h"\nmessage = "on\\u202ee"',
            "reminders.tea.message",
            f'"on\\u202ee" {NEVER_SHOWN}',
        ),
        (
            "[reminders.tea]\nevery = '2h'\nexpire_after = '3h'",
            "reminders.tea.expire_after",
            "3h is very long: other prompts wait behind this one",
        ),
        (
            "[quiet]\nsettle = '1h'",
            "quiet.settle",
            "1 h is very long: nothing is shown for so long after each return, call or pause",
        ),
        (
            "[presence]\nidle_after = '2h'",
            "presence.idle_after",
            "2 h is very long: shorter absences count as sitting",
        ),
    ],
)
def test_absurd_spans_are_named(text: str, key: str, message: str, tmp_path: Path) -> None:
    assert [note[1:] for note in notes_of(tmp_path, text)] == [(key, message)]


def test_a_posture_check_each_second_is_named_though_the_rest_goes_on(tmp_path: Path) -> None:
    notes = notes_of(tmp_path, '[reminders.posture]\nevery = "1s"\n')
    assert (2, "reminders.posture.every", "1s is very often: more than once a minute") in notes


def test_what_is_not_in_effect_yet_is_named(tmp_path: Path) -> None:
    assert [note[1:] for note in notes_of(tmp_path, 'language = "de"')] == [("language", NOT_YET)]


def test_a_full_screen_and_programs_are_in_effect(tmp_path: Path) -> None:
    text = '[quiet]\nfullscreen = true\nfullscreen_ignore = ["kitty"]\nprograms = ["obs"]\n'
    assert notes_of(tmp_path, text) == []


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("/usr/bin/obs", 'no program is called "/usr/bin/obs"; write "obs"'),
        (" obs ", 'no program is called " obs "; write "obs"'),
        ("games/", 'no program is called "games/"; name one, or take it out'),
        ("", 'no program is called ""; name one, or take it out'),
    ],
)
def test_programs_that_cannot_be_called_so_are_named(program: str, message: str, tmp_path: Path) -> None:
    text = f'[quiet]\nprograms = ["Web Content", "{program}"]\n'
    assert notes_of(tmp_path, text) == [(2, "quiet.programs", message)]


def test_settings_to_come_are_in_the_plan(tmp_path: Path) -> None:
    text = 'language = "pt_BR"\n[tray]\nshow = "never"\n[reminders.posture]\ndaily = "2h"\n'
    plan = plan_of(tmp_path, text, {"NECKGUARD_QUIET__PROGRAMS": '["obs"]'})
    posture = reminder(plan, "posture")
    assert (plan.language, plan.tray_show, plan.quiet.programs) == ("pt_BR", "never", ("obs",))
    assert (posture.every, posture.at, posture.daily) == (None, (), 7200.0)


def test_a_scalar_at_the_top_can_be_given_in_the_environment(tmp_path: Path) -> None:
    assert plan_of(tmp_path, 'language = "de"', {"NECKGUARD_LANGUAGE": "fr"}).language == "fr"
