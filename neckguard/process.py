"""Other programs: where they are, and short runs of them that end in time, with all that they started."""

import asyncio
import codecs
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress

from neckguard.errors import NeckguardError
from neckguard.value import value

MISSING = 127  # the exit code with which a shell says that there is no such program
_PIECE = 65536
_LARGEST = 8 << 20  # bytes; a desktop with much audio equipment fills about one million

Take = Callable[[str], None]


class ToolFailed(NeckguardError):  # noqa: N818 - the name says what happened
    """A program told nothing that can be used; the message says why."""


@value
class Ended:
    """How a program ended, and what it said."""

    code: int
    output: str
    errors: str


def find(program: str) -> str:
    """The program's path, empty if it cannot be run."""
    places = [""] if "/" in program else os.get_exec_path()
    found = (os.path.join(place, program) for place in places)
    return next((path for path in found if os.path.isfile(path) and os.access(path, os.X_OK)), "")


def started_by(unit: Mapping[str, str]) -> str:
    """The program of a unit, from its property ExecStart as systemd shows it; empty if that says none."""
    return unit.get("ExecStart", "").partition("path=")[2].partition(" ; ")[0]


def ours(module: str) -> tuple[str, ...]:
    """The command that runs a module of neckguard under our own interpreter."""
    # Stray files in the working directory (a types.py in the home directory) must not stand in for Python's
    # own modules, unless that directory is where neckguard itself comes from.
    origin = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    try:
        at_origin = os.getcwd() == origin
    except FileNotFoundError:
        at_origin = False
    return (sys.executable, *(() if at_origin else ("-P",)), "-m", module)


async def run(
    *command: str,
    limit: float | None,
    env: Mapping[str, str] | None = None,
    stdout: int = PIPE,
    stderr: int | None = DEVNULL,
    take: Take | None = None,
) -> Ended:
    """Run it to its end; `take`, if there is one, gets its output piece by piece as it comes.

    After `limit` seconds, or when cancelled, it is killed.

    Raises:
        OSError, ValueError: it could not be started.
        TimeoutError: it took too long.
        ToolFailed: it told too much; or `take` raised it.
    """
    said: list[str] = []
    complaints: list[str] = []
    async with asyncio.timeout(limit), started(*command, env=env, stdout=stdout, stderr=stderr) as child:
        complaining = asyncio.create_task(_read(child.stderr, command[0], complaints.append))
        try:
            await _read(child.stdout, command[0], take or said.append)
            await complaining
        finally:
            complaining.cancel()
            await asyncio.wait((complaining,))
        return Ended(await child.wait(), "".join(said), "".join(complaints))


async def ask(
    *command: str, limit: float, env: Mapping[str, str] | None = None, take: Take | None = None
) -> str:
    """What it says, unless `take` gets that; for `limit` seconds at most.

    Raises:
        ToolFailed: it could not be started, took too long, told too much, or failed; or `take` raised it.
    """
    tool = command[0]
    try:
        ended = await run(*command, limit=limit, env=env, take=take)
    except TimeoutError as error:
        raise ToolFailed(f"{tool} does not answer") from error
    except OSError as error:
        raise ToolFailed(f"{tool} cannot be run: {error.strerror}") from error
    if ended.code:
        raise ToolFailed(f"{tool} failed with exit code {ended.code}")
    return ended.output


async def exit_of(*command: str, limit: float) -> tuple[int, str]:
    """Exit code, and all that it says to people, in English; MISSING if it cannot be started.

    Raises:
        TimeoutError: it took longer than `limit` seconds.
    """
    try:
        ended = await run(*command, limit=limit, env=os.environ | {"LC_ALL": "C.UTF-8"}, stderr=STDOUT)
    except TimeoutError:
        raise
    except OSError:
        return MISSING, f"there is no {command[0]}"
    return ended.code, ended.output.strip()


def outside_the_service(variables: Mapping[str, str], *options: str) -> tuple[str, ...]:
    """What goes before a command under systemd, whose unit allows us no network: others may want one."""
    program = find("systemd-run")
    if "INVOCATION_ID" not in os.environ or not program:
        return ()
    return (
        program,
        *("--user", "--collect", "--quiet", "--wait", "--pipe"),
        *options,
        *(f"--setenv={key}={value}" for key, value in variables.items()),
        "--",
    )


async def hand_over(*command: str, env: Mapping[str, str]) -> int:
    """Run what may outlive us, such as a browser; its exit code, MISSING if it cannot be started."""
    try:
        child = await asyncio.create_subprocess_exec(
            *command, env=env, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True
        )
    except OSError:
        return MISSING
    return await child.wait()


@asynccontextmanager
async def started(
    *command: str,
    env: Mapping[str, str] | None = None,
    stdin: int = DEVNULL,
    stdout: int = PIPE,
    stderr: int | None = DEVNULL,
) -> AsyncIterator[Process]:
    """The running program, killed with all that it started if it still lives at the end."""
    child = await asyncio.create_subprocess_exec(
        *command,
        env=env,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,  # so that what it starts dies with it
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.communicate()  # what is left in the pipes: they close only when they are empty


async def _read(stream: asyncio.StreamReader | None, tool: str, take: Take) -> None:
    """Take all that comes, within bounds."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    size = 0
    while stream and (piece := await stream.read(_PIECE)):
        size += len(piece)
        if size > _LARGEST:
            raise ToolFailed(f"{tool} tells without end")
        take(decoder.decode(piece))
