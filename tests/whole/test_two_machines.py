"""Two machines, one neck: what is done at one is told to the other, by whatever runs a command there."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.command import PROGRAM, Outcome
from support.fake_daemon import short_directory
from support.helpers import own_disk, wait_until
from support.life import Life

BARE = f"PATH={os.defpath}"  # what sshd gives, and HOME


@pytest.fixture
def laptop(life: Life) -> Life:
    return life


@pytest.fixture
def desktop(life: Life) -> Iterator[Life]:
    with short_directory() as home:
        other = Life(home, life.env["DBUS_SESSION_BUS_ADDRESS"])
        yield other
        if other.process is not None and other.process.poll() is None:
            other.kill()


def telling(here: Life, other: Life) -> str:
    """Settings of a machine that tells the other all that was done, and notes that it did."""
    hook = here.base / "tell"
    hook.write_text(
        f"#!/bin/sh\n"
        f'echo "$NECKGUARD_HOOK_OUTCOME $NECKGUARD_HOOK_REMINDER $NECKGUARD_HOOK_REASON" >> {told(here)}\n'
        f"exec env -i {BARE} HOME={other.base} XDG_RUNTIME_DIR={other.base}/run"
        f' {PROGRAM} done "$NECKGUARD_HOOK_REMINDER" --elsewhere\n'
    )
    hook.chmod(0o755)
    return f'[hooks]\non_outcome = ["{hook}"]\n'


def told(life: Life) -> Path:
    return life.base / "told"


def heard(life: Life, reminder: str) -> bool:
    return (reminder, "done", "elsewhere") in decisions(life)


def decisions(life: Life) -> list[tuple[str, str, str]]:
    found: dict[str, Any] = json.loads(life.ask("why", "--json").out)
    return [(each["reminder"], each["what"], each["reason"]) for each in found["decisions"]]


def test_each_tells_the_other_and_neither_tells_it_back(laptop: Life, desktop: Life) -> None:
    laptop.begin(telling(laptop, desktop))
    desktop.begin(telling(desktop, laptop))
    assert laptop.ask("done", "break").code == 0
    wait_until(lambda: heard(desktop, "break"))
    assert desktop.ask("done", "stretch").code == 0
    wait_until(lambda: heard(laptop, "stretch"))
    assert (told(laptop).read_text(), told(desktop).read_text()) == ("done break \n", "done stretch \n")
    assert decisions(laptop).count(("break", "done", "")) == 1
    assert json.loads(desktop.ask("stats", "--json").out)["kinds"]["break"]["done"] == 1


def test_over_ssh_without_anything_of_the_session_the_daemon_is_found_by_the_user(life: Life) -> None:
    life.begin()
    mine = "/run/user/$(id -u)"
    alone = own_disk(Path("/run"), f"mkdir -p {mine} && mount --bind {life.base}/run {mine}")

    def over_ssh(*words: str) -> Outcome:
        command = [*alone, "env", "-i", BARE, f"HOME={life.base}", str(PROGRAM), *words]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        return Outcome(ran.returncode, ran.stdout, ran.stderr)

    assert over_ssh("done", "break", "--elsewhere") == Outcome(
        0, "Done: break. Next: posture in 20 min.\n", ""
    )
    assert over_ssh("pause", "--reason", "other desk").code == 0
    status = json.loads(over_ssh("status", "--json").out)
    assert (status["state"], status["holds"][0]["note"]) == ("paused", "other desk")
    assert over_ssh("resume").out.startswith("Resumed.")
    assert "break: done (elsewhere)" in over_ssh("why").out
