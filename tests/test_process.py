"""Other programs, as real children."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import pytest
from support.helpers import wait_until

from neckguard import process


def test_a_program_is_found_in_the_path_or_by_its_own_if_it_can_be_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for place in (first, second):
        place.mkdir()
        (place / "tool").write_text("#!/bin/sh\n")
    (second / "tool").chmod(0o755)
    (first / "folder").mkdir()
    monkeypatch.setenv("PATH", f"{first}:{second}")
    assert process.find("tool") == f"{second}/tool"
    assert process.find(f"{second}/tool") == f"{second}/tool"
    assert [process.find(name) for name in ("other", "folder", f"{first}/tool")] == ["", "", ""]


def python(code: str, stdout: int = PIPE, stderr: int | None = DEVNULL) -> process.Ended:
    return asyncio.run(process.run(sys.executable, "-c", code, limit=60, stdout=stdout, stderr=stderr))


def test_it_is_known_how_a_program_ended_and_what_it_said() -> None:
    code = "import sys; print('said'); print('complained', file=sys.stderr); sys.exit(3)"
    assert python(code, stderr=PIPE) == process.Ended(3, "said\n", "complained\n")
    assert python(code) == process.Ended(3, "said\n", "")
    assert python(code, stdout=DEVNULL) == process.Ended(3, "", "")


def test_much_on_both_sides_blocks_nobody() -> None:
    code = "import sys; [(sys.stderr.write('e' * 1000), sys.stdout.write('ä' * 1000)) for _ in range(500)]"
    assert python(code, stderr=PIPE) == process.Ended(0, "ä" * 500_000, "e" * 500_000)


def test_output_that_is_taken_piece_by_piece_is_not_kept() -> None:
    pieces: list[str] = []
    ended = asyncio.run(process.run("echo", "ä", limit=60, take=pieces.append))
    assert ("".join(pieces), ended) == ("ä\n", process.Ended(0, "", ""))


def ended(pid: str) -> bool:
    """Nobody may be there to reap an orphan: a zombie has ended."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return ") Z " in stat.read_text()
    except OSError:
        return True


def test_one_that_takes_too_long_dies_with_all_it_started(tmp_path: Path) -> None:
    out = tmp_path / "pids"
    script = f"sleep 600 & echo $$ $! > {out}; wait"
    with pytest.raises(TimeoutError):
        asyncio.run(process.run("sh", "-c", script, limit=2))
    pids = out.read_text().split()
    assert len(pids) == 2
    wait_until(lambda: all(map(ended, pids)))


@pytest.mark.parametrize("where", ["", ">&2"])
def test_one_that_tells_without_end_is_killed(where: str) -> None:
    with pytest.raises(process.ToolFailed, match="sh tells without end"):
        asyncio.run(process.run("sh", "-c", f"exec yes {where}", limit=60, stderr=PIPE))


def test_a_question_is_answered_in_english_with_an_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    code = "import os, sys; print(os.environ['LC_ALL']); sys.exit(' !')"
    said = asyncio.run(process.exit_of(sys.executable, "-uc", code, limit=60))
    assert said == (1, "C.UTF-8\n !")
    assert asyncio.run(process.exit_of("no-such-program", limit=60)) == (
        process.MISSING,
        "there is no no-such-program",
    )
    assert os.environ["LC_ALL"] == "de_DE.UTF-8"
