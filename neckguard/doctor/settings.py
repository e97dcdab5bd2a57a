"""The settings, checked as `neckguard config check` does."""

import os

from neckguard import paths
from neckguard.core import BUILT_IN, Problem
from neckguard.daemon.validator import Verdict, validate
from neckguard.doctor.finding import Finding, ok, problem
from neckguard.errors import NeckguardError

NAME = "settings"
REMEDY = "neckguard config check (it says what is allowed)"
_MOST = 5  # problems that are told; one mistake may bring many


async def question() -> Verdict | NeckguardError:
    """The plan or its problems, or why there is neither."""
    explicit = ("--explicit",) if paths.config_is_explicit() else ()
    try:
        return await validate(paths.config_file(), *explicit)
    except NeckguardError as error:
        return error


def check(verdict: Verdict | NeckguardError) -> list[Finding]:
    """Each problem in one line, or that there is none."""
    if isinstance(verdict, NeckguardError):
        return [problem(NAME, str(verdict), REMEDY)]
    _, problems, _ = verdict
    if not problems:
        file = paths.config_file()
        return [ok(NAME, f"{file} is valid" if os.path.exists(file) else f"no {file}, so the defaults hold")]
    found = [problem(NAME, _place(each), REMEDY) for each in problems[:_MOST]]
    more = len(problems) - _MOST
    return [*found, problem(NAME, f"and {more} more", REMEDY)] if more > 0 else found


def _place(found: Problem) -> str:
    """Where it stands. The message repeats what the person wrote, so it is left to `config check`."""
    place = f"{found.file}:{found.line}" if found.line else found.file
    return f"{place}: {_key(found.key)} is not valid" if found.key else f"{place}: not valid"


def _key(key: str) -> str:
    """The key, or the variable, without the name of a reminder of the person's own."""
    joint = "__" if key.startswith("NECKGUARD_") else "."
    section, *rest = key.split(joint)
    if section.lower().endswith("reminders") and rest and rest[0].lower() not in BUILT_IN:
        last = rest[-1] if len(rest) > 1 and rest[-1].isidentifier() else ""
        return joint.join(part for part in (section, "…", last) if part)
    return key
