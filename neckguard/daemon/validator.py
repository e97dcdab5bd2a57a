"""The short-lived child that validates the settings: pydantic never enters the resident process."""

import json
from asyncio.subprocess import PIPE
from typing import Any

from neckguard import process
from neckguard.core import Plan, Problem, codec
from neckguard.errors import NeckguardError

_TIMEOUT = 10.0  # seconds

Verdict = tuple[Plan | None, tuple[Problem, ...], tuple[Problem, ...]]
"""The plan, the problems that it has or that prevent it, and notes."""


async def validate(*arguments: str, environment: dict[str, str] | None = None) -> Verdict:
    """The plan, or the problems it has, and notes, as `python -m neckguard.config` finds them.

    It runs in this `environment`, or in ours.

    Raises:
        NeckguardError: the child failed at its work; the message says how.
    """
    try:
        child = await process.run(*_command(), *arguments, limit=_TIMEOUT, env=environment, stderr=PIPE)
    except (TimeoutError, process.ToolFailed):
        raise NeckguardError(f"The settings cannot be checked: no result within {_TIMEOUT:g} s.") from None
    except OSError as error:
        raise NeckguardError(f"The settings cannot be checked: {error}.") from None
    if child.code:
        last = child.errors.strip().rpartition("\n")[2]
        raise NeckguardError(f"The settings cannot be checked: exit code {child.code}. {last}")
    return _decode(child.output)


def _command() -> tuple[str, ...]:
    return process.ours("neckguard.config")


def _decode(output: str) -> Verdict:
    try:
        found: dict[str, Any] = json.loads(output)
        plan = None if found["plan"] is None else codec.from_plain(Plan, found["plan"])
        problems = codec.from_plain(tuple[Problem, ...], found["problems"])
        notes = codec.from_plain(tuple[Problem, ...], found["notes"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NeckguardError("The settings cannot be checked: the answer makes no sense.") from None
    if not plan and not problems:
        raise NeckguardError("The settings cannot be checked: the answer is empty.")
    return plan, problems, notes
