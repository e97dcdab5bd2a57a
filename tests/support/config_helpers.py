"""What the tests of the settings share: a file with a text, and what checking it gives."""

from collections.abc import Mapping
from pathlib import Path

from neckguard.config.check import Checked, check
from neckguard.core.plan import Plan, Reminder


def check_text(directory: Path, text: str, environ: Mapping[str, str] | None = None) -> Checked:
    """The check of a settings file with this text, and of this environment."""
    path = directory / "config.toml"
    path.write_text(text, encoding="utf-8")
    return check(str(path), explicit=True, environ=environ or {})


def plan_of(directory: Path, text: str, environ: Mapping[str, str] | None = None) -> Plan:
    """The plan of settings that must be valid."""
    checked = check_text(directory, text, environ)
    assert checked.problems == ()
    assert checked.plan is not None
    return checked.plan


def problems_of(
    directory: Path, text: str, environ: Mapping[str, str] | None = None
) -> list[tuple[int, str, str]]:
    """Line, key and message of all that is wrong with settings that must not be valid."""
    checked = check_text(directory, text, environ)
    assert checked.plan is None
    return [(problem.line, problem.key, problem.message) for problem in checked.problems]


def reminder(plan: Plan, name: str) -> Reminder:
    """The reminder of this name."""
    return next(found for found in plan.reminders if found.name == name)
