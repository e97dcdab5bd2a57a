"""The log as it arrives, written by a process of its own."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

SAY = """
import logging, sys
from neckguard.daemon import journal
journal.set_up("info")
log = logging.getLogger("neckguard.part")
log.debug("hidden"); log.info("one\\ntwo"); log.warning("careful %s", "now"); log.error("")
journal.set_level("debug"); log.debug("seen")
journal.set_level("error"); log.warning("hidden")
logging.getLogger("library").info("hidden"); logging.getLogger("library").error("theirs")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("failed")
"""


def say(tmp_path: Path, *, journal: bool, code: str = SAY) -> list[str]:
    """The lines of the log in a file, which stands for the journal's stream."""
    out = tmp_path / "stderr"
    with out.open("w") as stream:
        found = os.fstat(stream.fileno())
        named = f"{found.st_dev}:{found.st_ino}" if journal else "1:2"
        environment = {**os.environ, "JOURNAL_STREAM": named, "TZ": "XYZ-3"}
        subprocess.run([sys.executable, "-c", code], stderr=stream, env=environment, check=True)
    return out.read_text().splitlines()


def test_the_journal_gets_a_priority_on_every_line_and_no_time(tmp_path: Path) -> None:
    lines = say(tmp_path, journal=True)
    assert lines[:8] == [
        "<6>one",
        "<6>two",
        "<4>careful now",
        "<3>",
        "<7>seen",
        "<3>theirs",
        "<3>failed",
        "<3>Traceback (most recent call last):",
    ]
    assert all(line.startswith("<3>") for line in lines[8:])


def test_people_get_the_local_time_on_every_line(tmp_path: Path) -> None:
    lines = say(tmp_path, journal=False)
    stamps = [re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (.*)", line) for line in lines]
    assert [found and found[2] for found in stamps][:6] == [
        "one",
        "two",
        "warning: careful now",
        "error: ",
        "seen",
        "error: theirs",
    ]


@pytest.mark.parametrize(
    "breaking",
    [
        "import os; os.close(2)",
        "import sys; sys.stderr = None",
        "import sys; sys.stderr.close()",
        "import os; r, w = os.pipe(); os.close(r); os.dup2(w, 2)",
        "import os; os.dup2(os.open('/dev/full', os.O_WRONLY), 2)",
    ],
)
def test_a_broken_stderr_is_no_reason_to_fail(breaking: str, tmp_path: Path) -> None:
    code = f"{breaking}\n{SAY}\nimport os\nos.write(1, b'alive')\nos._exit(0)"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    assert done.stdout == b"alive"


ON_A_TERMINAL = """
import logging, sys
from neckguard.daemon import journal
journal.set_up("info")
log = logging.getLogger("neckguard.part")
log.warning("early"); log.error("first")
print("known")
{then}
log.warning("later"); log.error("last")
"""


@pytest.mark.parametrize(
    ("then", "told"),
    [
        ("journal.share_terminal(with_prompts=True)", ["first", "known", "last"]),
        ("journal.share_terminal(with_prompts=False)", ["first", "known", "early", "later", "last"]),
        ("sys.exit()", ["first", "known", "early"]),
        (
            "journal.share_terminal(with_prompts=True); journal.share_terminal(with_prompts=False)",
            ["first", "known", "later", "last"],
        ),
    ],
)
def test_on_one_terminal_with_the_prompts_only_errors_are_told(then: str, told: list[str]) -> None:
    ours, theirs = pty.openpty()
    code = ON_A_TERMINAL.format(then=then)
    subprocess.run([sys.executable, "-u", "-c", code], stdout=theirs, stderr=theirs, check=True)
    os.close(theirs)
    lines = os.read(ours, 65536).decode().splitlines()
    os.close(ours)
    assert [line.split()[-1] for line in lines] == told
