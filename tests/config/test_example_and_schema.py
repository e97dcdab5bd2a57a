"""The example is the defaults and mentions every key; the schema agrees with both."""

import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped] # its stubs are a package of their own
import pytest
from pydantic import BaseModel
from support.config_helpers import plan_of, reminder

from neckguard.config.defaults import example
from neckguard.config.models import ReminderSection, Settings, fields_at
from neckguard.config.render import settings_of, to_toml
from neckguard.config.schema import FILE_NAME, schema
from neckguard.core.plan import Opening

SWITCHED_OFF = re.compile(r"^#(?=[a-z\[])", re.MULTILINE)


def switched_on(text: str) -> str:
    """The example with what it only shows; of the three sorts of schedule that posture may have, `at`."""
    one_schedule = text.replace('every = "20m"           #', "#", 1).replace("#daily =", "# daily =", 1)
    return SWITCHED_OFF.sub("", one_schedule)


def test_the_example_is_the_defaults(tmp_path: Path) -> None:
    assert plan_of(tmp_path, example()) == plan_of(tmp_path, "")


def test_the_example_mentions_every_key_there_is() -> None:
    tables = tomllib.loads(
        re.sub(r"^#(at|days|daily|reset_after)(?= =)", r"\1", example(), flags=re.MULTILINE)
    )
    assert set(tables) == set(Settings.model_fields)
    assert set(tables["reminders"]["posture"]) == set(ReminderSection.model_fields)
    for section in set(tables) - {"language", "reminders", "hours"}:
        assert set(tables[section]) == set(fields_at((section,)) or ()), section


def test_reminders_that_are_off_stand_in_the_example_as_tables() -> None:
    reminders = tomllib.loads(example())["reminders"]
    assert {name: table["enabled"] for name, table in reminders.items()} == {
        "posture": True,
        "stretch": True,
        "break": True,
        "eyes": False,
        "water": False,
        "strength": False,
        "checkin": False,
        "winddown": False,
        "dayend": False,
    }


def test_what_is_switched_off_in_the_example_is_valid_too(tmp_path: Path) -> None:
    text = switched_on(example())
    plan = plan_of(tmp_path, text)
    assert reminder(plan, "posture").at == ("12:30",)
    assert reminder(plan, "break").reset_after == 240.0
    assert reminder(plan, "tea").message == "Put the kettle on."
    assert plan.hours[-1] == Opening(5, 22 * 60, 26 * 60)


def test_the_example_names_the_schema_beside_it() -> None:
    assert example().splitlines()[0] == f"#:schema ./{FILE_NAME}"


def test_no_line_of_the_example_is_too_long_to_read() -> None:
    assert max(map(len, example().splitlines())) <= 110


def accepts(text: str) -> bool:
    return bool(jsonschema.Draft7Validator(schema()).is_valid(tomllib.loads(text)))


def test_the_schema_is_one_and_accepts_the_example() -> None:
    jsonschema.Draft7Validator.check_schema(schema())
    assert accepts(example())
    assert accepts("")
    assert accepts(switched_on(example()))


@pytest.mark.parametrize(
    "text",
    [
        "[reminders.posture]\nevery = '0.5s'",
        "[reminders.tea]\nevery = '1d2h3m4.5s'\nreset_after = 'never'",
        "[hours]\nsat-mon = ['22:00-02:00', '03:00-24:00']",
        "[hours]\nmon = ['09:00 - 12:30', '13:30 \u2013 18:00']",
        "[reminders.posture]\nat = ['*:00', '12:30']",
    ],
)
def test_the_schema_accepts_what_is_valid(text: str) -> None:
    assert accepts(text)


@pytest.mark.parametrize(
    "text",
    [
        "colour = 1",
        "[reminders.posture]\nevry = '5m'",
        "[reminders.tea]\nevry = '5m'",
        "[reminders.posture]\nevery = 5",
        "[reminders.posture]\nevery = '5'",
        "[reminders.posture]\nevery = ''",
        "[reminders.posture]\nevery = '5m'\nat = ['12:00']",
        "[reminders.posture]\nat = ['9:00']",
        "[reminders.posture]\nat = ['*:60']",
        "[reminders.posture]\nkind = 'break'",
        "[reminders.posture]\nmax_snoozes = 101",
        "[reminders.Tea]\nevery = '5m'",
        "[hours]\nmoo = []",
        "[hours]\nmon = ['9-17']",
        "[quiet]\ndnd = 'yes'",
        "[notify]\nurgency = 'critical'",
        "[log]\nlevel = 'loud'",
    ],
)
def test_the_schema_refuses_what_is_not(text: str) -> None:
    assert not accepts(text)


def objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [found for item in value for found in objects(item)]
    if not isinstance(value, dict):
        return []
    return [value, *(found for item in value.values() for found in objects(item))]


def test_every_key_has_a_title_and_a_description_for_editors() -> None:
    for name, table in schema()["properties"].items():
        assert table["description"], name
        for key, entry in table.get("properties", {}).items():
            assert entry["description"], (name, key)
    for key, entry in schema()["properties"]["reminders"]["properties"]["break"]["properties"].items():
        assert (entry["title"], entry["description"]) != ("", ""), key


def test_defaults_in_the_schema_are_spelt_as_in_the_file() -> None:
    reminders = schema()["properties"]["reminders"]["properties"]
    assert {name: table["properties"]["every"].get("default") for name, table in reminders.items()} == {
        "posture": "20m",
        "stretch": "40m",
        "break": "1h",
        "eyes": "20m",
        "water": "2h",
        "strength": None,
        "checkin": None,
        "winddown": None,
        "dayend": None,
    }


def test_editors_need_no_references_and_no_new_keywords() -> None:
    known = {
        "$schema",
        "title",
        "description",
        "type",
        "properties",
        "patternProperties",
        "additionalProperties",
    }
    known |= {"enum", "pattern", "items", "default", "not", "required", "minLength", "minimum", "maximum"}
    known |= {"maxLength", "maxItems", "maxProperties"}
    tables = [table for table in objects(schema()) if "type" in table and isinstance(table["type"], str)]
    assert set().union(*tables) <= known


SETTINGS = """
[reminders.tea]
every = "1h30m"
title = "Tea \\"now\\"\\u001b"
message = "C:\\\\tea\\nsecond line"
[reminders.walk]
kind = "break"
at = ["15:00", "*:50"]
days = ["mon", "wed-fri"]
reset_after = "never"
[hours]
mon-wed = ["09:00-24:00"]
fri = ["22:00-02:00"]
[hooks]
on_prompt = ["notify-send", "it's", "\\u0085"]
[quiet]
settle = "0s"
typing_gap = "1.5s"
"""


def test_what_show_prints_reads_back_as_the_same_plan(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, SETTINGS)
    assert settings_of(plan)["hours"] == {"mon-wed": ["09:00-24:00"], "fri": ["22:00-02:00"]}
    assert plan_of(tmp_path, to_toml(settings_of(plan), {"hooks": "line 1"})) == plan


def test_models_forbid_what_they_do_not_know() -> None:
    sections = [info.annotation for info in Settings.model_fields.values()]
    models = [
        model
        for model in (*sections, ReminderSection, Settings)
        if isinstance(model, type) and issubclass(model, BaseModel)
    ]
    assert {(model.model_config["extra"], model.model_config["strict"]) for model in models} == {
        ("forbid", True)
    }
