"""The settings that a preview tries: those in force, with what `--set` and a scenario change."""

from __future__ import annotations

import argparse
import os
import re
from typing import TYPE_CHECKING

from neckguard import paths
from neckguard.cli.in_force import settings_in_force
from neckguard.errors import NeckguardError

if TYPE_CHECKING:
    from neckguard.config.check import Checked
    from neckguard.core import Plan
    from neckguard.preview.parse import Edits

EXAMPLE = "reminders.break.every=40m"


def change(text: str) -> tuple[str, str]:
    """A key and its value: one of TOML, or else a string. Lists are spelt as in variables: as JSON."""
    import json
    import tomllib

    key, equals, value = (part.strip() for part in text.partition("="))
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is no setting; write one such as {EXAMPLE}")
    try:
        meant = tomllib.loads(f"value = {value}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):  # not TOML, or a thousand brackets
        return key, value
    if isinstance(meant, str):
        return key, meant
    return key, json.dumps(meant, default=str) if isinstance(meant, list | bool) else value


def changed(changes: list[tuple[str, str]]) -> Plan | None:
    """The settings in force with what `--set` says; None if it says nothing."""
    if not changes:
        return None
    try:
        return validate(tuple(changes))
    except ValueError as error:
        raise NeckguardError(f"--set {error}") from None


def validate(edits: Edits) -> Plan:
    """The settings in force with some keys changed.

    Raises:
        ValueError: they are not valid; it says all that is wrong.
    """
    checked = _check(edits)
    if checked.plan is None:
        raise ValueError("; ".join(_as_keys(f"{each.key}: {each.message}") for each in checked.problems))
    return checked.plan


def notes(edits: Edits) -> list[str]:
    """What is valid and may not be meant in the settings that are tried."""
    return [f"Note: {each.key}: {each.message}" for each in _check(edits).notes]


def _check(edits: Edits) -> Checked:
    """The check of changed settings: spelt as variables, which go through all of the validation."""
    from neckguard.config.check import check, check_over
    from neckguard.config.models import Settings
    from neckguard.config.words import did_you_mean

    for key, _ in edits:
        section = key.partition(".")[0]
        if section not in Settings.model_fields:
            hint = did_you_mean(section, Settings.model_fields)
            raise ValueError(f"{key}: there is no table {section!r} in the settings{hint}")
    variables = {_variable(key): value for key, value in edits}
    base = settings_in_force()
    if base.stand_in and base.plan:
        return check_over(base.plan, variables)
    path, explicit = paths.config_file(), paths.config_is_explicit()
    return check(path, explicit=explicit, environ=os.environ | variables)


def _variable(key: str) -> str:
    return f"NECKGUARD_{key.upper().replace('.', '__').replace('-', '_')}"


def _as_keys(message: str) -> str:
    """A message about variables as one about keys of the file."""
    return re.sub(r"NECKGUARD_([A-Z0-9_]+)", lambda found: found[1].lower().replace("__", "."), message)
