"""How much of anything there may be: said with the place, the size and the limit, and by the schema alike."""

import tomllib
from pathlib import Path

import jsonschema  # type: ignore[import-untyped] # its stubs are a package of their own
import pytest
from support.config_helpers import check_text, plan_of, problems_of

from neckguard.config.build import NAME_PATTERN
from neckguard.config.reading import LARGEST
from neckguard.config.schema import schema
from neckguard.control.arguments import check as check_argument

LIST = "[{}]".format
TEA = '[reminders.tea]\nevery = "2h"\n'


def own(count: int) -> str:
    """So many reminders of a person's own."""
    return "".join(f'[reminders.own_{number}]\nevery = "2h"\n' for number in range(count))


def items(count: int, item: str = "x") -> str:
    return LIST(", ".join([f"'{item}'"] * count))


def times(count: int) -> str:
    return LIST(", ".join(f"'{number // 60:02}:{number % 60:02}'" for number in range(count)))


@pytest.mark.parametrize(
    ("fits", "too_much", "place", "says"),
    [
        (
            f"[reminders.{'a' * 64}]\nevery = '1h'",
            f"[reminders.{'a' * 65}]\nevery = '1h'",
            f"1 reminders.{'a' * 60}…",
            "has 65 characters; allowed: at most 64",
        ),
        (
            f"{TEA}title = '{'ж' * 200}'",
            f"{TEA}title = '{'ж' * 201}'",
            "3 reminders.tea.title",
            "has 201 characters; allowed: at most 200",
        ),
        (
            f"{TEA}message = '{'x' * 2000}'",
            f"{TEA}message = '{'x' * 900_000}'",
            "3 reminders.tea.message",
            "has 900,000 characters; allowed: at most 2,000",
        ),
        (
            own(1000),
            own(1001),
            "1 reminders",
            "there are 1,001 reminders of your own; allowed: at most 1,000",
        ),
        (
            f"[reminders.tea]\nat = {times(100)}",
            f"[reminders.tea]\nat = {times(101)}",
            "2 reminders.tea.at",
            "has 101 entries; allowed: at most 100",
        ),
        (
            f"[reminders.tea]\nat = ['09:00']\ndays = {items(7, 'mon')}",
            f"[reminders.tea]\nat = ['09:00']\ndays = {items(8, 'mon')}",
            "3 reminders.tea.days",
            "has 8 entries; allowed: at most 7",
        ),
        (
            "[hours]\nmon = ['09:00-17:00']",
            f"[hours]\nmon = {items(60_000, '09:00-17:00')}",
            "2 hours.mon",
            "has 60,000 entries; allowed: at most 100",
        ),
        (
            "[hours]\nmon = ['09:00-17:00']",
            "[hours]\n" + "\n".join(f"mon{number} = []" for number in range(101)),
            "1 hours",
            "a table has 101 entries; allowed: at most 100",
        ),
        (
            f"[quiet]\ncalls_ignore = {items(100)}",
            f"[quiet]\ncalls_ignore = {items(101)}",
            "2 quiet.calls_ignore",
            "has 101 entries; allowed: at most 100",
        ),
        (
            f"[presence]\nstill_ignore = ['{'x' * 200}']",
            f"[presence]\nstill_ignore = ['{'x' * 201}']",
            "2 presence.still_ignore",
            "has 201 characters; allowed: at most 200",
        ),
        (
            f"[hooks]\non_prompt = ['sh', '{'x' * 10_000}']",
            f"[hooks]\non_prompt = ['sh', '{'x' * 10_001}']",
            "2 hooks.on_prompt",
            "has 10,001 characters; allowed: at most 10,000",
        ),
        (
            f"[hooks]\non_prompt = {items(100, 'sh')}",
            f"[hooks]\non_prompt = {items(101, 'sh')}",
            "2 hooks.on_prompt",
            "has 101 entries; allowed: at most 100",
        ),
        (
            "[notify]\nsound = 'message'",
            f"[notify]\nsound = '{'x' * 201}'",
            "2 notify.sound",
            "has 201 characters; allowed: at most 200",
        ),
        (
            f"[notify]\nicon = '{'x' * 4096}'",
            f"[notify]\nicon = '{'x' * 4097}'",
            "2 notify.icon",
            "has 4,097 characters; allowed: at most 4,096",
        ),
    ],
)
def test_more_than_there_may_be_is_one_clear_problem(
    fits: str, too_much: str, place: str, says: str, tmp_path: Path
) -> None:
    ((line, key, message),) = problems_of(tmp_path, too_much)
    assert f"{line} {key}" == place
    assert message.endswith(says)
    assert len(message) < 200
    assert check_text(tmp_path, fits).plan is not None
    editor = jsonschema.Draft7Validator(schema())
    assert [editor.is_valid(tomllib.loads(text)) for text in (fits, too_much)] == [
        True,
        key == "reminders",  # the built-in ones count there, too, and need not be written
    ]


def test_the_schema_bounds_the_reminders_that_may_be_written() -> None:
    named = schema()["properties"]["reminders"]
    assert named["maxProperties"] == 1000 + len(named["properties"])


def test_each_name_that_the_settings_take_can_be_named_to_a_verb(tmp_path: Path) -> None:
    for name in ("a", "a" * 64, "z_9"):
        plan_of(tmp_path, f"[reminders.{name}]\nevery = '1h'")
        assert check_argument("reminder", name) == name
    assert NAME_PATTERN == "^[a-z][a-z0-9_]{0,63}$"


def test_a_file_of_many_megabytes_is_read_no_further_than_it_may_be_large(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    with file.open("wb") as sparse:
        sparse.truncate(50_000_000_000)
    from neckguard.config.check import check

    (problem,) = check(str(file), explicit=True, environ={}).problems
    assert problem.message == f"the file is larger than {LARGEST:,} bytes: too big to be a settings file"


def test_a_variable_is_bounded_as_the_file_is(tmp_path: Path) -> None:
    checked = check_text(tmp_path, TEA, {"NECKGUARD_REMINDERS__TEA__TITLE": "x" * 201})
    (problem,) = checked.problems
    assert (problem.file, problem.key) == ("environment", "NECKGUARD_REMINDERS__TEA__TITLE")
    assert problem.message.endswith("has 201 characters; allowed: at most 200")


def test_a_variable_that_is_no_text_is_a_problem(tmp_path: Path) -> None:
    checked = check_text(tmp_path, TEA, {"NECKGUARD_REMINDERS__TEA__TITLE": "J\udcf6rg"})
    assert [each.message for each in checked.problems] == ['"J\\udcf6rg" is not valid UTF-8 text']


def test_many_stretches_are_checked_within_the_patience_of_the_daemon(tmp_path: Path) -> None:
    lines = [
        f'[reminders.own_{number}]\nkind = "stretch"\nevery = "1s"\nduration = "{1 + number % 50}s"\n'
        for number in range(1000)
    ]
    checked = check_text(tmp_path, "".join(lines))
    assert checked.plan is not None
    assert not any("always comes within" in note.message for note in checked.notes)
