"""The short-lived child that validates the settings: pydantic never enters the resident process."""

import asyncio
import json
import os
import sys
from contextlib import suppress
from typing import Any

import neckguard
from neckguard.core import Plan, Problem, codec
from neckguard.errors import NeckguardError

_TIMEOUT = 10.0  # seconds
_LIMIT = 4 * 1024 * 1024  # bytes of output

Verdict = tuple[Plan | None, tuple[Problem, ...], tuple[str, ...]]


async def validate(*arguments: str, environment: dict[str, str] | None = None) -> Verdict:
    """The plan, or the problems it has, and notes, as `python -m neckguard.config` finds them.

    It runs in this `environment`, or in ours.

    Raises:
        NeckguardError: the child failed at its work; the message says how.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *_command(),
            *arguments,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise NeckguardError(f"The settings cannot be checked: {error}.") from None
    try:
        async with asyncio.timeout(_TIMEOUT):
            output, errors = await asyncio.gather(_read(process.stdout), _read(process.stderr))
            await process.wait()
    except TimeoutError:
        raise NeckguardError(f"The settings cannot be checked: no result within {_TIMEOUT:g} s.") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.communicate()  # what is left in the pipes; they close only when they are empty
    if process.returncode:
        last = errors.decode(errors="replace").strip().rpartition("\n")[2]
        raise NeckguardError(f"The settings cannot be checked: exit code {process.returncode}. {last}")
    return _decode(output)


def _command() -> tuple[str, ...]:
    """The module under our own interpreter."""
    # Stray files in the working directory (a types.py in the home directory) must not stand in for Python's
    # own modules, unless that directory is where neckguard itself comes from.
    origin = os.path.dirname(os.path.dirname(os.path.abspath(neckguard.__file__)))
    try:
        at_origin = os.getcwd() == origin
    except FileNotFoundError:
        at_origin = False
    return (sys.executable, *(() if at_origin else ("-P",)), "-m", "neckguard.config")


async def _read(stream: asyncio.StreamReader | None) -> bytes:
    """All that comes, up to the limit; a child that writes more is stuck until its time is over."""
    content = bytearray()
    while stream and len(content) < _LIMIT and (more := await stream.read(64 * 1024)):
        content += more
    return bytes(content)


def _decode(output: bytes) -> Verdict:
    try:
        found: dict[str, Any] = json.loads(output)
        plan = None if found["plan"] is None else codec.from_plain(Plan, found["plan"])
        problems = codec.from_plain(tuple[Problem, ...], found["problems"])
        notes = codec.from_plain(tuple[str, ...], found["notes"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NeckguardError("The settings cannot be checked: the answer makes no sense.") from None
    if not plan and not problems:
        raise NeckguardError("The settings cannot be checked: the answer is empty.")
    return plan, problems, notes
