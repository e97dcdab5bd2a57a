"""Runs the installed `neckguard`, as a person or a status bar does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.helpers import patient

PROGRAM = Path(sys.executable).with_name("neckguard")


@dataclass(frozen=True)
class Outcome:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


def neckguard(*words: str, env: dict[str, str], typed: str = "", cwd: Path | None = None) -> Outcome:
    """Run it to its end; `typed` is piped in."""
    if not PROGRAM.exists():
        pytest.fail(f"{PROGRAM} is not installed: pip install -e .")
    ran = subprocess.run(
        [PROGRAM, *words],
        env=installed(env),
        input=typed,
        cwd=cwd,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=patient(30),
        check=False,
    )
    return Outcome(ran.returncode, ran.stdout, ran.stderr)


@contextmanager
def started(*command: str | Path, **how: Any) -> Iterator[subprocess.Popen[Any]]:
    """Start a program; whatever happens, it does not outlive the block."""
    with subprocess.Popen(command, **how) as process:
        try:
            yield process
        finally:
            process.kill()


def installed(env: dict[str, str]) -> dict[str, str]:
    """The environment of somebody who can just type `neckguard`."""
    return {**env, "PATH": os.pathsep.join((env.get("PATH", os.defpath), str(PROGRAM.parent)))}


def nowhere(base: Path) -> dict[str, str]:
    """An environment in which no daemon runs."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("NECKGUARD_", "COLUMNS"))
    }
    return {**kept, "XDG_RUNTIME_DIR": str(base)}
